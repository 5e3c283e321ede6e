"""One charge: why it is what it is, that it is disputed, and what a manager decides of that."""

from __future__ import annotations

from dataclasses import dataclass

from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence


@dataclass(frozen=True, slots=True)
class WhyCharge(Command):
    charge_id: int


@dataclass(frozen=True, slots=True)
class DisputeCharge(Command):
    charge_id: int
    words: str


@dataclass(frozen=True, slots=True)
class Decide(Command):
    """outcome: uphold, waive, or part, with the units that are given up."""

    charge_id: int
    outcome: str
    units: int | None = None
    reason: str = ""


def _why(line: Line) -> Command:
    return WhyCharge(line.number(sentence("answer which charge")))


def _dispute(line: Line) -> Command:
    line.take_if("charge")
    charge_id = line.number(sentence("answer which charge"))
    if line.is_strict and not (line.peek() and line.peek().is_mark):  # type: ignore[union-attr]
        raise line.bad("Put -- before what is wrong.")
    words = line.free_text()
    if not words:
        raise line.bad(sentence("answer dispute how"))
    return DisputeCharge(charge_id, words)


def _decide(line: Line) -> Command:
    line.take_if("charge", "dispute")
    charge_id = line.number(sentence("answer which charge"))
    outcome = line.take_if("uphold", "waive", "part")
    if not outcome:
        raise line.bad(sentence("bad decided"))
    units = None
    if outcome == "part":
        units = line.number(sentence("bad part"))
        line.take_if("unit", "units")
        if not units:
            raise line.bad(sentence("bad part"))
    return Decide(charge_id, outcome, units, line.free_text(needs_mark=True))


ENTRIES = (
    Entry(
        "why charge", WhyCharge, _why, "why charge CHARGE", "See what made a charge: hours, rule, rounding, draws.",
        "why charge 812", (Who.APPROVER, Who.CONSULTANT),
    ),
    Entry(
        "dispute", DisputeCharge, _dispute, "dispute CHARGE WHAT IS WRONG",
        "Say that a charge is not right; it stays off invoices until a manager decides.",
        "dispute 812 we had asked for the morning", (Who.APPROVER,),
    ),
    Entry(
        "decide", Decide, _decide, "decide CHARGE uphold|waive|part UNITS [-- REASON]",
        "Decide a dispute.", "decide 812 part 4 -- half of it was ours", (Who.MANAGER,),
    ),
)  # fmt: skip
