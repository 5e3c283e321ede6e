"""The hash chain of a client's entries: each takes up the hash of the one before, so that none can change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from bot.clock import as_utc
from bot.ledger.postings import Posting


def link(
    previous_hash: str,
    *,
    client_id: int,
    number: int,
    key: str,
    kind: str,
    posted_at: datetime,
    work_on: date | None,
    about: Sequence[int | None],
    evidence_json: str,
    postings: Sequence[Posting],
) -> str:
    """The hash of an entry: SHA-256 over the previous hash and all that the entry says, in hex.

    number: its place in the client's chain, from 1. about: ticket, work item and the entry that it reverses.
    Postings count in the order in which they were posted.
    """
    said = [
        previous_hash,
        client_id,
        number,
        key,
        kind,
        as_utc(posted_at).isoformat(timespec="microseconds"),
        work_on.isoformat() if work_on else None,
        list(about),
        evidence_json,
        [[posting.account, posting.commodity, posting.amount, posting.grant_id] for posting in postings],
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
