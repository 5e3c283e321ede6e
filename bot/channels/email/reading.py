"""How a mail's bytes become a message, for both doors of mail: translated, and its sender's proof judged.

A gateway's own verdict counts where one is configured; else, for mail that came to us by SMTP from another machine,
the proof is checked here. A mail from this machine itself carries no client address to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.channels.email.translate import Envelope, translate
from bot.clock import Clock
from bot.messages import InboundMessage


class MailReader:
    """Reads mails for the SMTP listener, the IMAP pollers and `requeue`."""

    def __init__(
        self,
        clock: Clock,
        *,
        authserv_ids: Sequence[str] = (),
        is_checking_senders: bool = True,
    ) -> None:
        self._clock = clock
        self._authserv_id = authserv_ids[0] if authserv_ids else None
        self._is_checking_senders = is_checking_senders

    async def read(self, raw: bytes, envelope: Envelope | None = None) -> InboundMessage:
        """One mail as a message. Raises Unreadable (a UserError) past the caps: it belongs in quarantine."""
        return await self.reread(raw, self._clock.now(), envelope)

    async def reread(self, raw: bytes, received_at: datetime, envelope: Envelope | None = None) -> InboundMessage:
        """A kept mail again, with the time at which it first came."""
        return translate(raw, received_at=received_at, authserv_id=self._authserv_id, envelope=envelope)

    async def close(self) -> None:
        """Nothing is kept open."""
