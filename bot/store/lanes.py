"""The units that wait, in three lanes, and the way back to whoever waits for them.

Quick units are the short ones of doors whose callers sit on an event loop: a writer that can (`on_quick`) runs them
there, without a change of threads. Doors go before batch work, but not for ever: a waiting batch unit is passed by at
most `PASSES_MAX` transactions. More than `limit` units are refused with QueueFull: a queue without bound only hides
that the desk is too slow.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

import structlog

from bot.errors import QueueFull, TemporaryError

WAITING_MAX = 1_000
PASSES_MAX = 20

log = structlog.get_logger(__name__)


class StoreClosed(TemporaryError):
    """The desk is stopping and takes no more work."""


class Waiting:
    """A unit, its outcome so far, and who waits for it."""

    __slots__ = ("error", "future", "is_batch", "is_long", "is_read", "loop", "result", "unit")

    def __init__(
        self,
        unit: Callable[[Any], Any],
        future: asyncio.Future[Any] | Future[Any],
        loop: asyncio.AbstractEventLoop | None,
        *,
        is_batch: bool,
        is_read: bool,
        is_long: bool = False,
    ) -> None:
        self.unit = unit
        self.future = future
        self.loop = loop
        self.is_batch = is_batch
        self.is_read = is_read
        self.is_long = is_long
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Tell the one who waits. On an event loop, only that loop's thread may call this."""
        # Who waited may have been cancelled meanwhile; the unit's effect stands all the same.
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        elif isinstance(self.error, StopIteration):
            # A future cannot carry StopIteration, and would stay open for ever.
            mask = RuntimeError("the unit let a StopIteration escape")
            mask.__cause__ = self.error
            self.future.set_exception(mask)
        else:
            self.future.set_exception(self.error)


def release(done: Iterable[Waiting], *, here: asyncio.AbstractEventLoop | None = None) -> None:
    """Settle units: one call into each event loop, however many units. here: the loop whose thread calls, if one's."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[Waiting]] = defaultdict(list)
    for waiting in done:
        if waiting.loop is None or waiting.loop is here:
            waiting.settle()
        else:
            by_loop[waiting.loop].append(waiting)
    for loop, group in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, group)
        except RuntimeError:
            # The loop was closed while its units waited; they are committed, and nobody is left to hear.
            log.warning("unit_unheard", units=len(group))


def _settle_all(group: list[Waiting]) -> None:
    for waiting in group:
        waiting.settle()


class _Idle:
    """A thread that found nothing to do. bell: released to wake it."""

    __slots__ = ("bell", "is_doors_only")

    def __init__(self, *, is_doors_only: bool) -> None:
        self.bell, self.is_doors_only = threading.Lock(), is_doors_only
        self.bell.acquire()


class Lanes:
    """The queues, with one limit. Safe to use from any thread.

    Of several idle threads that which worked last is woken: its connection has prepared most statements, and the pages
    that they read are at hand.

    on_quick: told the loop of each quick unit as it comes; who sets it serves that lane. None: quick units are doors'.
    """

    def __init__(self, limit: int = WAITING_MAX) -> None:
        self.on_quick: Callable[[asyncio.AbstractEventLoop], None] | None = None
        self._limit = limit
        self._quick: deque[Waiting] = deque()
        self._doors: deque[Waiting] = deque()
        self._batch: deque[Waiting] = deque()
        self._passes = 0
        self._is_closed = False
        self._lock = threading.Lock()
        self._idle: list[_Idle] = []

    def __len__(self) -> int:
        """How many units wait."""
        return len(self._quick) + len(self._doors) + len(self._batch)

    def put(self, waiting: Waiting) -> None:
        """Let a unit wait its turn. Raises QueueFull or StoreClosed at once."""
        with self._lock:
            if self._is_closed:
                raise StoreClosed("the store is closed")
            if len(self) >= self._limit:
                raise QueueFull(f"{self._limit} units wait already")
            if self.on_quick is None or waiting.loop is None or waiting.is_long or waiting.is_batch:
                self._put_for_a_thread(waiting)
                return
            self._quick.append(waiting)
        self.on_quick(waiting.loop)

    def _put_for_a_thread(self, waiting: Waiting) -> None:
        if waiting.is_batch:
            self._batch.append(waiting)
        else:
            self._doors.append(waiting)
        self._wake_one(is_batch=waiting.is_batch)

    def _wake_one(self, *, is_batch: bool = False) -> None:
        """Wake the thread that worked last, of those that may serve the lane. Whoever is busy looks again by itself."""
        for place in range(len(self._idle) - 1, -1, -1):
            if not (is_batch and self._idle[place].is_doors_only):
                self._idle.pop(place).bell.release()
                return

    def take(self, *, is_doors_only: bool = False) -> Waiting | None:
        """The next unit for a thread; waits for one. None when the lanes are closed and empty."""
        while True:
            with self._lock:
                found = self._next(is_doors_only=is_doors_only)
                if found is not None:
                    # It may have taken what another was woken for, who cannot serve what is left.
                    if self._doors or self._batch:
                        self._wake_one(is_batch=not self._doors)
                    return found
                if self._is_closed and (is_doors_only or not self._batch):
                    return None
                idle = _Idle(is_doors_only=is_doors_only)
                self._idle.append(idle)
            idle.bell.acquire()

    def _next(self, *, is_doors_only: bool) -> Waiting | None:
        if self._batch and not is_doors_only and (not self._doors or self._passes >= PASSES_MAX):
            self._passes = 0
            return self._batch.popleft()
        if self._doors:
            self._passes += bool(self._batch)
            return self._doors.popleft()
        return None

    def take_door(self) -> Waiting | None:
        """The next unit of a door if one waits already, quick ones first."""
        with self._lock:
            if self._quick:
                return self._quick.popleft()
            return self._doors.popleft() if self._doors else None

    def take_quick(self) -> Waiting | None:
        """The next quick unit if one waits."""
        with self._lock:
            return self._quick.popleft() if self._quick else None

    @property
    def has_quick(self) -> bool:
        return bool(self._quick)

    def hand_over(self, *taken: Waiting) -> None:
        """Leave the quick units, first those taken already, to the threads."""
        with self._lock:
            self._doors.extendleft(reversed((*taken, *self._quick)))
            self._quick.clear()
            for _ in range(min(len(self._doors), len(self._idle))):
                self._wake_one()

    def take_door_writes(self) -> list[Waiting]:
        """Every unit that waits at a door to write something, to be put off together."""
        with self._lock:
            writes = [waiting for waiting in self._doors if not waiting.is_read]
            reads = [waiting for waiting in self._doors if waiting.is_read]
            self._doors.clear()
            self._doors.extend(reads)
            return writes

    def take_all(self) -> list[Waiting]:
        """Everything that waits, to be refused together."""
        with self._lock:
            everything = [*self._quick, *self._doors, *self._batch]
            self._quick.clear()
            self._doors.clear()
            self._batch.clear()
            return everything

    def close(self) -> None:
        """Accept no more; workers leave when nothing waits."""
        with self._lock:
            self._is_closed = True
            # Their loop may wait for the threads to end, and would never come to its own.
            self._doors.extend(self._quick)
            self._quick.clear()
            while self._idle:
                self._idle.pop().bell.release()
