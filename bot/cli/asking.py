"""How a command reaches the desk: through the socket of one that runs beside, else by opening it here."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from bot.channels.console.endpoint import LINE_BYTES_MAX, socket_path
from bot.errors import TemporaryError, UserError
from bot.queries import people
from bot.settings import Settings


async def connect(settings: Settings) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    """The running desk's console socket; None when no desk listens there."""
    try:
        path = socket_path(settings.folders.console_socket)
        return await asyncio.open_unix_connection(path, limit=LINE_BYTES_MAX)
    except (FileNotFoundError, ConnectionRefusedError):
        return None


async def ask(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    """Put one request to the desk and return its reply.

    Raises UserError with the desk's sentence when it refuses, TemporaryError when it should be asked again.
    """
    streams = await connect(settings)
    reply = await (_over(*streams, request) if streams else _here(settings, request))
    if reply.get("is_temporary"):
        raise TemporaryError(reply["error"])
    if "error" in reply:
        raise UserError(reply["error"])
    return reply


def hint(settings: Settings, name: str) -> str:
    """What to write instead where nobody has that console name; "" where somebody has."""
    from bot.store import open_store

    if settings.is_sqlite and not settings.database_file.exists():
        return ""
    store = open_store(settings.database_url)
    try:
        names = [row.address for row in store.read_sync(lambda tx: tx.all(people.CONSOLE_NAMES))]
    finally:
        store.close_sync()
    name = name.strip().lower()
    if name in names:
        return ""
    known = f"Known are: {', '.join(names[:20])}." if names else "There is none yet: `holdline import` adds people."
    return f"Nobody has the console name {name}. {known}"


async def _over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: dict[str, Any]) -> dict[str, Any]:
    try:
        writer.write(json.dumps(request).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
    except (ConnectionError, ValueError) as error:
        raise TemporaryError(f"The desk hung up ({error}).") from error
    finally:
        writer.close()
    if not line:
        raise TemporaryError("The desk stopped before it answered.")
    reply: dict[str, Any] = json.loads(line)
    return reply


async def _here(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    from bot import logs, wiring
    from bot.channels.console.listener import reply_to

    # Whoever sits here reads the answer; only what goes wrong is added.
    logs.configure(replace(settings.log, level="warning"))
    async with wiring.open_desk(settings) as desk:
        return await reply_to(desk.reception, desk.clock, request)
