"""The commands that Telegram offers while a person types "/": what they are called, and to whom each is shown.

The default set is the client's. `config/telegram-commands.txt` holds it in BotFather's form for those who set it by
hand; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.wire import MethodMissing
from bot.notices.catalogues import ENGLISH, LANGUAGES, translated

log = structlog.get_logger(__name__)

Commands = Sequence[tuple[str, str]]

CLIENT: Commands = (
    ("new", "Open a ticket: /new the printer is on fire"),
    ("urgent", "It cannot wait: /urgent the shop is down"),
    ("status", "Where your tickets stand"),
    ("balance", "Hours left"),
    ("link", "Say who you are: /link CODE"),
    ("language", "The language we write to you in: /language de"),
    ("help", "What you can write here"),
    ("stop", "No more notices in this chat"),
)
GROUP: Commands = (*CLIENT[:3], ("help", "What you can write here"))
STAFF: Commands = (
    ("queue", "Tickets that wait for somebody"),
    ("mine", "Tickets you claimed"),
    ("accounts", "Your clients"),
    ("claim", "Take a ticket: /claim 42"),
    ("pass", "Let your hold go: /pass 42"),
    ("release", "Give a ticket back: /release 42"),
    ("reply", "Write to the client: /reply 42 text"),
    ("note", "Write for the desk only: /note 42 text"),
    ("log", "Log time: /log 42 50m travel"),
    ("resolve", "Done: /resolve 42"),
    ("why", "Why it was graded and routed so: /why 42"),
    ("show", "All about a ticket: /show 42"),
    ("priority", "Change how fast we answer: /priority 42 P2"),
    ("offer", "Give a ticket to somebody: /offer 42 C-3"),
    ("balance", "A client's hours left: /balance ACME"),
    ("help", "Every command"),
)
SETS: Mapping[str, Commands] = {"client": CLIENT, "group": GROUP, "staff": STAFF}


def commands(name: str, language: str) -> list[dict[str, str]]:
    """A set as setMyCommands takes it, its descriptions in that language."""
    return [{"command": command, "description": translated(language, text)} for command, text in SETS[name]]


def scopes(staff_chat: str | None) -> list[tuple[str, dict[str, Any] | None]]:
    """Which set is shown where; the scope None is the default."""
    wanted: list[tuple[str, dict[str, Any] | None]] = [
        ("client", None),
        ("client", {"type": "all_private_chats"}),
        ("group", {"type": "all_group_chats"}),
    ]
    if staff_chat:
        wanted.append(("staff", {"type": "chat", "chat_id": int(staff_chat) if is_number(staff_chat) else staff_chat}))
    return wanted


def is_number(chat: str) -> bool:
    """A chat id, as opposed to the @name of a public group."""
    return chat.removeprefix("-").isdigit()


async def publish(client: BotClient, staff_chat: str | None) -> None:
    """Tell Telegram the commands of each scope and language. A refusal costs only the menu, and is logged."""
    for language in LANGUAGES:
        # English is everybody's whose language is none of ours; the others are asked for by code.
        code = None if language == ENGLISH else language
        for name, scope in scopes(staff_chat):
            try:
                await client.call("setMyCommands", commands=commands(name, language), scope=scope, language_code=code)
            except MethodMissing as error:
                log.warning("telegram_menu_refused", scope=name, reason=str(error))
                return
            except TelegramError as error:
                log.warning("telegram_menu_refused", scope=name, language=language, reason=str(error))
