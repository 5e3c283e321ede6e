"""The store's contract, the same on both databases."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest

from bot.store import ConstraintFailed, Query, Store, Tx, open_store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONSULTANTS = Query("SELECT id, name, away_until_at, created_at FROM consultant ORDER BY id", scans="a test")
CONSULTANT = Query("SELECT * FROM consultant WHERE id = :consultant_id")
STEADY = Query("SELECT name FROM consultant WHERE id = :consultant_id", is_steady=True)
LOCKED = Query("SELECT id FROM consultant WHERE id = :consultant_id {for_update}")
RENAME = Query("UPDATE consultant SET name = :name WHERE id = :consultant_id")


def a_consultant(tx: Tx, number: str, **values: object) -> int:
    return tx.insert("consultant", member_number=number, created_at=NOW, **values)


def test_ids_begin_at_one_and_count(store: Store) -> None:
    assert store.run_sync(lambda tx: [a_consultant(tx, "1"), a_consultant(tx, "2")]) == [1, 2]


async def test_what_a_unit_wrote_is_there_once_it_returns(store: Store) -> None:
    made = await store.run(lambda tx: a_consultant(tx, "7", name="Ada", away_until_at=NOW))
    row = await store.read(lambda tx: tx.one(CONSULTANT, consultant_id=made))
    assert (row.name, row.away_until_at, row.created_at.tzinfo) == ("Ada", NOW, UTC)


async def test_a_unit_that_raises_leaves_nothing(store: Store) -> None:
    def unit(tx: Tx) -> None:
        a_consultant(tx, "1")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await store.run(unit)
    assert await store.read(lambda tx: tx.all(CONSULTANTS)) == []


async def test_units_that_wait_together_each_get_their_own_outcome(store: Store) -> None:
    async def one(number: int) -> object:
        def unit(tx: Tx) -> int:
            # The same member number twice in five.
            return a_consultant(tx, str(number if number % 5 else 0))

        try:
            return await store.run(unit)
        except ConstraintFailed:
            return "refused"

    outcomes = await asyncio.gather(*(one(number) for number in range(100)))
    # 0, 5, 10 … 95 share a number: 20 units, one wins.
    assert outcomes.count("refused") == 19
    assert len(await store.read(lambda tx: tx.all(CONSULTANTS))) == 81


def test_a_savepoint_undoes_what_it_holds_and_no_more(store: Store) -> None:
    def unit(tx: Tx) -> None:
        a_consultant(tx, "1")
        with pytest.raises(ConstraintFailed), tx.savepoint():
            a_consultant(tx, "2")
            a_consultant(tx, "1")
        a_consultant(tx, "3")

    store.run_sync(unit)
    rows = store.read_sync(lambda tx: tx.all(Query("SELECT member_number FROM consultant ORDER BY 1", scans="a test")))
    assert [row.member_number for row in rows] == ["1", "3"]


@pytest.mark.parametrize("change", ["update", "returning", "insert", "savepoint"])
def test_a_steady_row_is_answered_from_memory_only_while_nothing_could_have_changed_it(
    store: Store, change: str
) -> None:
    returning = Query("UPDATE consultant SET name = :name WHERE id = :consultant_id RETURNING id")

    def unit(tx: Tx) -> tuple[list[str], bool]:
        who = a_consultant(tx, "1", name="Ada")

        def name() -> str:
            row = tx.one(STEADY, consultant_id=who)
            assert row is not None and tx.all(STEADY, consultant_id=who) == [row]
            return str(row.name)

        first = tx.one(STEADY, consultant_id=who)
        is_kept = tx.one(STEADY, consultant_id=who) is first
        names = [name()]
        if change == "update":
            tx.run(RENAME, consultant_id=who, name="Bea")
        elif change == "returning":
            tx.one(returning, consultant_id=who, name="Bea")
        elif change == "insert":
            assert tx.one(STEADY, consultant_id=who + 1) is None
            assert a_consultant(tx, "2", name="Bea") == who + 1
            who += 1
        else:
            with contextlib.suppress(LookupError), tx.savepoint():
                tx.run(RENAME, consultant_id=who, name="Cyd")
                names.append(name())
                raise LookupError
        return [*names, name()], is_kept

    after = {"savepoint": ["Ada", "Cyd", "Ada"]}.get(change, ["Ada", "Bea"])
    assert store.run_sync(unit) == (after, True)


def test_what_is_locked_is_read_anew_where_others_may_write_at_the_same_time(store: Store) -> None:
    def unit(tx: Tx) -> bool:
        who = a_consultant(tx, "1", name="Ada")
        first = tx.one(STEADY, consultant_id=who)
        tx.one(LOCKED, consultant_id=who)
        return tx.one(STEADY, consultant_id=who) is not first

    assert store.run_sync(unit) is (store.dialect == "postgresql")


def test_a_steady_row_is_read_anew_once_another_process_wrote(fresh_url: str, fresh_store: Store) -> None:
    others = open_store(fresh_url)
    who = fresh_store.run_sync(lambda tx: a_consultant(tx, "1", name="Ada"))
    for name in ("Ada", "Bea", "Cyd"):
        others.run_sync(lambda tx, name=name: tx.run(RENAME, consultant_id=who, name=name))
        for _ in range(2):
            assert fresh_store.run_sync(lambda tx: tx.one(STEADY, consultant_id=who)).name == name
    others.close_sync()


def test_parameters_tell_steady_answers_apart_in_whatever_order_they_are_given(store: Store) -> None:
    both = Query("SELECT id FROM consultant WHERE name = :name AND zone = :zone", is_steady=True)

    def unit(tx: Tx) -> tuple[object, object]:
        a_consultant(tx, "1", name="UTC", zone="Ada")
        return tx.one(both, name="Ada", zone="UTC"), tx.one(both, zone="Ada", name="UTC")

    absent, present = store.run_sync(unit)
    assert (absent, present is None) == (None, False)


def test_run_tells_how_many_rows_it_touched(store: Store) -> None:
    made = store.run_sync(lambda tx: a_consultant(tx, "1"))
    assert store.run_sync(lambda tx: tx.run(RENAME, name="B", consultant_id=made)) == 1
    assert store.run_sync(lambda tx: tx.run(RENAME, name="B", consultant_id=made + 1)) == 0


@pytest.mark.parametrize("how", ["insert", "insert_many", "one"])
def test_a_naive_instant_is_refused(store: Store, how: str) -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001

    def unit(tx: Tx) -> None:
        if how == "insert":
            tx.insert("consultant", member_number="1", created_at=naive)
        elif how == "insert_many":
            tx.insert_many("consultant", [{"member_number": "1", "created_at": naive}])
        else:
            tx.one(Query("SELECT 1 AS x FROM consultant WHERE created_at < :now"), now=naive)

    with pytest.raises(ValueError, match="no time zone"):
        store.run_sync(unit)


def test_an_instant_of_any_zone_comes_back_in_utc(store: Store) -> None:
    berlin = timezone(timedelta(hours=1))
    at = datetime(2026, 3, 2, 10, 0, 0, 5, tzinfo=berlin)
    made = store.run_sync(lambda tx: a_consultant(tx, "1", away_until_at=at))
    row = store.read_sync(lambda tx: tx.one(CONSULTANT, consultant_id=made))
    assert row.away_until_at == at
    assert row.away_until_at.tzinfo is UTC


def test_computed_columns_have_the_type_their_name_says(store: Store) -> None:
    query = Query(
        "SELECT MIN(created_at) AS first_at, COUNT(*) > 1 AS is_many, SUM(c.version) AS total, MAX(p.received_on) AS "
        "last_on FROM consultant c LEFT JOIN payment p ON 1 = 1",
        scans="a test",
    )

    def unit(tx: Tx) -> None:
        a_consultant(tx, "1")
        client = tx.insert("client", code="ACME", created_at=NOW)
        tx.insert("payment", client_id=client, received_on=date(2026, 3, 1), reference="r")

    store.run_sync(unit)
    row = store.read_sync(lambda tx: tx.one(query))
    assert tuple(row) == (NOW, False, 1, date(2026, 3, 1))
    assert [type(value) for value in row] == [datetime, bool, int, date]


def test_a_returned_row_has_its_types_too(store: Store) -> None:
    made = store.run_sync(lambda tx: a_consultant(tx, "1"))
    query = Query("UPDATE consultant SET away_until_at = :at WHERE id = :id RETURNING id, away_until_at")
    assert store.run_sync(lambda tx: tx.one(query, at=NOW, id=made)) == (made, NOW)


class Colour(StrEnum):
    RED = "red"


def test_an_enumerated_word_is_stored_as_its_text(store: Store) -> None:
    made = store.run_sync(lambda tx: a_consultant(tx, "1", name=Colour.RED))
    assert store.read_sync(lambda tx: tx.one(CONSULTANT, consultant_id=made)).name == "red"


@pytest.mark.parametrize("bad", ["a\0b", "a\udc80b", "\ud83d"])
def test_text_that_no_database_stores_does_not_stop_a_unit(store: Store, bad: str) -> None:
    made = store.run_sync(lambda tx: a_consultant(tx, "1", name=bad))
    kept = store.read_sync(lambda tx: tx.one(CONSULTANT, consultant_id=made)).name
    assert kept.replace("\0", "\ufffd") == bad.replace("\0", "\ufffd").encode("utf-8", "replace").decode().replace(
        "?", "\ufffd"
    )


def test_reads_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        store.read_sync(lambda tx: a_consultant(tx, "1"))
    assert store.run_sync(lambda tx: a_consultant(tx, "1")) == 1


def test_a_transaction_kept_beyond_its_unit_is_refused(store: Store) -> None:
    kept = store.run_sync(lambda tx: tx)
    with pytest.raises(RuntimeError, match="ended"):
        kept.all(CONSULTANTS)


def test_a_unit_cannot_open_a_transaction_of_its_own(store: Store) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        store.run_sync(lambda tx: store.run_sync(lambda inner: 1))


def test_stop_iteration_reaches_the_one_who_waits(store: Store) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        store.run_sync(lambda tx: next(iter(())))


def test_several_event_loops_share_one_store(store: Store) -> None:
    def work(first: int) -> None:
        async def all_of_it() -> None:
            await asyncio.gather(
                *(store.run(lambda tx, n=n: a_consultant(tx, str(n))) for n in range(first, first + 20))
            )

        asyncio.run(all_of_it())

    threads = [threading.Thread(target=work, args=(100 * number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.read_sync(lambda tx: tx.all(CONSULTANTS))) == 60
