"""The children that draw: one serves a whole pile, a bad one costs its picture and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot import rendering
from bot.rendering import drawing
from tests.faults.running import is_running

TREND = {"days": ["1 Mar", "2 Mar"], "opened": [1, 2], "resolved": [0, 3]}
PNG = b"\x89PNG"


async def test_one_child_draws_a_whole_pile_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    start = asyncio.create_subprocess_exec

    async def noted(*words: str, **pipes: Any) -> asyncio.subprocess.Process:
        process = await start(*words, **pipes)
        started.append(process.pid)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    async with drawing("charts") as draw:
        first, second = await draw(TREND), await draw({**TREND, "opened": [5, 5]})
        assert is_running(started[0])
    assert first.startswith(PNG) and second.startswith(PNG) and first != second
    assert len(started) == 1 and not is_running(started[0])


async def test_what_cannot_be_drawn_costs_only_itself() -> None:
    async with drawing("charts") as draw:
        assert await draw({"days": "no such thing"}) == b""
        assert (await draw(TREND)).startswith(PNG)


async def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "SECONDS_MAX", 0.01)
    async with drawing("charts") as draw:
        assert await draw(TREND) == b""
