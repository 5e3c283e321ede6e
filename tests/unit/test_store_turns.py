"""Who runs a unit on SQLite: the caller's own loop where that is quick, a thread of the store for all the rest."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import Query, Store, Tx, sqlite_writer
from bot.store.lanes import PASSES_MAX
from bot.store.sqlite import connect, open_sqlite

COUNT = Query("SELECT COUNT(*) AS many FROM word", scans="a test")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "turns.db"
    opened = connect(path)
    opened.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)")
    opened.close()
    return path


@pytest.fixture(params=[math.inf, -1.0], ids=["quick-disk", "slow-disk"])
def store(path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store whose loops commit themselves, and one where a thread commits for them."""
    monkeypatch.setattr(sqlite_writer, "QUICK_COMMIT_SECONDS", request.param)
    store = open_sqlite(path)
    yield store
    store.close_sync()


def who(tx: Tx) -> int:
    tx.insert("word", text="written")
    return threading.get_ident()


async def test_a_quick_unit_runs_on_the_loop_that_waits_for_it(store: Store) -> None:
    assert await store.run(who) == threading.get_ident()


async def test_long_and_periodic_units_leave_the_loop_free(store: Store) -> None:
    ran = {await store.run(who, is_long=True), await store.run(who, is_batch=True)}
    assert threading.get_ident() not in ran


def test_without_a_loop_a_thread_of_the_store_serves(store: Store) -> None:
    assert store.run_sync(who) != threading.get_ident()


async def test_while_another_process_writes_the_loop_goes_on(store: Store, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(store.run(who))
    # The loop turns often before the other lets go, and each turn is one that a blocked loop would not have had.
    for _ in range(50):
        await asyncio.sleep(0)
        assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert await waiting != threading.get_ident()
    assert (await store.read(lambda tx: tx.all(COUNT)))[0].many == 1


async def test_a_unit_may_not_open_a_transaction_of_its_own(store: Store) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        await store.run(lambda tx: store.run_sync(who))
    assert await store.run(who)


async def test_quick_units_do_not_starve_a_periodic_one(store: Store) -> None:
    periodic = asyncio.ensure_future(store.run(who, is_batch=True))
    passes = 0
    while not periodic.done():
        await store.run(who)
        passes += 1
        # Beside what it may be passed by, the thread needs a moment to come to its turn.
        assert passes < 100 * PASSES_MAX
    assert periodic.result() != threading.get_ident()


async def test_units_of_two_loops_all_run(store: Store) -> None:
    def elsewhere() -> list[int]:
        async def many() -> list[int]:
            return await asyncio.gather(*(store.run(who) for _ in range(200)))

        return asyncio.run(many())

    here = asyncio.gather(*(store.run(who) for _ in range(200)))
    there = await asyncio.to_thread(elsewhere)
    await here
    assert len(there) == 200
    assert (await store.read(lambda tx: tx.all(COUNT)))[0].many == 400


async def test_what_waits_when_the_store_closes_is_still_done(path: Path) -> None:
    store = open_sqlite(path)
    waiting = [asyncio.ensure_future(store.run(who)) for _ in range(20)]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*waiting)) == 20


async def test_a_slow_disk_keeps_no_loop_and_what_comes_meanwhile_shares_a_commit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_writer, "QUICK_COMMIT_SECONDS", -1.0)
    disk_is_free, commits = threading.Event(), []

    class SlowToCommit(sqlite3.Connection):
        def execute(self, sql: str, *params: Any) -> sqlite3.Cursor:
            if sql == "COMMIT":
                commits.append(threading.get_ident())
                assert disk_is_free.wait(10)
            return super().execute(sql, *params)

    driver = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kinds: driver(*args, **kinds, factory=SlowToCommit))
    store = open_sqlite(path)
    first = asyncio.ensure_future(store.run(who))
    while not commits:
        await asyncio.sleep(0)
    others = [asyncio.ensure_future(store.run(who)) for _ in range(30)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert not first.done() and len(commits) == 1
    disk_is_free.set()
    assert set(await asyncio.gather(first, *others)) == {threading.get_ident()}
    assert len(commits) == 2 and threading.get_ident() not in commits
    await store.close()
