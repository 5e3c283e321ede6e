"""Proves the books of a client: every kept balance equals its postings, every entry balances, the chain is whole."""

from __future__ import annotations

from collections import Counter

from bot.books.entries import postings_of
from bot.ledger.chain import link
from bot.queries import money as queries
from bot.store import Row, Tx


def audit(tx: Tx, client_id: int) -> list[str]:
    """Every fault in a client's books, the first in the chain first; [] if they are sound."""
    faults = []
    previous_hash = ""
    for number, row in enumerate(tx.all(queries.ENTRIES_OF_CLIENT, client_id=client_id), 1):
        faults += _entry_faults(tx, row, number, previous_hash)
        previous_hash = row.hash
    for row in tx.all(queries.SUMS_OF_ACCOUNTS, client_id=client_id):
        if row.balance != row.posted:
            faults.append(f"account {row.name} keeps {row.balance} {row.commodity}, its postings are {row.posted}")
    for row in tx.all(queries.SUMS_OF_GRANTS, client_id=client_id):
        if row.balance_units != row.posted:
            faults.append(f"grant {row.id} keeps {row.balance_units} units, its postings are {row.posted}")
    return faults


def _entry_faults(tx: Tx, row: Row, number: int, previous_hash: str) -> list[str]:
    postings = postings_of(tx, row.id)
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
    return faults
