"""The one thread that writes to SQLite: it commits units that wait together, and tells each only its own outcome.

A savepoint does not isolate a unit from everything: a full disk or an interrupt rolls the whole transaction back, and
a deferred constraint fails at COMMIT for all. Then every unit of the batch runs again, alone, and only the guilty one
fails. No outcome, good or bad, leaves this module before the COMMIT that it rests on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.clock import SystemClock
from bot.store.lanes import Lanes, Waiting, release
from bot.store.port import StoreAway

UNITS_MAX = 64
BATCH_SECONDS = 0.010


class EndableTx(Protocol):
    """A transaction as the writer sees it."""

    def end(self) -> None:
        """Let nothing more happen through it."""


class Writer:
    """Serves the lanes with one connection, which it opens at the first unit and again after a failure."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        lanes: Lanes,
        *,
        begin: Callable[[sqlite3.Connection], EndableTx],
        fact_of: Callable[[sqlite3.Error], Exception],
    ) -> None:
        self._connect = connect
        self._lanes = lanes
        self._tx = begin
        self._fact_of = fact_of
        self._seconds = SystemClock().monotonic
        self._connection: sqlite3.Connection | None = None

    def serve(self) -> None:
        """Commit units until the lanes are closed and empty."""
        while (first := self._lanes.take()) is not None:
            try:
                connection = self._begin()
            except sqlite3.Error as error:
                # Whoever else waits would only wait the same time for the same answer.
                self._refuse((first, *self._lanes.take_all()), error)
                continue
            self._commit_together(connection, first)
        if self._connection is not None:
            self._connection.close()

    def _begin(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def _commit_together(self, connection: sqlite3.Connection, first: Waiting) -> None:
        """Commit the first unit with those of doors that already wait, or that come while these run."""
        if not self._run(connection, first):
            # Nothing else is in this transaction, so what the first one did can go with all of it.
            self._roll_back()
            release((first,))
            return
        batch, stands = [first], True
        until = self._seconds() + BATCH_SECONDS
        while stands and len(batch) < UNITS_MAX and self._seconds() < until:
            waiting = self._lanes.take_door()
            if waiting is None:
                break
            batch.append(waiting)
            stands = self._run_in_savepoint(connection, waiting)
        if stands:
            try:
                connection.execute("COMMIT")
                release(batch)
                return
            except sqlite3.Error:
                self._roll_back()
        for waiting in batch:
            self._run_alone(waiting)

    def _run(self, connection: sqlite3.Connection, waiting: Waiting) -> bool:
        """Run a unit in the open transaction and keep its outcome; says whether it did well."""
        waiting.result = waiting.error = None
        tx = self._tx(connection)
        try:
            waiting.result = waiting.unit(tx)
        except BaseException as error:
            waiting.error = error
        finally:
            tx.end()
        if waiting.error is None and not connection.in_transaction:
            waiting.error = StoreAway("the database rolled this transaction back")
        return waiting.error is None

    def _run_in_savepoint(self, connection: sqlite3.Connection, waiting: Waiting) -> bool:
        """Run a unit beside others; says whether the common transaction still stands."""
        try:
            connection.execute("SAVEPOINT unit")
            if not self._run(connection, waiting) and connection.in_transaction:
                connection.execute("ROLLBACK TO unit")
            if connection.in_transaction:
                connection.execute("RELEASE unit")
                return True
        except sqlite3.Error:
            self._roll_back()
        return False

    def _run_alone(self, waiting: Waiting) -> None:
        try:
            connection = self._begin()
            if self._run(connection, waiting):
                connection.execute("COMMIT")
            else:
                self._roll_back()
        except sqlite3.Error as error:
            self._roll_back()
            waiting.error = self._fact_of(error)
        release((waiting,))

    def _roll_back(self) -> None:
        connection = self._connection
        if connection is None or not connection.in_transaction:
            return
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            # A connection that cannot even roll back is let go: closing it does.
            self._connection = None
            connection.close()

    def _refuse(self, units: Sequence[Waiting], error: sqlite3.Error) -> None:
        for waiting in units:
            waiting.error = self._fact_of(error)
        release(units)
