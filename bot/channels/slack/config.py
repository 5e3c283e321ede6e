"""What the Slack channel must be told: tokens, the address of the Web API, the names of things people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

API_URL = "https://slack.com/api"
# What is typed after a shortcut's name is the rest of its command: `/claim 42` is `claim 42`.
COMMANDS: Mapping[str, str] = MappingProxyType({"/ticket": "", "/claim": "claim", "/pass": "pass", "/log": "log"})
EMOJI = "ticket"
SHORTCUT = "make_ticket"
BODY_BYTES_MAX = 1_048_576


def commands_named(names: str) -> Mapping[str, str]:
    """Slash command → verb, some of them under other names: "ticket=/desk claim=/nehmen". The usual ones stay."""
    pairs = (each.partition("=") for each in names.split())
    other = {name: "" if verb == "ticket" else verb for verb, _, name in pairs}
    return MappingProxyType({**COMMANDS, **other})


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """One workspace's settings.

    bot_token:      xoxb-…; app_token: xapp-…, for Socket Mode; signing_secret: for signed HTTP.
    api_url:        base of the Web API, another one for an emulator (HOLDLINE_SLACK_API_URL).
    commands:       slash command → the verb it stands for; "" where the verb is typed. Any other slash command
                    that Slack sends here is read like "/ticket".
    emoji:          the reaction that makes a ticket of a message, without colons.
    client_id, client_secret: where workspaces install the app themselves, and bring a token each; bot_token may be "".
    ticket_url:     what a link to a ticket begins with; "" = none is shown. desk_channel: the staff's own.
    ping_seconds:   how often a quiet socket is tried; it is given up after four unanswered tries.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API_URL
    commands: Mapping[str, str] = field(default_factory=lambda: COMMANDS)
    emoji: str = EMOJI
    shortcut: str = SHORTCUT
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    ticket_url: str = ""
    desk_channel: str = ""
    body_bytes_max: int = BODY_BYTES_MAX
    ping_seconds: float = 5.0

    @property
    def is_installed_by_oauth(self) -> bool:
        return bool(self.client_id and self.client_secret)
