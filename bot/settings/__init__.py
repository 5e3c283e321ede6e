"""What the operator decides: config/holdline.toml, overridden by the environment, read once.

Every fault is reported at once, with file, key and what to write; an unknown key is a fault. Secrets are taken from
the environment alone. Nothing here is global: `load` returns one frozen tree and wiring hands it on. Own validation
instead of a library, because a start and every `holdline inspect` would pay for its import
(docs/decisions/settings.md).
"""

from bot.settings.incoming import Imap
from bot.settings.keys import SigningKeys, signing_keys
from bot.settings.reading import load, read
from bot.settings.roles import ROLES, RoleStatus, chosen_roles, roles, warnings
from bot.settings.tree import Settings

__all__ = [
    "ROLES",
    "Imap",
    "RoleStatus",
    "Settings",
    "SigningKeys",
    "chosen_roles",
    "load",
    "read",
    "roles",
    "signing_keys",
    "warnings",
]
