"""What a person may see ends at their own client: not by number, token, reply or guess."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL, SLACK, TELEGRAM, Trust
from tests.desk import Desk, Person, ny
from tests.stories.cast import PRINTER, Cast

SECRET = "The safe's code is 4711, and the printer prints blank pages."


async def two_clients(desk: Desk) -> tuple[Cast, Person]:
    """ACME with Anna's ticket, and Otto of NORD, who should never learn of it."""
    cast = Cast(desk)
    nord = desk.a_client("NORD", lead=cast.ines, manager=cast.maria)
    otto = desk.a_contact(nord, "Otto Ober", on=(EMAIL, TELEGRAM))
    await desk.say(cast.anna, SECRET, subject="Safe and printer")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    return cast, otto


@pytest.mark.parametrize(
    "line", ["show 1", "why 1", "status 1", "reopen 1", "close 1", "now 1", "later 1", "accept 1", "show 2", "why 999"]
)
async def test_ticket_of_another_client_is_not_there(desk: Desk, line: str) -> None:
    _, otto = await two_clients(desk)
    number = line.split()[1]
    answer = await desk.do(otto, line)
    assert (answer.is_ok, answer.text) == (False, f"There is no ticket {number}.")


async def test_requester_sees_own_tickets_alone_and_an_approver_all_of_the_client(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    eve = desk.a_contact(cast.acme, "Eve Lane", role="approver")
    assert (await desk.do(bob, "show 1")).text == "There is no ticket 1."
    assert SECRET in (await desk.do(eve, "show 1")).text
    assert "Nothing is open" in (await desk.do(bob, "status")).text
    assert "Safe and printer" in (await desk.do(eve, "status")).text


async def test_number_in_the_subject_joins_nothing(desk: Desk) -> None:
    _, otto = await two_clients(desk)
    receipt = await desk.say(otto, "What is the code?", subject="Re: [#1] Safe and printer")
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)


async def test_message_id_of_anothers_thread_joins_nothing(desk: Desk) -> None:
    cast, otto = await two_clients(desk)
    reference = desk.posts[EMAIL].ref_of(desk.sent_to(cast.anna)[0]).message_id
    receipt = await desk.say(otto, "What is the code?", references=(reference,))
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)
    assert desk.messages(1) == [("in", SECRET)]
    assert "not joined" in desk.events(1)


async def test_reply_token_of_somebody_else_opens_nothing_for_another_client(desk: Desk) -> None:
    cast, otto = await two_clients(desk)
    token = desk.sent_to(cast.anna)[0].reply_token
    receipt = await desk.say(otto, "What is the code?", reply_token=token)
    assert receipt.ticket_id == 2


@pytest.mark.parametrize("token", ["1-1", "1-1.k1aaaaaaaaaaaaaaaa", "", "1.k1", "nonsense"])
async def test_guessed_token_joins_nothing(desk: Desk, token: str) -> None:
    _, otto = await two_clients(desk)
    receipt = await desk.say(otto, "What is the code?", reply_token=token)
    assert receipt.ticket_id == 2


async def test_token_proves_its_own_reader_and_nobody_else(desk: Desk) -> None:
    cast, otto = await two_clients(desk)
    anna_token = desk.sent_to(cast.anna)[0].reply_token
    proven = await desk.say(cast.anna, "balance", reply_token=anna_token, trust=Trust.UNPROVEN)
    assert proven.outcome == "obeyed"
    forged = await desk.say(otto, "balance", reply_token=anna_token, trust=Trust.UNPROVEN)
    assert forged.outcome != "obeyed"
    failed = await desk.say(cast.anna, "balance", reply_token=anna_token, trust=Trust.FAILED)
    assert failed.outcome != "obeyed", "what contradicts the sender proves nothing"


async def test_unproven_mail_reads_nothing_back(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    told = len(desk.told(cast.anna))
    await desk.say(cast.anna, "show 1", trust=Trust.UNPROVEN, subject="show")
    await desk.advance(minutes=5)
    assert not any("4711" in notice.body for notice in desk.told(cast.anna)[told:] if notice.kind == "answer")


async def test_notes_and_team_talk_never_reach_a_client(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    await desk.do(cast.tom, "note 1 the client never pays")
    talk = await desk.say(cast.tom, "They never pay, do they?", references=(), channel="console")
    assert talk.outcome == "recorded"
    await desk.do(cast.tom, "reply 1 It is the drum.")
    await desk.advance(minutes=5)
    bodies = "\n".join(notice.body for notice in desk.told(cast.anna))
    assert "It is the drum." in bodies and "never pay" not in bodies
    assert "never pays" not in (await desk.do(cast.anna, "show 1")).text
    assert "never pays" in (await desk.do(cast.tom, "show 1")).text


async def test_only_those_who_work_on_a_ticket_write_to_its_requester(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    refused = await desk.do(cast.leo, "reply 1 Hello from me")
    assert not refused.is_ok
    assert not (await desk.do(cast.leo, "resolve 1")).is_ok
    assert not (await desk.do(cast.leo, "close 1")).is_ok
    assert not (await desk.do(cast.leo, "priority 1 P1")).is_ok
    assert (await desk.do(cast.maria, "reply 1 Hello from the manager")).is_ok


async def test_former_contact_has_no_rights(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    assert (await desk.do(cast.maria, f"contact set {cast.anna.email} active=no")).is_ok
    assert not (await desk.do(cast.anna, "show 1")).is_ok
    assert not (await desk.do(cast.anna, "balance")).is_ok


async def test_contact_of_the_same_client_joins_the_thread(desk: Desk) -> None:
    cast, _ = await two_clients(desk)
    eve = desk.a_contact(cast.acme, "Eve Lane", role="approver")
    reference = desk.posts[EMAIL].ref_of(desk.sent_to(cast.anna)[0]).message_id
    receipt = await desk.say(eve, "It is the left one.", references=(reference,))
    assert (receipt.outcome, receipt.ticket_id) == ("joined", 1)
    assert "message_added" in desk.kinds(cast.tom)


async def test_chat_that_goes_on_within_hours_is_one_ticket(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    first = await desk.say(cast.anna, PRINTER)
    await desk.advance(minutes=4)
    second = await desk.say(cast.anna, "It is the one in room 3.")
    assert (second.outcome, second.ticket_id) == ("joined", first.ticket_id)
    await desk.until(ny("2026-11-19 10:00"))
    third = await desk.say(cast.anna, "Please also change our hours on the website.")
    assert third.ticket_id == 2
    fourth = await desk.say(cast.anna, "And a new keyboard", opens_new=True)
    assert fourth.ticket_id == 3


async def test_files_are_kept_with_the_ticket(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK,))
    await desk.say(cast.anna, PRINTER, files=(("page.txt", b"a blank page"),))
    await desk.do(cast.tom, "claim 1")
    assert "[page.txt]" in (await desk.do(cast.tom, "show 1")).text
