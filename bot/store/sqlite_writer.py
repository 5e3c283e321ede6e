"""Who writes to SQLite, and when: one at a time has the turn, and commits the units that wait together.

Quick units run on their own event loop's thread, which saves two changes of threads a unit. A thread of the writer
serves what is long, periodic or comes without a loop, and everything while another process holds the database. Where
the disk commits slowly, a second thread only commits what a loop has run: those that come meanwhile are the next batch.
Whoever holds the turn has the one connection that writes (see sqlite_batch).
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from queue import SimpleQueue

from bot.store.lanes import PASSES_MAX, Lanes, Waiting
from bot.store.sqlite_batch import Batches

# A loop may wait for a commit as long as a change of threads takes on a busy machine, and no longer.
QUICK_COMMIT_SECONDS = 0.001


class Writer:
    """Serves the lanes, from whichever thread is the quickest for what waits there."""

    def __init__(self, lanes: Lanes, batches: Batches) -> None:
        self._lanes = lanes
        self._batches = batches
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
            self._batches.close()
        self._to_commit.put(None)

    def serve_commits(self) -> None:
        """Commit what loops have run, with the turn that each left here, until `serve` has ended."""
        while (batch := self._to_commit.get()) is not None:
            self._holder = threading.get_ident()
            self._batches.settle(batch)
            self._holder = 0
            self._turn.release()
            self._recall_missed()

    def _serve_one(self, first: Waiting) -> None:
        try:
            # What waits for a thread may be long: a loop never runs it, but a thread runs what waits for a loop.
            batch = self._batches.run_together(first, self._lanes.take_door)
        except sqlite3.Error as error:
            # Whoever else waits would only wait the same time for the same answer.
            self._batches.refuse((first, *self._lanes.take_all()), error)
            return
        self._batches.settle(batch)

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
            is_left = bool(batch) and self._batches.commit_seconds > QUICK_COMMIT_SECONDS
            if not is_left:
                self._batches.settle(batch, here=loop)
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
            return self._batches.run_together(first, self._lanes.take_quick, here=loop)
        except sqlite3.Error:
            self._lanes.hand_over(first)
            return []
