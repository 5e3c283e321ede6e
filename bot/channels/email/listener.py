"""Mail by SMTP: aiosmtpd inside our own loop. `250` is said after the commit, and only then.

A fault of ours is `451`, so that the sender's server keeps the mail and tries again; a mail that nothing can read is
kept in quarantine and accepted. An address that is not the desk's is refused before a body is read.
"""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope

from bot.addressing import is_ours
from bot.channels.email.reading import MailReader
from bot.channels.email.translate import Envelope
from bot.channels.port import Desk
from bot.errors import ConfigError, Fault, TemporaryError, UserError

log = structlog.get_logger()
IDLE_SECONDS = 60
IDENT = "Holdline"
END_OF_MAIL = b"\r\n.\r\n"
# <person@example.org>, then perhaps parameters; whatever is longer or stranger is read by the full grammar.
PLAIN_PATH = re.compile(r"\s*<([\w.+=-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63})>(.*)", re.A | re.S)
OK = "250 2.0.0 kept as {}"
TRY_LATER = "451 4.3.0 the desk cannot take the mail just now, please try again"


class MailDoor:
    """The SMTP conversation's hooks. One object serves all connections."""

    def __init__(self, desk: Desk, reader: MailReader, addresses: tuple[str, ...], connections_max: int) -> None:
        self._desk, self._reader, self._addresses = desk, reader, addresses
        self.connections_max = connections_max
        self.is_stopping = False
        self.connections = 0
        self.under_way = 0

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: SmtpEnvelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: SmtpEnvelope, address: str, options: list[str]
    ) -> str:
        if self.is_stopping:
            return "421 4.3.2 the desk is restarting, please try again"
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
        connections_max: int = 200,
    ) -> None:
        self._door = MailDoor(desk, reader, addresses, connections_max)
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

    def _session(self) -> SMTP:
        return DeskSMTP(
            self._door,
            data_size_limit=self._size_bytes_max,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident=IDENT,
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )


class DeskSMTP(SMTP):
    """aiosmtpd's protocol, refusing connections over the limit, and reading a mail in one piece.

    aiosmtpd awaits every line of a mail, which costs more than everything else it does, and refuses lines over 998
    bytes, which real mail has.
    """

    # How much the stream reads ahead; aiosmtpd takes it for the longest line too.
    line_length_limit = 64 * 1024

    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.connections -= 1
        super().connection_lost(error)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_full():
            await super().smtp_HELO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_full():
            await super().smtp_EHLO(hostname)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        assert self.envelope is not None
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 need RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._read_mail()
        if content is None:
            status = "552 5.3.4 the mail is too large"
        else:
            self.envelope.content = self.envelope.original_content = content
            status = await self._call_handler_hook("DATA")
        self.envelope = self._create_envelope()
        await self.push(status)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # The full grammar, of which nearly no address has need, takes as long as all the rest of a command.
        plain = PLAIN_PATH.match(arg)
        return (plain[1], plain[2]) if plain is not None else super()._getaddr(arg)

    async def _read_mail(self) -> bytes | None:
        """The mail up to the lone dot, its doubled dots undone; None where it is over the size limit.

        A line ends with CR LF and nothing else: whoever ends one otherwise smuggles a second mail past another server.
        """
        size_bytes_max = self.data_size_limit
        assert size_bytes_max is not None
        # With the line end before it, the dot of an empty mail is found like any other.
        self._reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]
        pieces: list[bytes] = []
        taken, is_whole = 0, False
        while not is_whole:
            try:
                piece = await self._reader.readuntil(END_OF_MAIL)
                is_whole = True
            except asyncio.LimitOverrunError as more:
                piece = await self._reader.read(more.consumed)
            self._reset_timeout()
            taken += len(piece)
            if taken <= size_bytes_max:
                pieces.append(piece)
            else:
                pieces.clear()
        if not pieces:
            return None
        content = b"".join(pieces)
        pieces.clear()
        # The line end in front is ours; that before the dot belongs to the mail.
        if content.find(b"\r\n.") < len(content) - len(END_OF_MAIL):
            return content[: -len(b".\r\n")].replace(b"\r\n.", b"\r\n")[2:]
        return content[2 : -len(b".\r\n")]

    async def _is_full(self) -> bool:
        door: MailDoor = self.event_handler
        if door.connections <= door.connections_max:
            return False
        await self.push("421 4.7.0 too many connections, please try again")
        if self.transport is not None:
            self.transport.close()
        return True
