"""Serves the app with uvicorn, inside our own event loop and under our own signal handler; implements port.Listener."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import structlog
import uvicorn

from bot.errors import ConfigError, Fault
from bot.web.app import SECURITY_HEADERS, WebApp

log = structlog.get_logger()

BACKLOG = 2048
KEEP_ALIVE_SECONDS = 30


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: one handler stops the whole desk, and it is not this one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


class WebServer:
    """Listens on one address. `port` is the one in use, which matters where 0 was asked for."""

    name = "web"

    def __init__(self, app: WebApp, host: str, port: int, *, stop_seconds: int = 10) -> None:
        self._app = app
        self._host = host
        self.port = port
        self._stop_seconds = stop_seconds
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to accept. Raises ConfigError when the address cannot be had."""
        opened = self._bound()
        config = uvicorn.Config(
            self._app,
            http="httptools",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            headers=list(SECURITY_HEADERS),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=self._stop_seconds,
            backlog=BACKLOG,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[opened]), name="web")
        is_up = asyncio.create_task(self._server.is_up.wait())
        await asyncio.wait({is_up, self._task}, return_when=asyncio.FIRST_COMPLETED)
        is_up.cancel()
        if self._task.done():
            # It ended before it was up: what it raised is the cause.
            self._task.result()
        self.port = opened.getsockname()[1]
        log.info("web listens", port=self.port)

    async def stop(self) -> None:
        """Refuse webhooks with 503, end what is under way, close."""
        if self._server is None or self._task is None:
            return
        self._app.is_stopping = True
        self._server.should_exit = True
        await self._task
        self._server = self._task = None

    def _bound(self) -> socket.socket:
        """The listening socket, made here: uvicorn would end the whole process where it fails."""
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(self._host, self.port, type=socket.SOCK_STREAM)[0]
            opened = socket.socket(family, kind, protocol)
            try:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                opened.bind(address)
            except OSError:
                opened.close()
                raise
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problem = f"{self._host}:{self.port} cannot be listened on ({reason})"
            remedy = "Stop what uses it, or set HOLDLINE_WEB_PORT to another"
            raise ConfigError([Fault("settings", "web.port", problem, remedy)]) from error
        return opened
