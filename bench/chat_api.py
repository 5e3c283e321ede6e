"""Stands in for the chat services' APIs where a benchmark needs them to answer: yes to everything, at once.

Telegram updates that were given to it (`/feed`) it hands out to who polls, and tells (`/confirmed`) up to which the
poller has them.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any
from urllib.parse import parse_qs

import uvicorn

BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
IDENTITY = {"ok": True, "team_id": "T0001", "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://bench.slack.com/"}


class Updates:
    """What a bot is to be told, until it confirms it."""

    def __init__(self) -> None:
        self.confirmed = 0
        self._waiting: list[dict[str, Any]] = []
        self._come = asyncio.Event()

    def feed(self, updates: list[dict[str, Any]]) -> None:
        self._waiting += updates
        self._come.set()

    async def given(self, *, offset: int = 0, limit: int = 100, timeout: int = 0) -> list[dict[str, Any]]:
        """getUpdates: an offset confirms everything before it."""
        self.confirmed = max(self.confirmed, offset)
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
        if not self._waiting:
            self._come.clear()
            try:
                await asyncio.wait_for(self._come.wait(), timeout)
            except TimeoutError:
                return []
        return self._waiting[:limit]


UPDATES = Updates()


async def app(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body")
    method = scope["path"].rpartition("/")[2]
    if method == "feed":
        UPDATES.feed(json.loads(body))
        answer: dict[str, Any] = {}
    elif method == "confirmed":
        answer = {"confirmed": UPDATES.confirmed}
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
