"""A server of the Bot API that does the least: what others write to try a bot on, and not what Telegram does.

It knows four methods and answers them with as little as the documentation allows. Every other method it refuses in
one of the ways seen in the wild. It waits for nothing, forgets nothing it was not told to, and checks no token.
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


class BareTelegram:
    """`url` is what HOLDLINE_TELEGRAM_API_URL would hold; `said` is what was sent, oldest first."""

    def __init__(self, refusal: str = "404", *, is_forgetful: bool = False) -> None:
        self.refusal, self.is_forgetful = REFUSALS[refusal], is_forgetful
        self.waiting: list[Json] = []
        self.said: list[Json] = []
        self.refused: list[str] = []
        self.answered: list[Json] = []
        self.asked = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def says(self, person: int, text: str) -> None:
        """A private message with nothing in it that could be left out."""
        number = len(self.waiting) + 1
        chat = {"id": person, "type": "private"}
        message = {"message_id": 100 + number, "date": 0, "chat": chat, "from": {"id": person, "first_name": "A"}}
        self.waiting.append({"update_id": number, "message": {**message, "text": text}})

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

    async def until(self, count: int) -> None:
        """Wait until so many messages were sent."""
        async with asyncio.timeout(5):
            while len(self.said) < count:
                await asyncio.sleep(0.01)

    async def _method(self, request: web.Request) -> web.Response:
        method, fields = request.match_info["method"], dict(await request.post())
        read: Json = {name: _read(str(value)) for name, value in fields.items()}
        if method == "getUpdates":
            self.asked += 1
            first = 0 if self.is_forgetful else int(read.get("offset") or 0)
            return _ok([update for update in self.waiting if update["update_id"] >= first])
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


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _ok(result: Any) -> web.Response:
    # As some write it: with a space, and in another order.
    return web.Response(text=json.dumps({"result": result, "ok": True}), content_type="application/json")
