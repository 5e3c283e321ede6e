"""What consultants earn, and how it is paid: earnings, payouts, their bank file, the tax form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.commands.dates import day, month_if_any
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence

NUMBER = re.compile(r"PAY-[A-Z0-9-]{1,24}-[0-9]{1,6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Earnings(Command):
    """name: "" for the giver's own. month: its first day; None for the running month. is_sent: as a document, too."""

    name: str = ""
    month: date | None = None
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Payout(Command):
    """Close a period for a consultant and pay what is owed. to_on: the last day of it; None for yesterday."""

    name: str
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class PayoutList(Command):
    """name: "" for the giver's own, or every consultant's for a manager. year: None for the running one."""

    name: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class PayoutFile(Command):
    """Payouts of a month as the bank's file. month: its first day; None for the running month."""

    month: date | None = None


@dataclass(frozen=True, slots=True)
class PayoutShow(Command):
    number: str


@dataclass(frozen=True, slots=True)
class PayoutArrived(Command):
    number: str


@dataclass(frozen=True, slots=True)
class TaxForm(Command):
    """handed_in_on: None for today."""

    name: str
    form: str
    handed_in_on: date | None = None


def _earnings(line: Line) -> Command:
    is_sent = bool(line.take_if("send", "mail"))
    month = month_if_any(line)
    is_sent = is_sent or bool(line.take_if("send", "mail"))
    name = "" if line.peek() is None else line.name("consultant")
    month = month or month_if_any(line)
    return Earnings(name, month, is_sent or bool(line.take_if("send", "mail")))


def _payout(line: Line) -> Command:
    word = line.peek()
    if word is not None and NUMBER.fullmatch(word.value):
        return PayoutShow(_number(line))
    name = line.name("consultant")
    to_on = day(line) if line.take_if("to", "until") else None
    return Payout(name, to_on)


def _payouts(line: Line) -> Command:
    year = _year(line)
    name = "" if year is not None or line.peek() is None else line.name("consultant")
    return PayoutList(name, year or _year(line))


def _file(line: Line) -> Command:
    return PayoutFile(month_if_any(line))


def _arrived(line: Line) -> Command:
    return PayoutArrived(_number(line))


def _tax_form(line: Line) -> Command:
    name = line.name("consultant")
    form = line.name("form")
    return TaxForm(name, form[:40], day(line) if line.take_if("on") else None)


def _number(line: Line) -> str:
    word = line.take()
    if word is None or not NUMBER.fullmatch(word.value):
        raise line.bad(sentence("bad which payout"))
    return word.value.upper()


def _year(line: Line) -> int | None:
    values = line.next_values(1)
    if not values or not re.fullmatch(r"(?:19|20|21)[0-9]{2}", values[0]):
        return None
    line.skip(1)
    return int(values[0])


ENTRIES = (
    Entry(
        "earnings", Earnings, _earnings, "earnings [NAME] [MONTH] [send]",
        "See work done, commissions, what was paid and owed; with send as a document, too.", "earnings 2026-11",
        (Who.CONSULTANT,),
        ("commission", "commissions"),
    ),
    Entry(
        "payout", Payout, _payout, "payout NAME [to DATE]   or   payout PAY-NUMBER",
        "Close a period for a consultant and pay what is owed; a number shows one.", "payout 1042 to 2026-11-30",
        (Who.MANAGER,), gives_too=PayoutShow,
    ),
    Entry(
        "payouts", PayoutList, _payouts, "payouts [NAME] [YEAR]", "See payouts, and what they come to in a year.",
        "payouts 2026", (Who.CONSULTANT,),
    ),
    Entry(
        "payout file", PayoutFile, _file, "payout file [MONTH]", "A month's payouts as the bank takes them.",
        "payout file 2026-11", (Who.MANAGER,),
    ),
    Entry(
        "payout arrived", PayoutArrived, _arrived, "payout arrived PAY-NUMBER", "Say that your pay has arrived.",
        "payout arrived PAY-1042-3", (Who.CONSULTANT,),
    ),
    Entry(
        "tax form", TaxForm, _tax_form, "tax form NAME FORM [on DATE]",
        "Keep the tax form a consultant handed in; once, before the first payout.", "tax form 1042 W-9",
        (Who.MANAGER,),
    ),
)  # fmt: skip
