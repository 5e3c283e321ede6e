"""The one ASGI app: a small status page, health, metrics, and the chat services' webhooks mounted as they are.

Every request is looked up by its exact path and goes straight to its handler: Slack counts the milliseconds. Refuses
bodies over the cap, methods a page does not have, and everything once the desk is stopping. No framework until there
are pages that need one (docs/decisions/web.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.health import Check
from bot.settings import RoleStatus
from bot.web.metrics import CONTENT_TYPE as METRICS_TYPE

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TEXT, JSON, HTML = b"text/plain; charset=utf-8", b"application/json", b"text/html; charset=utf-8"
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .7rem;border-bottom:1px solid #ddd;"
    "vertical-align:top}.on{color:#06632a}.off{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}td,th{border-color:#444}"
    ".on{color:#7fd69b}.off{color:#999}a{color:#8ab4f8}}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Sent with every answer, the mounted handlers' too: the server adds them (bot/web/server.py).
SECURITY_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none';"
        " form-action 'self'",
    ),
)


@dataclass(frozen=True, slots=True)
class Probes:
    """What the app asks of the desk it stands before. `metrics_token`: what a scraper must show; "" = nothing."""

    roles: Callable[[], Sequence[RoleStatus]]
    readiness: Callable[[], Awaitable[Sequence[Check]]]
    metrics: Callable[[], Awaitable[bytes]]
    metrics_token: str = ""


class WebApp:
    """The app; `mounts` are ASGI handlers by path, or by its first part for everything below: "/slack"."""

    def __init__(self, probes: Probes, mounts: Mapping[str, App] | None = None, *, body_bytes_max: int) -> None:
        self._probes = probes
        self._mounts = dict(mounts or {})
        self._body_bytes_max = body_bytes_max
        self._pages = {
            "/": self._status,
            "/healthz": self._health,
            "/readyz": self._ready,
            "/metrics": self._metrics,
        }
        self.is_stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # WebSockets are not served; the server closes what is not answered.
            return
        path = scope["path"]
        mount = self._mounts.get(path) or self._mounts.get("/" + path[1:].partition("/")[0])
        if mount is None:
            await self._page(path, scope, send)
        elif self.is_stopping:
            await respond(send, 503, b"stopping\n", headers=[(b"retry-after", b"10")])
        elif (receive_capped := _capped(scope, receive, self._body_bytes_max)) is None:
            await respond(send, 413, b"this body is too large\n", headers=[(b"connection", b"close")])
        else:
            await mount(scope, receive_capped, send)

    async def _page(self, path: str, scope: Scope, send: Send) -> None:
        page = self._pages.get(path)
        if page is None:
            await respond(send, 404, b"there is nothing here\n")
        elif scope["method"] not in ("GET", "HEAD"):
            await respond(send, 405, b"only GET\n", headers=[(b"allow", b"GET, HEAD")])
        else:
            await page(scope, send)

    async def _status(self, scope: Scope, send: Send) -> None:
        # What a role is configured with concerns the operator at this machine, not whoever finds the address.
        rows = self._probes.roles() if _is_local(scope) else ()
        await respond(send, 200, status_page(rows).encode(), HTML, scope=scope)

    async def _health(self, scope: Scope, send: Send) -> None:
        await respond(send, 200, b"alive\n", scope=scope)

    async def _ready(self, scope: Scope, send: Send) -> None:
        checks = list(await self._probes.readiness())
        if self.is_stopping:
            checks.append(Check("process", False, "stopping"))
        is_ready = all(check.is_ok for check in checks)
        found = {check.name: {"is_ok": check.is_ok, "detail": check.detail} for check in checks}
        body = json.dumps({"is_ready": is_ready, "checks": found}, indent=2).encode() + b"\n"
        await respond(send, 200 if is_ready else 503, body, JSON, scope=scope)

    async def _metrics(self, scope: Scope, send: Send) -> None:
        wanted = f"Bearer {self._probes.metrics_token}".encode()
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if self._probes.metrics_token and not hmac.compare_digest(shown, wanted):
            await respond(send, 401, b"show the token\n", headers=[(b"www-authenticate", b"Bearer")])
            return
        await respond(send, 200, await self._probes.metrics(), METRICS_TYPE, scope=scope)


def status_page(rows: Sequence[RoleStatus]) -> str:
    """The page at /, with a table of the roles where there are rows."""
    lines = "".join(
        f'<tr><td>{html.escape(row.name)}<td class="{"on" if row.is_on else "off"}">{"on" if row.is_on else "off"}'
        f"<td>{_prose(row.why)}<td>{_prose(row.to_turn_on)}"
        for row in rows
    )
    table = f"<table><tr><th>role<th><th>why<th>to turn on{lines}</table>" if lines else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Holdline</title><style>{STYLE}</style><h1>Holdline</h1><p>The desk is running.</p>{table}"
        '<p><a href="/healthz">alive</a> · <a href="/readyz">ready</a> · <a href="/metrics">metrics</a></p></html>\n'
    )


def _prose(text: str) -> str:
    """A sentence as HTML: what stands between backticks is code."""
    parts = html.escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _capped(scope: Scope, receive: Receive, bytes_max: int) -> Receive | None:
    """`receive` that ends a body over the cap as if its sender had gone; None where its stated length is over."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            # The server holds the sender to the length it stated.
            return receive if value.isdigit() and int(value) <= bytes_max else None
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= bytes_max else {"type": "http.disconnect"}

    return counted


async def respond(
    send: Send,
    status: int,
    body: bytes,
    content_type: bytes = TEXT,
    *,
    headers: Sequence[tuple[bytes, bytes]] = (),
    scope: Scope | None = None,
) -> None:
    """The whole answer; without its body where the request, if it is given, was a HEAD."""
    head = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    is_head = scope is not None and scope["method"] == "HEAD"
    await send({"type": "http.response.body", "body": b"" if is_head else body})
