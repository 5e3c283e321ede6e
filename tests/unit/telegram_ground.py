"""What stories on Telegram stand on: people and places on the double, a desk behind it, and both ways of listening."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot import desk as tickets_room
from bot.blobs import open_blobs
from bot.books import buy_credit
from bot.channels.telegram.sender import TelegramSender
from bot.clock import HandClock
from bot.courier import Courier
from bot.escalation import load_ladder
from bot.importing.door import import_file
from bot.messages import Place
from bot.morning import Morning
from bot.paperwork import Round
from bot.policy import Policy
from bot.queries import tickets as ticket_queries
from bot.reception import Reception
from bot.store import Query, Store
from bot.tick import Tick
from bot.tickets import Ticket
from tests.chat_people import people_of
from tests.desk import rules
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.parts import SIGNER, a_sender, hooked, polling

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10:00 in New York
ANNA, TOM, INES, MARIA, EVE = 700007, 700021, 700022, 700023, 700066
STAFF = -1001
PEOPLE = people_of("telegram", maria=MARIA, tom=TOM, ines=INES, anna=ANNA, annas_email="anna@acme.example")
NOTES = Query("SELECT text_written FROM message WHERE direction = 'note' ORDER BY id", scans="tests")
TICKETS = Query("SELECT id FROM ticket ORDER BY id", scans="tests")
FILES = Query("SELECT filename, sha256 FROM attachment ORDER BY id", scans="tests")
Arrived = Callable[[], Awaitable[None]]


class TelegramStory:
    """The people, the staff's group, and everything between."""

    def __init__(self, telegram: TelegramDouble, store: Store, desk: Reception, courier: Courier, *due: Round) -> None:
        self.telegram, self.store, self.desk, self.courier, self.due = telegram, store, desk, courier, due
        assert isinstance(telegram.clock, HandClock)
        self.clock = telegram.clock
        self.arrived: Arrived = telegram.settled

    async def passes(self, minutes: float = 5.0) -> None:
        """Let everything said arrive, and some minutes pass in which courier and tick do their work."""
        await self.arrived()
        for _ in range(20):
            self.clock.advance(timedelta(minutes=minutes / 20))
            for one in self.due:
                await one.run_once()
            await self.courier.deliver_once()

    async def says(self, person: int, text: str, **where: object) -> dict[str, object]:
        """Somebody writes, and time passes."""
        message = self.telegram.says(person, text, **where)
        await self.passes()
        return message

    async def presses(self, person: int, message: dict[str, object], label: str) -> str:
        """A button is pressed; returns the quick word that is shown over it."""
        query = self.telegram.presses(person, message, label)
        await self.arrived()
        await self.telegram.until(lambda: query in self.telegram.answers)
        return str(self.telegram.answers[query]["text"])

    def ticket(self, number: int = 1) -> Ticket:
        return tickets_room.from_row(self.store.read_sync(lambda tx: tx.one(ticket_queries.BY_ID, ticket_id=number)))

    def rows(self, query: Query) -> list[object]:
        return [row[0] for row in self.store.read_sync(lambda tx: tx.all(query))]


async def no_chart(trend: object) -> bytes:
    """The digest's picture, which no story here looks at."""
    return b"\x89PNG"


@asynccontextmanager
async def a_telegram(*, is_forum: bool = False) -> AsyncIterator[TelegramDouble]:
    """Everybody has written to the bot once; the staff's supergroup has topics."""
    async with TelegramDouble(clock=HandClock(NOW)) as telegram:
        for person, name in ((ANNA, "Anna K"), (TOM, "Tom B"), (INES, "Ines D"), (MARIA, "Maria R"), (EVE, "Eve X")):
            telegram.add_person(person, name)
        telegram.add_group(STAFF, "Desk", is_forum=is_forum)
        yield telegram


@asynccontextmanager
async def a_story(telegram: TelegramDouble, store: Store, folder: Path, transport: str) -> AsyncIterator[TelegramStory]:
    """The real desk behind Telegram, over "polling" or "webhook"."""
    file = folder / "people.toml"
    file.write_text(PEOPLE)
    import_file(store, file, now=NOW, is_applied=True, buy_credit=buy_credit, digest_time=time(7, 30))
    policy = Policy(
        rules=rules(),
        ladder=load_ladder(CONFIG / "escalation.toml"),
        signer=SIGNER,
        zone="America/New_York",
        staff_places=(Place("telegram", str(STAFF)),),
    )
    clock = telegram.clock
    blobs = open_blobs(store, folder / "blobs")
    desk = Reception(store, clock, blobs, policy)
    sender: TelegramSender = a_sender(telegram, on_moved=lambda old, new: desk.conversation_moved("telegram", old, new))
    courier = Courier(store, clock, {"telegram": sender}, blobs, policy=policy)
    morning = Morning(store, clock, blobs, policy, draw=no_chart)
    story = TelegramStory(telegram, store, desk, courier, Tick(store, clock, policy), morning)
    listen = polling if transport == "polling" else hooked
    async with listen(telegram, desk, clock=clock, staff_chat=str(STAFF)):
        if transport == "webhook":
            await telegram.until(lambda: telegram.webhook is not None)

            async def pushed() -> None:
                assert set(await telegram.push()) <= {200}

            story.arrived = pushed
        yield story
    await sender.close()
