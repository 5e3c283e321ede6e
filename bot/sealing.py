"""Secrets of others that the desk has to keep are sealed: whoever reads the database or a backup reads no token.

`SecretBox` of libsodium (XSalsa20-Poly1305) under a key derived from the desk's own secret and from what the words are
for, so that one row's seal opens no other. The desk's secret lies outside the database (HOLDLINE_SECRET_KEY, or
var/secret.key). It refuses what is not sealed: nobody can plant a token of their own in plain.

Loads libsodium, over a megabyte: import it late, where there is something to seal.
"""

from __future__ import annotations

import base64
import hmac

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from bot.errors import ConfigError, Fault
from bot.settings import SigningKeys

# The form of what is sealed; another one, one day, gets another number.
FORM = "sealed1"


class SealBroken(ConfigError):
    """What was kept cannot be opened: it was sealed under another secret, or by nobody. str(): what to do."""

    def __init__(self, purpose: str, problem: str) -> None:
        remedy = (
            "Give the desk the secret that it had: HOLDLINE_SECRET_KEY or var/secret.key, which belong to every backup;"
            " one that was changed on purpose stays as HOLDLINE_SECRET_KEY_PREVIOUS. If it is lost, grant the access"
            " anew: install the app again, or log the mailbox in again"
        )
        super().__init__([Fault("the database", purpose, problem, remedy)])


class Seal:
    """Seals under the current secret, opens under every one that is known."""

    def __init__(self, secrets: SigningKeys) -> None:
        self._keys, self._current = secrets.keys, secrets.current

    def close(self, purpose: str, words: str) -> str:
        """The words, sealed: printable, other each time. purpose: what they are and of whom; "" stays ""."""
        if not words:
            return ""
        sealed = self._box(self._current, purpose).encrypt(words.encode())
        return f"{FORM}.{self._current}.{base64.urlsafe_b64encode(bytes(sealed)).decode('ascii')}"

    def open(self, purpose: str, sealed: str) -> str:
        """What was sealed for this purpose. Raises SealBroken; a plain text is none of ours."""
        if not sealed:
            return ""
        form, _, rest = sealed.partition(".")
        key_id, _, content = rest.partition(".")
        if form != FORM or not content:
            raise SealBroken(purpose, "it is not sealed, so the desk did not write it")
        if key_id not in self._keys:
            raise SealBroken(purpose, "it is sealed under another secret than the desk has now")
        try:
            return self._box(key_id, purpose).decrypt(base64.urlsafe_b64decode(content)).decode()
        except (CryptoError, ValueError):
            raise SealBroken(purpose, "the desk's secret does not open it: another secret, or changed") from None

    def _box(self, key_id: str, purpose: str) -> SecretBox:
        return SecretBox(hmac.digest(self._keys[key_id], f"seal\0{purpose}".encode(), "sha256"))
