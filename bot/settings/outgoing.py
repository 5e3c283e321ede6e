"""The settings of outgoing mail: the relays that take it, and the key that it is signed with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import readers as r
from bot.settings.setting import setting


@dataclass(frozen=True, slots=True)
class Relay:
    """The server that outgoing mail is handed to; without a host it is kept."""

    host: str = setting("", r.text())
    port: int = setting(587, r.whole(1, 65535))
    tls: str = setting("starttls", r.one_of("starttls", "implicit", "none"))
    user: str = setting("", r.text())
    password: str = setting("", r.secret(), is_secret=True)
    ca_file: str = setting("", r.text())
    return_path: str = setting("delivery", r.one_of("delivery", "desk"))
    connections_max: int = setting(4, r.whole(1, 100))
    connections_per_domain_max: int = setting(2, r.whole(1, 100))


@dataclass(frozen=True, slots=True)
class BackupRelay:
    """A relay that is tried when those before it are away or in trouble of their own."""

    host: str = setting("", r.text(may_be_empty=False))
    port: int = setting(587, r.whole(1, 65535))
    tls: str = setting("starttls", r.one_of("starttls", "implicit", "none"))
    user: str = setting("", r.text())
    password_env: str = setting("HOLDLINE_BACKUP_RELAY_PASSWORD", r.text(may_be_empty=False))
    ca_file: str = setting("", r.text())
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Dkim:
    """The keys that outgoing mail is signed with; without a file it goes unsigned, or the relay signs."""

    key_file: str = setting("", r.text())
    selector: str = setting("holdline", r.domain)
    ed25519_key_file: str = setting("", r.text())
    ed25519_selector: str = setting("holdline-ed", r.domain)
    domain: str = setting("", r.text(length_max=253))
