"""`inspect mail` is honest about what is no mail, and never hangs."""

from __future__ import annotations

import pytest

from bot.channels.email import inspect
from bot.channels.email.inspect import report

MAILBOX = (
    b"From ann@client.example Mon Jan  1 00:00:00 2024\nFrom: ann@client.example\nSubject: one\n\nfirst\n\n"
    b"From bob@client.example Tue Jan  2 00:00:00 2024\nFrom: bob@client.example\nSubject: two\n\nsecond\n"
)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "The file is no mail: it has no header, and is no text."),
        (bytes(range(256)) * 20, "The file is no mail: it has no header, and is no text."),
    ],
)
def test_what_is_no_mail_is_said_to_be_none(raw: bytes, error: str) -> None:
    answer = report(raw)
    assert (answer["error"], answer["text"], answer["attachments"]) == (error, "", [])


def test_text_without_a_header_is_read() -> None:
    assert report(b"just words\n") | {"text": "just words", "error": None} == report(b"just words\n")


def test_of_a_mailbox_the_first_mail_is_read() -> None:
    answer = report(MAILBOX)
    assert (answer["sender"], answer["subject"], answer["text"]) == ("ann@client.example", "one", "first")


def test_a_mail_that_takes_too_long_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect, "CPU_SECONDS_MAX", 0.02)
    answer = report(b"From: ann@client.example\nSubject: long\nContent-Type: text/html\n\n" + b"<div>a" * 600_000)
    assert answer["sender"] == "ann@client.example"
    assert answer["error"] == "Reading the mail took over 0.02 s of processor time."
