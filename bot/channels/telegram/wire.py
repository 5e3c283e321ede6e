"""What comes back over the wire, read as the Bot API documents it, whoever the server is.

The library goes by the status of HTTP alone. Other servers of the Bot API answer 200 with `"ok": false`, give no
description, or say in words of their own that they lack a method; a desk that took that for a bad token, or for a
failure that passes, would stand still for something it can do without. Of the forms of a call that the documentation
allows, other servers may know one alone: JSON and not a form's fields, or the query string.
"""

from __future__ import annotations

import json
import math
import re
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

_OK = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
_SPOKEN_WAIT = re.compile(r"retry after (\d{1,6})", re.IGNORECASE)
WAIT_SECONDS_MAX = 3600
# So a server says that it could not read a call at all; all other refusals are meant.
_UNREAD = re.compile(
    r"\bjson\b|beginning of value|unmarshal|\beof\b|unexpected token|content[- ]type|media type"
    r"|\brequired\b|\bmissing\b|(?:chat_id|text) is (?:empty|not specified)"
)
# What the header Retry-After of this task's last answer said.
_WAIT: ContextVar[str] = ContextVar("telegram_wait", default="")
_MISSING = re.compile(
    r"method\b.{0,80}\bnot (?:found|supported|implemented)|(?:unknown|unsupported)[ _]method|not implemented"
)
_MISSING_STATUS = frozenset({400, 404, 405, 500, 501})
# Without it nothing comes in: where even this is "not found", the token or the address is wrong.
_NEEDED = "getUpdates"


class MethodMissing(TelegramError):
    """The server has no such method. On Telegram's own servers a token of the wrong shape reads the same."""


class Request(HTTPXRequest):
    """The library's requests, with answers brought into the one form that the library understands.

    is_stand_in: the server is not Telegram's own.
    """

    def __init__(self, *, is_stand_in: bool, httpx_kwargs: dict[str, Any], **options: Any) -> None:
        super().__init__(httpx_kwargs={**httpx_kwargs, "event_hooks": {"response": [_note_wait]}}, **options)
        self._is_stand_in = is_stand_in
        # Methods of a stand-in that took a form's fields, and those that took JSON instead.
        self._by_form: set[str] = set()
        self._by_json: set[str] = set()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        _WAIT.set("")
        if not self._is_stand_in or request_data is None or method == "GET" or not request_data.parameters:
            code, payload = await super().do_request(url, method, request_data, *args, **kwargs)
        else:
            code, payload = await self._ask_stand_in(url, method, request_data, *args, **kwargs)
        if self._is_stand_in and url.endswith("/getMe") and code == HTTPStatus.OK and _object(payload) is None:
            # What the bot is called can be done without.
            raise MethodMissing("getMe gives no answer that can be read")
        # Files come by GET, and are no answers.
        return (code, payload) if method == "GET" else answer(url.rpartition("/")[2], code, payload, _WAIT.get())

    async def _ask_stand_in(
        self, url: str, method: str, request_data: RequestData, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """The call as a form's fields; as JSON, where the server has not yet taken such fields and refuses these."""
        name = url.rpartition("/")[2]
        if name in self._by_json:
            return await self._post_json(url, request_data)
        if name == _NEEDED:
            # Some look for the offset in the query alone, and would give the same for ever.
            url = request_data.parametrized_url(url)
        code, payload = await super().do_request(url, method, request_data, *args, **kwargs)
        if name in self._by_form:
            return code, payload
        if _is_ok(payload):
            self._by_form.add(name)
        elif _says_unread(code, payload) and not request_data.contains_files:
            again = await self._post_json(url, request_data)
            if _is_ok(again[1]):
                self._by_json.add(name)
                return again
        return code, payload

    async def _post_json(self, url: str, request_data: RequestData) -> tuple[int, bytes]:
        try:
            response = await self._client.post(url, json=request_data.parameters)
        except httpx.HTTPError as error:
            raise NetworkError(f"httpx.{type(error).__name__}") from error
        return response.status_code, response.content


async def _note_wait(response: httpx.Response) -> None:
    _WAIT.set(response.headers.get("Retry-After", "") if response.status_code >= HTTPStatus.BAD_REQUEST else "")


def answer(method: str, code: int, payload: bytes, wait: str = "") -> tuple[int, bytes]:
    """Status and body of an answer to a method, as Telegram would have given them. Raises MethodMissing.

    wait: what the header Retry-After said, "" for nothing.
    """
    is_success = HTTPStatus.OK <= code <= 299
    if is_success and _OK.match(payload):
        return code, payload
    said = _object(payload)
    if is_success and (said is None or said.get("ok") is not False):
        return code, payload
    words = next(
        (word for name in ("description", "message", "error") if isinstance(word := (said or {}).get(name), str)), ""
    )
    if is_success:
        given = (said or {}).get("error_code")
        code = given if isinstance(given, int) and 400 <= given <= 599 else HTTPStatus.BAD_REQUEST
    if code == HTTPStatus.UNPROCESSABLE_ENTITY:
        # A bad request, in the words of many frameworks.
        code = HTTPStatus.BAD_REQUEST
    if method != _NEEDED and (code == HTTPStatus.NOT_FOUND or _says_missing(code, words)):
        raise MethodMissing(f"{method} is not offered here ({words[:200] or code})")
    read = {"ok": False, "description": words, "parameters": _parameters(said or {}, code, words, wait)}
    return code, json.dumps(read).encode()


def _parameters(said: dict[str, Any], code: int, words: str, wait: str) -> dict[str, Any] | None:
    """What Telegram says beside its words: how long to wait, and the group's new id; numbers, however written."""
    given = said.get("parameters")
    found = dict(given) if isinstance(given, dict) else {}
    spoken = _SPOKEN_WAIT.search(words) if code == HTTPStatus.TOO_MANY_REQUESTS else None
    waits = (found.pop("retry_after", None), said.get("retry_after"), wait, spoken[1] if spoken else None)
    if seconds := next((seconds for each in waits if (seconds := _whole(each)) is not None and seconds > 0), None):
        found["retry_after"] = min(seconds, WAIT_SECONDS_MAX)
    if (moved := _whole(found.pop("migrate_to_chat_id", None))) is not None:
        found["migrate_to_chat_id"] = moved
    return found or None


def _says_unread(code: int, payload: bytes) -> bool:
    if code in (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY):
        return True
    words = payload[:2000].decode("utf-8", "replace").lower()
    return code == HTTPStatus.BAD_REQUEST and _UNREAD.search(words) is not None


def _is_ok(payload: bytes) -> bool:
    return _OK.match(payload) is not None or (_object(payload) or {}).get("ok") is True


def _whole(value: object) -> int | None:
    try:
        return math.ceil(float(value)) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _says_missing(code: int, words: str) -> bool:
    return code in _MISSING_STATUS and (
        code == HTTPStatus.NOT_IMPLEMENTED or bool(_MISSING.search(words.lower()[:500]))
    )


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
