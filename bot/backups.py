"""Backup of a running desk into one file, and its way back: database, blobs and signing key.

The database is copied first (SQLite's online copy, or pg_dump) and the blobs after it: a blob is written before the row
that names it, and none is removed meanwhile, so that the copy holds every blob its rows know. The file appears complete
or not at all. A restore checks every byte before it touches anything, and refuses to overwrite unless told to.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.blobs import held
from bot.errors import UserError
from bot.migrate import current
from bot.plain import counted
from bot.settings import Settings
from bot.store import open_store, unserved

FORMAT = 1
MANIFEST, SQLITE, POSTGRESQL, KEY, BLOBS = "manifest.json", "database.sqlite", "database.pgdump", "secret.key", "blobs"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    made_at: str
    database: str
    blobs: int
    size_bytes: int

    @property
    def contents(self) -> str:
        """In words; on PostgreSQL the database itself holds the blobs."""
        if self.database == POSTGRESQL:
            return f"{self.database} with attachments and mails"
        return f"{self.database}, {counted(self.blobs, 'attachment or mail', 'attachments and mails')}"


def backup(settings: Settings, target: Path, *, now: datetime) -> Kept:
    """Write a backup; `.gz` at the end compresses it. Safe beside a running desk.

    Raises UserError when there is no database, or its tools are missing.
    """
    part = target.with_name(target.name + ".part")
    with (
        tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder,
        held(settings.folders.blobs) if settings.folders.blobs.is_dir() else nullcontext(),
    ):
        copy = _copied(settings, Path(folder))
        blobs = _blob_files(settings.folders.blobs)
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "database": copy.name,
            "sha256": _sha256(copy),
            "blobs": len(blobs),
        }
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                mode = "w:gz" if target.suffix in (".gz", ".tgz") else "w"
                with tarfile.open(fileobj=file, mode=mode) as tar:  # type: ignore[call-overload]
                    _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=2).encode())
                    tar.add(copy, copy.name)
                    if settings.folders.secret_key.exists():
                        tar.add(settings.folders.secret_key, KEY)
                    for blob in blobs:
                        tar.add(blob, f"{BLOBS}/{blob.relative_to(settings.folders.blobs).as_posix()}")
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return Kept(str(manifest["made_at"]), copy.name, len(blobs), target.stat().st_size)


def restore(settings: Settings, source: Path, *, is_forced: bool = False) -> Kept:
    """Put a backup in place of the desk's database, blobs and key.

    Raises UserError when a process serves the desk, something is there already (unless forced), or the file is not a
    whole backup.
    """
    if not is_forced:
        _refuse_to_overwrite(settings)
    settings.folders.var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.folders.var, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpacked(source, folder)
        database = folder / manifest["database"]
        if settings.is_sqlite != (database.name == SQLITE):
            kind = "SQLite" if database.name == SQLITE else "PostgreSQL"
            raise UserError(f"{source.name} holds a {kind} database. Set DATABASE_URL to one of that kind.")
        if settings.is_sqlite:
            _check_sqlite(database)
        with unserved(settings.database_url):
            count = _placed(settings, folder, database)
    return Kept(manifest["made_at"], database.name, count, source.stat().st_size)


def _placed(settings: Settings, folder: Path, database: Path) -> int:
    """Put what was unpacked and checked in its place; returns how many blobs there were."""
    count = _place_blobs(folder / BLOBS, settings.folders.blobs)
    if (folder / KEY).exists():
        (folder / KEY).chmod(0o600)
        (folder / KEY).replace(settings.folders.secret_key)
    # All of it on the disk before the database that names it.
    os.sync()
    if settings.is_sqlite:
        _place_sqlite(database, settings.database_file)
    else:
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _postgresql("pg_restore", settings.database_url, *options, str(database))
    return count


def _copied(settings: Settings, folder: Path) -> Path:
    if not settings.is_sqlite:
        _postgresql("pg_dump", settings.database_url, "--format=custom", "--no-owner", f"--file={folder / POSTGRESQL}")
        return folder / POSTGRESQL
    path = settings.database_file
    if not path.exists():
        raise UserError(f"There is no database at {path}. Nothing was written.")
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(folder / SQLITE)) as copy,
    ):
        source.backup(copy)
    return folder / SQLITE


def _postgresql(program: str, url: str, *options: str) -> None:
    """Run one of PostgreSQL's own tools; the password goes through the environment, where `ps` does not show it."""
    if shutil.which(program) is None:
        raise UserError(f"{program} is not installed. Install PostgreSQL's client programs, then repeat.")
    parts = urlsplit(url)
    environ = dict(os.environ)
    if parts.password:
        environ["PGPASSWORD"] = unquote(parts.password)
        parts = parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}")
    call = [program, f"--dbname={urlunsplit(parts)}", *options]
    done = subprocess.run(call, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise UserError(f"{program} failed: {lines[0]}")


def _blob_files(folder: Path) -> list[Path]:
    """Finished blobs only: one that is still being written has another name."""
    return sorted(path for path in folder.glob("*/*") if path.is_file() and _SHA256.fullmatch(_blob_name(path)))


def _blob_name(path: Path) -> str:
    """The SHA-256 that a blob's path spells: its first two digits are the folder."""
    return path.parent.name + path.name


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_to_overwrite(settings: Settings) -> None:
    if settings.is_sqlite:
        is_there = settings.database_file.exists()
    else:
        store = open_store(settings.database_url)
        is_there = current(store) is not None
        store.close_sync()
    if is_there:
        raise UserError("There is a database already. Repeat with --force to put the backup in its place.")


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write out plain files in plain folders, which is all that a backup holds. Raises TarError for anything else.

    By hand: the filters of `extractall` came to Python 3.11 late, and Debian 12 has none.
    """
    for member in tar:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(f"{member.name!r} is no file of a backup")
        if member.isdir():
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            continue
        (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tar.extractfile(member) as packed, (folder / name).open("xb") as file:  # type: ignore[union-attr]
            shutil.copyfileobj(packed, file)


def _unpacked(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack and check everything. Raises UserError naming what is wrong."""
    try:
        with tarfile.open(source, "r:*") as tar:
            _unpack(tar, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if manifest["format"] != FORMAT:
            raise UserError(f"{source.name} was made by a newer Holdline (format {manifest['format']}). Upgrade first.")
        if manifest["database"] not in (SQLITE, POSTGRESQL):
            raise UserError(f"{source.name} names an unknown database. It is no backup of Holdline.")
        is_whole = _sha256(folder / manifest["database"]) == manifest["sha256"]
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{source.name} is no whole backup of Holdline ({error}). Nothing was changed.") from error
    blobs = _blob_files(folder / BLOBS)
    if not is_whole or len(blobs) != manifest["blobs"] or any(_sha256(blob) != _blob_name(blob) for blob in blobs):
        raise UserError(f"{source.name} is damaged: its sums do not agree. Nothing was changed.")
    return manifest


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened:
        (verdict,) = opened.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise UserError(f"The database in the backup is damaged ({verdict}). Nothing was changed.")


def _place_blobs(source: Path, target: Path) -> int:
    blobs = _blob_files(source)
    for blob in blobs:
        place = target / blob.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        blob.replace(place)
    return len(blobs)


def _place_sqlite(database: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # The old write-ahead log would be replayed into the restored file.
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    with database.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        database.replace(target)
    except OSError:
        # The database may lie on another disk than the var folder.
        shutil.copyfile(database, target)
