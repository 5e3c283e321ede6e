"""Mail by SMTP: aiosmtpd inside our own loop. `250` is said after the commit, and only then.

A fault of ours is `451`, so that the sender's server keeps the mail and tries again; a mail that nothing can read is
kept in quarantine and accepted. An address that is not the desk's is refused before a body is read.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import structlog
from aiosmtpd.proxy_protocol import ProxyData
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope

from bot.addressing import is_ours
from bot.channels.email.guarding import Certificate, Guard, Peers
from bot.channels.email.reading import MailReader
from bot.channels.email.session import IDLE_SECONDS, DeskLMTP, DeskSMTP
from bot.channels.email.translate import Envelope
from bot.channels.port import Desk
from bot.clock import SystemClock
from bot.errors import ConfigError, Fault, TemporaryError, UserError

log = structlog.get_logger()
IDENT = "Holdline"
OPEN = Guard()
OK = "250 2.0.0 kept as {}"
TRY_LATER = "451 4.3.0 the desk cannot take the mail just now, please try again"


class MailDoor:
    """The SMTP conversation's hooks. One object serves all connections."""

    def __init__(self, desk: Desk, reader: MailReader, addresses: tuple[str, ...], guard: Guard) -> None:
        self._desk, self._reader, self._addresses = desk, reader, addresses
        self.guard = guard
        self.peers = Peers(guard)
        self._clock = SystemClock()
        self.is_stopping = False
        self.connections = 0
        self.under_way = 0

    async def handle_PROXY(  # noqa: N802
        self, server: DeskSMTP, session: Session, envelope: SmtpEnvelope, proxied: ProxyData
    ) -> bool:
        """A load balancer of ours says who really calls; without an address it asks after our health."""
        if not proxied.valid:
            return False
        if proxied.src_addr:
            peer: Any = (str(proxied.src_addr), int(proxied.src_port or 0))
            session.peer = peer
        server.join(str(session.peer[0]) if isinstance(session.peer, tuple) else "")
        return True

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: SmtpEnvelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: DeskSMTP, session: Session, envelope: SmtpEnvelope, address: str, options: list[str]
    ) -> str:
        if self.is_stopping:
            return "421 4.3.2 the desk is restarting, please try again"
        if not self.peers.may_send(server.peer, self._clock.monotonic()):
            return "450 4.7.1 too many mails in one minute, please try again"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: SmtpEnvelope, address: str, options: list[str]
    ) -> str:
        if not is_ours(address, self._addresses):
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: SmtpEnvelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        self.under_way += 1
        try:
            message = await self._reader.read(raw, _envelope(session, envelope))
            receipt = await self._desk.receive(message)
        except TemporaryError as cause:
            log.warning("mail put off", cause=type(cause).__name__)
            return TRY_LATER
        except UserError as unreadable:
            receipt = await self._desk.quarantine("email", raw, str(unreadable))
        except Exception as fault:
            # Unknown, so of our own making: kept until it is mended, neither bounced nor asked for again.
            log.exception("mail not read")
            receipt = await self._desk.quarantine("email", raw, type(fault).__name__)
        finally:
            self.under_way -= 1
        return OK.format(receipt.inbound_id)

    async def handle_exception(self, error: Exception) -> str:
        # aiosmtpd would answer a permanent 500 with the error's text in it.
        log.error("smtp session failed", exc_info=error)
        return TRY_LATER


def _envelope(session: Session, envelope: SmtpEnvelope) -> Envelope:
    """What SMTP said beside the mail."""
    peer = str(session.peer[0]) if isinstance(session.peer, tuple) else ""
    # The null return path, which bounces have, is told by aiosmtpd as the brackets around it.
    sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
    return Envelope(sender, tuple(envelope.rcpt_tos), peer, str(session.host_name or ""))


class MailListener:
    """A listening socket for SMTP."""

    name = "mail"

    def __init__(
        self,
        desk: Desk,
        reader: MailReader,
        *,
        host: str,
        port: int,
        addresses: tuple[str, ...],
        hostname: str,
        size_bytes_max: int,
        guard: Guard = OPEN,
    ) -> None:
        self._door = MailDoor(desk, reader, addresses, guard)
        self._certificate = Certificate(guard.certificate_file, guard.key_file) if guard.certificate_file else None
        self._host, self._port = host, port
        self._hostname, self._size_bytes_max = hostname, size_bytes_max
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port in use, also where 0 was asked for."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._certificate is not None:
            try:
                self._certificate.context()
            except OSError as unusable:
                raise ConfigError([_certificate_fault(self._door.guard, unusable)]) from unusable
        try:
            self._server = await loop.create_server(self._session, self._host, self._port, backlog=256)
        except OSError as busy:
            raise ConfigError(
                [
                    Fault(
                        "config/holdline.toml",
                        "smtp.port",
                        f"{self._host}:{self._port} cannot be listened on ({os.strerror(busy.errno or 0)})",
                        "Stop what uses it, or set HOLDLINE_SMTP_PORT to another",
                    )
                ]
            ) from busy

    async def stop(self) -> None:
        self._door.is_stopping = True
        if self._server is not None:
            self._server.close()
        while self._door.under_way:
            await asyncio.sleep(0.02)

    def _session(self) -> DeskSMTP:
        guard = self._door.guard
        return (DeskLMTP if guard.is_lmtp else DeskSMTP)(
            self._door,
            tls_context=self._certificate.context() if self._certificate is not None else None,
            require_starttls=guard.is_tls_required,
            data_size_limit=self._size_bytes_max,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident=IDENT,
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )


def _certificate_fault(guard: Guard, unusable: OSError) -> Fault:
    return Fault(
        "config/holdline.toml",
        "smtp.certificate_file",
        f"{guard.certificate_file} cannot be used: {unusable.strerror or unusable}",
        "Write the file that holds the certificate with its chain, and its key as smtp.key_file.",
    )
