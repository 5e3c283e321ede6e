"""The clockwork: APScheduler, in memory, calls the tick and the rounds. Nothing due is known here; rows know it.

A round draws documents in child processes, some seconds each. It has a turn of its own, so that no hold, no promise and
no charge waits for a pile of paper.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import TemporaryError
from bot.spells import Spell

if TYPE_CHECKING:
    from bot.paperwork import Round

log = structlog.get_logger()


class Scheduler:
    """Calls each every few seconds; a late call is made up for once, and two of the same never overlap."""

    name = "scheduler"

    def __init__(self, watched: Sequence[Round], seconds: int, on_commit: Callable[[], None] = lambda: None) -> None:
        self._seconds, self._on_commit = seconds, on_commit
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._looks = [(one, asyncio.Lock()) for one in watched]
        self._spells = {id(one): Spell(type(one).__name__) for one in watched}

    async def start(self) -> None:
        for look in self._looks:
            # The first look may find a night's work and a digest to draw: no start waits for it.
            self._scheduler.add_job(self._look, args=look, misfire_grace_time=None)
            # The default would silently drop a call that comes two seconds late.
            self._scheduler.add_job(
                self._look,
                "interval",
                args=look,
                seconds=self._seconds,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.pause()
            # A look that was called a moment ago comes to its beginning, where being broken off is no error.
            await asyncio.sleep(0)
            self._scheduler.shutdown(wait=False)
        # A look that was broken off lets go of what it holds.
        for _, looking in self._looks:
            async with looking:
                pass

    async def _look(self, watched: Round, looking: asyncio.Lock) -> None:
        if looking.locked():
            return
        spell = self._spells[id(watched)]
        async with looking:
            try:
                if await watched.run_once():
                    self._on_commit()
                spell.over()
            except asyncio.CancelledError:
                # Nothing is half done: whatever was left is due at the next start.
                log.info("look broken off", what=type(watched).__name__)
            except TemporaryError as error:
                spell.met(error)
            except Exception:
                log.exception("look failed", what=type(watched).__name__)
