"""Handing a mail to a relay by SMTP: one after the other in their order, with their certificates checked.

A relay that is away, or that has trouble of its own, is passed over for a while and the next one is tried. What a
relay says of the recipient or of the mail is said for all of them. 4xx passes and 5xx does not, unless the enhanced
code (RFC 3463, 5248) knows better.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib
import structlog

from bot.channels.email.connections import Connections
from bot.errors import DeliveryDelayed, DeliveryRefused

log = structlog.get_logger()
TIMEOUT_SECONDS = 30
# So long a relay that failed is tried after all others.
SET_ASIDE_SECONDS = 60.0
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# The mailbox itself is gone, or its domain.
DEAD_MAILBOX = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
# Permanent by their number, and yet they pass: a full mailbox, a server that is overloaded or asks for patience.
PASSING = frozenset({"5.2.2", "5.3.1", "5.3.2", "5.4.1", "5.4.5", "5.4.7"})
# Ours to mend: signing in, and what the relay allows us.
AUTHENTICATION_CODES = (454, 530, 534, 535, 538)
AUTHENTICATION = frozenset({"5.7.0", "5.7.8", "5.7.9", "5.7.11", "5.7.13", "5.7.14"})
# A server that says this goes away after it (RFC 5321, 3.8).
HANGING_UP = 421
# A server that says this means us, or itself, and no recipient.
OWN_TROUBLE_CODES = (HANGING_UP, *AUTHENTICATION_CODES)


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """Where mail is handed over. tls: "implicit", "starttls" or "none"; ca_file: "" for the system's authorities."""

    host: str
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = ""
    hostname: str | None = None
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to go. sender: its return path, "" for none; plain_sender: where the relay does not take that one.

    name: the delivery's token, for servers that send it back with their reports (RFC 3461).
    """

    content: bytes
    sender: str
    plain_sender: str
    recipient: str
    name: str


class _NextRelay(Exception):
    """This relay cannot be used just now; another might."""


class Relays:
    """The relays in their order. monotonic: seconds that only go forward."""

    def __init__(
        self,
        configs: Sequence[RelayConfig],
        *,
        monotonic: Callable[[], float],
        connections_max: int = 4,
        connections_per_domain_max: int = 2,
    ) -> None:
        self._configs, self._monotonic = tuple(configs), monotonic
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._set_aside: dict[RelayConfig, float] = {}
        self._connections: Connections[RelayConfig] = Connections()
        # Relays that take no return path but that of the account they know.
        self._narrow: set[RelayConfig] = set()
        self._slots = asyncio.Semaphore(connections_max)
        self._per_domain_max = connections_per_domain_max
        self._domains: dict[str, tuple[asyncio.Semaphore, int]] = {}

    async def hand_over(self, letter: Letter) -> None:
        """Give the mail to the first relay that takes it. Raises DeliveryDelayed, DeliveryRefused."""
        domain = letter.recipient.rpartition("@")[2].lower()
        # The domain first: mails that wait for one slow domain must not keep the others' connections.
        async with self._turn_of(domain), self._slots:
            reasons = []
            for relay in self._in_order():
                try:
                    await self._hand_to(relay, letter)
                except _NextRelay as away:
                    log.warning("relay passed over", relay=relay.host, reason=str(away))
                    self._set_aside[relay] = self._monotonic() + SET_ASIDE_SECONDS
                    reasons.append(f"{relay.host}: {away}")
                else:
                    self._set_aside.pop(relay, None)
                    return
        raise DeliveryDelayed(f"no relay took it: {'; '.join(reasons)}"[:400])

    def _in_order(self) -> list[RelayConfig]:
        """As configured, those that failed lately at the end."""
        now = self._monotonic()
        return sorted(self._configs, key=lambda relay: self._set_aside.get(relay, 0.0) > now)

    @asynccontextmanager
    async def _turn_of(self, domain: str) -> AsyncIterator[None]:
        semaphore, users = self._domains.get(domain) or (asyncio.Semaphore(self._per_domain_max), 0)
        self._domains[domain] = (semaphore, users + 1)
        try:
            async with semaphore:
                yield
        finally:
            semaphore, users = self._domains.pop(domain)
            if users > 1:
                self._domains[domain] = (semaphore, users - 1)

    async def _hand_to(self, relay: RelayConfig, letter: Letter) -> None:
        try:
            client = await self._connections.take(relay) or await self._connected(relay)
        except aiosmtplib.SMTPResponseException as answer:
            raise _NextRelay(f"{answer.code} {answer.message}"[:200]) from answer
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as away:
            raise _NextRelay(_named(away)) from away
        # Whether the relay has answered to the last thing said, so that another mail may follow.
        is_sound = False
        try:
            await self._send(client, relay, letter)
            is_sound = True
        except aiosmtplib.SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            is_sound = first.code != HANGING_UP
            raise _fault(first.code, first.message) from refused
        except aiosmtplib.SMTPResponseException as answer:
            is_sound = answer.code != HANGING_UP
            raise _fault(answer.code, answer.message) from answer
        except (aiosmtplib.SMTPException, OSError) as broken:
            # It may have taken the mail and not said so: the next try has the same Message-ID.
            raise DeliveryDelayed(f"{relay.host} broke off: {_named(broken)}") from broken
        except DeliveryRefused:
            is_sound = True  # the relay was not asked
            raise
        finally:
            if is_sound:
                self._connections.give_back(relay, client)
            else:
                self._connections.drop(client)

    async def _connected(self, relay: RelayConfig) -> aiosmtplib.SMTP:
        """A new connection, greeted and signed in."""
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user or None,
            password=relay.password or None,
            use_tls=relay.tls == "implicit",
            start_tls=relay.tls == "starttls",
            tls_context=self._context(relay) if relay.tls != "none" else None,
            local_hostname=relay.hostname,
            timeout=TIMEOUT_SECONDS,
        )
        await client.connect()
        is_greeted = False
        try:
            if client.is_ehlo_or_helo_needed:
                await _greet(client)
            is_greeted = True
        finally:
            if not is_greeted:
                client.close()
        return client

    async def close(self) -> None:
        """Part from the relays."""
        await self._connections.close()

    def _context(self, relay: RelayConfig) -> ssl.SSLContext:
        if relay.ca_file not in self._contexts:
            self._contexts[relay.ca_file] = ssl.create_default_context(cafile=relay.ca_file or None)
        return self._contexts[relay.ca_file]

    async def _send(self, client: aiosmtplib.SMTP, relay: RelayConfig, letter: Letter) -> None:
        options, recipient_options = self._options(client, letter)
        sender = letter.plain_sender if letter.sender and relay in self._narrow else letter.sender
        try:
            await client.sendmail(
                sender, [letter.recipient], letter.content, mail_options=options, rcpt_options=recipient_options
            )
        except aiosmtplib.SMTPSenderRefused as refused:
            if refused.code in OWN_TROUBLE_CODES or sender in ("", letter.plain_sender) or refused.code < 500:
                raise
            log.warning("relay takes no return path of a delivery", relay=relay.host, code=refused.code)
            self._narrow.add(relay)
            await client.sendmail(
                letter.plain_sender,
                [letter.recipient],
                letter.content,
                mail_options=options,
                rcpt_options=recipient_options,
            )

    def _options(self, client: aiosmtplib.SMTP, letter: Letter) -> tuple[list[str], list[str]]:
        """SMTPUTF8 where the address needs it, and reports that bring only the header back and name the delivery."""
        options, recipient_options = [], []
        if not letter.recipient.isascii():
            if not client.supports_extension("smtputf8"):
                raise DeliveryRefused("the relay takes no address with letters outside of ASCII (no SMTPUTF8)")
            options.append("SMTPUTF8")
        if client.supports_extension("dsn") and letter.sender:
            options += ["RET=HDRS", f"ENVID={letter.name}"]
            recipient_options.append("NOTIFY=FAILURE,DELAY")
        return options, recipient_options


async def _greet(client: aiosmtplib.SMTP) -> None:
    """What the server can do is known only after this."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _named(fault: BaseException) -> str:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({fault.verify_message})"
    cause = fault.__cause__ or fault.__context__
    return _named(cause) if isinstance(cause, ssl.SSLError) else f"{type(fault).__name__} {fault}".strip()[:200]


def _fault(code: int, message: str) -> DeliveryDelayed | DeliveryRefused | _NextRelay:
    """What an answer means: for this mail and recipient, or for the relay alone."""
    reason = f"{code} {' '.join(message.split())}"[:300]
    found = ENHANCED.search(message)
    enhanced = found[0] if found is not None else ""
    if code in OWN_TROUBLE_CODES or enhanced in AUTHENTICATION or enhanced.startswith("4.3."):
        return _NextRelay(reason)
    if code < 500 or enhanced.startswith("4.") or enhanced in PASSING:
        return DeliveryDelayed(reason)
    return DeliveryRefused(reason, is_address_dead=enhanced in DEAD_MAILBOX)
