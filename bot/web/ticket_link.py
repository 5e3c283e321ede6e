"""What a browser sees at `/t/42`: where the ticket is read, and nothing of the ticket itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

PATH = "/t"
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def ticket_link(scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
    """An ASGI application for `/t/NUMBER`. It asks nobody, so that it tells a stranger not even what exists."""
    number = scope["path"].removeprefix(f"{PATH}/")
    is_one = number.isascii() and number.isdigit() and len(number) <= 12
    words = (
        f"Ticket {number}: write “show {number}” to the desk, in any channel." if is_one else "There is nothing here."
    )
    body = f"<!doctype html><meta charset=utf-8><title>Holdline</title><p>{words}".encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200 if is_one else 404, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
