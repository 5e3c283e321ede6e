"""What an update says of itself before anybody reads it: whose turn it is in, and by which key it is known.

Nothing here raises, whatever the update is: it is asked of poison too.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

SETTLED_KEPT = 1_000


class Settled:
    """The updates that were settled of late, for a server that gives them again though they were confirmed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, None] = OrderedDict()

    def note(self, update: object) -> None:
        self._kept[_whole(update)] = None
        if len(self._kept) > SETTLED_KEPT:
            self._kept.popitem(last=False)

    def __contains__(self, update: object) -> bool:
        return _whole(update) in self._kept


def _whole(update: object) -> int:
    # Python's own hash of a text is keyed anew in each process: nobody can make two updates alike.
    return hash(repr(update))


def lane_of(update: object) -> str:
    """The chat an update belongs to: what must keep its order among itself. "" where it cannot be told."""
    if not isinstance(update, dict):
        return ""
    pressed = update.get("callback_query")
    source = pressed if isinstance(pressed, dict) else update
    message = source.get("message") or source.get("edited_message") or source.get("my_chat_member")
    chat = message.get("chat") if isinstance(message, dict) else None
    return str(chat.get("id", "")) if isinstance(chat, dict) else ""


def album_of(update: object) -> str:
    """The media group an update belongs to, as `Incoming.album` names it; "" for none."""
    message = update.get("message") if isinstance(update, dict) else None
    group = message.get("media_group_id") if isinstance(message, dict) else None
    return f"{lane_of(update)}:{group}" if group else ""


def id_of(update: object) -> int | None:
    """The update's number, which some servers write as text; None where it has none."""
    found = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 18:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def in_order(updates: Sequence[object]) -> list[object]:
    """The updates by their numbers, as Telegram gives them; as they came where one has none."""
    numbers = [id_of(update) for update in updates]
    if None in numbers:
        return list(updates)
    return [updates[at] for _, at in sorted((number or 0, at) for at, number in enumerate(numbers))]


def key_of(update: object, bot_id: int) -> str:
    """The update's key for quarantine; "" where it has none."""
    update_id = id_of(update)
    return f"{bot_id}:{update_id}" if update_id is not None else ""


def print_of(message: Mapping[str, Any]) -> str:
    """What tells apart two messages that a server numbers alike: it may begin anew at each start, and tell no time."""
    chat = message.get("chat")
    where = chat.get("id") if isinstance(chat, dict) else ""
    words = message.get("text") or message.get("caption") or ""
    said = f"{where}\0{message.get('message_id')}\0{words}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def language_in(update: object) -> str:
    """The language of the account that pressed a button, as Telegram tells it; "" where it does not."""
    query = update.get("callback_query") if isinstance(update, dict) else None
    person = query.get("from") if isinstance(query, dict) else None
    tag = person.get("language_code") if isinstance(person, dict) else None
    return tag if isinstance(tag, str) else ""
