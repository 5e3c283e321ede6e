"""Appointments: booked and told to both sides in their zones, reminded, moved, called off, and billed as booked."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL
from tests.desk import Desk, Person, ny
from tests.stories.cast import HOURS, Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    """The answer to a command; what follows from it has gone out, and does not wait for the next notice."""
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    await desk.advance(minutes=3)
    return answer.text


async def refused(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert not answer.is_ok, answer.text
    return answer.text


@pytest.fixture
async def cast(desk: Desk) -> Cast:
    """Anna's ticket, which Tom has claimed on a Wednesday at 10:00."""
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    return cast


async def test_ticket_that_ended_is_reopened_before_work_on_it_begins_again(desk: Desk, cast: Cast) -> None:
    await said(desk, cast.tom, "resolve 1 -- done")
    for line in ("start 1", "book 1 fri 14:00"):
        assert await refused(desk, cast.tom, line) == "Ticket 1 is resolved. `reopen 1` takes it up again."
    await desk.say(cast.anna, "Please change the hours on our door, too.", subject="The door")
    for line, what in (("start 2", "you start"), ("book 2 fri 14:00", "you book a time"), ("log 2 5m", "you log time")):
        assert await refused(desk, cast.tom, line) == f"Ticket 2 is held. Claim it before {what}: `claim 2`."


async def test_slot_is_told_to_both_sides_reminded_and_shown(desk: Desk, cast: Cast) -> None:
    text = await said(desk, cast.tom, "book 1 fri 14:00 90m onsite -- new shelf")
    assert "Fri 20 Nov, 14:00 EST to 15:30 EST, onsite." in text
    (told,) = desk.told(cast.anna, "appointment_booked")
    assert (
        "Tom" in told.body and "Fri 20 Nov, 14:00 EST to 15:30 EST (onsite)" in told.body and "new shelf" in told.body
    )
    for line in ("show 1", "mine", "diary"):
        assert "Fri 20 Nov, 14:00 EST to 15:30 EST" in await said(desk, cast.tom, line)
    # A day before, and an hour before.
    await desk.until(ny("2026-11-19 13:59"))
    assert not desk.told(cast.anna, "appointment_near")
    await desk.until(ny("2026-11-19 14:01"))
    assert [len(desk.told(who, "appointment_near")) for who in (cast.anna, cast.tom)] == [1, 1]
    await desk.until(ny("2026-11-20 13:01"))
    assert [len(desk.told(who, "appointment_near")) for who in (cast.anna, cast.tom)] == [2, 2]
    await desk.until(ny("2026-11-20 16:31"))
    (over,) = desk.told(cast.tom, "appointment_over")
    assert "log 1 90m onsite booked" in over.body
    assert "no appointment to come" in await said(desk, cast.tom, "diary")


async def test_booked_work_is_billed_by_its_kind_alone(desk: Desk, cast: Cast) -> None:
    """Mission: booked work drops the ticket's severity and closed time; half an hour of overrun stays booked."""
    await said(desk, cast.tom, "priority 1 P1 -- the whole office waits")
    await said(desk, cast.tom, "book 1 fri 19:00 60m")
    await desk.until(ny("2026-11-20 21:00"))
    # 90 min from 19:00: 60 booked and 30 over, 6 quarters at P4 = 12 units, $120.00 per use; not P1, not closed time.
    text = await said(desk, cast.tom, "log 1 90m at 19:00 asked")
    assert "6 quarters at P4" in text and "Billed as booked." in text
    assert desk.charges() == [(12, 12_000)]
    # What lies beyond is as if nobody had booked it: 100 min, of which 10 at P1 → 7 quarters, the dearest first.
    text = await said(desk, cast.tom, "correct 1 100m at 19:00 asked")
    assert "P1" in text
    assert desk.faults_in_books(cast.acme) == []


async def test_logging_as_booked_needs_no_time(desk: Desk, cast: Cast) -> None:
    await said(desk, cast.tom, "book 1 fri 14:00 90m onsite")
    await desk.until(ny("2026-11-21 10:00"))
    # 14:00 to 15:30 on Friday, by the kind of the slot: 6 quarters at P2 = 24 units, $240.00.
    assert "6 quarters at P2 (onsite)" in await said(desk, cast.tom, "log 1 90m booked")
    assert desk.charges() == [(24, 24_000)]


async def test_nobody_is_in_two_places_at_once(desk: Desk, cast: Cast) -> None:
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    await desk.say(bob, "The scanner is slow, no hurry.")
    await said(desk, cast.tom, "claim 2")
    await said(desk, cast.tom, "book 1 fri 14:00 90m")
    text = await refused(desk, cast.tom, "book 2 fri 15:00 60m")
    assert "ticket 1 Fri 20 Nov, 14:00 EST to 15:30 EST" in text
    await said(desk, cast.tom, "book 2 fri 15:30 60m")
    # The same ticket moves within its own slot.
    await said(desk, cast.tom, "book 1 fri 13:30")
    (_, moved) = desk.told(cast.anna, "appointment_booked")
    assert "no longer Fri 20 Nov, 14:00 EST" in moved.body and "13:30 EST to 15:00 EST" in moved.body


async def test_client_asks_and_whoever_claims_agrees(desk: Desk) -> None:
    cast = Cast(desk)
    text = await said(desk, cast.anna, "book friday 10:00 45m onsite -- a new laptop")
    assert "Ticket 1" in text and "Fri 20 Nov, 10:00 EST to 10:45 EST" in text
    assert "10:00 EST" in desk.told(cast.tom, "offered")[0].body
    assert "`book 1` agrees" in await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "book 1")
    assert "(onsite)" in desk.told(cast.anna, "appointment_booked")[0].body
    # Another wish moves nothing by itself; the notice carries the command that does.
    assert "stands" in await said(desk, cast.anna, "book 1 mon 10:00")
    (wish,) = desk.told(cast.tom, "appointment_wished")
    assert wish.actions[0].command == "book 1 2026-11-23 10:00 45m onsite"
    await said(desk, cast.tom, wish.actions[0].command)
    assert "Mon 23 Nov, 10:00 EST" in desk.told(cast.anna, "appointment_booked")[1].body


async def test_either_side_calls_it_off(desk: Desk, cast: Cast) -> None:
    await said(desk, cast.tom, "book 1 fri 14:00")
    await said(desk, cast.anna, "cancel 1 -- we are closed")
    (told,) = desk.told(cast.tom, "appointment_cancelled")
    assert "Fri 20 Nov, 14:00 EST" in told.body and "we are closed" in told.body
    assert "no appointment" in await refused(desk, cast.tom, "cancel 1")
    await said(desk, cast.tom, "book 1 mon 14:00")
    await said(desk, cast.tom, "resolve 1 -- went away by itself")
    assert "Mon 23 Nov, 14:00 EST" in desk.told(cast.anna, "appointment_cancelled")[0].body


async def test_giving_the_ticket_back_leaves_the_time_as_a_wish(desk: Desk, cast: Cast) -> None:
    await said(desk, cast.tom, "book 1 fri 14:00")
    await said(desk, cast.tom, "release 1 -- ill")
    assert "waits until whoever takes it" in desk.told(cast.anna, "appointment_unsure")[0].body
    assert "asked for: Fri 20 Nov" in await said(desk, cast.maria, "show 1")
    assert desk.told(cast.tom, "appointment_near") == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("book 1", "Nobody asked for a time"),
        ("book 1 soon", "Write a day and a time"),
        ("book 1 tomorrow", "At what time?"),
        ("book 1 yesterday 10:00", "past"),
        ("book 1 today 08:00", "over"),
        ("book 1 2026-02-30 10:00", "There is no 2026-02-30"),
        ("book 1 2031-02-20 10:00", "two years"),
        ("book 1 fri 10:00 20h", "5 minutes to 12 hours"),
        ("book tomorrow 10:00", "Which ticket?"),
        ("book 99 tomorrow 10:00", "no ticket 99"),
        ("cancel", "Which ticket?"),
    ],
)
async def test_refusal_says_what_to_write(desk: Desk, cast: Cast, line: str, says: str) -> None:
    assert says in await refused(desk, cast.tom, line)


async def test_only_who_has_the_ticket_books_it(desk: Desk, cast: Cast) -> None:
    assert "Only the consultant who has ticket 1" in await refused(desk, cast.ines, "book 1 fri 14:00")
    await said(desk, cast.maria, "book 1 fri 14:00 30m")
    assert "Fri 20 Nov" in desk.told(cast.tom, "appointment_made")[0].body
    stranger = desk.a_stranger(channel=EMAIL)
    assert not (await desk.do(stranger, "book fri 14:00")).is_ok


async def test_a_booked_manager_is_busy_within_the_hour(desk: Desk, cast: Cast) -> None:
    """Mission: the deadline alone is P2; with the client's manager booked in that hour it is P1."""
    words = "Please change the greeting of our answering machine within the hour."
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    await desk.say(bob, words)
    assert desk.ticket(2).priority == "P2"
    await said(desk, cast.maria, "claim 2")
    await said(desk, cast.maria, "book 2 today 10:30 60m")
    await desk.say(cast.anna, words + " And its music.", subject="Music")
    assert [desk.ticket(3).priority, desk.ticket(3).why[-1]] == ["P1", "nobody free: the client's manager is booked"]


async def test_slot_comes_as_an_invitation_that_is_moved_and_called_off(desk: Desk, cast: Cast) -> None:
    await desk.do(cast.tom, "book 1 tomorrow 14:00 90m onsite -- new; shelf")
    await desk.do(cast.tom, "book 1 tomorrow 15:00")
    await desk.do(cast.tom, "cancel 1 -- ill")
    await desk.advance(minutes=10)
    sent = [one.notice.invitation for one in desk.sent_to(cast.anna) if one.notice.invitation is not None]
    assert [(one.sequence, one.is_cancelled, one.starts_at) for one in sent][-1] == (3, True, ny("2026-11-19 15:00"))
    assert {one.uid for one in sent} == {"ticket-1@desk.example"}
    assert sorted(one.sequence for one in sent) == [one.sequence for one in sent]
