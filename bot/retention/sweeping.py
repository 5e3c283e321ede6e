"""Removes the blobs that nothing names any more: rows of the database first, then files.

Whatever runs before, a blob goes only if no committed row names it and nobody put it within the last hour: a message
that is being taken in puts its blobs before its row, and who puts known bytes again makes them young. So a run that
was killed leaves nothing but blobs that nobody needs, and the next one finds them here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.blobs import SAFE_AFTER, Blobs
from bot.queries import retention as queries
from bot.retention.naming import Named, named
from bot.store import Row, Store, Tx

PORTION = 200
# Files of which no row ever knew are leftovers of a crash or two; so many of them belong to another database.
FOREIGN_MIN, FOREIGN_SHARE = 20, 0.5


@dataclass(slots=True)
class Swept:
    """What went, or would: for each blob its name and size. held: files left, for somebody holds them at the moment.

    foreign: files that were left because most are named by no row of this database, as if it were another's.
    """

    blobs: list[tuple[str, int]]
    held: int = 0
    foreign: int = 0


async def sweep(
    store: Store, blobs: Blobs, *, now: datetime, is_applied: bool, without: Mapping[str, set[int]]
) -> Swept:
    """Remove what is needed by nobody, or say what would be removed. without: see `named`."""
    known = await named(store, blobs, without)
    swept = Swept([])
    async for portion in _unneeded_rows(store, known, before=now - SAFE_AFTER):
        if is_applied:
            unit = partial(_remove_rows, names=[name for name, _ in portion], before=now - SAFE_AFTER)
            gone = await store.run(unit, is_batch=True, is_long=True)
            portion = [one for one in portion if one[0] in gone]
        swept.blobs += portion
    files = await asyncio.to_thread(blobs.files)
    loose = [one for one in files if one[0] not in known.needed]
    unknown = sum(name not in known.known for name, _ in loose)
    if unknown >= FOREIGN_MIN and unknown > FOREIGN_SHARE * len(files):
        swept.foreign = unknown
        return swept
    remove = partial(blobs.remove_file, before=now - SAFE_AFTER, is_tried_only=not is_applied)
    for start in range(0, len(loose), PORTION):
        portion = loose[start : start + PORTION]
        gone = await asyncio.to_thread(_gone, portion, remove)
        swept.blobs += [one for one in portion if one[0] in gone]
        swept.held += len(portion) - len(gone)
    return swept


async def _unneeded_rows(store: Store, known: Named, *, before: datetime) -> AsyncIterator[list[tuple[str, int]]]:
    after = ""
    while rows := await store.read(partial(_portion, after=after)):
        after = rows[-1].sha256
        found = [row for row in rows if row.sha256 not in known.needed and row.put_at < before]
        if found:
            yield [(row.sha256, row.size_bytes) for row in found]


def _portion(tx: Tx, *, after: str) -> list[Row]:
    return tx.all(queries.BLOBS, after=after, limit=PORTION)


def _remove_rows(tx: Tx, *, names: Sequence[str], before: datetime) -> set[str]:
    return {name for name in names if tx.run(queries.REMOVE_BLOB, sha256=name, before_at=before)}


def _gone(portion: Sequence[tuple[str, int]], remove: Callable[[str], bool]) -> set[str]:
    return {name for name, _ in portion if remove(name)}
