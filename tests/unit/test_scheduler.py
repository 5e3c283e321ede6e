"""The clockwork: it calls the tick, and ends without a noise at whatever moment it is stopped."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.scheduler import Scheduler
from bot.store import Store
from tests.desk import Desk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("turns", range(6))
async def test_stop_at_any_moment_of_a_look_is_no_error(
    fresh_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, turns: int
) -> None:
    desk = Desk(fresh_store, tmp_path, now=NOW)
    scheduler = Scheduler(desk.stage.tick, seconds=1)
    with caplog.at_level(logging.WARNING):
        await scheduler.start()
        for _ in range(turns):
            await asyncio.sleep(0)
        await scheduler.stop()
        # A broken-off look is told of some turns later.
        for _ in range(5):
            await asyncio.sleep(0)
    assert not caplog.records
