"""The clockwork: APScheduler, in memory, calls the tick. Nothing that is due is known here; rows know it."""

from __future__ import annotations

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

    async def start(self) -> None:
        await self._look()
        # The default would silently drop a call that comes two seconds late.
        self._scheduler.add_job(
            self._look, "interval", seconds=self._seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _look(self) -> None:
        try:
            await self._tick.run_once()
        except Exception:
            log.exception("tick failed")
