"""The commands that Telegram shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram.compose import compose
from bot.channels.telegram.menu import CLIENT, GROUP, STAFF, publish, scopes
from bot.channels.telegram.translate import VERBS
from bot.commands import ENTRIES
from bot.messages import TELEGRAM, Handle, Notice, Outgoing
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.parts import SIGNER, a_client

CONFIG = Path(__file__).parents[2] / "config"
# These carry a message, or are answered without the grammar's help.
OWN = {"new", "urgent", "stop"}


def test_the_file_for_botfather_is_what_the_bot_sets_itself() -> None:
    # As /setcommands takes them.
    lines = "".join(f"{name} - {description}\n" for name, description in CLIENT)
    assert (CONFIG / "telegram-commands.txt").read_text() == lines


def test_every_command_that_is_shown_is_understood() -> None:
    verbs = {entry.verb for entry in ENTRIES} | OWN
    for name, _ in (*CLIENT, *GROUP, *STAFF):
        assert name in verbs
        assert name in VERBS


async def test_each_scope_gets_its_set() -> None:
    async with TelegramDouble() as telegram:
        telegram.add_group(-1009, "Desk")
        client = a_client(telegram)
        await publish(client, "-1009")
        await client.close_connections()
        shown = {
            scope: [command["command"] for command in commands]
            for (scope, language), commands in telegram.commands.items()
            if not language
        }
        in_german = {
            scope: [command["description"] for command in commands]
            for (scope, language), commands in telegram.commands.items()
            if language == "de"
        }
        assert shown == {
            "default": [name for name, _ in CLIENT],
            "all_private_chats": [name for name, _ in CLIENT],
            "all_group_chats": [name for name, _ in GROUP],
            "chat:-1009": [name for name, _ in STAFF],
        }
        assert in_german.keys() == shown.keys()
        assert "Wie es um Ihre Tickets steht" in in_german["default"]
        assert {language for _, language in telegram.commands} == {"", "de", "es", "fr", "pt"}


async def test_a_refused_menu_costs_only_the_menu() -> None:
    async with TelegramDouble() as telegram:
        client = a_client(telegram)
        await publish(client, "-404")
        await client.close_connections()
        assert "all_group_chats" in {scope for scope, _ in telegram.commands}


def test_a_public_group_may_be_named() -> None:
    assert scopes("@acme_desk")[-1] == ("staff", {"type": "chat", "chat_id": "@acme_desk"})


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("owner", ["/status", "/balance", "/help"]),
        ("approver", ["/status", "/balance", "/help"]),
        ("requester", ["/status", "/help"]),
        ("", ["/help"]),
    ],
)
def test_the_keyboard_shows_what_its_reader_may_use(role: str, shown: list[str]) -> None:
    notice = Notice("received", "[#1] Printer", "Thank you.")
    (part,) = compose(Outgoing(1, "k1", Handle(TELEGRAM, "7"), notice, role=role), SIGNER)
    assert part.keyboard is not None
    assert [button["text"] for row in part.keyboard["keyboard"] for button in row] == shown
