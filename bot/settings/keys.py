"""The keys that sign reply addresses, buttons and codes: from the environment, else one made on the first start."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field

from bot.errors import ConfigError, Fault
from bot.settings.tree import Settings


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Keys by id; the current one signs, the others only verify."""

    keys: dict[str, bytes] = field(repr=False)
    current: str


def signing_keys(settings: Settings) -> SigningKeys:
    """The current key and the previous one. Without HOLDLINE_SECRET_KEY a key is made once, in var/secret.key.

    A key's id is drawn from the key itself, so that it stays the same when the key becomes the previous one.
    Raises ConfigError where the file cannot be read or made.
    """
    current = settings.secret.key or _kept(settings)
    found = [current, settings.secret.key_previous] if settings.secret.key_previous else [current]
    keys = {_key_id(key): key.encode() for key in reversed(found)}
    return SigningKeys(keys, _key_id(current))


def _key_id(key: str) -> str:
    return hashlib.sha256(b"key id:" + key.encode()).hexdigest()[:2]


def _kept(settings: Settings) -> str:
    path = settings.folders.secret_key
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Exclusive: of two processes that start at once, one writes and the other reads what it wrote.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_text(encoding="ascii").strip()
        else:
            key = secrets.token_urlsafe(48)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(key + "\n")
                file.flush()
                os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Make the folder writable, or set HOLDLINE_SECRET_KEY"
        raise ConfigError([Fault(str(path), "secret.key", f"it cannot be used ({error})", remedy)]) from error
    if len(key) < 32:
        fault = Fault(str(path), "secret.key", "the key in it is too short", "Remove the file: it is made anew")
        raise ConfigError([fault])
    return key
