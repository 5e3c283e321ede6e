"""One update on its way to the desk: translate, fetch files, receive or obey, and answer the button.

Polling and webhook both end here. An update is settled when `take` returns: recorded, obeyed, ignored or in
quarantine, and committed. A TemporaryError means that it must come again; replays are folded by key, so it may come
as often as it likes. Updates of one chat keep their order; those of different chats share a commit.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from telegram.error import TelegramError

from bot.channels.port import Desk
from bot.channels.telegram.asking import question
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.compose import target_of_place
from bot.channels.telegram.content import Unreadable
from bot.channels.telegram.files import FileFetcher
from bot.channels.telegram.markup import ANSWER_UNITS_MAX, shorten
from bot.channels.telegram.translate import (
    Ignored,
    Incoming,
    Migrated,
    Reading,
    translate,
)
from bot.channels.telegram.updates import album_of, key_of, lane_of, language_in
from bot.clock import Clock
from bot.commands.forms import Form, form_of, question_for
from bot.errors import TemporaryError, UserError
from bot.messages import TELEGRAM, InboundMessage, News, Order
from bot.notices.texts import text_of
from bot.notices.tongues import Tongues

log = structlog.get_logger(__name__)

ALBUMS_KEPT = 1000
DRAIN_SECONDS = 2.0


class Intake:
    """Takes updates for the desk."""

    def __init__(self, client: BotClient, desk: Desk, reading: Reading, clock: Clock) -> None:
        self.reading = reading
        self.client, self._desk, self._clock = client, desk, clock
        self._files, self._tongues = FileFetcher(client), Tongues()
        self._albums: OrderedDict[str, int] = OrderedDict()
        self._asked: OrderedDict[str, None] = OrderedDict()
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, update: object) -> None:
        """Settle one update. Returns after the commit; raises TemporaryError when it must come again."""
        lane = self._lanes.setdefault(lane_of(update), asyncio.Lock())
        async with lane:
            try:
                await self._settle(update)
            except TemporaryError:
                raise
            except Exception as error:
                log.exception("telegram_update_unreadable", key=key_of(update, self.reading.bot_id))
                await self._quarantine(update, error)
                self._answer_button(update, text_of(language_in(update), "chat unread"), is_alert=True)

    async def reread(self, raw: bytes, received_at: datetime) -> InboundMessage:
        """What lay in quarantine, read again, as a message. Raises UserError where it still is none."""
        try:
            found = translate(json.loads(raw), self.reading, received_at)
        except (Unreadable, ValueError, RecursionError) as error:
            raise UserError(f"It still cannot be read: {error}. It stays in quarantine.") from error
        if not isinstance(found, Incoming):
            raise UserError("It is no message, so there is nothing to receive. It stays in quarantine.")
        return await self._with_files(found)

    async def drain(self) -> None:
        """Let the answers to buttons that are under way end, for a moment: nothing depends on them."""
        if self._answering:
            _, late = await asyncio.wait(self._answering, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()

    async def _settle(self, update: object) -> None:
        root = self._albums.get(album_of(update))
        found = translate(update, self.reading, self._clock.now(), album_root=root)
        match found:
            case Incoming():
                await self._receive(found)
            case Order():
                await self._obey(found, update)
            case News():
                await self._desk.hear_of(found)
            case Migrated(old, new):
                await self._tell_moved(old, new)
            case Ignored(reason):
                log.debug("telegram_update_ignored", key=key_of(update, self.reading.bot_id), reason=reason)
                self._answer_button(update, text_of(language_in(update), "chat stale"), is_alert=True)

    async def _obey(self, order: Order, update: object) -> None:
        """Carry out a command, or ask for the words that it lacks."""
        is_pressed = isinstance(update, dict) and "callback_query" in update
        # A press alone, which may be a slip, resolves nothing: it asks, as the same press opens a form in Slack.
        asked = form_of(order.text) if is_pressed else question_for(order.text)
        if asked is None:
            answer = await self._desk.obey(order)
            self._tongues.note(order.sender, answer)
            self._answer_button(update, answer.text, is_alert=not answer.is_ok)
            return
        if self._is_first(order.key):
            self._beside(self._ask(order, *asked, update))
        else:
            self._answer_button(update, "", is_alert=False)

    async def _receive(self, incoming: Incoming) -> None:
        await self._desk.receive(await self._with_files(incoming))
        if incoming.album:
            # Only once the first picture is recorded can the others join it.
            self._albums.setdefault(incoming.album, incoming.number)
            if len(self._albums) > ALBUMS_KEPT:
                self._albums.popitem(last=False)

    async def _with_files(self, incoming: Incoming) -> InboundMessage:
        message = incoming.message
        if not incoming.files:
            return message
        attachments, notes = await self._files.fetch(incoming.files)
        text = "\n".join(part for part in (message.text, *notes) if part)
        return replace(message, attachments=attachments, text=text, body_text=text)

    async def _tell_moved(self, old: str, new: str) -> None:
        log.warning("telegram_chat_moved", old=old, new=new)
        if self.reading.staff_chat == old:
            self.reading = replace(self.reading, staff_chat=new)
        await self._desk.conversation_moved(TELEGRAM, old, new)

    def _answer_button(self, update: object, text: str, *, is_alert: bool) -> None:
        """Stop the button's spinner, beside the stream of updates: nobody waits for it, and it may fail."""
        query = update.get("callback_query") if isinstance(update, dict) else None
        if isinstance(query, dict):
            self._beside(self._answer(str(query.get("id")), shorten(text, ANSWER_UNITS_MAX), is_alert))

    def _is_first(self, key: str) -> bool:
        """Is the question new? The desk keeps none, and an update that comes again asks for it again."""
        is_first = key not in self._asked
        self._asked[key] = None
        if len(self._asked) > ALBUMS_KEPT:
            self._asked.popitem(last=False)
        return is_first

    async def _ask(self, order: Order, form: Form, ticket_id: int, update: object) -> None:
        """Ask for the words that a command lacks. Whoever pressed and cannot be asked now is told so."""
        target, language = target_of_place(order.place), self._tongues.of(order.sender)
        try:
            await self.client.call("sendMessage", **target.fields(), **question(form, ticket_id, language))
        except TelegramError as error:
            log.warning("telegram_question_failed", reason=str(error))
            self._answer_button(update, text_of(language or language_in(update), "chat busy"), is_alert=True)
        else:
            self._answer_button(update, "", is_alert=False)

    async def _answer(self, query_id: str, text: str, is_alert: bool) -> None:
        try:
            await self.client.call("answerCallbackQuery", callback_query_id=query_id, text=text, show_alert=is_alert)
        except TelegramError as error:
            # The desk's answer goes through the outbox as well; this one is only the quick word.
            log.info("telegram_button_unanswered", reason=str(error))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _quarantine(self, update: object, error: Exception) -> None:
        raw = json.dumps(update, default=str).encode()
        key = key_of(update, self.reading.bot_id)
        # With what it is: a server may number another alike.
        key = key and f"{key}:{hashlib.sha256(raw).hexdigest()[:12]}"
        await self.quarantine(raw, f"{type(error).__name__}: {error}", key=key)

    async def quarantine(self, raw: bytes, reason: str, *, key: str = "") -> None:
        """Put bytes aside that are no update. Raises TemporaryError where even that fails: they must come again."""
        key = key or f"{self.reading.bot_id}:{hashlib.sha256(raw).hexdigest()[:32]}"
        try:
            await self._desk.quarantine(TELEGRAM, raw, reason[:500], key=key)
        except TemporaryError:
            raise
        except Exception as error:
            log.exception("telegram_quarantine_failed", key=key)
            raise TemporaryError("quarantine failed") from error
