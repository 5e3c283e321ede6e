"""Time that runs, time that was wrong, and words straight to a person: start, stop, correct, reverse, contact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.commands.about_work import Work, read_work
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence

HOW = ("phone", "call", "text", "sms", "onsite", "on-site")
_PRIORITIES = ("p1", "p2", "p3", "p4")


@dataclass(frozen=True, slots=True)
class StartClock(Command):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class StopClock(Command):
    """work: what is told of it beside the time. ticket_id: None for whatever is running."""

    ticket_id: int | None = None
    work: Work = field(default_factory=Work)


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """Take a charge back and log its work anew; what is not said stays as it was."""

    charge_id: int
    work: Work


@dataclass(frozen=True, slots=True)
class Reverse(Command):
    charge_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DirectContact(Command):
    """A client's person came straight to a person of the desk: how, for how long, and what it was about.

    priority: its impact, if the consultant says it; else it is read from the words.
    """

    client: str
    how: str
    work: Work
    priority: str = ""


def read_start(line: Line) -> Command:
    """After "start", where a ticket's number follows."""
    return StartClock(line.ticket())


def read_stop(line: Line) -> Command:
    """After "stop", where anything follows: a ticket, a kind, a flag, a note."""
    ticket_id = line.ticket_if_any() or None
    if not line.has_number:
        ticket_id = None
    work = read_work(line, takes_note=False)
    if work.minutes is not None or work.span is not None or work.start is not None:
        raise line.bad(sentence("bad clock counts"))
    return StopClock(ticket_id, work)


def _correct(line: Line) -> Command:
    line.take_if("charge")
    charge_id = line.number(sentence("answer which charge"))
    work = read_work(line, takes_note=False)
    if work == Work():
        raise line.bad(sentence("bad what really"))
    return Correct(charge_id, work)


def _reverse(line: Line) -> Command:
    line.take_if("charge")
    return Reverse(line.number(sentence("answer which charge")), line.free_text(needs_mark=True))


def _contact(line: Line) -> Command:
    client = line.client()
    how = line.take_if(*HOW)
    if not how:
        raise line.bad(sentence("bad how come"))
    how = {"call": "phone", "sms": "text", "on-site": "onsite"}.get(how, how)
    work, priority = Work(), line.take_if(*_PRIORITIES).upper()
    work = read_work(line, takes_note=False)
    if work.minutes is None and work.span is None:
        raise line.bad(sentence("bad how long contact"))
    if not work.note:
        raise line.bad(sentence("bad what about"))
    if not work.kind and how == "onsite":
        work = replace(work, kind="onsite")
    return DirectContact(client, how, work, priority)


ENTRIES = (
    Entry(
        "start clock", StartClock, read_start, "start NUMBER", "Let your clock run on a ticket.", "start 42",
        (Who.CONSULTANT,), ("clock on",),
    ),
    Entry(
        "stop clock", StopClock, read_stop, "stop [NUMBER] [KIND] [asked|own] [booked] [free REASON] [-- NOTE]",
        "Stop your clock and log what it counted.", "stop remote -- new cable", (Who.CONSULTANT,), ("clock off",),
    ),
    Entry(
        "correct", Correct, _correct,
        "correct CHARGE [TIME] [KIND] [at [DAY] 17:20] [asked|own] [free REASON] [-- NOTE]",
        "Take a charge back and log its work as it really was; what you leave out stays.", "correct 812 50m asked",
        (Who.CONSULTANT,), ("relog",),
    ),
    Entry(
        "reverse", Reverse, _reverse, "reverse CHARGE [-- REASON]",
        "Take a charge back as if it had never been logged.", "reverse 812 -- wrong ticket", (Who.CONSULTANT,),
    ),
    Entry(
        "contact", DirectContact, _contact, "contact CODE phone|text|onsite [P1-P4] TIME [asked|own] -- WHAT",
        "Record a call, a text or a word on site: a ticket with its time.", "contact ACME phone 10m -- printer is down",
        (Who.CONSULTANT,),
    ),
)  # fmt: skip
