"""Stands in for the chat services' APIs where a benchmark needs them to answer: yes to everything, at once.

Telegram updates that are given to it (`/feed`) it hands out to who polls, and answers once the last is confirmed.
"""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import uvicorn

BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
IDENTITY = {"ok": True, "team_id": "T0001", "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://bench.slack.com/"}


class Updates:
    """What a bot is to be told, until it confirms it."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()

    async def feed(self, updates: list[dict[str, Any]]) -> None:
        """Returns once they are all confirmed."""
        async with self._changed:
            self._waiting += updates
            self._changed.notify_all()
            await self._changed.wait_for(lambda: not self._waiting)

    async def given(self, *, offset: int = 0, limit: int = 100, timeout: int = 0) -> list[dict[str, Any]]:
        """getUpdates: an offset confirms everything before it."""
        async with self._changed:
            self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
            self._changed.notify_all()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait_for(lambda: self._waiting), timeout)
            return self._waiting[:limit]


UPDATES = Updates()


async def app(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body")
    method = scope["path"].rpartition("/")[2]
    if method == "feed":
        await UPDATES.feed(json.loads(body))
        answer: dict[str, Any] = {}
    elif method == "getUpdates":
        asked = {name: int(values[0]) for name, values in parse_qs(body.decode()).items() if values[0].isdigit()}
        answer = {"ok": True, "result": await UPDATES.given(**asked)}
    elif method == "getMe":
        answer = {"ok": True, "result": BOT}
    elif method == "sendMessage":
        answer = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    elif scope["path"].startswith("/bot"):
        answer = {"ok": True, "result": True}
    else:
        answer = IDENTITY | {"channel": "D0001", "ts": "1.000001"}
    told = json.dumps(answer).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": told})


async def serve() -> None:
    opened = socket.socket(proto=socket.IPPROTO_TCP)
    opened.bind(("127.0.0.1", 0))
    print(opened.getsockname()[1], flush=True)
    config = uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets=[opened])


if __name__ == "__main__":
    asyncio.run(serve())
