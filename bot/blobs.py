"""Attachments and raw messages, kept once each under the SHA-256 of their bytes.

Beside PostgreSQL all are rows, for a worker on another machine reads them too. Beside SQLite small ones are rows, which
cost the commit nothing extra, and large ones files, which need not pass through the write-ahead log: written, synced
and renamed before the commit that names them, so that a committed name always has its bytes. What was put within the
last hour is never removed, for the row that will name it may not be committed yet; what is put again is young again.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.errors import BotError
from bot.queries import blobs as queries
from bot.store import Store, StoreAway, StoreFull, Tx

# Up to here a row is faster than a file of its own, whose two syncs no other unit can share.
ROW_BYTES_MAX = 64 * 1024
# Files that a process of ours wrote before anything is committed; no blob's folder has this name.
STAGING = "staging"
SWEPT_AFTER_SECONDS = 3600
# Bytes that come again count as new after this; until then nothing is written for them.
YOUNG_AGAIN_AFTER = timedelta(minutes=30)
# No unit takes as long: what was put before, and is named by no row, is needed by nobody.
SAFE_AFTER = timedelta(hours=1)


class BlobMissing(BotError):
    """Nothing is kept under this name; a backup without blobs was restored, or a file was removed."""


def open_blobs(store: Store, folder: Path, clock: Clock | None = None) -> Blobs:
    """The blobs of a store. `folder` (var/blobs) is used beside SQLite only, and made at the first file."""
    return Blobs(folder if store.dialect == "sqlite" else None, clock)


class Blobs:
    """Keeps bytes; equal bytes are kept once."""

    def __init__(self, folder: Path | None, clock: Clock | None = None) -> None:
        self.folder = folder
        self._clock = clock or SystemClock()

    async def stage(self, contents: Iterable[bytes]) -> None:
        """Write the large ones ahead of the unit that will `put` them, so that its transaction stays short.

        Leaves nothing but an unnamed file if that unit never commits. Raises StoreFull or StoreAway.
        """
        if self.folder is None:
            return
        large = [content for content in contents if len(content) > ROW_BYTES_MAX]
        for content in large:
            await asyncio.to_thread(self._write, hashlib.sha256(content).hexdigest(), content)

    def open_staging(self) -> Path | None:
        """The folder for files named TOKEN.SHA256 that `adopt` keeps; None beside PostgreSQL, where all are rows."""
        if self.folder is None:
            return None
        with _faults_told(STAGING):
            _make_folder(self.folder / STAGING)
        return self.folder / STAGING

    async def adopt(self, token: str, names: Sequence[str]) -> None:
        """Give the staged files of this token, whole and synced, the names they are kept by, and remove its others."""
        await asyncio.to_thread(self._adopt, token, names)

    async def sweep(self, now: datetime) -> None:
        """Remove staged files that nobody adopted for an hour: their process was killed in between."""
        if self.folder is not None:
            await asyncio.to_thread(self._sweep, self.folder / STAGING, now.timestamp() - SWEPT_AFTER_SECONDS)

    def put(self, tx: Tx, content: bytes) -> str:
        """Keep the bytes and return their name. Raises StoreFull or StoreAway."""
        sha256 = hashlib.sha256(content).hexdigest()
        if self.folder is None or len(content) <= ROW_BYTES_MAX:
            self._keep_row(tx, sha256, content)
        else:
            self._write(sha256, content)
        return sha256

    def get(self, tx: Tx, sha256: str) -> bytes:
        """The bytes of that name. Raises BlobMissing."""
        row = tx.one(queries.CONTENT, sha256=sha256)
        if row is not None:
            return bytes(row.content)
        if self.folder is not None and (path := self._path(self.folder, sha256)).is_file():
            return path.read_bytes()
        raise BlobMissing(sha256)

    def files(self) -> list[tuple[str, int]]:
        """Name and size in bytes of every file, in order; none beside PostgreSQL."""
        found = []
        for path in self.folder.glob("??/*") if self.folder is not None else ():
            name = path.parent.name + path.name
            # What is still being written has another name, and somebody else may remove one meanwhile.
            if len(name) == 64 and name.isalnum():
                with suppress(FileNotFoundError):
                    found.append((name, path.stat().st_size))
        return sorted(found)

    def remove_file(self, sha256: str, *, before: datetime, is_tried_only: bool = False) -> bool:
        """Remove a file that was put before that instant; False where it was not, or is in somebody's hands.

        For a name that no committed row holds. Who puts the same bytes meanwhile makes them young first, or writes
        them anew. is_tried_only: say whether it could be removed.
        """
        assert self.folder is not None
        path = self._path(self.folder, sha256)
        with _faults_told(sha256[:12]), held(self.folder, is_alone=True) as is_held:
            if not is_held or not path.is_file() or path.stat().st_mtime >= before.timestamp():
                return False
            if not is_tried_only:
                path.unlink()
        return True

    def _keep_row(self, tx: Tx, sha256: str, content: bytes) -> None:
        now = self._clock.now()
        while not tx.run(queries.KEEP, sha256=sha256, put_at=now, content=content):
            row = tx.one(queries.PUT_AT, sha256=sha256)
            if row is not None and row.put_at > now - YOUNG_AGAIN_AFTER:
                return
            # No row: it was needed by nobody, and removed in this moment.
            if row is not None and tx.run(queries.PUT_AGAIN, sha256=sha256, put_at=now):
                return

    def _path(self, folder: Path, sha256: str) -> Path:
        # Names come from the database, but a path is never built from what is no hash.
        if len(sha256) != 64 or not sha256.isalnum():
            raise BlobMissing(sha256)
        return folder / sha256[:2] / sha256[2:]

    def _write(self, sha256: str, content: bytes) -> None:
        assert self.folder is not None
        path = self._path(self.folder, sha256)
        with _faults_told(sha256[:12]):
            if path.is_file() and self._is_kept(path, len(content)):
                return
            _make_folder(path.parent)
            unnamed = path.with_name(f".{secrets.token_hex(8)}")
            try:
                with unnamed.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                self._place(unnamed, path)
            except OSError:
                unnamed.unlink(missing_ok=True)
                raise
            _sync(path.parent)

    def _is_kept(self, path: Path, size_bytes: int) -> bool:
        """Whether the file is whole; if it is old, it is young again."""
        assert self.folder is not None
        with held(self.folder):
            try:
                found = path.stat()
            except FileNotFoundError:
                return False
            if found.st_size == size_bytes and found.st_mtime < (self._clock.now() - YOUNG_AGAIN_AFTER).timestamp():
                self._make_young(path)
            return found.st_size == size_bytes

    def _place(self, source: Path, path: Path) -> None:
        """Give a whole file its name. Not while the file that has it is being removed."""
        assert self.folder is not None
        self._make_young(source)
        with held(self.folder):
            source.rename(path)

    def _make_young(self, path: Path) -> None:
        now = self._clock.now().timestamp()
        os.utime(path, (now, now))

    def _adopt(self, token: str, names: Sequence[str]) -> None:
        assert self.folder is not None
        staging = self.folder / STAGING
        for sha256 in names:
            path = self._path(self.folder, sha256)
            with _faults_told(sha256[:12]):
                _make_folder(path.parent)
                self._place(staging / f"{token}.{sha256}", path)
                _sync(path.parent)
        for left in staging.glob(f"{token}.*"):
            left.unlink(missing_ok=True)

    def _sweep(self, staging: Path, before: float) -> None:
        for left in staging.glob("*.*"):
            with _faults_told(STAGING):
                if left.stat().st_mtime < before:
                    left.unlink(missing_ok=True)


@contextmanager
def held(folder: Path, *, is_alone: bool = False) -> Iterator[bool]:
    """Keep files of blobs from being removed, here and in other processes; or remove some, alone, if nobody does.

    Yields False where somebody holds them: a backup, or for a moment whoever puts a file.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    is_held = True
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB if is_alone else fcntl.LOCK_SH)
        except BlockingIOError:
            is_held = False
        yield is_held
    finally:
        os.close(descriptor)


@contextmanager
def _faults_told(name: str) -> Iterator[None]:
    """What the disk refuses, as the store says it: full, or away."""
    try:
        yield
    except OSError as error:
        kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else StoreAway
        raise kind(f"blob {name}: {error.strerror}") from error


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each synced into its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
