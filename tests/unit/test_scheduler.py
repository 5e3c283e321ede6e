"""The clockwork: it calls the tick, and ends without a noise at whatever moment it is stopped."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.scheduler import Scheduler
from bot.store import Store, StoreAway
from tests.desk import Desk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("turns", range(6))
async def test_stop_at_any_moment_of_a_look_is_no_error(
    fresh_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, turns: int
) -> None:
    desk = Desk(fresh_store, tmp_path, now=NOW)
    scheduler = Scheduler([desk.stage.tick, *desk.stage.rounds], seconds=1)
    with caplog.at_level(logging.WARNING):
        await scheduler.start()
        for _ in range(turns):
            await asyncio.sleep(0)
        await scheduler.stop()
        # A broken-off look is told of some turns later.
        for _ in range(5):
            await asyncio.sleep(0)
    assert not caplog.records


class SlowRound:
    """A round that draws for as long as the test lasts."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def run_once(self) -> int:
        self.begun.set()
        await self.may_end.wait()
        return 1


class Counting:
    """A tick that notes its looks."""

    def __init__(self) -> None:
        self.looks, self.came_again = 0, asyncio.Event()

    async def run_once(self) -> int:
        self.looks += 1
        if self.looks > 1:
            self.came_again.set()
        return 0


async def test_what_is_due_never_waits_for_a_pile_of_paper() -> None:
    paper, tick = SlowRound(), Counting()
    committed: list[int] = []
    scheduler = Scheduler([paper, tick], seconds=1, on_commit=lambda: committed.append(tick.looks))
    await scheduler.start()
    await asyncio.wait_for(paper.begun.wait(), 10)
    await asyncio.wait_for(tick.came_again.wait(), 10)
    assert not committed
    paper.may_end.set()
    await scheduler.stop()


class Away:
    """A round whose database is away for its first three looks."""

    def __init__(self) -> None:
        self.looks, self.is_back = 0, asyncio.Event()

    async def run_once(self) -> int:
        self.looks += 1
        if self.looks <= 3:
            raise StoreAway("nobody answers")
        self.is_back.set()
        return 0


async def test_a_database_that_is_away_is_told_of_once_and_not_each_second() -> None:
    away = Away()
    scheduler = Scheduler([away], seconds=1)
    with capture_logs() as log:
        looking = asyncio.Lock()
        for _ in range(4):
            await scheduler._look(away, looking)
    said = [(line["log_level"], line["event"]) for line in log]
    assert said == [("warning", "put off until it passes"), ("info", "goes on again")]
    assert away.is_back.is_set() and "exception" not in str(log)
