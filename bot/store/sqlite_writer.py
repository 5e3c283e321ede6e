"""The one connection that writes to SQLite: it commits units that wait together, and tells each only its own outcome.

A savepoint does not isolate a unit from everything: a full disk or an interrupt rolls the whole transaction back, and
a deferred constraint fails at COMMIT for all. Then every unit of the batch runs again, alone, and only the guilty one
fails. No outcome, good or bad, leaves this module before the COMMIT that it rests on.

Quick units run on their own event loop's thread, which saves two changes of threads a unit. A thread of the writer
serves what is long, periodic or comes without a loop, and everything while another process holds the database. Where
the disk commits slowly, a second thread only commits what a loop has run: those that come meanwhile are the next batch.
Whoever holds the turn has the connection, and with it what steady statements were answered (see `query.Kept`).
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from bot.clock import SystemClock
from bot.store.lanes import PASSES_MAX, Lanes, Waiting, release
from bot.store.port import EndableTx, StoreAway
from bot.store.query import Kept

UNITS_MAX = 64
BATCH_SECONDS = 0.010
# A loop may wait for a commit as long as a change of threads takes on a busy machine, and no longer.
QUICK_COMMIT_SECONDS = 0.001
# How much of the mean the latest commit makes, and the longest that counts: one that the disk held up says little.
NEWEST, COMMIT_SECONDS_MAX = 0.2, 0.004


class Writer:
    """Serves the lanes with one connection, which it opens at the first unit and again after a failure.

    busy_seconds: how long a thread waits for another process that writes; a loop does not wait.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        lanes: Lanes,
        *,
        busy_seconds: float,
        begin: Callable[[sqlite3.Connection, Kept], EndableTx],
        fact_of: Callable[[sqlite3.Error], Exception],
    ) -> None:
        self._connect = connect
        self._lanes = lanes
        self._busy_milliseconds = int(1000 * busy_seconds)
        self._tx = begin
        self._fact_of = fact_of
        self._seconds = SystemClock().monotonic
        self._connection: sqlite3.Connection | None = None
        self._is_patient = True
        self._kept = Kept()
        self._commit_seconds = 0.0
        self._to_commit: SimpleQueue[list[Waiting] | None] = SimpleQueue()
        # Let go by the thread that commits, where a loop that took it left its batch there.
        self._turn = threading.Lock()
        self._holder = 0
        self._is_thread_waiting = False
        self._passes = 0
        # The loops that will come soon, and those that found the turn taken.
        self._called: set[asyncio.AbstractEventLoop] = set()
        self._missed: set[asyncio.AbstractEventLoop] = set()
        lanes.on_quick = self._call

    @property
    def is_inside(self) -> bool:
        """Whether the calling thread is in a unit right now."""
        return self._holder == threading.get_ident()

    # ---------------------------------------------------------------- on a thread of our own

    def serve(self) -> None:
        """Commit units until the lanes are closed and empty."""
        while (first := self._lanes.take()) is not None:
            self._is_thread_waiting = True
            with self._turn:
                self._is_thread_waiting = False
                self._holder = threading.get_ident()
                self._serve_one(first)
                self._holder = 0
            self._recall_missed()
        with self._turn:
            if self._connection is not None:
                self._connection.close()
        self._to_commit.put(None)

    def serve_commits(self) -> None:
        """Commit what loops have run, with the turn that each left here, until `serve` has ended."""
        while (batch := self._to_commit.get()) is not None:
            self._holder = threading.get_ident()
            self._settle(batch)
            self._holder = 0
            self._turn.release()
            self._recall_missed()

    def _serve_one(self, first: Waiting) -> None:
        try:
            connection = self._begin(is_patient=True)
        except sqlite3.Error as error:
            self._roll_back()
            # Whoever else waits would only wait the same time for the same answer.
            self._refuse((first, *self._lanes.take_all()), error)
            return
        # What waits for a thread may be long: a loop never runs it, but a thread runs what waits for a loop.
        self._settle(self._run_together(connection, first, self._lanes.take_door))

    def _recall_missed(self) -> None:
        """Those who came while the thread had the turn may come again."""
        while True:
            try:
                # Two threads may be here, and a loop takes itself out: only the pop itself tells whether one is left.
                loop = self._missed.pop()
            except KeyError:
                return
            try:
                loop.call_soon_threadsafe(self._serve_here, loop)
            except RuntimeError:
                # Its loop is closed. What it left behind is done all the same.
                self._lanes.hand_over()

    # ---------------------------------------------------------------- on the caller's loop

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        """A quick unit waits; we run on the thread of its loop."""
        if loop not in self._called:
            self._called.add(loop)
            loop.call_soon(self._serve_here, loop)

    def _serve_here(self, loop: asyncio.AbstractEventLoop) -> None:
        """Commit the quick units that wait, on this loop's thread, unless that would block it."""
        self._called.discard(loop)
        self._passes = self._passes + 1 if self._is_thread_waiting else 0
        # Noted before it is asked for, so that a thread that lets go at this moment sees it.
        self._missed.add(loop)
        if self._passes > PASSES_MAX and self._is_thread_waiting:
            return
        if not self._turn.acquire(blocking=False):
            return
        self._missed.discard(loop)
        batch: list[Waiting] = []
        is_left = False
        try:
            self._holder = threading.get_ident()
            batch = self._run_quick(loop)
            is_left = bool(batch) and self._commit_seconds > QUICK_COMMIT_SECONDS
            if not is_left:
                self._settle(batch, here=loop)
        finally:
            self._holder = 0
            if is_left:
                self._to_commit.put(batch)
            else:
                self._turn.release()
        if self._lanes.has_quick:
            self._call(loop)

    def _run_quick(self, loop: asyncio.AbstractEventLoop) -> list[Waiting]:
        """Run the quick units that wait; those that await their commit."""
        first = self._lanes.take_quick()
        if first is None:
            return []
        try:
            connection = self._begin(is_patient=False)
        except sqlite3.Error:
            self._roll_back()
            self._lanes.hand_over(first)
            return []
        return self._run_together(connection, first, self._lanes.take_quick, here=loop)

    # ---------------------------------------------------------------- with the turn

    def _begin(self, *, is_patient: bool) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
            self._is_patient = True
            self._kept = Kept()
        if is_patient is not self._is_patient:
            self._connection.execute(f"PRAGMA busy_timeout = {self._busy_milliseconds if is_patient else 0}")
            self._is_patient = is_patient
        self._connection.execute("BEGIN IMMEDIATE")
        self._kept.met(*self._connection.execute("PRAGMA data_version").fetchone())
        return self._connection

    def _run_together(
        self,
        connection: sqlite3.Connection,
        first: Waiting,
        take: Callable[[], Waiting | None],
        *,
        here: asyncio.AbstractEventLoop | None = None,
    ) -> list[Waiting]:
        """Run the first unit with those that `take` finds by then; those of a transaction that is open still.

        Where it is not, for a unit's fault, all but the guilty one have run alone and been told.
        """
        if not self._run(connection, first):
            # Nothing else is in this transaction, so what the first one did can go with all of it.
            self._roll_back()
            release((first,), here=here)
            return []
        batch, stands = [first], True
        until = self._seconds() + BATCH_SECONDS
        while stands and len(batch) < UNITS_MAX and self._seconds() < until:
            waiting = take()
            if waiting is None:
                break
            batch.append(waiting)
            stands = self._run_in_savepoint(connection, waiting)
        if stands:
            return batch
        self._run_each_alone(batch, here=here)
        return []

    def _settle(self, batch: list[Waiting], *, here: asyncio.AbstractEventLoop | None = None) -> None:
        """Commit what these units did, or run each anew; tell each its outcome."""
        if not batch:
            return
        assert self._connection is not None
        if self._commit(self._connection):
            release(batch, here=here)
        else:
            self._run_each_alone(batch, here=here)

    def _commit(self, connection: sqlite3.Connection) -> bool:
        begun = self._seconds()
        try:
            connection.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back()
            return False
        seconds = min(self._seconds() - begun, COMMIT_SECONDS_MAX)
        self._commit_seconds += NEWEST * (seconds - self._commit_seconds)
        return True

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

    def _refuse(self, units: Sequence[Waiting], error: sqlite3.Error) -> None:
        for waiting in units:
            waiting.error = self._fact_of(error)
        release(units)
