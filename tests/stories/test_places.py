"""A client's own channel or group: what is written there counts without a mention."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import CONSOLE, SLACK, TELEGRAM, Handle, News, Place
from tests.desk import Desk
from tests.stories.cast import PRINTER, Cast


async def test_what_is_written_in_a_clients_channel_opens_a_ticket(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK,), staff_on=(CONSOLE,))
    here = Place(SLACK, "T1:C0123ABC")
    talk = {"place": here, "is_addressed": False}
    assert (await desk.say(cast.anna, PRINTER, **talk)).outcome == "recorded"
    answer = await desk.do(cast.maria, "place ACME slack C0123ABC")
    assert answer.is_ok and "slack C0123ABC is Acme Ltd's now" in answer.text
    assert (await desk.say(cast.anna, PRINTER, **talk)).outcome == "opened"
    assert "ACME Acme Ltd: slack C0123ABC" in (await desk.do(cast.maria, "place list")).text
    assert (await desk.do(cast.maria, "place nobody slack T1:C0123ABC")).is_ok
    await desk.advance(hours=9)
    assert (await desk.say(cast.anna, "The scanner too.", **talk)).outcome == "recorded"


async def test_manager_gives_the_group_they_write_in(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,), staff_on=(TELEGRAM,))
    group = Place(TELEGRAM, "-1001234567890")
    answer = await desk.do(cast.maria, "place ACME", place=group)
    # What Telegram does not hand over is not promised to be read.
    assert answer.is_ok and "every message" not in answer.text and "mentions of the bot" in answer.text
    said = await desk.say(cast.anna, PRINTER, place=group, is_addressed=False)
    assert said.outcome == "opened"


async def test_a_private_chat_or_the_desks_own_is_no_clients(desk: Desk, store: object, tmp_path: object) -> None:
    cast = Cast(desk, staff_on=(TELEGRAM,))
    assert "no group" in (await desk.do(cast.maria, "place ACME", place=Place(TELEGRAM, "70001"))).text
    assert "for a manager" in (await desk.do(cast.tom, "place ACME telegram -1001234567890")).text
    assert "no client ZORG" in (await desk.do(cast.maria, "place ZORG telegram -1001234567890")).text
    assert "no client's" in (await desk.do(cast.maria, "place nobody telegram -1001234567890")).text
    assert "like C0123ABC" in (await desk.do(cast.maria, "place ACME slack general")).text


async def test_the_desks_own_conversation_stays_the_desks(store: object, tmp_path: object) -> None:
    desk = Desk(store, tmp_path, staff_places=(Place(SLACK, "C9STAFF"),))  # type: ignore[arg-type]
    cast = Cast(desk)
    assert "desk's own" in (await desk.do(cast.maria, "place ACME slack T1:C9STAFF")).text


@pytest.mark.parametrize(
    ("channel", "given", "told"), [(SLACK, "C0123ABC", "T1:C0123ABC"), (TELEGRAM, "-1009", "-1009")]
)
async def test_a_manager_hears_that_a_clients_own_conversation_is_closed(
    desk: Desk, channel: str, given: str, told: str
) -> None:
    cast = Cast(desk)
    await desk.do(cast.maria, f"place ACME {channel} {given}")
    for conversation in (told, "T1:C0OTHER" if channel == SLACK else "-1008"):
        key = f"closed:{conversation}"
        await desk.reception.hear_of(News(channel, key, "closed", "put out", place=Place(channel, conversation)))
    await desk.settle()
    (notice,) = desk.told(cast.maria, "channel_trouble")
    assert told in notice.body


async def test_a_manager_hears_by_name_who_can_no_longer_be_reached(desk: Desk) -> None:
    cast = Cast(desk)
    assert (await desk.do(cast.maria, f"handle add {cast.anna.email} slack T012AB:U034CD")).is_ok
    handle = Handle(SLACK, "T012AB:U034CD", "ak77")
    await desk.reception.hear_of(News(SLACK, "gone:1", "gone", "the account is deactivated", handle=handle))
    await desk.settle()
    (notice,) = desk.told(cast.maria, "channel_trouble")
    assert notice.body.startswith("Anna Kim can no longer be reached on slack")


async def test_greetings_and_thanks_in_a_clients_group_open_no_ticket(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,), staff_on=(TELEGRAM,))
    group = Place(TELEGRAM, "-1001234567890")
    await desk.do(cast.maria, "place ACME", place=group)
    told = len(desk.posts[TELEGRAM].sent)
    for number, words in enumerate(("Hi all", "Thanks!", "👍", "[sticker 👍]", "Good morning everybody")):
        place = replace(group, thread=f"-1001234567890:{number}")
        assert (await desk.say(cast.anna, words, place=place, is_addressed=False)).outcome == "recorded"
    await desk.settle()
    assert len(desk.posts[TELEGRAM].sent) == told
    # Who speaks to the desk is heard, and so is a greeting that says more.
    assert (await desk.say(cast.anna, "Hello", place=replace(group, thread="a"))).outcome == "opened"
    for thread, words in (("b", f"Hi all, {PRINTER}"), ("c", "Anybody there?")):
        place = replace(group, thread=thread)
        assert (await desk.say(cast.anna, words, place=place, is_addressed=False)).outcome == "opened"
