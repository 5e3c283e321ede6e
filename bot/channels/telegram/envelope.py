"""Who wrote a Telegram message, where, in answer to what, and whether it speaks to the bot. Pure, over raw JSON.

Names: a message is "CHAT:ID", a forum topic "CHAT:topic:ID"; a thread bears the name of what began it, so that an
answer, a later message of the topic and a command given in either all find the ticket by one look-up. In a topic every
message bears the topic's name: that is what a later one refers to. A private message that answers nothing has no
thread: there the desk joins what belongs together.
"""

from __future__ import annotations

import re
from typing import Any

from bot.channels.telegram.content import Json, Unreadable, maybe, need
from bot.channels.telegram.markup import clean, shorten
from bot.messages import TELEGRAM, Handle, Place

NAME_UNITS_MAX = 100


class Envelope:
    """One message without its words. Raises Unreadable where Telegram's shape is broken."""

    def __init__(self, message: Json) -> None:
        self.message = message
        chat = need(message, "chat", dict)
        chat_id: int = need(chat, "id", int)
        self.chat_id = str(chat_id)
        self.chat_type: str = maybe(chat, "type", str) or ("private" if chat_id > 0 else "supergroup")
        self.message_id: int = need(message, "message_id", int)
        thread: int | None = maybe(message, "message_thread_id", int)
        is_topic = bool(maybe(message, "is_topic_message", bool))
        self.topic = thread if is_topic else None
        # In a supergroup without topics Telegram names the first message of a reply chain here.
        self.chain_root = None if is_topic else thread
        self.answered = self._answered()

    @property
    def is_group(self) -> bool:
        return self.chat_type in ("group", "supergroup")

    @property
    def is_forwarded(self) -> bool:
        return "forward_origin" in self.message or "forward_date" in self.message

    @property
    def sent_in_the_name_of(self) -> Handle | None:
        """The chat that an anonymous administrator, or a person who writes as a channel, stands behind."""
        chat = maybe(self.message, "sender_chat", dict)
        return None if chat is None else Handle(TELEGRAM, str(need(chat, "id", int)), _name(chat.get("title")))

    @property
    def name(self) -> str:
        """What a later message will refer to: the topic, else this message."""
        return name_of(self.chat_id, self.message_id) if self.topic is None else topic_name(self.chat_id, self.topic)

    def place(self, *, album_root: int | None = None, starts_anew: bool = False) -> Place:
        """The topic, else the reply chain."""
        own = name_of(self.chat_id, self.message_id)
        if starts_anew:
            thread = own if self.topic is None else f"{self.name}:{self.message_id}"
        elif self.topic is not None:
            thread = self.name
        elif album_root is not None or self.answered is not None:
            thread = name_of(self.chat_id, album_root or self._root())
        else:
            # A message in a group that answers nothing begins a chain of its own.
            thread = own if self.is_group else ""
        return Place(TELEGRAM, self.chat_id, thread, is_shared=self.is_group)

    def references(self, *, album_root: int | None = None, is_edited: bool = False) -> tuple[str, ...]:
        """The messages this one answers, nearest first. An edit answers the message that it changes."""
        ids = [self.message_id] if is_edited else []
        if album_root is not None:
            ids.append(album_root)
        if self.answered is not None:
            ids += [need(self.answered, "message_id", int), self._root()]
        names = [name_of(self.chat_id, each) for each in ids]
        if self.topic is not None:
            names.append(self.name)
        return tuple(dict.fromkeys(names))

    def addresses(self, bot_id: int, username: str) -> bool:
        """Does it answer the bot, or mention it?"""
        if is_by_the_bot(self.answered, bot_id, username):
            return True
        for words, marks in (("text", "entities"), ("caption", "caption_entities")):
            text = maybe(self.message, words, str) or ""
            entities = maybe(self.message, marks, list)
            # Telegram marks each mention; a server that marks nothing is read by the words. So is one that did not
            # tell us our name: bots alone have names that end so, and a message too many is better than one lost.
            if (entities is None or not username) and _names(text, username or r"\w{1,40}bot"):
                return True
            if any(_is_mention(entity, text, bot_id, username) for entity in entities or ()):
                return True
        return False

    def _root(self) -> int:
        if self.answered is None:
            return self.message_id
        answered_id: int = need(self.answered, "message_id", int)
        return self.chain_root or answered_id

    def _answered(self) -> Json | None:
        """The message this one answers. In a topic Telegram also names the message that made the topic: no answer."""
        answered: Json | None = maybe(self.message, "reply_to_message", dict)
        if answered is None or "forum_topic_created" in answered:
            return None
        return None if self.topic is not None and answered.get("message_id") == self.topic else answered


def name_of(chat_id: str, message_id: object) -> str:
    """The name of a message: unique over all chats."""
    return f"{chat_id}:{message_id}"


def topic_name(chat_id: str, topic: int) -> str:
    """The name of a forum topic."""
    return f"{chat_id}:topic:{topic}"


def person(source: Json) -> Handle:
    """The handle of a Telegram account."""
    name = _name(f"{maybe(source, 'first_name', str) or ''} {maybe(source, 'last_name', str) or ''}")
    language = source.get("language_code")
    return Handle(
        TELEGRAM,
        str(need(source, "id", int)),
        name or _name(source.get("username")),
        language[:20] if isinstance(language, str) else "",
    )


def is_by_the_bot(message: Json | None, bot_id: int, username: str) -> bool:
    """Did the bot write this message? By its number, or by its name where a server has numbers of its own."""
    author = maybe(message or {}, "from", dict) or {}
    name = author.get("username")
    is_named = bool(username) and author.get("is_bot") is True and isinstance(name, str)
    return bool(maybe(author, "id", int) == bot_id) or (is_named and str(name).lower() == username.lower())


def origin(message: Json) -> str:
    """Whose words a forwarded message carries, where Telegram tells; else ""."""
    source = message.get("forward_origin")
    if not isinstance(source, dict):
        return ""
    author, chat = source.get("sender_user"), source.get("chat") or source.get("sender_chat")
    if isinstance(author, dict):
        return person(author).display_name
    return _name(chat.get("title") if isinstance(chat, dict) else source.get("sender_user_name"))


def without_mention(text: str, username: str) -> str:
    """The text without the bot's name in front, which was only the address."""
    name = f"@{username}"
    if not username or not text.lower().startswith(name.lower()):
        return text
    rest = text[len(name) :]
    return text if rest[:1].isalnum() or rest[:1] == "_" else rest.lstrip(" ,:\n\t")


def _names(text: str, pattern: str) -> bool:
    return re.search(rf"(?<!\w)@{pattern}(?!\w)", text, re.IGNORECASE) is not None


def _is_mention(entity: Any, text: str, bot_id: int, username: str) -> bool:
    if not isinstance(entity, dict):
        raise Unreadable("an entity is not an object")
    if entity.get("type") == "text_mention":
        return bool(maybe(maybe(entity, "user", dict) or {}, "id", int) == bot_id)
    if entity.get("type") != "mention" or not username:
        return False
    # Entities count in UTF-16 units.
    start, length = need(entity, "offset", int) * 2, need(entity, "length", int) * 2
    named = text.encode("utf-16-le", "surrogatepass")[start : start + length]
    return named.decode("utf-16-le", "replace").lower() == f"@{username.lower()}"


def _name(source: object) -> str:
    return shorten(" ".join(clean(str(source or "")).split()), NAME_UNITS_MAX)
