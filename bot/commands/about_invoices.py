"""Invoices and what becomes of them: issue, list, pay, credit, refund, write off; and the close of a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.commands import times
from bot.commands.dates import day
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence

RECEIVED_FOR = "received INV-YEAR-NUMBER AMOUNT [on DATE] [REFERENCE]"
NUMBER = re.compile(r"(?:INV|CRN)-[0-9]{4}-[0-9]{1,6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InvoiceWork(Command):
    """Put on an invoice what waits: all of a client, or one ticket's."""

    client: str
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceList(Command):
    """client: "" for the giver's own, or every client for a manager."""

    client: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedFor(Command):
    """Cash for an invoice. reference: "" for one made of the invoice's number."""

    number: str
    cents: int
    received_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CreditNote(Command):
    """cents: net, None for all that is left."""

    number: str
    cents: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class WriteOff(Command):
    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refund(Command):
    """Cash goes back, of the payment that was booked under a reference."""

    of_reference: str
    cents: int
    reference: str
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Apply(Command):
    """What a client paid ahead settles an invoice. cents: None for as much as fits. client: "" where not named."""

    number: str
    cents: int | None = None
    client: str = ""


@dataclass(frozen=True, slots=True)
class Unapply(Command):
    """What was applied waits again. cents: None for all of it."""

    number: str
    cents: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CloseMonth(Command):
    """month: its first day. client: "" for all of them."""

    month: date
    client: str = ""


def read_received_for(line: Line) -> Command:
    """After "received", where an invoice's number follows."""
    line.usage, line.example = RECEIVED_FOR, "received INV-2026-0007 150.00"
    number = _number(line)
    cents = line.amount()
    received_on = day(line) if line.take_if("on") else None
    line.take_if("ref", "reference")
    reference = line.name("payment") if line.peek() is not None else ""
    return ReceivedFor(number, cents, received_on, reference)


def is_number(line: Line) -> bool:
    """Whether an invoice's number stands next."""
    word = line.peek()
    return word is not None and NUMBER.fullmatch(word.value) is not None


def _number(line: Line) -> str:
    word = line.take()
    if word is None or not NUMBER.fullmatch(word.value):
        raise line.bad(sentence("bad which invoice"))
    return word.value.upper()


def _invoice(line: Line) -> Command:
    client = line.client()
    ticket_id = line.number(sentence("answer which ticket")) if line.take_if("ticket") else None
    return InvoiceWork(client, ticket_id)


def _credit(line: Line) -> Command:
    number = _number(line)
    cents = None if line.take_if("all") else line.amount()
    reason = line.free_text(needs_mark=True)
    if not reason:
        raise line.bad(sentence("bad what for"))
    return CreditNote(number, cents, reason)


def _write_off(line: Line) -> Command:
    return WriteOff(_number(line), line.free_text(needs_mark=True))


def _refund(line: Line) -> Command:
    of_reference = line.name("refunded")
    cents = line.amount()
    on = day(line) if line.take_if("on") else None
    line.take_if("ref", "reference")
    return Refund(of_reference, cents, line.name("refund"), on)


def _apply(line: Line) -> Command:
    cents = None if is_number(line) or line.take_if("all") else line.amount()
    client = ""
    if not is_number(line) and not line.take_if("to"):
        client = line.client_if_any()
        line.take_if("to")
    return Apply(_number(line), cents, client)


def _unapply(line: Line) -> Command:
    cents = None if is_number(line) or line.take_if("all") else line.amount()
    line.take_if("from")
    return Unapply(_number(line), cents, line.free_text(needs_mark=True))


def _close_month(line: Line) -> Command:
    values = line.next_values(1)
    try:
        month = times.read_month(values[0]) if values else None
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    if month is None:
        raise line.bad(sentence("bad which month"))
    line.skip(1)
    return CloseMonth(month, line.client_if_any())


ENTRIES = (
    Entry(
        "invoice", InvoiceWork, _invoice, "invoice CODE [ticket NUMBER]",
        "Put what waits to be paid per use on an invoice, and send it.", "invoice ACME", (Who.MANAGER,),
    ),
    Entry(
        "invoices", InvoiceList, lambda line: InvoiceList(line.client_if_any()), "invoices [CODE]",
        "See invoices, and what is open of them.", "invoices ACME", (Who.APPROVER, Who.MANAGER),
    ),
    Entry(
        "received for", ReceivedFor, read_received_for, RECEIVED_FOR,
        "Book a payment for an invoice: a part, all or more.", "received INV-2026-0007 150.00", (Who.MANAGER,),
    ),
    Entry(
        "credit note", CreditNote, _credit, "credit note INV-YEAR-NUMBER NET_AMOUNT|all -- REASON",
        "Take an amount off an invoice as a gift.", "credit note INV-2026-0007 40.00 -- goodwill", (Who.MANAGER,),
    ),
    Entry(
        "write off", WriteOff, _write_off, "write off INV-YEAR-NUMBER [-- REASON]",
        "Give up as lost what is open of an invoice.", "write off INV-2026-0007 -- insolvent", (Who.MANAGER,),
        ("writeoff", "write-off"),
    ),
    Entry(
        "refund", Refund, _refund, "refund REFERENCE AMOUNT [on DATE] NEW_REFERENCE",
        "Book cash that goes back, of a payment booked before.", "refund INV-7 60.00 R-7", (Who.MANAGER,),
    ),
    Entry(
        "apply", Apply, _apply, "apply [AMOUNT [CODE] to] INV-YEAR-NUMBER",
        "Settle an invoice with what its client paid ahead: an amount, or as much as fits.",
        "apply 150 ACME to INV-2026-0007", (Who.MANAGER,),
    ),
    Entry(
        "unapply", Unapply, _unapply, "unapply [AMOUNT from] INV-YEAR-NUMBER [-- REASON]",
        "Take off an invoice again what was applied to it; it waits for another one.",
        "unapply INV-2026-0007 -- meant for the next one", (Who.MANAGER,),
    ),
    Entry(
        "close month", CloseMonth, _close_month, "close-month MONTH [CODE]",
        "Invoice a month's work and lock it; what comes later goes to the next.", "close-month 2026-11",
        (Who.MANAGER,), ("close-month",),
    ),
)  # fmt: skip
