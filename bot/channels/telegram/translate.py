"""Telegram's updates as the desk's values. Pure: no network, no clock, no memory.

An update becomes a message for the desk, an order, a moved conversation, or nothing (with the reason). In a group
only what addresses the bot is taken: commands, replies to it, mentions of it; everything where so configured, and in
the staff's own group. What is called how stands in `envelope`. Refused here: words of bots and channels, commands
inside forwarded messages and commands changed afterwards (an edit of "/log 42 50m" would log twice), buttons that this
desk did not sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.channels.telegram.asking import answered_question
from bot.channels.telegram.content import Content, Json, RemoteFile, Unreadable, maybe, moment_of, need, read
from bot.channels.telegram.envelope import Envelope, name_of, origin, person, without_mention
from bot.channels.telegram.markup import PURPOSE
from bot.channels.telegram.updates import album_of, print_of
from bot.commands import ENTRIES
from bot.messages import TELEGRAM, Handle, InboundMessage, News, Order, Place, Trust
from bot.tokens import Signer

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+|$)")
# The kinds of update that we ask for; any other is ignored.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
# These two carry a message instead of a command line.
NEW, URGENT = "new", "urgent"
# In a client's group, where other bots may listen too, an unaddressed command is ours only if it is one of these.
VERBS = frozenset({NEW, URGENT} | {entry.verb.partition(" ")[0] for entry in ENTRIES})


@dataclass(frozen=True, slots=True)
class Reading:
    """What it takes to read an update: who we are, whose signature counts, and how much of a group we take."""

    bot_id: int
    username: str
    signer: Signer
    staff_chat: str = ""
    reads_all_in_groups: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message for the desk, whose files still lie with Telegram.

    number: Telegram's id of the message, unique in its chat.
    album:  the media group it belongs to, "" for none. Telegram sends each picture of it as a message of its own.
    """

    message: InboundMessage
    number: int
    files: tuple[RemoteFile, ...] = ()
    album: str = ""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup: the same conversation under a new chat id."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for the desk, and why."""

    reason: str


Translated = Incoming | Order | Migrated | News | Ignored


def translate(update: object, reading: Reading, now: datetime, *, album_root: int | None = None) -> Translated:
    """One update as what the desk understands.

    now:        aware UTC; becomes received_at and given_at.
    album_root: id of the first message of the album this one belongs to, where that was taken before.
    Raises Unreadable (or a plain error of Python) for a payload of the wrong shape: it goes to quarantine.
    """
    if not isinstance(update, dict):
        raise Unreadable("the update is not an object")
    update_id = need(update, "update_id", int)
    pressed = maybe(update, "callback_query", dict)
    if pressed is not None:
        return _press(pressed, reading, now, update_id)
    standing = maybe(update, "my_chat_member", dict)
    if standing is not None:
        return _standing(standing, f"{reading.bot_id}:{update_id}")
    for kind in ("message", "edited_message"):
        message = maybe(update, kind, dict)
        if message is not None:
            is_edited = kind == "edited_message"
            # With its time, for update ids begin anew: at random after a quiet week, from 1 on a new server.
            written_at = moment_of(message, "edit_date" if is_edited else "date")
            key = f"{reading.bot_id}:{update_id}:{written_at}:{print_of(message)}"
            letter = _Letter(message, reading, now, key=key, is_edited=is_edited)
            return letter.translate(album_root)
    return Ignored(f"kind {next((key for key in update if key != 'update_id'), 'empty')}")


def _press(query: Json, reading: Reading, now: datetime, update_id: int) -> Order | Ignored:
    """A button: the command line that we signed when we made it."""
    written = maybe(query, "data", str) or ""
    line = reading.signer.verify(PURPOSE, written)
    if line is None:
        return Ignored("button without our signature")
    sender = person(need(query, "from", dict))
    message = maybe(query, "message", dict)
    place = _place_of_button(message) if message is not None else Place(TELEGRAM, sender.address)
    # With who pressed what: a server may give every press the same id, or none.
    pressed = print_of({"chat": {"id": sender.address}, "text": written})
    key = f"{reading.bot_id}:button:{maybe(query, 'id', str) or f'update {update_id}'}:{pressed}"
    return Order(TELEGRAM, key, sender, line, now, place, wants_delivery=True)


def _standing(changed: Json, key: str) -> News | Ignored:
    """The bot's own standing in a chat changed: a person blocked it, a group put it out."""
    chat = need(changed, "chat", dict)
    status = maybe(maybe(changed, "new_chat_member", dict) or {}, "status", str) or ""
    if status not in ("kicked", "left"):
        return Ignored(f"the bot is {status or 'something'} there now")
    chat_id: int = need(chat, "id", int)
    if chat_id > 0:
        handle = Handle(TELEGRAM, str(chat_id), person(chat).display_name)
        return News(TELEGRAM, key, "gone", "the person has blocked the bot", handle=handle)
    return News(TELEGRAM, key, "closed", "the bot was removed from the group", place=Place(TELEGRAM, str(chat_id)))


def _place_of_button(message: Json) -> Place:
    """The thread of the message that carries the button: it may be a ticket's card.

    Of a message that Telegram no longer shows us it tells as little as the chat.
    """
    if maybe(message, "message_id", int) is None:
        return Place(TELEGRAM, str(need(need(message, "chat", dict), "id", int)))
    envelope = Envelope(message)
    return Place(TELEGRAM, envelope.chat_id, envelope.name, is_shared=envelope.is_group)


class _Letter:
    """One message on its way through the rules of this module."""

    def __init__(self, message: Json, reading: Reading, now: datetime, *, key: str, is_edited: bool) -> None:
        self.message, self.reading, self.now, self.key, self.is_edited = message, reading, now, key, is_edited
        self.envelope = Envelope(message)

    def translate(self, album_root: int | None) -> Translated:
        envelope = self.envelope
        moved = self._moved()
        if moved is not None:
            return moved
        sender = self._sender()
        if isinstance(sender, Ignored):
            return sender
        content = read(self.message)
        if content is None:
            return Ignored("service message")
        if self.is_edited and "location" in self.message:
            return Ignored("live location")
        command = self._answer_to_question(content) or self._command(content.text)
        if isinstance(command, Ignored):
            return command
        if command is not None:
            return self._obeyed(command, content, sender, album_root)
        me = self.reading
        is_addressed = not envelope.is_group or album_root is not None or envelope.addresses(me.bot_id, me.username)
        # Among the staff everything is taken: what is said in a ticket's thread becomes its note.
        if is_addressed or me.reads_all_in_groups or envelope.chat_id == me.staff_chat:
            words = without_mention(content.text, me.username)
            return self._message(words or content.text, content, sender, album_root, is_addressed=is_addressed)
        return Ignored("does not address the desk")

    def _moved(self) -> Migrated | None:
        chat = self.envelope.chat_id
        new, old = (maybe(self.message, f"migrate_{way}_chat_id", int) for way in ("to", "from"))
        if new is not None:
            return Migrated(chat, str(new))
        return None if old is None else Migrated(str(old), chat)

    def _sender(self) -> Handle | Ignored:
        if self.envelope.chat_type == "channel" or maybe(self.message, "is_automatic_forward", bool):
            return Ignored("channel post")
        stand_in = self.envelope.sent_in_the_name_of
        if stand_in is not None:
            return stand_in
        source = maybe(self.message, "from", dict)
        if source is None and self.envelope.chat_type == "private":
            # A private chat is the person's, and bears the person's number.
            source = need(self.message, "chat", dict)
        if source is None:
            return Ignored("no sender")
        if source.get("is_bot") is True or maybe(source, "id", int) == self.reading.bot_id:
            return Ignored("a bot's message")
        return person(source)

    @property
    def _trust(self) -> Trust:
        """Telegram vouches for an account; nobody vouches for who writes in the name of a chat."""
        return Trust.PROVEN if self.envelope.sent_in_the_name_of is None else Trust.UNPROVEN

    def _answer_to_question(self, content: Content) -> tuple[str, str] | None:
        """The command that an answer to one of our questions completes."""
        if self.is_edited or self.envelope.is_forwarded or content.text.startswith("/"):
            return None
        asked = answered_question(self.envelope.answered, self.reading.bot_id, self.reading.username)
        return None if asked is None else (asked[0], f"{asked[1]} {content.text}")

    def _command(self, text: str) -> tuple[str, str] | Ignored | None:
        """Name and arguments of a command addressed to us; None where the text is no command."""
        match = COMMAND.match(text)
        if match is None or self.envelope.is_forwarded:
            return None
        name, addressee = match.group(1).lower(), match.group(2)
        if addressee is not None and addressee.lower() != (self.reading.username or addressee).lower():
            return Ignored("command for another bot")
        is_ours = addressee is not None or not self.envelope.is_group or name.partition("_")[0] in VERBS
        if not is_ours and self.envelope.chat_id != self.reading.staff_chat:
            return Ignored("command of another bot")
        if self.is_edited and name not in (NEW, URGENT):
            return Ignored("edited command")
        return name, text[match.end() :].strip()

    def _obeyed(
        self, command: tuple[str, str], content: Content, sender: Handle, album_root: int | None
    ) -> Incoming | Order:
        name, arguments = command
        if name == URGENT or (name == NEW and (arguments or content.files)):
            return self._message(arguments or content.text, content, sender, album_root, command=name)
        if content.files:
            # An order has no files; the desk reads the command from the words, and sends the files on with a reply.
            return self._message(f"/{_line(name, arguments)}", content, sender, album_root)
        return Order(
            channel=TELEGRAM,
            key=self.key,
            sender=sender,
            text=_line(name, arguments),
            given_at=self.now,
            place=self.envelope.place(),
            trust=self._trust,
            wants_delivery=True,
        )

    def _message(
        self,
        words: str,
        content: Content,
        sender: Handle,
        album_root: int | None,
        *,
        command: str = "",
        is_addressed: bool = True,
    ) -> Incoming:
        envelope = self.envelope
        opens_new = command == NEW and not self.is_edited
        text = self._marked(words)
        references = envelope.references(album_root=album_root, is_edited=self.is_edited)
        message = InboundMessage(
            channel=TELEGRAM,
            key=self.key,
            sender=sender,
            received_at=self.now,
            text=text,
            body_text=text,
            place=envelope.place(album_root=album_root, starts_anew=opens_new),
            message_id=name_of(envelope.chat_id, envelope.message_id) if opens_new else envelope.name,
            references=() if opens_new else references,
            trust=self._trust,
            trust_reason="Telegram account" if self._trust is Trust.PROVEN else "written in the name of a chat",
            urgent_button=command == URGENT and not self.is_edited,
            is_addressed=is_addressed and not self.is_edited,
            opens_new=opens_new,
        )
        return Incoming(message, envelope.message_id, content.files, album_of({"message": self.message}))

    def _marked(self, text: str) -> str:
        """Says in the text what a reader must know about it: that it was edited, or is another's."""
        if self.envelope.is_forwarded:
            author = origin(self.message)
            text = f"[forwarded from {author}]\n{text}" if author else f"[forwarded]\n{text}"
        return f"[edited] {text}" if self.is_edited else text


def _line(name: str, arguments: str) -> str:
    """The command line of a slash command: "/client_add ACME" is "client add ACME", a deep link is "link CODE"."""
    if name == "start":
        return f"link {arguments}" if arguments else "start"
    if name == NEW:
        return "help"
    return f"{name.replace('_', ' ')} {arguments}".strip()
