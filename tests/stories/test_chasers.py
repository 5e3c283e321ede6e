"""Three unprompted chasers within a day, before our promise lapsed: answered as P1, priced so only once confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import EMAIL, SLACK, TELEGRAM
from tests.desk import Desk, ny
from tests.stories.cast import HOURS, Cast


async def chased(desk: Desk, times: int, **options: Any) -> Cast:
    """A P4 ticket of Anna's in a chat, chased so often, ten minutes apart."""
    cast = Cast(desk, **{"contact_on": (TELEGRAM,), **options})
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    for _ in range(times):
        await desk.advance(minutes=10)
        await desk.say(cast.anna, "Any news?")
    return cast


@pytest.mark.parametrize("channel", [TELEGRAM, SLACK])
async def test_third_chaser_is_answered_as_urgent_and_the_manager_hears(desk: Desk, channel: str) -> None:
    cast = await chased(desk, 2, contact_on=(channel,))
    assert desk.ticket().priority == "P4"
    await desk.advance(minutes=10)
    await desk.say(cast.anna, "Hello?")
    ticket = desk.ticket()
    assert (ticket.priority, ticket.priced_priority, ticket.chasers) == ("P1", "P4", 3)
    (told,) = desk.told(cast.maria, "chased")
    assert "asked 3 times within a day" in told.body
    assert told.actions[0].command == "confirm priority 1"


async def test_price_changes_only_after_a_manager_confirms_and_the_client_was_told(desk: Desk) -> None:
    cast = await chased(desk, 3)
    await desk.until(ny("2026-11-18 12:00"))
    await desk.do(cast.tom, "log 1 15m at 11:00")
    assert [units for units, _ in desk.charges()] == [2], "still P4"
    assert not (await desk.do(cast.tom, "confirm priority 1")).is_ok
    assert (await desk.do(cast.maria, "confirm priority 1")).is_ok
    await desk.settle()
    assert "priced as P1" in desk.told(cast.anna, "price_confirmed")[0].body
    await desk.until(ny("2026-11-18 14:00"))
    await desk.do(cast.tom, "log 1 15m at 13:00")
    assert [units for units, _ in desk.charges()] == [2, 5]


async def test_mail_in_the_thread_is_no_chaser(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    for _ in range(5):
        await desk.advance(minutes=10)
        await desk.say(cast.anna, "Any news?", answers=1)
    assert desk.ticket().priority == "P4" and not desk.told(cast.maria)
    assert cast.anna.channel == EMAIL


async def test_answers_to_our_questions_are_no_chasers(desk: Desk) -> None:
    cast = await chased(desk, 0)
    for number in range(4):
        await desk.advance(minutes=10)
        await desk.do(cast.tom, f"reply 1 Question {number}?")
        await desk.advance(minutes=3)
        await desk.say(cast.anna, f"Answer {number}.")
    assert desk.ticket().priority == "P4"


async def test_after_our_own_promise_lapsed_nobody_chases(desk: Desk) -> None:
    cast = await chased(desk, 2)
    await desk.until(ny("2026-11-19 10:01"))  # the promise of Thursday 10:00 is broken: that is our fault
    await desk.say(cast.anna, "Any news?")
    await desk.say(cast.anna, "Any news at all?")
    assert desk.ticket().priority == "P4"


async def test_chasers_of_two_days_do_not_add_up(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK,), hours="Mon-Fri 09:00-17:00", holiday_region="US")
    await desk.until(ny("2026-11-25 10:00"))  # Wednesday before Thanksgiving: answered by Friday 10:00
    await desk.say(cast.anna, HOURS)
    reference = desk.posts[SLACK].ref_of(desk.sent_to(cast.anna)[0]).message_id
    for at in ("2026-11-25 10:30", "2026-11-25 11:00", "2026-11-26 12:00"):
        await desk.until(ny(at))
        await desk.say(cast.anna, "Any news?", references=(reference,))
    assert desk.ticket().priority == "P4"


@pytest.mark.parametrize("channel", [TELEGRAM, SLACK])
async def test_pictures_places_and_changes_add_to_a_ticket_and_chase_nobody(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel,))
    await desk.say(cast.anna, HOURS)
    for text in ("", "", "[voice message, 0:07]", "[location 52.500000, 13.400000]", "[edited] From Monday on, please"):
        await desk.say(cast.anna, text, files=() if text else (("picture.png", b"\x89PNG"),))
    assert desk.ticket().priority == "P4" and not desk.told(cast.maria, "chased")
