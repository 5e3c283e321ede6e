"""The one way to Telegram's servers: python-telegram-bot's client, spoken to in plain dictionaries.

Its typed methods would build an object for each answer, and one answer of an unexpected shape would turn a message
that was sent into an error, that is, into a second message. The request layer, its errors and its limits are kept.
"""

from __future__ import annotations

import logging
import ssl
import warnings
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx
import telegram
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.warnings import PTBDeprecationWarning

from bot.channels.telegram.config import API_URL, TelegramConfig
from bot.channels.telegram.wire import Request

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
        super().__init__(
            config.token,
            base_url=config.base_url,
            base_file_url=config.base_file_url,
            request=request,
            get_updates_request=request,
        )

    async def call(self, method: str, *, read_seconds: float = READ_SECONDS, **fields: Any) -> Any:
        """Call a method of the Bot API; fields that are None are left out. Returns `result` as JSON.

        Raises telegram.error.TelegramError in all its kinds.
        """
        try:
            return await self._post(method, fields, read_timeout=read_seconds)
        except (KeyError, TypeError, AttributeError) as error:
            raise NetworkError(f"the answer to {method} has no result") from error
        except TelegramError as error:
            if self.token not in str(error):
                raise
            # Some faults of the connection quote the URL, and the token is part of it.
            raise NetworkError(str(error).replace(self.token, "TOKEN")) from None

    async def download(self, file_path: str) -> bytes:
        """The bytes of a file that getFile named."""
        # A server may name the whole address; ours is the only one that we go to.
        path = file_path.removeprefix(f"{self.base_file_url}/").lstrip("/")
        return await self.request.retrieve(f"{self.base_file_url}/{quote(path)}", read_timeout=MEDIA_SECONDS)

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
