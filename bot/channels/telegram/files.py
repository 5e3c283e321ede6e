"""Brings the files of a message over from Telegram, before the desk records it.

A file that cannot be had never loses the message: it arrives without content, and its text says so. A failure that
may pass is temporary a few times, so that the update comes again; then the message goes without its file.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError, TimedOut

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.content import RemoteFile, Unreadable, maybe
from bot.channels.telegram.wire import MethodMissing
from bot.errors import TemporaryError
from bot.messages import Attachment

log = structlog.get_logger(__name__)

# getFile serves no more than this.
SIZE_BYTES_MAX = 20 * 1024 * 1024
TRIES_MAX = 4
ASK_SECONDS = 6.0
UNFETCHED = "the file could not be fetched from Telegram"
# Two at a time: each may hold 20 MB in memory.
AT_ONCE = 2


class FileFetcher:
    """Downloads files, and remembers how often each has failed."""

    def __init__(self, client: BotClient) -> None:
        self._client = client
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, files: Sequence[RemoteFile]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
        """The attachments, and a line of text for each that has no content. Raises TemporaryError."""
        attachments, notes = [], []
        for file in files:
            content, fault = await self._bytes(file)
            size = len(content) if content is not None else file.size_bytes
            attachments.append(Attachment(file.filename, file.content_type, size, content))
            if fault:
                notes.append(f"[{file.filename}: {fault}]")
        return tuple(attachments), tuple(notes)

    async def _bytes(self, file: RemoteFile) -> tuple[bytes | None, str]:
        if file.size_bytes > SIZE_BYTES_MAX:
            return None, _too_large(file.size_bytes)
        try:
            async with self._gate:
                return await self._download(file)
        # A bad request and "not found" (which the client reports as a bad token) will not mend themselves.
        except (BadRequest, InvalidToken, MethodMissing, Unreadable) as error:
            if "too big" in str(error).lower():
                return None, _too_large(file.size_bytes)
            log.warning("telegram_file_refused", reason=str(error))
        except TelegramError as error:
            if not self._is_hopeless(file.file_id, is_slow=isinstance(error, TimedOut)):
                raise TemporaryError(f"a file could not be fetched: {error}") from error
            log.warning("telegram_file_given_up", reason=str(error))
        return None, UNFETCHED

    async def _download(self, file: RemoteFile) -> tuple[bytes | None, str]:
        found = await self._client.call("getFile", file_id=file.file_id, read_seconds=ASK_SECONDS)
        if not isinstance(found, dict):
            raise BadRequest("getFile names no file")
        size, path = maybe(found, "file_size", int) or 0, maybe(found, "file_path", str)
        if size > SIZE_BYTES_MAX:
            return None, _too_large(size)
        if not path:
            raise BadRequest("getFile names no path")
        content = await self._client.download(path)
        self._failures.pop(file.file_id, None)
        return content, ""

    def _is_hopeless(self, file_id: str, *, is_slow: bool) -> bool:
        """Count a failure, one that others had to wait for twice; has the file failed often enough?"""
        self._failures[file_id] = self._failures.get(file_id, 0) + (2 if is_slow else 1)
        self._failures.move_to_end(file_id)
        if len(self._failures) > 1000:
            self._failures.popitem(last=False)
        return self._failures[file_id] >= TRIES_MAX


def _too_large(size_bytes: int) -> str:
    size = f"{size_bytes / 1024 / 1024:.0f} MB, " if size_bytes else ""
    return f"{size}too large for Telegram to hand over (20 MB); please send it by email"
