"""Connections to a relay that are kept for the next mail: how many, how long, and what becomes of one that died."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib
import pytest

from bot.addressing import delivery_token
from bot.channels.email.connections import IDLE_MAX, MAILS_MAX, Connections
from bot.channels.email.relays import RelayConfig
from bot.channels.email.sender import MailSender
from bot.clock import HandClock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import EMAIL, Handle, Notice, Outgoing
from bot.tokens import Signer
from tests.doubles.smtp import AUTHORITY, MailServer, serving

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
SIGNER = Signer({"ab": b"tests sign with this"}, "ab")
pytestmark = pytest.mark.asyncio


def to(number: int, address: str = "anna@acme.example") -> Outgoing:
    notice = Notice("claimed", f"Printer {number}", "Tom has taken it.")
    token = delivery_token(SIGNER, number, NOW)
    return Outgoing(number, f"k{number}", Handle(EMAIL, address), notice, token=token)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with serving(MailServer()) as server:
        yield server


@pytest.fixture
async def sender(server: MailServer, tmp_path: Path) -> AsyncIterator[MailSender]:
    relay = RelayConfig("localhost", server.port, "none")
    sender = MailSender(
        HandClock(NOW), desk_name="Desk", desk_address="support@desk.example", maildir=tmp_path, relays=[relay]
    )
    yield sender
    await sender.close()


def subjects(server: MailServer) -> list[str]:
    contents = [(mail.original_content or b"").decode() for mail in server.taken]
    return [line for content in contents for line in content.splitlines() if line.startswith("Subject: ")]


async def until(is_so: object, what: str) -> None:
    for _ in range(1000):
        if is_so():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError(what)


async def test_mails_one_after_the_other_go_over_one_connection(server: MailServer, sender: MailSender) -> None:
    for number in (1, 2, 3):
        await sender.send(to(number))
    assert server.opened == 1 and len(server.taken) == 3


async def test_dead_connection_is_replaced_and_no_mail_goes_twice(server: MailServer, sender: MailSender) -> None:
    await sender.send(to(1))
    server.hang_up()
    await sender.send(to(2))
    assert server.opened == 2
    assert subjects(server) == ["Subject: Printer 1", "Subject: Printer 2"]


async def test_refusal_spoils_no_connection(server: MailServer, sender: MailSender) -> None:
    await sender.send(to(1))
    for command in ("RCPT", "DATA", "MAIL"):
        server.answers = {command: "550 5.7.1 not here"}
        with pytest.raises(DeliveryRefused):
            await sender.send(to(2))
    server.answers = {}
    await sender.send(to(3))
    assert server.opened == 1 and subjects(server) == ["Subject: Printer 1", "Subject: Printer 3"]


async def test_connection_that_breaks_in_the_middle_is_never_lent_again(server: MailServer, sender: MailSender) -> None:
    server.gate = asyncio.Event()
    sending = asyncio.create_task(sender.send(to(1)))
    await until(lambda: server.connections == 1, "the mail is on its way")
    server.hang_up()
    with pytest.raises(DeliveryDelayed, match="broke off"):
        await sending
    server.gate = None
    await sender.send(to(2))
    assert server.opened == 2


async def test_relay_that_says_goodbye_is_taken_at_its_word(server: MailServer, sender: MailSender) -> None:
    await sender.send(to(1))
    server.answers = {"MAIL": "421 4.3.2 closing"}
    with pytest.raises(DeliveryDelayed):
        await sender.send(to(2))
    server.answers = {}
    await sender.send(to(3))
    assert server.opened == 2 and len(server.taken) == 2


async def test_signing_in_and_tls_are_done_once(tmp_path: Path) -> None:
    async with serving(MailServer(password="secret"), tls="starttls") as server:
        relay = RelayConfig("localhost", server.port, "starttls", "desk", "secret", ca_file=str(AUTHORITY))
        sender = MailSender(
            HandClock(NOW), desk_name="Desk", desk_address="support@desk.example", maildir=tmp_path, relays=[relay]
        )
        for number in (1, 2):
            await sender.send(to(number))
        assert server.logins == ["desk"] and len(server.taken) == 2
        await sender.close()


async def connected(server: MailServer) -> aiosmtplib.SMTP:
    client = aiosmtplib.SMTP(hostname="localhost", port=server.port, start_tls=False)
    await client.connect()
    return client


async def test_idle_connection_ends_by_itself(server: MailServer) -> None:
    connections: Connections[str] = Connections(idle_seconds=0.02)
    client = await connected(server)
    connections.give_back("relay", client)
    await until(lambda: not client.is_connected, "the connection has ended")
    assert await connections.take("relay") is None


async def test_no_more_are_kept_than_few_and_none_for_ever(server: MailServer) -> None:
    connections: Connections[str] = Connections()
    clients = [await connected(server) for _ in range(IDLE_MAX + 2)]
    for client in clients:
        connections.give_back("relay", client)
    await until(lambda: sum(client.is_connected for client in clients) == IDLE_MAX, "the others have ended")
    assert await connections.take("another") is None
    for _ in range(MAILS_MAX - 1):
        lent = await connections.take("relay")
        assert lent is not None and lent.is_connected
        connections.give_back("relay", lent)
    worn = clients[IDLE_MAX - 1]
    await until(lambda: not worn.is_connected, "it has carried enough")
    await connections.close()
    assert not any(client.is_connected for client in clients)
