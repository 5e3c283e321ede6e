"""Outgoing mail: through the configured relay, or into a Maildir that any mail program opens."""

from __future__ import annotations

import asyncio
import mailbox
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from bot.channels.email.compose import compose
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import EMAIL, CardView, Outgoing, RemoteRef
from bot.tokens import Signer

CONNECTIONS_MAX = 4
TIMEOUT_SECONDS = 30
# Enhanced status codes that say the mailbox itself is gone (RFC 3463).
DEAD_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """Where mail is handed over. tls: "implicit", "starttls" or "none"."""

    host: str
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    hostname: str | None = None


class MailSender:
    """Sends through a relay, or drops into a Maildir where there is none."""

    channel = EMAIL

    def __init__(
        self,
        clock: Clock,
        signer: Signer,
        *,
        desk_name: str,
        desk_address: str,
        relay: RelayConfig | None,
        maildir: Path,
    ) -> None:
        self._clock, self._signer, self._relay = clock, signer, relay
        self._desk_name, self._desk_address = desk_name, desk_address
        self._maildir = maildir
        self._slots = asyncio.Semaphore(CONNECTIONS_MAX)

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        mail = compose(
            outgoing,
            desk_name=self._desk_name,
            desk_address=self._desk_address,
            signer=self._signer,
            now=self._clock.now(),
        )
        async with self._slots:
            if self._relay is None:
                await asyncio.to_thread(self._drop, mail)
            else:
                await self._hand_over(self._relay, mail, outgoing.to.address)
        return RemoteRef("", str(mail["Message-ID"]))

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        raise DeliveryRefused("a mail cannot be edited, so cards do not stand in mailboxes")

    async def close(self) -> None:
        return None

    def _drop(self, mail: EmailMessage) -> None:
        # Made here: several threads come at once, and a desk that was killed may have left half of the folders.
        for name in ("tmp", "new", "cur"):
            (self._maildir / name).mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self._maildir, create=False).add(mail.as_bytes())

    async def _hand_over(self, relay: RelayConfig, mail: EmailMessage, address: str) -> None:
        try:
            await aiosmtplib.send(
                mail,
                sender=self._desk_address,
                recipients=[address],
                hostname=relay.host,
                port=relay.port,
                username=relay.user or None,
                password=relay.password or None,
                use_tls=relay.tls == "implicit",
                start_tls=relay.tls == "starttls",
                tls_context=ssl.create_default_context() if relay.tls != "none" else None,
                local_hostname=relay.hostname,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            raise _fault(first.code, first.message) from refused
        except aiosmtplib.SMTPResponseException as answer:
            raise _fault(answer.code, answer.message) from answer
        except (aiosmtplib.SMTPException, OSError) as away:
            raise DeliveryDelayed(f"the relay {relay.host} cannot be reached: {type(away).__name__}") from away


def _fault(code: int, message: str) -> DeliveryDelayed | DeliveryRefused:
    """What a reply code means: 4xx passes, 5xx does not; an authentication fault is ours and passes when mended."""
    reason = f"{code} {message}"[:300]
    if code < 500 or code in (530, 534, 535, 538):
        return DeliveryDelayed(reason)
    return DeliveryRefused(reason, is_address_dead=message.split(" ")[0] in DEAD_MAILBOX)
