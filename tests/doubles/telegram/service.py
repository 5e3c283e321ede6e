"""The double's HTTP side: the methods of the Bot API that a desk needs."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.clock import Clock
from tests.doubles.telegram.posting import Call, Posting
from tests.doubles.telegram.rules import Rates, Refusal, bad, check_commands
from tests.doubles.telegram.world import Json

DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024
JSON_FIELDS = frozenset(
    {"reply_markup", "reply_parameters", "link_preview_options", "commands", "scope", "allowed_updates", "show_alert"}
)


@dataclass
class _Fault:
    status: int
    description: str
    parameters: Json | None
    is_cut: bool
    is_garbled: bool


class TelegramDouble(Posting):
    """The service. `url` is what HOLDLINE_TELEGRAM_API_URL would hold."""

    def __init__(
        self,
        *,
        token: str = "123456:TEST-token",
        username: str = "HoldlineBot",
        clock: Clock | None = None,
        limits: bool = True,
    ) -> None:
        super().__init__(token=token, username=username, clock=clock)
        self.calls: list[Call] = []
        self.webhook: Json | None = None
        self.troubles: Json = {}
        self.has_privacy_off = False
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.answers: dict[str, Json] = {}
        self.url = ""
        self.rates = Rates(self.clock.monotonic) if limits else None
        self._faults: dict[str, list[_Fault]] = {}
        self._poll: asyncio.Event | None = None
        self._is_revoked = False
        self._allowed: tuple[str, ...] = ()

    # ------------------------------------------------------------ for tests

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._method)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._poll is not None:
            self._poll.set()
        await self._runner.cleanup()

    def fail(
        self,
        method: str,
        status: int = 500,
        description: str = "Internal Server Error",
        *,
        parameters: Json | None = None,
        times: int = 1,
        cut: bool = False,
        garble: bool = False,
    ) -> None:
        """Let the next calls of a method fail. cut: done, but the answer is lost; garble: the answer is no JSON."""
        fault = _Fault(status, description, parameters, cut, garble)
        self._faults.setdefault(method, []).extend([fault] * times)

    def revoke_token(self) -> None:
        self._is_revoked = True

    def called(self, method: str) -> list[Json]:
        """The fields of the calls of a method that were not refused."""
        return [call.fields for call in self.calls if call.method == method and not call.error]

    async def push(self, *, secret: str | None = None) -> list[int]:
        """Post what waits to the webhook, in order, each until its 200 or once. Returns the statuses."""
        assert self.webhook is not None, "no webhook was set"
        secret = self.webhook.get("secret_token", "") if secret is None else secret
        statuses = []
        async with aiohttp.ClientSession() as session:
            for update in list(self.pending):
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
                async with session.post(self.webhook["url"], json=update, headers=headers) as response:
                    statuses.append(response.status)
                if response.status == 200:
                    self.pending.remove(update)
                    await self._tell()
        return statuses

    # ------------------------------------------------------------ HTTP

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields, files = await _fields(request)
        call = Call(method, fields, files)
        self.calls.append(call)
        try:
            self._check_token(request)
            fault = self._faults[method].pop(0) if self._faults.get(method) else None
            if fault is not None and not fault.is_cut:
                raise Refusal(fault.status, "" if fault.is_garbled else fault.description, fault.parameters)
            handler = getattr(self, f"_on_{method}", None)
            if handler is None:
                raise Refusal(404, "Not Found")
            result = await handler(call)
        except Refusal as refusal:
            call.error = refusal.description or "garbled"
            return _refused(refusal)
        await self._tell()
        if fault is not None:
            request.transport.close() if request.transport is not None else None
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        if self._is_revoked or not hmac.compare_digest(request.match_info["token"], self.token):
            raise Refusal(401, "Unauthorized")

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except Refusal as refusal:
            return _refused(refusal)
        for path, content in self.files.values():
            if path == request.match_info["path"]:
                return web.Response(body=content)
        return _refused(Refusal(404, "Not Found"))

    # ------------------------------------------------------------ updates

    async def _on_getMe(self, call: Call) -> Json:  # noqa: N802
        return self.bot_user() | {"can_join_groups": True, "can_read_all_group_messages": self.has_privacy_off}

    async def _on_getUpdates(self, call: Call) -> list[Json]:  # noqa: N802
        if self.webhook is not None:
            advice = "use deleteWebhook to delete the webhook first"
            raise Refusal(409, f"Conflict: can't use getUpdates method while webhook is active; {advice}")
        if self._poll is not None:
            self._poll.set()
        mine = self._poll = asyncio.Event()
        fields = call.fields
        self._allowed = tuple(fields.get("allowed_updates") or self._allowed)
        async with self.changed:
            offset = int(fields.get("offset") or 0)
            self.pending[:] = [update for update in self.pending if update.get("update_id", offset) >= offset]
            self.changed.notify_all()
        await self._wait_for_updates(mine, float(fields.get("timeout") or 0))
        if mine.is_set():
            reason = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise Refusal(409, f"Conflict: {reason}")
        self._poll = None
        return self.pending[: int(fields.get("limit") or 100)]

    async def _wait_for_updates(self, mine: asyncio.Event, seconds: float) -> None:
        async def until_pending() -> None:
            async with self.changed:
                await self.changed.wait_for(lambda: bool(self.pending))

        waits = [asyncio.ensure_future(until_pending()), asyncio.ensure_future(mine.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)

    async def _on_setWebhook(self, call: Call) -> bool:  # noqa: N802
        url = str(call.fields.get("url", ""))
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(call.fields.get("secret_token", ""))):
            raise bad("bad webhook: secret token contains unallowed characters")
        self.webhook = call.fields
        if self._poll is not None:
            self._poll.set()
        return True

    async def _on_getWebhookInfo(self, call: Call) -> Json:  # noqa: N802
        url = str((self.webhook or {}).get("url", ""))
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.pending)} | self.troubles

    async def _on_deleteWebhook(self, call: Call) -> bool:  # noqa: N802
        self.webhook = None
        return True

    # ------------------------------------------------------------ the rest

    async def _on_setMyCommands(self, call: Call) -> bool:  # noqa: N802
        check_commands(call.fields.get("commands"))
        scope = call.fields.get("scope") or {"type": "default"}
        if scope["type"] == "chat":
            self.chat_for(scope["chat_id"])
        key = (":".join(str(part) for part in scope.values()), str(call.fields.get("language_code", "")))
        self.commands[key] = call.fields["commands"]
        return True

    async def _on_getFile(self, call: Call) -> Json:  # noqa: N802
        found = self.files.get(str(call.fields.get("file_id")))
        if found is None:
            raise bad("invalid file_id")
        path, content = found
        if len(content) > DOWNLOAD_BYTES_MAX:
            raise bad("file is too big")
        file_id = call.fields["file_id"]
        return {"file_id": file_id, "file_unique_id": "u", "file_size": len(content), "file_path": path}


async def _fields(request: web.Request) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    """Parameters in any of the four ways Telegram takes them; nested ones as JSON text."""
    if request.content_type == "application/json":
        return dict(await request.json()), {}
    fields: Json = dict(request.query)
    files = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            fields[name] = value
    return {name: _decoded(name, value) for name, value in fields.items()}, files


def _decoded(name: str, value: Any) -> Any:
    """Only these are JSON: a text that looks like it is still a text."""
    if name not in JSON_FIELDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def _refused(refusal: Refusal) -> web.Response:
    if not refusal.description:
        return web.Response(status=refusal.status, text="<html>not JSON</html>")
    body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.status)
