"""Channels side by side: what is sent on one waits for no other. One that takes long goes on by itself meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from functools import partial
from typing import Any

import structlog

log = structlog.get_logger()


class SideBySide:
    """The channels of one lane, and which of them are still busy with what they got."""

    def __init__(self, channels: Iterable[str]) -> None:
        self.wake = asyncio.Event()
        self._channels = tuple(channels)
        self._busy: dict[str, asyncio.Task[None]] = {}

    @property
    def free(self) -> tuple[str, ...]:
        """The channels that can be given something."""
        return tuple(channel for channel in self._channels if channel not in self._busy)

    async def carry(self, works: Mapping[str, Coroutine[Any, Any, None]], *, seconds: float | None) -> None:
        """Carry out each channel's work. Returns when all are done, or after so many seconds; None: only then."""
        tasks = {channel: asyncio.create_task(work) for channel, work in works.items()}
        try:
            if tasks:
                await asyncio.wait(tasks.values(), timeout=seconds)
        except asyncio.CancelledError:
            for task in tasks.values():
                task.cancel()
            raise
        for channel, task in tasks.items():
            if not task.done():
                self._busy[channel] = task
                task.add_done_callback(partial(self._ended, channel))
        for task in tasks.values():
            if task.done():
                task.result()

    async def finish(self) -> None:
        """Wait for those that took long."""
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _ended(self, channel: str, task: asyncio.Task[None]) -> None:
        del self._busy[channel]
        if not task.cancelled() and task.exception() is not None:
            log.error("courier failed", channel=channel, exc_info=task.exception())
        self.wake.set()
