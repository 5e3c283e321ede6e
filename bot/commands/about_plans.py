"""A client's plan: what it is, from when, for which fee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.commands.about_money import no_bare_number
from bot.commands.dates import day
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line
from bot.sentences import sentence

PLANS = ("none", "per-use", "managed", "flat", "flat-24h", "subscription")


@dataclass(frozen=True, slots=True)
class PlanShow(Command):
    """client: "" for the giver's own."""

    client: str = ""


@dataclass(frozen=True, slots=True)
class PlanStart(Command):
    """fee_cents: net a term, None for the plan's own. from_on: None for today; the first term begins then."""

    client: str
    plan: str
    fee_cents: int | None = None
    term_months: int = 1
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanEnd(Command):
    client: str


@dataclass(frozen=True, slots=True)
class ReturnCredit(Command):
    """Bought credit goes back at the price paid. units: None for all that is left of it."""

    client: str
    units: int | None
    reason: str


def _return(line: Line) -> Command:
    client = line.client()
    values = line.next_values(2)
    units = None
    if len(values) == 2 and values[1].lower() in ("unit", "units") and values[0].isdecimal() and len(values[0]) < 7:
        units = int(values[0])
        line.skip(2)
    else:
        no_bare_number(line)
    return ReturnCredit(client, units, line.free_text(needs_mark=True))


def _start(line: Line) -> Command:
    client = line.client()
    plan = line.take_if(*PLANS[1:])
    if not plan:
        raise line.bad(sentence("bad which plan", what=", ".join(PLANS[1:])))
    fee_cents, months, from_on = None, 1, None
    while word := line.take_if("fee", "monthly", "yearly", "from"):
        if word == "fee":
            fee_cents = line.amount(cents_min=0)
        elif word == "from":
            from_on = day(line)
        else:
            months = 12 if word == "yearly" else 1
    return PlanStart(client, plan, fee_cents, months, from_on)


ENTRIES = (
    Entry(
        "plan", PlanShow, lambda line: PlanShow(line.client_if_any()), "plan [CODE]",
        "See a client's plan, its fee and when the next term begins.", "plan ACME", (Who.APPROVER, Who.CONSULTANT),
    ),
    Entry(
        "plan start", PlanStart, _start, "plan start CODE PLAN [fee AMOUNT] [monthly|yearly] [from DATE]",
        "Put a client on a plan; each term is invoiced and its included units granted on its first day.",
        "plan start ACME managed fee 450 monthly from 2026-12-01", (Who.MANAGER,),
    ),
    Entry(
        "refund credit", ReturnCredit, _return, "refund credit CODE [N units] [-- REASON]",
        "Take bought credit back at the price paid; `refund` then pays it out.", "refund credit ACME 40 units",
        (Who.MANAGER,),
    ),
    Entry(
        "plan end", PlanEnd, lambda line: PlanEnd(line.client()), "plan end CODE",
        "Let a client's plan end: no further term begins, and work is billed per use.", "plan end ACME",
        (Who.MANAGER,),
    ),
)  # fmt: skip
