"""Stands in for the chat services' APIs where a benchmark needs them to answer: yes to everything, at once."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import uvicorn

BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
IDENTITY = {"ok": True, "team_id": "T0001", "user_id": "U0BOT", "bot_id": "B0BOT", "url": "https://bench.slack.com/"}


async def app(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    method = scope["path"].rpartition("/")[2]
    if method == "getMe":
        answer: dict[str, Any] = {"ok": True, "result": BOT}
    elif method == "sendMessage":
        answer = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    elif scope["path"].startswith("/bot"):
        answer = {"ok": True, "result": True}
    else:
        answer = IDENTITY | {"channel": "D0001", "ts": "1.000001"}
    body = json.dumps(answer).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def serve() -> None:
    opened = socket.socket(proto=socket.IPPROTO_TCP)
    opened.bind(("127.0.0.1", 0))
    print(opened.getsockname()[1], flush=True)
    config = uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets=[opened])


if __name__ == "__main__":
    asyncio.run(serve())
