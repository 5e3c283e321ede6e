"""Pictures and documents, made in a child process that ends with its work, so that the desk stays small.

A child that fails or takes too long costs the picture, never the message it belongs to.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.books import Health
from bot.digests import Trend
from bot.stating import picture_of

log = structlog.get_logger()
SECONDS_MAX = 30
# In front of each answer of a child, big end first.
SIZE_BYTES = 8

Draw = Callable[[Mapping[str, object]], Awaitable[bytes]]


async def draw_trend(trend: Trend) -> bytes:
    """The trend as a PNG, or b"" where it could not be drawn."""
    # Every other day has its name, and the last one, which the digest is about.
    last = len(trend.days) - 1
    labels = [f"{day.day} {day:%b}" if (last - place) % 2 == 0 else "" for place, day in enumerate(trend.days)]
    return await _once("charts", {"days": labels, "opened": trend.opened, "resolved": trend.resolved})


async def draw_health(health: Health, currency: str) -> bytes:
    """Twelve months of a flat plan as a PNG, or b"" where it could not be drawn."""
    return await draw_picture(picture_of(health, currency))


async def draw_picture(document: Mapping[str, object]) -> bytes:
    """A chart that was asked for before, as a PNG, or b"" where it could not be drawn."""
    return await _once("charts", document)


async def draw_invoice(document: Mapping[str, object]) -> bytes:
    """An invoice or credit note as a PDF, or b"" where it could not be drawn."""
    return await _once("invoices", document)


async def draw_statement(document: Mapping[str, object]) -> bytes:
    """A client's statement as a PDF, or b"" where it could not be drawn."""
    return await _once("statements", document)


@asynccontextmanager
async def drawing(module: str) -> AsyncIterator[Draw]:
    """Draws one thing after another in one child, which loads its library once and ends with the block."""
    child = _Child(module)
    try:
        yield child.draw
    finally:
        # Also where the desk stops meanwhile: no child outlives what asked for it.
        await child.end()


async def _once(module: str, asked: Mapping[str, object]) -> bytes:
    async with drawing(module) as draw:
        return await draw(asked)


class _Child:
    """A process of `python -m bot.rendering`: a line of JSON goes in, a size and that many bytes come out."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: asyncio.subprocess.Process | None = None

    async def draw(self, asked: Mapping[str, object]) -> bytes:
        """What was asked for, or b"" where it could not be drawn."""
        try:
            return await asyncio.wait_for(self._ask(json.dumps(asked).encode()), SECONDS_MAX)
        except TimeoutError:
            log.warning("drawing took too long", module=self._module)
        except (OSError, asyncio.IncompleteReadError):
            log.warning("drawing failed", module=self._module, error=await self._last_words())
        await self.end()
        return b""

    async def end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _ask(self, line: bytes) -> bytes:
        process = self._process = self._process or await self._start()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(line + b"\n")
        await process.stdin.drain()
        size = int.from_bytes(await process.stdout.readexactly(SIZE_BYTES), "big")
        return await process.stdout.readexactly(size)

    async def _start(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        words = (sys.executable, "-m", "bot.rendering", self._module, str(os.getpid()))
        return await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=pipe)

    async def _last_words(self) -> str:
        """What a child that ended by itself said of it."""
        if self._process is None or self._process.stderr is None:
            return ""
        return (await self._process.stderr.read())[-500:].decode("utf-8", "replace")
