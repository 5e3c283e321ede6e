"""Which ticket a mail belongs to: what joins, what opens its own, and how people put it right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.email.translate import Envelope, translate
from bot.messages import EMAIL, TELEGRAM, InboundMessage, Trust
from bot.store import Query
from tests.desk import SUPPORT, Desk, ny
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast

EVENT = Query(
    "SELECT reason, detail_json FROM event WHERE ticket_id = :ticket_id AND kind = :kind ORDER BY id", scans="tests"
)


def event(desk: Desk, ticket_id: int, kind: str) -> tuple[str, dict[str, Any]]:
    rows = desk.store.read_sync(lambda tx: tx.all(EVENT, ticket_id=ticket_id, kind=kind))
    assert rows, f"no {kind} on ticket {ticket_id}"
    return rows[-1].reason, json.loads(rows[-1].detail_json)


def words(desk: Desk, ticket_id: int) -> list[str]:
    return [text for direction, text in desk.messages(ticket_id) if direction == "in"]


def a_mail(desk: Desk, header: str, body: str, *recipients: str) -> InboundMessage:
    """A mail as the listener takes it, from a sender whose domain vouches for it."""
    raw = f"{header}\r\n\r\n{body}\r\n".encode()
    message = translate(raw, received_at=desk.now, envelope=Envelope("anna@acme.example", recipients))
    return replace(message, trust=Trust.PROVEN)


async def two_tickets(desk: Desk) -> Cast:
    """Anna's printer, which Tom has, and a fresh mail of hers."""
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, "It also smells a little.", subject="Something else I noticed")
    return cast


# ---------------------------------------------------------------- joined, and parted again


async def test_fresh_mail_while_one_is_open_is_offered_to_be_joined(desk: Desk) -> None:
    cast = await two_tickets(desk)
    (told,) = desk.told(cast.tom, "wrote_anew")
    assert "It also smells" in told.body and told.actions[0].command == "join 2 1"
    assert "join 2 1" in event(desk, 2, "may belong together")[0]


async def test_joined_ticket_is_part_of_the_other_and_answers_find_that(desk: Desk) -> None:
    cast = await two_tickets(desk)
    answer = await desk.do(cast.tom, "join 2 1")
    assert answer.is_ok and answer.ticket_id == 1
    assert words(desk, 1) == [PRINTER, "It also smells a little."] and words(desk, 2) == []
    assert desk.ticket(2).state == "closed" and desk.ticket(2).joined_to_id == 1
    await desk.advance(minutes=5)
    assert "joined_for_you" in desk.kinds(cast.anna)
    receipt = await desk.say(cast.anna, "And it hums.", answers=2, subject="Re: [#2] Something else I noticed")
    assert (receipt.outcome, receipt.ticket_id) == ("joined", 1)
    assert "made ticket 2 part of this one" in event(desk, 1, "joined")[0]
    refused = await desk.do(cast.tom, "reopen 2")
    assert not refused.is_ok and "split 2" in refused.text
    assert not (await desk.do(cast.tom, "join 2 1")).is_ok


async def test_split_undoes_a_join(desk: Desk) -> None:
    cast = await two_tickets(desk)
    await desk.do(cast.tom, "join 2 1")
    await desk.advance(minutes=5)
    assert (await desk.do(cast.tom, "split 2")).is_ok
    assert words(desk, 1) == [PRINTER] and words(desk, 2) == ["It also smells a little."]
    await desk.settle()
    again = desk.ticket(2)
    assert again.state == "offered" and again.joined_to_id is None and again.promise_at is not None
    await desk.advance(minutes=5)
    assert "split_for_you" in desk.kinds(cast.anna)
    receipt = await desk.say(cast.anna, "And it hums.", answers=2)
    assert receipt.ticket_id == 2
    assert "split" in desk.events(2) and {"took in", "gave back"} <= set(desk.events(1))
    assert "join 2 1" in (await desk.do(cast.tom, "why 1")).text


async def test_last_message_gets_a_ticket_of_its_own_and_goes_back(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, HOURS, answers=1)
    assert not (await desk.do(cast.ines, "split 1")).is_ok
    answer = await desk.do(cast.tom, "split 1")
    assert answer.is_ok and answer.ticket_id == 2
    assert words(desk, 1) == [PRINTER] and words(desk, 2) == [HOURS]
    new = desk.ticket(2)
    assert (new.state, new.priority, new.client_id) == ("held", "P4", cast.acme.id)
    assert event(desk, 2, "opened")[1] == {"refers_to": 1}
    assert not (await desk.do(cast.tom, "split 1")).is_ok, "one message cannot be split"
    assert (await desk.do(cast.tom, "join 2 1")).is_ok
    assert words(desk, 1) == [PRINTER, HOURS]


async def test_join_carries_the_more_severe_priority_over_and_the_requester_hears(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS, subject="Opening hours")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "join 2 1")
    assert desk.ticket(1).priority == "P3" and "priority_changed" in desk.kinds(cast.anna)


@pytest.mark.parametrize(
    ("who", "line", "says"),
    [
        ("ines", "join 2 1", "Ticket 1 is another consultant's"),
        ("tom", "join 1 1", "itself"),
        ("tom", "join 2 99", "no ticket 99"),
        ("tom", "split 2", "Only one message"),
        ("maria", "join 3 1", "two clients"),
    ],
)
async def test_what_cannot_be_joined_says_why(desk: Desk, who: str, line: str, says: str) -> None:
    cast = await two_tickets(desk)
    globex = desk.a_client("GLOBEX", lead=cast.kim)
    await desk.say(desk.a_contact(globex, "Gus Holt"), "Our printer is broken too.", subject="Printer")
    answer = await desk.do(getattr(cast, who), line)
    assert not answer.is_ok and says in answer.text
    assert words(desk, 1) == [PRINTER] and len(words(desk, 2)) == 1


async def test_ticket_with_money_on_it_is_joined_by_nobody(desk: Desk) -> None:
    cast = await two_tickets(desk)
    await desk.do(cast.tom, "claim 2")
    await desk.do(cast.tom, "log 2 30m remote -- looked at it")
    answer = await desk.do(cast.tom, "join 2 1")
    assert not answer.is_ok and "Time is logged" in answer.text
    assert (await desk.do(cast.tom, "join 1 2")).is_ok
    assert desk.faults_in_books(cast.acme) == []


async def test_urgent_contact_at_night_is_not_joined_away(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.until(ny("2026-11-18 23:10"))
    await desk.say(cast.anna, SERVER, subject="Server down")
    answer = await desk.do(cast.tom, "join 2 1")
    assert not answer.is_ok and "urgent contact" in answer.text


# ---------------------------------------------------------------- subjects, windows, addresses, names


async def test_new_subject_in_an_old_thread_opens_a_ticket_that_points_to_the_old(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    receipt = await desk.say(cast.anna, "We hired somebody.", answers=1, subject="Laptop for a new colleague")
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)
    reason, detail = event(desk, 2, "opened")
    assert detail["refers_to"] == 1 and "goes on from ticket 1" in reason
    assert words(desk, 1) == [PRINTER]


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [#1] Label printer",
        "RE: Label printer",
        "AW: WG: label  printer",
        "Label printer - solved",
        "",
        "Re:",
        "[acme] Re: It hums",
    ],
)
async def test_answer_under_the_old_subject_joins(desk: Desk, subject: str) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    receipt = await desk.say(cast.anna, "It hums.", answers=1, subject=subject)
    assert (receipt.outcome, receipt.ticket_id) == ("joined", 1)


async def test_why_says_what_made_a_mail_part_of_its_ticket_and_what_nothing_proves(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.say(cast.anna, "It hums.", answers=1)
    assert event(desk, 1, "joined")[0] == "email, by the signed address it was sent to"
    doubtful = {"trust": Trust.UNPROVEN, "trust_reason": "no DKIM, no SPF", "reply_token": ""}
    await desk.say(cast.anna, "It smells.", answers=1, **doubtful)
    reason, _ = event(desk, 1, "joined")
    assert "as an answer to <" in reason and "nothing proves the sender (no DKIM, no SPF)" in reason
    assert "nothing proves the sender" in (await desk.do(cast.maria, "show 1")).text
    stranger = desk.a_stranger()
    told = desk.posts[EMAIL].last_to(cast.anna.email, 1)
    assert told is not None
    await desk.say(stranger, "I read that mail.", references=(desk.posts[EMAIL].ref_of(told).message_id,))
    assert event(desk, 1, "not joined")[0] == "the author is no person of this ticket"


async def test_answer_after_the_window_opens_a_ticket_that_refers_to_the_closed_one(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(days=10)
    assert desk.ticket(1).state == "closed"
    await desk.advance(days=20)
    receipt = await desk.say(cast.anna, "It is back.", answers=1, subject="Re: [#1] Label printer")
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)
    assert event(desk, 2, "opened")[1]["refers_to"] == 1
    assert desk.ticket(1).state == "closed"


async def test_answer_within_the_window_reopens(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(days=10)
    receipt = await desk.say(cast.anna, "It is back.", answers=1, subject="Re: [#1] Label printer")
    assert (receipt.outcome, receipt.ticket_id) == ("joined", 1) and desk.ticket(1).state == "claimed"


async def test_several_of_our_addresses_make_one_ticket(desk: Desk, tmp_path: Any) -> None:
    both = Desk(desk.store, tmp_path, addresses=(SUPPORT, "help@desk.example"))
    Cast(both)
    header = (
        f"From: Anna Kim <anna@acme.example>\r\nTo: {SUPPORT}\r\nCc: help@desk.example\r\nSubject: Label printer\r\n"
        "Message-ID: <one@acme.example>\r\nDate: Wed, 18 Nov 2026 15:00:00 +0000"
    )
    first = await both.stage.receive(a_mail(both, header, PRINTER, SUPPORT))
    # The same mail again for the other address, and once more out of a mailbox, with traces of its way on top.
    again = await both.stage.receive(a_mail(both, header, PRINTER, "help@desk.example"))
    traced = f"Return-Path: <anna@acme.example>\r\nDelivered-To: help@desk.example\r\n{header}"
    third = await both.stage.receive(a_mail(both, traced, PRINTER))
    assert first.outcome == "opened" and again.is_replay and third.is_replay
    assert len(both.inbound()) == 1


async def test_same_message_id_with_other_content_is_another_message(desk: Desk) -> None:
    Cast(desk)
    header = (
        f"From: Anna Kim <anna@acme.example>\r\nTo: {SUPPORT}\r\nSubject: Label printer\r\n"
        "Message-ID: <same@acme.example>\r\nDate: Wed, 18 Nov 2026 15:00:00 +0000"
    )
    await desk.stage.receive(a_mail(desk, header, PRINTER, SUPPORT))
    second = await desk.stage.receive(a_mail(desk, header, HOURS, SUPPORT))
    assert second.outcome == "opened" and [row.outcome for row in desk.inbound()] == ["opened", "opened"]


async def test_number_in_the_subject_alone_joins_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    receipt = await desk.say(cast.anna, "It hums.", subject="Re: [#1] Label printer")
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)


# ---------------------------------------------------------------- out of office


def out_of_office(desk: Desk, to: str, extra: str = "") -> InboundMessage:
    return a_mail(
        desk,
        f"From: Anna Kim <anna@acme.example>\r\nTo: {to}\r\nSubject: Automatic reply: Label printer\r\n"
        f"Auto-Submitted: auto-replied{extra}\r\nMessage-ID: <away-{desk.now.timestamp()}@acme.example>",
        "I am out of the office and back on 30 November 2026.",
        to,
    )


@pytest.mark.parametrize("way", ["reply address", "return path", "references"])
async def test_out_of_office_is_kept_with_its_date_and_moves_nothing(desk: Desk, way: str) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "wait 1 for the model")
    await desk.advance(minutes=5)
    sent = desk.sent_to(cast.anna)[-1]
    to, extra = SUPPORT, ""
    if way == "reply address":
        to = f"support+r.{sent.reply_token}@desk.example"
    elif way == "return path":
        to = f"support+b.{sent.token}@desk.example"
    else:
        extra = f"\r\nIn-Reply-To: {desk.posts[EMAIL].ref_of(sent).message_id}"
    before, chasers = len(desk.everything_sent()), desk.ticket(1).chasers
    receipt = await desk.stage.receive(out_of_office(desk, to, extra))
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    ticket = desk.ticket(1)
    assert ticket.state == "waiting" and ticket.chasers == chasers
    assert len(desk.everything_sent()) == before
    assert event(desk, 1, "away")[1]["until_on"] == "2026-11-30"
    assert "back on Mon 30 Nov 2026" in (await desk.do(cast.tom, "why 1")).text
    assert "away until Mon 30 Nov" in (await desk.do(cast.tom, "show 1")).text
    await desk.until(desk.now + timedelta(days=20))
    assert "away until" not in (await desk.do(cast.tom, "show 1")).text


async def test_out_of_office_reopens_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Label printer")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(minutes=5)
    sent = desk.sent_to(cast.anna)[-1]
    await desk.stage.receive(out_of_office(desk, f"support+r.{sent.reply_token}@desk.example"))
    assert desk.ticket(1).state == "resolved"


# ---------------------------------------------------------------- thanks


@pytest.mark.parametrize("channel", [EMAIL, TELEGRAM])
async def test_thanks_for_what_was_resolved_reopen_nothing(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel,))
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- new ribbon")
    await desk.advance(minutes=5)
    answer = {"answers": 1} if channel == EMAIL else {}
    thanks = await desk.say(cast.anna, "Thank you, Tom!\n\nAnna", **answer)
    assert (thanks.outcome, thanks.ticket_id) == ("joined", 1)
    await desk.settle()
    assert desk.ticket(1).state == "resolved"
    assert "Thank you, Tom!\n\nAnna" in words(desk, 1)
    # Who helped reads it, and nobody is woken.
    (told,) = desk.told(cast.tom, "message_added")
    assert "Thank you, Tom!" in told.body
    assert "reopens nothing" in event(desk, 1, "joined")[0]
    again = await desk.say(cast.anna, "Thanks, but it prints blank pages again.", **answer)
    assert desk.ticket(again.ticket_id or 0).state in ("claimed", "held")


async def test_thanks_are_no_chasers(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    await desk.say(cast.anna, HOURS)
    for _ in range(4):
        await desk.advance(minutes=5)
        await desk.say(cast.anna, "Thanks a lot!")
    assert desk.ticket(1).priority == "P4"
    for _ in range(3):
        await desk.advance(minutes=5)
        await desk.say(cast.anna, "Hello")
    assert desk.ticket(1).priority == "P1"
