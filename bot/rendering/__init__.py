"""Pictures and documents, each made in a child process that ends, so that the desk stays small.

A child that fails or takes too long costs the picture, never the message it belongs to.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping

import structlog

from bot.books import Health
from bot.digests import Trend
from bot.stating import picture_of

log = structlog.get_logger()
SECONDS_MAX = 30


async def draw_trend(trend: Trend) -> bytes:
    """The trend as a PNG, or b"" where it could not be drawn."""
    # Every other day has its name, and the last one, which the digest is about.
    last = len(trend.days) - 1
    labels = [f"{day.day} {day:%b}" if (last - place) % 2 == 0 else "" for place, day in enumerate(trend.days)]
    return await _child("charts", {"days": labels, "opened": trend.opened, "resolved": trend.resolved})


async def draw_health(health: Health, currency: str) -> bytes:
    """Twelve months of a flat plan as a PNG, or b"" where it could not be drawn."""
    return await draw_picture(picture_of(health, currency))


async def draw_picture(document: Mapping[str, object]) -> bytes:
    """A chart that was asked for before, as a PNG, or b"" where it could not be drawn."""
    return await _child("charts", document)


async def draw_invoice(document: Mapping[str, object]) -> bytes:
    """An invoice or credit note as a PDF, or b"" where it could not be drawn."""
    return await _child("invoices", document)


async def draw_statement(document: Mapping[str, object]) -> bytes:
    """A client's statement as a PDF, or b"" where it could not be drawn."""
    return await _child("statements", document)


async def _child(module: str, asked: Mapping[str, object]) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.rendering",
        module,
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, errors = await asyncio.wait_for(process.communicate(json.dumps(asked).encode()), SECONDS_MAX)
    except TimeoutError:
        log.warning("drawing took too long", module=module)
        return b""
    finally:
        # Also where the desk stops meanwhile: no child outlives what asked for it.
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.warning("drawing failed", module=module, error=errors[-500:].decode("utf-8", "replace"))
        return b""
    return out
