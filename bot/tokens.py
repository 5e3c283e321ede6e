"""Signed tokens: reply addresses, button callbacks, links. A token proves that the desk itself wrote its payload.

`payload.kkMAC`: kk names the key (current or previous, so that keys can be changed), MAC is 80 bits of HMAC-SHA-256
over purpose and payload, in lower-case base 32, so that a token survives mail systems that fold case. A token says
nothing of the person who shows it: who may act is decided afterwards.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

MAC_BYTES = 10
MAC_LENGTH = 16  # the same in base 32


class Signer:
    """Signs with the current key, verifies with every key it knows. Key ids are short, of lower-case letters."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise ValueError("the current key is not among the keys")
        self._keys = {key_id: hashlib.sha256(key).digest() for key_id, key in keys.items()}
        self._current = current

    def sign(self, purpose: str, payload: str) -> str:
        """The payload with its signature: a dot, the key's id and 16 characters longer than the payload."""
        return f"{payload}.{self._current}{self._mac(self._current, purpose, payload)}"

    def verify(self, purpose: str, token: str) -> str | None:
        """The payload, or None where the token is not ours or was made for another purpose."""
        payload, _, signature = token.rpartition(".")
        key_id, mac = signature[:-MAC_LENGTH].lower(), signature[-MAC_LENGTH:].lower()
        if key_id not in self._keys:
            return None
        expected = self._mac(key_id, purpose, payload)
        return payload if hmac.compare_digest(expected.encode(), mac.encode()) else None

    def _mac(self, key_id: str, purpose: str, payload: str) -> str:
        digest = hmac.digest(self._keys[key_id], f"{purpose}\0{payload}".encode(), "sha256")
        return base64.b32encode(digest[:MAC_BYTES]).decode().lower()
