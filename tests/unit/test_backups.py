"""Backup and restore: everything comes back, nothing is overwritten unasked, nothing half-made is taken."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import backups, migrate
from bot.blobs import open_blobs
from bot.errors import UserError
from bot.settings import Settings, load, signing_keys
from bot.store import Query, hold_process_lock, open_store
from tests.conftest import PostgresServer

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NAMES = Query("SELECT name FROM client ORDER BY id", scans="a test")
BLOBS = Query("SELECT sha256, content FROM blob", scans="a test")
LARGE, SMALL = b"large" * 50_000, b"small"


def a_desk(home: Path, *names: str) -> Settings:
    settings = load({}, home=home)
    signing_keys(settings)
    migrate.upgrade(settings.database_url)
    store = open_store(settings.database_url)
    blobs = open_blobs(store, settings.folders.blobs)
    for name in names:
        store.run_sync(lambda tx, name=name: tx.insert("client", code=name.upper(), name=name, created_at=NOW))
    store.run_sync(lambda tx: [blobs.put(tx, LARGE), blobs.put(tx, SMALL)])
    store.close_sync()
    return settings


def names(settings: Settings) -> list[str]:
    store = open_store(settings.database_url)
    found = [row.name for row in store.read_sync(lambda tx: tx.all(NAMES))]
    store.close_sync()
    return found


@pytest.mark.parametrize("name", ["desk.tar", "desk.tar.gz"])
def test_a_restored_desk_has_rows_blobs_and_key(tmp_path: Path, name: str) -> None:
    source = a_desk(tmp_path / "one", "Acme", "Nord")
    kept = backups.backup(source, tmp_path / name, now=NOW)
    assert (kept.database, kept.blobs) == ("database.sqlite", 1)
    assert kept.contents == "database.sqlite, 1 attachment or mail"
    target = load({}, home=tmp_path / "two")
    assert backups.restore(target, tmp_path / name).made_at == NOW.isoformat()
    assert names(target) == ["Acme", "Nord"]
    assert signing_keys(target) == signing_keys(source)
    (blob,) = [path for path in target.folders.blobs.rglob("*") if path.is_file()]
    assert blob.parent.name + blob.name == hashlib.sha256(LARGE).hexdigest()
    assert blob.relative_to(target.folders.blobs) == next(
        path.relative_to(source.folders.blobs) for path in source.folders.blobs.rglob("*") if path.is_file()
    )


def test_a_backup_is_only_its_owners_to_read(tmp_path: Path) -> None:
    backups.backup(a_desk(tmp_path), tmp_path / "desk.tar", now=NOW)
    assert stat.S_IMODE((tmp_path / "desk.tar").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name or path.name.startswith(".backup")] == []


def test_a_backup_is_taken_while_the_desk_writes(tmp_path: Path) -> None:
    settings = a_desk(tmp_path / "one", "Acme")
    store = open_store(settings.database_url)
    opened = sqlite3.connect(settings.database_file, isolation_level=None)
    opened.execute("BEGIN IMMEDIATE")
    opened.execute("UPDATE client SET name = 'half done'")
    backups.backup(settings, tmp_path / "desk.tar", now=NOW)
    opened.execute("ROLLBACK")
    opened.close()
    store.close_sync()
    target = load({}, home=tmp_path / "two")
    backups.restore(target, tmp_path / "desk.tar")
    assert names(target) == ["Acme"]


def test_a_desk_that_is_there_is_not_overwritten_unless_forced(tmp_path: Path) -> None:
    backups.backup(a_desk(tmp_path / "one", "Acme"), tmp_path / "desk.tar", now=NOW)
    other = a_desk(tmp_path / "two", "Other")
    # A row that lies in the write-ahead log only must not come back through it.
    lingering = sqlite3.connect(other.database_file)
    lingering.execute("UPDATE client SET name = 'Lingering'")
    lingering.commit()
    with pytest.raises(UserError, match="--force"):
        backups.restore(other, tmp_path / "desk.tar")
    assert names(other) == ["Lingering"]
    lingering.close()
    backups.restore(other, tmp_path / "desk.tar", is_forced=True)
    assert names(other) == ["Acme"]


def damaged(path: Path, name: str, content: bytes) -> Path:
    """The same backup with one member's content replaced."""
    out = path.with_name("damaged.tar")
    with tarfile.open(path) as source, tarfile.open(out, "w") as target:
        for member in source.getmembers():
            file = source.extractfile(member)
            kept = file.read() if file else b""
            if member.name.startswith(name):
                kept = content
                member.size = len(content)
            target.addfile(member, io.BytesIO(kept))
    return out


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("database.sqlite", b"SQLite format 3\0 but not really"),
        ("blobs/", b"other bytes"),
        ("manifest.json", b"{}"),
        ("manifest.json", b"[" * 10),
        ("manifest.json", b'{"format": 99}'),
        ("manifest.json", b'{"format": 1, "database": "../../etc/passwd", "sha256": "", "blobs": 0}'),
    ],
)
def test_a_damaged_backup_changes_nothing(tmp_path: Path, member: str, content: bytes) -> None:
    backups.backup(a_desk(tmp_path / "one", "Acme"), tmp_path / "desk.tar", now=NOW)
    target = load({}, home=tmp_path / "two")
    with pytest.raises(UserError):
        backups.restore(target, damaged(tmp_path / "desk.tar", member, content))
    assert not target.database_file.exists()
    assert not target.folders.secret_key.exists()
    assert list(target.folders.var.iterdir()) == []


def test_a_cut_file_and_a_hostile_one_are_refused(tmp_path: Path) -> None:
    backups.backup(a_desk(tmp_path / "one", "Acme"), tmp_path / "desk.tar", now=NOW)
    target = load({}, home=tmp_path / "two")
    cut = tmp_path / "cut.tar"
    cut.write_bytes((tmp_path / "desk.tar").read_bytes()[:2000])
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as tar:
        member = tarfile.TarInfo("../escaped")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    linked = tmp_path / "linked.tar"
    with tarfile.open(linked, "w") as tar:
        member = tarfile.TarInfo("blobs")
        member.type, member.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(member)
    for path in (cut, hostile, linked):
        with pytest.raises(UserError, match="no whole backup"):
            backups.restore(target, path)
    assert not (tmp_path / "escaped").exists()


def test_nothing_is_restored_under_a_desk_that_runs(tmp_path: Path) -> None:
    settings = a_desk(tmp_path / "one", "Acme")
    backups.backup(settings, tmp_path / "desk.tar", now=NOW)
    path = settings.database_file
    # Without the console role nothing but this tells of it.
    with hold_process_lock(path.with_name(path.name + ".lock")), pytest.raises(UserError, match="runs already"):
        backups.restore(settings, tmp_path / "desk.tar", is_forced=True)
    backups.restore(settings, tmp_path / "desk.tar", is_forced=True)


def test_without_a_database_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no database"):
        backups.backup(load({}, home=tmp_path), tmp_path / "desk.tar", now=NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="PostgreSQL's client programs are not installed")
def test_postgresql_comes_back_through_its_own_tools(postgres_server: PostgresServer, tmp_path: Path) -> None:
    settings = load({"DATABASE_URL": postgres_server.make()}, home=tmp_path)
    store = open_store(settings.database_url)
    store.run_sync(lambda tx: tx.insert("client", code="ACME", name="Acme", created_at=NOW))
    kept = backups.backup(settings, tmp_path / "desk.tar", now=NOW)
    # Its blobs are rows: no count of files says anything.
    assert kept.contents == "database.pgdump with attachments and mails"
    store.run_sync(lambda tx: tx.insert("client", code="LATER", name="Later", created_at=NOW))
    # Other roles of the desk, on this machine or another, hold connections of their own.
    with pytest.raises(UserError, match="Stop them all first"):
        backups.restore(settings, tmp_path / "desk.tar", is_forced=True)
    assert names(settings) == ["Acme", "Later"]
    store.close_sync()
    with pytest.raises(UserError, match="--force"):
        backups.restore(settings, tmp_path / "desk.tar")
    backups.restore(settings, tmp_path / "desk.tar", is_forced=True)
    assert names(settings) == ["Acme"]
    with pytest.raises(UserError, match="Set DATABASE_URL"):
        backups.restore(load({}, home=tmp_path / "two"), tmp_path / "desk.tar")


def test_missing_tools_of_postgresql_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = load({"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/desk"}, home=tmp_path)
    with pytest.raises(UserError, match="pg_dump is not installed"):
        backups.backup(settings, tmp_path / "desk.tar", now=NOW)
