"""Posts entries: the only writer of entry, posting, account and of a grant's balance.

An entry is appended to its client's hash chain and never changed. Its key is unique: the same cause posts once. The
caller holds the lock on the client's row, so that numbers have no gap and balances no race.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.errors import LedgerError, NotFound
from bot.ledger.chain import link
from bot.ledger.postings import Account, Commodity, Draft, Posting
from bot.queries import money as queries
from bot.queries import people as people_queries
from bot.sentences import sentence
from bot.store import ConstraintFailed, Row, Tx


@dataclass(frozen=True, slots=True)
class Cause:
    """What an entry is about, beside its postings.

    key:    identity of what made it; a second entry of the same key is refused.
    reason: a person's words. evidence: all that made the amounts, fit for JSON.
    """

    key: str
    client_id: int
    now: datetime
    kind: str = ""
    work_on: date | None = None
    ticket_id: int | None = None
    work_item_id: int | None = None
    reverses_id: int | None = None
    reason: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)


def lock_client(tx: Tx, client_id: int) -> Row:
    """The client's row, locked to the end of the transaction: first of all locks of the books. Raises NotFound."""
    row = tx.one(people_queries.CLIENT_LOCKED, client_id=client_id)
    if row is None:
        raise NotFound(sentence("people no client", id=client_id))
    return row


def lock_clients(tx: Tx, client_ids: Iterable[int]) -> list[Row]:
    """Several clients at once, in the one order in which everybody locks them: before a counter is touched."""
    return [lock_client(tx, client_id) for client_id in sorted(set(client_ids))]


def post(tx: Tx, draft: Draft, cause: Cause) -> int:
    """Append an entry; returns its id. Raises LedgerError if a grant would fall below zero or the key was posted."""
    if tx.one(queries.ENTRY_BY_KEY, key=cause.key) is not None:
        raise LedgerError(f"{cause.key} was posted before")
    last = tx.one(queries.LAST_ENTRY, client_id=cause.client_id)
    number, previous_hash = (last.number + 1, last.hash) if last is not None else (1, "")
    evidence = {**cause.evidence, "reason": cause.reason} if cause.reason else cause.evidence
    # ASCII only: what is hashed must come back from every database exactly as it went in.
    evidence_json = json.dumps(evidence, sort_keys=True, separators=(",", ":"))
    kind = cause.kind or draft.kind
    entry_id = tx.insert(
        "entry",
        client_id=cause.client_id,
        number=number,
        key=cause.key,
        kind=kind,
        posted_at=cause.now,
        work_on=cause.work_on,
        ticket_id=cause.ticket_id,
        work_item_id=cause.work_item_id,
        reverses_id=cause.reverses_id,
        reason=cause.reason,
        evidence_json=evidence_json,
        previous_hash=previous_hash,
        hash=link(
            previous_hash,
            client_id=cause.client_id,
            number=number,
            key=cause.key,
            kind=kind,
            posted_at=cause.now,
            work_on=cause.work_on,
            about=(cause.ticket_id, cause.work_item_id, cause.reverses_id),
            evidence_json=evidence_json,
            postings=draft.postings,
        ),
    )
    _write(tx, entry_id, draft, cause.client_id)
    return entry_id


def _write(tx: Tx, entry_id: int, draft: Draft, client_id: int) -> None:
    rows = []
    for posting in draft.postings:
        account = tx.one(
            queries.ADD_TO_ACCOUNT,
            client_id=client_id,
            name=posting.account.value,
            commodity=posting.commodity.value,
            amount=posting.amount,
        )
        assert account is not None
        rows.append(
            {"entry_id": entry_id, "account_id": account.id, "grant_id": posting.grant_id, "amount": posting.amount}
        )
        if posting.grant_id is not None and posting.commodity is Commodity.UNITS:
            _add_to_grant(tx, posting)
    if rows:
        tx.insert_many("posting", rows)


def _add_to_grant(tx: Tx, posting: Posting) -> None:
    try:
        tx.run(queries.ADD_TO_GRANT, grant_id=posting.grant_id, amount=posting.amount)
    except ConstraintFailed as error:
        raise LedgerError(f"grant {posting.grant_id} has less than {-posting.amount} units") from error


def postings_of(tx: Tx, entry_id: int) -> list[Posting]:
    """The postings of an entry, in the order in which they were posted."""
    return [
        Posting(Account(row.name), Commodity(row.commodity), row.amount, row.grant_id)
        for row in tx.all(queries.POSTINGS, entry_id=entry_id)
    ]
