"""Large files of a mail go from the child that reads them to the disk, so that the desk's own process never holds them.

They lie in the blob store's staging folder, synced, as TOKEN.SHA256: the token is the reading's, so that what a child
leaves there that was killed over its mail can be told and removed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

LARGE_BYTES_MIN = 256 * 1024
# No file of a mail is larger than the largest mail that is taken.
FILE_BYTES_MAX = 128 * 1024 * 1024


class Laying:
    """Lays the files of one mail. folder: the staging folder, which is there."""

    def __init__(self, folder: Path, token: str) -> None:
        self._folder, self._token = folder, token
        self.names: set[str] = set()

    def keep(self, content: bytes) -> str:
        """Write a file and return the SHA-256 that it is known by from now on. Raises OSError."""
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in self.names:
            with self._path(sha256).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self.names.add(sha256)
        return sha256

    def leave(self, wanted: Iterable[str]) -> None:
        """Remove those that turned out not to be wanted."""
        for sha256 in self.names - set(wanted):
            self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{self._token}.{sha256}"
