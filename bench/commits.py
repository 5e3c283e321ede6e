"""The store alone: units that wait together share a commit, so fifty at once must be far cheaper than one by one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, ratios
from bench.processes import folder
from bot.migrate import upgrade
from bot.store import Store, Tx, open_store

UNITS, AT_ONCE, EVENTS_A_UNIT = 1000, 50, 5
GAIN_MIN = 2.5
AT = datetime(2026, 1, 5, tzinfo=UTC)


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        yield asyncio.run(_measure(home, rounds))


async def _measure(home: Path, rounds: int) -> Figure:
    url = f"sqlite:///{home / 'store.db'}"
    upgrade(url)
    store = open_store(url)
    try:
        alone, crowd = [], []
        for _ in range(rounds):
            alone.append(await _rate(store, UNITS // 5, 1))
            crowd.append(await _rate(store, UNITS, AT_ONCE))
    finally:
        await store.close()
    what = f"store alone, {AT_ONCE} units waiting by one"
    note = f"{max(alone):.0f} and {max(crowd):.0f} units/s at best, {EVENTS_A_UNIT} rows a unit"
    return Figure(what, ratios(crowd, alone), limit=GAIN_MIN, is_at_least=True, note=note)


async def _rate(store: Store, units: int, at_once: int) -> float:
    """Units a second, `at_once` of them waiting at any time."""

    async def worker() -> None:
        for _ in range(units // at_once):
            await store.run(_unit)

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return units / (time.perf_counter() - start)


def _unit(tx: Tx) -> None:
    for _ in range(EVENTS_A_UNIT):
        tx.insert("event", at=AT, kind="bench", actor="desk", reason="measured", detail_json="{}")
