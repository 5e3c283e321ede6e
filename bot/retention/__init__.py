"""Retention: what the settings let go goes, and nothing else; `prune` is the one call.

Rows first, each portion in a transaction of its own with an event for every ticket; blobs after them, for only what no
committed row names is removed. A crash between any two lines leaves blobs too many, never one too few.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.blobs import Blobs
from bot.plain import counted
from bot.retention.kinds import KINDS, Kind, Moment
from bot.retention.removing import due_rows, remove_rows
from bot.retention.sweeping import Swept, sweep
from bot.settings.retention import Retention
from bot.store import Store, Tx

PRUNED, LEFT_OVER = "pruned", "left over"

__all__ = ["LEFT_OVER", "Count", "Pruned", "prune"]


@dataclass(slots=True)
class Count:
    """What went of one kind, or would. days: 0 for ever. size_bytes: of blobs, and of words in UTF-8."""

    name: str
    days: int = 0
    rows: int = 0
    blobs: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Pruned:
    """A run: by kind, last what nothing named before it either. held, foreign: see `Swept`."""

    counts: Sequence[Count]
    held: int = 0
    foreign: int = 0

    @property
    def rows(self) -> int:
        return sum(count.rows for count in self.counts)

    @property
    def blobs(self) -> int:
        return sum(count.blobs for count in self.counts)

    @property
    def size_bytes(self) -> int:
        return sum(count.size_bytes for count in self.counts)

    def __str__(self) -> str:
        return f"{counted(self.rows, 'row')} and {counted(self.blobs, 'blob')}, {self.size_bytes:,} bytes"


async def prune(store: Store, blobs: Blobs, retention: Retention, *, now: datetime, is_applied: bool) -> Pruned:
    """Remove what is due, or say what would be removed. Safe beside a running desk, and to repeat."""
    counts, freed, without = [], dict[str, Count](), dict[str, set[int]]()
    for kind in KINDS:
        count = Count(kind.name, getattr(retention, kind.key))
        counts.append(count)
        if not count.days:
            continue
        moment = Moment(now, count.days)
        async for rows in (remove_rows if is_applied else due_rows)(store, kind, moment):
            _add(count, kind, rows, freed)
            if not is_applied and kind.table:
                without.setdefault(kind.table, set()).update(row.id for row in rows)
    swept = await sweep(store, blobs, now=now, is_applied=is_applied, without=without)
    pruned = _pruned(counts, freed, swept)
    if is_applied:
        await store.run(partial(_record, pruned=pruned, now=now), is_batch=True)
    return pruned


def _add(count: Count, kind: Kind, rows: Sequence[object], freed: dict[str, Count]) -> None:
    count.rows += len(rows)
    for row in rows:
        count.size_bytes += kind.text_bytes(row)
        for name in kind.names(row):
            freed.setdefault(name, count)


def _pruned(counts: list[Count], freed: dict[str, Count], swept: Swept) -> Pruned:
    left_over = Count(LEFT_OVER)
    for name, size_bytes in swept.blobs:
        count = freed.get(name, left_over)
        count.blobs += 1
        count.size_bytes += size_bytes
    return Pruned((*counts, left_over), swept.held, swept.foreign)


def _record(tx: Tx, *, pruned: Pruned, now: datetime) -> None:
    detail = {
        count.name: {"days": count.days, "rows": count.rows, "blobs": count.blobs, "bytes": count.size_bytes}
        for count in pruned.counts
    }
    tx.insert("event", at=now, kind=PRUNED, actor="desk", reason=str(pruned), detail_json=json.dumps(detail))
