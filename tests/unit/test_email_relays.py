"""Handing mail over: relays in their order, certificates, return paths, what answers mean, and the signature."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dkim
import pytest

from bot.addressing import delivery_token, return_address
from bot.channels.email.relays import RelayConfig
from bot.channels.email.sender import MailSender
from bot.channels.email.signing import load_key
from bot.clock import HandClock
from bot.errors import ConfigError, DeliveryDelayed, DeliveryRefused
from bot.messages import EMAIL, Handle, Notice, Outgoing
from bot.tokens import Signer
from tests.doubles.smtp import AUTHORITY, TLS, MailServer, serving

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
DESK = "support@desk.example"
SIGNER = Signer({"ab": b"tests sign with this"}, "ab")
pytestmark = pytest.mark.asyncio


def to(address: str = "anna@acme.example", number: int = 7, **fields: Any) -> Outgoing:
    values = {"token": delivery_token(SIGNER, number, NOW), **fields}
    notice = Notice("claimed", "Printer", "Tom has taken it.")
    return Outgoing(number, f"k{number}", Handle(EMAIL, address), notice, **values)


def a_sender(folder: Path, *relays: RelayConfig, clock: HandClock | None = None, **choices: Any) -> MailSender:
    clock = clock or HandClock(NOW)
    return MailSender(clock, desk_name="Desk", desk_address=DESK, maildir=folder, relays=relays, **choices)


def plain(server: MailServer) -> RelayConfig:
    return RelayConfig("localhost", server.port, "none")


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        return int(taken.getsockname()[1])


# ---------------------------------------------------------------- the return path


async def test_each_delivery_has_a_return_path_that_names_it(tmp_path: Path) -> None:
    async with serving(MailServer()) as server:
        ref = await a_sender(tmp_path, plain(server)).send(to())
    token = delivery_token(SIGNER, 7, NOW)
    assert server.taken[0].mail_from == f"support+b.{token}@desk.example"
    assert ref.message_id == f"<{token}@desk.example>"


async def test_answer_to_a_stranger_has_no_return_path(tmp_path: Path) -> None:
    async with serving(MailServer()) as server:
        await a_sender(tmp_path, plain(server)).send(to(is_bounce_wanted=False))
    assert server.taken[0].mail_from == "<>"


async def test_operator_may_choose_the_desks_own_address(tmp_path: Path) -> None:
    async with serving(MailServer()) as server:
        await a_sender(tmp_path, plain(server), is_naming_deliveries=False).send(to())
    assert server.taken[0].mail_from == DESK


async def test_relay_that_takes_no_other_address_gets_the_desks_own(tmp_path: Path) -> None:
    refusing = MailServer(answers={"MAIL": "550 5.7.60 SMTP; Client does not have permissions to send as|plain"})
    async with serving(refusing) as server:
        sender = a_sender(tmp_path, plain(server))
        await sender.send(to(number=7))
        await sender.send(to(number=8))
    assert [one.mail_from for one in server.taken] == [DESK, DESK]


async def test_server_with_dsn_is_asked_to_name_the_delivery_in_its_reports(tmp_path: Path) -> None:
    async with serving(MailServer(extensions=("DSN",))) as server:
        await a_sender(tmp_path, plain(server)).send(to())
        await a_sender(tmp_path, plain(server)).send(to(number=8, is_bounce_wanted=False))
    token = delivery_token(SIGNER, 7, NOW)
    assert server.dsn == ["RET=HDRS", f"ENVID={token}", "NOTIFY=FAILURE,DELAY"], "and of the second one nothing"


# ---------------------------------------------------------------- several relays


async def test_relay_that_is_away_is_passed_over_and_tried_last_for_a_minute(tmp_path: Path) -> None:
    clock = HandClock(NOW)
    async with serving(MailServer()) as second:
        first = RelayConfig("localhost", closed_port(), "none")
        sender = a_sender(tmp_path, first, plain(second), clock=clock)
        await sender.send(to())
        assert len(second.taken) == 1
        assert sender._relays is not None
        assert [one.port for one in sender._relays._in_order()] == [second.port, first.port]
        clock.advance(timedelta(seconds=61))
        assert [one.port for one in sender._relays._in_order()] == [first.port, second.port]


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "DATA"])
async def test_relay_in_trouble_of_its_own_is_passed_over(tmp_path: Path, where: str) -> None:
    troubled = MailServer(answers={where: "452 4.3.1 out of disk"})
    async with serving(troubled) as first, serving(MailServer()) as second:
        await a_sender(tmp_path, plain(first), plain(second)).send(to())
    assert len(second.taken) == 1 and not first.taken


async def test_what_one_relay_says_of_the_recipient_no_other_is_asked(tmp_path: Path) -> None:
    async with serving(MailServer(answers={"RCPT": "550 5.1.1 nobody here"})) as first, serving(MailServer()) as second:
        with pytest.raises(DeliveryRefused) as refused:
            await a_sender(tmp_path, plain(first), plain(second)).send(to())
    assert refused.value.is_address_dead and not second.taken


async def test_where_every_relay_is_away_the_mail_waits_and_each_is_named(tmp_path: Path) -> None:
    relays = [RelayConfig("localhost", closed_port(), "none") for _ in range(2)]
    with pytest.raises(DeliveryDelayed) as delayed:
        await a_sender(tmp_path, *relays).send(to())
    assert str(delayed.value).count("localhost:") == 2


async def test_wrong_password_is_ours_to_mend_and_no_fault_of_the_recipient(tmp_path: Path) -> None:
    async with serving(MailServer(password="right"), tls="starttls") as server:
        wrong = RelayConfig("localhost", server.port, "starttls", "desk", "wrong", ca_file=str(AUTHORITY))
        with pytest.raises(DeliveryDelayed, match="535"):
            await a_sender(tmp_path, wrong).send(to())
        assert server.logins
        right = RelayConfig("localhost", server.port, "starttls", "desk", "right", ca_file=str(AUTHORITY))
        await a_sender(tmp_path, right).send(to())
    assert len(server.taken) == 1


# ---------------------------------------------------------------- TLS


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_certificate_is_checked(tmp_path: Path, tls: str) -> None:
    async with serving(MailServer(), tls=tls) as server:
        await a_sender(tmp_path, RelayConfig("localhost", server.port, tls, ca_file=str(AUTHORITY))).send(to())
        assert len(server.taken) == 1
        for host, ca_file in (("localhost", ""), ("127.0.0.1", str(AUTHORITY))):
            with pytest.raises(DeliveryDelayed) as delayed:
                await a_sender(tmp_path, RelayConfig(host, server.port, tls, ca_file=ca_file)).send(to())
            assert "certificate is not to be trusted" in str(delayed.value) or "Connect" in str(delayed.value)
    assert len(server.taken) == 1, "nothing was handed to a server that proved nothing"


async def test_relay_without_starttls_gets_no_mail_where_it_is_wanted(tmp_path: Path) -> None:
    async with serving(MailServer()) as server:
        with pytest.raises(DeliveryDelayed):
            await a_sender(tmp_path, RelayConfig("localhost", server.port, "starttls")).send(to())
    assert not server.taken


# ---------------------------------------------------------------- what answers mean


@pytest.mark.parametrize(
    ("answer", "fault", "is_dead"),
    [
        ("550 5.1.1 no such user", DeliveryRefused, True),
        ("550 5.1.10 recipient not found", DeliveryRefused, True),
        ("550 no such user", DeliveryRefused, False),
        ("554 5.7.1 refused by policy", DeliveryRefused, False),
        ("552 5.3.4 too large", DeliveryRefused, False),
        ("552 5.2.2 mailbox full", DeliveryDelayed, None),
        ("450 4.2.0 greylisted", DeliveryDelayed, None),
        ("451 try later", DeliveryDelayed, None),
        ("550 4.4.7 expired", DeliveryDelayed, None),
        ("421 4.7.0 too many", DeliveryDelayed, None),
        ("535 5.7.8 who are you", DeliveryDelayed, None),
    ],
)
async def test_answers_are_told_apart_by_their_enhanced_code(
    tmp_path: Path, answer: str, fault: type[Exception], is_dead: bool | None
) -> None:
    async with serving(MailServer(answers={"RCPT": answer})) as server:
        with pytest.raises(fault) as caught:
            await a_sender(tmp_path, plain(server)).send(to())
    assert getattr(caught.value, "is_address_dead", None) == is_dead


async def test_address_beyond_ascii_needs_a_server_that_takes_it(tmp_path: Path) -> None:
    async with serving(MailServer()) as server:
        await a_sender(tmp_path, plain(server)).send(to("jörg@bücher.example"))
    assert server.taken[0].rcpt_tos == ["jörg@xn--bcher-kva.example"] and "SMTPUTF8" in server.taken[0].mail_options
    assert "To: jörg@xn--bcher-kva.example".encode() in (server.taken[0].content or b"")


async def test_one_slow_domain_takes_no_more_than_its_share(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with serving(MailServer(gate=gate)) as server:
        sender = a_sender(tmp_path, plain(server), connections_max=8, connections_per_domain_max=2)
        sends = [asyncio.create_task(sender.send(to(f"p{number}@slow.example", number))) for number in range(6)]
        sends += [asyncio.create_task(sender.send(to("q@other.example", 9)))]
        while server.connections < 3:
            await asyncio.sleep(0.01)
        assert server.most_at_once == 3
        gate.set()
        await asyncio.gather(*sends)
    assert server.most_at_once == 3 and len(server.taken) == 7


# ---------------------------------------------------------------- the signature


async def test_signature_is_good_and_breaks_when_a_reader_would_be_fooled(tmp_path: Path) -> None:
    key = load_key(TLS / "dkim.pem", domain="desk.example", selector="s1", place="dkim.key_file")
    async with serving(MailServer()) as server:
        digest = to(digest_token="9.ab0123456789abcdef")
        await a_sender(
            tmp_path, plain(server), keys=[key], digest_link=lambda token: f"https://desk.example/{token}"
        ).send(digest)
    mail = server.taken[0].original_content or b""

    def record(name: bytes, timeout: int = 5) -> bytes:
        assert name == f"{key.record_name}.".encode()
        return key.record.encode()

    def is_good(signed: bytes) -> bool:
        return bool(dkim.verify(signed, dnsfunc=record))  # type: ignore[no-untyped-call]

    assert is_good(mail)
    assert b"list-unsubscribe-post" in mail.partition(b"From:")[0]
    for forged in (b"Subject: other\r\n" + mail, b"From: eve@evil.example\r\n" + mail, mail.replace(b"Tom", b"Eve")):
        assert not is_good(forged)
    assert is_good(b"Received: by a relay\r\n" + mail)


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"]
)
async def test_key_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as wrong:
        load_key(path, domain="desk.example", selector="s1", place="dkim.key_file")
    assert "dkim.key_file" in str(wrong.value) and "openssl genrsa" in str(wrong.value)


async def test_without_a_relay_a_maildir_keeps_the_mail_with_its_return_path(tmp_path: Path) -> None:
    await a_sender(tmp_path / "out").send(to())
    (kept,) = (tmp_path / "out" / "new").iterdir()
    first, _, rest = kept.read_bytes().partition(b"\n")
    assert first == f"Return-Path: <{return_address(DESK, delivery_token(SIGNER, 7, NOW))}>".encode()
    assert rest.startswith(b"From: ") and b"\r" not in rest
