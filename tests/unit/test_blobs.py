"""Bytes are kept once, and a committed name always has its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.blobs import ROW_BYTES_MAX, BlobMissing, Blobs, open_blobs
from bot.store import Query, Store, StoreAway

SMALL = b"a small one"
LARGE = bytes(range(256)) * (ROW_BYTES_MAX // 256) + b"!"
ROWS = Query("SELECT COUNT(*) AS n FROM blob", scans="a test")


@pytest.fixture
def blobs(store: Store, tmp_path: Path) -> Blobs:
    return open_blobs(store, tmp_path / "blobs")


@pytest.mark.parametrize("content", [b"", SMALL, LARGE[:-1], LARGE, LARGE * 20])
def test_what_was_kept_comes_back(store: Store, blobs: Blobs, content: bytes) -> None:
    sha256 = store.run_sync(lambda tx: blobs.put(tx, content))
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert store.read_sync(lambda tx: blobs.get(tx, sha256)) == content


def test_equal_bytes_are_kept_once(store: Store, blobs: Blobs, tmp_path: Path) -> None:
    names = {store.run_sync(lambda tx: blobs.put(tx, SMALL)) for _ in range(3)}
    names |= {store.run_sync(lambda tx: blobs.put(tx, LARGE)) for _ in range(3)}
    files = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    rows = store.read_sync(lambda tx: tx.one(ROWS)).n
    assert len(names) == len(files) + rows == 2
    # Beside SQLite the large one is a file; beside PostgreSQL another machine must see it.
    assert len(files) == (1 if store.dialect == "sqlite" else 0)


async def test_a_staged_blob_is_not_written_again(store: Store, blobs: Blobs, tmp_path: Path) -> None:
    await blobs.stage([SMALL, LARGE])
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    sha256 = await store.run(lambda tx: blobs.put(tx, LARGE))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "blobs").rglob("*") if path.is_file()} == before
    assert await store.read(lambda tx: blobs.get(tx, sha256)) == LARGE


def test_half_a_file_left_by_a_crash_is_written_anew(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    sha256 = hashlib.sha256(LARGE).hexdigest()
    path = tmp_path / "blobs" / sha256[:2] / sha256[2:]
    path.parent.mkdir(parents=True)
    path.write_bytes(LARGE[:100])
    store.run_sync(lambda tx: blobs.put(tx, LARGE))
    assert path.read_bytes() == LARGE
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "/" * 64, ("../" * 30)[:64]])
def test_an_unknown_name_is_missing(store: Store, blobs: Blobs, name: str) -> None:
    with pytest.raises(BlobMissing):
        store.read_sync(lambda tx: blobs.get(tx, name))


def test_a_folder_that_cannot_be_written_is_a_temporary_fault(store: Store, tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file stands in the way")
    blobs = Blobs(tmp_path / "blobs")
    with pytest.raises(StoreAway):
        store.run_sync(lambda tx: blobs.put(tx, LARGE))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.binary(max_size=200), max_size=8))
def test_every_name_has_its_bytes(store: Store, tmp_path: Path, contents: list[bytes]) -> None:
    blobs = Blobs(tmp_path / "blobs")
    names = store.run_sync(lambda tx: [blobs.put(tx, content) for content in contents])
    assert store.read_sync(lambda tx: [blobs.get(tx, name) for name in names]) == contents
