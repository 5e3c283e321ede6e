"""The urgent off-hours contact: price told, choice given, billed once a ticket and closed period, or not at all.

It is billed when the grace time, counted from the delivery of the price notice, is over, and a person of the desk has
claimed or answered in that closed period; never if it was put off within the grace time, if nobody answered before the
opening, or if no notice arrived. Without plan or agreement only an approver's explicit yes bills.

`charge_at` is when the tick looks at it again: first at the next opening, from the notice's delivery on when the grace
time ends; null once it is settled. Source: mission, "Urgent off-hours contact".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.books import credit
from bot.books.charging import post_charge
from bot.books.days import day_of, may_charge, terms_of
from bot.books.entries import lock_client
from bot.books.taking_back import Waived, waive
from bot.errors import UserError
from bot.hours import LOOK_AHEAD_DAYS, local_day
from bot.ledger.charges import charge_contact
from bot.ledger.rates import Tier
from bot.ledger.wording import sources_line
from bot.money import format_cents
from bot.pricelist import STANDARD, PriceList
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.triage.priority import Priority

GRACE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class NotedContact:
    """A contact whose sender is to be told the price. needs_yes: only an approver's yes makes it chargeable."""

    id: int
    cents_per_quarter: int
    needs_yes: bool


@dataclass(frozen=True, slots=True)
class BilledContact:
    """due: what it cost, in words: "$50.00", or "5 units from the 12-hour credit ($37.50)"."""

    charge_id: int
    units: int
    due_cents: int
    due: str
    reason: str


# ---------------------------------------------------------------- from message to choice


def note_contact(
    tx: Tx,
    ticket_id: int,
    client_id: int,
    *,
    inbound_id: int | None,
    period: tuple[datetime, datetime | None],
    now: datetime,
    prices: PriceList = STANDARD,
) -> NotedContact | None:
    """Keep the first urgent contact of a ticket in a closed period; None for a further one.

    period: the closed period that `now` lies in. A round-the-clock plan covers contacts: there is no price to tell,
    and nothing is kept.
    """
    client = lock_client(tx, client_id)
    terms = terms_of(tx, client, now, prices)
    if terms.plan.is_covering_contacts:
        return None
    row = tx.one(
        queries.CONTACT_NEW,
        ticket_id=ticket_id,
        client_id=client_id,
        inbound_id=inbound_id,
        period_start_at=period[0],
        period_end_at=period[1] or now + timedelta(days=LOOK_AHEAD_DAYS),
        received_at=now,
    )
    if row is None:
        return None
    price = terms.card.cents_per_quarter(Priority.P1, Tier.PER_USE)
    return NotedContact(row.id, price, needs_yes=_needs_yes(tx, client, ticket_id, now, prices=prices))


def contact_told(tx: Tx, delivery_id: int, *, now: datetime, grace_minutes: int = GRACE_MINUTES) -> None:
    """The price notice arrived: the grace time begins. One that arrives after the opening tells nobody in time."""
    found = tx.one(queries.CONTACT_OF_DELIVERY, delivery_id=delivery_id)
    if found is None:
        return
    lock_client(tx, found.client_id)
    row = tx.one(queries.CONTACT, contact_id=found.id)
    if row is not None and not row.outcome and now < row.period_end_at:
        charge_at = now + timedelta(minutes=grace_minutes)
        tx.run(queries.CONTACT_TOLD, contact_id=row.id, now=now, charge_at=charge_at)


def answer_contact(tx: Tx, ticket_id: int, *, now: datetime, grace_minutes: int = GRACE_MINUTES) -> None:
    """A person of the desk claimed the ticket, or answered on it: the first time in each closed period counts."""
    for row in contacts_of(tx, ticket_id):
        if row.outcome or row.answered_at is not None or not row.period_start_at <= now < row.period_end_at:
            continue
        charge_at = row.charge_at
        if row.notified_at is not None:
            charge_at = max(now, row.notified_at + timedelta(minutes=grace_minutes))
        tx.run(queries.CONTACT_ANSWERED, contact_id=row.id, now=now, charge_at=charge_at)


def choose_contact(
    tx: Tx,
    ticket_id: int,
    *,
    is_now: bool,
    is_approver: bool,
    now: datetime,
    grace_minutes: int = GRACE_MINUTES,
    prices: PriceList = STANDARD,
) -> str:
    """The sender's choice, now or at the next opening; returns what it means, as a sentence.

    "now" of an approver is the explicit yes. Raises UserError when there is nothing to choose (any more).
    """
    rows = contacts_of(tx, ticket_id)
    row = next((row for row in rows if not row.outcome and row.period_start_at <= now < row.period_end_at), None)
    if row is None:
        raise UserError(sentence("answer no choice", id=ticket_id))
    if is_now:
        tx.run(queries.CONTACT_CHOSEN, contact_id=row.id, choice="yes" if is_approver else "now", now=now)
        client = lock_client(tx, row.client_id)
        if not is_approver and _needs_yes(tx, client, ticket_id, now, prices=prices):
            return sentence("answer needs yes", client=client.name, id=ticket_id)
        return sentence("answer now", id=ticket_id)
    if row.notified_at is not None and now > row.notified_at + timedelta(minutes=grace_minutes):
        raise UserError(sentence("answer choice over", count=grace_minutes))
    tx.run(queries.CONTACT_CHOSEN, contact_id=row.id, choice="later", now=now)
    tx.run(queries.CONTACT_SETTLED, contact_id=row.id, outcome="later", entry_id=None)
    return sentence("answer later", id=ticket_id)


def accept_contact(tx: Tx, ticket_id: int, *, now: datetime) -> None:
    """An approver's yes to chargeable work on the ticket: a contact that waited for it is looked at again."""
    for row in contacts_of(tx, ticket_id):
        if row.outcome in ("", "needs-yes"):
            tx.run(queries.CONTACT_CHOSEN, contact_id=row.id, choice="yes", now=now)
        if row.outcome == "needs-yes":
            tx.run(queries.CONTACT_LOOK_AGAIN, contact_id=row.id, charge_at=now)


def contacts_of(tx: Tx, ticket_id: int) -> list[Row]:
    """The contacts of a ticket, as they are under the client's lock: a tick may be settling them at this moment."""
    rows = tx.all(queries.CONTACTS_OF_TICKET, ticket_id=ticket_id)
    if not rows:
        # Nearly every ticket.
        return rows
    lock_client(tx, rows[0].client_id)
    return tx.all(queries.CONTACTS_OF_TICKET, ticket_id=ticket_id)


# ---------------------------------------------------------------- the tick


def settle_contact(
    tx: Tx,
    due: Row,
    *,
    now: datetime,
    grace_minutes: int = GRACE_MINUTES,
    currency: str = "USD",
    prices: PriceList = STANDARD,
) -> BilledContact | None:
    """Bill a contact that is due, or settle that it is not billed, or look again later; None unless it was billed.

    due: a row with id and client_id; it is read again under the client's lock, for two ticks may see it due.
    """
    client = lock_client(tx, due.client_id)
    row = tx.one(queries.CONTACT, contact_id=due.id)
    if row is None or row.outcome or row.charge_at is None or row.charge_at > now:
        return None
    if row.notified_at is None:
        _end(tx, row, "not-told", now)
        return None
    grace_ends_at = row.notified_at + timedelta(minutes=grace_minutes)
    if now < grace_ends_at:
        tx.run(queries.CONTACT_LOOK_AGAIN, contact_id=row.id, charge_at=grace_ends_at)
        return None
    if row.answered_at is None:
        _end(tx, row, "unanswered", now)
        return None
    if row.choice != "yes" and _needs_yes(tx, client, row.ticket_id, row.received_at, prices=prices):
        tx.run(queries.CONTACT_SETTLED, contact_id=row.id, outcome="needs-yes", entry_id=None)
        return None
    return _bill(tx, client, row, now=now, currency=currency, prices=prices)


def _end(tx: Tx, row: Row, outcome: str, now: datetime) -> None:
    """Settle without a charge once the desk opens; before that, look again at the opening."""
    if now >= row.period_end_at:
        tx.run(queries.CONTACT_SETTLED, contact_id=row.id, outcome=outcome, entry_id=None)
    else:
        tx.run(queries.CONTACT_LOOK_AGAIN, contact_id=row.id, charge_at=row.period_end_at)


def _bill(tx: Tx, client: Row, row: Row, *, now: datetime, currency: str, prices: PriceList) -> BilledContact:
    terms = terms_of(tx, client, row.received_at, prices)
    work_on = local_day(terms.calendar, row.received_at)
    day = day_of(tx, row.ticket_id, work_on)
    charge = charge_contact(terms, row.received_at, day, tuple(credit.grants_for(tx, client.id, work_on).values()))
    ticket = tx.one(queries.TICKET, ticket_id=row.ticket_id)
    work_item_id = tx.insert(
        "work_item",
        ticket_id=row.ticket_id,
        client_id=client.id,
        consultant_id=ticket.claimant_id if ticket is not None else None,
        kind="remote",
        started_at=row.received_at,
        minutes=0,
        work_on=work_on,
        priority=Priority.P1.value,
        was_asked=True,
        is_contact=True,
        logged_at=now,
    )
    readings = {
        "period_start_at": row.period_start_at.isoformat(),
        "period_end_at": row.period_end_at.isoformat(),
        "notified_at": row.notified_at.isoformat(),
        "answered_at": row.answered_at.isoformat(),
        "choice": row.choice,
        "chosen_at": row.chosen_at.isoformat() if row.chosen_at is not None else None,
        "billed_at": now.isoformat(),
    }
    posted = post_charge(
        tx,
        replace(charge, evidence={**charge.evidence, **readings}),
        client_id=client.id,
        ticket_id=row.ticket_id,
        work_item_id=work_item_id,
        key=f"contact:{row.ticket_id}:{row.period_start_at.isoformat()}",
        now=now,
        kind="contact",
    )
    tx.run(queries.CONTACT_SETTLED, contact_id=row.id, outcome="billed", entry_id=posted.entry_id)
    is_per_use = all(source.tier == Tier.PER_USE for source in posted.sources)
    due = format_cents(charge.due_cents, currency) if is_per_use else sources_line(posted.sources, currency)
    reason = "urgent contact in closed time: the price was told, the grace time is over, and somebody took it up"
    return BilledContact(posted.charge_id, charge.units, charge.due_cents, due, reason)


def _needs_yes(tx: Tx, client: Row, ticket_id: int, at: datetime, *, prices: PriceList) -> bool:
    """Neither plan nor agreement stands on that day, or the ticket's sender is not confirmed by an approver."""
    if not may_charge(tx, client, at, prices):
        return True
    ticket = tx.one(queries.TICKET, ticket_id=ticket_id)
    return ticket is not None and bool(ticket.is_billing_on_hold)


# ---------------------------------------------------------------- waiving


def waive_contacts(tx: Tx, ticket_id: int, *, reason: str, now: datetime) -> list[Waived]:
    """Give up every off-hours contact of a ticket: billed ones go back, open ones are never billed.

    Raises UserError if there is none.
    """
    waived = []
    rows = [row for row in contacts_of(tx, ticket_id) if row.outcome != "waived"]
    if not any(row.outcome in ("", "billed", "needs-yes") for row in rows):
        raise UserError(sentence("waive no contact", id=ticket_id))
    for row in rows:
        if row.outcome == "billed":
            charge = tx.one(queries.CHARGE_OF_ENTRY, entry_id=row.entry_id)
            assert charge is not None
            if not charge.is_waived:
                waived.append(waive(tx, charge.id, reason=reason, now=now))
        if row.outcome in ("", "billed", "needs-yes"):
            tx.run(queries.CONTACT_SETTLED, contact_id=row.id, outcome="waived", entry_id=row.entry_id)
    return waived
