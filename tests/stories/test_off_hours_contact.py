"""An urgent message in closed time: the price is told at once, and one P1 quarter is billed once, or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import DeliveryRefused
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM, Trust
from tests.desk import NIGHT, Desk, ny
from tests.stories.cast import HOURS, SERVER, Cast

OPENING = ny("2026-11-19 09:00")


async def an_urgent_night(desk: Desk, **options: Any) -> Cast:
    """Wednesday, 23:10: Anna's server is down."""
    cast = Cast(desk, **options)
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER)
    return cast


# ---------------------------------------------------------------- told, and billed


@pytest.mark.parametrize("channel", [EMAIL, SLACK, TELEGRAM, CONSOLE])
async def test_price_and_choice_are_told_at_once_in_the_senders_own_channel(desk: Desk, channel: str) -> None:
    cast = await an_urgent_night(desk, contact_on=(channel,))
    assert desk.kinds(cast.anna) == ["received", "price_told"]
    (notice,) = desk.told(cast.anna, "price_told", channel=channel)
    assert "$50.00 a quarter of an hour" in notice.body and "Thu 19 Nov, 09:00 EST" in notice.body
    assert [action.command for action in notice.actions] == ["now 1", "later 1"]


async def test_one_quarter_is_billed_once_after_the_grace_time_when_somebody_has_claimed(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=5)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=4, seconds=59)
    assert desk.charges() == []
    await desk.advance(seconds=1)  # 23:20, ten minutes after the notice was delivered
    assert desk.charges() == [(5, 5_000)]
    assert "contact_charged" in desk.kinds(cast.anna)
    assert "$50.00" in desk.told(cast.anna, "contact_charged")[0].body
    await desk.until(ny("2026-11-20 12:00"))
    assert desk.charges() == [(5, 5_000)]
    assert desk.faults_in_books(cast.acme) == []


async def test_claim_after_the_grace_time_bills_at_once(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=30)
    assert desk.charges() == []
    await desk.do(cast.tom, "claim 1")
    assert desk.charges() == [(5, 5_000)]


async def test_answer_counts_as_much_as_a_claim(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=2)
    await desk.do(cast.maria, "reply 1 I look at it.")
    await desk.advance(minutes=8)
    assert desk.charges() == [(5, 5_000)]


async def test_second_urgent_message_of_that_night_costs_nothing_more(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, "Still down, nobody can work!", answers=1)
    await desk.advance(hours=3)
    assert desk.kinds(cast.anna).count("price_told") == 1
    assert desk.charges() == [(5, 5_000)]


async def test_contact_is_the_first_quarter_of_that_nights_work_not_one_on_top(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=40)
    await desk.do(cast.tom, "log 1 23:20-23:50 remote asked")
    # 30 minutes at P1 are 2 quarters, 10 units in all, 5 of which were billed as the contact.
    assert desk.charges() == [(5, 5_000), (5, 5_000)]


async def test_credit_pays_for_the_contact_first(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, "12h")
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=10)
    assert desk.charges() == [(5, 0)]
    assert desk.balance(cast.acme).left_units == 91
    (notice,) = desk.told(cast.anna, "contact_charged")
    assert "5 units from the 12-hour credit ($37.50)" in notice.body
    assert notice.body.count("units") == 1


# ---------------------------------------------------------------- the choice


async def test_later_within_the_grace_time_makes_it_an_ordinary_ticket(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=9)
    answer = await desk.do(cast.anna, "later 1")
    assert answer.is_ok and "costs nothing" in answer.text
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 12:00"))
    assert desk.charges() == []


async def test_later_by_answering_the_notice_with_one_line(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=3)
    receipt = await desk.say(cast.anna, "later 1", answers=1)
    assert receipt.outcome == "obeyed"
    await desk.do(cast.tom, "claim 1")
    await desk.advance(hours=2)
    assert desk.charges() == []


async def test_later_after_the_grace_time_is_refused(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.advance(minutes=11)
    answer = await desk.do(cast.anna, "later 1")
    assert not answer.is_ok and "10 minutes for that choice are over" in answer.text


async def test_now_is_billed_once_somebody_takes_it(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    answer = await desk.do(cast.anna, "now 1")
    assert answer.is_ok
    await desk.advance(minutes=20)
    assert desk.charges() == []
    await desk.do(cast.tom, "claim 1")
    assert desk.charges() == [(5, 5_000)]


async def test_silence_before_the_opening_bills_nothing(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.until(OPENING + timedelta(minutes=5))
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 18:00"))
    assert desk.charges() == []
    assert "contact_charged" not in desk.kinds(cast.anna)


async def test_price_that_reached_nobody_bills_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].down[cast.anna.email] = DeliveryRefused("no such mailbox", is_address_dead=True)
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 12:00"))
    assert desk.charges() == []


async def test_grace_time_begins_with_the_delivery(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(NIGHT)
    desk.posts[EMAIL].failing[cast.anna.email] = [DeliveryRefused("greylisted")] * 0
    message = desk.a_message(cast.anna, SERVER)
    await desk.reception.receive(message)
    desk.sleep(minutes=7)  # the courier was off
    await desk.settle()
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=9, seconds=59)
    assert desk.charges() == []
    await desk.advance(seconds=1)
    assert desk.charges() == [(5, 5_000)]


async def test_grace_time_follows_the_operators_choice(desk: Desk, tmp_path: Any) -> None:
    slow = Desk(desk.store, tmp_path, grace_minutes=30)
    cast = await an_urgent_night(slow)
    assert "within 30 minutes" in slow.told(cast.anna, "price_told")[0].body
    await slow.do(cast.tom, "claim 1")
    await slow.advance(minutes=29)
    assert slow.charges() == []
    await slow.advance(minutes=1)
    assert slow.charges() == [(5, 5_000)]


# ---------------------------------------------------------------- waived, disputed


async def test_manager_waives_it_and_the_client_hears(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=12)
    assert desk.charges() == [(5, 5_000)]
    assert not (await desk.do(cast.tom, "waive 1 goodwill")).is_ok
    answer = await desk.do(cast.maria, "waive 1 goodwill")
    assert answer.is_ok and "$50.00" in answer.text
    assert desk.charges() == [] and desk.balance(cast.acme).owed_cents == 0
    assert "$50.00" in desk.told(cast.anna, "waived")[0].body
    assert desk.faults_in_books(cast.acme) == []


async def test_waived_before_it_was_billed_is_never_billed(desk: Desk) -> None:
    cast = await an_urgent_night(desk)
    await desk.do(cast.tom, "claim 1")
    assert (await desk.do(cast.maria, "waive 1")).is_ok
    await desk.until(ny("2026-11-19 12:00"))
    assert desk.charges() == []


# ---------------------------------------------------------------- who has not agreed


async def test_without_plan_or_agreement_only_an_approvers_yes_bills_and_is_the_agreement(desk: Desk) -> None:
    cast = Cast(desk, plan="none")
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    await desk.until(NIGHT)
    await desk.say(bob, SERVER)
    assert "no agreement for chargeable work" in desk.told(bob, "price_told")[0].body
    assert "agreement_needed" in desk.kinds(cast.anna), "the approver hears that a yes is needed"
    await desk.do(bob, "now 1")
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=30)
    assert desk.charges() == [], "a requester cannot agree to pay"
    assert (await desk.do(cast.anna, "accept 1")).is_ok
    await desk.settle()
    assert desk.charges() == [(5, 5_000)]
    client = desk.client(cast.acme)
    assert client.is_chargeable and client.agreed_by_contact_id == cast.anna.id and client.agreed_words == "accept 1"


async def test_approvers_own_now_is_the_agreement(desk: Desk) -> None:
    cast = await an_urgent_night(desk, plan="none")
    await desk.do(cast.tom, "claim 1")
    assert (await desk.do(cast.anna, "now 1")).is_ok
    await desk.advance(minutes=10)
    assert desk.charges() == [(5, 5_000)]
    assert desk.client(cast.acme).is_chargeable


async def test_without_agreement_silence_bills_nothing(desk: Desk) -> None:
    cast = await an_urgent_night(desk, plan="none")
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 12:00"))
    assert desk.charges() == []


async def test_mail_that_proves_nothing_spends_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER, trust=Trust.UNPROVEN)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(hours=1)
    assert desk.charges() == []
    assert "approval_needed" in desk.kinds(cast.anna)


async def test_unproven_mail_on_an_open_ticket_neither_prices_nor_bills(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(NIGHT)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    told = desk.sent_to(cast.anna)[0]
    reference = desk.posts[EMAIL].ref_of(told).message_id
    await desk.say(cast.anna, SERVER, references=(reference,), trust=Trust.UNPROVEN)
    await desk.advance(hours=1)
    ticket = desk.ticket()
    assert (ticket.priority, ticket.priced_priority) == ("P1", "P4")
    assert desk.charges() == [] and "price_told" not in desk.kinds(cast.anna)


# ---------------------------------------------------------------- what is no such contact


async def test_calm_message_at_night_keeps_its_impact_and_waits(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(NIGHT)
    await desk.say(cast.anna, HOURS)
    assert desk.ticket().priority == "P4"
    assert desk.kinds(cast.anna) == ["received"]


async def test_urgent_message_in_open_time_is_no_off_hours_contact(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-18 16:00"))
    assert "price_told" not in desk.kinds(cast.anna) and desk.charges() == []


async def test_round_the_clock_plan_pays_for_contacts(desk: Desk) -> None:
    cast = await an_urgent_night(desk, plan="flat-24h")
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 12:00"))
    assert "price_told" not in desk.kinds(cast.anna) and desk.charges() == []


async def test_direct_number_is_given_to_urgent_tickets_only(desk: Desk, tmp_path: Any) -> None:
    phoned = Desk(desk.store, tmp_path, direct_number="+1 555 0100")
    cast = await an_urgent_night(phoned)
    assert "+1 555 0100" in phoned.told(cast.anna, "received")[0].body
    await phoned.say(cast.anna, HOURS, subject="Hours")
    await phoned.advance(minutes=5)
    assert "+1 555 0100" not in phoned.told(cast.anna, "received")[1].body
