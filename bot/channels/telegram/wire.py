"""What comes back over the wire, read as the Bot API documents it, whoever the server is.

The library goes by the status of HTTP alone. Other servers of the Bot API answer 200 with `"ok": false`, give no
description, or say in words of their own that they lack a method; a desk that took that for a bad token, or for a
failure that passes, would stand still for something it can do without.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

_OK = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
_MISSING = re.compile(
    r"method\b.{0,80}\bnot (?:found|supported|implemented)|(?:unknown|unsupported)[ _]method|not implemented"
)
_MISSING_STATUS = frozenset({400, 404, 405, 500, 501})
# Without it nothing comes in: where even this is "not found", the token or the address is wrong.
_NEEDED = "getUpdates"


class MethodMissing(TelegramError):
    """The server has no such method. On Telegram's own servers a token of the wrong shape reads the same."""


class Request(HTTPXRequest):
    """The library's requests, with answers brought into the one form that the library understands."""

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(url, method, *args, **kwargs)
        # Files come by GET, and are no answers.
        return (code, payload) if method == "GET" else answer(url.rpartition("/")[2], code, payload)


def answer(method: str, code: int, payload: bytes) -> tuple[int, bytes]:
    """Status and body of an answer to a method, as Telegram would have given them. Raises MethodMissing."""
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
    if method != _NEEDED and (code == HTTPStatus.NOT_FOUND or _says_missing(code, words)):
        raise MethodMissing(f"{method} is not offered here ({words[:200] or code})")
    parameters = (said or {}).get("parameters")
    read = {"ok": False, "description": words, "parameters": parameters if isinstance(parameters, dict) else None}
    return code, json.dumps(read).encode()


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
