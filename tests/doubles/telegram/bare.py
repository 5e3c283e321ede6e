"""A server of the Bot API that does the least: what others write to try a bot on, and not what Telegram does.

It knows four methods and answers them with as little as the documentation allows. Every other method it refuses in
one of the ways seen in the wild. It waits for nothing, forgets nothing it was not told to, and checks no token. It may
read JSON alone, take the offset from the query alone, write its ids as text, and say null where it has nothing.
"""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
# Status and body with which servers say that they lack a method.
REFUSALS: dict[str, tuple[int, Any]] = {
    "404": (404, {"ok": False, "error_code": 404, "description": "Not Found"}),
    "404 without words": (404, "no such page"),
    "400": (400, {"ok": False, "error_code": 400, "description": "Bad Request: method not found"}),
    "500": (500, {"message": "API method 'x' is not supported. Are you sure?"}),
    "200": (200, {"ok": False, "error": "unknown_method"}),
    "501": (501, ""),
}
PAGE = "<!doctype html><title>One moment</title><p>We are checking your browser."


class BareTelegram:
    """`url` is what HOLDLINE_TELEGRAM_API_URL would hold; `said` is what was sent, oldest first."""

    def __init__(
        self,
        refusal: str = "404",
        *,
        is_forgetful: bool = False,
        reads_json_alone: bool = False,
        ids: type = int,
        me: Any = None,
    ) -> None:
        # What getMe gives, where it is known at all; a text is a page.
        self.me = me
        # So many answers to any method are a page of HTML, under a status that promises better.
        self.pages = 0
        self.refusal, self.is_forgetful = REFUSALS[refusal], is_forgetful
        self.reads_json_alone, self.ids = reads_json_alone, ids
        self.unread: list[str] = []
        # These methods take a call, and never answer it; these give exactly this, a status and a body.
        self.hangs: set[str] = set()
        self.left_hanging: list[str] = []
        self.gives: dict[str, tuple[int, Any]] = {}
        self.content = b""
        # A message with this field in it is refused.
        self.dislikes = ""
        self._closing = asyncio.Event()
        # So many polls fail as if the server were away.
        self.fails = 0
        self.waiting: list[Json] = []
        self.said: list[Json] = []
        self.refused: list[str] = []
        self.answered: list[Json] = []
        self.asked = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/files/{name}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    def says(self, person: int, text: str) -> None:
        """A private message with nothing in it that could be left out."""
        number, name = len(self.waiting) + 1, self.ids(person)
        chat = {"id": name, "type": "private"}
        sender = {"id": name, "first_name": "A"}
        message = {"message_id": self.ids(100 + number), "date": 0, "chat": chat, "from": sender}
        self.waiting.append({"update_id": self.ids(number), "message": {**message, "text": text}})

    def presses(self, person: int, label: str) -> None:
        """The button of that label, on a message that says no more of itself than its chat."""
        rows = [row for each in self.said for row in (each.get("reply_markup") or {}).get("inline_keyboard", ())]
        pressed = next(button for row in rows for button in row if button["text"] == label)
        query = {
            "id": str(len(self.waiting) + 1),
            "from": {"id": person, "first_name": "A"},
            "message": {"chat": {"id": person, "type": "private"}},
            "data": pressed["callback_data"],
        }
        self.waiting.append({"update_id": len(self.waiting) + 1, "callback_query": query})

    async def posts(self, update: Json, webhook: Any, headers: dict[bytes, bytes]) -> int:
        """Hand an update to a webhook; returns the status that it answers."""
        body, statuses = json.dumps(update).encode(), []

        async def receive() -> Json:
            return {"type": "http.request", "body": body}

        async def send(message: Json) -> None:
            statuses.append(message.get("status"))

        await webhook({"type": "http", "method": "POST", "headers": list(headers.items())}, receive, send)
        return int(statuses[0] or 0)

    async def until(self, count: int) -> None:
        """Wait until so many messages were sent."""
        async with asyncio.timeout(5):
            while len(self.said) < count:
                await asyncio.sleep(0.01)

    async def _method(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method in self.hangs:
            self.left_hanging.append(method)
            await self._closing.wait()
        if method in self.gives:
            self.refused.append(method)
            status, body = self.gives[method]
            return web.json_response(body, status=status)
        if self.pages:
            self.pages -= 1
            return web.Response(text=PAGE, content_type="text/html")
        if method == "getMe" and self.me is not None:
            is_page = isinstance(self.me, str)
            return web.Response(text=self.me, content_type="text/html") if is_page else _ok(self.me)
        if method == "getUpdates":
            self.asked += 1
            if self.fails:
                self.fails -= 1
                return web.Response(status=502, text="Bad Gateway")
            first = 0 if self.is_forgetful else int((await self._given(request)).get("offset") or 0)
            return _ok([update for update in self.waiting if int(update["update_id"]) >= first] or None)
        if self.reads_json_alone and request.can_read_body and request.content_type != "application/json":
            self.unread.append(method)
            words = "Bad Request: invalid character 'c' looking for beginning of value"
            return web.json_response({"ok": False, "error_code": 400, "description": words}, status=400)
        read = await self._given(request)
        if method == "sendMessage" and self.dislikes in read and self.dislikes:
            status, body = self.refusal
            return web.json_response(body, status=status)
        if method == "sendMessage":
            self.said.append(read)
            return _ok({"message_id": len(self.said)})
        if method == "answerCallbackQuery":
            self.answered.append(read)
            return _ok(True)
        self.refused.append(method)
        status, body = self.refusal
        return (
            web.Response(status=status, text=body) if isinstance(body, str) else web.json_response(body, status=status)
        )

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.content)

    async def _given(self, request: web.Request) -> Json:
        if request.content_type == "application/json":
            return dict(await request.json())
        fields = request.query if self.reads_json_alone else await request.post()
        return {name: _read(str(value)) for name, value in fields.items()}


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _ok(result: Any) -> web.Response:
    # As some write it: with a space, and in another order.
    return web.Response(text=json.dumps({"result": result, "ok": True}), content_type="application/json")
