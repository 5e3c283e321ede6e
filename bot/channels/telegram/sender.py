"""Sends deliveries and shows cards, at Telegram's pace, and says what became of them.

Telegram knows no idempotency key. So the parts of a long delivery that went out are remembered under the delivery's
key, and a repeat in this process sends only the rest. A target that Telegram no longer knows in part (a deleted topic,
a deleted message, a group that became a supergroup) costs the part and not the message.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.client import BotClient, file_of
from bot.channels.telegram.compose import (
    Part,
    Target,
    compose,
    compose_card,
    filename_of,
    parse_id,
    ref_of,
    target_of,
    target_of_place,
)
from bot.channels.telegram.envelope import topic_name
from bot.channels.telegram.listener import retry_after_seconds
from bot.channels.telegram.markup import escape, plain
from bot.channels.telegram.pacing import Pacer, is_group
from bot.channels.telegram.topics import Topics
from bot.channels.telegram.wire import MethodMissing
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import TELEGRAM, CardView, Outgoing, RemoteRef
from bot.silences import Silence
from bot.tokens import Signer

log = structlog.get_logger(__name__)

# A longer wait for our turn goes back to the courier, which has others to serve meanwhile.
WAIT_SECONDS_MAX = 2.0
# A page does not go back: whoever came meanwhile would book its turn. Nobody else books so far ahead.
PAGE_WAIT_SECONDS_MAX = 2 * WAIT_SECONDS_MAX
DELIVERIES_KEPT, MOVES_KEPT, TRIES_MAX = 2000, 1000, 6
Sleep = Callable[[float], Awaitable[None]]
# Told "old chat id, new chat id" when a send finds that a group became a supergroup.
Moved = Callable[[str, str], Awaitable[object]]

NO_TOPIC = ("thread not found", "topic_deleted", "topic_closed", "topic_id_invalid", "topic is closed")
NO_REPLY = ("replied not found", "reply message not found", "reply_message_id_invalid")
NO_PHOTO = ("photo_", "image_process_failed", "wrong file identifier", "wrong type", "failed to get http url")
TOO_LARGE = ("entity too large", "(413)")
NO_BUTTONS = ("button_", "reply markup", "reply_markup", "inline keyboard")
NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "user_deactivated", "group chat was deleted")
# What the library says where the server says nothing.
NO_WORDS = ("", "bad request (400)")
EXTRA_FIELD = ("unknown field", "unexpected field", "extra field", "extra input", "unknown parameter", "validation")
UNCHANGED = "message is not modified"
NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message not found")


class TelegramSender:
    """The outgoing half of the channel."""

    channel = TELEGRAM

    def __init__(
        self,
        client: BotClient,
        signer: Signer,
        clock: Clock,
        *,
        on_moved: Moved | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client, self._signer, self._sleep, self._on_moved = client, signer, sleep, on_moved
        self._pacer, self._silence = Pacer(clock), Silence(clock, "Telegram")
        self._sent: OrderedDict[str, list[RemoteRef]] = OrderedDict()
        self._moves: OrderedDict[str, str] = OrderedDict()
        self._topics = Topics(client)

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        """Send one delivery, or what is left of it. Returns the last message that carries text: people answer it."""
        self._silence.check()
        parts = compose(outgoing, self._signer)
        target = target_of(outgoing)
        refs = self._sent.setdefault(outgoing.key, [])
        self._sent.move_to_end(outgoing.key)
        while len(self._sent) > DELIVERIES_KEPT:
            self._sent.popitem(last=False)
        for part in parts[len(refs) :]:
            # Only the first part quotes what it answers.
            refs.append(await self._post(part, replace(target, reply_to=None) if refs else target))
        last = max(index for index, part in enumerate(parts) if part.text)
        return refs[last]

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        """Post a card, or edit it where it lies; a card that somebody deleted is posted anew."""
        self._silence.check()
        part = compose_card(card, self._signer)
        message_id = parse_id(ref.message_id) if ref is not None else None
        if ref is not None and message_id is not None and await self._edit(part, ref.conversation, message_id):
            topic = target_of_place(card.place).topic
            if topic is not None:
                await self._topics.settle(ref.conversation, topic, is_done=card.is_done)
            return ref
        target = target_of_place(card.place)
        topic = await self._new_topic(target, card) if target.topic is None else None
        posted = await self._post(part, target if topic is None else replace(target, topic=topic), is_card=True)
        self._topics.taken(posted.conversation, card.ticket_id)
        return posted if topic is None else replace(posted, thread=topic_name(posted.conversation, topic))

    async def _new_topic(self, target: Target, card: CardView) -> int | None:
        """A forum topic for a ticket's card; None where the chat has none, or we may not make one."""
        chat = self._moves.get(target.chat, target.chat)
        if not self._topics.can_be_in(chat):
            return None
        if (waiting := self._topics.waiting(chat, card.ticket_id)) is not None:
            return waiting
        await self._wait_for_turn(chat, is_card=True)
        try:
            return await self._topics.make(chat, card.title, card.ticket_id)
        except ChatMigrated as error:
            return await self._new_topic(await self._moved(target, str(error.new_chat_id)), card)
        except TelegramError as error:
            raise self._failure(error, chat) from error

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.close_connections()

    async def _post(self, part: Part, target: Target, *, is_card: bool = False) -> RemoteRef:
        """One call, mended as far as Telegram's complaints tell how."""
        target = replace(target, chat=self._moves.get(target.chat, target.chat))
        for _ in range(TRIES_MAX):
            patience = PAGE_WAIT_SECONDS_MAX if target.is_page else WAIT_SECONDS_MAX
            await self._wait_for_turn(target.chat, patience, is_card=is_card)
            try:
                result = await self._call(part.method, **target.fields(), **_fields(part))
                return ref_of(target.chat, result.get("message_id", "") if isinstance(result, dict) else "")
            except ChatMigrated as error:
                target = await self._moved(target, str(error.new_chat_id))
            except MethodMissing as error:
                if part.file is None:
                    raise self._failure(error, target.chat) from error
                log.warning("telegram_file_not_sent", reason=str(error))
                part = _without_file(part)
            except BadRequest as error:
                mended = _mend(part, target, str(error).lower())
                if mended is None and part.file is not None and not _is_of_the_chat(error):
                    # The file is not worth the words that go with it.
                    mended = _without_file(part), target
                if mended is None and self._client.is_stand_in and _is_unexplained(error):
                    mended = _plainer(part, target)
                if mended is None:
                    raise _refusal(error, target.chat) from error
                log.info("telegram_send_mended", reason=str(error))
                part, target = mended
            except TelegramError as error:
                if part.file is None or not any(words in str(error).lower() for words in TOO_LARGE):
                    raise self._failure(error, target.chat) from error
                log.warning("telegram_file_not_sent", reason=str(error))
                part = _without_file(part)
        raise DeliveryRefused("Telegram refuses every form of this message")

    async def _edit(self, part: Part, chat: str, message_id: int) -> bool:
        """Edit a card. False when there is no such message any more."""
        chat = self._moves.get(chat, chat)
        await self._wait_for_turn(chat, is_card=True)
        try:
            await self._call("editMessageText", chat_id=chat, message_id=message_id, **_fields(part))
        except ChatMigrated as error:
            # Messages of the old group cannot be edited in the new one.
            await self._moved(Target(chat), str(error.new_chat_id))
            return False
        except MethodMissing as error:
            log.warning("telegram_card_not_edited", reason=str(error))
            return False
        except BadRequest as error:
            reason = str(error).lower()
            if UNCHANGED in reason:
                return True
            if any(words in reason for words in NOT_EDITABLE):
                return False
            raise _refusal(error, chat) from error
        except TelegramError as error:
            raise self._failure(error, chat) from error
        return True

    async def _call(self, method: str, **fields: Any) -> Any:
        """Call; a service that gives no answer is left alone for a while, and others are served."""
        try:
            result = await self._client.call(method, **fields)
        except TimedOut:
            self._silence.begin()
            raise
        except TelegramError:
            self._silence.end()
            raise
        self._silence.end()
        return result

    async def _wait_for_turn(self, chat: str, patience: float = WAIT_SECONDS_MAX, *, is_card: bool) -> None:
        seconds = self._pacer.book(chat, at_most=patience, is_card=is_card)
        if seconds > patience:
            raise DeliveryDelayed("waiting for our turn in this chat", seconds)
        if seconds > 0:
            await self._sleep(seconds)

    async def _moved(self, target: Target, new: str) -> Target:
        """The group is a supergroup now; its messages and topics were left behind."""
        log.warning("telegram_chat_moved", old=target.chat, new=new)
        self._moves[target.chat] = new
        if len(self._moves) > MOVES_KEPT:
            self._moves.popitem(last=False)
        if self._on_moved is not None:
            await self._on_moved(target.chat, new)
        return Target(new)

    def _failure(self, error: TelegramError, chat: str) -> DeliveryDelayed | DeliveryRefused:
        """What a failed call means for the delivery. Unknown errors are temporary."""
        if isinstance(error, RetryAfter):
            seconds = retry_after_seconds(error)
            self._pacer.hold(chat, seconds)
            return DeliveryDelayed("Telegram asks us to wait", seconds)
        if isinstance(error, Forbidden):
            # A group that threw the bot out says nothing of the person, who may still be reached alone.
            return DeliveryRefused(str(error), is_address_dead=not is_group(chat), is_place_closed=is_group(chat))
        if isinstance(error, InvalidToken):
            return DeliveryDelayed("Telegram refuses the bot's token")
        return DeliveryDelayed(str(error) or type(error).__name__)


def _fields(part: Part) -> dict[str, Any]:
    """A part as fields of its call."""
    parse_mode = None if part.is_plain or not part.text else "HTML"
    text = plain(part.text) if part.is_plain else part.text
    common = {"parse_mode": parse_mode, "reply_markup": part.keyboard}
    if part.file is None:
        # Without previews: a link that a stranger wrote is not to be fetched and shown in our name.
        return {"text": text, "link_preview_options": {"is_disabled": True}, **common}
    kind = "photo" if part.method == "sendPhoto" else "document"
    return {kind: file_of(part.file.content, filename_of(part.file)), "caption": text or None, **common}


def _mend(part: Part, target: Target, reason: str) -> tuple[Part, Target] | None:
    """The same message without what Telegram complains of; None where nothing is left to change."""
    if target.topic is not None and any(words in reason for words in NO_TOPIC):
        return part, replace(target, topic=None)
    if target.reply_to is not None and any(words in reason for words in NO_REPLY):
        return part, replace(target, reply_to=None)
    if not part.is_plain and "can't parse" in reason:
        return replace(part, is_plain=True), target
    if part.method == "sendPhoto" and any(words in reason for words in NO_PHOTO):
        return replace(part, is_document=True), target
    if part.keyboard is not None and any(words in reason for words in NO_BUTTONS):
        return replace(part, keyboard=None), target
    return None


def _plainer(part: Part, target: Target) -> tuple[Part, Target] | None:
    """The same with less in it, for a server that refuses something and does not say in Telegram's words what."""
    if target.reply_to is not None:
        return part, replace(target, reply_to=None)
    if not part.is_plain:
        return replace(part, is_plain=True), target
    if part.keyboard is not None:
        return replace(part, keyboard=None), target
    return None


def _without_file(part: Part) -> Part:
    """The next best form of a file that the server cannot take: a document, then the words and its name."""
    assert part.file is not None
    if part.method == "sendPhoto":
        return replace(part, is_document=True)
    note = escape(f"[{filename_of(part.file)}: this file could not be sent here; ask the desk for it by email]")
    return replace(part, file=None, text=f"{part.text}\n\n{note}".strip())


def _refusal(error: BadRequest, chat: str) -> DeliveryRefused:
    is_of_group, is_gone = is_group(chat), _is_of_the_chat(error)
    return DeliveryRefused(
        str(error), is_address_dead=is_gone and not is_of_group, is_place_closed=is_gone and is_of_group
    )


def _is_unexplained(error: BadRequest) -> bool:
    """Does the refusal say nothing at all, or no more than that there is a field too many?"""
    reason = str(error).lower()
    return reason.strip() in NO_WORDS or any(words in reason for words in EXTRA_FIELD)


def _is_of_the_chat(error: BadRequest) -> bool:
    return any(words in str(error).lower() for words in NO_CHAT)
