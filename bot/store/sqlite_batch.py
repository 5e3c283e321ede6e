"""What happens on the one connection that writes to SQLite: units that wait together share a transaction.

They run one after the other without a savepoint, which would cost as much as half of what they write. Where one fails
that had changed something, all of them run anew, each in a savepoint. That does not isolate a unit from everything: a
full disk or an interrupt rolls the whole transaction back, and a deferred constraint fails at COMMIT for all. Then
every unit of the batch runs again, alone, and only the guilty one fails. No outcome, good or bad, leaves this module
before the COMMIT that it rests on.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence

from bot.clock import SystemClock
from bot.store.lanes import Waiting, release
from bot.store.port import EndableTx, StoreAway
from bot.store.query import Kept

UNITS_MAX = 64
BATCH_SECONDS = 0.010
# How much of the mean the latest commit makes, and the longest that counts: one that the disk held up says little.
NEWEST, COMMIT_SECONDS_MAX = 0.2, 0.004


class Batches:
    """Runs and commits batches on its connection, with what steady statements were answered there (see `query.Kept`).

    The connection is opened at the first unit, and again after a failure. One thread at a time may use this object.

    busy_seconds: how long a thread waits for another process that writes; a loop (`here`) does not wait.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        *,
        busy_seconds: float,
        begin: Callable[[sqlite3.Connection, Kept], EndableTx],
        fact_of: Callable[[sqlite3.Error], Exception],
    ) -> None:
        self._connect = connect
        self._busy_milliseconds = int(1000 * busy_seconds)
        self._tx = begin
        self._fact_of = fact_of
        self._seconds = SystemClock().monotonic
        self._connection: sqlite3.Connection | None = None
        self._is_patient = True
        self._kept = Kept()
        # The mean of late.
        self.commit_seconds = 0.0

    def run_together(
        self,
        first: Waiting,
        take: Callable[[], Waiting | None],
        *,
        here: asyncio.AbstractEventLoop | None = None,
    ) -> list[Waiting]:
        """Run the first unit with those that `take` finds by then; those of a transaction that is open still.

        Where it is not, for a unit's fault, all but the guilty one have run alone and been told. Raises sqlite3.Error
        where no transaction can be begun, with the first unit not run and none taken.
        """
        connection = self._begin(is_patient=here is None)
        if not self._run(connection, first):
            # Nothing else is in this transaction, so what the first one did can go with all of it.
            self._roll_back()
            release((first,), here=here)
            return []
        batch = [first]
        until = self._seconds() + BATCH_SECONDS
        while len(batch) < UNITS_MAX and self._seconds() < until:
            waiting = take()
            if waiting is None:
                break
            batch.append(waiting)
            if not self._run_beside(connection, waiting):
                return self._run_apart(batch, here=here)
        return batch

    def settle(self, batch: list[Waiting], *, here: asyncio.AbstractEventLoop | None = None) -> None:
        """Commit what these units did, or run each anew; tell each its outcome."""
        if not batch:
            return
        assert self._connection is not None
        if self._commit(self._connection):
            release(batch, here=here)
        else:
            self._run_each_alone(batch, here=here)

    def refuse(self, units: Sequence[Waiting], error: sqlite3.Error) -> None:
        """Tell units that did not run that there is no transaction to be had."""
        for waiting in units:
            waiting.error = self._fact_of(error)
        release(units)

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()

    # ---------------------------------------------------------------- one transaction

    def _begin(self, *, is_patient: bool) -> sqlite3.Connection:
        try:
            if self._connection is None:
                self._connection = self._connect()
                self._is_patient = True
                self._kept = Kept()
            if is_patient is not self._is_patient:
                self._connection.execute(f"PRAGMA busy_timeout = {self._busy_milliseconds if is_patient else 0}")
                self._is_patient = is_patient
            self._connection.execute("BEGIN IMMEDIATE")
            self._kept.met(*self._connection.execute("PRAGMA data_version").fetchone())
        except sqlite3.Error:
            self._roll_back()
            raise
        return self._connection

    def _commit(self, connection: sqlite3.Connection) -> bool:
        begun = self._seconds()
        try:
            connection.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back()
            return False
        seconds = min(self._seconds() - begun, COMMIT_SECONDS_MAX)
        self.commit_seconds += NEWEST * (seconds - self.commit_seconds)
        return True

    def _roll_back(self) -> None:
        self._kept.clear()
        connection = self._connection
        if connection is None or not connection.in_transaction:
            return
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            # A connection that cannot even roll back is let go: closing it does.
            self._connection = None
            connection.close()

    # ---------------------------------------------------------------- its units

    def _run(self, connection: sqlite3.Connection, waiting: Waiting) -> bool:
        """Run a unit in the open transaction and keep its outcome; says whether it did well."""
        waiting.result = waiting.error = None
        tx = self._tx(connection, self._kept)
        try:
            waiting.result = waiting.unit(tx)
        except BaseException as error:
            waiting.error = error
        finally:
            tx.end()
        if waiting.error is None and not connection.in_transaction:
            waiting.error = StoreAway("the database rolled this transaction back")
        if waiting.error is not None:
            self._kept.clear()  # what it wrote is undone, and so is what it read of it
        return waiting.error is None

    def _run_beside(self, connection: sqlite3.Connection, waiting: Waiting) -> bool:
        """Run a unit after others; says whether the common transaction stands, with nothing in it to be undone."""
        changes = connection.total_changes
        if self._run(connection, waiting):
            return True
        return connection.in_transaction and connection.total_changes == changes

    def _run_apart(self, batch: list[Waiting], *, here: asyncio.AbstractEventLoop | None) -> list[Waiting]:
        """Run the units of a batch anew, each in a savepoint; returns what `run_together` does."""
        self._roll_back()
        try:
            connection = self._begin(is_patient=here is None)
            if all(self._run_in_savepoint(connection, waiting) for waiting in batch):
                return batch
        except sqlite3.Error:
            self._roll_back()
        self._run_each_alone(batch, here=here)
        return []

    def _run_in_savepoint(self, connection: sqlite3.Connection, waiting: Waiting) -> bool:
        """Run a unit whose failure leaves the others'; says whether the common transaction still stands."""
        connection.execute("SAVEPOINT unit")
        if not self._run(connection, waiting) and connection.in_transaction:
            connection.execute("ROLLBACK TO unit")
        if not connection.in_transaction:
            return False
        connection.execute("RELEASE unit")
        return True

    def _run_each_alone(self, batch: list[Waiting], *, here: asyncio.AbstractEventLoop | None) -> None:
        for waiting in batch:
            self._run_alone(waiting, here=here)

    def _run_alone(self, waiting: Waiting, *, here: asyncio.AbstractEventLoop | None) -> None:
        try:
            connection = self._begin(is_patient=here is None)
            if self._run(connection, waiting):
                connection.execute("COMMIT")
            else:
                self._roll_back()
        except sqlite3.Error as error:
            self._roll_back()
            waiting.error = self._fact_of(error)
        release((waiting,), here=here)
