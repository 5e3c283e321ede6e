"""The web role: the app over this desk's store and settings, served; implements port.Listener."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot import migrate
from bot.clock import Clock
from bot.counts import Counts
from bot.errors import BotError
from bot.health import Check, lag, readiness
from bot.settings import ROLES, Settings, roles
from bot.store import Store
from bot.web.app import App, Probes, WebApp
from bot.web.metrics import page
from bot.web.server import WebServer


class OpenDesk(Protocol):
    """What the web role needs of an opened desk."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...


class WebListener:
    """Serves the status page, health, metrics and the mounted webhooks.

    chosen: the roles of this process. counts: what its doors and senders count (see bot.counts).
    """

    name = "web"

    def __init__(
        self,
        desk: OpenDesk,
        applications: Mapping[str, App],
        *,
        chosen: Sequence[str] = ROLES,
        counts: Counts | None = None,
    ) -> None:
        self._desk = desk
        self._counts = counts or Counts()
        self._chosen = tuple(chosen)
        self._head = migrate.head()
        web = desk.settings.web
        probes = Probes(
            lambda: roles(desk.settings, self._chosen), self._readiness, self._metrics, metrics_token=web.metrics_token
        )
        app = WebApp(probes, applications, body_bytes_max=web.body_bytes_max)
        self._server = WebServer(app, web.host, web.port, stop_seconds=desk.settings.times.stop_seconds)

    @property
    def port(self) -> int:
        """The port in use, once started."""
        return self._server.port

    async def start(self) -> None:
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop()

    async def _readiness(self) -> list[Check]:
        return await readiness(self._desk.store, head=self._head)

    async def _metrics(self) -> bytes:
        desk, now = self._desk, self._desk.clock.now()
        try:
            lagging = await desk.store.read(lambda tx: lag(tx, now))
        except BotError:
            # A scrape of a desk whose database is away still tells of the rest.
            lagging = None
        on = {line.name: line.is_on for line in roles(desk.settings, self._chosen)}
        return page(self._counts, writer_waiting=desk.store.waiting, lag=lagging, roles_on=on)
