"""The terms that decide a client's bills to come, in its hash chain: plans, fee, tax, minimum, cap, calendar, consent.

Whatever changes them calls `keep_terms` in the same transaction, which posts an entry that moves nothing and holds all
of them. The audit holds the client's row and the history of its plans to the last of these entries.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import differences, kept
from bot.books.proving import Book
from bot.ledger.postings import Draft
from bot.queries import audit as queries
from bot.queries import fees, money
from bot.store import Row, Tx

TERMS = "terms"
# What is not a term: its key, and how often the tick failed to begin the next term.
_BESIDE = frozenset({"id", "failures"})


def keep_terms(tx: Tx, client_id: int, *, now: datetime) -> bool:
    """Post the client's terms as they stand now; False where they are what was posted last."""
    lock_client(tx, client_id)
    row = tx.one(queries.TERMS_OF_CLIENT, client_id=client_id)
    assert row is not None
    said = _said(tx, row)
    before = tx.one(queries.LAST_TERMS, client_id=client_id)
    if before is not None and json.loads(before.evidence_json) == said:
        return False
    last = tx.one(money.LAST_ENTRY, client_id=client_id)
    key = f"terms:{client_id}:{last.number + 1 if last is not None else 1}"
    post(tx, Draft(TERMS, ()), Cause(key, client_id, now, evidence=said))
    return True


def terms_faults(tx: Tx, client_id: int, book: Book) -> list[str]:
    """Each term, and each plan of the client's history, that is not what was posted last; [] if all are."""
    row = tx.one(queries.TERMS_OF_CLIENT, client_id=client_id)
    posted = [one.evidence for one in book.values() if one.row.kind == TERMS]
    if row is None or not posted:
        return ["the terms of the client were never posted"]
    said: dict[str, Any] = dict(posted[-1].get("row", {}))
    if row.failures:
        # The tick put the next term off; it begins later than was posted, never earlier.
        was, is_ = said.pop("term_at", None), kept(term_at=row.term_at)["term_at"]
        early = was is not None and (is_ is None or str(is_) < str(was))
        found = [f"term_at is {is_}, {was} was posted"] if early else []
    else:
        found = []
    found += differences(row, said)
    plans, were = _plans(tx, client_id), posted[-1].get("plans")
    found += [f"plans are {plans}, {were} was posted"] if plans != were else []
    return [f"terms of the client: {fault}" for fault in found]


def _said(tx: Tx, row: Row) -> dict[str, Any]:
    columns = {name: value for name, value in row._asdict().items() if name not in _BESIDE}
    return {"row": kept(**columns), "plans": _plans(tx, row.id)}


def _plans(tx: Tx, client_id: int) -> list[list[str]]:
    """Each plan with its first day, in the order in which they were said."""
    return [[row.plan, row.from_on.isoformat()] for row in tx.all(fees.PLANS_OF_CLIENT, client_id=client_id)]
