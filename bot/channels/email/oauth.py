"""Access tokens for mailboxes that take no password: from a command, or from the provider's token endpoint (RFC 6749).

A token is used until a minute before it ends. The endpoint is asked with the refresh token, or, where there is none,
for the application itself (client credentials). Calls block and belong into the poller's thread. What goes wrong is
`TokenDenied` (somebody must act) or an OSError (it may pass); neither holds a token or a secret in its text.
"""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.email.mailbox import Grant
from bot.channels.port import Seal
from bot.clock import Clock

TIMEOUT_SECONDS = 30
EARLY_SECONDS = 60
LIFETIME_SECONDS = 600.0
ANSWER_BYTES_MAX = 65_536
TOKEN_LETTERS_MAX = 16_384


class TokenDenied(Exception):
    """The provider or the command gives no token, and will not until somebody changes something. str(): why."""


class Tokens:
    """The access token of one mailbox. name: the mailbox's. open_seal: gives what seals a refresh token that is kept,
    and is asked once there is one; without it none is kept.
    """

    def __init__(
        self, grant: Grant, clock: Clock, open_seal: Callable[[], Seal] | None = None, *, name: str = ""
    ) -> None:
        self._grant, self._clock = grant, clock
        self._open_seal, self._purpose = open_seal, f"refresh token of {name}"
        # Some providers give a new refresh token with each access token; the old one ends some time later.
        self._refresh_token = grant.refresh_token
        self._token, self._good_until = "", 0.0
        # The form in which it is kept, and the token that is sealed in it: no two seals are alike.
        self._kept: dict[str, int | str] = {}
        self._sealed = ""

    @property
    def to_keep(self) -> dict[str, int | str]:
        """The refresh token that replaced the configured one, sealed, for the store; empty where none did."""
        if self._open_seal is None or self._refresh_token == self._grant.refresh_token:
            return {}
        if self._refresh_token != self._sealed:
            sealed = self._open_seal().close(self._purpose, self._refresh_token)
            self._kept = {"refresh_token": sealed, "instead_of": _digest(self._grant.refresh_token)}
            self._sealed = self._refresh_token
        return self._kept

    def resume(self, kept: Mapping[str, int | str]) -> None:
        """Go on with the token that was kept, unless another one is configured since; each kept one is tried once.

        Raises ConfigError where the desk's secret does not open it; the next time the configured one is tried.
        """
        if self._open_seal is None or kept == self._kept:
            return
        self._kept, self._sealed = dict(kept), ""
        if kept.get("instead_of") == _digest(self._grant.refresh_token) and kept.get("refresh_token"):
            self._refresh_token = self._open_seal().open(self._purpose, str(kept["refresh_token"]))
            self._sealed = self._refresh_token

    def token(self) -> str:
        """A token that is good for a minute at least. Raises TokenDenied, OSError."""
        if not self._token or self._clock.monotonic() >= self._good_until:
            answer = self._by_command() if self._grant.command else self._by_endpoint()
            token = answer.get("access_token")
            if not isinstance(token, str) or not _is_token(token):
                raise TokenDenied("the answer holds no access token")
            self._token = token
            self._good_until = self._clock.monotonic() + _seconds(answer.get("expires_in")) - EARLY_SECONDS
        return self._token

    def forget(self) -> None:
        """The server did not take the token: the next one is asked for anew."""
        self._token = ""

    def _by_command(self) -> dict[str, Any]:
        """The command's output: the bare token, or the JSON of a token endpoint."""
        try:
            done = subprocess.run(
                shlex.split(self._grant.command), capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except (ValueError, FileNotFoundError, PermissionError) as fault:
            raise TokenDenied(f"the command cannot be run ({type(fault).__name__})") from None
        except subprocess.TimeoutExpired:
            raise TimeoutError("the command gave no token in time") from None
        if done.returncode:
            raise TokenDenied(f"the command ended with {done.returncode}")
        text = done.stdout.decode("utf-8", "replace").strip()
        if text.startswith("{"):
            return _json(text.encode())
        return {"access_token": text}

    def _by_endpoint(self) -> dict[str, Any]:
        form = {"client_id": self._grant.client_id, "scope": self._grant.scope}
        if self._grant.client_secret:
            form["client_secret"] = self._grant.client_secret
        if self._refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        else:
            form["grant_type"] = "client_credentials"
        asked = urllib.request.Request(
            self._grant.token_url,
            data=urllib.parse.urlencode({name: value for name, value in form.items() if value}).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as response:
                answer = _json(response.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as refused:
            if refused.code >= 500 or refused.code == 429:
                raise ConnectionError(f"the token endpoint answered {refused.code}") from None
            # Next time by the configured one: perhaps somebody put it right there.
            self._refresh_token = self._grant.refresh_token
            raise TokenDenied(f"the token endpoint answered {refused.code} {_reason(refused)}".strip()) from None
        renewed = answer.get("refresh_token")
        if isinstance(renewed, str) and renewed:
            self._refresh_token = renewed
        return answer


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_token(text: str) -> bool:
    """RFC 6750: visible ASCII; anything else would break out of the login."""
    return 0 < len(text) <= TOKEN_LETTERS_MAX and text.isascii() and text.isprintable() and " " not in text


def _seconds(value: object) -> float:
    try:
        return float(str(value)) if value is not None else LIFETIME_SECONDS
    except ValueError:
        return LIFETIME_SECONDS


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise TokenDenied("the answer is no JSON") from None
    if not isinstance(found, dict):
        raise TokenDenied("the answer is no JSON object")
    return found


def _reason(refused: urllib.error.HTTPError) -> str:
    """The error's code by RFC 6749, 5.2: a word such as invalid_grant; never more, for a provider may echo secrets."""
    try:
        code = json.loads(refused.read(ANSWER_BYTES_MAX)).get("error", "")
    except (ValueError, AttributeError, OSError):
        return ""
    return code if isinstance(code, str) and code.replace("_", "").isalpha() and len(code) < 60 else ""
