"""Telegram from a client's first message to the resolved ticket, over both transports, against the strict double.

The desk behind the port is in memory here: what is told is what the channel carries, not what the desk decides.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.sender import TelegramSender
from bot.clock import HandClock
from bot.messages import TELEGRAM, Action, Answer, CardView, Handle, Notice, Order, Outgoing, Place
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import a_sender, hooked, polling

ANN, LEA, BO = 7, 21, 22  # a contact, the lead, another consultant
STAFF = -1009
Arrived = Callable[[], Awaitable[None]]


class ClaimsOnce(DeskInMemory):
    """Enough of a desk for a race: the first claim wins, the second is told who and when."""

    def __init__(self) -> None:
        super().__init__(self.decide)
        self.winner = ""

    def decide(self, order: Order) -> Answer:
        if order.text != "claim 42":
            return Answer(f"ok: {order.text}")
        if self.winner:
            return Answer(f"{self.winner} claimed 42 at 14:00.", is_ok=False)
        self.winner = order.sender.display_name
        return Answer("Ticket 42 is yours.")


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(clock=HandClock(datetime(2026, 3, 2, 14, 0, tzinfo=UTC))) as double:
        double.add_person(ANN, "Ann Lee")
        double.add_person(LEA, "Lea Lead")
        double.add_person(BO, "Bo Other")
        double.add_group(STAFF, "Desk", is_forum=True, topics=(3,))
        yield double


@pytest.fixture
async def sender(telegram: TelegramDouble) -> AsyncIterator[TelegramSender]:
    opened = a_sender(telegram)
    yield opened
    await opened.close()


@pytest.fixture(params=["polling", "webhook"])
def listening(request: pytest.FixtureRequest, telegram: TelegramDouble) -> Any:
    """Listen in one of the two ways; gives a call that returns when everything said so far has arrived."""

    @asynccontextmanager
    async def listen(desk: DeskInMemory) -> AsyncIterator[Arrived]:
        if request.param == "polling":
            async with polling(telegram, desk, staff_chat=str(STAFF)):
                yield telegram.settled
        else:
            async with hooked(telegram, desk, staff_chat=str(STAFF)):
                await telegram.until(lambda: telegram.webhook is not None)

                async def pushed() -> None:
                    assert set(await telegram.push()) <= {200}

                yield pushed

    return listen


def to(person: int, *actions: Action, key: str, body: str, place: Place | None = None) -> Outgoing:
    notice = Notice("notice", "Ticket 42", body, actions)
    return Outgoing(1, key, Handle(TELEGRAM, str(person)), notice, place=place, ticket_id=42)


async def test_a_ticket_from_first_message_to_reopening(
    telegram: TelegramDouble, sender: TelegramSender, listening: Any
) -> None:
    desk = ClaimsOnce()
    async with listening(desk) as arrived:
        # Ann writes, with a photo, and hears that it arrived.
        telegram.sends_file(ANN, "photo", b"\xff\xd8", caption="The shop is down")
        await arrived()
        (asked,) = desk.messages
        assert asked.text == "The shop is down"
        assert asked.attachments[0].content == b"\xff\xd8"
        await sender.send(to(ANN, key="received", body="We have it. P1: an answer by 15:00.", place=asked.place))
        assert telegram.texts(ANN) == ["Ticket 42\n\nWe have it. P1: an answer by 15:00."]

        # The lead is offered it; Bo presses first on the card in the desk's group.
        await sender.send(to(LEA, Action("Claim", "claim 42"), Action("Pass", "pass 42"), key="offer", body="Yours?"))
        actions = (Action("Claim", "claim 42", "primary"), Action("Why", "why 42"))
        card = CardView(
            42, 1, "42 · The shop is down", (("Priority", "P1"),), "held", Place(TELEGRAM, str(STAFF)), actions
        )
        ref = await sender.show(card, None)
        won = telegram.presses(BO, telegram.last(STAFF), "Claim")
        lost = telegram.presses(LEA, telegram.last(LEA), "Claim")
        await arrived()
        await telegram.until(lambda: {won, lost} <= telegram.answers.keys())
        assert desk.lines == ["claim 42", "claim 42"]
        assert telegram.answers[won]["text"] == "Ticket 42 is yours."
        assert telegram.answers[lost]["text"] == "Bo Other claimed 42 at 14:00."

        # The card shows it, in place.
        await sender.show(CardView(42, 2, card.title, card.fields, "claimed by Bo Other", card.place), ref)
        assert len(telegram.sent(STAFF)) == 1
        assert telegram.texts(STAFF)[0].endswith("claimed by Bo Other")

        # Bo answers the client and resolves; Ann answers that message, which reopens.
        telegram.says(BO, "/reply 42 It is the fuse.")
        telegram.says(BO, "/resolve 42 20m")
        await arrived()
        assert desk.lines[2:] == ["reply 42 It is the fuse.", "resolve 42 20m"]
        resolved = await sender.send(to(ANN, key="resolved", body="Resolved: 20 minutes.", place=asked.place))
        telegram.says(ANN, "Down again", reply_to=telegram.last(ANN))
        await arrived()
        assert desk.messages[-1].references[0] == resolved.message_id


async def test_a_stranger_links_and_asks_for_help(telegram: TelegramDouble, listening: Any) -> None:
    desk = DeskInMemory()
    async with listening(desk) as arrived:
        telegram.says(ANN, "/start K7Q2-9M")
        telegram.says(ANN, "/start")
        telegram.says(ANN, "/new The scanner too")
        telegram.says(ANN, "/urgent It smokes")
        telegram.says(ANN, "/stop")
        await arrived()
    assert desk.lines == ["link K7Q2-9M", "help", "stop"]
    assert [(message.text, message.opens_new, message.urgent_button) for message in desk.messages] == [
        ("The scanner too", True, False),
        ("It smokes", False, True),
    ]


async def test_talk_among_the_staff_stays_there(telegram: TelegramDouble, listening: Any) -> None:
    desk = DeskInMemory()
    async with listening(desk) as arrived:
        telegram.says(BO, "I think the fuse blew again", chat=STAFF, topic=3)
        telegram.says(BO, "/why 42", chat=STAFF, topic=3)
        await arrived()
    assert desk.texts == []
    assert [(order.text, order.place.thread) for order in desk.orders] == [("why 42", f"{STAFF}:topic:3")]


async def test_everything_arrives_once_however_often_it_is_sent(telegram: TelegramDouble, listening: Any) -> None:
    desk = DeskInMemory()
    async with listening(desk) as arrived:
        for number in range(200):
            telegram.says((ANN, LEA, BO)[number % 3], f"{number}")
        sent = list(telegram.pending)
        await arrived()
        telegram.pending.extend(sent)
        telegram.says(ANN, "last")
        await arrived()
    assert sorted(desk.texts[:-1], key=int) == [str(number) for number in range(200)]
    assert desk.texts[-1] == "last"
