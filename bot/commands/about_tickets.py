"""Commands that move a ticket, and words written on it.

`ticket_id` is the number in the line or that of the ticket at hand. Whether a person may, and whether the ticket can,
is decided behind the door; here a line is only understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.plain import one_line
from bot.sentences import sentence

TEXT_MAX = 100_000
PRIORITIES = {"p1": "P1", "p2": "P2", "p3": "P3", "p4": "P4"}
_PRIORITY_WORDS = {"urgent": "P1", "high": "P2", "medium": "P3", "low": "P4"} | {n: f"P{n}" for n in "1234"}


@dataclass(frozen=True, slots=True)
class Claim(Command):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Pass(Command):
    """The lead lets the hold go."""

    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release(Command):
    """The claimant gives the ticket back to the ladder."""

    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Offer(Command):
    """A manager offers the ticket to one consultant: a member number, or a name as typed."""

    ticket_id: int
    consultant: str


@dataclass(frozen=True, slots=True)
class Wait(Command):
    """The claimant waits for the client."""

    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply(Command):
    """Words for the requester."""

    ticket_id: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteOn(Command):
    """Words for the staff alone."""

    ticket_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Close(Command):
    ticket_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetPriority(Command):
    """priority: "P1" to "P4"."""

    ticket_id: int
    priority: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmPrice(Command):
    """A manager confirms that a ticket answered as P1 because of chasers is priced so too, from now on."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class Choose(Command):
    """The contact's choice after an off-hours price notice: `is_now`, or at the next opening."""

    ticket_id: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """An approver's yes: to chargeable work, or to a person who wrote from the client's domain.

    words: the line as it was written; it is the agreement and is kept.
    """

    ticket_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Why(Command):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Show(Command):
    ticket_id: int


def _reply(line: Line) -> Command:
    return Reply(line.ticket_to_write_to(), line.lines_of_text(TEXT_MAX))


def _note(line: Line) -> Command:
    return NoteOn(line.ticket_to_write_to(), line.lines_of_text(TEXT_MAX))


def _offer(line: Line) -> Command:
    # "offer 1043" in a ticket's thread names a person, "offer 42 1043" anywhere names both.
    is_person_alone = line.ticket_id is not None and len(list(islice(line.words(), 2))) == 1
    is_person_next = line.ticket_id is not None and line.next_values(1) == ["to"]
    ticket_id = line.ticket_id if is_person_alone or is_person_next else line.ticket()
    assert ticket_id is not None
    has_to = bool(line.take_if("to"))
    name = line.rest().replace('"', "").lstrip("@")
    if not name:
        raise line.bad(sentence("bad whom"))
    is_number = any(letter.isdigit() for letter in name)
    if line.is_strict and (len(name.split()) > 2 or not (has_to or is_number)):
        raise line.bad("Put “to” before the name.")
    return Offer(ticket_id, one_line(name, 80))


def _priority(line: Line) -> Command:
    first = line.next_values(1)
    is_priority_alone = bool(first) and first[0].lower() in PRIORITIES
    ticket_id = line.ticket_id if is_priority_alone and line.ticket_id is not None else line.ticket()
    word = line.take()
    known = PRIORITIES if line.is_strict else PRIORITIES | _PRIORITY_WORDS
    priority = known.get(word.lower.rstrip(".,")) if word is not None else None
    if priority is None:
        raise line.bad(sentence("bad which priority"))
    return SetPriority(ticket_id, priority, line.free_text())


def _accept(line: Line) -> Command:
    return Accept(line.ticket_if_any(), one_line(line.said, 500))


def _with_reason(make: Callable[[int, str], Command], *, needs_mark: bool = False) -> Callable[[Line], Command]:
    return lambda line: make(line.ticket(), line.free_text(needs_mark=needs_mark))


ENTRIES = (
    Entry(
        "claim", Claim, lambda line: Claim(line.ticket()), "claim NUMBER",
        "Take a ticket that is offered to you.", "claim 42", (Who.CONSULTANT,), ("take",),
    ),
    Entry(
        "pass", Pass, _with_reason(Pass), "pass NUMBER [REASON]",
        "Let your hold on a ticket go, so that others are asked at once.", "pass 42 outside my field",
        (Who.CONSULTANT,), ("skip",),
    ),
    Entry(
        "release", Release, _with_reason(Release), "release NUMBER [REASON]",
        "Give a ticket you claimed back, so that others are asked.", "release 42 on holiday from tomorrow",
        (Who.CONSULTANT,), ("unclaim",),
    ),
    Entry(
        "offer", Offer, _offer, "offer NUMBER to CONSULTANT",
        "Give a ticket to one consultant to claim.", "offer 42 to 1043", (Who.MANAGER,), ("give",),
    ),
    Entry(
        "wait", Wait, _with_reason(Wait), "wait NUMBER [FOR WHAT]",
        "Note that the client has to answer first.", "wait 42 for the password", (Who.CONSULTANT,), ("waiting",),
    ),
    Entry(
        "reply", Reply, _reply, "reply NUMBER TEXT",
        "Write to the person who asked; lines may follow.", "reply 42 We are on our way.",
        (Who.CONSULTANT,), ("answer",), takes_text=True,
    ),
    Entry(
        "note", NoteOn, _note, "note NUMBER TEXT",
        "Write a note that only the desk sees.", "note 42 the server stands in room 3",
        (Who.CONSULTANT,), takes_text=True,
    ),
    Entry(
        "reopen", Reopen, _with_reason(Reopen, needs_mark=True), "reopen NUMBER [-- REASON]",
        "Take a resolved ticket up again.", "reopen 42 -- it happens again", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "close", Close, _with_reason(Close, needs_mark=True), "close NUMBER [-- REASON]",
        "Close a ticket for good.", "close 42 -- no longer needed", (Who.CONTACT, Who.CONSULTANT),
    ),
    Entry(
        "priority", SetPriority, _priority, "priority NUMBER P1|P2|P3|P4 [REASON]",
        "Change how fast a ticket is answered; the price follows from now on.", "priority 42 P2 -- printing is down",
        (Who.CONSULTANT,), ("prio",),
    ),
    Entry(
        "confirm priority", ConfirmPrice, lambda line: ConfirmPrice(line.ticket()), "confirm priority NUMBER",
        "Confirm that a ticket raised by repeated calls is priced as P1 from now on.", "confirm priority 42",
        (Who.MANAGER,), ("confirm price",),
    ),
    Entry(
        "now", Choose, lambda line: Choose(line.ticket(), True), "now NUMBER",
        "Have an urgent ticket worked on now, at the price you were told.", "now 42", (Who.CONTACT,),
    ),
    Entry(
        "later", Choose, lambda line: Choose(line.ticket(), False), "later NUMBER",
        "Leave an urgent ticket to the next opening, at no charge for the contact.", "later 42", (Who.CONTACT,),
    ),
    Entry(
        "accept", Accept, _accept, "accept [NUMBER]",
        "Agree to chargeable work, or confirm the person who opened the ticket.", "accept 42",
        (Who.APPROVER,), ("agree",),
    ),
    Entry(
        "why", Why, lambda line: Why(line.ticket()), "why NUMBER",
        "See every decision on a ticket, and the command that reverses it.", "why 42",
        (Who.CONTACT, Who.CONSULTANT), ("history",),
    ),
    Entry(
        "show", Show, lambda line: Show(line.ticket()), "show NUMBER",
        "See a ticket and what was written on it.", "show 42", (Who.CONTACT, Who.CONSULTANT), ("view",),
    ),
)  # fmt: skip
