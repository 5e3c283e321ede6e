"""A desk to tell stories with: the real doors, rules and storage, a clock moved by hand, senders that keep what they
are given. A story says who writes and commands, lets time pass, and looks at who was told what.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import books, desk, people
from bot.books import Balance
from bot.digests import Trend
from bot.errors import DeliveryRefused
from bot.escalation import load_ladder
from bot.messages import (
    CONSOLE,
    EMAIL,
    SLACK,
    Answer,
    Attachment,
    CardView,
    Handle,
    InboundMessage,
    Notice,
    Order,
    Outgoing,
    Place,
    Receipt,
    RemoteRef,
    Trust,
)
from bot.policy import Policy
from bot.queries import money as money_queries
from bot.queries import tickets as ticket_queries
from bot.rehearsal.recorder import Recorder
from bot.rehearsal.stage import CHANNELS, Stage
from bot.store import Query, Row, Store
from bot.tickets import Ticket
from bot.tokens import Signer
from bot.triage.rules import RuleTable, load
from bot.zones import next_reading

CONFIG = Path(__file__).parents[1] / "config"
NEW_YORK = "America/New_York"
PICTURE = b"\x89PNG a picture"
SUPPORT = "support@desk.example"

DELIVERIES = Query(
    "SELECT id, key, kind, state, error, lane, channel, address, attempts, ticket_id FROM delivery ORDER BY id",
    scans="tests",
)
EVENTS = Query("SELECT kind, reason, ticket_id FROM event ORDER BY id", scans="tests")
INBOUND = Query("SELECT id, outcome, ticket_id, reason FROM inbound ORDER BY id", scans="tests")
CLIENT = Query("SELECT * FROM client WHERE id = :id")


def ny(text: str) -> datetime:
    """An instant by the wall clock of New York: ny("2026-11-18 23:10")."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


# A Wednesday morning, in open time.
WEDNESDAY = ny("2026-11-18 10:00")
NIGHT = ny("2026-11-18 23:10")


@cache
def rules() -> RuleTable:
    return load(CONFIG / "triage.toml")


@dataclass(slots=True)
class Post(Recorder):
    """A sender that also fails as told: errors by address, raised one a try; `down` fails every try.

    forgetful: addresses to which it sends once and then fails, as if the process had died before it noted that.
    slow: addresses to which a send ends only when its event is set. closed: conversations that take nothing any more.
    """

    failing: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    down: dict[str, Exception] = field(default_factory=dict)
    forgetful: set[str] = field(default_factory=set)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        if outgoing.to.address in self.slow:
            await self.slow[outgoing.to.address].wait()
        if outgoing.place is not None and outgoing.place.conversation in self.closed:
            raise DeliveryRefused("is_archived", is_place_closed=True)
        if outgoing.to.address in self.down:
            raise self.down[outgoing.to.address]
        if self.failing[outgoing.to.address]:
            raise self.failing[outgoing.to.address].pop(0)
        self.sent.append(outgoing)
        if outgoing.to.address in self.forgetful:
            self.forgetful.remove(outgoing.to.address)
            raise ConnectionError("sent, and nobody noted it")
        return self.ref_of(outgoing)

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        self.shown.append(card)
        return ref or RemoteRef(card.place.conversation, f"card-{card.ticket_id}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with their addresses by channel, the first being where they write from."""

    name: str
    handles: Mapping[str, str]
    id: int = 0
    number: str = ""

    @property
    def channel(self) -> str:
        return next(iter(self.handles))

    @property
    def email(self) -> str:
        return self.handles[EMAIL]


@dataclass(frozen=True, slots=True)
class Company:
    """A client."""

    id: int
    code: str


class Desk:
    """The desk, opened on an empty database; it is Wednesday morning, unless said otherwise."""

    def __init__(self, store: Store, folder: Path, *, now: datetime = WEDNESDAY, **choices: Any) -> None:
        clock, render = choices.pop("clock", None), choices.pop("render", a_document)
        values: dict[str, Any] = {
            "rules": rules(),
            "ladder": load_ladder(CONFIG / "escalation.toml"),
            "signer": Signer({"k1": b"tests sign with this"}, "k1"),
            "zone": NEW_YORK,
            **choices,
        }
        self.posts = {channel: Post(channel) for channel in CHANNELS}
        self.stage = Stage(
            store,
            Policy(**values),
            now=now,
            folder=folder,
            draw=a_picture,
            render=render,
            senders=dict(self.posts),
            clock=clock,
        )
        self.store, self.policy, self.clock = store, self.stage.policy, self.stage.clock
        self.reception = self.stage.reception
        self._count = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def _next(self) -> int:
        self._count += 1
        return self._count

    # ------------------------------------------------------------ people

    def a_client(self, code: str = "ACME", **columns: Any) -> Company:
        """A client in New York with a per-use plan and a hold of two hours, unless said otherwise."""
        domains = columns.pop("domains", ())
        values = {"zone": NEW_YORK, "plan": "per-use", "hold_minutes": 120, **columns}
        for role in ("lead", "manager", "assistant", "brought_by"):
            person = values.pop(role, None)
            values[f"{role}_id"] = person.id if person is not None else None
        client_id = self.store.run_sync(
            lambda tx: people.add_client(tx, code, f"{code.title()} Ltd", now=self.now, **values)
        )
        if domains:
            self.store.run_sync(lambda tx: people.set_client(tx, client_id, {"domains": domains}))
        self.store.run_sync(lambda tx: books.keep_terms(tx, client_id, now=self.now))
        return Company(client_id, code)

    def a_contact(self, client: Company, name: str = "Anna Kim", *, role: str = "owner", on: Any = (EMAIL,)) -> Person:
        """A contact with a verified handle on each channel of `on`."""
        person_id = self.store.run_sync(lambda tx: people.add_contact(tx, client.id, name, role=role, now=self.now))
        return self._with_handles(Person(name, {}, person_id), f"{client.code.lower()}.example", on, "contact_id")

    def a_consultant(
        self, number: str, name: str, *, on: Any = (CONSOLE,), role: str = "consultant", **columns: Any
    ) -> Person:
        """A consultant in New York with a verified handle on each channel of `on`."""
        values = {"zone": NEW_YORK, "role": role, **columns}
        if role == "manager":
            values["digest_at"] = next_reading(values["zone"], self.policy.digest_time, self.now)
        person_id = self.store.run_sync(lambda tx: people.add_consultant(tx, number, name, now=self.now, **values))
        return self._with_handles(Person(name, {}, person_id, number), "network.example", on, "consultant_id")

    def _with_handles(self, person: Person, domain: str, on: Any, owner: str) -> Person:
        handles = {channel: self.an_address(channel, person.name, domain) for channel in on}
        for rank, (channel, address) in enumerate(handles.items(), 1):
            handle = Handle(channel, address, person.name)
            self.store.run_sync(
                lambda tx, handle=handle, rank=rank: people.give_handle(
                    tx, handle, now=self.now, rank=rank, **{owner: person.id}
                )
            )
        return replace(person, handles=handles)

    def an_address(self, channel: str, name: str, domain: str = "elsewhere.example") -> str:
        """An address of that name on a channel."""
        first = name.split()[0].lower()
        made = {EMAIL: f"{first}@{domain}", SLACK: f"T1:U{first.upper()}", CONSOLE: first}
        return made.get(channel) or str(70_000 + self._next())

    def a_stranger(self, name: str = "Sam Stone", channel: str = EMAIL) -> Person:
        """Somebody the desk does not know."""
        return Person(name, {channel: self.an_address(channel, name)})

    def a_grant(self, client: Company, tier: str = "12h", **terms: Any) -> int:
        """Credit."""
        key = f"grant-{self._next()}"
        return self.store.run_sync(
            lambda tx: books.grant(tx, client_id=client.id, tier=tier, key=key, now=self.now, **terms)
        )

    # ------------------------------------------------------------ what people do

    async def say(self, person: Person, text: str, **fields: Any) -> Receipt:
        """A message of a person; everything that follows at once happens. See `a_message`."""
        return await self.stage.receive(self.a_message(person, text, **fields))

    def a_message(self, person: Person, text: str, **fields: Any) -> InboundMessage:
        """A message. channel: another than their first; answers: the ticket whose last notice it answers;
        files: (name, content) of attachments; everything else as in InboundMessage."""
        channel = fields.pop("channel", person.channel)
        address = person.handles[channel]
        number = self._next()
        place = Place(channel, SUPPORT if channel == EMAIL else f"chat:{address}")
        values: dict[str, Any] = {
            "key": f"message-{number}",
            "message_id": f"<message-{number}@{channel}>",
            "subject": "",
            "trust": Trust.PROVEN,
            "place": place,
            "body_text": text,
        }
        answers = fields.pop("answers", None)
        if answers is not None:
            values |= self._answering(channel, address, answers)
        files = fields.pop("files", ())
        values["attachments"] = tuple(Attachment(name, "text/plain", len(raw), raw) for name, raw in files)
        return InboundMessage(
            channel=channel,
            sender=Handle(channel, address, person.name),
            received_at=self.now,
            text=text,
            **(values | fields),
        )

    def _answering(self, channel: str, address: str, ticket_id: int) -> dict[str, Any]:
        told = self.posts[channel].last_to(address, ticket_id)
        assert told is not None, f"{address} was told nothing of ticket {ticket_id}"
        token = {"reply_token": told.reply_token} if channel == EMAIL else {}
        return {"references": (self.posts[channel].ref_of(told).message_id,), **token}

    async def do(self, person: Person, line: str, **fields: Any) -> Answer:
        """A command of a person; everything that follows at once happens."""
        return await self.stage.obey(self.an_order(person, line, **fields))

    def an_order(self, person: Person, line: str, **fields: Any) -> Order:
        channel = fields.pop("channel", person.channel)
        address = person.handles[channel]
        values = {"key": f"order-{self._next()}", "place": Place(channel, f"chat:{address}"), **fields}
        return Order(
            channel=channel,
            sender=Handle(channel, address, person.name),
            text=line,
            given_at=self.now,
            **values,
        )

    # ------------------------------------------------------------ time

    async def advance(self, **span: float) -> None:
        """Let time pass, through everything that falls due: advance(minutes=30)."""
        await self.stage.move_to(self.now + timedelta(**span))

    async def until(self, instant: datetime) -> None:
        """Let time pass up to an instant."""
        await self.stage.move_to(instant)

    def sleep(self, **span: float) -> None:
        """Let time pass while the desk is switched off."""
        self.clock.advance(timedelta(**span))

    async def settle(self) -> None:
        """Do and deliver what is due now."""
        await self.stage.settle()

    # ------------------------------------------------------------ looking

    def told(self, person: Person, kind: str = "", *, channel: str = "") -> list[Notice]:
        """What a person was told, oldest first, over all their channels or one."""
        return [one.notice for one in self.sent_to(person, channel=channel) if kind in ("", one.notice.kind)]

    def sent_to(self, person: Person, *, channel: str = "") -> list[Outgoing]:
        """The deliveries that reached a person."""
        addresses = {pair for pair in person.handles.items() if channel in ("", pair[0])}
        found = [
            one for post in self.posts.values() for one in post.sent if (one.to.channel, one.to.address) in addresses
        ]
        return sorted(found, key=lambda one: one.delivery_id)

    def kinds(self, person: Person) -> list[str]:
        """The kinds of what a person was told, oldest first."""
        return [notice.kind for notice in self.told(person)]

    def everything_sent(self) -> list[Outgoing]:
        return [one for post in self.posts.values() for one in post.sent]

    def ticket(self, ticket_id: int = 1) -> Ticket:
        return self.store.read_sync(lambda tx: desk.ticket(tx, ticket_id))

    def events(self, ticket_id: int | None = None) -> list[str]:
        """The kinds of what was decided, oldest first."""
        rows = self.store.read_sync(lambda tx: tx.all(EVENTS))
        return [row.kind for row in rows if ticket_id in (None, row.ticket_id)]

    def deliveries(self, **wanted: Any) -> list[Row]:
        """Rows of the outbox with these values."""
        rows = self.store.read_sync(lambda tx: tx.all(DELIVERIES))
        return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]

    def inbound(self) -> list[Row]:
        return self.store.read_sync(lambda tx: tx.all(INBOUND))

    def messages(self, ticket_id: int = 1) -> list[tuple[str, str]]:
        """Direction and words of what stands on a ticket."""
        rows = self.store.read_sync(lambda tx: tx.all(ticket_queries.MESSAGES, ticket_id=ticket_id))
        return [(row.direction, row.text_written) for row in rows]

    def charges(self, ticket_id: int = 1) -> list[tuple[int, int]]:
        """Units and cents due of each standing charge on a ticket."""
        rows = self.store.read_sync(lambda tx: tx.all(money_queries.CHARGES_OF_TICKET, ticket_id=ticket_id))
        return [(row.units, row.due_cents) for row in rows if not row.is_waived]

    def balance(self, client: Company) -> Balance:
        return self.store.read_sync(lambda tx: books.balance(tx, client.id))

    def client(self, client: Company) -> Row:
        row = self.store.read_sync(lambda tx: tx.one(CLIENT, id=client.id))
        assert row is not None
        return row

    def faults_in_books(self, client: Company) -> list[str]:
        return self.store.read_sync(lambda tx: books.audit(tx, client.id))


async def a_picture(trend: Trend) -> bytes:
    """Instead of the chart, which takes two seconds to draw."""
    return PICTURE


async def a_document(document: Mapping[str, object]) -> bytes:
    """Instead of the PDF, for the same reason."""
    return b"%PDF a document"


def on_day(text: str) -> date:
    return date.fromisoformat(text)
