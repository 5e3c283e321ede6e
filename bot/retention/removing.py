"""Lets rows go whose time is over: their words and marks, in small transactions, with an event for each ticket."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import partial

from bot.queries import tickets as ticket_queries
from bot.retention.kinds import Kind, Moment
from bot.sentences import packed, sentence
from bot.store import Query, Row, Store, Tx

# So many ids are looked at, and at most so many rows changed, in one transaction.
RANGE = 500
REMOVED = "removed"


async def due_rows(store: Store, kind: Kind, moment: Moment) -> AsyncIterator[list[Row]]:
    """What would go, in portions; changes nothing."""
    async for after, to in ranges(store, kind.last):
        yield await store.read(partial(_due, kind=kind, moment=moment, after=after, to=to))


async def remove_rows(store: Store, kind: Kind, moment: Moment) -> AsyncIterator[list[Row]]:
    """Let it go; yields each portion once it is committed."""
    async for after, to in ranges(store, kind.last):
        # Most ranges hold nothing that is due, and need no turn at writing.
        if await store.read(partial(_due, kind=kind, moment=moment, after=after, to=to)):
            unit = partial(_remove, kind=kind, moment=moment, after=after, to=to)
            yield await store.run(unit, is_batch=True, is_long=True)


async def ranges(store: Store, last: Query) -> AsyncIterator[tuple[int, int]]:
    """(after, to) over all ids that a table has now."""
    row = await store.read(lambda tx: tx.one(last))
    assert row is not None
    for after in range(0, row.id, RANGE):
        yield after, after + RANGE


def _due(tx: Tx, *, kind: Kind, moment: Moment, after: int, to: int) -> list[Row]:
    return tx.all(kind.due, after=after, to=to, before_at=moment.before)


def _remove(tx: Tx, *, kind: Kind, moment: Moment, after: int, to: int) -> list[Row]:
    look = partial(_due, tx, kind=kind, moment=moment, after=after, to=to)
    locked = {_ticket_of(row) for row in look()}
    for ticket_id in sorted(one for one in locked if one is not None):
        tx.one(ticket_queries.LOCKED, ticket_id=ticket_id)
    # Looked at again: nobody opens one of these tickets now.
    gone = [row for row in look() if _ticket_of(row) in locked and kind.remove(tx, row, moment)]
    _record(tx, kind, gone, moment)
    return gone


def _ticket_of(row: Row) -> int | None:
    found: int | None = getattr(row, "ticket_id", None)
    return found


def _record(tx: Tx, kind: Kind, gone: Sequence[Row], moment: Moment) -> None:
    """An event on each ticket, and one for all that belonged to none."""
    many = Counter(map(_ticket_of, gone))
    tx.insert_many(
        "event",
        [
            {
                "at": moment.now,
                "kind": REMOVED,
                "ticket_id": ticket_id,
                "actor": "desk",
                "reason": str(said := sentence(f"gone {kind.name}", count=count, days=moment.days)),
                "detail_json": json.dumps(
                    {"what": kind.name, "rows": count, "days": moment.days, "said": packed(said)}
                ),
            }
            for ticket_id, count in many.items()
        ],
    )
