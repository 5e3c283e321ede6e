"""The lead has the first right to a ticket for the client's hold time; unclaimed it climbs, and never falls silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import EMAIL
from bot.tickets import State
from tests.desk import NIGHT, WEDNESDAY, Desk, ny
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast

# ---------------------------------------------------------------- the ladder


async def test_unclaimed_ticket_climbs_to_the_best_three_to_all_who_know_to_all_and_to_the_manager(desk: Desk) -> None:
    cast = Cast(desk)
    dee = desk.a_consultant("C-6", "Dee Fox", expertise="printers,linux,cloud,phone,security")
    await desk.say(cast.anna, PRINTER)  # P3: held 120 minutes, then rungs of 60
    await desk.advance(minutes=119)
    assert desk.ticket().state is State.HELD
    await desk.advance(minutes=1)
    ticket = desk.ticket()
    assert (ticket.state, ticket.step, ticket.step_at) == (State.OFFERED, 1, WEDNESDAY + timedelta(minutes=180))
    # The narrower the expertise, the better the match.
    assert [desk.kinds(person) for person in (cast.ines, cast.kim, cast.raj, dee)] == [["offered"]] * 3 + [[]]
    await desk.advance(minutes=60)
    assert (desk.kinds(dee), desk.kinds(cast.leo)) == (["offered"], [])
    await desk.advance(minutes=60)
    assert desk.kinds(cast.leo) == ["offered"]
    await desk.advance(minutes=60)
    assert desk.kinds(cast.maria) == ["asked_again"]
    assert "Nobody has claimed ticket #1 for 5 hours" in desk.told(cast.maria)[0].body
    await desk.until(ny("2026-11-19 09:30"))  # 120 minutes end at 17:00, when the client closes
    assert len(desk.told(cast.maria, "asked_again")) == 2
    # Nobody else was asked twice.
    assert all(desk.kinds(person) == ["offered"] for person in (cast.ines, cast.kim, cast.raj, cast.leo, dee))


async def test_lead_whose_hold_lapsed_is_told_not_asked_again_and_may_still_claim(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(hours=5)
    assert desk.kinds(cast.tom) == ["offered", "hold_lapsed"]
    assert desk.events(1).count("hold lapsed") == 1
    assert (await desk.do(cast.tom, "claim 1")).is_ok


async def test_requester_hears_that_others_are_asked(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(hours=2)
    assert desk.kinds(cast.anna) == ["received", "widened"]
    assert "not taken up in time" in desk.told(cast.anna)[1].body


async def test_pass_goes_on_at_once_and_the_requester_hears_who_could_not(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(minutes=3)
    answer = await desk.do(cast.tom, "pass 1 outside my field")
    await desk.settle()
    assert answer.is_ok and desk.ticket().step == 1
    assert desk.kinds(cast.ines) == ["offered"]
    assert "Tom Becker cannot take ticket #1" in desk.told(cast.anna)[-1].body
    assert "hold lapsed" not in desk.events()


async def test_rung_whose_last_has_passed_ends_at_once(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    refused = await desk.do(cast.leo, "pass 1")
    assert not refused.is_ok and "not been offered to you" in refused.text
    assert "2 more were asked" in (await desk.do(cast.ines, "pass 1")).text
    await desk.do(cast.kim, "pass 1")
    assert not desk.told(cast.leo)
    assert "others are asked now" in (await desk.do(cast.raj, "pass 1")).text
    assert desk.kinds(cast.leo) == ["offered"]


async def test_lead_whom_no_channel_reaches_holds_nothing(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    desk.posts[EMAIL].down[cast.tom.email] = DeliveryRefused("no such mailbox", is_address_dead=True)
    await desk.say(cast.anna, PRINTER, subject="First")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, PRINTER, subject="Second")
    assert desk.ticket(2).state is State.OFFERED and desk.kinds(cast.ines) == ["offered"]


async def test_others_may_not_claim_before_their_turn(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(hours=2)
    refused = await desk.do(cast.leo, "claim 1")
    assert not refused.is_ok and "has not been offered to you" in refused.text
    await desk.advance(hours=1)
    assert (await desk.do(cast.leo, "claim 1")).is_ok


async def test_before_a_claim_others_see_neither_who_wrote_nor_what(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, "My password is Hunter-22 and the printer prints blank pages.", subject="Printer")
    await desk.advance(hours=2)
    (offer,) = desk.told(cast.ines)
    pages = [offer.body, (await desk.do(cast.ines, "show 1")).text, (await desk.do(cast.ines, "why 1")).text]
    for page in pages:
        assert not any(secret in page for secret in ("Anna", "anna@", "Hunter"))
    assert "Printer" in offer.body
    await desk.do(cast.ines, "claim 1")
    page = (await desk.do(cast.ines, "show 1")).text
    assert "Anna Kim" in page and "Hunter-22" in page


async def test_manager_of_the_client_is_asked_then_the_assistant_who_was_introduced_then_the_desk(desk: Desk) -> None:
    boss = desk.a_consultant("M-0", "Bea Boss", role="manager")
    aide = desk.a_consultant("A-1", "Ali Aide", role="assistant")
    other = desk.a_consultant("A-2", "Oda Other", role="assistant")
    cast = Cast(desk, assistant=aide)
    await desk.do(cast.maria, f"introduce A-1 to {cast.anna.email} by phone")
    await desk.do(cast.maria, "away until fri 09:00")
    for person in (cast.tom, cast.ines, cast.kim, cast.raj, cast.leo):
        await desk.do(person, "away until fri 09:00")
    await desk.say(cast.anna, PRINTER)
    await desk.advance(minutes=60)
    assert desk.kinds(aide)[-1] == "asked_again", "the manager is away, the assistant was introduced"
    assert not desk.told(boss) and desk.kinds(other) == ["offered"]
    await desk.advance(minutes=120)
    assert desk.kinds(boss) == ["asked_again"], "and then everybody who manages"


# ---------------------------------------------------------------- absence


async def test_absence_passes_holds_on_at_once(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    answer = await desk.do(cast.tom, "away until mon 09:00")
    assert "1 ticket that was held for you" in answer.text
    assert desk.kinds(cast.ines) == ["offered"]
    assert not (await desk.do(cast.tom, "claim 1")).is_ok
    await desk.do(cast.tom, "back")
    assert (await desk.do(cast.tom, "claim 1")).is_ok


@pytest.mark.parametrize("line", ["consultant set C-1 status=suspended", "away"])
async def test_lead_who_is_not_there_holds_nothing(desk: Desk, line: str) -> None:
    cast = Cast(desk)
    if line == "away":
        await desk.do(cast.tom, "away until mon 09:00")
    else:
        await desk.do(cast.maria, line)
    await desk.say(cast.anna, PRINTER)
    assert desk.ticket().state is State.OFFERED
    assert desk.kinds(cast.ines) == ["offered"] and not desk.told(cast.tom)


async def test_each_hold_of_a_lead_who_goes_away_is_offered_on_and_each_requester_hears(desk: Desk) -> None:
    cast = Cast(desk)
    for text in (PRINTER, "The copier jams, too, since this morning."):
        await desk.say(cast.anna, text, opens_new=True)
    assert [row.state for row in (desk.ticket(1), desk.ticket(2))] == ["held", "held"]
    await desk.do(cast.tom, "away until mon 09:00")
    await desk.advance(minutes=3)
    for number in (1, 2):
        assert [notice.kind for notice in desk.told(cast.ines) if f"[#{number}]" in notice.subject] == ["offered"]
        widened = [notice for notice in desk.told(cast.anna) if f"cannot take ticket #{number}" in notice.body]
        assert len(widened) == 1


async def test_suspension_passes_holds_on_at_once(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.maria, "consultant set C-1 status=suspended")
    assert desk.kinds(cast.ines) == ["offered"]
    assert not (await desk.do(cast.tom, "claim 1")).is_ok


# ---------------------------------------------------------------- how long, and at what hour


@pytest.mark.parametrize(
    ("text", "now", "hold_minutes", "until"),
    [
        (PRINTER, "2026-11-18 10:00", 240, "2026-11-18 14:00"),  # P3, open
        (HOURS, "2026-11-18 16:00", 120, "2026-11-19 09:30"),  # P4: 18:00 is closed → 30 minutes after 09:00
        (HOURS, "2026-11-20 23:10", 240, "2026-11-23 09:30"),  # a Friday night → Monday
        (PRINTER, "2026-11-25 16:30", 60, "2026-11-27 09:30"),  # Thanksgiving is closed all day
        (SERVER, "2026-11-18 23:10", 240, "2026-11-18 23:40"),  # P1: at most 30 minutes, at any hour
        (SERVER, "2026-11-18 10:00", 30, "2026-11-18 10:30"),
    ],
)
async def test_hold_ends(desk: Desk, text: str, now: str, hold_minutes: int, until: str) -> None:
    await desk.until(ny("2026-11-18 10:00"))
    cast = Cast(desk, hold_minutes=hold_minutes, holiday_region="US")
    await desk.until(ny(now))
    await desk.say(cast.anna, text)
    assert desk.ticket().hold_until_at == ny(until)


async def test_hold_of_a_severe_ticket_is_at_most_half_the_time_to_answer(desk: Desk) -> None:
    cast = Cast(desk, hold_minutes=600)
    await desk.say(cast.anna, "The internet is very slow for everyone here.")  # P2: 4 business hours → 14:00
    ticket = desk.ticket()
    assert ticket.respond_by == ny("2026-11-18 14:00")
    assert ticket.hold_until_at == ny("2026-11-18 12:00")


async def test_raised_priority_shortens_the_hold_from_now_never_longer(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)  # held until 12:00
    await desk.advance(minutes=60)
    await desk.say(cast.anna, SERVER, answers=1)
    assert desk.ticket().hold_until_at == ny("2026-11-18 11:30")
    assert desk.kinds(cast.anna)[-1] == "priority_changed"
    assert "message_added" in desk.kinds(cast.tom)


async def test_raised_priority_shortens_the_rung_too(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    assert desk.ticket().step_at == WEDNESDAY + timedelta(minutes=60)
    await desk.advance(minutes=10)
    await desk.do(cast.maria, "priority 1 P1 -- nobody can ship")
    assert desk.ticket().step_at == WEDNESDAY + timedelta(minutes=15)


@pytest.mark.parametrize("text", [HOURS, PRINTER])
async def test_calm_ticket_without_a_lead_wakes_nobody_at_night(desk: Desk, text: str) -> None:
    cast = Cast(desk, lead=None)
    await desk.until(NIGHT)
    await desk.say(cast.anna, text)
    await desk.until(ny("2026-11-19 08:59"))
    assert not [row for row in desk.deliveries() if row.lane == "page"]
    assert desk.ticket().step == 1 and not desk.told(cast.maria, "asked_again")
    await desk.until(ny("2026-11-19 09:30"))
    assert desk.ticket().step > 1


async def test_urgent_ticket_climbs_through_the_night(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER)
    await desk.advance(minutes=45)  # 30 held, then 5 + 5 + 5
    assert desk.told(cast.maria, "asked_again")
    assert {row.kind for row in desk.deliveries(lane="page")} >= {"offered", "asked_again"}


# ---------------------------------------------------------------- lateness


async def test_after_a_standstill_the_ladder_goes_on_from_now_without_a_burst(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    desk.sleep(hours=5)  # the desk was off from 10:00 to 15:00
    await desk.settle()
    ticket = desk.ticket()
    assert (ticket.step, ticket.step_at) == (1, ny("2026-11-18 16:00"))
    assert not desk.told(cast.leo) and not desk.told(cast.maria, "asked_again")


async def test_expired_offer_is_never_sent_late(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    tom = cast.tom.email
    desk.posts[EMAIL].down[tom] = DeliveryDelayed("the mail server is away")
    await desk.say(cast.anna, PRINTER)
    await desk.advance(minutes=121)
    desk.posts[EMAIL].down.clear()
    await desk.advance(hours=1)
    assert desk.told(cast.tom, "offered") == []
    assert [row.state for row in desk.deliveries(kind="offered", address=tom)] == ["expired"]


async def test_offer_that_waits_is_void_once_the_ticket_is_taken(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    desk.posts[EMAIL].down[cast.ines.email] = DeliveryDelayed("the mail server is away")
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    await desk.do(cast.kim, "claim 1")
    desk.posts[EMAIL].down.clear()
    await desk.advance(hours=1)
    assert not desk.told(cast.ines)


@pytest.mark.parametrize("at", ["2026-11-18 12:00", "2026-11-18 23:00"])
async def test_hold_lapses_at_its_very_instant(desk: Desk, at: str) -> None:
    cast = Cast(desk, hours="Mon-Sun 00:00-24:00")
    now: datetime = ny(at)
    await desk.until(now)
    await desk.say(cast.anna, PRINTER)
    await desk.until(now + timedelta(minutes=120) - timedelta(seconds=1))
    assert desk.ticket().state is State.HELD
    await desk.advance(seconds=1)
    assert desk.ticket().state is State.OFFERED
