"""Attachments and raw messages, kept once each under the SHA-256 of their bytes.

Beside PostgreSQL all are rows, for a worker on another machine reads them too. Beside SQLite small ones are rows, which
cost the commit nothing extra, and large ones files, which need not pass through the write-ahead log: written, synced
and renamed before the commit that names them, so that a committed name always has its bytes.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.errors import BotError
from bot.queries import blobs as queries
from bot.store import Store, StoreAway, StoreFull, Tx

# Up to here a row is faster than a file of its own, whose two syncs no other unit can share.
ROW_BYTES_MAX = 64 * 1024
# Files that a process of ours wrote before anything is committed; no blob's folder has this name.
STAGING = "staging"
SWEPT_AFTER_SECONDS = 3600


class BlobMissing(BotError):
    """Nothing is kept under this name; a backup without blobs was restored, or a file was removed."""


def open_blobs(store: Store, folder: Path) -> Blobs:
    """The blobs of a store. `folder` (var/blobs) is used beside SQLite only, and made at the first file."""
    return Blobs(folder if store.dialect == "sqlite" else None)


class Blobs:
    """Keeps bytes; equal bytes are kept once."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

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
            tx.run(queries.KEEP, sha256=sha256, content=content)
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

    def _path(self, folder: Path, sha256: str) -> Path:
        # Names come from the database, but a path is never built from what is no hash.
        if len(sha256) != 64 or not sha256.isalnum():
            raise BlobMissing(sha256)
        return folder / sha256[:2] / sha256[2:]

    def _write(self, sha256: str, content: bytes) -> None:
        assert self.folder is not None
        path = self._path(self.folder, sha256)
        with _faults_told(sha256[:12]):
            if path.is_file() and path.stat().st_size == len(content):
                return
            _make_folder(path.parent)
            unnamed = path.with_name(f".{secrets.token_hex(8)}")
            try:
                with unnamed.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                unnamed.rename(path)
            except OSError:
                unnamed.unlink(missing_ok=True)
                raise
            _sync(path.parent)

    def _adopt(self, token: str, names: Sequence[str]) -> None:
        assert self.folder is not None
        staging = self.folder / STAGING
        for sha256 in names:
            path = self._path(self.folder, sha256)
            with _faults_told(sha256[:12]):
                _make_folder(path.parent)
                (staging / f"{token}.{sha256}").rename(path)
                _sync(path.parent)
        for left in staging.glob(f"{token}.*"):
            left.unlink(missing_ok=True)

    def _sweep(self, staging: Path, before: float) -> None:
        for left in staging.glob("*.*"):
            with _faults_told(STAGING):
                if left.stat().st_mtime < before:
                    left.unlink(missing_ok=True)


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
