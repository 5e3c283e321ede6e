"""The door of time: everything that has fallen due is done here, in a fixed order; what is drawn has rounds of its own.

Each duty takes at most 100 due rows in one transaction, a savepoint each; several workers share the rows by SKIP
LOCKED. A row that fails is set aside in a transaction of its own, with a later due time, so that it never starves the
rest; the manager hears at the third failure. A forward jump of the clock that nothing else shares stops whatever costs
money until a manager confirms it. Source: design, "A tick".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from bot import booking, books, desk, notices, outbox, people, tickets
from bot.breaker import watch_breaker
from bot.clock import Clock
from bot.dues import begin_term, earn_fee, warn_of_lapse
from bot.grading import desk_calendar
from bot.hours import add_business_minutes
from bot.intake import UNVERIFIED_PATIENCE_MINUTES
from bot.laddering import climb
from bot.money import format_cents
from bot.notices import Reader
from bot.notices.figures import money_in
from bot.notices.of_invoices import invoice_overdue, invoice_reminder
from bot.orders.usecase import requester_reader
from bot.paperwork import payers
from bot.policy import Policy
from bot.queries import clockwork, fees
from bot.queries import diary as diary_queries
from bot.queries import invoices as invoice_queries
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.store import Query, Row, Store, Tx
from bot.telling import tell_managers, tell_requester
from bot.tickets import State
from bot.triage.priority import Priority
from bot.zones import zone_named

log = structlog.get_logger()
BATCH = 100
RETRY_AFTER = timedelta(minutes=5)
FAILURES_TOLD = 3
# After each reminder of an invoice, days to the next; the first goes out three days after it was due.
REMINDER_DAYS = (7, 14, 14)


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of due row: how to find it, what to do with it, how to set a failing one aside, whose ticket it is."""

    name: str
    due: Query
    do: Callable[[Scene, Row], None]
    set_aside: Query
    costs_money: bool = False
    ticket_of: Callable[[Row], int | None] = lambda row: int(row.id)
    client_of: Callable[[Row], int] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look shows, so that a quiet desk costs one transaction. due: names of the duties with a due row."""

    is_halted: bool
    due: frozenset[str]


class Tick:
    """Looks once at everything that is due."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store, self._clock, self._policy = store, clock, policy
        self._last: tuple[datetime, float] | None = None
        self._rooted_on: date | None = None

    async def run_once(self) -> int:
        """Do what is due now; returns how many rows were done. Repeats while whole batches come back."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        seen = await self._store.run(lambda tx: self._look_around(tx, now, monotonic), is_batch=True)
        # Noted here, after the commit: a unit may run twice, or for nothing.
        self._last, self._rooted_on = (now, monotonic), self._local_date(now)
        done = 0
        for duty in DUTIES:
            if duty.costs_money and seen.is_halted:
                continue
            if not done and duty.name not in seen.due:
                # Nothing was done since we looked, so nothing new is due.
                continue
            while (count := await self._do(duty, now)) == BATCH:
                done += count
            done += count
        return done

    async def _do(self, duty: Duty, now: datetime) -> int:
        failed: list[tuple[Row, str]] = []
        count = await self._store.run(lambda tx: self._batch(tx, duty, now, failed), is_batch=True)
        for row, reason in failed:
            await self._store.run(partial(self._set_aside, duty=duty, row=row, reason=reason, now=now), is_batch=True)
        return count

    def _batch(self, tx: Tx, duty: Duty, now: datetime, failed: list[tuple[Row, str]]) -> int:
        failed.clear()
        rows = tx.all(duty.due, now=now, limit=BATCH)
        if duty.client_of is not None:
            # All before the first row: whoever holds the counter of documents must wait for no client.
            books.lock_clients(tx, map(duty.client_of, rows))
        for row in rows:
            scene = Scene(tx, self._policy, now, f"{duty.name}:{row.id}:{getattr(row, 'version', now.isoformat())}")
            try:
                with tx.savepoint():
                    duty.do(scene, row)
            except Exception as fault:
                log.exception("due row failed", duty=duty.name, row=row.id)
                failed.append((row, type(fault).__name__))
        return len(rows)

    def _set_aside(self, tx: Tx, *, duty: Duty, row: Row, reason: str, now: datetime) -> None:
        failures = row.failures + 1
        wait = RETRY_AFTER * min(2**row.failures, 64)
        tx.run(duty.set_aside, id=row.id, again_at=now + wait)
        if failures == FAILURES_TOLD:
            scene = Scene(tx, self._policy, now, f"failed:{duty.name}:{row.id}")
            ticket_id = duty.ticket_of(row)
            told = partial(notices.step_failed, ticket_id, what=f"{duty.name} ({reason})", failures=failures)
            tell_managers(scene, told, ticket_id=ticket_id)

    # ------------------------------------------------------------ the clock itself

    def _look_around(self, tx: Tx, now: datetime, monotonic: float) -> Seen:
        watch_breaker(Scene(tx, self._policy, now, f"breaker:{now.isoformat()}"))
        self._keep_root(tx, now)
        due = frozenset(duty.name for duty in DUTIES if tx.one(duty.due, now=now, limit=1) is not None)
        return Seen(self._watch_clock(tx, now, monotonic), due)

    def _local_date(self, now: datetime) -> date:
        return now.astimezone(zone_named(self._policy.zone)).date()

    def _keep_root(self, tx: Tx, now: datetime) -> None:
        """Once a local night: the root over all hash chains."""
        on = self._local_date(now)
        if on != self._rooted_on:
            books.keep_root(tx, on=on, now=now)

    def _watch_clock(self, tx: Tx, now: datetime, monotonic: float) -> bool:
        """Whether charges and lapses are halted: since this look, or since one before that nobody confirmed."""
        jumped = timedelta()
        if self._last is not None:
            jumped = (now - self._last[0]) - timedelta(seconds=monotonic - self._last[1])
        halted = tx.one(clockwork.SETTING, name=clockwork.HALTED)
        if jumped > timedelta(hours=self._policy.clock_jump_hours) and halted is None:
            hours = int(jumped.total_seconds() // 3600)
            value = json.dumps({"at": now.isoformat(), "hours": hours})
            tx.run(clockwork.SET, name=clockwork.HALTED, value_json=value, now=now)
            scene = Scene(tx, self._policy, now, f"clock:{now.isoformat()}")
            scene.record("clock jumped", reason=f"forward by {hours} hours", hours=hours)
            tell_managers(scene, partial(notices.clock_jumped, hours=hours), ticket_id=None, is_page=True)
            return True
        return halted is not None


# ---------------------------------------------------------------- the duties


def _step(scene: Scene, row: Row) -> None:
    ticket = desk.from_row(row)
    climb(scene, ticket, reason="hold lapsed" if ticket.state is State.HELD and ticket.hold_until_at else "unanswered")


def _promise(scene: Scene, row: Row) -> None:
    saved = desk.save(scene, tickets.miss_promise(desk.from_row(row)))
    told = partial(notices.promise_missed, saved)
    tell_managers(scene, told, ticket_id=saved.id, is_page=saved.priority == Priority.P1)
    outbox.touch_cards(scene.tx, saved.id, scene.now)


def _close(scene: Scene, row: Row) -> None:
    saved = desk.save(scene, tickets.close(desk.from_row(row), "resolved, and not answered since", now=scene.now))
    reason = "It was resolved, and you did not write again."
    tell_requester(scene, saved, notices.closed(saved, requester_reader(scene, saved), reason=reason))
    outbox.touch_cards(scene.tx, saved.id, scene.now)


def _remind(scene: Scene, row: Row) -> None:
    """An unverified ticket: the manager hears within one business hour, and again, until somebody takes it."""
    ticket = desk.from_row(row)
    again_at = add_business_minutes(desk_calendar(scene), scene.now, UNVERIFIED_PATIENCE_MINUTES)
    saved = desk.save(scene, tickets.remind(ticket, again_at))
    messages = scene.tx.all(queries.MESSAGES, ticket_id=ticket.id)
    first = messages[0] if messages else None
    # Of an urgent one the manager heard when it came.
    was_told = saved.priority == Priority.P1 or _was_reminded_before(scene, ticket.id)
    told = partial(
        notices.unverified,
        saved,
        sender=first.address if first is not None else "unknown",
        text=first.text_written if first is not None else "",
        is_repeat=was_told,
    )
    tell_managers(scene, told, ticket_id=saved.id)


def _was_reminded_before(scene: Scene, ticket_id: int) -> bool:
    rows = scene.tx.all(queries.EVENTS, ticket_id=ticket_id)
    return [row.kind for row in rows].count("reminded") > 1


def _lapse(scene: Scene, row: Row) -> None:
    books.lapse(scene.tx, row, now=scene.now)


def _contact(scene: Scene, row: Row) -> None:
    billed = books.settle_contact(
        scene.tx,
        row,
        now=scene.now,
        grace_minutes=scene.policy.grace_minutes,
        currency=scene.policy.currency,
        prices=scene.policy.prices,
    )
    if billed is None:
        return
    ticket = desk.ticket(scene.tx, row.ticket_id)
    scene.record("contact billed", ticket_id=ticket.id, client_id=ticket.client_id, reason=billed.reason)
    notice = notices.contact_charged(ticket, requester_reader(scene, ticket), cost=billed.due)
    tell_requester(scene, ticket, notice, outbox.SendClass.MONEY)


def _remind_invoice(scene: Scene, row: Row) -> None:
    """Three reminders of an invoice that is overdue; after them the manager hears."""
    cents = row.net_cents + row.tax_cents - row.paid_cents
    client = people.client(scene.tx, row.client_id)
    if row.reminders >= len(REMINDER_DAYS):
        open_now = format_cents(cents, scene.policy.currency)
        told = partial(invoice_overdue, number=row.number, client_name=client.name, left=open_now, due_on=row.due_on)
        tell_managers(scene, told, ticket_id=None)
        scene.tx.run(invoice_queries.REMINDED, invoice_id=row.id, again_at=None)
        return
    files = ((f"{row.number}.pdf", "application/pdf", row.pdf_sha256, ""),) if row.pdf_sha256 else ()
    for payer in payers(scene.tx, client.id):
        reader = Reader(payer.zone, client.language)
        left = money_in(client.language, cents, scene.policy.currency)
        notice = invoice_reminder(reader, number=row.number, left=left, due_on=row.due_on, count=row.reminders + 1)
        draft = outbox.Draft(notice, payer, outbox.SendClass.MONEY, files=files)
        outbox.post(scene.tx, [draft], cause=f"reminder:{row.id}:{row.reminders}", ticket_id=None, now=scene.now)
    scene.record("reminded", client_id=client.id, reason=row.number, reminder=row.reminders + 1)
    again_at = scene.now + timedelta(days=REMINDER_DAYS[row.reminders])
    scene.tx.run(invoice_queries.REMINDED, invoice_id=row.id, again_at=again_at)


def _its_ticket(row: Row) -> int | None:
    return int(row.ticket_id)


def _its_client(row: Row) -> int:
    return int(row.client_id)


def _no_ticket(row: Row) -> None:
    return None


DUTIES: Sequence[Duty] = (
    Duty("step", queries.STEPS_DUE, _step, queries.STEP_FAILED),
    Duty("promise", queries.PROMISES_DUE, _promise, queries.PROMISE_FAILED),
    Duty("remind", queries.REMINDERS_DUE, _remind, queries.REMINDER_FAILED),
    Duty("close", queries.CLOSES_DUE, _close, queries.CLOSE_FAILED),
    Duty("appointment", diary_queries.DUE, booking.fall_due, diary_queries.FAILED, ticket_of=_its_ticket),
    Duty("warning", fees.WARNINGS_DUE, warn_of_lapse, fees.WARN_FAILED, ticket_of=_no_ticket, client_of=_its_client),
    Duty("term", fees.TERMS_DUE, begin_term, fees.TERM_FAILED, costs_money=True, ticket_of=_no_ticket,
         client_of=lambda row: int(row.id)),
    Duty("fee", fees.FEES_DUE, earn_fee, fees.EARN_FAILED, costs_money=True, ticket_of=_no_ticket,
         client_of=_its_client),
    Duty("lapse", clockwork.LAPSES_DUE, _lapse, clockwork.LAPSE_FAILED, costs_money=True, ticket_of=_no_ticket,
         client_of=_its_client),
    Duty("invoice", invoice_queries.REMINDERS_DUE, _remind_invoice, invoice_queries.REMINDER_FAILED,
         ticket_of=_no_ticket),
    Duty("contact", clockwork.CONTACTS_DUE, _contact, clockwork.CONTACT_FAILED, costs_money=True,
         ticket_of=_its_ticket, client_of=_its_client),
)  # fmt: skip
