"""A client disputes a charge: it stays off invoices until a manager upholds it, waives it, or gives up a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import kept
from bot.books.taking_back import Waived, waive, waive_part
from bot.errors import NotFound, UserError
from bot.ledger.postings import Draft
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx


@dataclass(frozen=True, slots=True)
class Decided:
    """What a manager decided. waived: None where the charge was upheld."""

    charge_id: int
    ticket_id: int
    contact_id: int | None
    outcome: str
    waived: Waived | None


def charge_of(tx: Tx, charge_id: int) -> Row:
    """The charge. Raises NotFound."""
    row = tx.one(queries.CHARGE, charge_id=charge_id)
    if row is None:
        raise NotFound(sentence("answer no charge", id=charge_id))
    return row


def dispute(tx: Tx, charge_id: int, *, contact_id: int | None, words: str, now: datetime) -> Row:
    """Open a dispute of a charge. Raises UserError for one that is disputed, waived or moved nothing."""
    row = charge_of(tx, charge_id)
    lock_client(tx, row.client_id)
    row = charge_of(tx, charge_id)
    if row.is_disputed:
        raise UserError(sentence("answer disputed already", id=charge_id))
    if row.waived_units or row.is_waived or not row.units:
        raise UserError(sentence("answer no dispute", id=charge_id))
    made: dict[str, object] = {"charge_id": charge_id, "contact_id": contact_id, "words": words, "opened_at": now}
    dispute_id = tx.insert("dispute", **made)
    _note(tx, row, f"dispute:{dispute_id}", "dispute", row=kept(**made), now=now)
    tx.run(queries.SET_DISPUTED, charge_id=charge_id, is_disputed=True)
    return row


def decide(
    tx: Tx, charge_id: int, *, outcome: str, units: int | None, by_id: int | None, reason: str, now: datetime
) -> Decided:
    """End a dispute. outcome: uphold, waive or part; units: what is given up in part.

    Raises UserError where nothing is disputed.
    """
    row = charge_of(tx, charge_id)
    lock_client(tx, row.client_id)
    row = charge_of(tx, charge_id)
    found = tx.one(queries.OPEN_DISPUTE, charge_id=charge_id)
    if found is None:
        raise UserError(sentence("decide none", id=charge_id))
    waived: Waived | None = None
    why = reason or f"dispute: {found.words}"
    if outcome == "waive":
        waived = waive(tx, charge_id, reason=why, now=now)
    elif outcome == "part":
        assert units is not None
        if units >= row.units:
            raise UserError(sentence("charge holds", id=charge_id, count=row.units))
        waived = waive_part(tx, charge_id, units=units, reason=why, now=now)
    tx.run(queries.SET_DISPUTED, charge_id=charge_id, is_disputed=False)
    ending: dict[str, object] = {"outcome": {"uphold": "upheld", "waive": "waived", "part": "part"}[outcome]}
    ending |= {"waived_units": waived.units if waived is not None else 0, "decided_by_id": by_id}
    ending |= {"decided_at": now, "reason": reason}
    _note(tx, row, f"decision:{found.id}", "decision", row=kept(**ending), now=now)
    tx.run(queries.END_DISPUTE, id=found.id, **ending)
    return Decided(charge_id, row.ticket_id, found.contact_id, outcome, waived)


def _note(tx: Tx, charge: Row, key: str, kind: str, *, row: dict[str, object], now: datetime) -> None:
    """A word about a charge in the client's chain: it moves nothing, and cannot change unseen."""
    cause = Cause(key, charge.client_id, now, ticket_id=charge.ticket_id, evidence={"row": row})
    post(tx, Draft(kind, ()), cause)
