"""What a store promises, whichever database is behind it: units, rows and errors.

A unit is a plain function that takes a `Tx`. It may run twice, so it calls no network and changes nothing outside of
the transaction. Its result is released after the COMMIT, never before.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from bot.errors import BotError, TemporaryError
from bot.store.lanes import Lanes, Waiting
from bot.store.query import Query

T = TypeVar("T")
# A namedtuple with the statement's column names; which names those are, only the statement knows.
Row = Any


class StoreLocked(TemporaryError):
    """Another process or transaction held the database, or the row, for too long."""


class StoreFull(TemporaryError):
    """The disk under the database is full."""


class StoreAway(TemporaryError):
    """The database cannot be reached, or its disk fails."""


class ConstraintFailed(BotError):
    """The schema refused the rows: a key that exists, a reference to nothing, a balance below zero."""


class TableMissing(BotError):
    """The database lacks a table: it was never migrated, or by an older desk."""


class Tx(Protocol):
    """One open transaction. Ends with its unit; using it afterwards is an error."""

    dialect: str  # "sqlite" or "postgresql"

    def one(self, query: Query, /, **params: object) -> Row | None:
        """The first row, or None."""

    def all(self, query: Query, /, **params: object) -> list[Row]:
        """Every row."""

    def run(self, query: Query, /, **params: object) -> int:
        """Carry out a statement; returns how many rows it touched."""

    def insert(self, table: str, /, **values: object) -> int:
        """Insert one row into a table that has an `id`; returns it."""

    def insert_many(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows that name the same columns as the first."""

    def savepoint(self) -> AbstractContextManager[None]:
        """What is done inside is undone if it raises; the transaction lives on."""


class EndableTx(Protocol):
    """A transaction as who begins it sees it."""

    def end(self) -> None:
        """Let nothing more happen through it."""


class Store:
    """Transactions over one database. Usable from any thread and from several event loops."""

    def __init__(
        self,
        dialect: str,
        *,
        writes: Lanes,
        reads: Lanes,
        threads: Sequence[threading.Thread],
        is_inside: Callable[[], bool] = lambda: False,
    ) -> None:
        self.dialect = dialect
        self._is_inside = is_inside
        self._writes = writes
        self._reads = reads
        self._threads = tuple(threads)
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many units wait for their turn, without those that run."""
        return len(self._writes) if self._writes is self._reads else len(self._writes) + len(self._reads)

    async def run(self, unit: Callable[[Tx], T], *, is_batch: bool = False, is_long: bool = False) -> T:
        """Run a unit in one transaction; its result after the COMMIT, or its exception after the rollback.

        is_batch: periodic work, which waits behind what people wait for.
        is_long: it may take longer than a loop can be kept waiting, so it runs on a thread of the store in any case.
        Raises QueueFull at once when too many wait; other TemporaryErrors where a later try may succeed.
        """
        return await self._soon(self._writes, unit, is_batch=is_batch, is_long=is_long)

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Run a function that only reads, on one snapshot."""
        return await self._soon(self._reads, query, is_read=True)

    def run_sync(self, unit: Callable[[Tx], T]) -> T:
        """`run` for callers without an event loop; blocks."""
        return self._now(self._writes, unit)

    def read_sync(self, query: Callable[[Tx], T]) -> T:
        """`read` for callers without an event loop; blocks."""
        return self._now(self._reads, query, is_read=True)

    async def close(self) -> None:
        """Take no more units, finish those that wait, let the connections go."""
        await asyncio.to_thread(self.close_sync)

    def close_sync(self) -> None:
        """`close` for callers without an event loop."""
        self._writes.close()
        self._reads.close()
        for thread in self._threads:
            thread.join()

    async def _soon(
        self,
        lanes: Lanes,
        unit: Callable[[Tx], T],
        *,
        is_batch: bool = False,
        is_read: bool = False,
        is_long: bool = False,
    ) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        lanes.put(Waiting(unit, future, loop, is_batch=is_batch, is_read=is_read, is_long=is_long))
        return await future

    def _now(self, lanes: Lanes, unit: Callable[[Tx], T], *, is_read: bool = False) -> T:
        if threading.current_thread() in self._threads or self._is_inside():
            raise RuntimeError("a unit may not open a transaction of its own: it would wait for itself")
        future: Future[T] = Future()
        lanes.put(Waiting(unit, future, None, is_batch=False, is_read=is_read))
        return future.result()
