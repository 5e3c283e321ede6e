"""The webhook as Telegram knows it: set at the start, and looked after as long as we listen.

A token has one webhook. Whoever polls with it takes the webhook away, as the desk itself does before its settings
change from polling: where the old process ends after the new one began, nobody would be told anything. So we look
every minute, set again what is gone, and say what Telegram says of an address that it cannot reach.
"""

from __future__ import annotations

from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.client import BotClient, is_token_refused
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.listener import Connection, wait_for_any
from bot.channels.telegram.translate import KINDS
from bot.channels.telegram.wire import MethodMissing

log = structlog.get_logger(__name__)

CONNECTIONS_MAX = 40
LOOK_SECONDS, LOOK_SECONDS_MAX = 60.0, 1800.0


class Standing:
    """The webhook at `url`. It raises ConfigError where Telegram refuses the token."""

    def __init__(
        self, connection: Connection, config: TelegramConfig, url: str, *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._connection, self._config, self._url = connection, config, url
        self._client: BotClient = connection.client
        self._look_seconds = look_seconds
        self._heard: object = None

    async def set(self) -> bool:
        """Tell Telegram where we listen, until it works. False where the server has no webhooks."""
        tries = 0
        while not self._connection.stopping.is_set():
            try:
                await self._client.call(
                    "setWebhook",
                    url=self._url,
                    secret_token=self._config.webhook_secret,
                    allowed_updates=list(KINDS),
                    max_connections=CONNECTIONS_MAX,
                )
                return True
            except MethodMissing as error:
                # Updates may come all the same, from a server that was told of us in another way.
                log.warning("telegram_webhook_not_set", reason=str(error))
                return False
            except TelegramError as error:
                if is_token_refused(error):
                    raise self._connection.refused() from error
                self._connection.say(f"waiting: the webhook is not set: {error}")
                await self._connection.pause(tries, error)
                tries += 1
        return False

    async def keep(self) -> None:
        """Look after it until we stop: more rarely where it is taken away time and again."""
        seconds = self._look_seconds
        while True:
            await wait_for_any(seconds, self._connection.stopping)
            if self._connection.stopping.is_set():
                return
            try:
                found = await self._client.call("getWebhookInfo")
            except MethodMissing:
                return
            except TelegramError as error:
                log.info("telegram_webhook_not_looked_at", reason=str(error))
                continue
            if not isinstance(found, dict) or not isinstance(found.get("url"), str):
                return
            if self._is_ours(found["url"]):
                self._hear_of_troubles(found)
                seconds = self._look_seconds
                continue
            log.warning("telegram_webhook_was_taken", reason="another program, or an older desk, uses this token")
            await self.set()
            self._connection.say("listening")
            seconds = min(2 * seconds, LOOK_SECONDS_MAX)

    def _is_ours(self, url: str) -> bool:
        return url.rstrip("/").lower() == self._url.rstrip("/").lower()

    def _hear_of_troubles(self, found: dict[str, Any]) -> None:
        """Say why Telegram could not deliver, once for each time that it tells of."""
        when = found.get("last_error_date")
        if when is None or when == self._heard:
            return
        self._heard = when
        reason, waiting = str(found.get("last_error_message") or "")[:300], found.get("pending_update_count")
        log.warning("telegram_webhook_not_reached", reason=reason, waiting=waiting)
