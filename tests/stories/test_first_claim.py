"""A ticket comes in, its client's lead has it first, and one consultant claims it. Two never do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM
from bot.tickets import State
from bot.views import LIST_MAX
from tests.desk import Desk, ny
from tests.doubles.books import a_ticket
from tests.stories.cast import PRINTER, SERVER, Cast


@pytest.mark.parametrize("channel", [EMAIL, SLACK, TELEGRAM, CONSOLE])
async def test_requester_hears_each_step_where_they_wrote_from(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel,))
    await desk.say(cast.anna, PRINTER, subject="Printer")
    await desk.advance(minutes=5)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.do(cast.tom, "reply 1 Please open the lid, I am with you in a minute.")
    await desk.advance(minutes=30)
    await desk.do(cast.tom, "resolve 1 30m -- Cleaned the head.")
    assert desk.kinds(cast.anna)[:4] == ["received", "claimed", "replied", "resolved"]
    assert {one.to.channel for one in desk.sent_to(cast.anna)} == {channel}
    assert desk.told(cast.anna, "replied")[0].body == "Please open the lid, I am with you in a minute.\n\nTom Becker"


async def test_lead_alone_is_asked_first_and_told_who_and_what(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, subject="Printer")
    assert desk.ticket().state is State.HELD
    (offer,) = desk.told(cast.tom)
    assert "Acme Ltd" in offer.body and PRINTER in offer.body
    assert [action.command for action in offer.actions] == ["claim 1", "pass 1", "why 1"]
    assert not any(desk.told(other) for other in (cast.ines, cast.raj, cast.maria))


async def test_during_the_hold_others_wait_and_the_clients_manager_may_override(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    refused = await desk.do(cast.ines, "claim 1")
    assert not refused.is_ok and "held for the client's lead" in refused.text
    assert (await desk.do(cast.maria, "claim 1")).is_ok
    why = await desk.do(cast.maria, "why 1")
    assert "override by the client's manager during the hold" in why.text


async def test_loser_of_a_race_is_told_who_won_and_when_in_their_own_time(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1 on the road")
    await desk.advance(minutes=3)
    won, lost = await desk.do(cast.tom, "claim 1"), await desk.do(cast.ines, "claim 1")
    await desk.advance(minutes=2)
    assert won.is_ok and "is yours" in won.text
    # 10:03 in New York is 16:03 in Berlin.
    assert (lost.is_ok, lost.text) == (False, "Tom Becker claimed ticket 1 first, at 16:03 CET.")
    assert desk.kinds(cast.anna).count("claimed") == 1


async def test_of_many_claims_at_once_one_wins(desk: Desk) -> None:
    cast = Cast(desk)
    racers = [desk.a_consultant(f"R-{number}", f"Racer{number} R", expertise="printers") for number in range(6)]
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    await desk.advance(hours=3)
    orders = [desk.an_order(racer, "claim 1") for racer in racers]
    answers = await asyncio.gather(*(desk.reception.obey(order) for order in orders))
    assert sorted(answer.is_ok for answer in answers) == [False] * 5 + [True]
    winner = racers[[answer.is_ok for answer in answers].index(True)]
    losers = [answer.text for answer in answers if not answer.is_ok]
    assert all(text.startswith(f"{winner.name} claimed ticket 1 first, at ") for text in losers)
    assert desk.events(1).count("claimed") == 1


async def test_claiming_twice_changes_nothing_and_tells_nobody_again(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    told = desk.kinds(cast.anna)
    again = await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    assert again.is_ok and "yours already" in again.text
    assert desk.kinds(cast.anna) == told


async def test_replayed_message_and_replayed_command_change_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    message = desk.a_message(cast.anna, PRINTER)
    first, second = await desk.stage.receive(message), await desk.stage.receive(message)
    assert (second.is_replay, second.ticket_id, second.outcome) == (True, first.ticket_id, "opened")
    order = desk.an_order(cast.tom, "claim 1")
    before = await desk.stage.obey(order)
    events, sent = desk.events(), len(desk.everything_sent())
    assert await desk.stage.obey(order) == before
    assert (desk.events(), len(desk.everything_sent())) == (events, sent)


async def test_claim_by_the_first_line_of_a_mail_that_answers_the_offer(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER)
    receipt = await desk.say(cast.tom, "claim", answers=1)
    assert (receipt.outcome, receipt.ticket_id) == ("obeyed", 1)
    assert desk.ticket().claimant_id == cast.tom.id
    assert "Ticket 1 is yours" in desk.told(cast.tom)[-1].body


async def test_claim_keeps_the_promise_and_the_answer_fulfils_it(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)  # P3: 8 business hours from Wednesday 10:00 are Thursday 10:00
    assert desk.ticket().promise_at == ny("2026-11-19 10:00")
    await desk.do(cast.tom, "claim 1")
    assert desk.ticket().promise_at == ny("2026-11-19 10:00")
    await desk.do(cast.tom, "reply 1 On it.")
    await desk.until(ny("2026-11-19 12:00"))
    assert desk.ticket().promise_at is None
    assert "promise missed" not in desk.events()


async def test_missed_promise_is_said_once_to_the_manager(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 10:00"))
    await desk.advance(hours=30)
    assert desk.kinds(cast.maria).count("promise_missed") == 1


async def test_each_manager_hears_of_a_missed_promise_in_their_own_language(desk: Desk) -> None:
    cast = Cast(desk)
    hans = desk.a_consultant("M-2", "Hans Maier", role="manager", on=(CONSOLE,), zone="Europe/Berlin", language="de")
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-19 10:00"))
    (english,), (german,) = desk.told(cast.maria, "promise_missed"), desk.told(hans, "promise_missed")
    assert english.body == "Nobody answered ticket #1 by Thu 19 Nov, 10:00 EST, as we had promised."
    assert german.body == "Niemand hat Ticket #1 bis Do 19. Nov., 16:00 CET beantwortet, wie wir versprochen hatten."


async def test_released_ticket_goes_on_and_the_one_who_released_it_is_not_asked_again(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=10)
    told = len(desk.told(cast.tom))
    assert (await desk.do(cast.tom, "release 1 sick")).is_ok
    await desk.advance(minutes=5)
    assert "offered" in desk.kinds(cast.ines)
    assert len(desk.told(cast.tom)) == told
    assert desk.kinds(cast.anna)[-1] == "widened"


async def test_manager_gives_a_ticket_to_one_for_an_hour_then_the_ladder_goes_on(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    assert (await desk.do(cast.maria, "offer 1 to Raj")).is_ok
    assert desk.kinds(cast.raj) == ["offered"]
    await desk.advance(minutes=61)
    assert "offered" in desk.kinds(cast.ines)


async def test_answer_reopens_what_was_resolved_with_a_new_promise(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 Done?")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.until(ny("2026-11-19 09:30"))
    await desk.say(cast.anna, "It is blank again.", answers=1)
    ticket = desk.ticket()
    assert (ticket.state, ticket.claimant_id) == (State.CLAIMED, cast.tom.id)
    assert ticket.promise_at == ny("2026-11-20 09:30")  # P3: 8 business hours from now
    assert desk.told(cast.tom, "reopened")


async def test_requester_hears_that_somebody_else_reopened_or_closed_the_ticket(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.ines, "watch 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(minutes=3)
    await desk.do(cast.maria, "reopen 1 -- the ribbon is missing")
    await desk.advance(minutes=3)
    assert desk.told(cast.anna, "reopened_for_you")[0].body == "Your ticket #1 is open again."
    boss = desk.a_contact(cast.acme, "Ben Boss")
    await desk.do(boss, "close 1 -- we bought another printer")
    await desk.advance(minutes=3)
    assert "we bought another printer" in desk.told(cast.anna, "closed")[0].body
    assert len(desk.told(cast.ines, "watched")) == 3  # resolved, reopened, closed


async def test_requester_is_not_told_of_what_they_did_themselves_but_watchers_are(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.ines, "watch 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.do(cast.anna, "reopen 1")
    await desk.do(cast.anna, "close 1")
    await desk.settle()
    assert not desk.told(cast.anna, "reopened_for_you") and not desk.told(cast.anna, "closed")
    assert len(desk.told(cast.ines, "watched")) == 3


async def test_resolved_ticket_closes_by_itself_and_an_answer_weeks_later_opens_a_new_one(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(days=7)
    assert desk.ticket().state is State.CLOSED
    assert desk.kinds(cast.anna)[-1] == "closed"
    await desk.advance(days=15)
    receipt = await desk.say(cast.anna, "It is blank again.", answers=1)
    assert (receipt.outcome, receipt.ticket_id) == ("opened", 2)


async def test_hold_is_never_longer_than_the_priority_allows(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)  # P1: at most 30 minutes
    assert desk.ticket().hold_until_at == desk.now + timedelta(minutes=30)


async def test_whoever_took_a_ticket_on_the_last_rung_and_gave_it_back_is_not_asked_for_it(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    await desk.advance(hours=2)  # the rung of everybody
    late = desk.a_consultant("C-9", "Lea Late", expertise="printers")
    assert (await desk.do(late, "claim 1")).is_ok
    await desk.do(late, "release 1")
    await desk.advance(hours=1)
    assert "offered" not in desk.kinds(late)


async def test_claimant_hears_that_the_client_closed_the_ticket(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    assert (await desk.do(cast.anna, "close 1 -- it prints again")).is_ok
    assert "it prints again" in desk.told(cast.tom, "closed")[0].body


async def test_what_is_on_offer_to_somebody_is_listed_however_much_else_waits(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    for _ in range(LIST_MAX):
        desk.store.run_sync(lambda tx: a_ticket(tx, cast.acme.id, state="held", priority="P1"))
    assert "#1 P3 ACME (offered to you" in (await desk.do(cast.tom, "mine")).text
    *tickets, more = (await desk.do(cast.tom, "queue")).text.splitlines()
    assert len(tickets) == LIST_MAX and more.startswith("There may be more")
