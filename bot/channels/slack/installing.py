"""Two pages by which a workspace installs the app: one that leads to Slack, and the one that Slack leads back to.

Slack's OAuth, version 2. The state is signed, ends after ten minutes and has to come back to the browser that it was
given to; Slack lets its code be used once. Nothing of what comes back is shown but the workspace's name, escaped.
"""

from __future__ import annotations

import hmac
import html
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

import structlog

from bot.channels.slack.payloads import Unreadable
from bot.channels.slack.service import Service
from bot.channels.slack.workspaces import Workspaces
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.tokens import Signer

log = structlog.get_logger(__name__)

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
PURPOSE, COOKIE = "slack-install", "holdline-slack-install"
STATE_SECONDS_MAX = 600
# As the manifest asks for them.
SCOPES = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
    "groups:history", "groups:read", "im:history", "im:write", "reactions:read", "users:read",
)  # fmt: skip

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class InstallPages:
    """An ASGI application for both paths. authorize_url: where Slack asks the person; redirect_url: our own page."""

    def __init__(
        self,
        *,
        client_id: str,
        authorize_url: str,
        redirect_url: str,
        workspaces: Workspaces,
        service: Service,
        signer: Signer,
        clock: Clock,
    ) -> None:
        self._client_id = client_id
        self._authorize_url, self._redirect_url = authorize_url, redirect_url
        self._workspaces, self._service, self._signer, self._clock = workspaces, service, signer, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "GET":
            await _page(send, 405, "This page is only to be opened.")
        elif scope["path"].endswith("/install"):
            await self._lead_to_slack(send)
        else:
            await self._take_back(scope, send)

    async def _lead_to_slack(self, send: Send) -> None:
        nonce = secrets.token_urlsafe(18)
        until = int(self._clock.now().timestamp()) + STATE_SECONDS_MAX
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(SCOPES),
            "state": self._signer.sign(PURPOSE, f"{nonce} {until}"),
            "redirect_uri": self._redirect_url,
        }
        is_secure = "; Secure" if self._redirect_url.startswith("https:") else ""
        cookie = f"{COOKIE}={nonce}; Max-Age={STATE_SECONDS_MAX}; Path=/slack; HttpOnly; SameSite=Lax{is_secure}"
        headers = [
            (b"location", f"{self._authorize_url}?{urlencode(asked)}".encode()),
            (b"set-cookie", cookie.encode()),
        ]
        await _page(send, 302, "Slack asks you now.", headers)

    async def _take_back(self, scope: Scope, send: Send) -> None:
        query = dict(parse_qsl(scope.get("query_string", b"").decode("ascii", "replace")))
        if not self._is_our_state(query.get("state", ""), _cookie(scope)):
            await _page(send, 400, f"This link has ended, or was not begun here. Begin again at {INSTALL_PATH}.")
            return
        if query.get("error") or not query.get("code"):
            await _page(send, 400, "Slack gave no permission, so nothing was installed.")
            return
        try:
            granted = await self._service.granted(query["code"], self._redirect_url)
            name = await self._workspaces.install(granted)
        except (DeliveryDelayed, DeliveryRefused, Unreadable) as error:
            log.warning("slack_not_installed", error=str(error))
            await _page(send, 502, "Slack did not confirm the installation. Begin again in a minute.")
            return
        await _page(send, 200, f"Holdline is installed in {name}. Write `help` to it there.")

    def _is_our_state(self, state: str, nonce: str) -> bool:
        kept, _, until = (self._signer.verify(PURPOSE, state) or "").partition(" ")
        if not kept or not nonce or not until.isdigit():
            return False
        return hmac.compare_digest(kept.encode(), nonce.encode()) and self._clock.now().timestamp() <= int(until)


def _cookie(scope: Mapping[str, Any]) -> str:
    """The nonce that the browser brings back; "" where there is none."""
    given = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        found = SimpleCookie(given.decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


async def _page(send: Send, status: int, words: str, headers: Headers | None = None) -> None:
    body = f"<!doctype html><meta charset=utf-8><title>Holdline</title><p>{html.escape(words)}".encode()
    kind = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
