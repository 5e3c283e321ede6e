"""What comes back is noticed: the address is marked, the ticket shows it, who works on it hears, and nothing loops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.addressing import message_id_of, return_address
from bot.channels.email.translate import Envelope, translate
from bot.messages import CONSOLE, EMAIL, InboundMessage, Outgoing, Receipt, Trust
from bot.store import Query
from tests.desk import SUPPORT, Desk
from tests.stories.cast import PRINTER, SERVER, Cast

DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>\r\nSubject: Undelivered Mail Returned to Sender"
HANDLE = Query("SELECT is_dead, is_stopped, trouble FROM handle WHERE channel = :channel AND address = :address")
REASONS = Query("SELECT kind, reason FROM event WHERE ticket_id = :ticket_id ORDER BY id", scans="tests")
UNKNOWN = ("failed", "5.1.1", "550 5.1.1 User unknown")
FULL = ("failed", "5.2.2", "552 5.2.2 Mailbox full")
LATE = ("delayed", "4.4.1", "connection timed out")
POLICY = ("failed", "5.7.1", "554 5.7.1 Message refused by policy")


def report_of(sent: Outgoing, said: tuple[str, str, str], *, returned: str = "", to: str = "") -> bytes:
    """A delivery status as Postfix writes it; returned: the header of ours that it brings back."""
    action, status, detail = said
    return (
        f"{DAEMON}\r\nTo: {to or return_address(SUPPORT, sent.token)}\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.example\r\n\r\n"
        f"Final-Recipient: rfc822; {sent.to.address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {detail}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    ).encode()


def read(desk: Desk, raw: bytes, *, to: str = "") -> InboundMessage:
    return translate(raw, received_at=desk.now, envelope=Envelope("", (to,) if to else ()))


async def comes_back(desk: Desk, sent: Outgoing, said: tuple[str, str, str], **how: Any) -> Receipt:
    # Two bounces of one text are one mail to the desk; real ones have a date.
    raw = report_of(sent, said, **how).replace(
        b"the mail system.", f"the mail system, of {sent.token} at {desk.now}.".encode()
    )
    return await desk.stage.receive(read(desk, raw))


def handle(desk: Desk, address: str, channel: str = EMAIL) -> Any:
    return desk.store.read_sync(lambda tx: tx.one(HANDLE, channel=channel, address=address))


def reasons(desk: Desk, kind: str, ticket_id: int = 1) -> list[str]:
    rows = desk.store.read_sync(lambda tx: tx.all(REASONS, ticket_id=ticket_id))
    return [row.reason for row in rows if row.kind == kind]


async def a_claimed_ticket(desk: Desk) -> tuple[Cast, Outgoing]:
    """Tom has Anna's ticket; what she was sent last."""
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Printer")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    return cast, desk.sent_to(cast.anna)[-1]


# ---------------------------------------------------------------- for good


async def test_hard_bounce_stops_writing_shows_on_the_ticket_and_tells_who_works_on_it(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    receipt = await comes_back(desk, sent, UNKNOWN)
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    assert handle(desk, cast.anna.email).is_dead and "User unknown" in handle(desk, cast.anna.email).trouble
    (told,) = desk.told(cast.tom, "undeliverable")
    assert "Anna Kim" in told.body and "handle lift anna@acme.example" in told.body
    assert "undeliverable" not in desk.kinds(cast.maria), "who works on the ticket hears of it"
    page = (await desk.do(cast.tom, "show 1")).text
    assert "claimed by email was not delivered (bounced): 550 5.1.1 User unknown" in page
    assert "bounced" in (await desk.do(cast.tom, "why 1")).text
    before = len(desk.sent_to(cast.anna))
    refused = await desk.do(cast.tom, "reply 1 Please switch it off and on.")
    assert not refused.is_ok and "no living channel" in refused.text
    assert len(desk.sent_to(cast.anna)) == before


async def test_what_waits_for_a_dead_address_is_not_sent_there(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(EMAIL, CONSOLE))
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    assert [row.state for row in desk.deliveries(kind="claimed")] == ["pending"], "it waits two minutes"
    await comes_back(desk, desk.sent_to(cast.anna)[0], UNKNOWN)
    await desk.advance(minutes=10)
    assert len(desk.sent_to(cast.anna, channel=EMAIL)) == 1
    (told,) = desk.sent_to(cast.anna, channel=CONSOLE)
    assert told.notice.body.index("we have your message") < told.notice.body.index("has taken your ticket")


async def test_answer_that_came_back_keeps_no_promise_unless_another_one_arrived(desk: Desk) -> None:
    cast, _ = await a_claimed_ticket(desk)
    await desk.do(cast.tom, "reply 1 Please open the lid.")
    promised = desk.ticket(1).respond_by
    assert desk.ticket(1).promise_at is None
    await comes_back(desk, desk.sent_to(cast.anna)[-1], POLICY)
    assert desk.ticket(1).promise_at == promised and "answer came back" in desk.events(1)
    await desk.do(cast.tom, "reply 1 Once more.")
    assert desk.ticket(1).promise_at is None
    await desk.do(cast.tom, "reply 1 And this.")
    await comes_back(desk, desk.sent_to(cast.anna)[-1], POLICY)
    assert desk.ticket(1).promise_at is None and desk.events(1).count("answer came back") == 1


async def test_bounce_of_a_ticket_nobody_has_is_told_to_the_manager(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await comes_back(desk, desk.sent_to(cast.anna)[0], UNKNOWN)
    assert "undeliverable" in desk.kinds(cast.maria) and "undeliverable" not in desk.kinds(cast.tom)


async def test_bounce_to_a_contact_with_another_channel_goes_there(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(EMAIL, CONSOLE))
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await comes_back(desk, desk.sent_to(cast.anna)[-1], UNKNOWN)
    assert [one.notice.kind for one in desk.sent_to(cast.anna, channel=CONSOLE)] == ["claimed"]
    (told,) = desk.told(cast.tom, "undeliverable")
    assert "next channel" in told.body


async def test_consultants_own_dead_address_is_left_for_their_next_channel(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL, CONSOLE))
    await desk.say(cast.anna, PRINTER)
    await comes_back(desk, desk.sent_to(cast.tom)[0], UNKNOWN)
    assert [one.notice.kind for one in desk.sent_to(cast.tom, channel=CONSOLE)] == ["offered"]
    assert handle(desk, cast.tom.email).is_dead


async def test_bounce_of_the_notice_of_a_bounce_is_told_to_nobody(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER)
    await comes_back(desk, desk.sent_to(cast.anna)[0], UNKNOWN)
    (told,) = [one for one in desk.sent_to(cast.maria) if one.notice.kind == "undeliverable"]
    sent = len(desk.everything_sent())
    await comes_back(desk, told, UNKNOWN)
    assert len(desk.everything_sent()) == sent and handle(desk, cast.maria.email).is_dead
    assert desk.events().count("bounced") == 2


async def test_refusal_of_a_policy_fails_the_mail_and_not_the_address(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, POLICY)
    assert not handle(desk, cast.anna.email).is_dead
    assert "undeliverable" in desk.kinds(cast.tom)
    for number in range(2):
        await desk.do(cast.tom, f"reply 1 Once more ({number}).")
        await comes_back(desk, desk.sent_to(cast.anna)[-1], POLICY)
    assert handle(desk, cast.anna.email).is_dead, "three in a week are enough"


async def test_bounce_of_an_address_behind_ours_does_not_mark_ours(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    raw = report_of(sent, UNKNOWN).replace(b"rfc822; anna@acme.example", b"rfc822; old@elsewhere.example")
    await desk.stage.receive(read(desk, raw))
    assert not handle(desk, cast.anna.email).is_dead
    assert desk.deliveries(state="bounced") and "undeliverable" in desk.kinds(cast.tom)


# ---------------------------------------------------------------- found by all that names it


@pytest.mark.parametrize("clue", ["return path", "header", "message id", "envelope id", "reply address"])
async def test_delivery_is_found_by_any_of_our_marks(desk: Desk, clue: str) -> None:
    cast, sent = await a_claimed_ticket(desk)
    raw = report_of(sent, UNKNOWN, to=SUPPORT)
    if clue == "return path":
        raw = report_of(sent, UNKNOWN)
    elif clue == "header":
        raw = report_of(sent, UNKNOWN, to=SUPPORT, returned=f"X-Holdline-Delivery: {sent.token}")
    elif clue == "message id":
        raw = report_of(sent, UNKNOWN, to=SUPPORT, returned=f"Message-ID: {message_id_of(sent.token, SUPPORT)}")
    elif clue == "envelope id":
        raw = raw.replace(b"Reporting-MTA", f"Original-Envelope-Id: {sent.token}\r\nReporting-MTA".encode())
    to = f"support+r.{sent.reply_token}@desk.example" if clue == "reply address" else ""
    await desk.stage.receive(read(desk, raw, to=to))
    assert handle(desk, cast.anna.email).is_dead


async def test_bounce_in_any_words_is_known_by_the_return_path_it_came_to(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    to = return_address(SUPPORT, sent.token)
    raw = (
        f"From: robot@mx.acme.example\r\nTo: {to}\r\nSubject: oh\r\n\r\n<anna@acme.example>: no such user\r\n".encode()
    )
    await desk.stage.receive(read(desk, raw, to=to))
    assert handle(desk, cast.anna.email).is_dead


async def test_bounce_that_names_nothing_of_ours_is_kept_with_an_event(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    forged = sent.token[:-1] + ("a" if sent.token[-1] != "a" else "b")
    raw = report_of(sent, UNKNOWN, to=return_address(SUPPORT, forged), returned="Message-ID: <x@acme.example>")
    receipt = await desk.stage.receive(read(desk, raw))
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", None)
    assert not handle(desk, cast.anna.email).is_dead
    assert "report of nothing known" in desk.events()


async def test_bounce_opens_no_ticket_and_its_sender_is_no_contact(desk: Desk) -> None:
    cast = Cast(desk, domains=("acme.example",))
    await desk.say(cast.anna, PRINTER)
    raw = report_of(desk.sent_to(cast.anna)[0], UNKNOWN).replace(b"@mx.acme.example", b"@acme.example")
    message = read(desk, raw)
    receipt = await desk.stage.receive(message)
    assert receipt.outcome == "recorded" and len({row.ticket_id for row in desk.inbound() if row.ticket_id}) == 1
    proven = InboundMessage(
        **{name: getattr(message, name) for name in message.__slots__} | {"key": "again", "trust": Trust.PROVEN}
    )
    await desk.stage.receive(proven)
    assert desk.told(cast.anna, "approval_needed") == []


async def test_bounce_before_the_courier_noted_that_it_sent_counts(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].forgetful.add(cast.anna.email)
    await desk.say(cast.anna, PRINTER)
    assert desk.deliveries(kind="received")[0].state == "pending"
    desk.posts[EMAIL].down[cast.anna.email] = ConnectionError("away")
    await desk.advance(seconds=1)
    await comes_back(desk, desk.sent_to(cast.anna)[0], UNKNOWN)
    await desk.advance(minutes=10)
    assert len(desk.sent_to(cast.anna)) == 1


# ---------------------------------------------------------------- for now, and only late


async def test_full_mailbox_gets_the_same_mail_again_and_is_given_up_after_three_times(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    for hours in (1, 6, 24):
        await comes_back(desk, desk.sent_to(cast.anna)[-1], FULL)
        assert "undeliverable" not in desk.kinds(cast.tom)
        await desk.advance(hours=hours)
        assert desk.sent_to(cast.anna)[-1].token == sent.token, "a repeat folds"
    assert len([one for one in desk.sent_to(cast.anna) if one.token == sent.token]) == 4
    await comes_back(desk, sent, FULL)
    assert "undeliverable" in desk.kinds(cast.tom) and not handle(desk, cast.anna.email).is_dead
    await desk.advance(days=3)
    assert len([one for one in desk.sent_to(cast.anna) if one.token == sent.token]) == 4


async def test_what_waits_for_a_full_mailbox_holds_nothing_else_up(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, FULL)
    await desk.do(cast.tom, "reply 1 Open the lid.")
    assert desk.sent_to(cast.anna)[-1].notice.kind == "replied"


async def test_page_does_not_wait_for_a_full_mailbox(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL, CONSOLE))
    await desk.say(cast.anna, SERVER)  # P1: the offer is a page
    await comes_back(desk, desk.sent_to(cast.tom)[0], FULL)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [EMAIL, CONSOLE]
    assert not handle(desk, cast.tom.email).is_dead


async def test_delay_is_noted_and_no_failure(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, LATE)
    assert "undeliverable" not in desk.kinds(cast.tom)
    assert not desk.deliveries(state="bounced") and not handle(desk, cast.anna.email).is_dead
    assert reasons(desk, "delivery delayed") == ["claimed: 4.4.1 connection timed out"]


# ---------------------------------------------------------------- taken back


async def test_mail_from_the_address_lifts_the_mark(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, UNKNOWN)
    await desk.say(cast.anna, "I am here again.", answers=1, trust=Trust.UNPROVEN, reply_token="")
    assert handle(desk, cast.anna.email).is_dead, "a forged mail lifts nothing"
    await desk.say(cast.anna, "I am here again.", answers=1)
    assert not handle(desk, cast.anna.email).is_dead and handle(desk, cast.anna.email).trouble == ""
    assert (await desk.do(cast.tom, "reply 1 Good.")).is_ok


# ---------------------------------------------------------------- complaints


async def test_complaint_ends_notices_and_not_the_words_of_a_person(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    raw = (
        f"From: fbl@isp.example\r\nTo: {SUPPORT}\r\nSubject: FW: complaint\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is a report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
        f"Original-Rcpt-To: <{sent.to.address}>\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id_of(sent.token, SUPPORT)}\r\n"
        f"To: {sent.to.address}\r\n\r\nText\r\n--b--\r\n"
    ).encode()
    receipt = await desk.stage.receive(read(desk, raw))
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    (told,) = desk.told(cast.maria, "complained")
    assert "anna@acme.example" in told.body and "abuse" in told.body
    await desk.do(cast.tom, "reply 1 Open the lid.")
    await desk.do(cast.tom, "resolve 1 -- done")
    await desk.advance(minutes=10)
    assert desk.kinds(cast.anna)[-1] == "replied"
    assert [row.state for row in desk.deliveries(kind="resolved")] == ["held"]


# ---------------------------------------------------------------- money


async def test_price_that_nobody_was_told_bills_nothing(desk: Desk) -> None:
    night = desk.now + timedelta(hours=13)
    await desk.until(night)
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    (price,) = [one for one in desk.sent_to(cast.anna) if one.notice.kind == "price_told"]
    await comes_back(desk, price, UNKNOWN)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(hours=14)
    assert desk.charges() == [] and "contact_charged" not in desk.kinds(cast.anna)


# ---------------------------------------------------------------- a filter wants a person


async def test_challenge_is_told_to_who_works_on_the_ticket_and_answered_by_nobody(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    sent = desk.sent_to(cast.anna)[-1]
    before = len(desk.sent_to(cast.anna))
    raw = (
        f"From: Filter <verify@arrest.example>\r\nIn-Reply-To: {message_id_of(sent.token, SUPPORT)}\r\n"
        "Subject: Re: Label printer (verification)\r\nMessage-ID: <c1@arrest.example>\r\n\r\n"
        "I'm protecting myself from receiving junk mail. Just this once, click the link below so I can receive your\r\n"
        "emails.\r\n\r\nhttps://arrest.example/a2?x\r\n"
    ).encode()
    message = read(desk, raw)
    assert message.automatic == "auto-reply" and message.is_challenge
    receipt = await desk.stage.receive(message)
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    (told,) = desk.told(cast.tom, "challenged")
    assert "verify@arrest.example" in told.body and "files 1 mail" in told.body and "a2?x" in told.body
    assert len(desk.sent_to(cast.anna)) == before and "challenged" in desk.events(1)
