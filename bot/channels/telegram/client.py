"""The one way to Telegram's servers: python-telegram-bot's client, spoken to in plain dictionaries.

Its typed methods would build an object for each answer, and one answer of an unexpected shape would turn a message
that was sent into an error, that is, into a second message. The request layer, its errors and its limits are kept.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import warnings
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import telegram
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.warnings import PTBDeprecationWarning

from bot.channels.telegram.config import API_URL, TelegramConfig
from bot.channels.telegram.wire import Request

# Between two pieces of a file; the whole of it may take MEDIA_SECONDS.
DOWNLOAD_SECONDS = 15.0
READ_SECONDS, WRITE_SECONDS, CONNECT_SECONDS, POOL_SECONDS, MEDIA_SECONDS = 15.0, 15.0, 10.0, 15.0, 60.0
CONNECTIONS_MAX = 32


class BotClient(telegram.Bot):
    """A bot account on a Bot API server. Needs no `initialize`; `close_connections` when done."""

    def __init__(self, config: TelegramConfig) -> None:
        _quieten()
        # One pool for polling and the rest: a second one would only cost memory.
        # A server on this machine is never behind the proxy that the environment names.
        is_near = config.is_on_this_machine
        request = Request(
            connection_pool_size=CONNECTIONS_MAX,
            read_timeout=READ_SECONDS,
            write_timeout=WRITE_SECONDS,
            connect_timeout=CONNECT_SECONDS,
            pool_timeout=POOL_SECONDS,
            media_write_timeout=MEDIA_SECONDS,
            is_stand_in=config.root != API_URL,
            httpx_kwargs={
                "verify": _certificates() if "https:" in config.root + config.file_root else False,
                "trust_env": not is_near,
            },
        )
        self._is_stand_in, self._roots = config.root != API_URL, (config.root, config.file_root)
        super().__init__(
            config.token,
            base_url=config.base_url,
            base_file_url=config.base_file_url,
            request=request,
            get_updates_request=request,
        )

    @property
    def is_stand_in(self) -> bool:
        """Is the server another than Telegram's own?"""
        return self._is_stand_in

    async def call(self, method: str, *, read_seconds: float = READ_SECONDS, **fields: Any) -> Any:
        """Call a method of the Bot API; fields that are None are left out. Returns `result` as JSON, None without one.

        Raises telegram.error.TelegramError in all its kinds.
        """
        try:
            return await self._post(method, fields, read_timeout=read_seconds)
        except KeyError:
            # `{"ok": true}` and no more: it is done, and to ask again would do it twice.
            return None
        except (TypeError, AttributeError) as error:
            raise NetworkError(f"the answer to {method} has no result") from error
        except TelegramError as error:
            if self.token not in str(error):
                raise
            # Some faults of the connection quote the URL, and the token is part of it.
            raise NetworkError(str(error).replace(self.token, "TOKEN")) from None

    async def download(self, file_path: str) -> bytes:
        """The bytes of a file that getFile named."""
        address = f"{self.base_file_url}/{quote(file_path.removeprefix(f'{self.base_file_url}/').lstrip('/'))}"
        if self._is_stand_in and file_path.startswith(("http://", "https://")) and self._is_near(file_path):
            # A server may name the whole address; its own machine is the only one that we go to.
            address = file_path
        try:
            async with asyncio.timeout(MEDIA_SECONDS):
                return await self.request.retrieve(address, read_timeout=DOWNLOAD_SECONDS)
        except TimeoutError as error:
            raise TimedOut("the file takes too long") from error

    def _is_near(self, address: str) -> bool:
        """Is it on a machine that we were told of?"""
        try:
            host = urlsplit(address).hostname
        except ValueError:
            return False
        return host in {urlsplit(root).hostname for root in self._roots}

    async def close_connections(self) -> None:
        """Let the connections go. May be called twice."""
        await self.request.shutdown()


def file_of(content: bytes, filename: str) -> telegram.InputFile:
    """A file as a field of `call`."""
    return telegram.InputFile(content, filename=filename)


def is_token_refused(error: TelegramError) -> bool:
    """Does the server say that there is no such bot?"""
    return isinstance(error, InvalidToken)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """The certificates of this machine. Loading them takes 40 ms, so listener and sender share them."""
    return httpx.create_ssl_context()


def _quieten() -> None:
    """Keep the token out of logs: it is part of every URL, and these libraries log URLs and bodies."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.INFO)
    # The library warns of itself at each 429.
    warnings.filterwarnings("ignore", message=".*retry_after", category=PTBDeprecationWarning)
