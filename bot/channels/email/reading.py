"""How a mail's bytes become a message, for both doors of mail: translated, and its sender's proof judged.

A gateway's own verdict counts where one is configured; else the proof is checked here: SPF for mail that came to us
from another machine, DKIM and DMARC for any that is signed. What neither proves nor fails stays unproven.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.email.child import Reader
from bot.channels.email.resolver import SystemResolver
from bot.channels.email.translate import Envelope
from bot.channels.email.trust import check
from bot.channels.port import Staging
from bot.clock import Clock
from bot.messages import InboundMessage, Trust

# Where the header block of any honest mail has ended.
HEADER_BYTES_MAX = 64 * 1024


class MailReader:
    """Reads mails for the SMTP listener, the IMAP pollers and `requeue`; heavy ones in a child of its own.

    Started and stopped like a listener (`channels.port.Listener`), before and after those it reads for.
    """

    name = "mail reader"

    def __init__(
        self,
        clock: Clock,
        *,
        authserv_ids: Sequence[str] = (),
        is_checking_senders: bool = True,
        forwarders: Sequence[str] = (),
        staging: Staging | None = None,
    ) -> None:
        self._clock, self._staging = clock, staging
        self._reader = Reader(staging=staging)
        self._authserv_ids = tuple(authserv_ids)
        self._is_checking_senders = is_checking_senders
        self._forwarders = frozenset(domain.lower() for domain in forwarders)

    async def read(self, raw: bytes, envelope: Envelope | None = None) -> InboundMessage:
        """One mail as a message. Raises Unreadable (a UserError) past the caps: it belongs in quarantine."""
        return await self.reread(raw, self._clock.now(), envelope)

    async def reread(self, raw: bytes, received_at: datetime, envelope: Envelope | None = None) -> InboundMessage:
        """A kept mail again, with the time at which it first came."""
        message = await self._reader.read(
            raw, received_at=received_at, authserv_ids=self._authserv_ids, envelope=envelope
        )
        if self._authserv_ids or not self._is_checking_senders or message.trust is not Trust.UNPROVEN:
            return message
        remote = _from_elsewhere(envelope)
        if remote is None and b"dkim-signature:" not in raw[:HEADER_BYTES_MAX].lower():
            return message
        resolver = SystemResolver(self._clock)
        verdict = await asyncio.to_thread(check, raw, resolver=resolver, envelope=remote, forwarders=self._forwarders)
        return replace(message, trust=verdict.trust, trust_reason=verdict.reason)

    async def start(self) -> None:
        """Clear what a child left that was killed; the next is started by the first heavy mail."""
        if self._staging is not None:
            await self._staging.sweep(self._clock.now())

    async def stop(self) -> None:
        """End the child, if there is one."""
        await self._reader.close()


def _from_elsewhere(envelope: Envelope | None) -> Envelope | None:
    """The envelope, where its client is another machine: of this one SPF can say nothing."""
    if envelope is None or not envelope.client_ip:
        return None
    try:
        address = ipaddress.ip_address(envelope.client_ip)
    except ValueError:
        return None
    return envelope if address.is_global else None
