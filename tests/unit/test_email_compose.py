"""What a mail of ours looks like: threaded, marked as automatic, and with nothing from outside among its headers."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addressing import delivery_named, delivery_token, return_address, token_in_message_id
from bot.channels.email.calendars import calendar_of
from bot.channels.email.compose import compose, recipient, rendered, thread_index
from bot.channels.email.translate import Envelope, translate
from bot.errors import DeliveryRefused
from bot.invitations import Invitation
from bot.messages import EMAIL, File, Handle, Notice, Outgoing
from bot.subjects import is_same_topic, topic
from bot.tokens import Signer

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
SIGNER = Signer({"ab": b"tests sign with this"}, "ab")
DESK = "support@desk.example"
PLAIN = Outgoing(
    delivery_id=7,
    key="inbound:1:claimed:3",
    to=Handle(EMAIL, "anna@acme.example"),
    notice=Notice("claimed", "[#42] Printer is down", "Tom has taken it.\n\nMore follows."),
    ticket_id=42,
    references=("<root@acme.example>", "<second@acme.example>"),
    reply_token="42-3.ab0123456789abcdef",
    token=delivery_token(SIGNER, 7, NOW),
    opened_at=NOW - timedelta(hours=3),
)
HEADERS = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "thread-topic", "thread-index",
    "reply-to", "auto-submitted", "x-auto-response-suppress", "feedback-id", "x-holdline-delivery", "mime-version",
    "content-type", "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip


def composed(outgoing: Outgoing, **choices: object) -> bytes:
    return rendered(compose(outgoing, desk_name="Desk", desk_address=DESK, now=NOW, **choices))  # type: ignore[arg-type]


def header_names(raw: bytes) -> list[str]:
    """The names of the header fields, as any program reads them: a line that does not begin with a blank."""
    head = raw.partition(b"\r\n\r\n")[0]
    return [line.partition(b":")[0].decode("latin-1").lower() for line in re.split(rb"\r\n(?![ \t])", head)]


def test_mail_names_its_thread_for_every_program() -> None:
    mail = message_from_bytes(composed(PLAIN), policy=default)
    assert mail["References"] == "<root@acme.example> <second@acme.example>"
    assert mail["In-Reply-To"] == "<second@acme.example>"
    assert mail["Thread-Topic"] == "Printer is down"
    assert mail["Reply-To"] == "Desk <support+r.42-3.ab0123456789abcdef@desk.example>"


def test_long_names_of_messages_stay_as_they_are() -> None:
    long = f"<{'DB9PR08MB' * 12}@DB9PR08MB7654.eurprd08.prod.outlook.com>"
    raw = composed(replace(PLAIN, references=(long, "<second@acme.example>", long)))
    assert f"References: {long} <second@acme.example> {long}\r\n".encode() in raw
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


def test_outlooks_conversation_is_one_for_all_mails_of_a_ticket() -> None:
    one = base64.b64decode(thread_index("42", NOW, NOW))
    later = base64.b64decode(thread_index("42", NOW, NOW + timedelta(days=2)))
    other = base64.b64decode(thread_index("43", NOW, NOW))
    assert len(one) == 27 and one[:22] == later[:22] and one[22:] < later[22:]
    assert one[:6] == other[:6] and one[6:22] != other[6:22]
    # The first six bytes are those of a Windows file time: 100 ns since 1601.
    since = int.from_bytes(one[:6], "big") << 16
    assert abs(timedelta(microseconds=since / 10) - (NOW - datetime(1601, 1, 1, tzinfo=UTC))) < timedelta(seconds=1)


def test_what_a_program_wrote_says_so_and_what_a_person_wrote_does_not() -> None:
    notice = message_from_bytes(composed(PLAIN), policy=default)
    assert notice["Auto-Submitted"] == "auto-generated" and notice["Feedback-ID"].endswith(":holdline")
    answer = message_from_bytes(composed(replace(PLAIN, is_response=True)), policy=default)
    assert answer["Auto-Submitted"] == "auto-replied"
    typed = message_from_bytes(composed(replace(PLAIN, is_automatic=False)), policy=default)
    assert typed["Auto-Submitted"] is None and typed["Feedback-ID"] is None


@pytest.mark.parametrize(("is_automatic", "is_response"), [(True, False), (True, True), (False, False)])
def test_another_desk_reads_our_mail_as_what_it_is(is_automatic: bool, is_response: bool) -> None:
    raw = composed(replace(PLAIN, is_automatic=is_automatic, is_response=is_response))
    read = translate(raw, received_at=NOW, envelope=Envelope(return_address(DESK, PLAIN.token)))
    expected = None if not is_automatic else "auto-reply" if is_response else "auto-generated"
    assert (read.automatic, read.subject) == (expected, "[#42] Printer is down")
    assert read.own_token == PLAIN.token and token_in_message_id(read.message_id) == PLAIN.token


def test_token_names_the_delivery_and_nobody_else_can_make_one() -> None:
    named = delivery_named(SIGNER, PLAIN.token)
    assert named is not None and (named.id, named.seconds) == (7, int(NOW.timestamp()))
    assert delivery_named(SIGNER, PLAIN.token.upper()) == named, "mail systems fold case"
    assert delivery_named(Signer({"ab": b"somebody else's key"}, "ab"), PLAIN.token) is None
    assert delivery_named(SIGNER, "8" + PLAIN.token[1:]) is None and delivery_named(SIGNER, "") is None


def test_return_path_that_would_be_too_long_is_the_desks_own() -> None:
    assert return_address(DESK, PLAIN.token) == f"support+b.{PLAIN.token}@desk.example"
    long = "customer-support-and-accounts-of-north-america@desk.example"
    assert return_address(long, PLAIN.token) == long


def test_digest_says_how_to_end_it() -> None:
    digest = replace(PLAIN, ticket_id=None, digest_token="9.ab0123456789abcdef")
    by_mail = message_from_bytes(composed(digest), policy=default)
    assert by_mail["List-Unsubscribe"] == "<mailto:support+u.9.ab0123456789abcdef@desk.example?subject=unsubscribe>"
    assert by_mail["List-Unsubscribe-Post"] is None
    linked = composed(digest, digest_link=lambda token: f"https://desk.example/unsubscribe/{token}")
    by_click = message_from_bytes(linked, policy=default)
    assert by_click["List-Unsubscribe"].startswith("<https://desk.example/unsubscribe/9.ab0123456789abcdef>, <mailto:")
    assert by_click["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "address", ["", "anna", "@acme.example", "anna@", "a b@acme.example", "anna@a\r\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        recipient(address)
    assert refused.value.is_address_dead


def test_address_outside_of_ascii_is_written_as_it_is_and_its_domain_in_ascii() -> None:
    assert recipient("anna@bücher.example").addr_spec == "anna@xn--bcher-kva.example"
    raw = composed(replace(PLAIN, to=Handle(EMAIL, "jörg@bücher.example")))
    assert "To: jörg@xn--bcher-kva.example\r\n".encode() in raw


# ---------------------------------------------------------------- nothing from outside reaches a header

LETTERS = 'ab:@<>"\\,;=?\r\n\t \x00\x0b\x0c\x1c\x85\u2028é漢\U0001f600()[]'
HOSTILE = st.text(LETTERS, max_size=60) | st.text(max_size=60)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_line_break_from_outside_reaches_a_header(
    subject: str, local: str, reference: str, file_name: str, content_type: str, body: str
) -> None:
    outgoing = replace(
        PLAIN,
        to=Handle(EMAIL, f"{local}@acme.example"),
        notice=Notice("claimed", f"{subject}\r\nBcc: eve@evil.example", body),
        references=(reference, f"<{reference}>", "<root@acme.example>\r\nBcc: eve@evil.example"),
        files=(File(f"{file_name}\r\nX-Evil: 1", f"{content_type}\r\nX-Evil: 1", b"content"),),
        digest_token="9.ab0123456789abcdef",
    )
    try:
        raw = composed(outgoing)
    except DeliveryRefused:
        raw = composed(replace(outgoing, to=PLAIN.to))
    names = header_names(raw)
    assert set(names) <= HEADERS and len(names) == len(set(names))
    assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    mail = message_from_bytes(raw, policy=default)
    assert mail["Bcc"] is None and all(part["X-Evil"] is None for part in mail.walk())
    assert len(mail["To"].addresses) == 1


# ---------------------------------------------------------------- subjects


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        ("Re: [#42] Printer is down", "Printer is down"),
        ("AW: WG: Re[2]: Printer is down", "Printer is down"),
        ("[list] RE: Printer", "Printer"),
        ("回复：打印机", "打印机"),
        ("Invoice: the second", "Invoice: the second"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_topic_is_the_subject_without_prefixes_and_tags(subject: str, about: str) -> None:
    assert topic(subject) == about


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Printer is down", "Re: printer is  down", True),
        ("Printer is down", "Printer is down - solved", True),
        ("Printer is down", "", True),
        ("Printer is down", "New laptop for Maria", False),
        ("Printer", "Printer paper for the next three months, please order it", False),
    ],
)
def test_new_topic_is_told_from_an_old_one(one: str, other: str, is_same: bool) -> None:
    assert is_same_topic(one, other) is is_same


# ---------------------------------------------------------------- appointments in calendars

SLOT = Invitation(
    uid="ticket-42@desk.example", sequence=2, is_cancelled=False, starts_at=datetime(2026, 11, 20, 19, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 20, 20, 30, tzinfo=UTC), stamped_at=NOW, summary="#42 Größe, Farbe; und \\ mehr",
    description="onsite\nTom" + " Übergröße" * 30,
)  # fmt: skip


def calendars_in(raw: bytes) -> list[tuple[str, bytes]]:
    """The calendars of a mail: their content type with its method, and the bytes."""
    mail = message_from_bytes(raw, policy=default)
    return [
        (
            f"{part.get_content_type()} {part.get_param('method')} {part.get_content_disposition()}",
            part.get_payload(decode=True),
        )
        for part in mail.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]


def unfolded(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(
    ("is_cancelled", "method", "status"), [(False, "REQUEST", "CONFIRMED"), (True, "CANCEL", "CANCELLED")]
)
def test_appointment_is_an_invitation_that_calendars_read(is_cancelled: bool, method: str, status: str) -> None:
    notice = replace(PLAIN.notice, invitation=replace(SLOT, is_cancelled=is_cancelled))
    (first, inline), (second, file) = calendars_in(composed(replace(PLAIN, notice=notice)))
    assert (first, second) == (f"text/calendar {method} None", "application/ics None attachment")
    assert inline == file and all(len(line) <= 75 for line in file.split(b"\r\n"))
    lines = unfolded(file)
    assert [lines[place] for place in (0, -2)] == ["BEGIN:VCALENDAR", "END:VCALENDAR"]
    for line in (
        f"METHOD:{method}", "UID:ticket-42@desk.example", "SEQUENCE:2", "DTSTAMP:20261118T150000Z",
        "DTSTART:20261120T190000Z", "DTEND:20261120T203000Z", "SUMMARY:#42 Größe\\, Farbe\\; und \\\\ mehr",
        'ORGANIZER;CN="Desk":mailto:support@desk.example', f"STATUS:{status}",
    ):  # fmt: skip
        assert line in lines
    assert f"DESCRIPTION:onsite\\nTom{' Übergröße' * 30}" in lines
    # The words stay readable in programs that know no calendars.
    mail = message_from_bytes(composed(replace(PLAIN, notice=notice)), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None and "Tom has taken it." in body.get_content()


@given(st.text(), st.text())
def test_no_line_from_outside_reaches_a_calendar(summary: str, name: str) -> None:
    calendar = calendar_of(replace(SLOT, summary=summary), organizer=(name, DESK), attendee="a@b.example\r\nX:1")
    names = [line.partition(":")[0].partition(";")[0] for line in calendar.replace("\r\n ", "").split("\r\n")]
    assert names == [
        "BEGIN", "PRODID", "VERSION", "CALSCALE", "METHOD", "BEGIN", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND",
        "SUMMARY", "DESCRIPTION", "ORGANIZER", "ATTENDEE", "STATUS", "TRANSP", "END", "END", "",
    ]  # fmt: skip
