"""A Slack that does the least: what others write to try an app on, and not what Slack does.

It posts messages and knows no other method, tells of no workspace, no bot and no event id, and hands our own posts
back to us as if a person had written them. What it does not know it refuses in one of the ways seen in the wild. It may
read a form's fields alone, name itself otherwise in the addresses it gives, and take no words with an acknowledgement.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.clock import Clock, HandClock

Json = dict[str, Any]
BOT_USER = "UBOT"
SECRET = "dummy"
# Status and body with which services say that they lack a method.
REFUSALS: dict[str, tuple[int, Any]] = {
    "unknown_method": (200, {"ok": False, "error": "unknown_method"}),
    "404": (404, "404 Not Found"),
    "404 in JSON": (404, {}),
    "405": (405, "Method Not Allowed"),
    "501": (501, "Unsupported method"),
    "a page": (404, "<!doctype html><title>404</title><p>Not found"),
    # Says yes to everything, and gives nothing with it.
    "yes": (200, {"ok": True}),
    "yes, with null": (200, {"ok": True, "user": None, "channel": None, "view": None, "messages": None, "url": None}),
}


class BareSlack:
    """`api_url` is what HOLDLINE_SLACK_API_URL would hold; `said` is what was posted, `told` went to response_urls."""

    def __init__(
        self,
        clock: Clock,
        refusal: str = "unknown_method",
        *,
        knows_us: bool = False,
        reads_forms_alone: bool = False,
        takes_words: bool | None = None,
        paths: tuple[str, ...] = ("/api",),
    ) -> None:
        self._clock, self.refusal, self.knows_us = clock, REFUSALS[refusal], knows_us
        self.reads_forms_alone, self.takes_words, self.paths = reads_forms_alone, takes_words, paths
        self.unread = 0
        # These methods take a call, and never answer it.
        self.hangs: set[str] = set()
        self.left_hanging: list[str] = []
        # Not even our own mark comes back with an echo.
        self.marks_nothing = False
        # Does it know how to show something to one person alone?
        self.whispers = False
        self.whispered: list[Json] = []
        self.identity: Json = {"user_id": BOT_USER} if knows_us else {}
        # What apps.connections.open gives in place of an address; None: an address.
        self.socket_url: Json | None = None
        self._closing = asyncio.Event()
        self.said: list[Json] = []
        self.told: list[Json] = []
        self.refused: list[str] = []
        self.acknowledged: list[Json] = []
        self.request_url = ""
        self.address = ""
        self._socket: web.WebSocketResponse | None = None
        self._echoes: set[asyncio.Task[Any]] = set()
        self._number = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        for path in self.paths:
            app.router.add_route("*", f"{path}/{{method}}", self._method)
        app.router.add_post("/told", self._respond)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._socket is not None:
            await self._socket.close()
        await asyncio.gather(*self._echoes, return_exceptions=True)
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    async def until(self, count: int, where: list[Json] | None = None) -> None:
        """Wait until so many messages were posted."""
        async with asyncio.timeout(5):
            while len(self.said if where is None else where) < count:
                await asyncio.sleep(0.01)

    # ------------------------------------------------------------ what people do

    async def says(self, person: str, text: str, *, channel: str = "D1", kind: str = "message", ts: str = "") -> str:
        """Somebody writes; the event holds nothing that could be left out."""
        ts = ts or self._ts()
        event = {"type": kind, "channel": channel, "user": person, "text": text, "ts": ts}
        await self._deliver("events_api", {"type": "event_callback", "event": event})
        return ts

    async def commands(self, person: str, line: str) -> Json:
        name, _, text = line.partition(" ")
        form = {"command": name, "text": text, "user_id": person, "channel_id": "D1"}
        return await self._deliver("slash_commands", {**form, "response_url": f"{self.address}/told"})

    async def presses(self, person: str, label: str) -> None:
        """The first button of that label that was ever posted."""
        elements = [e for post in self.said for block in post.get("blocks", ()) for e in block.get("elements", ())]
        button = next(e for e in elements if e["type"] == "button" and e["text"]["text"] == label)
        action = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
        payload = {
            "type": "block_actions",
            "user": {"id": person},
            "actions": [action],
            "trigger_id": str(self._number),
        }
        await self._deliver("interactive", {**payload, "response_url": f"{self.address}/told"})

    async def reacts(self, person: str, channel: str, ts: str) -> None:
        item = {"type": "message", "channel": channel, "ts": ts}
        event = {"type": "reaction_added", "user": person, "reaction": "ticket", "item": item}
        await self._deliver("events_api", {"type": "event_callback", "event": event})

    def let_go(self, **identity: str) -> None:
        """Answer what hangs, and say who the bot is."""
        self.identity = identity
        self.hangs.clear()
        self._closing.set()

    def later(self, **span: float) -> None:
        """Let time pass."""
        assert isinstance(self._clock, HandClock)
        self._clock.advance(timedelta(**span))

    async def sends(self, kind: str, payload: Json) -> Json:
        """Anything at all, over whichever way is open."""
        return await self._deliver(kind, payload)

    async def frame(self, text: str) -> None:
        """Anything at all as a frame of the open socket, in no envelope."""
        assert self._socket is not None
        await self._socket.send_str(text)

    async def asks_to_dial_anew(self, text: str) -> None:
        """A disconnect in some form, and the connection that follows."""
        before, self._socket = self._socket, None
        assert before is not None
        await before.send_str(text)
        await self.connected()
        await before.close()

    # ------------------------------------------------------------ both ways of telling

    async def _deliver(self, kind: str, payload: Json) -> Json:
        if self._socket is not None:
            envelope = str(uuid.uuid4())
            says = {} if self.takes_words is None else {"accepts_response_payload": self.takes_words}
            await self._socket.send_json({"envelope_id": envelope, "type": kind, "payload": payload, **says})
            async with asyncio.timeout(5):
                while not (ack := [each for each in self.acknowledged if each["envelope_id"] == envelope]):
                    await asyncio.sleep(0.01)
            return dict(ack[0].get("payload") or {})
        body, content_type = json.dumps(payload), "application/json"
        if kind != "events_api":
            content_type = "application/x-www-form-urlencoded"
            body = urlencode(payload if kind == "slash_commands" else {"payload": body})
        stamp = str(int(self._clock.now().timestamp()))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}", "Content-Type": content_type}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.request_url, data=body, headers=headers) as answer,
        ):
            assert answer.status == 200, answer.status
            text = await answer.text()
            self.acknowledged.append({"envelope_id": "", "payload": text})
            return dict(json.loads(text)) if text.startswith("{") else {}

    async def connected(self) -> None:
        async with asyncio.timeout(5):
            while self._socket is None:
                await asyncio.sleep(0.01)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data))
        return socket

    # ------------------------------------------------------------ the Web API

    async def _method(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method in self.hangs:
            self.left_hanging.append(method)
            await self._closing.wait()
        if method == "chat.postEphemeral" and self.whispers:
            self.whispered.append(await self._arguments(request))
            return web.json_response({"ok": True})
        if method == "apps.connections.open" and self.socket_url is not None:
            return web.json_response({"ok": True, **self.socket_url})
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": f"{self.address.replace('http', 'ws', 1)}/link"})
        if method == "auth.test" and self.identity:
            return web.json_response({"ok": True, **self.identity})
        if method == "chat.postMessage":
            post = await self._arguments(request)
            if not post.get("channel"):
                self.unread += 1
                return web.json_response({"ok": False, "error": "channel_not_found"})
            ts = self._ts()
            self.said.append(post)
            if self.request_url or self._socket is not None:
                # Our own words come back, as an event without a bot in it; some services keep what marks them.
                kept = {} if self.knows_us or self.marks_nothing else {"metadata": post.get("metadata")}
                event = {
                    "type": "message",
                    "channel": post["channel"],
                    "user": BOT_USER,
                    "text": post["text"],
                    "ts": ts,
                }
                echo = self._deliver("events_api", {"type": "event_callback", "event": {**event, **kept}})
                self._echoes.add(asyncio.create_task(echo))
            return web.json_response({"ok": True, "message": {"ts": ts}})
        self.refused.append(method)
        status, body = self.refusal
        return (
            web.Response(status=status, text=body) if isinstance(body, str) else web.json_response(body, status=status)
        )

    async def _arguments(self, request: web.Request) -> Json:
        if request.content_type == "application/json":
            return {} if self.reads_forms_alone else dict(await request.json())
        fields = {name: str(value) for name, value in (await request.post()).items()}
        return {name: json.loads(value) if value[:1] in ("{", "[") else value for name, value in fields.items()}

    async def _respond(self, request: web.Request) -> web.Response:
        self.told.append(await request.json())
        return web.Response(text="ok")

    def _ts(self) -> str:
        self._number += 1
        return f"1700000000.{self._number:06}"
