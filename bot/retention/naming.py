"""Which blobs are named by a row: by what stays, and by what has gone.

Whoever adds a column that names a blob adds it here; a test compares with the tables.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.blobs import BlobMissing, Blobs
from bot.legible import MARK
from bot.queries import retention as queries
from bot.retention.kinds import files_in
from bot.retention.removing import ranges
from bot.store import Query, Row, Store, Tx

# As `legible` writes the files of a message that lies in quarantine, with its bytes beside it.
_FILE_OF_LEGIBLE = re.compile(rb'"sha256": "([0-9a-f]{64})"')
READ_LATER = ("quarantined", "requeued")


class Names:
    """Names of blobs by their first 16 digits: 8 bytes each, and two that are alike keep one blob too many."""

    def __init__(self) -> None:
        self._found = array("Q")

    def add(self, sha256: str) -> None:
        self._found.append(int(sha256[:16], 16))

    def settle(self) -> None:
        """Put them in order; from then on they can be asked."""
        self._found = array("Q", sorted(self._found))

    def __contains__(self, sha256: str) -> bool:
        digits = int(sha256[:16], 16)
        place = bisect_left(self._found, digits)
        return place < len(self._found) and self._found[place] == digits


@dataclass(slots=True)
class Named:
    """needed: named by what stays. known: by any row, also one whose blob has gone."""

    needed: Names = field(default_factory=Names)
    known: Names = field(default_factory=Names)


@dataclass(frozen=True, slots=True)
class Namer:
    """A table that names blobs. last, named: its highest id, and the rows in a range of ids. names: those of a row."""

    table: str
    last: Query
    named: Query
    names: Callable[[Row], Sequence[str]]
    has_marks: bool = False


NAMERS: Sequence[Namer] = (
    Namer("inbound", queries.LAST_INBOUND, queries.NAMED_BY_INBOUND, lambda row: [row.raw_sha256], has_marks=True),
    Namer(
        "attachment", queries.LAST_ATTACHMENT, queries.NAMED_BY_ATTACHMENTS, lambda row: [row.sha256], has_marks=True
    ),
    Namer("delivery", queries.LAST_DELIVERY, queries.NAMED_BY_DELIVERIES, lambda row: files_in(row.files_json)),
    Namer("invoice", queries.LAST_INVOICE, queries.NAMED_BY_INVOICES, lambda row: [row.pdf_sha256]),
    Namer("statement", queries.LAST_STATEMENT, queries.NAMED_BY_STATEMENTS, lambda row: [row.pdf_sha256]),
)


async def named(store: Store, blobs: Blobs, without: Mapping[str, set[int]]) -> Named:
    """Every name in every row. without: ids by table, of rows that are taken to have gone."""
    found = Named()
    for namer in NAMERS:
        gone = without.get(namer.table, frozenset[int]())
        async for after, to in ranges(store, namer.last):
            rows = await store.read(partial(_rows, namer=namer, blobs=blobs, after=after, to=to))
            for row, names in rows:
                stays = row.id not in gone and not (namer.has_marks and row.removed_at is not None)
                for name in names:
                    found.known.add(name)
                    if stays:
                        found.needed.add(name)
    found.needed.settle()
    found.known.settle()
    return found


def _rows(tx: Tx, *, namer: Namer, blobs: Blobs, after: int, to: int) -> list[tuple[Row, list[str]]]:
    rows = tx.all(namer.named, after=after, to=to)
    return [(row, [name for name in (*namer.names(row), *_beside(tx, row, blobs)) if name]) for row in rows]


def _beside(tx: Tx, row: Row, blobs: Blobs) -> Iterator[str]:
    """The files of a chat message in quarantine: only its own bytes name them."""
    if getattr(row, "outcome", "") in READ_LATER and row.removed_at is None:
        try:
            content = blobs.get(tx, row.raw_sha256)
        except BlobMissing:
            return
        if content.startswith(b'{"' + MARK.encode()):
            yield from (match[1].decode() for match in _FILE_OF_LEGIBLE.finditer(content))
