"""Slack over signed HTTP: an ASGI application that the desk's web server mounts, for all of Slack's request URLs.

Without a framework on the way: Slack counts the milliseconds, and default Bolt polls for an acknowledgement every
ten of them. Events, slash commands and interactions may share one URL or have one each; the payload tells them
apart. Refused: a bad signature or an old or malformed timestamp (401), a body over the limit (413).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from bot.channels.port import Desk
from bot.channels.slack.acks import DONE, Ack
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.intake import Intake
from bot.channels.slack.payloads import REQUEST, read_body
from bot.channels.slack.service import Service
from bot.channels.slack.signature import is_slacks
from bot.clock import Clock
from bot.errors import ConfigError, Fault
from bot.tokens import Signer

log = structlog.get_logger(__name__)

STOP_SECONDS = 5.0

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_JSON, _TEXT = b"application/json; charset=utf-8", b"text/plain; charset=utf-8"


class HttpListener:
    """Takes Slack's requests. Mount it, the object is the application: `Mount("/slack", app=listener)`."""

    name = "slack-http"

    def __init__(self, config: SlackConfig, desk: Desk, *, signer: Signer, clock: Clock, service: Service) -> None:
        self._config = config
        self._clock = clock
        self._secret = config.signing_secret.encode()
        self._intake = Intake(config, desk, signer=signer, clock=clock, service=service)
        self._intake.is_open = False

    async def start(self) -> None:
        """Begin to accept. Raises ConfigError without a signing secret: then nothing could be believed."""
        if not self._secret:
            remedy = "Copy the signing secret from the app's page at Slack, Basic Information"
            raise ConfigError([Fault("environment", "SLACK_SIGNING_SECRET", "missing", remedy)])
        self._intake.is_open = True

    async def stop(self) -> None:
        """Answer 503 from now on, and let what is under way end."""
        await self._intake.close(STOP_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI puts it."""
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            # Slack looks at the certificate now and then, and wants no more than an answer.
            is_check = scope["method"] == "GET" and b"ssl_check=1" in scope.get("query_string", b"").split(b"&")
            await _answer(send, DONE if is_check else Ack(405))
            return
        timestamp = signature = content_type = b""
        for name, value in scope["headers"]:
            if name == b"x-slack-signature":
                signature = value
            elif name == b"x-slack-request-timestamp":
                timestamp = value
            elif name == b"content-type":
                content_type = value
        body = await _body(receive, self._config.body_bytes_max)
        if body is None:
            await _answer(send, Ack(413))
        elif not is_slacks(self._secret, timestamp, signature, body, now_seconds=self._clock.now().timestamp()):
            log.warning("slack_request_not_signed")
            await _answer(send, Ack(401))
        else:
            await _answer(send, await self._take(content_type, body, timestamp))

    async def _take(self, content_type: bytes, body: bytes, timestamp: bytes) -> Ack:
        if not self._intake.is_open:
            return Ack(503)
        try:
            payload = read_body(content_type, body)
        except ValueError as error:
            return await self._intake.quarantine(body, str(error))
        if "event" not in payload:
            # Digits alone, and signed. A request that a proxy repeats bears the same.
            payload[REQUEST] = timestamp.decode()
        return await self._intake.take(payload)


async def _body(receive: Receive, bytes_max: int) -> bytes | None:
    """The whole body, or None where it is larger than allowed or its sender went away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= bytes_max and message["type"] == "http.request" else None
    pieces, length = [body], len(body)
    while length <= bytes_max and message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
    return b"".join(pieces) if length <= bytes_max else None


async def _answer(send: Send, ack: Ack) -> None:
    is_text = isinstance(ack.body, str)
    body = ack.body.encode() if isinstance(ack.body, str) else json.dumps(ack.body).encode()
    headers = [(b"content-type", _TEXT if is_text else _JSON), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": ack.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
