"""A mail server that takes what it is told to take, over real sockets and with real TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TLS = Path(__file__).parent.parent / "data" / "tls"
AUTHORITY, SERVER = TLS / "ca.pem", TLS / "localhost.pem"


@dataclass
class MailServer:
    """answers: what is said to MAIL, RCPT or DATA instead of 250. extensions: further lines of EHLO."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    password: str = ""
    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    dsn: list[str] = field(default_factory=list)
    opened: int = 0
    connections: int = 0
    most_at_once: int = 0
    gate: asyncio.Event | None = None
    sessions: list[SMTP] = field(default_factory=list)

    def hang_up(self) -> None:
        """Cut every connection without a word, as a server does that was killed."""
        for session in self.sessions:
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's names)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{one}" for one in self.extensions), responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address  # aiosmtpd tells the null return path as "<>"
        envelope.mail_options.extend(options)
        wanted = self.answers.get("MAIL", "")
        # "550 …|plain": only return paths of deliveries are refused.
        answer, _, what = wanted.partition("|")
        return answer if answer and not (what == "plain" and "+b." not in address) else "250 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers.get("RCPT"):
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.connections += 1
        self.most_at_once = max(self.most_at_once, self.connections)
        if self.gate is not None:
            await self.gate.wait()
        self.connections -= 1
        if self.answers.get("DATA"):
            return self.answers["DATA"]
        self.taken.append(envelope)
        return "250 kept"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        # Not handled: the server itself says 535, as every real one does.
        return AuthResult(success=given.password.decode() == self.password, handled=False)


class Reporting(SMTP):
    """aiosmtpd knows no parameters of RFC 3461: they are noted and taken out before it looks."""

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        await super().smtp_MAIL(self._noted(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await super().smtp_RCPT(self._noted(arg))

    def _noted(self, arg: str | None) -> str:
        words = (arg or "").split(" ")
        found = [word for word in words if word.partition("=")[0] in ("RET", "ENVID", "NOTIFY", "ORCPT")]
        self.event_handler.dsn += found
        return " ".join(word for word in words if word not in found)


@asynccontextmanager
async def serving(server: MailServer, *, tls: str = "none") -> AsyncIterator[MailServer]:
    """The server on a port of its own. tls: none, starttls or implicit, with a certificate for localhost."""
    context = None
    if tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(SERVER)
    options: dict[str, Any] = {"enable_SMTPUTF8": True, "loop": asyncio.get_running_loop()}
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if server.password:
        options |= {"authenticator": server.authenticate, "auth_required": True, "auth_require_tls": tls != "none"}
    loop = asyncio.get_running_loop()

    def session() -> Reporting:
        server.opened += 1
        opened = Reporting(server, **options)
        server.sessions.append(opened)
        return opened

    listening = await loop.create_server(session, "localhost", 0, ssl=context if tls == "implicit" else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
