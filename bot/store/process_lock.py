"""One process at a time serves a SQLite desk; the second is told so, and does not queue up unseen."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from bot.errors import UserError


class AlreadyServed(UserError):
    """Another process holds the lock beside the database."""


class ProcessLock:
    """A held lock; the system lets it go when the process ends, however that happens."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold_process_lock(path: Path) -> ProcessLock:
    """Take the lock, for instance var/holdline.db.lock. Raises AlreadyServed if another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise AlreadyServed(
            f"One process serves {path.with_suffix('')}, and it runs already (process {holder}). Stop that one first; "
            "to run several, use PostgreSQL (DATABASE_URL)."
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return ProcessLock(descriptor)
