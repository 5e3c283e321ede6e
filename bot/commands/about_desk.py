"""Commands about the giver and the desk itself: lists, linking, absence, digests, help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.commands import times
from bot.commands.about_time import read_start, read_stop
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.commands.times import WallTime
from bot.plain import one_line, shortened
from bot.readers import ADDRESS
from bot.sentences import sentence

# As bot.linking makes them; typed with or without a hyphen or blank in the middle.
_CODE = re.compile(r"[A-Z2-9]{10}")


@dataclass(frozen=True, slots=True)
class Queue(Command):
    """Every ticket that waits for somebody. client: "" for all."""

    client: str = ""


@dataclass(frozen=True, slots=True)
class Mine(Command):
    pass


@dataclass(frozen=True, slots=True)
class Accounts(Command):
    """The clients whose lead the giver is."""


@dataclass(frozen=True, slots=True)
class Status(Command):
    """A contact's own open tickets, or one of them."""

    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class WhoAmI(Command):
    pass


@dataclass(frozen=True, slots=True)
class Link(Command):
    """Either the one-time code that was sent, or the proven address that one is to be sent to."""

    code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Stop(Command):
    """No more notices to this account, only answers and what is priced."""


@dataclass(frozen=True, slots=True)
class Start(Command):
    """Notices to this account again, and what can be written here."""


@dataclass(frozen=True, slots=True)
class Away(Command):
    until: WallTime


@dataclass(frozen=True, slots=True)
class Back(Command):
    pass


@dataclass(frozen=True, slots=True)
class DigestNow(Command):
    """on: the local date it is about; None for yesterday's."""

    on: date | None = None


@dataclass(frozen=True, slots=True)
class Requeue(Command):
    """Read a message again that was put into quarantine."""

    inbound_id: int


@dataclass(frozen=True, slots=True)
class ConfirmClock(Command):
    """A manager confirms the time after the clock jumped: lapses and charges go on."""


@dataclass(frozen=True, slots=True)
class Estimate(Command):
    """Hours for components of a catalogue; the text is read by the estimates."""

    text: str


@dataclass(frozen=True, slots=True)
class Help(Command):
    """verb: "" for all that the giver may use."""

    verb: str = ""


def _link(line: Line) -> Command:
    word = line.take()
    if word is None:
        raise line.bad(sentence("answer link how"))
    # As mail programs write addresses, and as people copy them.
    said = word.value.removeprefix("mailto:").strip("<>")
    if "@" in said:
        if len(said) > 254 or not ADDRESS.fullmatch(said):
            raise line.bad(sentence("answer no address", verb=shortened(word.value, 40)))
        return Link(address=said.lower())
    typed = (word.value + "".join(line.next_values(3))).replace("-", "")
    line.skip(len(line.next_values(3)))
    if not _CODE.fullmatch(typed.upper()) or (line.is_strict and typed != typed.upper()):
        raise line.bad(sentence("answer no code"))
    return Link(code=typed.upper())


def _away(line: Line) -> Command:
    line.take_if("until", "till", "to")
    values = line.next_values(3)
    try:
        day = times.read_day(values[0]) if values else None
        clocks = [value for value in values[bool(day) :] if value.lower() != "at"]
        minute = times.read_clock(clocks[0]) if clocks else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    if day is None and minute is None:
        raise line.bad(sentence("bad away until"))
    if day is not None and (day.offset_days or 0) < 0:
        raise line.bad(sentence("bad away past"))
    line.skip(bool(day))
    if minute is not None:
        line.take_if("at")
        line.skip(1)
    until = day or WallTime(0)
    return Away(WallTime(minute or 0, until.on, until.offset_days, until.weekday))


def _digest(line: Line) -> Command:
    values = line.next_values(1)
    try:
        on = times.read_date(values[0]) if values else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    line.skip(on is not None)
    return DigestNow(on)


def _requeue(line: Line) -> Command:
    word = line.take()
    if word is None or not re.fullmatch(r"#?[0-9]{1,12}", word.value):
        raise line.bad(sentence("bad which message"))
    return Requeue(int(word.value.lstrip("#")))


def _wish(line: Line) -> str:
    text = one_line(line.rest(), 500)
    if not text:
        raise line.bad(sentence("bad components"))
    if line.is_strict:
        raise line.bad("Put / before it.")
    return text


def _unmistakable(line: Line, command: Command) -> Command:
    """Only as a command: the word alone in a message may answer a question of ours, or be said to a person."""
    if line.is_strict:
        raise line.bad("Put / before it.")
    return command


def _help(line: Line) -> Command:
    return Help(" ".join(value.lower() for value in _taken(line, 2)))


def _taken(line: Line, count: int) -> list[str]:
    values = line.next_values(count)
    line.skip(len(values))
    return values


ENTRIES = (
    Entry(
        "queue", Queue, lambda line: Queue(line.client_if_any()), "queue [CODE]",
        "See the tickets that wait for somebody.", "queue", (Who.CONSULTANT,), ("tickets", "list"),
    ),
    Entry(
        "mine", Mine, lambda line: Mine(), "mine", "See the tickets you claimed and those offered to you.", "mine",
        (Who.CONSULTANT,), ("my tickets",),
    ),
    Entry(
        "accounts", Accounts, lambda line: Accounts(), "accounts", "See the clients whose lead you are.", "accounts",
        (Who.CONSULTANT,), ("my accounts",),
    ),
    Entry(
        "status", Status, lambda line: Status(line.ticket_if_any()), "status [NUMBER]",
        "See how your tickets stand.", "status", (Who.CONTACT,),
    ),
    Entry(
        "whoami", WhoAmI, lambda line: WhoAmI(), "whoami", "See who the desk takes you for.", "whoami",
        (Who.ANYONE,), ("who am i",),
    ),
    Entry(
        "link", Link, _link, "link ADDRESS   then   link CODE",
        "Let the desk know you in this channel: a code is sent to your address.", "link maria@acme.example",
        (Who.ANYONE,),
    ),
    Entry(
        "away", Away, _away, "away until [DAY] [TIME]", "Be offered nothing until then; your holds pass on at once.",
        "away until mon 09:00", (Who.CONSULTANT,),
    ),
    Entry("back", Back, lambda line: Back(), "back", "Be offered tickets again.", "back", (Who.CONSULTANT,)),
    Entry(
        "digest", DigestNow, _digest, "digest [DATE]", "See how a day went.", "digest 2026-11-18", (Who.MANAGER,),
    ),
    Entry(
        "requeue", Requeue, _requeue, "requeue NUMBER", "Read a message again that could not be read.", "requeue 17",
        (Who.MANAGER,),
    ),
    Entry(
        "confirm clock", ConfirmClock, lambda line: ConfirmClock(), "confirm clock",
        "Confirm the time after the clock jumped, so that lapses and charges go on.", "confirm clock",
        (Who.MANAGER,),
    ),
    Entry(
        "estimate", Estimate, lambda line: Estimate(_wish(line)), "estimate COMPONENTS",
        "See how long something takes on average.", 'estimate "Secure Login"', (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "stop", Stop, lambda line: read_stop(line) if line.peek() else _unmistakable(line, Stop()), "stop",
        "Get no more notices here; answers to what you write still come.", "stop", (Who.ANYONE,),
    ),
    Entry(
        "start", Start, lambda line: read_start(line) if line.peek() else _unmistakable(line, Start()), "start",
        "Get notices here again.", "start", (Who.ANYONE,),
    ),
    Entry(
        "help", Help, _help, "help [VERB]", "See what you can write.", "help log", (Who.ANYONE,), ("?", "commands"),
    ),
)  # fmt: skip
