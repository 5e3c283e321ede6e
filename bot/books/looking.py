"""What the books say: balances, statements, why a charge is what it is. Reads only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import NotFound
from bot.ledger.rates import Tier
from bot.ledger.statements import Figures, Line, Move, Statement, figures, hours_at_p4
from bot.ledger.wording import Source, sources_line
from bot.money import format_cents
from bot.queries import money as queries
from bot.queries import people as people_queries
from bot.sentences import joined, sentence
from bot.store import Row, Tx
from bot.triage.priority import Priority
from bot.zones import midnight

# What a client owes: delivered or invoiced, less what it paid ahead.
OWED = ("unbilled", "receivable", "unapplied")
CHARGES_MAX = 500  # shown on one statement


@dataclass(frozen=True, slots=True)
class OpenGrant:
    """A grant with something left in it."""

    id: int
    tier: str
    units: int
    balance_units: int
    lapses_on: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A client's standing. left_units: None where it never had credit; owed_cents: what it owes."""

    client_id: int
    left_units: int | None
    grants: tuple[OpenGrant, ...]
    owed_cents: int


def balance(tx: Tx, client_id: int) -> Balance:
    """Credit by grant, the order in which it is drawn, and what is owed."""
    rows = tx.all(queries.GRANTS, client_id=client_id)
    accounts = {(row.name, row.commodity): row.balance for row in tx.all(queries.ACCOUNTS, client_id=client_id)}
    grants = [
        OpenGrant(row.id, row.tier, row.units, row.balance_units, row.lapses_on)
        for row in sorted(rows, key=lambda row: (row.lapses_on is None, row.lapses_on or date.max, row.bought_on))
        if row.balance_units
    ]
    return Balance(
        client_id,
        sum(row.balance_units for row in rows) if rows else None,
        tuple(grants),
        sum(accounts.get((name, "cents"), 0) for name in OWED),
    )


def balance_line(tx: Tx, client_id: int, *, now: datetime, currency: str = "USD") -> str:
    """ "3.25 h at P4 left, 1 h of it until 2026-12-01; $40.00 due"."""
    standing = balance(tx, client_id)
    parts: list[str] = []
    if standing.left_units is not None:
        line = [sentence("cost at left", hours=hours_at_p4(standing.left_units), row=Priority.P4)]
        soon = next((grant for grant in standing.grants if grant.lapses_on is not None), None)
        if soon is not None:
            line.append(sentence("cost until", hours=hours_at_p4(soon.balance_units), on=soon.lapses_on))
        parts.append(joined(", ", line))
    if standing.owed_cents > 0:
        parts.append(sentence("cost due", amount=format_cents(standing.owed_cents, currency)))
    elif standing.owed_cents:
        parts.append(sentence("cost ahead", amount=format_cents(-standing.owed_cents, currency)))
    return joined("; ", parts) or sentence("cost nothing due")


def cost_of(tx: Tx, ticket_id: int, *, currency: str = "USD") -> str:
    """What all the work on a ticket cost: "16 units from the 12-hour credit ($120.00) + 2 units per use ($20.00)".

    Waived and reversed charges do not count; "" where nothing was ever charged.
    """
    units: dict[str, int] = {}
    cents: dict[str, int] = {}
    rows = tx.all(queries.CHARGES_OF_TICKET, ticket_id=ticket_id)
    for row in rows:
        if row.is_waived:
            continue
        # What was given up of it in part has entries of its own.
        parts = [part.id for part in tx.all(queries.REVERSALS, entry_id=row.entry_id)] if row.waived_units else []
        for posting in (one for entry in (row.entry_id, *parts) for one in tx.all(queries.POSTINGS, entry_id=entry)):
            tier = posting.tier or Tier.PER_USE.value
            if posting.name in ("credit", "per-use"):
                units[tier] = units.get(tier, 0) - posting.amount
            elif posting.name in ("prepaid", "unbilled"):
                cents[tier] = cents.get(tier, 0) + posting.amount
    sources = [Source(tier, count, cents.get(tier, 0)) for tier, count in sorted(units.items()) if count]
    if not sources:
        return sentence("cost nothing") if rows else ""
    return sources_line(sources, currency)


def overlapping(tx: Tx, work_item_id: int) -> Row | None:
    """The first other work of the same person that stands and was at the same time, on whatever ticket; else None."""
    item = tx.one(queries.WORK_ITEM, work_item_id=work_item_id)
    if item is None or item.consultant_id is None:
        return None
    # Nobody's work lasts longer than two days, and the dates of two clients differ by one at most.
    from_on, to_on = item.work_on - timedelta(days=3), item.work_on + timedelta(days=3)
    rows = tx.all(
        queries.WORK_OF_CONSULTANT, consultant_id=item.consultant_id, from_on=from_on, to_on=to_on, but_id=item.id
    )
    ended_at = item.started_at + timedelta(minutes=item.minutes)
    for row in rows:
        if row.started_at < ended_at and item.started_at < row.started_at + timedelta(minutes=row.minutes):
            return row
    return None


# ---------------------------------------------------------------- statements


def statement(tx: Tx, client_id: int, *, first_on: date, last_on: date) -> Statement:
    """A client's credit and debt over local days, both ends counted. Raises LedgerError if it does not foot."""
    client = _client(tx, client_id)
    from_at = midnight(client.zone, first_on)
    to_at = midnight(client.zone, date.fromordinal(last_on.toordinal() + 1))
    rows = tx.all(queries.MOVES_BETWEEN, client_id=client_id, from_at=from_at, to_at=to_at)
    return Statement(
        credit_units=_figures(tx, client_id, ("credit",), "units", rows=rows, from_at=from_at, to_at=to_at),
        owed_cents=_figures(tx, client_id, OWED, "cents", rows=rows, from_at=from_at, to_at=to_at),
        ahead_cents=max(0, -_balance_before(tx, client_id, "unapplied", "cents", before_at=to_at)),
    )


def stated_charges(tx: Tx, client_id: int, *, first_on: date, last_on: date) -> list[Row]:
    """The charges that stand and were made in a period of local days, by the day of their work.

    CHARGES_MAX of them, and one more where there are more.
    """
    zone = _client(tx, client_id).zone
    from_at, to_at = midnight(zone, first_on), midnight(zone, date.fromordinal(last_on.toordinal() + 1))
    return tx.all(queries.STATED_CHARGES, client_id=client_id, from_at=from_at, to_at=to_at, limit=CHARGES_MAX + 1)


def _figures(
    tx: Tx,
    client_id: int,
    names: tuple[str, ...],
    commodity: str,
    *,
    rows: list[Row],
    from_at: datetime,
    to_at: datetime,
) -> Figures:
    moves = [move for row in rows if row.name in names and row.commodity == commodity for move in _moves(row)]
    return figures(
        sum(_balance_before(tx, client_id, name, commodity, before_at=from_at) for name in names),
        moves,
        sum(_balance_before(tx, client_id, name, commodity, before_at=to_at) for name in names),
    )


def _moves(row: Row) -> list[Move]:
    """What a posting is on a statement: a fee's invoice is its fee, net, and its tax, as everything else is stated."""
    if row.kind == "invoice" and row.deferred:
        return [Move(Line.FEES, -int(row.deferred)), Move(Line.TAX, row.amount + int(row.deferred))]
    return [Move(_line(row), row.amount, row.ticket_id)]


def _line(row: Row) -> Line:
    """Why an entry moved a balance."""
    if row.kind == "grant":
        return Line.INCLUDED if row.tier == Tier.INCLUDED else Line.BOUGHT
    if (row.kind == "payment" and row.cash < 0) or (row.kind == "return" and row.commodity == "units"):
        return Line.REFUNDED
    return _LINES.get(row.kind, Line.USED)


_LINES = {
    "gift": Line.GIVEN,
    "opening": Line.BOUGHT,
    "lapse": Line.LAPSED,
    "payment": Line.PAID,
    "apply": Line.PAID,
    "return": Line.ADJUSTED,
    "reversal": Line.ADJUSTED,
    "waive": Line.ADJUSTED,
    "credit-note": Line.ADJUSTED,
    "write-off": Line.ADJUSTED,
    "invoice": Line.TAX,
}


def _balance_before(tx: Tx, client_id: int, name: str, commodity: str, *, before_at: datetime) -> int:
    row = tx.one(queries.BALANCE_BEFORE, client_id=client_id, name=name, commodity=commodity, before_at=before_at)
    return int(row.balance) if row is not None else 0


# ---------------------------------------------------------------- evidence


def evidence(tx: Tx, charge_id: int) -> dict[str, object]:
    """All that made a charge: calendar version, zone, clock readings, pieces with their rules, the day before it."""
    row = tx.one(queries.CHARGE, charge_id=charge_id)
    if row is None:
        raise NotFound(sentence("answer no charge", id=charge_id))
    kept: dict[str, object] = json.loads(row.evidence_json)
    return kept


def _client(tx: Tx, client_id: int) -> Row:
    row = tx.one(people_queries.CLIENT_BY_ID, client_id=client_id)
    if row is None:
        raise NotFound(sentence("people no client", id=client_id))
    return row
