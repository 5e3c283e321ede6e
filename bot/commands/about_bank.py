"""Lines of a bank's file that matched no invoice: shown, matched by hand, set aside."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.about_invoices import NUMBER
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence


@dataclass(frozen=True, slots=True)
class BankRead(Command):
    """text: the lines of a bank's CSV; "" where the file is attached."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class BankLines(Command):
    pass


@dataclass(frozen=True, slots=True)
class BankMatch(Command):
    line_id: int
    number: str


@dataclass(frozen=True, slots=True)
class BankAside(Command):
    line_id: int
    reason: str


def _match(line: Line) -> Command:
    line_id = line.number(sentence("bad which bank line"))
    word = line.take()
    if word is None or not NUMBER.fullmatch(word.value):
        raise line.bad(sentence("bad which invoice"))
    return BankMatch(line_id, word.value.upper())


def _aside(line: Line) -> Command:
    line_id = line.number(sentence("bad which bank line"))
    reason = line.free_text(needs_mark=True)
    if not reason:
        raise line.bad(sentence("bad why"))
    return BankAside(line_id, reason)


ENTRIES = (
    Entry(
        "bank read", BankRead, lambda line: BankRead(line.rest()), "bank read",
        "Book what a bank's CSV says came in: attach the file, or paste its lines below.", "bank read", (Who.MANAGER,),
        takes_text=True,
    ),
    Entry(
        "bank lines", BankLines, lambda line: BankLines(), "bank lines", "See what came in and matched no invoice.",
        "bank lines", (Who.MANAGER,),
    ),
    Entry(
        "bank match", BankMatch, _match, "bank match LINE INV-YEAR-NUMBER", "Book a bank line for an invoice.",
        "bank match 12 INV-2026-0007", (Who.MANAGER,),
    ),
    Entry(
        "bank aside", BankAside, _aside, "bank aside LINE -- REASON", "Set a bank line aside that is no payment.",
        "bank aside 12 -- interest", (Who.MANAGER,),
    ),
)  # fmt: skip
