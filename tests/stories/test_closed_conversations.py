"""A conversation is closed to the desk while tickets are answered there: a manager hears once, the people still do."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL, SLACK, TELEGRAM, News, Place
from tests.desk import Desk, Person
from tests.stories.cast import PRINTER, Cast

LUNCH = {SLACK: "T1:C0LUNCH", TELEGRAM: "-10077"}
CHATS = pytest.mark.parametrize("channel", [SLACK, TELEGRAM])


async def asked_in(desk: Desk, person: Person, channel: str, thread: str = "1.000001") -> int:
    """A ticket that is answered in a channel which is no client's."""
    place = Place(channel, LUNCH[channel], thread)
    number = (await desk.say(person, PRINTER, channel=channel, place=place)).ticket_id
    assert number is not None
    await desk.settle()
    return number


async def is_closed(desk: Desk, channel: str, key: str = "e1") -> None:
    """The service says so itself; what is posted there is refused."""
    place = Place(channel, LUNCH[channel])
    await desk.reception.hear_of(News(channel, key, "closed", "the channel is archived", place=place))
    desk.posts[channel].closed.add(LUNCH[channel])
    await desk.settle()


@CHATS
async def test_manager_hears_once_which_tickets_are_answered_there(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel, EMAIL))
    first = await asked_in(desk, cast.anna, channel)
    second = await asked_in(desk, cast.anna, channel, "2.000001")
    await desk.do(cast.tom, f"claim {first}")
    await is_closed(desk, channel)
    (told,) = desk.told(cast.maria, "channel_trouble")
    assert f"The conversation {LUNCH[channel]} on {channel} is closed to the desk." in told.body
    assert f"Tickets answered there: #{first}, #{second}." in told.body
    # The service says it again, in other words.
    await is_closed(desk, channel, "e2")
    assert len(desk.told(cast.maria, "channel_trouble")) == 1
    assert "conversation closed" in desk.events(first)


@CHATS
async def test_what_would_be_said_there_goes_out_by_email(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel, EMAIL))
    number = await asked_in(desk, cast.anna, channel)
    await desk.do(cast.tom, f"claim {number}")
    await is_closed(desk, channel)
    await desk.do(cast.tom, f"reply {number} It is the tray.")
    await desk.advance(minutes=5)
    (told,) = [one for one in desk.sent_to(cast.anna) if one.notice.kind == "replied"]
    assert told.to.channel == EMAIL and "It is the tray." in told.notice.body
    # It arrived, so that nobody has to be told of a failure.
    assert desk.told(cast.tom, "undeliverable") == desk.told(cast.maria, "undeliverable") == []


@CHATS
async def test_who_has_no_other_channel_is_written_to_alone(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel,))
    number = await asked_in(desk, cast.anna, channel)
    await desk.do(cast.tom, f"claim {number}")
    await is_closed(desk, channel)
    await desk.do(cast.tom, f"reply {number} It is the tray.")
    await desk.advance(minutes=5)
    (told,) = [one for one in desk.sent_to(cast.anna) if one.notice.kind == "replied"]
    assert (told.to.channel, told.place) == (channel, None)
    assert desk.told(cast.tom, "undeliverable") == []


@CHATS
async def test_refusal_tells_the_manager_where_the_service_did_not(desk: Desk, channel: str) -> None:
    """The desk was off when the channel was archived."""
    cast = Cast(desk, contact_on=(channel, EMAIL))
    number = await asked_in(desk, cast.anna, channel)
    desk.posts[channel].closed.add(LUNCH[channel])
    for line in (f"claim {number}", f"reply {number} It is the tray.", f"reply {number} And the fuser."):
        await desk.do(cast.tom, line)
        await desk.advance(minutes=5)
    (told,) = desk.told(cast.maria, "channel_trouble")
    assert f"Tickets answered there: #{number}." in told.body
    assert [one.to.channel for one in desk.sent_to(cast.anna) if one.notice.kind == "replied"] == [EMAIL, EMAIL]


async def test_conversation_without_an_open_ticket_is_nobodys_trouble(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK, EMAIL))
    number = await asked_in(desk, cast.anna, SLACK)
    await desk.do(cast.tom, f"claim {number}")
    await desk.do(cast.tom, f"resolve {number}")
    await is_closed(desk, SLACK)
    assert desk.told(cast.maria, "channel_trouble") == []


async def test_many_tickets_are_counted(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK, EMAIL))
    for number in range(12):
        await asked_in(desk, cast.anna, SLACK, f"{number + 1}.000001")
    await is_closed(desk, SLACK)
    (told,) = desk.told(cast.maria, "channel_trouble")
    assert "#1, #2, #3, #4, #5, #6, #7, #8, #9, #10 and 2 more." in told.body


async def test_a_clients_own_channel_names_its_tickets_too(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK, EMAIL))
    await desk.do(cast.maria, f"place ACME slack {LUNCH[SLACK]}")
    number = await asked_in(desk, cast.anna, SLACK)
    await is_closed(desk, SLACK)
    (told,) = desk.told(cast.maria, "channel_trouble")
    assert f"Tickets answered there: #{number}." in told.body
