"""Time as a consultant tells it, and what a client may say about its price: clocks, corrections, calls, disputes."""

from __future__ import annotations

from bot.messages import CONSOLE
from tests.desk import Desk, Person, ny
from tests.stories.cast import HOURS, PRINTER, Cast


async def a_claimed_ticket(desk: Desk, cast: Cast) -> None:
    await desk.say(cast.anna, HOURS)  # P4: 2 units a quarter
    assert (await desk.do(cast.tom, "claim 1")).is_ok


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


async def refused(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert not answer.is_ok
    return answer.text


# ---------------------------------------------------------------- how time is told


async def test_bare_minutes_that_touch_closed_time_say_what_was_assumed(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await desk.until(ny("2026-11-18 17:20"))
    # 16:30 to 17:20 of a client that closes at 17:00: by own choice, 4 quarters at P4.
    assert await said(desk, cast.tom, "log 1 50m") == (
        "50 min → 4 quarters at P4 (remote) = 8 units per use ($80.00)\n"
        "Taken as Wed 18 Nov, 16:30 EST to Wed 18 Nov, 17:20 EST: 20 min of it in closed time, by your own choice."
        " `correct 1 asked` if the client asked for it, `correct 1 at 09:00` if it was at another time."
    )
    assert desk.charges() == [(8, 8000)]
    # Asked for: 20 min at P1 are 2 quarters, 50 min are 4 in all: 2 × 5 + 2 × 2 = 14 units.
    assert "2 quarters at P1 + 2 quarters at P4" in await said(desk, cast.tom, "correct 1 asked")
    assert desk.balance(cast.acme).owed_cents == 14_000
    assert desk.faults_in_books(cast.acme) == []


async def test_minutes_in_open_time_assume_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    assert "\n" not in await said(desk, cast.tom, "log 1 50m")
    await desk.until(ny("2026-11-18 17:20"))
    assert "\n" not in await said(desk, cast.tom, "log 1 50m own")


async def test_who_resolves_with_time_tells_the_client_what_the_whole_ticket_came_to(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await desk.until(ny("2026-11-18 12:00"))
    await said(desk, cast.tom, "log 1 60m at 10:00")
    await said(desk, cast.tom, "resolve 1 15m at 11:30")
    await desk.settle()
    (told,) = desk.told(cast.anna, "resolved")
    assert "2 units per use ($20.00). In all on this ticket: 10 units per use ($100.00)" in told.body
    # A single piece of work is not said twice.
    await desk.say(cast.anna, HOURS, opens_new=True)
    await said(desk, cast.tom, "claim 2")
    await said(desk, cast.tom, "resolve 2 15m at 11:00")
    await desk.advance(minutes=5)
    last = next(notice.body for notice in reversed(desk.told(cast.anna)) if "ticket #2" in notice.body)
    assert "resolved your ticket #2" in last and "2 units per use ($20.00)" in last and "In all" not in last


async def test_clock_is_started_and_stopped(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    assert await said(desk, cast.tom, "start 1") == "The clock runs on ticket 1. `stop` logs it."
    await desk.advance(minutes=16)
    assert "runs on ticket 1" in await refused(desk, cast.tom, "start 1")
    assert "2 quarters at P4 (consultation) = 4 units" in await said(desk, cast.tom, "stop 1 consultation -- a plan")
    assert "does not run" in await refused(desk, cast.tom, "stop 1")
    await said(desk, cast.tom, "start 1")
    await desk.advance(seconds=20)
    # 16 minutes and less than one: the second quarter had room for it.
    assert "1 min → 2 quarters at P4 in all" in await said(desk, cast.tom, "stop")
    assert desk.faults_in_books(cast.acme) == []


async def test_charge_is_taken_back_by_who_logged_it_or_a_manager_only(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await said(desk, cast.tom, "log 1 50m travel")
    assert "Only who did the work" in await refused(desk, cast.ines, "reverse 1")
    assert await said(desk, cast.tom, "reverse 1 -- wrong ticket") == "Charge 1 is taken back. Now nothing due."
    assert "taken back already" in await refused(desk, cast.maria, "correct 1 20m")
    assert desk.faults_in_books(cast.acme) == []


async def test_stop_holds_but_for_urgent_work(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, units=8)
    await a_claimed_ticket(desk, cast)
    await said(desk, cast.tom, "log 1 60m")
    assert (await desk.do(cast.anna, "buy stop")).is_ok
    told = await refused(desk, cast.tom, "log 1 15m")
    assert told.startswith("Acme Ltd has no credit left and said stop.")
    assert "not billable" in await said(desk, cast.tom, "log 1 15m free goodwill")
    await said(desk, cast.maria, "priority 1 P1 -- all is down")
    await desk.advance(minutes=5)
    assert "1 quarter at P1" in await said(desk, cast.tom, "log 1 1m")
    assert desk.faults_in_books(cast.acme) == []


# ---------------------------------------------------------------- straight to a person


async def test_call_is_a_ticket_of_at_least_p3_with_its_time(desk: Desk) -> None:
    cast = Cast(desk)
    # A P4 matter, but straight to a person: 10 min are one quarter at P3, 3 units.
    told = await said(desk, cast.tom, "contact ACME phone 10m -- please change our opening hours some day")
    assert told == "Ticket 1 (phone, P3). 10 min → 1 quarter at P3 (remote) = 3 units per use ($30.00)"
    assert (desk.ticket().state, desk.ticket().claimant_id) == ("claimed", cast.tom.id)
    assert "(text, P2)" in await said(desk, cast.tom, "contact ACME text p2 10m -- the till is dead")


async def test_call_in_closed_time_is_p1(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(ny("2026-11-18 20:00"))
    told = await said(desk, cast.tom, "contact ACME phone 10m -- please change our opening hours some day")
    assert told == "Ticket 1 (phone, P1). 10 min → 1 quarter at P1 (remote) = 5 units per use ($50.00)"
    assert desk.faults_in_books(cast.acme) == []


# ---------------------------------------------------------------- why, and whether it is right


async def test_charge_is_explained_to_both_sides(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await desk.until(ny("2026-11-18 17:20"))
    await said(desk, cast.tom, "log 1 50m asked")
    assert (await said(desk, cast.tom, "why charge 1")).splitlines() == [
        "Charge 1 on ticket 1:",
        "  worked 2026-11-18 16:30 EST (America/New_York), which is the client's 2026-11-18",
        "  open then Mon-Fri 09:00-17:00 (calendar version 1)",
        "    16:30 to 17:00: 30 min, open, P4 by kind remote",
        "    17:00 to 17:20: 20 min, closed, P1 by asked for in closed time",
        "  the ticket's day makes 2 × P1 (5 units each) + 2 × P4 (2 units each);"
        " 0 units of that day were billed before",
        "  so 14 units: 14 per use at $10.00 = $140.00",
    ]
    assert (await desk.do(cast.anna, "why charge 1")).is_ok
    other = desk.a_contact(desk.a_client("OTHER"), "Olga Other", on=(CONSOLE,))
    assert "There is no charge 1" in await refused(desk, other, "why charge 1")


async def test_dispute_waits_for_a_manager_who_gives_up_a_part(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, units=6, price_cents=4500)
    await desk.say(cast.anna, PRINTER)  # P3
    await desk.do(cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 60m")  # 12 units: 6 of the credit, 6 per use
    assert "on no invoice until" in await said(desk, cast.anna, "dispute 1 half of it was a break")
    assert "disputed already" in await refused(desk, cast.anna, "dispute 1 and again")
    await desk.settle()
    notice = desk.told(cast.maria, "dispute_opened")[0]
    assert "Anna Kim disputes charge 1 (12 units, $60.00) on ticket #1:" in notice.body
    assert "Write fewer" in await refused(desk, cast.maria, "decide 1 part 12")
    # The last drawn comes back first: 6 units per use, then 1 of the credit.
    assert "7 units, $60.00 given up" in await said(desk, cast.maria, "decide 1 part 7 -- a long break")
    await desk.advance(minutes=3)
    assert "7 units, $60.00 of it are given up" in desk.told(cast.anna, "dispute_decided")[0].body
    standing = desk.balance(cast.acme)
    assert (standing.left_units, standing.owed_cents) == (1, 4500)
    # What was given up is given up for good: the same day's next quarter alone is billed.
    assert "= 1 unit from the 12-hour credit ($7.50) + 2 units per use" in await said(desk, cast.tom, "log 1 15m")
    assert desk.faults_in_books(cast.acme) == []
    assert "Nobody disputes charge 1" in await refused(desk, cast.maria, "decide 1 uphold")


async def test_dispute_is_upheld(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await said(desk, cast.tom, "log 1 60m")
    await said(desk, cast.anna, "dispute 1 too long")
    assert await said(desk, cast.maria, "decide 1 uphold") == "Charge 1: upheld. Who disputed it is told."
    await desk.advance(minutes=3)
    assert "stands" in desk.told(cast.anna, "dispute_decided")[0].body
    assert desk.balance(cast.acme).owed_cents == 8000


async def test_rest_of_a_charge_given_up_in_part_is_given_up_or_taken_back(desk: Desk) -> None:
    cast = Cast(desk, invoicing="monthly")
    await desk.say(cast.anna, PRINTER)  # P3
    await desk.do(cast.tom, "claim 1")
    for number in (1, 2):
        await said(desk, cast.tom, "log 1 60m")  # 12 units
        await said(desk, cast.anna, f"dispute {number} half of it was a break")
        await said(desk, cast.maria, f"decide {number} part 7")
    assert desk.balance(cast.acme).owed_cents == 10_000
    assert "$50.00" in await said(desk, cast.maria, "waive charge 1 -- all of it")
    assert "waived already" in await refused(desk, cast.maria, "reverse 1")
    await said(desk, cast.tom, "reverse 2 -- wrong ticket")
    assert desk.balance(cast.acme).owed_cents == 0
    assert "Nothing of Acme Ltd waits" in await refused(desk, cast.maria, "invoice ACME")
    assert desk.faults_in_books(cast.acme) == []


async def test_day_that_was_not_said_and_time_logged_twice_are_told(desk: Desk) -> None:
    cast = Cast(desk)
    await a_claimed_ticket(desk, cast)
    await desk.until(ny("2026-11-18 14:00"))
    assert "\n" not in await said(desk, cast.tom, "log 1 30m at 13:00")
    # The same time again: kept, for two calls may lie in one half hour, but said.
    assert (await said(desk, cast.tom, "log 1 13:15-13:45")).splitlines()[1:] == [
        "This overlaps what you logged before: Wed 18 Nov, 13:00 EST to Wed 18 Nov, 13:30 EST, charge 1 on ticket 1."
        " `reverse 2` if it is the same work."
    ]
    # A time that is still to come today was yesterday's.
    assert (await said(desk, cast.tom, "log 1 20m at 15:00")).splitlines()[1:] == [
        "Taken as Tue 17 Nov, 15:00 EST to Tue 17 Nov, 15:20 EST."
    ]
    # Whoever else works may work at the same time, and a bare duration is no time.
    assert "\n" not in await said(desk, cast.maria, "log 1 30m at 13:00")
    assert "\n" not in await said(desk, cast.tom, "log 1 50m")


async def test_two_parcels_of_one_kind_read_as_one(desk: Desk) -> None:
    cast = Cast(desk)
    for _ in range(2):
        await said(desk, cast.maria, "grant ACME 12h 10 units")
    await a_claimed_ticket(desk, cast)
    # 2 h at P4 are 16 units: 10 and 6 of two bundles, $7.50 each.
    assert " = 16 units from the 12-hour credit ($120.00); " in await said(desk, cast.tom, "log 1 2h")


async def test_what_brings_a_day_in_line_is_a_correction_on_the_statement(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    for minutes in (10, 20):
        await desk.do(cast.tom, f"log 1 {minutes}m")
    # 10 min: one quarter; 20 min more make 30 in all: two quarters, so the second log added one.
    await desk.do(cast.maria, "reverse 1 -- wrong ticket")
    # What stands are 20 min: two quarters, of which one is posted.
    stated = (await desk.do(cast.maria, "statement ACME")).text
    assert "charge 3, ticket 1: correction of the day, 2 units, $20.00 per use" in stated
    assert "contact" not in stated


async def test_a_part_of_a_charge_is_given_up_and_a_bare_number_gives_up_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 60m")  # 8 units per use: $80.00
    assert "How many units?" in await refused(desk, cast.maria, "waive charge 1 3")
    assert "How many units?" in await refused(desk, cast.maria, "waive charge 1 3h -- sorry")
    assert desk.balance(cast.acme).owed_cents == 8000
    assert "$30.00" in await said(desk, cast.maria, "waive charge 1 3 units -- sorry")
    assert "stands at 5 units" in await refused(desk, cast.maria, "waive charge 1 6 units")
    assert desk.balance(cast.acme).owed_cents == 5000
    await desk.advance(minutes=3)
    assert "$30.00" in str([notice.body for notice in desk.told(cast.anna)])
    await said(desk, cast.maria, "waive charge 1 -- all of it")
    assert desk.balance(cast.acme).owed_cents == 0
    assert desk.faults_in_books(cast.acme) == []
