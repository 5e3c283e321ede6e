"""The one way in, for both transports: a payload goes to the desk, and what the desk says becomes the acknowledgement.

Nothing is acknowledged before the desk has committed. A cause that will pass is answered so that Slack tries again
(503 for events) or so that the person does (a sentence for commands, which Slack never repeats). What cannot be read
is put into quarantine and acknowledged, so that it never comes back to block the rest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.channels.port import Desk
from bot.channels.slack import acks, downloads, forms, home, hurry, pointing, render, unfurling
from bot.channels.slack.acks import DONE, LATER, Ack, said, worded
from bot.channels.slack.answering import Answering, Asker, asker_of
from bot.channels.slack.beside import Beside
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.directory import Directory
from bot.channels.slack.payloads import (
    Challenge,
    Given,
    Heard,
    HomeOpened,
    Ignored,
    Links,
    Payload,
    Pointed,
    Refused,
    Told,
    Translation,
    Unreadable,
    enterprise_of,
    is_complete,
    part,
    raw_of,
    read_body,
    team_of,
)  # fmt: skip
from bot.channels.slack.service import Service
from bot.channels.slack.translate import translate
from bot.clock import Clock
from bot.errors import DeliveryDelayed, TemporaryError, UserError
from bot.messages import SLACK, Answer, InboundMessage, Receipt
from bot.notices.tongues import Tongues
from bot.tokens import Signer

log = structlog.get_logger(__name__)

# How long we go without knowing who we are before we ask again.
STRANGE_SECONDS = 60.0


class Intake:
    """Takes payloads in and answers them. Knows the desk by its border alone."""

    def __init__(self, config: SlackConfig, desk: Desk, *, signer: Signer, clock: Clock, service: Service) -> None:
        self._config = config
        self._desk = desk
        self._signer = signer
        self._clock = clock
        self._service = service
        self._directory, self._tongues = Directory(service, clock), Tongues()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._beside = Beside()
        self._answering = Answering(service, signer, self._beside)
        self._asked_at: float | None = None
        self.is_open = True

    async def take(self, payload: Payload) -> Ack:
        """One payload, to the end: whatever happens is an acknowledgement.

        Raises only where not even the quarantine takes it, for a reason unknown; Slack then sends it again.
        """
        if not self.is_open:
            return LATER
        self._under_way += 1
        found: Translation | None = None
        try:
            found = await self._read(payload)
            return await self._act(found)
        except Unreadable as error:
            return await self.quarantine(raw_of(payload), str(error))
        except Exception:
            log.exception("slack_payload_failed")
            return await self._failed(payload, found)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def quarantine(self, raw: bytes, reason: str) -> Ack:
        """Keep what no translation could read. Slack sends it again if even that fails."""
        log.warning("slack_payload_unreadable", reason=reason)
        try:
            await self._desk.quarantine(SLACK, raw, reason)
        except TemporaryError:
            log.warning("slack_quarantine_delayed", exc_info=True)
            return LATER
        return DONE

    async def reread(self, raw: bytes, received_at: datetime) -> InboundMessage:
        """What lay in quarantine, read again, as a message. Raises UserError where it still is none."""
        try:
            found = translate(read_body(b"", raw), self._config, self._signer, received_at)
        except ValueError as error:
            raise UserError(f"It still cannot be read: {error}. It stays in quarantine.") from error
        if not isinstance(found, Heard):
            raise UserError("It is no message, so there is nothing to receive. It stays in quarantine.")
        return await self._with_files(found)

    async def close(self, seconds: float) -> None:
        """Take no more; wait for what is under way, at most `seconds`."""
        self.is_open = False
        try:
            async with asyncio.timeout(seconds):
                while self._under_way:
                    self._idle.clear()
                    await self._idle.wait()
                await self._beside.end()
        except TimeoutError:
            log.warning("slack_left_under_way", count=self._under_way)

    async def _read(self, payload: Payload) -> Translation:
        """What a payload is. Raises Unreadable."""
        hurry.begin()
        await self._service.enter(team_of(payload), enterprise_of(payload), is_needed=False)
        await self._know_ourselves(payload)
        if self._service.echoes.is_own(part(payload, "event")):
            return Ignored("written by the desk itself")
        return translate(payload, self._config, self._signer, self._clock.now(), me=self._service.me)

    async def _failed(self, payload: Payload, found: Translation | None) -> Ack:
        """After a fault of ours: what was not read is kept, who waits is told, and Slack sends the rest again."""
        if found is None:
            return await self.quarantine(raw_of(payload), "the desk failed to read it")
        if isinstance(found, Given):
            return self._answered(found, Answer(worded(acks.OUR_FAULT, self._language(found)), is_ok=False))
        return said(acks.OUR_FAULT, self._language(found)) if _is_command(found) else LATER

    async def _act(self, found: Translation) -> Ack:
        match found:
            case Given():
                return await self._obey(found)
            case Challenge(word):
                # Plain or as JSON, Slack takes both; as JSON, which is what Bolt answers and others may expect.
                return Ack(body={"challenge": word})
            case Ignored(reason):
                log.debug("slack_payload_ignored", reason=reason)
                return DONE
            case HomeOpened():
                self._beside.begin(self._home(found))
                return DONE
            case Links():
                work = unfurling.unfurl(found, self._desk, self._service, signer=self._signer, clock=self._clock)
                self._beside.begin(work)
                return DONE
            case Refused(text, _, is_form=True):
                return Ack(body=forms.refusal(None, text))
            case Refused(text, reply_url, person=person):
                self._answering.tell(Asker(reply_url, person), [render.plain(text)])
                return DONE
        return await self._receive(found)

    async def _know_ourselves(self, payload: Payload) -> None:
        """Before a payload that does not say who the bot is: Slack's always do."""
        if self._service.is_introduced or is_complete(payload):
            return
        now = self._clock.monotonic()
        if self._asked_at is None or now - self._asked_at >= STRANGE_SECONDS:
            self._asked_at = now
        elif not self._service.is_asking_who:
            return
        await self._service.know_ourselves()

    def _language(self, found: Translation) -> str:
        """The language of who is told something, as far as it is known without asking."""
        if not isinstance(found, Given | Heard):
            return ""
        person = found.order.sender if isinstance(found, Given) else found.message.sender
        return self._tongues.of(self._directory.known(person))

    # ------------------------------------------------------------ orders

    async def _obey(self, given: Given) -> Ack:
        asked = forms.form_for(given)
        if asked is not None:
            # Nothing to commit: the view opens after the acknowledgement, while its trigger lives.
            self._answering.open_form(given, *asked, self._language(given))
            return DONE
        try:
            answer = await self._desk.obey(replace(given.order, sender=self._directory.known(given.order.sender)))
        except TemporaryError:
            log.warning("slack_order_delayed", exc_info=True)
            answer = Answer(worded(acks.TRY_AGAIN, self._language(given)), is_ok=False)
        return self._answered(given, answer)

    def _answered(self, given: Given, answer: Answer) -> Ack:
        """The answer to a command where it can be shown: in the acknowledgement, the form, or beside it."""
        language = self._tongues.note(given.order.sender, answer)
        if given.form is not None:
            return Ack(body=forms.answer_in(given.form, answer, language))
        pages = render.answer_pages(answer, self._signer)
        if given.is_button and not given.reply_url and given.trigger_id:
            # Pressed where no words can be posted, such as the home tab.
            if answer.is_ok and given.order.text.partition(" ")[0] in home.VERBS:
                self._beside.begin(self._home(HomeOpened(given.order.sender, given.order.key)))
            else:
                self._answering.show(given, pages, language)
            return DONE
        # The answer to a press is not shown by Slack; its words go to the response_url.
        self._answering.tell(asker_of(given.order, given.reply_url), pages if given.is_button else pages[1:])
        if given.is_button:
            return DONE
        return Ack(body=render.ephemeral(pages[0]))

    def answer_beside(self, payload: Payload, said: str) -> None:
        """The words of an acknowledgement, which was to have none: JSON as it would have been sent, or plain."""
        body = json.loads(said) if said.startswith("{") else {}
        url, person, channel = (payload.get(name) for name in ("response_url", "user_id", "channel_id"))
        asker = Asker(*(each if isinstance(each, str) else "" for each in (url, person, channel)))
        page = render.Page(body["text"], tuple(body.get("blocks", ()))) if "text" in body else render.plain(said)
        if "response_action" not in body:
            self._answering.tell(asker, [page])

    # ------------------------------------------------------------ messages

    def _home(self, opened: HomeOpened) -> Coroutine[Any, Any, None]:
        tab = home.Tab(self._desk, self._service, self._signer, self._clock, self._tongues)
        return tab.publish(replace(opened, person=self._directory.known(opened.person)))

    async def _receive(self, found: Heard | Pointed | Told) -> Ack:
        try:
            if isinstance(found, Told):
                await self._desk.hear_of(found.news)
                if found.news.what == "cut off":
                    await self._service.leave(found.team)
            elif isinstance(found, Heard):
                receipt = await self._hear(found)
                if found.is_command:
                    return said(
                        acks.OPENED if receipt.ticket_id else acks.KEPT, self._language(found), id=receipt.ticket_id
                    )
            else:
                await self._make_ticket(found)
        except (TemporaryError, DeliveryDelayed, TimeoutError) as error:
            log.warning("slack_message_delayed", error=type(error).__name__)
            # Slack sends an event again, but never a shortcut.
            if isinstance(found, Pointed):
                self._answering.tell(_pointer(found), [render.plain(acks.TRY_AGAIN)])
            return said(acks.TRY_AGAIN, self._language(found)) if _is_command(found) else LATER
        return DONE

    async def _hear(self, heard: Heard) -> Receipt:
        message = await self._with_files(heard)
        return await self._desk.receive(replace(message, sender=await self._directory.named(message.sender)))

    async def _with_files(self, heard: Heard) -> InboundMessage:
        if not heard.files:
            return heard.message
        fetched = await downloads.fetch(self._service, heard.files)
        lost = [file.mention for file, content in zip(heard.files, fetched, strict=True) if content is None]
        return replace(
            heard.message,
            attachments=tuple(content for content in fetched if content is not None),
            body_text="\n".join([heard.message.body_text, *lost]).strip(),
            text="\n".join([heard.message.text, *lost]).strip(),
        )

    async def _make_ticket(self, pointed: Pointed) -> None:
        """The message that somebody pointed at, and its thread; each has a key, so that a second time adds nothing."""
        ticket_id = None
        for heard in await pointing.thread_of(self._service, pointed, self._clock.now()):
            receipt = await self._hear(heard)
            ticket_id = ticket_id or receipt.ticket_id
        told = worded(acks.NOTHING_FOUND if ticket_id is None else acks.OPENED, "", id=ticket_id)
        self._answering.tell(_pointer(pointed), [render.plain(told)])


def _pointer(pointed: Pointed) -> Asker:
    """Who waits for an answer; nobody does after a reaction."""
    return Asker(pointed.reply_url, pointed.person, pointed.channel)


def _is_command(found: Translation) -> bool:
    return isinstance(found, Heard) and found.is_command
