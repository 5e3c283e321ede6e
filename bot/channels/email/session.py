"""One conversation with a caller of the mail door: SMTP, or LMTP behind a server of one's own.

aiosmtpd's protocol, reading a mail in one piece: it awaits every line of a mail, which costs more than everything else
it does, and refuses lines over 998 bytes, which real mail has. A caller that does nothing for IDLE_SECONDS is cut off,
one that sends a mail slower than its stream's buffer in that time as well, and one that talks on and on after
`session_seconds_max`.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from bot.channels.email.listener import MailDoor

IDLE_SECONDS = 60
PROXY_SECONDS = 5.0
END_OF_MAIL = b"\r\n.\r\n"
# <person@example.org>, then perhaps parameters; whatever is longer or stranger is read by the full grammar.
PLAIN_PATH = re.compile(r"\s*<([\w.+=-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63})>\s*(.*)", re.A | re.S)
TOO_LONG = b"421 4.4.2 this took too long, please try again\r\n"
TOO_MANY = "421 4.7.0 too many connections, please try again"


class DeskSMTP(SMTP):
    """The protocol of one connection."""

    # How much the stream reads ahead; aiosmtpd takes it for the longest line too.
    line_length_limit = 64 * 1024
    is_lmtp = False

    def connection_made(self, transport: Any) -> None:
        if self.transport is not None:
            # The same connection, under TLS from now on: the caller is who it was.
            caller = self.session.peer if self.session is not None else None
            super().connection_made(transport)
            if self.session is not None:
                self.session.peer = caller
            return
        door: MailDoor = self.event_handler
        door.connections += 1
        peername = transport.get_extra_info("peername")
        self.peer = str(peername[0]) if isinstance(peername, tuple) else ""
        self.is_welcome = self.is_counted = self.is_taking = False
        if door.guard.is_balancer(self.peer):
            self._proxy_timeout = PROXY_SECONDS
        else:
            self.join(self.peer)
        self._limit = self.loop.call_later(door.guard.session_seconds_max, self._cut_off)
        super().connection_made(transport)

    def join(self, peer: str) -> None:
        """From now on the connection counts as one of that peer's."""
        self.peer = peer
        self.is_welcome = self.event_handler.peers.joins(peer)
        self.is_counted = True

    def connection_lost(self, error: Exception | None) -> None:
        door: MailDoor = self.event_handler
        if not self._limit.cancelled():
            self._limit.cancel()
            door.connections -= 1
            if self.is_counted:
                door.peers.leaves(self.peer)
        super().connection_lost(error)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_full():
            await super().smtp_HELO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._is_full():
            await super().smtp_EHLO(hostname)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # The full grammar, of which nearly no address has need, takes as long as all the rest of a command.
        plain = PLAIN_PATH.match(arg)
        return (plain[1], plain[2]) if plain is not None else super()._getaddr(arg)

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
            self.is_taking = True
            try:
                status = await self._call_handler_hook("DATA")
            finally:
                self.is_taking = False
        # LMTP (RFC 2033) answers for each recipient; they share one mail, and so one fate.
        replies = len(self.envelope.rcpt_tos) if self.is_lmtp else 1
        self.envelope = self._create_envelope()
        for _ in range(replies):
            await self.push(status)
        self._limit.cancel()
        self._limit = self.loop.call_later(self.event_handler.guard.session_seconds_max, self._cut_off)

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
        if self.is_welcome and door.connections <= door.guard.connections_max:
            return False
        await self.push(TOO_MANY)
        if self.transport is not None:
            self.transport.close()
        return True

    def _cut_off(self) -> None:
        """The session took too long; a mail that is being kept is let through first."""
        if self.is_taking:
            self._limit = self.loop.call_later(1.0, self._cut_off)
        elif self.transport is not None:
            transport: Any = self.transport
            transport.write(TOO_LONG)
            transport.close()


class DeskLMTP(DeskSMTP):
    """The same for a server of one's own that delivers to the desk (RFC 2033)."""

    is_lmtp = True

    async def smtp_LHLO(self, hostname: str) -> None:  # noqa: N802
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 this is LMTP: say LHLO")

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 this is LMTP: say LHLO")
