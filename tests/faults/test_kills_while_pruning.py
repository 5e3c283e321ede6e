"""`kill -9` while old mails are removed: at no moment does a row name bytes that are gone, and the next run ends it."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.blobs import ROW_BYTES_MAX, Blobs, open_blobs
from bot.clock import HandClock
from bot.settings import Settings, load
from bot.store import Query, Store, open_store
from tests.unit.test_cli import environ

OLD, SHARED, LARGE = 6_000, 500, 150
PATIENCE_SECONDS = 30
LEFT = Query(
    "SELECT (SELECT COUNT(*) FROM inbound WHERE removed_at IS NULL) AS mails, (SELECT COUNT(*) FROM blob) AS blobs",
    scans="a test",
)
KEPT = Query("SELECT raw_sha256 FROM inbound WHERE removed_at IS NULL", scans="a test")
WORDS = {"HOLDLINE_RETENTION_ORIGINAL_DAYS": "365"}


def content_of(number: int) -> bytes:
    return b"mail %d " % number * (ROW_BYTES_MAX // 8 if number < LARGE else 3)


def fill(store: Store, blobs: Blobs, at: datetime, numbers: range, prefix: str) -> None:
    names = store.run_sync(lambda tx: [blobs.put(tx, content_of(number)) for number in numbers])
    rows = [
        {"channel": "email", "key": f"{prefix}{name}", "received_at": at, "outcome": "recorded", "raw_sha256": name}
        for name in names
    ]
    store.run_sync(lambda tx: tx.insert_many("inbound", rows))


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close_sync()


def left(settings: Settings) -> tuple[int, int]:
    """How many mails are not removed, and how many blobs there are, in rows and files."""
    with opened(settings) as store:
        (row,) = store.read_sync(lambda tx: tx.all(LEFT))
    return row.mails, row.blobs + sum(path.is_file() for path in settings.folders.blobs.glob("??/*"))


def missing(settings: Settings) -> list[str]:
    """Names in rows that are not removed whose bytes are not there, or other ones."""
    with opened(settings) as store:
        blobs = open_blobs(store, settings.folders.blobs)
        names = store.read_sync(lambda tx: [row.raw_sha256 for row in tx.all(KEPT)])
        found = store.read_sync(lambda tx: {name: hashlib.sha256(blobs.get(tx, name)).hexdigest() for name in names})
    return [name for name, sha256 in found.items() if sha256 != name]


def pruning(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "prune", "--apply"]
    variables = environ(settings.home, DATABASE_URL=settings.database_url, **WORDS)
    return subprocess.Popen(command, env=variables, cwd=settings.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed_when(settings: Settings, is_time: Callable[[], bool]) -> bool:
    """Start a run and kill it at that moment; False where it was over before."""
    process = pruning(settings)
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and not is_time():
        assert time.monotonic() < end, "it never began"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def test_run_that_is_killed_anywhere_loses_nothing_and_is_ended_by_the_next(fresh_url: str, tmp_path: Path) -> None:
    settings = load({"DATABASE_URL": fresh_url}, home=tmp_path)
    now = datetime.now(UTC)
    with opened(settings) as store:
        for days, numbers, prefix in ((800, range(OLD), "old "), (10, range(0, OLD, OLD // SHARED), "young ")):
            at = now - timedelta(days=days)
            fill(store, open_blobs(store, settings.folders.blobs, HandClock(at)), at, numbers, prefix)
    mails, blobs = left(settings)
    assert (mails, blobs) == (OLD + SHARED, OLD)
    # As soon as rows go, in the midst of them, as soon as blobs go, and in the midst of these.
    moments: list[Callable[[], bool]] = [
        lambda: left(settings)[0] < mails,
        lambda: left(settings)[0] < mails // 2,
        lambda: left(settings)[1] < blobs,
        lambda: left(settings)[1] < blobs // 2,
    ]
    kills = 0
    for is_time in moments:
        kills += killed_when(settings, is_time)
        assert missing(settings) == []
    assert kills, "it was over too soon to be killed"
    last = pruning(settings)
    told, wrong = last.communicate()
    assert (last.returncode, wrong) == (0, b""), told
    assert left(settings) == (SHARED, SHARED)
    assert missing(settings) == []
