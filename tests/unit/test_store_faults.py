"""A fault harms the unit that caused it, and no other; what was acknowledged is there."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import QueueFull, StaleVersion
from bot.store import (
    ConstraintFailed,
    Query,
    Store,
    StoreAway,
    StoreClosed,
    StoreFull,
    StoreLocked,
    Tx,
    open_store,
    sqlite_writer,
)
from bot.store.lanes import PASSES_MAX, WAITING_MAX, Lanes, Waiting
from bot.store.postgres import CONNECTIONS
from bot.store.sqlite import connect, open_sqlite

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("HOLDLINE_SOAK_ROUNDS", "3"))
WORDS = Query("SELECT word FROM parent ORDER BY word", scans="a test")
OTHERS = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with two tables, the second bound to the first at COMMIT only."""
    path = tmp_path / "faults.db"
    opened = connect(path)
    opened.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, word TEXT UNIQUE, size INT CHECK (size >= 0))")
    opened.execute(
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INT REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)"
    )
    opened.close()
    return path


@pytest.fixture(params=[math.inf, -1.0], ids=["quick-disk", "slow-disk"])
def faulty(path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store whose loops commit themselves, and one where a thread commits for them."""
    monkeypatch.setattr(sqlite_writer, "QUICK_COMMIT_SECONDS", request.param)
    store = open_sqlite(path, busy_seconds=0.2)
    yield store
    store.close_sync()


def held(store: Store) -> threading.Event:
    """Keep the writer busy until the event is set, so that what follows waits together."""
    go, is_running = threading.Event(), threading.Event()

    def unit(tx: Tx) -> None:
        is_running.set()
        go.wait(10)

    threading.Thread(target=store.run_sync, args=(unit,)).start()
    assert is_running.wait(10)
    return go


async def together(store: Store, guilty: Callable[[Tx], object]) -> list[object]:
    """The guilty unit between innocent ones, all in one batch; what became of each."""

    def innocent(number: int) -> Callable[[Tx], int]:
        return lambda tx: tx.insert("parent", word=f"innocent {number:02}")

    units = [innocent(number) for number in range(OTHERS)]
    units.insert(OTHERS // 2, guilty)  # type: ignore[arg-type]
    return await in_one_batch(store, units)


async def in_one_batch(store: Store, units: Iterable[Callable[[Tx], object]]) -> list[object]:
    """What became of units that waited together."""
    go = held(store)
    waiting: list[Awaitable[object]] = [asyncio.ensure_future(store.run(unit)) for unit in units]
    await asyncio.sleep(0)
    go.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


def only_the_guilty_failed(store: Store, outcomes: list[object], fault: type[BaseException]) -> None:
    guilty = outcomes.pop(OTHERS // 2)
    assert isinstance(guilty, fault)
    assert [outcome for outcome in outcomes if not isinstance(outcome, int)] == []
    words = [row.word for row in store.read_sync(lambda tx: tx.all(WORDS))]
    assert words == [f"innocent {number:02}" for number in range(OTHERS)]


async def test_an_exception_in_a_batch_harms_one_unit(faulty: Store) -> None:
    def guilty(tx: Tx) -> None:
        tx.insert("parent", word="guilty")
        raise LookupError("planted")

    only_the_guilty_failed(faulty, await together(faulty, guilty), LookupError)


async def test_a_failed_constraint_in_a_batch_harms_one_unit(faulty: Store) -> None:
    def guilty(tx: Tx) -> None:
        tx.insert("parent", word="guilty")
        tx.insert("parent", word="also guilty", size=-1)

    only_the_guilty_failed(faulty, await together(faulty, guilty), ConstraintFailed)


async def test_a_deferred_constraint_that_fails_the_commit_harms_one_unit(faulty: Store) -> None:
    def guilty(tx: Tx) -> None:
        tx.insert("parent", word="guilty")
        tx.insert("child", parent_id=999)

    only_the_guilty_failed(faulty, await together(faulty, guilty), ConstraintFailed)


def leave_little_room(tx: Tx) -> None:
    connection: sqlite3.Connection = tx._connection  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 20}")


async def test_a_full_disk_harms_the_unit_that_fills_it(faulty: Store) -> None:
    def guilty(tx: Tx) -> None:
        tx.insert("parent", word="guilty")
        tx.insert("parent", word="x" * 1_000_000)

    faulty.run_sync(leave_little_room)
    only_the_guilty_failed(faulty, await together(faulty, guilty), StoreFull)


async def test_a_unit_that_goes_on_after_a_lost_transaction_writes_nothing(faulty: Store) -> None:
    def stubborn(tx: Tx) -> None:
        with pytest.raises(StoreFull):
            tx.insert("parent", word="x" * 1_000_000)
        with pytest.raises(StoreAway):
            # Without a transaction around it, this would commit at once.
            tx.insert("parent", word="guilty")

    faulty.run_sync(leave_little_room)
    only_the_guilty_failed(faulty, await together(faulty, stubborn), StoreAway)


async def test_an_interrupted_statement_harms_one_unit(faulty: Store) -> None:
    def guilty(tx: Tx) -> None:
        tx.insert("parent", word="guilty")
        connection: sqlite3.Connection = tx._connection  # type: ignore[attr-defined]
        connection.set_progress_handler(lambda: 1, 1)
        try:
            tx.run(Query("INSERT INTO parent (word) SELECT 'guilty ' || word FROM parent", scans="a test"))
        finally:
            connection.set_progress_handler(None, 0)

    only_the_guilty_failed(faulty, await together(faulty, guilty), StoreAway)


async def test_a_lost_commit_is_made_good_unit_by_unit(faulty: Store) -> None:
    runs: Counter[str] = Counter()

    def guilty(tx: Tx) -> str:
        runs["guilty"] += 1
        if runs["guilty"] == 1:
            # The transaction goes away under the batch, as an I/O error takes it.
            tx._connection.execute("ROLLBACK")  # type: ignore[attr-defined]
        return "done at the second try"

    outcomes = await together(faulty, guilty)
    assert outcomes.pop(OTHERS // 2) == "done at the second try"
    assert len(faulty.read_sync(lambda tx: tx.all(WORDS))) == OTHERS
    # Each ran again on a database without the lost batch, and was told the id that stands there.
    assert sorted(outcomes) == list(range(1, OTHERS + 1))  # type: ignore[type-var]


async def test_an_outcome_is_never_told_before_the_commit_it_rests_on(faulty: Store) -> None:
    """One claims, the next is told who won, and the COMMIT that both rest on fails: the winner changes."""
    winner = Query("SELECT word FROM parent WHERE id = 1")

    def claim(name: str, *, breaks_commit: bool) -> Callable[[Tx], str]:
        def unit(tx: Tx) -> str:
            if found := tx.one(winner):
                raise LookupError(f"{found.word} was first")
            tx.insert("parent", id=1, word=name)
            if breaks_commit:
                tx.insert("child", parent_id=999)
            return f"{name} won"

        return unit

    go = held(faulty)
    first = asyncio.ensure_future(faulty.run(claim("Ada", breaks_commit=True)))
    second = asyncio.ensure_future(faulty.run(claim("Bob", breaks_commit=False)))
    await asyncio.sleep(0)
    go.set()
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(outcomes[0], ConstraintFailed)
    assert outcomes[1] == "Bob won"


async def test_a_unit_that_fails_before_it_writes_costs_no_other_a_second_run(faulty: Store) -> None:
    runs: Counter[int] = Counter()

    def counted(number: int) -> Callable[[Tx], int]:
        def unit(tx: Tx) -> int:
            runs[number] += 1
            if number == 3:
                raise LookupError("not here")
            return tx.insert("parent", word=f"{number:03}")

        return unit

    outcomes = await in_one_batch(faulty, map(counted, range(OTHERS)))
    assert isinstance(outcomes.pop(3), LookupError)
    assert outcomes == list(range(1, OTHERS))
    assert set(runs.values()) == {1}


async def test_a_unit_that_fails_after_it_wrote_costs_the_others_one_more_run(faulty: Store) -> None:
    runs: Counter[int] = Counter()

    def counted(number: int) -> Callable[[Tx], int]:
        def unit(tx: Tx) -> int:
            runs[number] += 1
            row_id = tx.insert("parent", word=f"{number:03}")
            if number in (3, 7):
                raise LookupError("after all")
            return row_id

        return unit

    outcomes = await in_one_batch(faulty, map(counted, range(OTHERS)))
    assert [number for number, outcome in enumerate(outcomes) if isinstance(outcome, LookupError)] == [3, 7]
    words = [row.word for row in faulty.read_sync(lambda tx: tx.all(WORDS))]
    assert words == [f"{number:03}" for number in range(OTHERS) if number not in (3, 7)]
    assert max(runs.values()) == 2


STEPS = ("good", "raises", "constraint", "deferred", "swallows", "refuses", "undoes and raises")


def a_unit(number: int, step: str) -> Callable[[Tx], int]:
    def unit(tx: Tx) -> int:
        if step == "refuses":
            raise LookupError("planted, before anything was written")
        if step == "undoes and raises":
            with tx.savepoint():
                tx.insert("parent", word=f"{number:03}")
                raise LookupError("planted, and undone")
        tx.insert("parent", word=f"{number:03}")
        if step == "raises":
            raise LookupError("planted")
        if step == "constraint":
            tx.insert("parent", word=f"{number:03}")
        if step == "deferred":
            tx.insert("child", parent_id=999)
        if step == "swallows":
            with contextlib.suppress(ConstraintFailed), tx.savepoint():
                tx.insert("parent", word=f"{number:03} too")
                tx.insert("parent", word=f"{number:03}")
        return number

    return unit


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=80))
def test_what_stands_is_what_succeeded_whatever_fails_around_it(faulty: Store, steps: list[str]) -> None:
    faulty.run_sync(lambda tx: tx.run(Query("DELETE FROM parent", scans="a test")))

    async def all_of_them() -> list[object]:
        units = (a_unit(number, step) for number, step in enumerate(steps))
        return await asyncio.gather(*(faulty.run(unit) for unit in units), return_exceptions=True)

    outcomes = asyncio.run(all_of_them())
    good = [number for number, step in enumerate(steps) if step in ("good", "swallows")]
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == good
    assert [row.word for row in faulty.read_sync(lambda tx: tx.all(WORDS))] == [f"{number:03}" for number in good]


STEADY = Query("SELECT value_json AS word FROM setting", scans="a test", is_steady=True)
PLAIN = Query("SELECT value_json AS word FROM setting", scans="a test")
SET = Query("UPDATE setting SET value_json = :word", scans="a test")


def a_change(number: int, step: str, told: list[tuple[str, str]]) -> Callable[[Tx], object]:
    """A unit that changes what is steady, before or after it was read; told: what it read, and what stands there."""
    outcome = a_unit(number, step)

    def unit(tx: Tx) -> None:
        def look() -> None:
            steady, plain = tx.one(STEADY), tx.one(PLAIN)
            assert steady is not None and plain is not None
            told.append((steady.word, plain.word))

        look()
        if number % 3:
            tx.run(SET, word=str(number))
            look()
        if number % 2:
            with contextlib.suppress(LookupError), tx.savepoint():
                tx.run(SET, word="undone")
                look()
                raise LookupError
            look()
        outcome(tx)

    return unit


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.lists(st.sampled_from(STEPS), max_size=10), max_size=8))
def test_what_is_answered_from_memory_is_what_stands_whatever_fails(
    faulty: Store, path: Path, groups: list[list[str]]
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE IF NOT EXISTS setting (value_json TEXT)")
    other.execute("DELETE FROM setting")
    other.execute("DELETE FROM parent")
    other.execute("INSERT INTO setting VALUES ('first')")
    told: list[tuple[str, str]] = []

    async def all_of_them(group: list[str], first: int) -> None:
        units = (a_change(first + number, step, told) for number, step in enumerate(group))
        await asyncio.gather(*(faulty.run(unit) for unit in units), return_exceptions=True)

    for number, group in enumerate(groups):
        asyncio.run(all_of_them(group, 100 * number))
        if number % 2:
            # Another process writes between two of our transactions.
            other.execute("UPDATE setting SET value_json = ?", (f"elsewhere {number}",))
    other.close()
    assert [steady for steady, _ in told] == [plain for _, plain in told]
    assert len(told) >= sum(map(len, groups))


async def test_a_locked_database_is_a_temporary_fault(faulty: Store, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    outcomes = await asyncio.gather(
        *(faulty.run(lambda tx: tx.insert("parent", word="w")) for _ in range(5)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreLocked] * 5
    other.execute("COMMIT")
    other.close()
    assert await faulty.run(lambda tx: tx.insert("parent", word="w")) == 1


async def test_a_transaction_that_cannot_be_begun_to_its_end_is_not_left_open(faulty: Store) -> None:
    def deny(action: int, name: str | None, *_: str | None) -> int:
        is_denied = action == sqlite3.SQLITE_PRAGMA and name == "data_version"
        return sqlite3.SQLITE_DENY if is_denied else sqlite3.SQLITE_OK

    kept: list[sqlite3.Connection] = []
    await faulty.run(lambda tx: kept.append(tx._connection))  # type: ignore[attr-defined]
    kept[0].set_authorizer(deny)
    with pytest.raises(sqlite3.DatabaseError):
        await faulty.run(lambda tx: tx.insert("parent", word="early"))
    kept[0].set_authorizer(None)
    assert not kept[0].in_transaction
    assert await faulty.run(lambda tx: tx.insert("parent", word="late")) == 1


async def test_a_database_that_cannot_be_opened_is_a_temporary_fault(tmp_path: Path) -> None:
    store = open_sqlite(tmp_path / "folder" / "desk.db")
    with pytest.raises(StoreAway):
        await store.run(lambda tx: 1)
    (tmp_path / "folder").mkdir()
    assert await store.run(lambda tx: 1) == 1
    await store.close()


async def test_more_units_than_may_wait_are_refused_at_once(store: Store) -> None:
    events = [held(store) for _ in range(1 if store.dialect == "sqlite" else 4)]
    waiting = [asyncio.ensure_future(store.run(lambda tx: 1)) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    assert store.waiting == WAITING_MAX
    with pytest.raises(QueueFull):
        await store.run(lambda tx: 1)
    for event in events:
        event.set()
    assert sum(await asyncio.gather(*waiting)) == WAITING_MAX


def test_doors_go_before_batch_work_but_not_for_ever() -> None:
    lanes = Lanes()
    for is_batch in [True, True] + [False] * 100:
        lanes.put(Waiting(lambda tx: 1, Future(), None, is_batch=is_batch, is_read=False))
    order = [taken.is_batch for _ in range(102) if (taken := lanes.take())]
    assert [place for place, is_batch in enumerate(order) if is_batch] == [PASSES_MAX, 2 * PASSES_MAX + 1]


def test_a_worker_that_serves_doors_only_leaves_batch_work_to_others() -> None:
    lanes = Lanes()
    lanes.put(Waiting(lambda tx: 1, Future(), None, is_batch=True, is_read=False))
    lanes.close()
    assert lanes.take(is_doors_only=True) is None
    assert lanes.take() is not None
    assert lanes.take() is None


async def test_closing_finishes_what_waits_and_refuses_the_rest(fresh_store: Store) -> None:
    waiting = [asyncio.ensure_future(fresh_store.run(lambda tx: 1)) for _ in range(50)]
    await asyncio.sleep(0)
    await fresh_store.close()
    assert sum(await asyncio.gather(*waiting)) == 50
    with pytest.raises(StoreClosed):
        await fresh_store.run(lambda tx: 1)


async def test_one_who_no_longer_waits_does_not_disturb_the_rest(store: Store) -> None:
    task = asyncio.ensure_future(store.run(lambda tx: 1))
    await asyncio.sleep(0)
    task.cancel()
    assert await store.run(lambda tx: 2) == 2


WHO = Query("SELECT current_user AS who")
LOCK = Query("SELECT version FROM consultant WHERE id = :id {for_update}")
ADD = Query("UPDATE consultant SET version = version + 1 WHERE id = :id")
LOCK_FREE = Query("SELECT version FROM consultant WHERE id = :id")
MARK = Query("UPDATE consultant SET version = :after WHERE id = :id AND version = :before")


def test_no_unit_waits_while_a_thread_that_may_serve_it_is_idle() -> None:
    lanes = Lanes()
    meet = threading.Barrier(2, timeout=10)

    def serve(is_doors_only: bool) -> None:
        while (waiting := lanes.take(is_doors_only=is_doors_only)) is not None:
            try:
                waiting.future.set_result(waiting.unit(None))
            except threading.BrokenBarrierError as error:
                waiting.future.set_exception(error)

    threads = [threading.Thread(target=serve, args=(number == 2,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(300):
            futures: list[Future[int]] = [Future(), Future()]
            for future, is_batch in zip(futures, (True, False), strict=True):
                # Each of the two ends only while the other is under way.
                lanes.put(Waiting(lambda tx: meet.wait(), future, None, is_batch=is_batch, is_read=False))
            assert {future.result(20) for future in futures} == {0, 1}
    finally:
        lanes.close()
        for thread in threads:
            thread.join()


async def test_no_update_is_lost_among_many_writers(fresh_store: Store) -> None:
    made = fresh_store.run_sync(lambda tx: tx.insert("consultant", member_number="1", created_at=NOW))

    def unit(tx: Tx) -> None:
        before = tx.one(LOCK, id=made).version
        if not tx.run(MARK, id=made, before=before, after=before + 1):
            raise StaleVersion("somebody was faster")

    await asyncio.gather(*(fresh_store.run(unit) for _ in range(200)))
    assert fresh_store.read_sync(lambda tx: tx.one(LOCK_FREE, id=made)).version == 201


def test_a_unit_on_stale_rows_runs_again_at_most_three_times(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    runs: list[int] = []

    def stale(tx: Tx) -> None:
        runs.append(1)
        raise StaleVersion("planted")

    with pytest.raises(StaleVersion):
        store.run_sync(stale)
    assert len(runs) == 4
    store.close_sync()


async def test_a_deadlock_is_run_again_and_both_succeed(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    first, second = (
        store.run_sync(lambda tx, n=n: tx.insert("consultant", member_number=n, created_at=NOW)) for n in "12"
    )
    meet = threading.Barrier(2, timeout=10)
    runs: Counter[int] = Counter()

    def crossing(one: int, other: int) -> Callable[[Tx], None]:
        def unit(tx: Tx) -> None:
            runs[one] += 1
            tx.run(ADD, id=one)
            if runs[one] == 1:
                meet.wait()
            tx.run(ADD, id=other)

        return unit

    await asyncio.gather(store.run(crossing(first, second)), store.run(crossing(second, first)))
    # One of them once more; on a busy machine it may meet the other a second time.
    assert 3 <= sum(runs.values()) <= 4
    assert [store.read_sync(lambda tx, i=i: tx.one(LOCK_FREE, id=i)).version for i in (first, second)] == [3, 3]
    await store.close()


async def test_a_server_that_was_away_is_met_again_by_itself(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    await asyncio.gather(*(store.run(lambda tx: 1) for _ in range(8)))
    with psycopg.connect(postgresql_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'holdline'"
        )
    assert await asyncio.gather(*(store.run(lambda tx: tx.all(WHO) and 1) for _ in range(8))) == [1] * 8
    await store.close()


TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s"
WHO_SERVES = Query("SELECT pg_backend_pid() AS pid")


PREPARED = Query("SELECT pg_backend_pid() AS pid, COUNT(*) AS many FROM pg_prepared_statements")


def test_what_is_rolled_back_leaves_every_statement_prepared(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    store.run_sync(lambda tx: tx.insert("consultant", member_number="1", created_at=NOW))
    seen: dict[int, list[int]] = {}

    def unit(tx: Tx) -> None:
        for query in (WHO, WHO_SERVES, PREPARED):
            tx.all(query)
        with contextlib.suppress(ConstraintFailed), tx.savepoint():
            tx.insert("consultant", member_number="1", created_at=NOW)
        row = tx.one(PREPARED)
        seen.setdefault(row.pid, []).append(row.many)
        raise LookupError("and none of it counts")

    for _ in range(12):
        with pytest.raises(LookupError):
            store.run_sync(unit)
    # Its first unit prepares what a connection needs; no later one finds less.
    assert all(many == sorted(many) and many[0] >= 4 for many in seen.values()), seen
    store.close_sync()


def test_a_connection_lost_before_the_commit_costs_one_more_run(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    runs: list[int] = []

    def unit(tx: Tx) -> int:
        runs.append(tx.one(WHO_SERVES).pid)
        if len(runs) == 1:
            with psycopg.connect(postgresql_url, autocommit=True) as admin:
                admin.execute(TERMINATE, [runs[0]])
        return tx.insert("consultant", member_number="1", created_at=NOW)

    store.run_sync(unit)
    assert len(runs) == 2
    store.close_sync()


def test_a_commit_whose_answer_is_lost_is_never_repeated_by_itself(postgresql_url: str) -> None:
    """It may have been made; only whoever gave the unit can find out, by its key."""
    store = open_store(postgresql_url)
    runs: list[int] = []

    def unit(tx: Tx) -> int:
        made = tx.insert("consultant", member_number="1", created_at=NOW)
        runs.append(made)
        with psycopg.connect(postgresql_url, autocommit=True) as admin:
            admin.execute(TERMINATE, [tx.one(WHO_SERVES).pid])
        return made

    with pytest.raises(StoreAway):
        store.run_sync(unit)
    assert len(runs) == 1
    store.close_sync()


async def test_who_waits_behind_a_lock_is_put_off_with_it(postgresql_url: str) -> None:
    """Ten seconds for a lock, four at a time: the twentieth would wait for a minute, and have hung up long before."""
    store = open_store(postgresql_url)
    go = threading.Event()

    def stuck(tx: Tx) -> None:
        assert go.wait(20)
        raise StoreLocked("somebody holds it")

    held = [asyncio.ensure_future(store.run(stuck)) for _ in range(CONNECTIONS)]
    behind = [asyncio.ensure_future(store.run(lambda tx: "written")) for _ in range(3)]
    reading = asyncio.ensure_future(store.read(lambda tx: "read"))
    await asyncio.sleep(0)  # each of them is in its lane
    go.set()
    outcomes = await asyncio.gather(*held, *behind, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreLocked] * (CONNECTIONS + 3)
    assert await reading == "read"
    assert await store.run(lambda tx: "written") == "written"
    await store.close()


def test_a_server_that_is_not_there_is_a_temporary_fault(tmp_path: Path) -> None:
    store = open_store(f"postgresql://nobody@/none?host={tmp_path}")
    with pytest.raises(StoreAway):
        store.run_sync(lambda tx: 1)
    store.close_sync()


def test_a_unit_that_goes_on_after_a_failed_statement_is_refused(postgresql_url: str) -> None:
    store = open_store(postgresql_url)

    def unit(tx: Tx) -> None:
        with pytest.raises(ConstraintFailed):
            tx.insert("contact", client_id=999, created_at=NOW)

    with pytest.raises(RuntimeError, match="savepoint"):
        store.run_sync(unit)
    store.close_sync()


WRITER = """
import asyncio, sys
from bot.store import open_store

async def main():
    store = open_store(sys.argv[1])
    async def write(lane):
        number = 0
        while True:
            number += 1
            word = f"{lane}-{number}"
            def unit(tx):
                made = tx.insert("client", code=word, created_at="2026-01-01T00:00:00Z")
                tx.insert("contact", client_id=made, created_at="2026-01-01T00:00:00Z")
            await store.run(unit)
            print(word, flush=True)
    await asyncio.gather(*(write(lane) for lane in range(20)))

asyncio.run(main())
"""
CODES = Query(
    "SELECT code, (SELECT COUNT(*) FROM contact WHERE client_id = client.id) AS n FROM client", scans="a test"
)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_killed_writer_loses_nothing_that_it_acknowledged(fresh_url: str, round_: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, fresh_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    acknowledged = [process.stdout.readline().strip() for _ in range(300 + 97 * round_)]
    process.kill()
    acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    store = open_store(fresh_url)
    kept = {row.code: row.n for row in store.read_sync(lambda tx: tx.all(CODES))}
    store.close_sync()
    assert [word for word in acknowledged if word and word not in kept] == []
    # Nothing is half-written: each client has its one contact.
    assert set(kept.values()) == {1}
