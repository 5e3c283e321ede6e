"""The clockwork: APScheduler, in memory, calls the tick. Nothing that is due is known here; rows know it."""

from __future__ import annotations

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.tick import Tick

log = structlog.get_logger()


class Scheduler:
    """Calls the tick every few seconds; a late call is made up for once, and two never overlap."""

    name = "scheduler"

    def __init__(self, tick: Tick, seconds: int) -> None:
        self._tick, self._seconds = tick, seconds
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._looking = asyncio.Lock()

    async def start(self) -> None:
        # The first look may find a night's work and a digest to draw: no start waits for it.
        self._scheduler.add_job(self._look, misfire_grace_time=None)
        # The default would silently drop a call that comes two seconds late.
        self._scheduler.add_job(
            self._look, "interval", seconds=self._seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.pause()
            # A look that was called a moment ago comes to its beginning, where being broken off is no error.
            await asyncio.sleep(0)
            self._scheduler.shutdown(wait=False)
        # A look that was broken off lets go of what it holds.
        async with self._looking:
            pass

    async def _look(self) -> None:
        if self._looking.locked():
            return
        async with self._looking:
            try:
                await self._tick.run_once()
            except asyncio.CancelledError:
                # Nothing is half done: whatever was left is due at the next start.
                log.info("tick broken off")
            except Exception:
                log.exception("tick failed")
