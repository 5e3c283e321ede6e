"""Light mail read, cut and classified, against what the standard library takes only to split it."""

from __future__ import annotations

import email
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header

from bench.figures import Figure, ratios, shown
from bot.channels.email.translate import translate

NOW = datetime(2024, 2, 5, 10, 0, tzinfo=UTC)
MAILS, TIMES_MAX = 300, 6.0
HEAD = (
    b"Return-Path: <ann@client.example>\r\nFrom: Ann Client <ann@client.example>\r\nTo: help@desk.example\r\n"
    b"Subject: Re: =?utf-8?Q?Drucker_br=C3=BBl=C3=A9?=\r\nDate: Mon, 5 Feb 2024 10:00:00 +0100\r\n"
    b"Message-ID: <a@client.example>\r\nReferences: <x@desk.example> <y@desk.example>\r\nMIME-Version: 1.0\r\n"
)
WORDS = b"The printer on the second floor does not print since this morning. It shows an error and blinks.\r\n"
ALTERNATIVE = (
    HEAD
    + b'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n'
    b"\r\n"
    + WORDS
    * 6
    + b"\r\nBest regards,\r\nAnn Client\r\n\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<div>" + b"<p>" + WORDS * 10 + b"</p><p>Best regards,<br>Ann Client</p></div>\r\n--b1--\r\n"
)
REPLY = (
    HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nIt is the laser one.\r\n\r\n-- \r\nAnn\r\n\r\n"
    b"On Mon, Feb 5, 2024 at 9:58 AM Help Desk <help@desk.example> wrote:\r\n\r\n" + (b"> " + WORDS) * 45
)


def measure(rounds: int) -> Iterator[Figure]:
    for name, raw in (("alternative", ALTERNATIVE), ("reply", REPLY)):
        own, floor = [], []
        for _ in range(rounds):
            floor.append(_least_ms(split, raw))
            own.append(_least_ms(_read, raw))
        note = f"{shown(min(own))} against {shown(min(floor))} ms"
        yield Figure(f"light mail read, {name}, by its splitting", ratios(own, floor), limit=TIMES_MAX, note=note)


def split(raw: bytes) -> None:
    """What anybody who reads a mail has to do."""
    mail = email.message_from_bytes(raw)
    for name in ("subject", "from", "to", "message-id", "references"):
        str(make_header(decode_header(mail[name])))
    for part in mail.walk():
        part.get_payload(decode=True)


def _read(raw: bytes) -> None:
    translate(raw, received_at=NOW)


def _least_ms(work: Callable[[bytes], None], raw: bytes) -> float:
    """The least of many runs, for other work on the machine only ever adds."""
    taken = []
    for _ in range(MAILS):
        start = time.perf_counter()
        work(raw)
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken)
