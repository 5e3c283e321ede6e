"""The webhook: Telegram posts one update at a time, and its answer is our confirmation.

An ASGI application, mounted by the web role. It says 200 only after the commit, 503 for what should come again, and
200 with quarantine for what nobody can read: a refusal would make Telegram send the same bytes for a day, with
everything else of that bot behind them. Whoever does not know the secret gets 403 before the body is read.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

import structlog

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.listener import PAUSES, Connection, end
from bot.channels.telegram.standing import LOOK_SECONDS, Standing
from bot.errors import ConfigError, Fault, TemporaryError
from bot.messages import InboundMessage

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/telegram/webhook"
SECRET_HEADER = b"x-telegram-bot-api-secret-token"
# Telegram's updates stay far below; files never come with them.
BODY_BYTES_MAX = 1024 * 1024


class TelegramWebhook:
    """Listens at the web role's door. Both the listener that sets the webhook, and the ASGI application."""

    name = "telegram"

    def __init__(
        self,
        client: BotClient,
        intake: Intake,
        config: TelegramConfig,
        *,
        pauses: tuple[float, ...] = PAUSES,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        if not config.webhook_secret:
            remedy = "Set a secret of 16 or more letters and digits, or leave it out to poll"
            raise ConfigError([Fault("environment", "HOLDLINE_TELEGRAM_WEBHOOK_SECRET", "it is missing", remedy)])
        self._secret = config.webhook_secret.encode()
        self._connection = Connection(client, intake, config, pauses=pauses)
        self._client, self._intake = client, intake
        # Without a public address the operator sets the webhook by hand.
        url = config.webhook_url
        self._standing = Standing(self._connection, config, url, look_seconds=look_seconds) if url else None
        self._task: asyncio.Task[None] | None = None
        self._under_way = 0
        self._is_accepting = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def state(self) -> str:
        return self._connection.state

    @property
    def fault(self) -> ConfigError | None:
        return self._connection.fault

    async def reread(self, raw: bytes, received_at: datetime) -> InboundMessage:
        """Read what lay in quarantine again; see `Intake.reread`."""
        return await self._intake.reread(raw, received_at)

    async def start(self) -> None:
        """Accept, and tell Telegram where. Raises ConfigError for a refused token."""
        is_known = await self._connection.greet_first()
        self._is_accepting = True
        self._task = asyncio.create_task(self._announce(is_known), name="telegram-webhook")

    async def stop(self) -> None:
        """Accept no more (503), and let what is under way be committed. The webhook stays set: updates wait there."""
        self._is_accepting = False
        await end(self._task, self._connection.stopping.set)
        await self._idle.wait()
        await self._intake.drain()
        await self._client.close_connections()
        if self.fault is None:
            self._connection.say("off")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Anything but an update under the right secret is refused."""
        if scope["type"] != "http":
            return
        self._under_way += 1
        self._idle.clear()
        try:
            await _respond(send, await self._status(scope, receive))
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _status(self, scope: Scope, receive: Receive) -> int:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), self._secret):
            return 403
        if scope["method"] != "POST":
            return 405
        if not self._is_accepting:
            return 503
        body = await _body(headers, receive)
        if body is None:
            return 413
        try:
            await self._settle(body)
        except TemporaryError as error:
            log.info("telegram_update_delayed", reason=str(error))
            return 503
        return 200

    async def _settle(self, body: bytes) -> None:
        try:
            update = json.loads(body)
        # RecursionError: brackets nested a thousand deep.
        except (ValueError, RecursionError) as error:
            log.warning("telegram_body_unreadable", reason=type(error).__name__)
            await self._intake.quarantine(body, f"not JSON: {error}")
            return
        await self._intake.take(update)

    async def _announce(self, is_known: bool) -> None:
        """Set the webhook and the menu, until it works, and look after both it and a name that nobody told."""
        try:
            is_known = is_known or await self._connection.greet_again()
            if self._connection.stopping.is_set():
                return
            if self._standing is not None:
                await self._standing.set()
            self._connection.say("listening")
            await self._connection.publish_menu()
            beside = [] if is_known else [self._connection.greet_beside()]
            if self._standing is not None:
                beside.append(self._standing.keep())
            await asyncio.gather(*beside)
        except ConfigError as error:
            self._is_accepting = False
            log.error("telegram_off", fault=str(error))
        except Exception:
            log.exception("telegram_webhook_failed")
            self._connection.say("listening, but the webhook may not be set: see the log")


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """The request's body, or None when it is larger than any update."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 9 or int(length) > BODY_BYTES_MAX:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Nobody waits for the answer, and half a body is no update.
            raise TemporaryError("the request was broken off")
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _respond(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
