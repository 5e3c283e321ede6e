"""Use cases of time: logging it, and resolving, which may log in the same breath. The books bill it.

A bare duration ended just now. A time of day is read in the client's zone, as its bills are.
Source: mission, Rules, "Billed priority", "When credit runs out".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import booking, books, desk, diary, notices, outbox, people, tickets
from bot.calendars import calendar_of
from bot.commands import LogTime, Resolve, bounds, latest
from bot.commands import Work as Told
from bot.errors import NotAllowed, UserError
from bot.hours import local_day, split
from bot.ledger.kinds import Kind
from bot.ledger.rates import Tier
from bot.ledger.wording import hours_left
from bot.ledger.work import Work
from bot.messages import Answer
from bot.money import format_cents
from bot.notices import Reader, moment
from bot.orders.about_quotes import tell_of_budget
from bot.orders.usecase import UseCases, keep, must_be_claimed, requester_reader
from bot.people import Actor
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.telling import contact_reader, tell_contact, tell_requester
from bot.tickets import OPEN, Ticket
from bot.triage.priority import Priority

DEFAULT_KIND = Kind.REMOTE


def log(scene: Scene, actor: Actor, command: LogTime) -> Answer:
    """Log time on a ticket: row, quarters, units, draw and the rest per use, in one line."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    if ticket.state in OPEN:
        must_be_claimed(ticket, "log")
    line = book_time(scene, actor, ticket, command.work).line
    outbox.touch_cards(scene.tx, ticket.id, scene.now)
    return Answer(line, ticket_id=ticket.id)


def resolve(scene: Scene, actor: Actor, command: Resolve) -> Answer:
    """The work is done: the requester hears what was done and what it cost or leaves; an answer reopens it."""
    ticket = desk.locked(scene.tx, command.ticket_id)
    assert actor.consultant_id is not None
    change = tickets.resolve(
        ticket,
        actor.consultant_id,
        note=command.note,
        by_manager=actor.is_manager,
        close_days=scene.policy.close_days,
        now=scene.now,
    )
    if not change.events:
        return Answer(sentence("resolve already", id=ticket.id), ticket_id=ticket.id)
    saved = keep(scene, actor, change)
    saved = booking.end_with(scene, saved, booking.By(actor.label, actor.name, actor.consultant_id))
    account = before = books.cost_of(scene.tx, saved.id, currency=scene.policy.currency)
    if command.work is not None:
        account = book_time(scene, actor, saved, command.work).account
        if before:
            total = books.cost_of(scene.tx, saved.id, currency=scene.policy.currency)
            account = sentence("resolve in all", account=account, total=total)
    notice = notices.resolved(
        saved,
        requester_reader(scene, saved),
        claimant_name=actor.name,
        note=command.note,
        account=account if _may_see_balances(scene, saved) else "",
    )
    tell_requester(scene, saved, notice)
    invoiced = _invoiced(scene, actor, saved)
    cost = joined("", [account, "."]) if account and invoiced else account
    parts = [sentence("resolve done", id=saved.id), cost, invoiced]
    return Answer(joined(" ", filter(None, parts)), ticket_id=saved.id)


def _invoiced(scene: Scene, actor: Actor, ticket: Ticket) -> str:
    """Work per use is due on completion, unless the client wants one invoice a month."""
    if ticket.client_id is None:
        return ""
    client = people.client(scene.tx, ticket.client_id)
    if client.invoicing != "single":
        return ""
    issued = books.invoice_work(
        scene.tx, client.id, key=f"resolved:{ticket.id}:{scene.cause}", now=scene.now, ticket_id=ticket.id
    )
    if issued is None:
        return ""
    scene.record("invoiced", ticket_id=ticket.id, client_id=client.id, actor=actor.label, reason=issued.number)
    amount = format_cents(issued.gross_cents, scene.policy.currency)
    return sentence("resolve invoice", number=issued.number, amount=amount)


def _may_see_balances(scene: Scene, ticket: Ticket) -> bool:
    """Whether the requester is an approver or owner. Source: mission, "Rights at a client"."""
    row = scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=ticket.contact_id)
    return row is not None and row.role in ("approver", "owner")


@dataclass(frozen=True, slots=True)
class Booked:
    """account: what the client hears; line: the same, and what was assumed, for whoever logged."""

    account: str
    line: str


def book_time(
    scene: Scene,
    actor: Actor,
    ticket: Ticket,
    told: Told,
    *,
    began_at: datetime | None = None,
    worker_id: int | None = None,
) -> Booked:
    """Log and bill work on a ticket as it was told; what was assumed is said with it.

    began_at: when the work began, where that is known and not told. worker_id: who did it, where not the actor.
    """
    if ticket.client_id is None:
        raise UserError(sentence("log no client", id=ticket.id))
    if not actor.is_staff:
        raise NotAllowed(sentence("log staff"))
    client = people.client(scene.tx, ticket.client_id)
    started_at, minutes = _when(told, client, scene.now, began_at or _begun_slot(scene, ticket, told))
    slot = diary.covering(scene.tx, ticket.id, started_at)
    kind = told.kind or (slot.kind if slot is not None else "")
    work = Work(
        priority=desk.priced_priority_at(scene.tx, ticket, started_at),
        kind=Kind(kind) if kind else DEFAULT_KIND,
        started_at=started_at,
        minutes=minutes,
        was_asked=bool(told.was_asked),
        is_booked=told.is_booked or slot is not None,
        booked_until=slot.ends_at if slot is not None else None,
        is_billable=told.is_billable,
    )
    books.may_go_on(scene.tx, client, work, now=scene.now)
    logged = books.log_time(
        scene.tx,
        work,
        ticket_id=ticket.id,
        consultant_id=actor.consultant_id if worker_id is None else worker_id,
        key=scene.cause,
        now=scene.now,
        note=told.note or told.free_reason,
        currency=scene.policy.currency,
        prices=scene.policy.prices,
    )
    scene.record("logged", ticket_id=ticket.id, client_id=client.id, actor=actor.label, reason=logged.line)
    _tell_of_money(scene, ticket, client, logged)
    reader = Reader(client.zone, actor.language)
    lines = [logged.line, *([sentence("log booked")] if work.is_booked and work.is_billable else [])]
    lines += _assumed(client, work, told, logged, reader=reader, now=scene.now)
    lines += [*_twice(scene, told, logged, reader), *_beyond(client, work, logged, scene.policy.currency)]
    return Booked(logged.line, joined("\n", lines))


def _tell_of_money(scene: Scene, ticket: Ticket, client: Row, logged: books.Logged) -> None:
    """What those who approve at the client hear when time was logged: a yes that is missing, credit, a budget."""
    if logged.waits_for:
        _ask_for_yes(scene, ticket, client)
    if logged.is_credit_out and not client.when_credit_out:
        _ask_how_to_go_on(scene, ticket, client)
    if logged.is_credit_out:
        _renew(scene, ticket, client)
    if logged.charge_id is not None and books.credit_mark(scene.tx, client.id) is not None:
        _warn_of_low_credit(scene, client)
        _renew(scene, ticket, client)
    tell_of_budget(scene, ticket)


def _begun_slot(scene: Scene, ticket: Ticket, told: Told) -> datetime | None:
    """When the ticket's last appointment began, where `booked` is said and no time: the work is that of the slot."""
    if not told.is_booked or told.start is not None:
        return None
    slot = diary.latest_begun(scene.tx, ticket.id, scene.now)
    if slot is None or told.minutes is None or slot.starts_at + timedelta(minutes=told.minutes) > scene.now:
        return None
    began_at: datetime = slot.starts_at
    return began_at


def _assumed(client: Row, work: Work, told: Told, logged: books.Logged, *, reader: Reader, now: datetime) -> list[str]:
    """What was taken for granted: the day where none was said, and in closed time when it was, and whose choice."""
    named = told.span.start if told.span is not None else told.start
    has_day = named is not None and (named.on or named.offset_days is not None or named.weekday is not None)
    calendar = calendar_of(client, work.started_at)
    is_older = named is not None and not has_day and local_day(calendar, work.started_at) != local_day(calendar, now)
    pieces = split(calendar, work.started_at, work.ended_at)
    closed = sum((piece.end - piece.start for piece in pieces if not piece.is_open), timedelta())
    is_open = not closed or not work.is_billable or work.is_booked or told.was_asked is not None
    is_guess = is_older or (named is None and not is_open)
    begin, end = moment(work.started_at, reader), moment(work.ended_at, reader)
    if is_open:
        return [sentence("log taken as", begin=begin, end=end)] if is_guess else []
    minutes = int(closed.total_seconds() // 60)
    head = sentence("log closed", count=minutes)
    if is_guess:
        head = sentence("log closed as", begin=begin, end=end, count=minutes)
    if not logged.charge_id:
        return [joined(" ", [head, sentence("log with asked")])]
    change = sentence("log correct at" if is_guess else "log correct", id=logged.charge_id)
    return [joined(" ", [head, change])]


def _twice(scene: Scene, told: Told, logged: books.Logged, reader: Reader) -> list[str]:
    """A doubt where the same person logged that time before. Bare durations are no times, and are not compared."""
    if told.span is None and told.start is None:
        return []
    row = books.overlapping(scene.tx, logged.work_item_id)
    if row is None:
        return []
    begin, end = moment(row.started_at, reader), moment(row.started_at + timedelta(minutes=row.minutes), reader)
    overlaps = sentence("log overlaps", begin=begin, end=end, id=row.ticket_id)
    if row.charge_id:
        overlaps = sentence("log overlaps charge", begin=begin, end=end, charge=row.charge_id, id=row.ticket_id)
    back = [sentence("log reverse", id=logged.charge_id)] if logged.charge_id else []
    return [joined(" ", [overlaps, *back])]


def _beyond(client: Row, work: Work, logged: books.Logged, currency: str) -> Iterator[str]:
    """Where a bill goes beyond what the client agreed to: told at once, while a manager can still give it up.

    Source: mission, Rules, "When credit runs out": the item in hand takes at most 4 quarters per use; P1 goes on.
    """
    if logged.is_past_limit and client.when_credit_out != "per-use" and work.priority is not Priority.P1:
        is_stop = client.when_credit_out == "stop"
        yield sentence("log beyond stop" if is_stop else "log beyond", client=client.name, id=logged.charge_id)
    if logged.is_over_cap:
        cap = format_cents(client.cap_cents_per_month, currency)
        yield sentence("log over cap", client=client.name, amount=cap)


def _when(told: Told, client: Row, now: datetime, began_at: datetime | None) -> tuple[datetime, int]:
    """When the work began, in UTC, and its real minutes."""
    if told.span is not None:
        begin, end = bounds(told.span, client.zone, now)
        return begin, int((end - begin).total_seconds() // 60)
    assert told.minutes is not None
    if told.start is not None:
        return latest(told.start, client.zone, now), told.minutes
    return began_at or now - timedelta(minutes=told.minutes), told.minutes


def _ask_for_yes(scene: Scene, ticket: Ticket, client: Row) -> None:
    """Work that cannot be billed yet: the approvers are asked for their yes."""
    for approver in people.approvers(scene.tx, client.id):
        reader = contact_reader(scene, approver, client)
        notice = notices.agreement_needed(ticket, reader)
        tell_contact(scene, approver.id, notice, ticket_id=ticket.id, send_class=outbox.SendClass.MONEY)


def _warn_of_low_credit(scene: Scene, client: Row) -> None:
    left = hours_left(books.balance(scene.tx, client.id).left_units or 0)
    for approver in people.approvers(scene.tx, client.id):
        reader = contact_reader(scene, approver, client)
        notice = notices.credit_low(reader, client_name=client.name, left=left)
        tell_contact(scene, approver.id, notice, ticket_id=None, send_class=outbox.SendClass.MONEY)


def _renew(scene: Scene, ticket: Ticket, client: Row) -> None:
    """Little is left, and the client wants the next bundle by itself: it is invoiced, and usable when paid."""
    if not client.renews:
        return
    issued = books.order_bundle(
        scene.tx, client.id, Tier(client.renews), key=f"renewal:{scene.cause}", now=scene.now,
        prices=scene.policy.prices,
    )  # fmt: skip
    scene.record("renewed", ticket_id=ticket.id, client_id=client.id, reason=f"{client.renews}, {issued.number}")


def _ask_how_to_go_on(scene: Scene, ticket: Ticket, client: Row) -> None:
    """Credit ran out: the item in hand was finished, and the client is asked once how to go on."""
    bundles = scene.policy.prices.card.bundles
    for approver in people.approvers(scene.tx, client.id):
        notice = notices.credit_ran_out(
            ticket,
            contact_reader(scene, approver, client),
            client_name=client.name,
            cents_12h=bundles[Tier.CREDIT_12H].price_cents,
            cents_40h=bundles[Tier.CREDIT_40H].price_cents,
            currency=scene.policy.currency,
        )
        tell_contact(scene, approver.id, notice, ticket_id=ticket.id, send_class=outbox.SendClass.MONEY)


USE_CASES: UseCases = {LogTime: log, Resolve: resolve}
