"""What the Slack tests stand on: a desk that remembers, keys, a clock moved by hand, and a channel put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import uvicorn

from bot.channels.port import Desk
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.http_listener import HttpListener
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.slack.socket_listener import SocketListener
from bot.clock import HandClock
from bot.errors import TemporaryError
from bot.messages import Answer, InboundMessage, Order, Receipt
from bot.tokens import Signer
from tests.doubles.slack import SlackDouble

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def a_signer() -> Signer:
    return Signer({"a": b"a key of at least thirty-two bytes"}, "a")


@dataclass
class RecordingDesk:
    """The port, kept in memory: everything once by its key, and the first outcome again for a replay."""

    messages: dict[str, InboundMessage] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    quarantined: list[tuple[bytes, str]] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: Answer("Done."))
    faults: list[Exception] = field(default_factory=list)
    _threads: dict[tuple[str, str], int] = field(default_factory=dict)
    _answers: dict[str, Answer] = field(default_factory=dict)

    async def receive(self, message: InboundMessage) -> Receipt:
        self._fail()
        is_replay = message.key in self.messages
        self.messages.setdefault(message.key, message)
        place = (message.place.conversation, message.place.thread)
        ticket_id = self._threads.setdefault(place, len(self._threads) + 1)
        return Receipt("opened", len(self.messages), ticket_id, is_replay)

    async def obey(self, order: Order) -> Answer:
        self._fail()
        self.orders.setdefault(order.key, order)
        return self._answers.setdefault(order.key, self.answer)

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        self._fail()
        self.quarantined.append((raw, reason))
        return Receipt("quarantined", len(self.quarantined))

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        return None

    async def hear_of(self, news: object) -> None:
        return None

    async def accepts(self, address: str) -> bool:
        return False

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages.values()]


class Busy(TemporaryError):
    """The store is locked."""


@dataclass
class Ground:
    """The channel in working order, between a double of Slack and a desk that remembers."""

    slack: SlackDouble
    desk: RecordingDesk
    clock: HandClock
    config: SlackConfig
    service: Service
    sender: SlackSender


async def no_pause(seconds: float) -> None:
    """A wait that takes no time."""


@asynccontextmanager
async def a_ground() -> AsyncIterator[Ground]:
    """Everything but a listener. Waiting moves the clock."""
    clock = HandClock(NOW)

    async def pause(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async with SlackDouble(clock, pause=no_pause, deadline_seconds=3.0) as slack:
        config = SlackConfig(
            slack.bot_token, slack.app_token, slack.signing_secret, api_url=slack.api_url, ping_seconds=0.05
        )
        service = Service(config)
        sender = SlackSender(service, signer=a_signer(), pace=Pace(clock, pause))
        yield Ground(slack, RecordingDesk(), clock, config, service, sender)
        await sender.close()


@asynccontextmanager
async def serving_http(ground: Ground, desk: Desk) -> AsyncIterator[None]:
    """The signed endpoint behind a real server."""
    listener = HttpListener(ground.config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)
    await listener.start()
    config = uvicorn.Config(listener, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    ground.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    try:
        yield
    finally:
        await listener.stop()
        await server.shutdown()


@asynccontextmanager
async def serving_socket(ground: Ground, desk: Desk) -> AsyncIterator[None]:
    """The socket, open."""
    listener = SocketListener(ground.config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)
    await listener.start()
    await ground.slack.sockets.connected()
    try:
        yield
    finally:
        await listener.stop()


SERVING = {"http": serving_http, "socket": serving_socket}


@asynccontextmanager
async def over(transport: str) -> AsyncIterator[Ground]:
    """The channel over one transport, before a desk that remembers."""
    async with a_ground() as ground, SERVING[transport](ground, ground.desk):
        yield ground
