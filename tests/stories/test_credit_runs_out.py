"""Time is logged, credit is drawn, and where it ends inside a quarter the rest is per use; then the client is asked."""

from __future__ import annotations

from typing import Any

import pytest

from bot.tickets import State
from tests.desk import Desk, ny
from tests.stories.cast import HOURS, PRINTER, Cast


async def a_claimed_ticket(desk: Desk, **client: Any) -> Cast:
    """A P4 ticket of ACME that Tom has claimed on Wednesday at 10:00."""
    cast = Cast(desk, **client)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-18 16:00"))
    return cast


# ---------------------------------------------------------------- logging


async def test_one_line_tells_row_quarters_units_draw_and_what_is_left(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    desk.a_grant(cast.acme, "12h")
    answer = await desk.do(cast.tom, "log 1 50m travel")
    # 50 minutes are 4 quarters; travel is P2, 4 units a quarter: 16 of 96 units, $7.50 each.
    assert answer.text == (
        "50 min → 4 quarters at P2 (travel) = 16 units from the 12-hour credit ($120.00); 10 h left at P4"
    )
    assert desk.charges() == [(16, 0)] and desk.balance(cast.acme).left_units == 80


@pytest.mark.parametrize(
    ("minutes", "chosen", "is_told"), [(75, "", False), (90, "", True), (90, "buy per-use", False)]
)
async def test_more_than_four_quarters_per_use_unasked_are_told_at_once(
    desk: Desk, minutes: int, chosen: str, is_told: bool
) -> None:
    cast = await a_claimed_ticket(desk)
    desk.a_grant(cast.acme, "12h", units=2)
    if chosen:
        assert (await desk.do(cast.anna, chosen)).is_ok
    answer = (await desk.do(cast.tom, f"log 1 {minutes}m")).text
    assert ("More than 4 quarters of it are per use" in answer) is is_told


async def test_bill_beyond_the_cap_of_the_month_is_told_at_once(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk, cap_cents_per_month=5_000)
    within = await desk.do(cast.tom, "log 1 30m")
    beyond = await desk.do(cast.tom, "log 1 2h")
    assert "cap" not in within.text and "owes more for this month now than its cap of $50.00" in beyond.text


async def test_credit_that_ends_inside_a_quarter_leaves_the_rest_per_use(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    desk.a_grant(cast.acme, "12h", units=3)
    answer = await desk.do(cast.tom, "log 1 30m")
    # 2 quarters at P4 are 4 units: 3 from the credit, 1 per use at $10.00.
    assert "3 units from the 12-hour credit ($22.50) + 1 unit per use ($10.00)" in answer.text
    assert desk.charges() == [(4, 1_000)]
    balance = desk.balance(cast.acme)
    # The three units of credit are not paid yet either: 3 × $7.50.
    assert (balance.left_units, balance.owed_cents) == (0, 1_000 + 2_250)
    assert desk.faults_in_books(cast.acme) == []


async def test_approvers_are_asked_how_to_go_on_and_requesters_are_not(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    eve = desk.a_contact(cast.acme, "Eve Lane", role="approver")
    desk.a_grant(cast.acme, "12h", units=3)
    await desk.do(cast.tom, "log 1 30m")
    (asked,) = desk.told(cast.anna, "credit_ran_out")
    assert [action.command for action in asked.actions] == ["buy 12", "buy 40", "buy per-use", "buy stop"]
    assert "$720.00" in asked.body and "$2,000.00" in asked.body
    assert desk.told(eve, "credit_ran_out") and not desk.told(bob)


async def test_credit_is_bought_by_an_approver_and_granted_by_a_manager(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    assert not (await desk.do(bob, "buy 12")).is_ok
    assert (await desk.do(cast.anna, "buy 12")).is_ok
    (wanted,) = desk.told(cast.maria, "credit_wanted")
    assert wanted.actions[0].command == "grant ACME 12h"
    assert desk.balance(cast.acme).left_units is None, "usable only when paid, or granted"
    assert not (await desk.do(cast.tom, "grant ACME 12h")).is_ok
    assert (await desk.do(cast.maria, "grant ACME 12h")).is_ok
    assert desk.balance(cast.acme).left_units == 96


async def test_who_chose_per_use_is_not_asked_again(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    desk.a_grant(cast.acme, "12h", units=3)
    await desk.do(cast.anna, "buy per-use")
    await desk.do(cast.tom, "log 1 30m")
    assert "credit_ran_out" not in desk.kinds(cast.anna)


async def test_the_days_work_on_a_ticket_is_rounded_up_together(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    # 10 minutes are a quarter (2 units); 20 in all are two; 30 in all still two.
    for line in ("log 1 10m at 10:10", "log 1 10m at 11:00", "log 1 10m at 12:00"):
        assert (await desk.do(cast.tom, line)).is_ok
    assert [units for units, _ in desk.charges()] == [2, 2, 0]
    assert desk.balance(cast.acme).owed_cents == 4_000


async def test_resolving_logs_and_tells_in_one_breath(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    answer = await desk.do(cast.tom, "resolve 1 30m -- Hours are online.")
    assert answer.is_ok and "2 quarters at P4" in answer.text
    assert desk.ticket().state is State.RESOLVED
    (told,) = desk.told(cast.anna, "resolved")
    assert "Hours are online." in told.body and "2 quarters at P4" in told.body


async def test_requester_who_may_not_see_balances_reads_none(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, "12h")
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    await desk.say(bob, HOURS)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-18 16:00"))
    await desk.do(cast.tom, "resolve 1 30m -- Hours are online.")
    body = desk.told(bob, "resolved")[0].body
    assert "Hours are online." in body and "left" not in body


async def test_logging_needs_a_claim(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    answer = await desk.do(cast.tom, "log 1 30m")
    assert not answer.is_ok and "claim 1" in answer.text
    assert desk.charges() == []


async def test_replayed_log_bills_once(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    order = desk.an_order(cast.tom, "log 1 30m")
    first = await desk.stage.obey(order)
    assert await desk.stage.obey(order) == first
    assert desk.charges() == [(4, 4_000)]


# ---------------------------------------------------------------- the price of a priority


async def test_raised_priority_prices_forward_only_after_notice(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    assert (await desk.do(cast.maria, "priority 1 P2 -- nobody can print")).is_ok
    (told,) = desk.told(cast.anna, "priority_changed")
    assert "priced by it" in told.body
    await desk.until(ny("2026-11-18 17:00"))
    await desk.do(cast.tom, "log 1 15m at 15:00")  # before it was raised, at 16:00: P4, 2 units
    await desk.do(cast.tom, "log 1 15m at 16:30")  # after: P2, 4 units
    assert [units for units, _ in desk.charges()] == [2, 4]


async def test_own_choice_in_closed_time_is_billed_as_in_open_time(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    await desk.until(ny("2026-11-19 08:00"))
    await desk.do(cast.tom, "log 1 15m at 07:00")  # nobody said that it was asked for
    await desk.do(cast.tom, "log 1 15m at 07:30 own")
    assert [units for units, _ in desk.charges()] == [2, 2]
    await desk.do(cast.tom, "log 1 15m at yesterday 22:00 asked")
    assert [units for units, _ in desk.charges()] == [2, 2, 5]


# ---------------------------------------------------------------- plan or agreement first


async def test_without_plan_or_agreement_work_is_kept_and_waits_for_a_yes(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk, plan="none")
    answer = await desk.do(cast.tom, "log 1 30m")
    assert answer.is_ok and "not billed yet" in answer.text
    assert desk.charges() == []
    (asked,) = desk.told(cast.anna, "agreement_needed")
    assert asked.actions[0].command == "accept 1"
    yes = await desk.do(cast.anna, "accept 1")
    assert "has agreed to chargeable work" in yes.text and "2 quarters at P4" in yes.text
    assert desk.charges() == [(4, 4_000)]
    assert desk.client(cast.acme).agreed_words == "accept 1"
    assert not (await desk.do(cast.anna, "accept 1")).text.count("quarters"), "a second yes bills nothing"


async def test_subscription_gives_tickets_and_a_lead_and_is_no_consent(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk, plan="subscription")
    answer = await desk.do(cast.tom, "log 1 30m")
    assert "not billed yet" in answer.text and desk.charges() == []


async def test_flat_plan_covers_remote_work_and_not_travel(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk, plan="flat")
    assert "covered by the flat plan" in (await desk.do(cast.tom, "log 1 30m remote at 11:00")).text
    await desk.do(cast.tom, "log 1 15m travel at 12:00")
    assert [units for units, _ in desk.charges()] == [0, 4]


# ---------------------------------------------------------------- money comes in


async def test_tenth_of_a_subscription_goes_to_whoever_brought_the_client(desk: Desk) -> None:
    cast = Cast(desk)
    other = desk.a_client("NORD", plan="subscription", brought_by=cast.ines, lead=cast.tom)
    await desk.do(cast.maria, "client set NORD started=2026-11-01")
    answer = await desk.do(cast.maria, "received NORD 60 subscription 2026-11-01..2026-12-01 INV-7")
    assert answer.is_ok and "Commission for Ines Duarte: $6.00" in answer.text
    again = await desk.do(cast.maria, "received NORD 60 subscription 2026-11-01..2026-12-01 INV-7")
    assert not again.is_ok and "booked before" in again.text
    assert not (await desk.do(cast.tom, "received NORD 60 subscription 2026-12-01..2027-01-01 INV-8")).is_ok
    assert desk.faults_in_books(other) == []


async def test_statement_and_balance_are_for_those_who_may_see_them(desk: Desk) -> None:
    cast = await a_claimed_ticket(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    desk.a_grant(cast.acme, "12h")
    assert "12 h at P4 left" in (await desk.do(cast.anna, "balance")).text
    assert "12 h at P4 left" in (await desk.do(cast.tom, "balance ACME")).text
    assert not (await desk.do(bob, "balance")).is_ok
    refused = await desk.do(cast.leo, "balance ACME")
    assert not refused.is_ok and "12 h" not in refused.text
    assert "96 units" in (await desk.do(cast.anna, "statement 2026-11")).text


@pytest.mark.parametrize("role", ["consultant", "contact"])
async def test_credit_lapses_at_the_local_midnight_and_tells_nobody_else(desk: Desk, role: str) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, "included")  # lapses on the monthly anniversary of the first day of service
    assert desk.balance(cast.acme).left_units == 24
    await desk.until(ny("2026-12-17 23:59"))
    assert desk.balance(cast.acme).left_units == 24
    await desk.until(ny("2026-12-18 00:00"))
    assert desk.balance(cast.acme).left_units == 0
    assert desk.faults_in_books(cast.acme) == []


async def test_p3_work_costs_three_units_a_quarter(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-18 12:00"))
    await desk.do(cast.tom, "log 1 15m")
    assert desk.charges() == [(3, 3_000)]
