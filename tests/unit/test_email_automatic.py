"""Which mail no person wrote, what a bounce says, and when somebody is back. More classes in tests/data/mail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.channels.email import bounces
from bot.channels.email.absence import return_on
from bot.channels.email.inspect import report as inspected
from bot.channels.email.translate import Envelope, read

CORPUS = Path(__file__).parent.parent / "data" / "mail"


def kind(header: str, body: str = "Hello.\n", envelope: Envelope | None = None) -> str | None:
    return read((header + "\n\n" + body).encode(), envelope=envelope).automatic


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("From: ann@x.example\nSubject: Printer", None),
        ("From: ann@x.example\nSubject: Printer\nAuto-Submitted: no", None),
        ("From: ann@x.example\nSubject: Printer\nX-Auto-Response-Suppress: All", None),
        ("From: ann@x.example\nSubject: Automatic reply: Printer\nX-Auto-Response-Suppress: All", "auto-reply"),
        ("From: ann@x.example\nSubject: Re: Printer\nAuto-Submitted: auto-replied", "auto-reply"),
        ("From: ann@x.example\nSubject: Re: Printer\nPrecedence: auto_reply", "auto-reply"),
        ("From: ann@x.example\nSubject: Printer\nAuto-Submitted: auto-generated", "auto-generated"),
        ("From: noreply@x.example\nSubject: Printer", "auto-generated"),
        ("From: no.reply+42@x.example\nSubject: Printer", "auto-generated"),
        ("From: norepliesplease@x.example\nSubject: Printer", None),
        ("From: ann@x.example\nSubject: Sale\nList-Unsubscribe: <https://x>", "bulk"),
        ("From: ann@x.example\nSubject: Sale\nPrecedence: bulk", "bulk"),
        ("From: ann@x.example\nSubject: Hi\nList-Post: <mailto:l@x>\nList-Unsubscribe: <https://x>", "list"),
        ("From: ann@x.example\nSubject: News\nList-Post: NO\nList-Id: <n.x>\nList-Unsubscribe: <https://x>", "bulk"),
        ("From: ann@x.example\nSubject: Hi\nMailing-List: list l@x", "list"),
        ("From: l@x.example\nSubject: Hi\nList-Post: <mailto:l@x>\nAuto-Submitted: auto-generated", "auto-generated"),
        ("From: ann@x.example\nSubject: Read: chapter 5", None),
        ("From: ann@x.example\nSubject: Undeliverable mail to Bob", None),
        ("From: ann@x.example\nSubject: FW: Automatic reply: Printer", None),
        ("Return-Path: <>\nFrom: ann@x.example\nSubject: Undeliverable: Printer", "bounce"),
        ("Return-Path: <>\nFrom: ann@x.example\nSubject: Re: Printer\nIn-Reply-To: <a@b>", "auto-reply"),
        ("Return-Path: <>\nFrom: ann@x.example\nSubject: Printer", "auto-generated"),
    ],
)
def test_class_follows_from_the_header(header: str, expected: str | None) -> None:
    assert kind(header) == expected


def test_envelope_tells_more_than_the_header() -> None:
    header = "Return-Path: <>\nFrom: ann@x.example\nSubject: Printer"
    assert kind(header, envelope=Envelope("ann@x.example")) is None
    assert kind("From: ann@x.example\nSubject: Printer", envelope=Envelope("")) == "auto-generated"


def test_person_who_speaks_of_an_absence_is_a_person() -> None:
    header = "From: ann@x.example\nSubject: Re: Printer\nIn-Reply-To: <a@b>"
    assert kind(header, "I will be out of the office on Friday, can you come on Thursday?") is None
    assert kind(header, "This is an automatic reply: I am out of the office.") == "auto-reply"


def bounced(name: str) -> bounces.Bounce:
    return bounces.read(read((CORPUS / f"auto-bounce-{name}.eml").read_bytes()).evidence)


@pytest.mark.parametrize(
    "name",
    ["postfix", "exim", "qmail", "sendmail", "exchange", "exchange-2003", "gmail", "yahoo", "domino", "no-daemon-name"],
)
def test_bounce_names_the_dead_address(name: str) -> None:
    bounce = bounced(name)
    assert [failure.address for failure in bounce.failures] == ["ann@client.example"]
    assert bounce.failures[0].is_address_dead and bounce.is_permanent and not bounce.is_delay


@pytest.mark.parametrize("name", ["postfix", "exim", "qmail", "sendmail", "exchange"])
def test_bounce_names_our_mail(name: str) -> None:
    assert bounced(name).message_ids == ("<n1@desk.example>",)


@pytest.mark.parametrize("name", ["postfix-delay", "exim-without-headers"])
def test_notice_of_delay_is_no_failure(name: str) -> None:
    bounce = bounced(name)
    assert bounce.is_delay and not bounce.is_permanent
    assert not any(failure.is_address_dead for failure in bounce.failures)


def test_full_mailbox_is_not_a_dead_address() -> None:
    raw = (CORPUS / "auto-bounce-postfix.eml").read_bytes()
    full = raw.replace(b"Status: 5.1.1", b"Status: 5.2.2").replace(b"5.1.1 User unknown", b"5.2.2 Mailbox full")
    bounce = bounces.read(read(full).evidence)
    assert bounce.is_permanent and not bounce.failures[0].is_address_dead


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am out of the office until 8 January.", date(2024, 1, 8)),
        ("I will be back on January 15th, 2024.", date(2024, 1, 15)),
        ("Ich bin bis zum 12.01.2024 abwesend.", date(2024, 1, 12)),
        ("Ich bin vom 2. bis 9. Januar nicht da.", date(2024, 1, 9)),
        ("Je serai absent jusqu'au 5 février.", date(2024, 2, 5)),
        ("back on 2024-02-03", date(2024, 2, 3)),
        ("away until 1 January", date(2025, 1, 1)),  # the next one
        ("until 01/02/2024", None),  # January or February?
        ("back on Monday", None),
        ("until 31 February 2024", None),
        ("since 3 January", None),
    ],
)
def test_return_date_is_read_where_it_is_plain(text: str, expected: date | None) -> None:
    assert return_on(text, on=date(2024, 1, 2)) == expected


def test_inspection_shows_what_a_bounce_says_and_when_somebody_is_back() -> None:
    told = inspected((CORPUS / "auto-bounce-postfix.eml").read_bytes())["report"]
    assert isinstance(told, dict) and told["what"] == "failed"
    assert told["failures"][0]["address"] == "ann@client.example" and told["failures"][0]["is_address_dead"]
    complaint = inspected((CORPUS / "auto-complaint-arf.eml").read_bytes())["report"]
    assert isinstance(complaint, dict)
    assert (complaint["what"], complaint["failures"][0]["address"]) == ("complaint", "ann@client.example")
    head = b"From: a@x.example\nAuto-Submitted: auto-replied\nDate: Wed, 18 Nov 2026 10:00:00 +0000"
    away = head + b"\n\nI am back on 30 November.\n"
    assert inspected(away)["away_until_on"] == "2026-11-30"
    assert inspected(away.replace(b"Date:", b"X-Date:"))["away_until_on"] is None
    assert inspected(b"From: a@x.example\n\nHello.\n")["report"] is None
