"""The manifest that people paste into Slack, held against the code that answers it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import bot.channels.slack as slack
from bot.channels.slack.config import COMMANDS, SHORTCUT
from bot.channels.slack.events import EVENTS
from bot.channels.slack.installing import SCOPES as SCOPES_TO_INSTALL
from tests.doubles.slack.workspace import SCOPES

ROOT = Path(__file__).parents[2]
# Source: Slack's reference of each event and method.
SCOPE_OF_EVENT = {
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "user_change": "users:read",
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}
# What the manifest's head tells to add for the links of one's own desk: Slack asks for its address there.
OPTIONAL = {"chat_unfurl": {"links:write"}}
NEEDS_NO_SCOPE = {"app_home_opened", "app_uninstalled", "tokens_revoked"}
SCOPES_OF_METHOD = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "oauth_v2_access": set(),
    "users_info": {"users:read"},
    # Views belong to the app: they need no scope.
    "views_open": set(),
    "views_publish": set(),
}


def read_yaml(text: str) -> Any:
    """The part of YAML that the manifest is written in: maps and lists by indentation, scalars, comments."""
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return _read(lines, lines[0][0])


def _read(lines: list[tuple[int, str]], depth: int) -> Any:
    if lines[0][1].startswith("- "):
        items = []
        while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
            head = lines.pop(0)[1][2:]
            if re.match(r"[a-z_]+: ", head):
                lines.insert(0, (depth + 2, head))
                items.append(_read(lines, depth + 2))
            else:
                items.append(_scalar(head))
        return items
    found: dict[str, Any] = {}
    while lines and lines[0][0] == depth and not lines[0][1].startswith("- "):
        name, _, value = lines.pop(0)[1].partition(":")
        found[name] = _scalar(value.strip()) if value else _read(lines, lines[0][0])
    return found


def _scalar(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text.strip('"'))


MANIFEST = read_yaml((ROOT / "slack-manifest.yml").read_text())


def used_methods() -> set[str]:
    """The methods of the Web API that the channel's code calls."""
    sources = [path.read_text() for path in Path(slack.__path__[0]).glob("*.py")]
    called = {name for text in sources for name in re.findall(r"client\.((?!send_|api_call)[a-z]+_\w+)\(", text)}
    named = {name for text in sources for name in re.findall(r'(?:read|api_call)\("([a-z]+\.[A-Za-z.]+)"', text)}
    return called | {name.replace(".", "_") for name in named}


def test_it_subscribes_to_what_the_code_reads() -> None:
    assert tuple(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == EVENTS


def test_it_names_the_slash_commands_of_the_code() -> None:
    named = [command["command"] for command in MANIFEST["features"]["slash_commands"]]
    assert named == list(COMMANDS)
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_it_has_the_shortcut_of_the_code() -> None:
    assert [shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]] == [SHORTCUT]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_people_may_write_to_the_bot() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_every_method_that_is_called_has_its_scope_written_down() -> None:
    assert used_methods() == set(SCOPES_OF_METHOD) | set(OPTIONAL)
    for scope in ("links:read", "links:write", "link_shared", "unfurl_domains"):
        assert f"{scope}" in (ROOT / "slack-manifest.yml").read_text()


def test_it_asks_for_the_scopes_that_the_code_needs_and_no_more() -> None:
    needed = {"commands", "files:read"} | {SCOPE_OF_EVENT[event] for event in EVENTS if event not in NEEDS_NO_SCOPE}
    needed |= {scope for scopes in SCOPES_OF_METHOD.values() for scope in scopes}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_workspaces_that_install_it_themselves_are_asked_for_the_same() -> None:
    assert list(SCOPES_TO_INSTALL) == MANIFEST["oauth_config"]["scopes"]["bot"]


def test_the_double_grants_what_the_manifest_asks_for() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES
