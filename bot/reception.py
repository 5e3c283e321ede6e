"""The front door: `receive` takes a message, `obey` a command. One call, one transaction; the only place of rights.

A cause known to pass is raised as TemporaryError, so that the sender tries again. An unknown fault rolls back, keeps
the raw bytes in quarantine with an error id, tells the manager, and lets the queue behind it move on.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot import asides, attributing, folding, intake, legible, moving, news, notices, orders, past, people
from bot.addressing import is_ours
from bot.blobs import Blobs
from bot.clock import Clock
from bot.commands import BadCommand, Requeue, command_in, parse
from bot.errors import NotFound, TemporaryError, UserError
from bot.messages import EMAIL, Answer, Attachment, InboundMessage, News, Order, Receipt, Trust
from bot.notices.answers import in_language
from bot.people import Actor
from bot.policy import Policy
from bot.queries import intake as queries
from bot.receipts import done_already, failed, first_receipt, reread, send_answer, settle_message, settle_order
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row, Store, Tx
from bot.telling import tell_managers

log = structlog.get_logger()
# Reads a channel's kept bytes again, as of when they first came.
Reread = Callable[[bytes, datetime], Awaitable[InboundMessage]]


class Reception:
    """The doors that channels knock at (`channels.port.Desk`)."""

    def __init__(
        self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, *, on_commit: Callable[[], None] = lambda: None
    ) -> None:
        self._store, self._clock, self._blobs, self._policy = store, clock, blobs, policy
        self.on_commit = on_commit
        # How each channel reads kept bytes again, for `requeue`; wiring fills it.
        self.rereaders: dict[str, Reread] = {}

    async def accepts(self, address: str) -> bool:
        return is_ours(address, self._policy.addresses)

    async def receive(self, message: InboundMessage) -> Receipt:
        now = self._clock.now()
        try:
            await self._blobs.stage([message.raw, *(file.content or b"" for file in message.attachments)])
            receipt = await self._store.run(lambda tx: self._receive(tx, message, now))
        except TemporaryError:
            raise
        except Exception as fault:
            error_id = _error_id(message.channel, message.key)
            log.exception("message not understood", error_id=error_id, channel=message.channel)
            # Chats send no document that could be read again: what was read of the message is kept, with its files.
            raw, files = (message.raw, ()) if message.raw else (legible.to_bytes(message), message.attachments)
            return await self.quarantine(message.channel, raw, type(fault).__name__, key=message.key, files=files)
        log.info("received", channel=message.channel, outcome=receipt.outcome, ticket=receipt.ticket_id)
        self.on_commit()
        return receipt

    async def obey(self, order: Order) -> Answer:
        now = self._clock.now()
        try:
            is_long = orders.may_take_long(order.text)
            answer = await self._store.run(lambda tx: self._obey(tx, order, now), is_long=is_long)
            if answer is None:
                answer = await self._obey_requeue(order, now)
        except TemporaryError:
            raise
        except Exception:
            error_id = secrets.token_hex(4)
            log.exception("command failed", error_id=error_id, channel=order.channel)
            return failed(order, error_id, language=self._policy.language)
        self.on_commit()
        return answer

    async def quarantine(
        self, channel: str, raw: bytes, reason: str, *, key: str = "", files: Sequence[Attachment] = ()
    ) -> Receipt:
        now = self._clock.now()
        key = key or f"raw:{hashlib.sha256(raw).hexdigest()}"

        def unit(tx: Tx) -> Receipt:
            for file in files:
                self._blobs.put(tx, file.content or b"")
            return self._quarantine(tx, channel, raw, reason, key=key, now=now)

        receipt = await self._store.run(unit)
        self.on_commit()
        return receipt

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        """A group got another id (Telegram's supergroups): what is told there goes on in the new one."""
        now = self._clock.now()
        cause = f"moved:{channel}:{old}:{new}"
        await self._store.run(lambda tx: moving.move(Scene(tx, self._policy, now, cause), channel, old, new))
        self.on_commit()

    async def end_digests(self, token: str) -> bool:
        """The link in a digest was followed: no more of them to that address. False for a token of nobody's."""
        now = self._clock.now()
        return await self._store.run(
            lambda tx: asides.end_digests(Scene(tx, self._policy, now, f"digest:{token}"), token, by="a link")
        )

    async def hear_of(self, told: News) -> None:
        """A channel learned something of itself: a person left it, a conversation was closed, we were cut off."""
        now = self._clock.now()
        cause = f"news:{told.channel}:{told.key}"
        await self._store.run(lambda tx: news.take(Scene(tx, self._policy, now, cause), told))
        self.on_commit()

    async def requeue(self, number: int) -> Receipt:
        """Receive a quarantined message again, after an upgrade; what fails again stays where it is.

        Raises NotFound for a number that is none, UserError where it cannot be read yet.
        """
        now = self._clock.now()
        row = await self._store.read(lambda tx: tx.one(queries.BY_ID, id=number))
        if row is None or row.outcome != "quarantined":
            raise NotFound(sentence("requeue none", number=number))
        if row.removed_at is not None:
            removed_on, days = row.removed_at.date(), row.removed_after_days
            raise UserError(sentence("requeue removed", number=number, on=removed_on, count=days))
        raw = await self._store.read(lambda tx: self._blobs.get(tx, row.raw_sha256))
        try:
            message = legible.from_bytes(raw) or await self._read_again(row, raw)
            await self._blobs.stage([message.raw, *(file.content or b"" for file in message.attachments)])
            receipt = await self._store.run(lambda tx: self._receive_again(tx, number, message, now))
        except (TemporaryError, UserError):
            raise
        except Exception as fault:
            log.exception("message not understood again", inbound=number, channel=row.channel)
            raise UserError(sentence("requeue unread", number=number, kind=type(fault).__name__)) from fault
        log.info("requeued", inbound=number, outcome=receipt.outcome)
        self.on_commit()
        return receipt

    async def _read_again(self, row: Row, raw: bytes) -> InboundMessage:
        reread = self.rereaders.get(row.channel)
        if reread is None:
            raise UserError(sentence("requeue channel", channel=row.channel, number=row.id))
        return await reread(raw, row.received_at)

    def _receive_again(self, tx: Tx, number: int, message: InboundMessage, now: datetime) -> Receipt:
        if tx.run(queries.RELEASE, id=number) != 1:
            raise NotFound(sentence("requeue none", number=number))
        return self._receive(tx, message, now)

    # ------------------------------------------------------------ messages

    def _receive(self, tx: Tx, message: InboundMessage, now: datetime) -> Receipt:
        raw_sha256 = self._blobs.put(tx, message.raw) if message.raw else ""
        recorded = tx.one(
            queries.RECORD,
            channel=message.channel,
            key=message.key,
            received_at=message.received_at,
            raw_sha256=raw_sha256,
        )
        if recorded is None:
            return first_receipt(tx, message.channel, message.key)
        scene = Scene(tx, self._policy, now, f"inbound:{recorded.id}", place=message.place)
        actor = attributing.identify(scene, message)
        shas = tuple(file.sha256 or self._blobs.put(tx, file.content or b"") for file in message.attachments)
        message = folding.without_known_logos(tx, message, shas)
        receipt = self._place(scene, intake.Arrival(message, actor, recorded.id, shas))
        settle_message(tx, receipt, reason=message.automatic or "")
        return receipt

    def _place(self, scene: Scene, arrival: intake.Arrival) -> Receipt:
        """Decide what a recorded message is: automatic, a command, an addition, or something new."""
        message, actor, inbound_id = arrival.message, arrival.actor, arrival.inbound_id
        if message.is_past:
            return past.keep(scene, arrival)
        if (own := asides.keep_own(scene, arrival)) is not None:
            return own
        ticket = attributing.find_ticket(scene, message, actor)
        if message.automatic:
            return Receipt("recorded", inbound_id, asides.keep_automatic(scene, arrival, ticket))
        line = command_in(message.text, ticket_id=ticket.id if ticket else None, role=orders.role_of(actor))
        if line is not None and _may_command(actor, message):
            with_files = replace(scene, files=arrival.files, read=lambda file: self._blobs.get(scene.tx, file.sha256))
            answer = self._carry_out(with_files, actor, line, ticket.id if ticket else None)
            send_answer(scene, actor, answer, message)
            return Receipt("obeyed", inbound_id, answer.ticket_id, answer=answer)
        if actor.consultant_id is not None:
            told = asides.hear_staff(scene, arrival, ticket)
            if told is not None:
                send_answer(scene, actor, told, message)
            return Receipt("recorded", inbound_id, ticket.id if ticket is not None else None, answer=told)
        if self._policy.is_staff_place(message.place):
            return asides.turn_away(scene, arrival)
        if ticket is None and not attributing.is_meant_for_us(scene, message):
            return Receipt("recorded", inbound_id)
        if ticket is not None and attributing.is_bystander(scene, ticket, message, actor):
            return asides.overhear(scene, arrival, ticket)
        if ticket is not None and attributing.is_known(scene, ticket, message):
            return Receipt("recorded", inbound_id, ticket.id)
        if ticket is not None and (thanked := asides.take_thanks(scene, arrival, ticket)) is not None:
            return thanked
        if ticket is not None:
            joined = intake.join(scene, arrival, ticket, how=attributing.how_found(scene, ticket, message))
            return Receipt("joined" if joined.id == ticket.id else "opened", inbound_id, joined.id)
        return Receipt("opened", inbound_id, intake.open_new(scene, arrival).id)

    # ------------------------------------------------------------ commands

    def _obey(self, tx: Tx, order: Order, now: datetime) -> Answer | None:
        """Carry out a command; None for one that is allowed, and has to be done outside of a transaction."""
        recorded = tx.one(
            queries.RECORD, channel=order.channel, key=order.key, received_at=order.given_at, raw_sha256=""
        )
        if recorded is None:
            again = first_receipt(tx, order.channel, order.key).answer
            return again or done_already(order, language=self._policy.language)
        is_nameless = order.trust is not Trust.PROVEN
        scene = Scene(tx, self._policy, now, f"inbound:{recorded.id}", place=order.place, is_nameless=is_nameless)
        actor = people.identify(tx, order.sender, order.trust, now, language=self._policy.language)
        attributing.note_return(scene, actor)
        if _requeue_in(order.text) is not None and actor.is_manager:
            return None
        answer = self._carry_out(scene, actor, order.text, order.ticket_id or attributing.ticket_at(tx, order))
        return settle_order(scene, recorded.id, actor, answer, order=order)

    async def _obey_requeue(self, order: Order, now: datetime) -> Answer:
        """Reading a message again parses it, which no transaction should wait for."""
        number = _requeue_in(order.text)
        assert number is not None
        try:
            answer = reread(number, (await self.requeue(number)).ticket_id)
        except UserError as refusal:
            answer = Answer(str(refusal), is_ok=False)

        def settle(tx: Tx) -> Answer:
            recorded = first_receipt(tx, order.channel, order.key)
            actor = people.identify(tx, order.sender, order.trust, now, language=self._policy.language)
            scene = Scene(tx, self._policy, now, f"inbound:{recorded.inbound_id}")
            told = replace(answer, text=in_language(actor.language, answer.text), language=actor.language)
            return settle_order(scene, recorded.inbound_id, actor, told, order=order)

        return await self._store.run(settle)

    def _carry_out(self, scene: Scene, actor: Actor, line: str, ticket_id: int | None) -> Answer:
        """Parse, authorise, do. A refusal inside a message's transaction undoes the command alone."""
        try:
            with scene.tx.savepoint():
                return orders.carry_out(scene, actor, parse(line, ticket_id=ticket_id))
        except UserError as refusal:
            return Answer(orders.explain(scene, actor, refusal), is_ok=False, ticket_id=ticket_id)

    # ------------------------------------------------------------ what nobody can read

    def _quarantine(self, tx: Tx, channel: str, raw: bytes, reason: str, *, key: str, now: datetime) -> Receipt:
        row = tx.one(
            queries.QUARANTINE,
            channel=channel,
            key=key,
            received_at=now,
            raw_sha256=self._blobs.put(tx, raw),
            error_id=(error_id := _error_id(channel, key)),
            reason=reason[:500],
        )
        assert row is not None
        scene = Scene(tx, self._policy, now, f"quarantine:{row.id}")
        scene.record("quarantined", reason=reason[:500], inbound_id=row.id, channel=channel)
        told = partial(notices.quarantined, inbound_id=row.id, channel=channel, error_id=error_id, reason=reason)
        tell_managers(scene, told, ticket_id=None)
        return Receipt("quarantined", row.id)


def _requeue_in(line: str) -> int | None:
    """The number of the message that a command wants read again."""
    if "requeue" not in line.lower():
        return None
    try:
        command = parse(line)
    except BadCommand:
        return None
    return command.inbound_id if isinstance(command, Requeue) else None


def _error_id(channel: str, key: str) -> str:
    """Names one unreadable message, in the log, in its row and in what the manager reads."""
    return hashlib.sha256(f"{channel} {key}".encode()).hexdigest()[:8]


def _may_command(actor: Actor, message: InboundMessage) -> bool:
    """Whoever is proven; in a chat, which vouches for its accounts, a stranger too: to link, to ask for help."""
    return actor.is_proven or (message.channel != EMAIL and message.trust is Trust.PROVEN)
