"""A delivery or a card as calls of the Bot API. Pure: what is sent where, before anything is sent.

A delivery is one call where it can be: a single file takes a short text as its caption. Else the text goes first, in
as many parts as it needs, with the buttons under the last part, and the files follow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.channels.telegram.content import safe_name
from bot.channels.telegram.envelope import name_of
from bot.channels.telegram.markup import CAPTION_UNITS_MAX, card_text, keyboard, notice_parts, units
from bot.commands import ENTRIES
from bot.messages import CardView, File, Outgoing, Place, RemoteRef
from bot.tokens import Signer

# What Telegram shows as a picture; it takes photos up to 10 MB, and everything else as a document.
PHOTO_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
COMMON_THINGS = tuple(entry for verb in ("status", "balance", "help") for entry in ENTRIES if entry.verb == verb)
PHOTO_BYTES_MAX = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: the chat, the topic in it, and the message it answers. is_page: it waits for its turn."""

    chat: str
    topic: int | None = None
    reply_to: int | None = None
    is_page: bool = False

    def fields(self) -> dict[str, Any]:
        """The target as fields of a call."""
        reply = {"message_id": self.reply_to, "allow_sending_without_reply": True} if self.reply_to else None
        return {"chat_id": self.chat, "message_thread_id": self.topic, "reply_parameters": reply}


@dataclass(frozen=True, slots=True)
class Part:
    """One call: text, or a file with its caption. `text` is our HTML."""

    text: str = ""
    file: File | None = None
    keyboard: dict[str, Any] | None = None
    is_document: bool = False
    is_plain: bool = False

    @property
    def method(self) -> str:
        if self.file is None:
            return "sendMessage"
        return "sendPhoto" if is_photo(self.file) and not self.is_document else "sendDocument"


def compose(outgoing: Outgoing, signer: Signer) -> list[Part]:
    """The calls that make up a delivery, in order; never empty."""
    texts = notice_parts(outgoing.notice)
    buttons = keyboard(outgoing.notice.actions, signer) or _common_things(outgoing)
    files = outgoing.files
    if len(files) == 1 and len(texts) == 1 and units(texts[0]) <= CAPTION_UNITS_MAX:
        return [Part(texts[0], files[0], buttons)]
    parts = [Part(text) for text in texts]
    parts[-1] = replace(parts[-1], keyboard=buttons)
    return [*parts, *(Part(file=file) for file in files)]


def _common_things(outgoing: Outgoing) -> dict[str, Any] | None:
    """What a client asks for most and may use, kept below the private chat from the first acknowledgement on."""
    is_private = outgoing.place is None or not outgoing.place.conversation.startswith("-")
    if outgoing.notice.kind != "received" or not is_private:
        return None
    row = [{"text": f"/{entry.verb}"} for entry in COMMON_THINGS if entry.is_for(outgoing.role)]
    return {"keyboard": [row], "resize_keyboard": True, "is_persistent": True}


def compose_card(card: CardView, signer: Signer) -> Part:
    """A card as one message."""
    return Part(card_text(card), keyboard=keyboard(card.actions, signer))


def target_of(outgoing: Outgoing) -> Target:
    """Where a delivery goes: its place, or the person's private chat (whose id is the person's)."""
    if outgoing.place is not None and outgoing.place.conversation:
        target = target_of_place(outgoing.place)
    else:
        target = Target(outgoing.to.address)
    if target.reply_to is None and target.topic is None:
        # Answer the first message of the ticket that lies in this chat.
        own = [parse_id(name) for name in outgoing.references if name.startswith(f"{target.chat}:")]
        target = replace(target, reply_to=own[0] if own else None)
    return replace(target, is_page=outgoing.is_page)


def target_of_place(place: Place) -> Target:
    """A place as `envelope` names it: no thread, "CHAT:105", "CHAT:topic:7" or "CHAT:topic:7:105".

    A thread of another chat is one that a supergroup left behind: only the chat counts then.
    """
    chat, _, rest = place.thread.partition(":")
    numbers = [int(number) for number in rest.removeprefix("topic:").split(":") if number.isdigit()]
    if chat != place.conversation or not numbers:
        return Target(place.conversation)
    if not rest.startswith("topic:"):
        return Target(chat, reply_to=numbers[0])
    return Target(chat, numbers[0], numbers[1] if len(numbers) > 1 else None)


def ref_of(chat: str, message_id: object) -> RemoteRef:
    """The name of a message that we sent: the same as it has when somebody answers it."""
    return RemoteRef(chat, name_of(chat, message_id))


def parse_id(name: str) -> int | None:
    """The message id in "CHAT:ID"; None for a topic, or for what is no name."""
    _, _, number = name.partition(":")
    return int(number) if number.isdigit() else None


def is_photo(file: File) -> bool:
    """Does Telegram show this file as a picture?"""
    return file.content_type.lower() in PHOTO_TYPES and len(file.content) <= PHOTO_BYTES_MAX


def filename_of(file: File) -> str:
    return safe_name(file.filename) or "file"
