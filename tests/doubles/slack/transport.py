"""How Slack reaches an app: signed requests with a deadline, or envelopes on a socket that the app opened."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.doubles.slack.web_api import WebApi
from tests.doubles.slack.workspace import Workspace

DEADLINE_SECONDS = 3.0
ENVELOPES = {"event": "events_api", "command": "slash_commands", "interaction": "interactive"}


@dataclass(frozen=True)
class Attempt:
    """What one try came to: a status (200 for an acknowledged envelope, 0 for none in time), and the answer."""

    status: int
    body: str = ""

    @property
    def is_acknowledged(self) -> bool:
        return 200 <= self.status < 300


class SignedRequests:
    """POSTs to a request URL, signed as Slack signs."""

    def __init__(self, workspace: Workspace, deadline_seconds: float) -> None:
        self._workspace = workspace
        self._deadline_seconds = deadline_seconds
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, url: str, kind: str, payload: Mapping[str, Any], retry: int) -> Attempt:
        body, headers = self.request(kind, payload)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_error"}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with (
                asyncio.timeout(self._deadline_seconds),
                self._session.post(url, data=body, headers=headers) as answer,
            ):
                return Attempt(answer.status, await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            return Attempt(0)

    def request(self, kind: str, payload: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers of one request; the signature ages with the double's clock."""
        if kind == "event":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == "interaction" else dict(payload)
            body, content_type = urlencode(form).encode(), "application/x-www-form-urlencoded"
        timestamp = str(int(self._workspace.clock.now().timestamp()))
        return body, {"Content-Type": content_type} | self.signature(timestamp, body)

    def signature(self, timestamp: str, body: bytes) -> dict[str, str]:
        base = f"v0:{timestamp}:".encode() + body
        mac = hmac.new(self._workspace.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={mac}"}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def payload_type(payload: object) -> str:
    return str(payload.get("type", "")) if isinstance(payload, Mapping) else ""


class Sockets:
    """The server's side of Socket Mode: addresses are good once, envelopes wait for their acknowledgement."""

    def __init__(self, api: WebApi, deadline_seconds: float) -> None:
        self._api = api
        self._deadline_seconds = deadline_seconds
        self._waiting: dict[str, asyncio.Future[Attempt]] = {}
        self._wordless: set[str] = set()
        self._changed = asyncio.Event()
        self.open: list[web.WebSocketResponse] = []
        self.opened = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link/{address}", self._link)]

    async def connected(self, times: int = 1) -> None:
        """Return once the app has opened this many connections in all, and one is open."""
        while self.opened < times or not self.open:
            self._changed.clear()
            await self._changed.wait()

    async def _link(self, request: web.Request) -> web.StreamResponse:
        address = request.match_info["address"]
        if address not in self._api.socket_addresses:
            return web.Response(status=404)
        self._api.socket_addresses.discard(address)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.open) + 1, "debug_info": {}})
        self.open.append(socket)
        self.opened += 1
        self._changed.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            self.open.remove(socket)
        return socket

    def _acknowledge(self, answer: dict[str, Any]) -> None:
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            payload = answer.get("payload")
            assert payload is None or answer["envelope_id"] not in self._wordless, "this envelope takes no words"
            waiting.set_result(Attempt(200, json.dumps(payload) if payload is not None else ""))

    async def deliver(self, kind: str, payload: object, retry: int) -> Attempt:
        if not self.open:
            return Attempt(0)
        envelope_id = str(uuid.uuid4())
        waiting: asyncio.Future[Attempt] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        envelope = {
            "envelope_id": envelope_id,
            "type": ENVELOPES[kind],
            "payload": payload,
            "accepts_response_payload": kind == "command" or payload_type(payload) == "view_submission",
        }
        if not envelope["accepts_response_payload"]:
            self._wordless.add(envelope_id)
        if kind == "event":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        try:
            await self.open[-1].send_json(envelope)
            async with asyncio.timeout(self._deadline_seconds):
                return await waiting
        except (ConnectionError, TimeoutError):
            return Attempt(0)
        finally:
            del self._waiting[envelope_id]

    async def ask_to_reconnect(self) -> None:
        """What Slack does every few hours: it says so, and hangs up."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
            await socket.close()

    async def drop(self) -> None:
        """The line is cut without a word."""
        for socket in list(self.open):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()
