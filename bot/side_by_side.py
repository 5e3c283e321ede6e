"""Channels side by side: what is sent on one waits for no other. One that takes long goes on by itself meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

log = structlog.get_logger()


class _OfChannel(Protocol):
    @property
    def channel(self) -> str: ...


_Parcel = TypeVar("_Parcel", bound=_OfChannel)


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

    async def carry(
        self, parcels: Iterable[_Parcel], work: Callable[[list[_Parcel]], Coroutine[Any, Any, None]], *,
        seconds: float | None,
    ) -> None:  # fmt: skip
        """Let the parcels of each channel be sent. Returns when all are, or after so many seconds; None: only then."""
        by_channel: dict[str, list[_Parcel]] = {}
        for parcel in parcels:
            by_channel.setdefault(parcel.channel, []).append(parcel)
        tasks = {channel: asyncio.create_task(work(own)) for channel, own in by_channel.items()}
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
        """Wait for those that take long."""
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def end(self) -> None:
        """Break off what is busy: its leases run out by themselves."""
        for task in self._busy.values():
            task.cancel()

    def _ended(self, channel: str, task: asyncio.Task[None]) -> None:
        del self._busy[channel]
        if not task.cancelled() and task.exception() is not None:
            log.error("courier failed", channel=channel, exc_info=task.exception())
        self.wake.set()
