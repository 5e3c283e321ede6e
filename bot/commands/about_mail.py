"""Commands about what is written to whom: addresses in trouble, digests, and tickets that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.about_people import read_address
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.messages import EMAIL
from bot.sentences import sentence


@dataclass(frozen=True, slots=True)
class HandleLift(Command):
    """Write again to an address that bounced, blocked the desk or complained."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class HandleTroubles(Command):
    pass


@dataclass(frozen=True, slots=True)
class DigestHere(Command):
    """Whether digests come to the account that this is written from."""

    is_wanted: bool


@dataclass(frozen=True, slots=True)
class JoinTickets(Command):
    """What was written on `ticket_id` becomes part of `into_id`."""

    ticket_id: int
    into_id: int


@dataclass(frozen=True, slots=True)
class SplitOff(Command):
    """Undo a join; on a ticket that was joined to none, its last message gets a ticket of its own."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class Files(Command):
    """The files of a ticket; number: the one that is wanted, 0 for a list. is_mail: of the mails as they came."""

    ticket_id: int
    number: int = 0
    is_mail: bool = False


def _files(line: Line) -> Command:
    ticket_id = line.ticket()
    is_mail = bool(line.take_if("mail", "original"))
    word = line.take()
    if word is None:
        return Files(ticket_id, 1 if is_mail else 0, is_mail)
    if not word.value.isdecimal() or not 0 < len(word.value) <= 4:
        raise line.bad(sentence("bad which file"))
    return Files(ticket_id, int(word.value), is_mail)


def _lift(line: Line) -> Command:
    channel, address = read_address(line, default=EMAIL)
    return HandleLift(channel, address)


def is_about_tickets(line: Line) -> bool:
    """Whether "join" is followed by tickets, and not by who wants to become a consultant."""
    values = [value.lstrip("#").rstrip(".,:") for value in line.next_values(2)]
    return bool(values) and values[0].isdigit()


def read_join(line: Line) -> Command:
    """After "join": 57 42, or 57 to 42; in the thread of 57 its number may be left out before "to"."""
    if line.take_if("to", "into") and line.ticket_id:
        return JoinTickets(line.ticket_id, _other(line))
    ticket_id = line.ticket()
    line.take_if("to", "into", "with")
    return JoinTickets(ticket_id, _other(line))


def _other(line: Line) -> int:
    word = line.peek()
    if word is None or not word.value.lstrip("#").rstrip(".,").isdigit():
        raise line.bad(sentence("bad which other"))
    return line.ticket()


TICKETS = (
    Entry(
        "files", Files, _files, "files NUMBER [WHICH]   or   files NUMBER mail [WHICH]",
        "List a ticket's files, or get one, or a mail as it came.", "files 42 1", (Who.CONSULTANT,), ("file",),
    ),
    Entry(
        "join tickets", JoinTickets, read_join, "join NUMBER NUMBER",
        "Make what was written on one ticket a part of another.", "join 57 42", (Who.CONSULTANT,), ("merge",),
    ),
    Entry(
        "split", SplitOff, lambda line: SplitOff(line.ticket()), "split NUMBER",
        "Undo a join, or give the last message on a ticket one of its own.", "split 57", (Who.CONSULTANT,),
    ),
)  # fmt: skip
ADDRESSES = (
    Entry(
        "handle lift", HandleLift, _lift, "handle lift [CHANNEL] ADDRESS",
        "Write again to an address that bounced or complained.", "handle lift maria@acme.example", (Who.MANAGER,),
    ),
    Entry(
        "handle troubles", HandleTroubles, lambda line: HandleTroubles(), "handle troubles",
        "See the addresses that nothing reaches, or that want no notices.", "handle troubles", (Who.MANAGER,),
    ),
    Entry(
        "digest off", DigestHere, lambda line: DigestHere(False), "digest off",
        "Get no more digests on this account.", "digest off", (Who.CONSULTANT,),
    ),
    Entry(
        "digest on", DigestHere, lambda line: DigestHere(True), "digest on",
        "Get digests on this account again.", "digest on", (Who.CONSULTANT,),
    ),
)  # fmt: skip
