"""The mail door against its callers: TLS, load balancers, too many, too slow; and LMTP behind a server of one's own."""

from __future__ import annotations

import asyncio
import os
import smtplib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.email.guarding import Certificate, Guard, Peers
from bot.channels.email.listener import MailListener
from bot.errors import ConfigError
from tests.unit.test_smtp_listener import Caller, Keeping

TLS = Path(__file__).parent.parent / "data" / "tls"
MAIL = b"From: anna@acme.example\r\nSubject: x\r\n\r\nhello\r\n.\r\n"
FROM, TO = b"MAIL FROM:<anna@acme.example>\r\n", b"RCPT TO:<support@desk.example>\r\n"
ELSEWHERE = "198.51.100.7"


@asynccontextmanager
async def door(guard: Guard) -> AsyncIterator[tuple[Keeping, int]]:
    """A listener that is kept so, and its port."""
    desk = Keeping()
    listener = MailListener(
        desk,  # type: ignore[arg-type]
        desk,  # type: ignore[arg-type]
        host="127.0.0.1",
        port=0,
        addresses=("support@desk.example", "help@desk.example"),
        hostname="desk.example",
        size_bytes_max=100_000,
        guard=guard,
    )
    await listener.start()
    try:
        yield desk, listener.port
    finally:
        await listener.stop()


@asynccontextmanager
async def call(port: int, *, announced: bytes = b"") -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(announced)
    try:
        yield Caller(reader, writer)
    finally:
        writer.close()


def proxied(peer: str) -> bytes:
    return f"PROXY TCP4 {peer} 192.0.2.1 40000 25\r\n".encode()


async def greeted(caller: Caller) -> str:
    """The answer to EHLO."""
    assert (await caller.reply())[:3] == "220"
    caller.say(b"EHLO there\r\n")
    return await caller.reply()


def test_a_peer_may_hold_so_many_connections_and_this_machine_any_number() -> None:
    peers = Peers(Guard(connections_per_peer_max=2))
    assert [peers.joins(ELSEWHERE) for _ in range(3)] == [True, True, False]
    peers.leaves(ELSEWHERE)
    peers.leaves(ELSEWHERE)
    assert peers.joins(ELSEWHERE)
    assert all(peers.joins("127.0.0.1") and peers.joins("::ffff:127.0.0.1") for _ in range(50))


def test_a_peer_may_send_so_many_mails_a_minute() -> None:
    peers = Peers(Guard(mails_per_minute_per_peer=3))
    assert [peers.may_send(ELSEWHERE, at) for at in (0.0, 10.0, 20.0, 30.0, 59.0)] == [True] * 3 + [False] * 2
    # The mail of second 0 is a minute old, those of 10 and 20 are not.
    assert [peers.may_send(ELSEWHERE, at) for at in (60.5, 61.0)] == [True, False]


async def test_caller_behind_a_load_balancer_is_who_the_balancer_says() -> None:
    guard = Guard(proxy_networks=("127.0.0.0/8",), connections_per_peer_max=1)
    async with door(guard) as (_, port), call(port, announced=proxied(ELSEWHERE)) as first:
        assert (await greeted(first))[:3] == "250"
        async with (
            call(port, announced=proxied(ELSEWHERE)) as second,
            call(port, announced=proxied("192.0.2.9")) as third,
        ):
            assert (await greeted(second)).startswith("421 4.7.0")
            assert (await greeted(third))[:3] == "250"


async def test_balancer_that_announces_nobody_is_hung_up_on() -> None:
    async with door(Guard(proxy_networks=("127.0.0.0/8",))) as (_, port), call(port, announced=b"EHLO x\r\n") as caller:
        assert await caller.reply() == ""


async def test_announcement_of_a_caller_that_is_no_balancer_is_no_command() -> None:
    async with door(Guard(proxy_networks=("10.0.0.0/8",))) as (_, port), call(port) as caller:
        assert (await caller.reply())[:3] == "220"
        caller.say(proxied(ELSEWHERE))
        assert (await caller.reply())[:1] == "5"


async def test_too_many_mails_of_a_peer_are_asked_to_come_later() -> None:
    guard = Guard(proxy_networks=("127.0.0.0/8",), mails_per_minute_per_peer=1)
    async with door(guard) as (desk, port), call(port, announced=proxied(ELSEWHERE)) as caller:
        await greeted(caller)
        caller.say(FROM + TO + b"DATA\r\n" + MAIL)
        assert [(await caller.reply())[:3] for _ in range(4)] == ["250", "250", "354", "250"]
        caller.say(FROM)
        assert (await caller.reply()).startswith("450 4.7.1")
        assert len(desk.kept) == 1


async def test_session_that_goes_on_and_on_is_ended() -> None:
    async with door(Guard(session_seconds_max=0.3)) as (_, port), call(port) as caller:
        await greeted(caller)
        reply = "250"
        while reply.startswith("250"):
            caller.say(b"NOOP\r\n")
            reply = await caller.reply()
        assert reply.startswith("421 4.4.2")


def handed_over(port: int, *, starttls: bool) -> dict[str, tuple[int, bytes]] | str:
    """Send a mail as the standard library does; who was refused, or why all was."""
    with smtplib.SMTP("localhost", port, timeout=10) as client:
        try:
            if starttls:
                client.starttls(context=ssl.create_default_context(cafile=str(TLS / "ca.pem")))
            return client.sendmail("anna@acme.example", ["support@desk.example"], b"Subject: x\r\n\r\nhello\r\n")
        except smtplib.SMTPResponseException as refused:
            return f"{refused.smtp_code} {refused.smtp_error!r}"


@pytest.fixture
def guarded_by_tls(tmp_path: Path) -> Guard:
    pair = tmp_path / "pair.pem"
    pair.write_bytes((TLS / "localhost.pem").read_bytes())
    return Guard(certificate_file=str(pair), is_tls_required=True)


async def test_mail_under_tls_is_taken_and_without_it_refused_where_it_is_required(guarded_by_tls: Guard) -> None:
    async with door(guarded_by_tls) as (desk, port):
        assert str(await asyncio.to_thread(handed_over, port, starttls=False)).startswith("530")
        assert await asyncio.to_thread(handed_over, port, starttls=True) == {}
        assert len(desk.kept) == 1


async def test_certificate_that_cannot_be_used_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(ConfigError, match=r"smtp\.certificate_file"):
            async with door(Guard(certificate_file=str(tmp_path / name))):
                pass


def test_renewed_certificate_is_used_and_a_broken_renewal_is_not(guarded_by_tls: Guard) -> None:
    path = Path(guarded_by_tls.certificate_file)
    certificate = Certificate(str(path), "")
    first = certificate.context()
    assert certificate.context() is first
    os.utime(path, ns=(1, 1))
    second = certificate.context()
    assert second is not first
    path.write_text("half of a fi")
    assert certificate.context() is second


async def test_lmtp_answers_for_each_recipient() -> None:
    async with door(Guard(is_lmtp=True)) as (desk, port), call(port) as caller:
        assert (await caller.reply())[:3] == "220"
        caller.say(b"EHLO there\r\n")
        assert (await caller.reply())[:3] == "500"
        caller.say(b"LHLO there\r\n" + FROM + TO + b"RCPT TO:<help@desk.example>\r\nRCPT TO:<nobody@desk.example>\r\n")
        assert [(await caller.reply())[:3] for _ in range(5)] == ["250", "250", "250", "250", "550"]
        caller.say(b"DATA\r\n" + MAIL)
        replies = [await caller.reply() for _ in range(3)]
        assert [reply[:3] for reply in replies] == ["354", "250", "250"]
        assert len(desk.kept) == 1
        caller.say(b"NOOP\r\n")
        assert (await caller.reply())[:3] == "250"


async def test_a_caller_that_hangs_up_is_no_longer_counted() -> None:
    async with door(Guard(connections_max=1)) as (_, port):
        with socket.create_connection(("127.0.0.1", port)):
            pass
        answers: list[str] = []
        # Until the listener has seen the end of the first connection.
        while len(answers) < 200 and answers[-1:] != ["250"]:
            async with call(port) as caller:
                answers.append((await greeted(caller))[:3])
        assert answers[-1] == "250"
