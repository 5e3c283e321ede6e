"""Proves the books of a client: the chain is whole, charges follow from their evidence, kept figures from postings.

Nothing is mended here: a fault is named, with what stands there and what should.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.books.entries import postings_of
from bot.books.kept import kept_faults
from bot.books.proving import Book, Posted, row_faults
from bot.books.standing_terms import terms_faults
from bot.ledger.chain import link
from bot.ledger.postings import Posting
from bot.queries import audit as queries
from bot.queries import money
from bot.store import Row, Tx


def audit(tx: Tx, client_id: int) -> list[str]:
    """Every fault in a client's books, the first in the chain first; [] if they are sound."""
    faults: list[str] = []
    previous_hash = ""
    book: Book = {}
    for number, row in enumerate(tx.all(money.ENTRIES_OF_CLIENT, client_id=client_id), 1):
        try:
            posted = Posted(row, _evidence(row), postings_of(tx, row.id))
        except ValueError as error:
            faults.append(f"entry {row.id} is posted to an account that there is not: {error}")
            posted = Posted(row, _evidence(row), ())
        faults += _entry_faults(row, posted.postings, number, previous_hash)
        previous_hash = row.hash
        book[row.id] = posted
    beside = row_faults(tx, client_id, book) + kept_faults(tx, client_id, book)
    return faults + beside + terms_faults(tx, client_id, book)


def trial_balance(tx: Tx) -> list[Row]:
    """Every account of every client: its kept balance beside the sum of its postings. The sums come to zero."""
    return tx.all(queries.TRIAL_BALANCE)


def trial_faults(tx: Tx) -> list[str]:
    """Where the trial balance does not come to zero, or a kept balance is not the sum of its postings."""
    sums: Counter[str] = Counter()
    faults = []
    for row in trial_balance(tx):
        sums[row.commodity] += row.posted
        if row.balance != row.posted:
            faults.append(f"client {row.client_id}, {row.name}: {row.balance} kept, {row.posted} posted")
    return [f"all postings come to {total} {name}, not 0" for name, total in sums.items() if total] + faults


# ---------------------------------------------------------------- one entry


def _entry_faults(row: Row, postings: Sequence[Posting], number: int, previous_hash: str) -> list[str]:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.commodity] += posting.amount
    faults = [f"entry {row.id} sums to {total} {commodity}" for commodity, total in sums.items() if total]
    if row.number != number:
        faults.append(f"entry {row.id} is number {row.number}, {number} was expected")
    expected = link(
        previous_hash,
        client_id=row.client_id,
        number=row.number,
        key=row.key,
        kind=row.kind,
        posted_at=row.posted_at,
        work_on=row.work_on,
        about=(row.ticket_id, row.work_item_id, row.reverses_id),
        evidence_json=row.evidence_json,
        postings=postings,
    )
    if row.previous_hash != previous_hash or row.hash != expected:
        faults.append(f"entry {row.id} is not what was posted: its hash differs")
    if row.reason != _evidence(row).get("reason", ""):
        faults.append(f"entry {row.id} gives a reason that it was not posted with")
    return faults


def _evidence(row: Row) -> dict[str, Any]:
    """What an entry keeps; {} where somebody wrote something else there, which its hash tells."""
    try:
        said = json.loads(row.evidence_json)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
