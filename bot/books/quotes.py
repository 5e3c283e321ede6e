"""Quotes: an estimate that is sent, accepted or declined, and then the budget of a ticket.

A budget is warned of, and stops nothing: an estimate is an average. What the work really took is held against what was
estimated, component by component, so that the catalogue can be corrected. Source: mission, "Also".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import kept
from bot.errors import NotFound, UserError
from bot.ledger.estimates import Estimate
from bot.ledger.postings import Draft
from bot.queries import quotes as queries
from bot.sentences import Figure, sentence
from bot.store import Row, Tx

# Per cent of a budget at which people are told.
MARKS = (80, 100)
QUARTER_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Spent:
    """What of a ticket's budget is used up, in minutes of work that stands."""

    quote_id: int
    minutes: int
    budget_minutes: int

    @property
    def percent(self) -> int:
        return self.minutes * 100 // self.budget_minutes


@dataclass(frozen=True, slots=True)
class Compared:
    """A component over all quotes whose tickets are done: hours estimated, and its share of the hours they took."""

    catalogue: str
    component: str
    quotes: int
    estimated_hours: Decimal
    actual_hours: Decimal


def make_quote(tx: Tx, client_id: int, estimate: Estimate, *, title: str, by_id: int | None, now: datetime) -> int:
    """Keep an estimate as a quote; returns its number. Raises UserError where nothing of it has hours."""
    if not estimate.quarters:
        raise UserError(sentence("quote no hours"))
    lines = [
        {
            "catalogue": line.component.catalogue,
            "component": line.component.name,
            "count": line.count,
            "hours": str(line.component.hours),
        }
        for line in estimate.lines
    ]
    lock_client(tx, client_id)
    made: dict[str, object] = {"client_id": client_id, "made_by_id": by_id, "title": title, "made_at": now}
    made |= {"lines_json": json.dumps(lines), "quarters": estimate.quarters}
    quote_id = tx.insert("quote", **made)
    _note(tx, client_id, f"quote:{quote_id}", kept(**made), now=now)
    return quote_id


def open_quote(tx: Tx, quote_id: int, *, client_id: int) -> Row:
    """A client's quote that waits for its answer, locked. Raises NotFound and UserError."""
    lock_client(tx, client_id)
    row = tx.one(queries.QUOTE, quote_id=quote_id)
    if row is None or row.client_id != client_id:
        raise NotFound(sentence("answer no quote", id=quote_id))
    if row.state != "open":
        raise UserError(sentence(f"answer quote was {row.state}", id=quote_id))
    return row


def decide_quote(
    tx: Tx,
    quote_id: int,
    *,
    state: str,
    contact_id: int | None,
    words: str,
    now: datetime,
    ticket_id: int | None = None,
) -> None:
    """Accepted (with its ticket) or declined: who, when and in which words."""
    row = tx.one(queries.QUOTE, quote_id=quote_id)
    assert row is not None
    decided: dict[str, object] = {"state": state, "decided_by_contact_id": contact_id, "words": words}
    decided |= {"decided_at": now, "ticket_id": ticket_id}
    _note(tx, row.client_id, f"quote-answer:{quote_id}", kept(**decided), now=now)
    tx.run(queries.DECIDE, quote_id=quote_id, **decided)


def _note(tx: Tx, client_id: int, key: str, row: dict[str, object], *, now: datetime) -> None:
    """An entry that moves nothing: what was offered, and answered, cannot change unseen."""
    post(tx, Draft("quote", ()), Cause(key, client_id, now, evidence={"row": row}))


def budget_mark(tx: Tx, ticket_id: int) -> tuple[Spent, int] | None:
    """The mark that a ticket's budget has newly passed, kept as told; None where there is nothing to tell."""
    spent = budget_of(tx, ticket_id)
    if spent is None:
        return None
    row = tx.one(queries.QUOTE, quote_id=spent.quote_id)
    assert row is not None
    mark = max((mark for mark in MARKS if spent.percent >= mark), default=0)
    if mark <= row.told_percent:
        return None
    tx.run(queries.TOLD, quote_id=row.id, percent=mark)
    return spent, mark


def budget_of(tx: Tx, ticket_id: int) -> Spent | None:
    """A ticket's budget and what of it is used up; None where it has none."""
    row = tx.one(queries.QUOTE_OF_TICKET, ticket_id=ticket_id)
    if row is None:
        return None
    worked = tx.one(queries.MINUTES_OF_TICKET, ticket_id=ticket_id)
    assert worked is not None
    return Spent(row.id, int(worked.minutes), row.quarters * QUARTER_MINUTES)


def compared(tx: Tx, *, from_at: datetime, to_at: datetime) -> list[Compared]:
    """Estimate against actual of the tickets with a budget that were resolved in a span, by component.

    A ticket's hours fall to its components as its estimate shared them out: what one of them took alone, nobody wrote.
    """
    found: dict[tuple[str, str], list[Decimal]] = {}
    for row in tx.all(queries.DONE_BETWEEN, from_at=from_at, to_at=to_at):
        lines = [line for line in json.loads(row.lines_json) if Decimal(line["hours"])]
        total = sum((_hours(line) for line in lines), Decimal(0))
        actual = Decimal(int(row.minutes)) / 60
        for line in lines:
            sums = found.setdefault((line["catalogue"], line["component"]), [Decimal(0)] * 3)
            sums[0] += 1
            sums[1] += _hours(line)
            sums[2] += actual * _hours(line) / total
    return [
        Compared(catalogue, component, int(sums[0]), sums[1], sums[2])
        for (catalogue, component), sums in sorted(found.items())
    ]


def compared_lines(rows: Sequence[Compared]) -> list[str]:
    """ "Standard Pages: 7.52 h estimated, 9.25 h taken (+23 %), 2 quotes"."""
    return [
        sentence(
            "digest compared one" if row.quotes == 1 else "digest compared",
            what=row.component,
            hours=row.estimated_hours,
            taken=Figure(f"{row.actual_hours:.2f}"),
            more=f"{(row.actual_hours / row.estimated_hours - 1) * 100:+.0f}",
            count=row.quotes,
        )
        for row in rows
    ]


def _hours(line: dict[str, object]) -> Decimal:
    return Decimal(str(line["hours"])) * int(str(line["count"]))
