"""The SMTP conversation over a real socket: what of a mail reaches the desk, and what the sender is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email.listener import MailListener
from bot.channels.email.session import DeskSMTP
from bot.channels.email.translate import Envelope
from bot.clock import SystemClock
from bot.messages import EMAIL, Handle, InboundMessage, Place, Receipt

GREETING = b"EHLO there\r\nMAIL FROM:<anna@acme.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n"
SIZE_BYTES_MAX = 300_000


class Keeping:
    """A desk that keeps what it is given; its reader hands on the bytes as they came."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.senders: list[str] = []

    async def read(self, raw: bytes, envelope: Envelope) -> InboundMessage:
        self.senders.append(envelope.sender)
        sender, place = Handle(EMAIL, envelope.sender), Place(EMAIL, envelope.recipients[0])
        return InboundMessage(EMAIL, "key", sender, SystemClock().now(), text="", place=place, raw=raw)

    async def receive(self, message: InboundMessage) -> Receipt:
        self.kept.append(message.raw)
        return Receipt("opened", len(self.kept), 1)


class Caller:
    """A client that says bytes and reads replies."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def say(self, text: bytes) -> None:
        self._writer.write(text)

    async def reply(self) -> str:
        """The next reply's last line."""
        line = await asyncio.wait_for(self._reader.readline(), 10)
        while line[3:4] == b"-":
            line = await asyncio.wait_for(self._reader.readline(), 10)
        return line.decode().rstrip()

    async def begin(self) -> None:
        """Up to the 354."""
        self.say(GREETING)
        assert [(await self.reply())[:3] for _ in range(5)] == ["220", "250", "250", "250", "354"]


@asynccontextmanager
async def called(desk: Keeping) -> AsyncIterator[Caller]:
    listener = MailListener(
        desk,  # type: ignore[arg-type]
        desk,  # type: ignore[arg-type]
        host="127.0.0.1",
        port=0,
        addresses=("support@desk.example",),
        hostname="desk.example",
        size_bytes_max=SIZE_BYTES_MAX,
    )
    await listener.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    try:
        yield Caller(reader, writer)
    finally:
        writer.close()
        await listener.stop()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"a: b\r\n\r\ntext\r\n.\r\n", b"a: b\r\n\r\ntext\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"a\r\n..b\r\n.c\r\n.\r\n", b"a\r\n.b\r\nc\r\n"),
        # Only CR LF ends a line, so that these dots end nothing.
        (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n"),
        (b"a\n.\r\nb\r\n.\r\n", b"a\n.\r\nb\r\n"),
        (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n"),
        (b"x" * 200_000 + b"\r\n.\r\n", b"x" * 200_000 + b"\r\n"),
    ],
)
async def test_a_mail_is_kept_as_it_was_before_its_dots_were_doubled(sent: bytes, kept: bytes) -> None:
    desk = Keeping()
    async with called(desk) as caller:
        await caller.begin()
        caller.say(sent)
        assert (await caller.reply()).startswith("250")
    assert desk.kept == [kept]


async def test_a_mail_over_the_limit_is_refused_and_the_next_one_taken() -> None:
    desk = Keeping()
    async with called(desk) as caller:
        await caller.begin()
        caller.say((b"x" * 998 + b"\r\n") * 310 + b".\r\n")
        assert (await caller.reply()).startswith("552")
        caller.say(b"MAIL FROM:<anna@acme.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n")
        assert [(await caller.reply())[:3] for _ in range(3)] == ["250", "250", "354"]
        caller.say(b"short\r\n.\r\n")
        assert (await caller.reply()).startswith("250")
    assert desk.kept == [b"short\r\n"]


@pytest.mark.parametrize("address", ["<>", "<anna@acme.example>"])
async def test_bounce_has_no_sender_and_comes_to_the_return_path_of_a_delivery(address: str) -> None:
    desk = Keeping()
    async with called(desk) as caller:
        caller.say(f"EHLO there\r\nMAIL FROM:{address}\r\nRCPT TO:<support+b.7-6afd.abcd@desk.example>\r\n".encode())
        caller.say(b"RCPT TO:<other+b.7-6afd.abcd@desk.example>\r\nDATA\r\n")
        assert [(await caller.reply())[:3] for _ in range(6)] == ["220", "250", "250", "250", "550", "354"]
        caller.say(b"Subject: a\r\n\r\nb\r\n.\r\n")
        assert (await caller.reply()).startswith("250")
    assert desk.senders == [address.strip("<>")]


async def test_what_is_said_right_after_the_mail_is_heard() -> None:
    desk = Keeping()
    async with called(desk) as caller:
        await caller.begin()
        caller.say(b"a: b\r\n.\r\nNOOP\r\nQUIT\r\n")
        assert [(await caller.reply())[:3] for _ in range(3)] == ["250", "250", "221"]
    assert desk.kept == [b"a: b\r\n"]


async def test_a_mail_without_a_recipient_is_not_read() -> None:
    async with called(Keeping()) as caller:
        caller.say(b"EHLO there\r\nMAIL FROM:<anna@acme.example>\r\nDATA\r\n")
        assert [(await caller.reply())[:3] for _ in range(4)] == ["220", "250", "250", "503"]


@settings(max_examples=30)
@given(
    lines=st.lists(st.binary(max_size=8).map(lambda line: line.replace(b"\n", b".").replace(b"\r", b".")), max_size=6),
    cuts=st.lists(st.integers(1, 30), max_size=4),
)
def test_however_a_mail_is_cut_into_pieces_it_comes_whole(lines: list[bytes], cuts: list[int]) -> None:
    mail = b"".join(line + b"\r\n" for line in lines)
    wire = b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"

    async def send() -> list[bytes]:
        desk = Keeping()
        async with called(desk) as caller:
            await caller.begin()
            at = 0
            for cut in cuts:
                caller.say(wire[at : at + cut])
                at += cut
                await asyncio.sleep(0)
            caller.say(wire[at:])
            assert (await caller.reply()).startswith("250")
        return desk.kept

    assert asyncio.run(send()) == [mail]


@pytest.mark.parametrize(
    "path",
    [
        "<ann@acme.example>",
        " <ann.o+r=1@mx.acme.example> SIZE=400 BODY=8BITMIME",
        "<>",
        "<@a,@b:ann@acme.example>",
        '<"ann x"@acme.example>',
        "<ann@[192.0.2.1]>",
        "ann@acme.example",
        "<ann@acme>",
        "<ann@acme.example",
        "",
    ],
)
def test_plain_addresses_are_read_as_by_the_full_grammar(path: str) -> None:
    server = object.__new__(DeskSMTP)
    assert server._getaddr(path) == SMTP._getaddr(server, path)
