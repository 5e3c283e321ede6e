"""Commands about credit, payments and what is not to be charged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.commands import times
from bot.commands.about_invoices import is_number, read_received_for
from bot.commands.dates import day, month_if_any
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence

_TIERS = {
    "12": "12h", "12h": "12h", "12-hour": "12h", "40": "40h", "40h": "40h", "40-hour": "40h", "included": "included",
}  # fmt: skip
_CHOICES = {"12": "12h", "12h": "12h", "40": "40h", "40h": "40h", "per-use": "per-use", "stop": "stop"}
_PURPOSES = ("subscription", "credit", "per-use")
UNITS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Balance(Command):
    """client: "" for the giver's own, or every client of a consultant."""

    client: str = ""


@dataclass(frozen=True, slots=True)
class Grant(Command):
    """A manager gives credit: on credit, to be invoiced; or as a gift. units: None for the tier's own number."""

    client: str
    tier: str
    units: int | None = None
    lapses_on: date | None = None
    note: str = ""
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class Waive(Command):
    """Take a charge back: all that ticket's off-hours contacts, or the one charge of that number.

    is_unpaid: whoever did the work is not paid for it either; else a waiver cuts nobody's pay. units: of the charge,
    the last drawn first; None for all of it.
    """

    ticket_id: int | None
    charge_id: int | None = None
    reason: str = ""
    is_unpaid: bool = False
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Buy(Command):
    """An approver's choice when credit ran out: "12h", "40h", "per-use" or "stop"."""

    choice: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class Received(Command):
    """Cash came in. A subscription names the period it pays for, the second date not included."""

    client: str
    cents: int
    purpose: str
    service_from_on: date | None
    service_to_on: date | None
    reference: str
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Statement(Command):
    """month: its first day; None for the running month. is_sent: by email to those who pay, as well."""

    client: str = ""
    month: date | None = None
    is_sent: bool = False


def _grant(line: Line) -> Command:
    tier = line.take_if(*_TIERS)
    client = line.client()
    tier = tier or line.take_if(*_TIERS)
    if not tier:
        raise line.bad(sentence("bad which credit"))
    units, lapses_on, is_gift = _units(line), None, False
    while word := line.take_if("gift", "lapses", "until"):
        is_gift = is_gift or word == "gift"
        lapses_on = lapses_on if word == "gift" else day(line)
        units = units or _units(line)
    note = line.free_text(500, needs_mark=True)
    if is_gift and not note:
        raise line.bad(sentence("bad what gift"))
    return Grant(client, _TIERS[tier], units, lapses_on, note, is_gift)


def no_bare_number(line: Line) -> None:
    """Refuse a number whose unit is left out: it must not read as all there is, nor hours as units."""
    values = line.next_values(1)
    if values and values[0][:1].isdigit():
        raise line.bad(sentence("bad units how"))


def _units(line: Line) -> int | None:
    values = line.next_values(2)
    if len(values) < 2 or values[1].lower() not in ("unit", "units") or not re.fullmatch(r"[0-9]{1,6}", values[0]):
        no_bare_number(line)
        return None
    if not 0 < int(values[0]) <= UNITS_MAX:
        raise line.bad(sentence("bad units", count=int(values[0]), most=UNITS_MAX))
    line.skip(2)
    return int(values[0])


def _waive(line: Line) -> Command:
    if not line.take_if("charge"):
        return Waive(line.ticket(), None, line.free_text())
    word = line.take()
    if word is None or not re.fullmatch(r"#?[0-9]{1,12}", word.value):
        raise line.bad(sentence("answer which charge"))
    units = _units(line)
    is_unpaid = units is None and bool(line.take_if("unpaid"))
    return Waive(None, int(word.value.lstrip("#")), line.free_text(needs_mark=True), is_unpaid, units)


def _buy(line: Line) -> Command:
    choice = line.take_if(*_CHOICES)
    if not choice:
        raise line.bad(sentence("answer buy which"))
    line.take_if("for")
    return Buy(_CHOICES[choice], line.client_if_any())


def _received(line: Line) -> Command:
    if is_number(line):
        return read_received_for(line)
    client = line.client()
    cents = line.amount()
    purpose = line.take_if(*_PURPOSES)
    if not purpose:
        raise line.bad(sentence("bad what purpose", what=", ".join(_PURPOSES)))
    period = _period(line)
    if purpose == "subscription" and period is None:
        raise line.bad(sentence("bad which period"))
    received_on = day(line) if line.take_if("on") else None
    line.take_if("ref", "reference")
    reference = line.name("payment")
    first, last = period or (None, None)
    return Received(client, cents, purpose, first, last, reference, received_on)


def _period(line: Line) -> tuple[date, date] | None:
    values = line.next_values(1)
    try:
        period = times.read_period(values[0]) if values else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    line.skip(period is not None)
    return period


def _statement(line: Line) -> Command:
    is_sent = bool(line.take_if("send", "mail"))
    client = "" if month_if_any(line, is_taken=False) else line.client_if_any()
    month = month_if_any(line, is_taken=True)
    return Statement(client, month, is_sent or bool(line.take_if("send", "mail")))


ENTRIES = (
    Entry(
        "balance", Balance, lambda line: Balance(line.client_if_any()), "balance [CODE]",
        "See what credit is left, and when it lapses.", "balance ACME", (Who.APPROVER, Who.CONSULTANT), ("credit",),
    ),
    Entry(
        "grant", Grant, _grant, "grant CODE 12h|40h|included [N units] [gift] [lapses DATE] [-- NOTE]",
        "Give a client credit that is usable at once and invoiced; a gift costs nothing.",
        "grant ACME 12h gift -- for the trouble last week", (Who.MANAGER,),
    ),
    Entry(
        "waive", Waive, _waive, "waive NUMBER [REASON]   or   waive charge NUMBER [N units | unpaid] [-- REASON]",
        "Take an off-hours contact's charge, or one charge or a part of it, back.", "waive 42 goodwill", (Who.MANAGER,),
    ),
    Entry(
        "buy", Buy, _buy, "buy 12|40|per-use|stop", "Say how work goes on when credit has run out.", "buy 12",
        (Who.APPROVER,),
    ),
    Entry(
        "received", Received, _received,
        "received CODE AMOUNT subscription|credit|per-use [FROM..TO] [on DATE] REFERENCE",
        "Book a payment that came in.", "received ACME 60 subscription 2026-11-01..2026-12-01 INV-7", (Who.MANAGER,),
    ),
    Entry(
        "statement", Statement, _statement, "statement [CODE] [MONTH] [send]",
        "See a month's work and credit; with send it goes to those who pay, too.", "statement ACME 2026-11",
        (Who.APPROVER, Who.CONSULTANT),
    ),
)  # fmt: skip
