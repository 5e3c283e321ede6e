"""Work is logged and billed, or kept until billing is allowed.

Locks: the caller may hold the ticket; here the client's row is locked before anything is read.
Source: mission, "Quarters", "Plan or agreement first", "When credit runs out".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.books import credit
from bot.books.charging import post_charge
from bot.books.days import day_of, terms_of, with_onsite
from bot.books.entries import lock_client
from bot.calendars import calendar_of
from bot.errors import NotFound, UserError
from bot.hours import local_day, midnight
from bot.ledger.charges import Charge, charge_work
from bot.ledger.credits import PER_USE, anniversary
from bot.ledger.kinds import Kind
from bot.ledger.units import DEAREST_FIRST
from bot.ledger.wording import Source, charge_line
from bot.ledger.work import Terms, Work
from bot.pricelist import STANDARD, PriceList
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.triage.priority import Priority

PER_USE_QUARTERS_UNASKED = 4


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of a work item.

    charge_id, entry_id: None while billing waits; `waits_for` then says for what: "agreement" (client has neither plan
    nor agreement) or "approver" (the ticket came from somebody an approver has not confirmed).
    line:          the whole story in one line.
    left_units:    credit left; None where the client never had any.
    is_credit_out: this item used the last of the credit, or found none left: the client is asked how to go on (buy 12,
                   buy 40, per use, stop). is_past_limit: more than 4 quarters of it were per use, unasked.
    is_over_cap:   what is due this month is more than the client's cap.
    """

    work_item_id: int
    charge_id: int | None
    entry_id: int | None
    units: int
    due_cents: int
    sources: tuple[Source, ...]
    day_quarters: dict[Priority, int]
    line: str
    waits_for: str = ""
    left_units: int | None = None
    is_credit_out: bool = False
    is_past_limit: bool = False
    is_over_cap: bool = False


# ---------------------------------------------------------------- logging


def log_time(
    tx: Tx,
    work: Work,
    *,
    ticket_id: int,
    consultant_id: int | None,
    key: str,
    now: datetime,
    note: str = "",
    currency: str = "USD",
    prices: PriceList = STANDARD,
) -> Logged:
    """Keep a work item on a ticket and bill it.

    work: its priority is the one that the ticket was priced by when the work started. key: identity of the log
    ("inbound:55"); the same one is kept once. Where the client has neither plan nor agreement, or the ticket waits
    for an approver's yes, the work is kept and billing waits (`bill_waiting`).
    Raises UserError for a ticket without client, work that ends in the future, or a key that was logged before.
    """
    ticket = tx.one(queries.TICKET, ticket_id=ticket_id)
    if ticket is None:
        raise NotFound(sentence("answer no ticket", id=ticket_id))
    if ticket.client_id is None:
        raise UserError(sentence("log no sender", id=ticket_id))
    if work.ended_at > now:
        raise UserError(sentence("log future"))
    client = lock_client(tx, ticket.client_id)
    if tx.one(queries.ENTRY_BY_KEY, key=f"work:{key}") is not None:
        raise UserError(sentence("log before"))
    terms = terms_of(tx, client, work.started_at, prices)
    work_on = local_day(terms.calendar, work.started_at)
    work_item_id = _keep_work(tx, work, ticket, work_on, consultant_id=consultant_id, note=note, now=now)
    waits_for = _waits_for(client, ticket, terms) if work.is_billable else ""
    if waits_for:
        line = sentence(f"cost waits {waits_for}", count=work.minutes, client=client.name, id=ticket_id)
        return Logged(work_item_id, None, None, 0, 0, (), {}, line, waits_for=waits_for)
    about = _Item(ticket_id, work_item_id, f"work:{key}")
    return _bill(tx, client, terms, work, about=about, now=now, currency=currency)


def bill_waiting(
    tx: Tx,
    *,
    client_id: int,
    ticket_id: int | None,
    now: datetime,
    currency: str = "USD",
    prices: PriceList = STANDARD,
) -> list[Logged]:
    """Bill the work that waited for a yes: of one ticket, or of the whole client. The client is chargeable by now.

    What still has to wait (another ticket of an unconfirmed sender) keeps waiting.
    """
    client = lock_client(tx, client_id)
    if ticket_id is not None:
        rows = tx.all(queries.WAITING_OF_TICKET, ticket_id=ticket_id)
    else:
        rows = tx.all(queries.WAITING_OF_CLIENT, client_id=client_id)
    logged = []
    for row in rows:
        terms = terms_of(tx, client, row.started_at, prices)
        ticket = tx.one(queries.TICKET, ticket_id=row.ticket_id)
        if row.client_id == client_id and ticket is not None and not _waits_for(client, ticket, terms):
            about = _Item(row.ticket_id, row.id, f"waited:{row.id}")
            logged.append(_bill(tx, client, terms, work_of(row), about=about, now=now, currency=currency))
    return logged


def _waits_for(client: Row, ticket: Row, terms: Terms) -> str:
    if not (terms.plan.is_consent or client.is_chargeable):
        return "agreement"
    return "approver" if ticket.is_billing_on_hold else ""


def work_of(row: Row) -> Work:
    """A work item's row as the value that rules bill."""
    return Work(
        Priority(row.priority),
        Kind(row.kind),
        row.started_at,
        row.minutes,
        was_asked=row.was_asked,
        is_booked=row.is_booked,
        booked_until=row.booked_until_at,
    )


def _keep_work(
    tx: Tx, work: Work, ticket: Row, work_on: date, *, consultant_id: int | None, note: str, now: datetime
) -> int:
    return tx.insert(
        "work_item",
        ticket_id=ticket.id,
        client_id=ticket.client_id,
        consultant_id=consultant_id,
        kind=work.kind.value,
        started_at=work.started_at,
        minutes=work.minutes,
        work_on=work_on,
        priority=work.priority.value,
        was_asked=work.was_asked,
        is_booked=work.is_booked,
        booked_until_at=work.booked_until,
        is_billable=work.is_billable,
        note=note,
        logged_at=now,
    )


# ---------------------------------------------------------------- billing


@dataclass(frozen=True, slots=True)
class _Item:
    """Which work item is billed, under which key."""

    ticket_id: int
    work_item_id: int
    key: str


def _bill(tx: Tx, client: Row, terms: Terms, work: Work, *, about: _Item, now: datetime, currency: str) -> Logged:
    work_on = local_day(terms.calendar, work.started_at)
    day = day_of(tx, about.ticket_id, work_on)
    if work.kind is Kind.ONSITE:
        terms = with_onsite(tx, terms, client, work_on)
    had_units = credit.left_units(tx, client.id)
    charge = charge_work(terms, work, day, tuple(credit.grants_for(tx, client.id, work_on).values()))
    posted = post_charge(
        tx, charge, client_id=client.id, ticket_id=about.ticket_id, work_item_id=about.work_item_id, key=about.key,
        now=now,
    )  # fmt: skip
    left = credit.left_units(tx, client.id)
    per_use = sum(draw.units for draw in charge.draws if draw.grant_id is PER_USE)
    return Logged(
        about.work_item_id,
        posted.charge_id,
        posted.entry_id,
        charge.units,
        charge.due_cents,
        posted.sources,
        dict(charge.day_quarters),
        charge_line(
            charge, posted.sources, minutes=work.minutes, kind=work.kind.value, left_units=left, currency=currency
        ),
        left_units=left,
        is_credit_out=had_units is not None and left == 0 and charge.units > 0,
        is_past_limit=had_units is not None and per_use > PER_USE_QUARTERS_UNASKED * _dearest_units(charge, terms),
        is_over_cap=is_over_cap(tx, client, now),
    )


def _dearest_units(charge: Charge, terms: Terms) -> int:
    rows = [row for row in DEAREST_FIRST if charge.row_seconds.get(row)]
    return terms.card.units_per_quarter[rows[0]] if rows else 0


def is_over_cap(tx: Tx, client: Row, now: datetime) -> bool:
    """Whether what the client owes for this local month is more than it allowed."""
    if client.cap_cents_per_month is None:
        return False
    calendar = calendar_of(client, now)
    first_on = local_day(calendar, now).replace(day=1)
    from_at, to_at = (
        midnight(client.zone, first_on),
        midnight(client.zone, anniversary(first_on, 1)),
    )
    row = tx.one(queries.DUE_BETWEEN, client_id=client.id, from_at=from_at, to_at=to_at)
    return row is not None and row.due_cents > client.cap_cents_per_month
