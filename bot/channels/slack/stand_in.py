"""What stands in for Slack, under an address of its own: spoken to as Slack's client does, and a little more patiently.

Slack reads JSON and a form's fields alike. A service that others wrote to try apps on may read the fields alone, and
finds nothing in JSON; so a call that it seems not to have read is sent once more, in the other form. On Slack itself
nothing is ever sent twice. Where only its root is known, the methods may lie below `/api`, as they do at Slack.
"""

from __future__ import annotations

import json as encoder
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

_NOT_FOUND = frozenset({404, 405})
SLACK_HOSTS = (".slack.com", ".slack-gov.com", ".slack-files.com")
# What a service answers that has found no arguments at all.
_UNREAD = frozenset(
    {
        "channel_not_found",
        "invalid_arguments",
        "invalid_form_data",
        "invalid_post_type",
        "missing_argument",
        "missing_arguments",
        "missing_post_type",
        "no_text",
    }
)


def is_stand_in(api_url: str) -> bool:
    """Is this another address than Slack's own?"""
    home = urlsplit(api_url).hostname or ""
    return home != "slack.com" and not home.endswith(SLACK_HOSTS)


@dataclass
class Ways:
    """What a service has been seen to do; None: not known yet.

    reads_json: which form of a call it reads. is_below: its methods lie below `/api` of the address that we were given.
    """

    reads_json: bool | None = None
    is_below: bool | None = None


class PatientClient(AsyncWebClient):
    """Slack's client, for a stand-in. ways: shared by all clients of one service."""

    def __init__(self, *, ways: Ways, **options: Any) -> None:
        super().__init__(**options)
        self._ways = ways
        self._given_url = self.base_url

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """One call, below the address that was given; below its `/api`, where nothing is found in its root."""
        if urlsplit(self._given_url).path.strip("/") or self._ways.is_below is False:
            return await self._call(api_method, **options)
        if self._ways.is_below:
            self.base_url = f"{self._given_url}api/"
            return await self._call(api_method, **options)
        try:
            answer = await self._call(api_method, **options)
        except SlackApiError as refused:
            if getattr(refused.response, "status_code", 0) not in _NOT_FOUND:
                self._ways.is_below = False
                raise
            return await self._call_below(refused, api_method, **options)
        self._ways.is_below = False
        return answer

    async def _call_below(self, refused: SlackApiError, api_method: str, **options: Any) -> AsyncSlackResponse:
        self.base_url = f"{self._given_url}api/"
        try:
            answer = await self._call(api_method, **options)
        except SlackApiError as again:
            if getattr(again.response, "status_code", 0) in _NOT_FOUND:
                # Neither here nor there: another method may tell.
                self.base_url = self._given_url
                raise refused from None
            self._ways.is_below = True
            raise
        self._ways.is_below = True
        return answer

    async def _call(self, api_method: str, *, json: dict[str, Any] | None = None, **options: Any) -> AsyncSlackResponse:
        """One call; again as a form's fields, where the service has never yet read JSON and finds nothing in it."""
        if json is None or options.get("params"):
            return await super().api_call(api_method, json=json, **options)
        if self._ways.reads_json is False:
            return await super().api_call(api_method, data=_fields(json), **options)
        try:
            answer = await super().api_call(api_method, json=json, **options)
        except SlackApiError as refused:
            if self._ways.reads_json or _code(refused) not in _UNREAD:
                raise
            try:
                answer = await super().api_call(api_method, data=_fields(json), **options)
            except SlackApiError:
                raise refused from None
            self._ways.reads_json = False
            return answer
        self._ways.reads_json = True
        return answer

    async def _upload_file(self, *, url: str, **options: Any) -> Any:
        """A file to the address that was given for it; a service that says yes and gives none takes no files."""
        if not isinstance(url, str) or not url:
            refusal = SimpleNamespace(status_code=501, data={"ok": False, "error": "not_implemented"}, headers={})
            raise SlackApiError("there is no address to upload to", refusal)  # type: ignore[no-untyped-call]
        return await super()._upload_file(url=url, **options)


def _fields(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as a form's fields: what is no plain word or number, as JSON."""
    given = {name: value for name, value in arguments.items() if value is not None}
    return {name: value if isinstance(value, str) else encoder.dumps(value) for name, value in given.items()}


def _code(error: SlackApiError) -> str:
    answer = getattr(error.response, "data", None)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""
