"""The console's incoming half: a Unix socket in the var folder that takes one JSON object a line.

`holdline say` and `holdline do` knock here while a desk runs. Refuses a second desk on the same folder. The socket is
made with mode 0600, so that only the desk's own account can speak through it.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import structlog

from bot.channels.console.endpoint import LINE_BYTES_MAX, socket_path
from bot.channels.console.sender import Sessions
from bot.channels.console.translate import from_answer, from_receipt, to_message, to_order
from bot.channels.port import Desk
from bot.clock import Clock
from bot.errors import ConfigError, Fault, TemporaryError, UserError
from bot.messages import Receipt

log = structlog.get_logger()

SESSION_BYTES_MAX = 1024 * 1024


class ConsoleDesk(Desk, Protocol):
    """What the console asks beyond the other channels: it belongs to the operator."""

    async def requeue(self, number: int) -> Receipt:
        """Receive a quarantined message again. Raises NotFound."""


async def reply_to(desk: ConsoleDesk, clock: Clock, request: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out one request. Faults of the person and passing troubles come back as {"error": …}."""
    key = str(request.get("key") or secrets.token_hex(12))
    try:
        match request.get("op"):
            case "say":
                return from_receipt(await desk.receive(to_message(request, key=key, received_at=clock.now())))
            case "do":
                return from_answer(await desk.obey(to_order(request, key=key, given_at=clock.now())))
            case "requeue" if isinstance(request.get("number"), int):
                return from_receipt(await desk.requeue(request["number"]))
            case "ping":
                return {"is_ok": True}
            case op:
                raise UserError(f"The console does not know the op {op!r}. It knows say, do, requeue and ping.")
    except UserError as error:
        return {"error": str(error)}
    except TemporaryError as error:
        return {"error": str(error), "is_temporary": True}


class ConsoleListener:
    """Listens on the socket; implements port.Listener."""

    name = "console"

    def __init__(self, desk: ConsoleDesk, clock: Clock, path: Path, sessions: Sessions) -> None:
        self._desk = desk
        self._clock = clock
        self._path = path
        self._sessions = sessions
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Begin to accept. Raises ConfigError when another desk listens there, or the folder cannot be written."""
        path = socket_path(self._path)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            await _remove_stale(path)
            self._server = await asyncio.start_unix_server(self._serve, sock=_bound(path), limit=LINE_BYTES_MAX)
        except OSError as error:
            fault = Fault(str(self._path), "console", f"it cannot be opened ({error.strerror})", "Make it writable")
            raise ConfigError([fault]) from error

    async def stop(self) -> None:
        """Accept no more, answer what was asked, hang up."""
        if self._server is None:
            return
        self._is_stopping = True
        self._server.close()
        self._path.unlink(missing_ok=True)
        if self._busy:
            await asyncio.wait(self._busy)
        for writer in tuple(self._open):
            writer.close()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        detach = None
        try:
            while not self._is_stopping and (line := await reader.readline()):
                request = _request(line)
                if request.get("op") == "attach" and isinstance(request.get("as"), str):
                    detach = detach or self._sessions.attach(request["as"], lambda text: _show(writer, text))
                    _put(writer, {"attached": request["as"]})
                    continue
                task = asyncio.create_task(self._answer(request, writer))
                self._busy.add(task)
                task.add_done_callback(self._busy.discard)
                await task
        except (ConnectionError, ValueError):
            # The person went away, or sent a line beyond the limit: either way there is nobody to answer.
            log.info("console hung up")
        finally:
            if detach:
                detach()
            self._open.discard(writer)
            writer.close()

    async def _answer(self, request: Mapping[str, Any], writer: asyncio.StreamWriter) -> None:
        try:
            reply = await reply_to(self._desk, self._clock, request)
        except Exception:
            log.exception("console request failed", op=str(request.get("op")))
            reply = {"error": "The desk failed at this; its log says why."}
        _put(writer, reply)
        await writer.drain()


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {"op": "a line that is not JSON"}
    return request if isinstance(request, dict) else {"op": "a line that is not a JSON object"}


def _show(writer: asyncio.StreamWriter, text: str) -> None:
    # A session that reads nothing must not fill our memory; what it misses stands in the log.
    if writer.transport.get_write_buffer_size() < SESSION_BYTES_MAX:
        _put(writer, {"delivery": text})


def _put(writer: asyncio.StreamWriter, reply: Mapping[str, Any]) -> None:
    if not writer.is_closing():
        writer.write(json.dumps(reply).encode() + b"\n")


async def _remove_stale(path: str) -> None:
    """Take away the socket of a desk that was killed. Raises ConfigError when a living one answers."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except FileNotFoundError:
        return
    except ConnectionRefusedError:
        Path(path).unlink(missing_ok=True)
        return
    writer.close()
    remedy = "Stop it first, or set HOLDLINE_FOLDERS_VAR to another folder"
    raise ConfigError([Fault(path, "console", "another desk serves this folder", remedy)])


def _bound(path: str) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Before the bind, not a chmod after it: nobody else may connect in between.
    previous = os.umask(0o177)
    try:
        opened.bind(path)
    except OSError:
        opened.close()
        raise
    finally:
        os.umask(previous)
    return opened
