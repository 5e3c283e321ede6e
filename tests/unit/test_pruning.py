"""`holdline prune` as its caller meets it, and its settings; backup and restore around it; two at once."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import backups, building, migrate, wiring
from bot.blobs import ROW_BYTES_MAX, SAFE_AFTER, Blobs, open_blobs
from bot.clock import HandClock
from bot.errors import ConfigError
from bot.queries import retention as queries
from bot.retention import LEFT_OVER, prune
from bot.retention.nightly import Nightly
from bot.settings import Settings, load
from bot.settings.retention import Retention
from bot.store import Query, Store, Tx, open_store
from tests.unit.test_cli import holdline

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=400), NOW - timedelta(days=10)
A_YEAR = Retention(original_days=365)
LARGE = b"large " * ROW_BYTES_MAX
MAILS = Query("SELECT id, raw_sha256, removed_at FROM inbound ORDER BY id", scans="a test")
LOCKED = Query(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1",
    scans="a test",
)
EVENTS = Query("SELECT kind, reason FROM event ORDER BY id", scans="a test")


def keep_mail(tx: Tx, blobs: Blobs, content: bytes, at: datetime, key: str = "") -> int:
    sha256 = blobs.put(tx, content)
    return tx.insert(
        "inbound", channel="email", key=key or sha256, received_at=at, outcome="recorded", raw_sha256=sha256
    )


def keep_mails(store: Store, folder: Path, *mails: tuple[bytes, datetime]) -> None:
    for content, at in mails:
        blobs = open_blobs(store, folder, HandClock(at))
        store.run_sync(partial(keep_mail, blobs=blobs, content=content, at=at))


def a_desk(home: Path, *mails: tuple[bytes, datetime]) -> Settings:
    settings = load({}, home=home)
    migrate.upgrade(settings.database_url)
    store = open_store(settings.database_url)
    keep_mails(store, settings.folders.blobs, *mails)
    store.close_sync()
    return settings


# ---------------------------------------------------------------- the command


def test_the_command_shows_what_would_go_and_removes_it_when_told_to(tmp_path: Path) -> None:
    today = datetime.now(UTC)
    a_desk(tmp_path, (LARGE, today - timedelta(days=800)), (b"small", today - timedelta(days=800)), (b"young", today))
    set_to = {"HOLDLINE_RETENTION_ORIGINAL_DAYS": "730"}
    shown = holdline("prune", home=tmp_path, **set_to)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].split() == ["kept", "rows", "blobs", "bytes"]
    assert lines[1].split() == ["originals", "730", "days", "2", "2", f"{len(LARGE) + 5:,}"]
    assert lines[3].split() == ["messages", "for", "ever", "0", "0", "0"]
    assert lines[-1] == f"2 rows and 2 blobs, {len(LARGE) + 5:,} bytes would go. Repeat with --apply to remove them."
    done = holdline("prune", "--apply", home=tmp_path, **set_to)
    assert done.stdout.splitlines()[1:-1] == lines[1:-1]
    assert done.stdout.splitlines()[-1] == f"Removed: 2 rows and 2 blobs, {len(LARGE) + 5:,} bytes."
    assert holdline("prune", home=tmp_path, **set_to).stdout.splitlines()[-1] == "Nothing is old enough to go."
    assert list((tmp_path / "var/blobs").glob("*/*")) == []
    assert "The books are sound" in holdline("audit", home=tmp_path).stdout


def test_without_periods_it_says_that_everything_is_kept(tmp_path: Path) -> None:
    a_desk(tmp_path, (b"small", OLD))
    shown = holdline("prune", "--apply", home=tmp_path)
    assert shown.stdout.startswith("Everything is kept for ever: [retention] in config/holdline.toml sets periods.\n")
    assert shown.stdout.endswith("Nothing is old enough to go.\n")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("ORIGINAL_DAYS", "5", "5 is out of range. Write whole days from 30 to 36500, or 0 to keep them for ever"),
        ("QUARANTINE_DAYS", "6", "6 is out of range. Write whole days from 7 to 36500, or 0 to keep them for ever"),
        ("INBOUND_DAYS", "ever", "'ever' is not a whole number. Write whole days from 30 to 36500, or 0 to keep"),
        ("DELIVERY_DAYS", "-1", "-1 is out of range. Write whole days from 30 to 36500, or 0 to keep them for ever"),
    ],
)
def test_a_period_that_is_too_short_is_refused_with_the_range(tmp_path: Path, key: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({f"HOLDLINE_RETENTION_{key}": value}, home=tmp_path)
    assert told in str(caught.value.faults[0])


def test_what_an_answer_would_open_again_is_kept_as_long(tmp_path: Path) -> None:
    days = {"HOLDLINE_TIMES_REOPEN_DAYS": "90", "HOLDLINE_RETENTION_MESSAGE_DAYS": "60"}
    with pytest.raises(ConfigError, match="Write at least 90 in place of 60"):
        load(days, home=tmp_path)
    assert load({**days, "HOLDLINE_RETENTION_MESSAGE_DAYS": "90"}, home=tmp_path).retention.message_days == 90


async def test_desk_prunes_by_itself_where_a_period_is_set(tmp_path: Path) -> None:
    for variables, wanted in (({}, 0), ({"HOLDLINE_RETENTION_ORIGINAL_DAYS": "365"}, 1)):
        async with wiring.open_desk(load(variables, home=tmp_path)) as desk:
            rounds = building.rounds(desk)
            assert sum(isinstance(one, Nightly) for one in rounds) == wanted
            assert await rounds[-1].run_once() in (0, 1)


# ---------------------------------------------------------------- around backups


def test_a_backup_of_before_brings_back_what_was_removed_and_one_of_after_does_not(tmp_path: Path) -> None:
    settings = a_desk(tmp_path / "one", (LARGE, OLD), (b"small", OLD), (b"young", YOUNG))
    backups.backup(settings, tmp_path / "before.tar", now=NOW)
    store = open_store(settings.database_url)
    blobs = open_blobs(store, settings.folders.blobs, HandClock(NOW))
    asyncio.run(prune(store, blobs, A_YEAR, now=NOW, is_applied=True))
    store.close_sync()
    assert backups.backup(settings, tmp_path / "after.tar", now=NOW).blobs == 0
    for name, wanted in (("before", [LARGE, b"small", b"young"]), ("after", [None, None, b"young"])):
        target = load({}, home=tmp_path / name)
        backups.restore(target, tmp_path / f"{name}.tar")
        assert contents(target) == wanted


def contents(settings: Settings) -> list[bytes | None]:
    """Each mail's bytes, and None for one whose row says that they were removed."""
    store = open_store(settings.database_url)
    blobs = open_blobs(store, settings.folders.blobs)
    found = store.read_sync(
        lambda tx: [None if row.removed_at else blobs.get(tx, row.raw_sha256) for row in tx.all(MAILS)]
    )
    store.close_sync()
    return found


# ---------------------------------------------------------------- several at once


async def test_two_runs_at_once_remove_everything_once(store: Store, tmp_path: Path) -> None:
    keep_mails(store, tmp_path, *((b"mail %d" % number, OLD) for number in range(40)), (LARGE, OLD))
    blobs = open_blobs(store, tmp_path, HandClock(NOW))
    runs = await asyncio.gather(*(prune(store, blobs, A_YEAR, now=NOW, is_applied=True) for _ in range(2)))
    assert sum(run.rows for run in runs) == 41
    assert sum(run.blobs for run in runs) == 41
    assert all(row.removed_at == NOW for row in store.read_sync(lambda tx: tx.all(MAILS)))


async def test_mail_that_comes_in_while_its_bytes_are_removed_keeps_them(store: Store, tmp_path: Path) -> None:
    """The same bytes under other keys while everything old goes: every committed name has its bytes."""
    contents = [b"mail %d" % number for number in range(30)] + [LARGE + b"%d" % number for number in range(6)]
    keep_mails(store, tmp_path, *((content, OLD) for content in contents))
    blobs = open_blobs(store, tmp_path, HandClock(NOW))

    async def come_in() -> None:
        for number, content in enumerate(contents):
            await blobs.stage([content])
            await store.run(partial(keep_mail, blobs=blobs, content=content, at=NOW, key=f"again {number}"))

    await asyncio.gather(prune(store, blobs, A_YEAR, now=NOW, is_applied=True), come_in())
    rows = store.read_sync(lambda tx: tx.all(MAILS))
    assert [row.removed_at is None for row in rows] == [False] * 36 + [True] * 36
    kept = store.read_sync(lambda tx: [blobs.get(tx, row.raw_sha256) for row in rows[36:]])
    assert kept == contents


async def test_bytes_that_are_put_again_and_not_committed_yet_are_not_removed(store: Store, tmp_path: Path) -> None:
    keep_mails(store, tmp_path, (b"the same mail", OLD))
    blobs = open_blobs(store, tmp_path, HandClock(NOW))
    sha256 = hashlib.sha256(b"the same mail").hexdigest()
    is_put, may_end = threading.Event(), threading.Event()

    def come_in(tx: Tx) -> None:
        keep_mail(tx, blobs, b"the same mail", NOW, "again")
        is_put.set()
        assert may_end.wait(10)

    def remove(tx: Tx) -> int:
        return tx.run(queries.REMOVE_BLOB, sha256=sha256, before_at=NOW - SAFE_AFTER)

    coming = asyncio.create_task(store.run(come_in, is_long=True))
    assert await asyncio.to_thread(is_put.wait, 10)
    removing = asyncio.create_task(store.run(remove, is_long=True))
    # One writer at a time beside SQLite; beside PostgreSQL the row is locked.
    while not store.waiting and not (store.dialect == "postgresql" and store.read_sync(lambda tx: tx.one(LOCKED))):
        await asyncio.sleep(0.01)
    may_end.set()
    await coming
    assert await removing == 0
    assert store.read_sync(lambda tx: blobs.get(tx, sha256)) == b"the same mail"


async def test_many_rows_go_in_small_transactions(store: Store, tmp_path: Path) -> None:
    keep_mails(store, tmp_path, *((b"mail %d" % number, OLD) for number in range(3)))
    filler = [{"channel": "email", "key": f"k{n}", "received_at": OLD, "outcome": "recorded"} for n in range(1200)]
    store.run_sync(lambda tx: tx.insert_many("inbound", filler))
    store.run_sync(lambda tx: keep_mail(tx, open_blobs(store, tmp_path, HandClock(OLD)), b"the last", OLD))
    blobs = open_blobs(store, tmp_path, HandClock(NOW))
    run = await prune(store, blobs, A_YEAR, now=NOW, is_applied=True)
    assert (run.rows, run.blobs) == (4, 4)
    events = [(row.kind, row.reason) for row in store.read_sync(lambda tx: tx.all(EVENTS))]
    assert events == [
        ("removed", "mails as they came: 3, after 365 days (retention)"),
        ("removed", "mails as they came: 1, after 365 days (retention)"),
        ("pruned", str(run)),
    ]
    nothing = replace(A_YEAR, original_days=0)
    assert (await prune(store, blobs, nothing, now=NOW, is_applied=True)).counts[-1].name == LEFT_OVER
