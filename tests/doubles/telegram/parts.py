"""The adapter's parts, set up against the double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import uvicorn

from bot.channels.port import Bookmarks, Desk
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.translate import Reading
from bot.channels.telegram.webhook import PATH, TelegramWebhook
from bot.clock import Clock, HandClock, SystemClock
from bot.tokens import Signer
from tests.doubles.telegram.service import TelegramDouble

SIGNER = Signer({"a": b"a key for tests"}, "a")
SECRET = "a-secret-of-the-webhook"
# Failures are tried again at once: no test waits for a back-off.
AT_ONCE = (0.01,)


def a_config(telegram: TelegramDouble, **changes: Any) -> TelegramConfig:
    return TelegramConfig(**{"token": telegram.token, "api_url": telegram.url, **changes})


def a_client(telegram: TelegramDouble) -> BotClient:
    return BotClient(a_config(telegram))


def an_intake(telegram: TelegramDouble, desk: Desk, config: TelegramConfig, clock: Clock) -> Intake:
    reading = Reading(config.bot_id, "", SIGNER, config.staff_chat or "", config.read_all_in_groups)
    return Intake(BotClient(config), desk, reading, clock)


@asynccontextmanager
async def polling(
    telegram: TelegramDouble,
    desk: Desk,
    *,
    bookmarks: Bookmarks | None = None,
    poll_seconds: int = 5,
    renew_seconds: float = 20.0,
    clock: Clock | None = None,
    **config: Any,
) -> AsyncIterator[TelegramPoller]:
    """A poller that runs while the block does."""
    settings = a_config(telegram, **config)
    intake = an_intake(telegram, desk, settings, clock or SystemClock())
    poller = TelegramPoller(
        intake.client,
        intake,
        settings,
        bookmarks=bookmarks,
        poll_seconds=poll_seconds,
        pauses=AT_ONCE,
        renew_seconds=renew_seconds,
    )
    await poller.start()
    try:
        yield poller
    finally:
        await poller.stop()


def a_webhook(
    telegram: TelegramDouble, desk: Desk, *, clock: Clock | None = None, look_seconds: float = 60.0, **config: Any
) -> TelegramWebhook:
    settings = a_config(telegram, **{"webhook_secret": SECRET, **config})
    intake = an_intake(telegram, desk, settings, clock or SystemClock())
    return TelegramWebhook(intake.client, intake, settings, pauses=AT_ONCE, look_seconds=look_seconds)


@asynccontextmanager
async def hooked(telegram: TelegramDouble, desk: Desk, **config: Any) -> AsyncIterator[TelegramWebhook]:
    """A webhook on a port of its own, which the double was told."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await webhook(scope, receive, send)

    async with serving(application) as address:
        webhook = a_webhook(telegram, desk, webhook_url=f"{address}{PATH}", **config)
        await webhook.start()
        try:
            yield webhook
        finally:
            await webhook.stop()


@asynccontextmanager
async def serving(application: Any) -> AsyncIterator[str]:
    """An ASGI application on a port of its own; gives its address."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_config=None, access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task


def a_sender(telegram: TelegramDouble, **options: Any) -> TelegramSender:
    """A sender that waits by moving the double's clock."""
    clock = telegram.clock

    async def sleep(seconds: float) -> None:
        assert isinstance(clock, HandClock)
        clock.advance(timedelta(seconds=seconds))

    return TelegramSender(a_client(telegram), SIGNER, clock, sleep=sleep, **options)
