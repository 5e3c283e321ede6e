"""From bytes to message: identity, threading, tokens, places; and the answer of `inspect`."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.email.inspect import report
from bot.channels.email.prefixes import is_forward
from bot.channels.email.translate import Envelope, translate
from bot.messages import InboundMessage, Trust
from tests.yardstick import rods

FIELDS = "sender subject text body_text attachments message_id references automatic trust error report away_until_on"
NOW = datetime(2024, 1, 2, 9, 0, tzinfo=UTC)
CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "data" / "mail").glob("*.eml"))]
HOSTILE = [
    b"\r", b"\n", b"\r\n\r\n", b"--", b"=?", b"?=", b"=?utf-8?q?", b"<", b'"', b"(", b";", b"\0", b"\xff", b"\xe2\x82",
    b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n", b"--b--\n", b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-7", b"charset=utf-16", b"charset=hz", b"charset=idna", b"begin 644 x\n",
    b"<div>", b"<blockquote type=cite>",
    b"On Mon, 1 Jan 2020 x wrote:\n", b"> ", b"filename*0*=x''%", b"x" * 998,
]  # fmt: skip
MAIL = b"""From: Ann Client <Ann@Client.EXAMPLE>
To: Help Desk <support+r.abc.xyz234@desk.example>
Subject: Printer
Date: Tue, 2 Jan 2024 09:00:00 +0000
Message-ID: <m1@client.example>
In-Reply-To: <n2@desk.example>
References: <n1@desk.example> <n2@desk.example>

It burns.
"""


def message(raw: bytes, envelope: Envelope | None = None) -> InboundMessage:
    return translate(raw, received_at=NOW, envelope=envelope)


def test_message_says_what_the_mail_says() -> None:
    told = message(MAIL)
    assert (told.sender.address, told.sender.display_name) == ("ann@client.example", "Ann Client")
    assert (told.subject, told.text, told.body_text) == ("Printer", "It burns.", "It burns.")
    assert (told.message_id, told.place.thread) == ("<m1@client.example>", "<m1@client.example>")
    assert told.references == ("<n2@desk.example>", "<n1@desk.example>")  # nearest first
    assert told.reply_token == "abc.xyz234"
    assert (told.trust, told.automatic, told.raw) == (Trust.UNPROVEN, None, MAIL)


def test_envelope_names_the_place() -> None:
    told = message(MAIL, Envelope("ann@client.example", ("Sales+r.tok.k1@desk.example",)))
    assert (told.place.conversation, told.reply_token) == ("sales+r.tok.k1@desk.example", "tok.k1")


@pytest.mark.parametrize(
    "other",
    [
        b"Received: from a by b; Tue, 2 Jan 2024\n" + MAIL,  # a retry took another way
        b"Return-Path: <x@y>\nDelivered-To: z@desk.example\nX-Spam: no\n" + MAIL,
        MAIL.replace(b"\n", b"\r\n"),  # over SMTP
        MAIL.replace(b"support+r", b"sales+r"),  # a second recipient
        MAIL + b"\n\n",
        b"From ann@client.example Tue Jan  2 09:00:00 2024\n" + MAIL,
    ],
)
def test_same_mail_has_the_same_key(other: bytes) -> None:
    assert message(other).key == message(MAIL).key


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"It burns", b"It smells"),  # a Message-ID used twice
        MAIL.replace(b"Printer", b"Scanner"),
        MAIL.replace(b"m1@", b"m2@"),
        MAIL.replace(b"Ann@", b"Bob@"),
        MAIL.replace(b"09:00:00", b"09:00:01"),
    ],
)
def test_other_mail_has_another_key(other: bytes) -> None:
    assert message(other).key != message(MAIL).key


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: x", True),
        ("[EXT] FW: x", True),
        ("WG: x", True),
        ("转发：x", True),
        ("Re: Fwd: x", False),
        ("Forward", False),
        ("VS: x", False),
    ],
)
def test_subject_says_that_it_is_a_forward(subject: str, expected: bool) -> None:
    assert is_forward(subject, "Lähettäjä: Tom\n") is expected


def test_danish_forward_and_finnish_answer_begin_alike() -> None:
    assert is_forward("VS: x", "Fra: Tom Becker\nSendt: 3. marts 2025 09:58\n")


@given(st.binary(max_size=400))
def test_any_bytes_get_an_answer(raw: bytes) -> None:
    answer = report(raw)
    # What is no mail at all is said to be none.
    assert answer["error"] is None or str(answer["error"]).startswith("The file is ")
    assert " ".join(answer) == FIELDS


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A mail of the corpus with pieces of others and of hostile shapes put in, left out and doubled."""
    raw = draw(st.sampled_from(CORPUS))
    for _ in range(draw(st.integers(1, 6))):
        at, size = draw(st.integers(0, len(raw))), draw(st.integers(0, 60))
        other = draw(st.sampled_from(CORPUS))
        piece = draw(st.sampled_from([*HOSTILE, other[at : at + 200], other[:200]]))
        raw = raw[:at] + piece * draw(st.sampled_from([1, 1, 1, 30])) + raw[at + size :]
    return raw


@given(damaged())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_damaged_mail_gets_an_answer_and_no_byte_is_lost(raw: bytes) -> None:
    error = report(raw)["error"]
    assert error is None or "parts" in str(error) or str(error).startswith("The file is ")
    told = message(raw)
    assert told.raw == raw
    json.dumps([told.text, told.body_text, told.subject, told.sender.display_name], ensure_ascii=False).encode()


def test_mail_past_a_cap_is_still_told_of() -> None:
    raw = (
        b"From: ann@client.example\nSubject: Bomb\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 10_001
    )
    answer = report(raw)
    assert (answer["sender"], answer["subject"]) == ("ann@client.example", "Bomb")
    assert answer["error"] == "The mail has over 10,000 parts."


def test_reading_a_mail_imports_nothing_heavy() -> None:
    code = "import sys, bot.channels.email.inspect as i; i.report(open(0, 'rb').read()); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], input=MAIL, capture_output=True, check=True)
    loaded = set(told.stdout.decode().split())
    assert not loaded & {
        "dkim",
        "dns",
        "spf",
        "flufl.bounce",
        "charset_normalizer",
        "authres",
        "asyncio",
        "lxml",
        "email.parser",
    }


SIZE = 500_000
# The dearest shapes that were found: text, with or without format=flowed, and markup.
DEAR = [
    (b"", b"on 1" + b"1" * 240 + b"> \n"),
    (b"", b"on 1 <" + b"a" * 60 + b"@" + b"b" * 200 + b"> \n"),
    (b"", b"Ann 1111 1111 1/1 1/1 11:1 wrote\n"),
    (b"Content-Type: text/plain; format=flowed\n", b"\n"),
    (b"Content-Type: text/plain; format=flowed\n", b">\n"),
    (b"Content-Type: text/html\n", b"<li>"),
    (b"Content-Type: text/html\n", b"<div>x"),
    (b"Content-Type: text/html\n", b"<pre>\n"),
]


# Two seconds a megabyte.
RODS_MAX = 60


@pytest.mark.parametrize(("head", "piece"), DEAR, ids=range(len(DEAR)))
def test_dearest_shapes_take_under_two_seconds_a_megabyte(head: bytes, piece: bytes) -> None:
    raw = b"From: a@b.example\nSubject: x\n" + head + b"\n" + piece * (SIZE // len(piece))
    assert rods(lambda: message(raw), RODS_MAX) < RODS_MAX
