"""Everything that goes out is written with its cause and sent once; what fails moves on, and what is held is seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.blobs import open_blobs
from bot.courier import Courier
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM, Notice, Place
from bot.outbox import LEASE_SECONDS, Draft, Lane, Limits, SendClass, post
from bot.people import recipients_of_contact
from bot.store import Query
from tests.desk import Desk
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast

BREAK = Query("UPDATE ticket SET why_json = 'no list' WHERE id = :id")
AWAY = DeliveryDelayed("the server is away")
GONE = DeliveryRefused("no such mailbox", is_address_dead=True)


LEASED_UNTIL = Query("SELECT due_at FROM delivery WHERE kind = 'received'", scans="a test")
FORGET_FILES = Query("DELETE FROM blob", scans="a test")


# ---------------------------------------------------------------- failures


async def test_delivery_whose_file_is_gone_keeps_no_other_back(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, files=[("plan.txt", b"plan")])
    await desk.do(cast.tom, "claim 1")
    # The file is asked for, and lost before it leaves; what is written next is behind it in the same lane.
    await desk.reception.obey(desk.an_order(cast.tom, "files 1 1"))
    desk.store.run_sync(lambda tx: tx.run(FORGET_FILES))
    await desk.do(cast.tom, "reply 1 It is on its way.")
    await desk.advance(minutes=3)
    assert desk.kinds(cast.anna)[-1] == "replied"
    assert "undeliverable" in desk.kinds(cast.maria)
    (lost,) = desk.deliveries(state="dead")
    assert lost.kind == "answer" and "not there any more" in lost.error
    assert "undeliverable" in desk.events(1)


async def test_passing_failure_is_tried_again_and_told_once(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].failing[cast.anna.email] = [AWAY, AWAY]
    await desk.say(cast.anna, PRINTER)
    assert not desk.told(cast.anna)
    await desk.advance(seconds=5)
    await desk.advance(seconds=15)
    assert desk.kinds(cast.anna) == ["received"]
    assert desk.deliveries(kind="received")[0].attempts == 3


async def test_service_that_asks_for_patience_gets_it(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].failing[cast.anna.email] = [DeliveryDelayed("slow down", retry_after_seconds=90)]
    await desk.say(cast.anna, PRINTER)
    await desk.advance(seconds=89)
    assert not desk.told(cast.anna)
    await desk.advance(seconds=1)
    assert desk.kinds(cast.anna) == ["received"]


async def test_slow_delivery_stays_in_the_hands_of_who_sends_it(desk: Desk, tmp_path: Path) -> None:
    cast = Cast(desk)
    is_free = desk.posts[EMAIL].slow[cast.anna.email] = asyncio.Event()
    courier = desk.stage.courier
    courier.renew_seconds = 0.01
    await desk.reception.receive(desk.a_message(cast.anna, PRINTER))
    sending = asyncio.create_task(courier.deliver_once())
    async with asyncio.timeout(10):
        while not any(row.state == "leased" for row in desk.deliveries(kind="received")):
            await asyncio.sleep(0.01)
        before = desk.store.read_sync(lambda tx: tx.all(LEASED_UNTIL))
        desk.sleep(seconds=LEASE_SECONDS - 1)
        while desk.store.read_sync(lambda tx: tx.all(LEASED_UNTIL)) == before:
            await asyncio.sleep(0.01)
    desk.sleep(seconds=LEASE_SECONDS - 1)
    other = Courier(desk.store, desk.clock, desk.posts, open_blobs(desk.store, tmp_path), policy=desk.policy)
    await other.deliver_once()
    is_free.set()
    await sending
    assert desk.kinds(cast.anna) == ["received"]
    assert desk.deliveries(kind="received")[0].attempts == 1


async def test_page_does_not_wait_behind_a_slow_conversation(desk: Desk) -> None:
    cast = Cast(desk)
    is_free = desk.posts[EMAIL].slow[cast.anna.email] = asyncio.Event()
    courier = desk.stage.courier
    running = asyncio.create_task(courier.run())
    # Anna's mail server does not answer while she is told of the first; then her lead is to be woken for the second.
    for text, lane in ((PRINTER, Lane.CONVERSATION), (SERVER, Lane.PAGE)):
        await desk.reception.receive(desk.a_message(cast.anna, text))
        courier.wake()
        async with asyncio.timeout(10):
            while not any(row.lane == lane and row.state == "sent" for row in desk.deliveries(kind="offered")):
                await asyncio.sleep(0.01)
    assert not desk.told(cast.anna)
    is_free.set()
    courier.stop()
    await running
    assert desk.kinds(cast.anna) == ["received"]


@pytest.mark.parametrize("text", [PRINTER, SERVER], ids=["conversation", "page"])
async def test_no_channel_waits_for_one_that_hangs(desk: Desk, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courier.PATIENCE_SECONDS", 0.05)
    cast = Cast(desk, contact_on=(EMAIL,), staff_on=(TELEGRAM,))
    is_free = desk.posts[TELEGRAM].slow[cast.tom.handles[TELEGRAM]] = asyncio.Event()
    courier = desk.stage.courier
    running = asyncio.create_task(courier.run())
    for number in (1, 2, 3):
        await desk.reception.receive(desk.a_message(cast.anna, text, subject=f"Number {number}"))
        courier.wake()
        async with asyncio.timeout(10):
            while len(desk.told(cast.anna, "received")) < number:
                await asyncio.sleep(0.01)
    assert not desk.told(cast.tom)
    courier.stop()
    await asyncio.sleep(0.1)
    assert not running.done(), "what is in hand is ended first"
    is_free.set()
    await running
    assert len(desk.told(cast.tom, "offered")) == 1, "what came behind it waits for the next start"
    await desk.settle()
    assert len(desk.told(cast.tom, "offered")) == 3


async def test_unknown_error_of_a_sender_counts_as_passing(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].failing[cast.anna.email] = [RuntimeError("a fault of ours")]
    await desk.say(cast.anna, PRINTER)
    await desk.advance(seconds=5)
    assert desk.kinds(cast.anna) == ["received"]


async def test_third_channel_is_tried_when_the_first_two_are_dead(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(EMAIL, SLACK, CONSOLE))
    for channel in (EMAIL, SLACK):
        desk.posts[channel].failing[cast.anna.handles[channel]] = [GONE]
    await desk.say(cast.anna, PRINTER)
    (told,) = desk.sent_to(cast.anna)
    assert (told.notice.kind, told.to.channel) == ("received", CONSOLE)


async def test_dead_address_moves_to_the_next_channel(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(SLACK, EMAIL))
    desk.posts[SLACK].down[cast.tom.handles[SLACK]] = DeliveryRefused("account deactivated", is_address_dead=True)
    await desk.say(cast.anna, PRINTER)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [EMAIL]
    await desk.advance(minutes=5)
    await desk.say(cast.anna, "One more thing", answers=1)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [EMAIL, EMAIL], "the dead one is not tried again"
    assert "undeliverable" not in desk.kinds(cast.maria)


async def test_where_no_channel_is_left_the_manager_hears_and_the_ticket_shows_it(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].down[cast.anna.email] = GONE
    await desk.say(cast.anna, PRINTER)
    (told,) = desk.told(cast.maria, "undeliverable")
    assert "Anna Kim" in told.body and "no such mailbox" in told.body
    assert "was not delivered" in (await desk.do(cast.maria, "show 1")).text


async def test_page_moves_on_after_two_failures_and_is_not_told_twice(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(SLACK, EMAIL))
    desk.posts[SLACK].down[cast.tom.handles[SLACK]] = AWAY
    await desk.say(cast.anna, SERVER)  # P1: the offer is a page
    assert not desk.told(cast.tom)
    await desk.advance(seconds=5)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [EMAIL]
    desk.posts[SLACK].down.clear()
    await desk.advance(minutes=10)
    assert [one.notice.kind for one in desk.sent_to(cast.tom)].count("offered") == 1


async def test_calm_notice_waits_for_its_channel(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(SLACK, EMAIL))
    desk.posts[SLACK].down[cast.tom.handles[SLACK]] = AWAY
    await desk.say(cast.anna, HOURS)
    await desk.advance(minutes=10)
    assert not desk.told(cast.tom)
    desk.posts[SLACK].down.clear()
    await desk.advance(minutes=10)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [SLACK]


async def test_after_three_hours_of_trying_it_is_given_up_and_the_manager_hears(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].down[cast.anna.email] = AWAY
    await desk.say(cast.anna, PRINTER)
    await desk.advance(hours=4)
    assert [row.state for row in desk.deliveries(kind="received")] == ["dead"]
    assert desk.told(cast.maria, "undeliverable")


async def test_crash_between_sending_and_noting_it_sends_the_same_key_again(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].forgetful.add(cast.anna.email)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(seconds=61)
    keys = [one.key for one in desk.sent_to(cast.anna)]
    assert len(keys) == 2 and len(set(keys)) == 1, "the channel folds the repeat by its key"


# ---------------------------------------------------------------- order and bounds


async def test_one_person_hears_of_one_ticket_in_order(desk: Desk) -> None:
    cast = Cast(desk)
    desk.posts[EMAIL].failing[cast.anna.email] = [AWAY]
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 Open the lid.")
    await desk.advance(minutes=10)
    kinds = desk.kinds(cast.anna)
    assert kinds[0] == "received" and kinds[-1] == "replied"


async def test_notices_within_two_minutes_become_one(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.advance(seconds=30)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.advance(minutes=5)
    first, second = desk.told(cast.anna)
    assert first.kind == "received"
    assert "has taken your ticket" in second.body and "has resolved your ticket" in second.body


async def test_words_of_a_person_are_never_held_back(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 I am here.")
    await desk.advance(minutes=3)
    assert "I am here." in desk.told(cast.anna)[-1].body


async def test_contact_reads_at_most_twelve_notices_a_thread_and_day_and_the_rest_is_shown_held(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    for _ in range(15):
        await desk.advance(minutes=3)
        await desk.do(cast.tom, "release 1")
        await desk.advance(minutes=3)
        await desk.do(cast.maria, "claim 1")
        await desk.do(cast.maria, "release 1")
        await desk.do(cast.tom, "claim 1")
    automatic = [one for one in desk.sent_to(cast.anna) if one.is_automatic]
    assert len(automatic) <= 12
    assert desk.deliveries(state="held")
    assert "(held): limit: 12" in (await desk.do(cast.maria, "show 1")).text


async def test_limits_are_the_operators(desk: Desk, tmp_path: Any) -> None:
    strict = Desk(desk.store, tmp_path, limits=Limits(contact_per_thread_and_day=1))
    cast = Cast(strict)
    await strict.say(cast.anna, PRINTER)
    await strict.do(cast.tom, "claim 1")
    await strict.advance(minutes=10)
    assert strict.kinds(cast.anna) == ["received"]


async def test_limit_of_a_thread_holds_however_much_a_person_gets_in_others(desk: Desk, tmp_path: Any) -> None:
    strict = Desk(desk.store, tmp_path, limits=Limits(contact_per_thread_and_day=1))
    cast = Cast(strict)
    await strict.say(cast.anna, PRINTER)
    (recipient,) = strict.store.read_sync(lambda tx: recipients_of_contact(tx, cast.anna.id))
    for number in range(60):
        draft = Draft(Notice("answer", "An answer", "elsewhere"), recipient, SendClass.CONTACT)
        strict.store.run_sync(
            lambda tx, n=number, one=draft: post(tx, [one], cause=f"n{n}", ticket_id=None, now=strict.clock.now())
        )
    await strict.do(cast.tom, "claim 1")
    await strict.advance(minutes=10)
    assert "claimed" not in strict.kinds(cast.anna)


# ---------------------------------------------------------------- cards


@pytest.mark.parametrize("channel", [SLACK, TELEGRAM])
async def test_card_is_posted_once_and_edited_as_the_ticket_moves(desk: Desk, channel: str, tmp_path: Any) -> None:
    place = Place(channel, "T1:CSTAFF" if channel == SLACK else "-1009")
    team = Desk(desk.store, tmp_path, staff_places=(place,))
    cast = Cast(team)
    shown = team.posts[channel].shown
    await team.say(cast.anna, PRINTER, subject="Printer")
    assert [card.status for card in shown] == ["Held for Tom Becker until Wed 18 Nov, 12:00 EST"]
    await team.do(cast.tom, "claim 1")
    await team.do(cast.tom, "resolve 1 -- cleaned")
    assert [card.status for card in shown[1:]] == ["Claimed by Tom Becker", "Resolved by Tom Becker"]
    assert {card.ticket_id for card in shown} == {1}
    assert not any("Anna" in str(card) for card in shown), "it hangs where everybody reads"


async def test_card_shows_the_newest_state_only(desk: Desk, tmp_path: Any) -> None:
    team = Desk(desk.store, tmp_path, staff_places=(Place(SLACK, "T1:CSTAFF"),))
    cast = Cast(team)
    await team.say(cast.anna, PRINTER)
    shown = team.posts[SLACK].shown
    before = len(shown)
    for line in ("claim 1", "wait 1 for the password", "resolve 1 -- done"):
        await team.reception.obey(team.an_order(cast.tom, line))
    await team.settle()
    assert [card.status for card in shown[before:]] == ["Resolved by Tom Becker"]


# ---------------------------------------------------------------- the clock that jumps, the step that fails


async def test_step_that_fails_is_set_aside_and_starves_nobody(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER, subject="First")
    await desk.advance(minutes=1)
    await desk.say(cast.anna, PRINTER, subject="Second")
    # A row that no code could have written: its lead is a consultant who is not there.
    desk.store.run_sync(lambda tx: tx.run(BREAK, id=1))
    await desk.advance(hours=3)
    assert desk.ticket(2).step >= 1
    await desk.advance(hours=1)
    (told,) = desk.told(cast.maria, "step_failed")
    assert "failed 3 times" in told.body


async def test_hold_that_ends_while_a_message_waits_changes_nothing_twice(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    desk.clock.advance(timedelta(minutes=120))
    await desk.stage.tick.run_once()
    await desk.stage.tick.run_once()
    await desk.settle()
    assert desk.events(1).count("hold lapsed") == 1
    assert desk.kinds(cast.ines) == ["offered"]
    assert cast.tom.channel == CONSOLE


async def test_sender_knows_what_its_reader_may_do(desk: Desk) -> None:
    cast = Cast(desk)
    rita, sam = desk.a_contact(cast.acme, "Rita Req", role="requester"), desk.a_stranger()
    for person in (cast.anna, rita, sam):
        await desk.say(person, PRINTER)
    roles = [desk.sent_to(person)[0].role for person in (cast.anna, rita, sam, cast.tom)]
    assert roles == ["owner", "requester", "", ""]
