"""What the desk knows of a mailbox that it reads by IMAP. Plain values; `poller` reads it, `oauth` gets its tokens."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Grant:
    """How a mailbox gets its tokens: by a command, or from token_url by refresh_token or client_secret."""

    command: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One IMAP folder. tls: "implicit", "starttls", "none". after: "flag" (\\Seen) or "move" to `move_to`.

    grant: how it gets access tokens, where it takes no password. go_back: how far the desk reads what came before it:
    "ask", "none", "all", "30d" or a day. poll_seconds: how often it is looked into where the server has no IDLE.
    """

    name: str
    host: str
    port: int = 993
    tls: str = "implicit"
    user: str = ""
    password: str = ""
    folder: str = "INBOX"
    after: str = "flag"
    move_to: str = "Processed"
    go_back: str = "ask"
    poll_seconds: float = 60.0
    grant: Grant | None = None
