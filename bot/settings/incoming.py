"""The settings of mail that comes in: the listener for SMTP or LMTP, and the mailboxes that are read by IMAP."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from bot import readers as r
from bot.settings.setting import setting


def network(value: object, is_bare: bool) -> str:
    """An address or a network of addresses: 10.0.0.1, 10.0.0.0/8, fd00::/8."""
    try:
        return str(ipaddress.ip_network(str(value).strip(), strict=False))
    except ValueError:
        raise r.Wrong(f"{value!r} is no network", "Write it as 10.0.0.0/8, or as one address") from None


@dataclass(frozen=True, slots=True)
class Smtp:
    """Mail that is handed to the desk, by other servers or by one of its own."""

    is_on: bool = setting(True, r.yes_no)
    host: str = setting("127.0.0.1", r.text(may_be_empty=False))
    port: int = setting(2525, r.whole(0, 65535))
    hostname: str = setting("", r.text())
    protocol: str = setting("smtp", r.one_of("smtp", "lmtp"))
    size_bytes_max: int = setting(41_943_040, r.whole(65_536, 104_857_600))
    connections_max: int = setting(200, r.whole(1, 10_000))
    connections_per_peer_max: int = setting(50, r.whole(1, 10_000))
    mails_per_minute_per_peer: int = setting(600, r.whole(1, 100_000))
    session_seconds_max: int = setting(600, r.whole(10, 86_400))
    certificate_file: str = setting("", r.text())
    key_file: str = setting("", r.text())
    is_tls_required: bool = setting(False, r.yes_no)
    proxy_networks: tuple[str, ...] = setting((), r.many(network))
    trusted_authserv_ids: tuple[str, ...] = setting((), r.many(r.domain))
    is_checking_senders: bool = setting(True, r.yes_no)
    arc_forwarders: tuple[str, ...] = setting((), r.many(r.domain))


@dataclass(frozen=True, slots=True)
class Imap:
    """One mailbox that is read beside SMTP."""

    name: str = setting("", r.text(length_max=40))
    host: str = setting("", r.text(may_be_empty=False))
    port: int = setting(993, r.whole(1, 65535))
    tls: str = setting("implicit", r.one_of("implicit", "starttls", "none"))
    user: str = setting("", r.text(may_be_empty=False))
    password_env: str = setting("HOLDLINE_IMAP_PASSWORD", r.text(may_be_empty=False))
    oauth_command: str = setting("", r.text(length_max=2000))
    oauth_token_url: str = setting("", r.url("https", "http"))
    oauth_client_id: str = setting("", r.text())
    oauth_client_secret_env: str = setting("HOLDLINE_IMAP_CLIENT_SECRET", r.text(may_be_empty=False))
    oauth_scope: str = setting("", r.text(length_max=1000))
    folder: str = setting("INBOX", r.text(may_be_empty=False))
    go_back: str = setting("ask", r.text(may_be_empty=False, length_max=20))
    after: str = setting("flag", r.one_of("flag", "move"))
    move_to: str = setting("Processed", r.text(may_be_empty=False))
    poll_seconds: int = setting(60, r.whole(1, 3600))
    password: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)

    @property
    def is_oauth(self) -> bool:
        """Whether the desk logs in with an access token."""
        return bool(self.oauth_command or self.oauth_token_url)
