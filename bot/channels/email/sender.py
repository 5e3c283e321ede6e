"""Outgoing mail: through the configured relays, or into a Maildir that any mail program opens."""

from __future__ import annotations

import asyncio
import mailbox
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path

from bot.addressing import return_address
from bot.channels.email.compose import compose, recipient, rendered
from bot.channels.email.relays import Letter, RelayConfig, Relays
from bot.channels.email.signing import DkimKey, Ed25519Key, sign_all
from bot.clock import Clock
from bot.errors import DeliveryRefused
from bot.messages import EMAIL, CardView, Outgoing, RemoteRef

CONNECTIONS_MAX, CONNECTIONS_PER_DOMAIN_MAX = 4, 2


class MailSender:
    """Sends through the relays in their order, or drops into a Maildir where there is none.

    key: what every mail is signed with; None: mails go unsigned, or the relay signs them.
    is_naming_deliveries: whether each delivery has a return path of its own, so that a bounce names it.
    """

    channel = EMAIL

    def __init__(
        self,
        clock: Clock,
        *,
        desk_name: str,
        desk_address: str,
        maildir: Path,
        relays: Sequence[RelayConfig] = (),
        keys: Sequence[DkimKey | Ed25519Key] = (),
        is_naming_deliveries: bool = True,
        digest_link: Callable[[str], str] | None = None,
        connections_max: int = CONNECTIONS_MAX,
        connections_per_domain_max: int = CONNECTIONS_PER_DOMAIN_MAX,
    ) -> None:
        self._clock, self._keys, self._maildir = clock, keys, maildir
        self._desk_name, self._desk_address = desk_name, desk_address
        self._is_naming_deliveries, self._digest_link = is_naming_deliveries, digest_link
        self._relays = (
            Relays(
                relays,
                monotonic=clock.monotonic,
                connections_max=connections_max,
                connections_per_domain_max=connections_per_domain_max,
            )
            if relays
            else None
        )

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        mail = compose(
            outgoing,
            desk_name=self._desk_name,
            desk_address=self._desk_address,
            now=self._clock.now(),
            digest_link=self._digest_link,
        )
        sender = self.return_path(outgoing)
        # Signing takes some 15 ms of arithmetic.
        content = await asyncio.to_thread(self._finished, mail)
        if self._relays is None:
            await asyncio.to_thread(self._drop, f"Return-Path: <{sender}>\n".encode() + content.replace(b"\r\n", b"\n"))
        else:
            to = recipient(outgoing.to.address).addr_spec
            await self._relays.hand_over(Letter(content, sender, self._desk_address, to, outgoing.token))
        return RemoteRef("", str(mail["Message-ID"]))

    def return_path(self, outgoing: Outgoing) -> str:
        """Where its bounces go: to an address that names the delivery; "" where nobody wants them (RFC 3834)."""
        if not outgoing.is_bounce_wanted:
            return ""
        return return_address(self._desk_address, outgoing.token) if self._is_naming_deliveries else self._desk_address

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        raise DeliveryRefused("a mail cannot be edited, so cards do not stand in mailboxes")

    async def close(self) -> None:
        if self._relays is not None:
            await self._relays.close()

    def _finished(self, mail: EmailMessage) -> bytes:
        content = rendered(mail)
        return sign_all(content, self._keys) if self._keys else content

    def _drop(self, content: bytes) -> None:
        # Made here: several threads come at once, and a desk that was killed may have left half of the folders.
        for name in ("tmp", "new", "cur"):
            (self._maildir / name).mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self._maildir, create=False).add(content)
