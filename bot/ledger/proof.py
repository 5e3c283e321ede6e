"""Makes a charge again from the evidence kept beside it, by the code that made it first, and says where they differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from bot.hours import Calendar
from bot.ledger.charges import Charge, charge_contact, charge_work, settle_day
from bot.ledger.credits import Draw, Grant
from bot.ledger.days import Day, Rounding
from bot.ledger.kinds import Kind
from bot.ledger.plans import Plan
from bot.ledger.rates import RateCard, Tier
from bot.ledger.units import Rows
from bot.ledger.work import Terms, Work
from bot.triage.priority import Priority

Kept = Mapping[str, Any]


def derive(evidence: Kept) -> Charge:
    """The charge that the evidence makes. Raises KeyError, ValueError or TypeError for evidence that is not whole."""
    terms, day = _terms(evidence), _day(evidence["day_before"])
    grants = tuple(_grant(fields) for fields in evidence["grants"])
    started_at = datetime.fromisoformat(evidence["started_at"])
    if evidence.get("correction"):
        return settle_day(terms, day, grants, date.fromisoformat(evidence["work_on"]))
    if evidence.get("contact"):
        return charge_contact(terms, started_at, day, grants)
    return charge_work(terms, _work(evidence, started_at), day, grants)


def difference(evidence: Kept) -> str:
    """The first thing in the evidence that its own facts do not make, as words; "" if all of it follows."""
    try:
        derived = json.loads(json.dumps(derive(evidence).evidence))
    except (KeyError, ValueError, TypeError) as error:
        return f"its evidence is not whole ({type(error).__name__}: {error})"
    for key, value in derived.items():
        if evidence.get(key) != value:
            return f"{key} is {evidence.get(key)}, its evidence makes {value}"
    return ""


def _terms(evidence: Kept) -> Terms:
    weekly = tuple(tuple((start, end) for start, end in openings) for openings in evidence["weekly"])
    holidays = frozenset(date.fromisoformat(on) for on in evidence["holidays"])
    calendar = Calendar(evidence["zone"], weekly, holidays, evidence["calendar_version"])
    covers = frozenset(Kind(kind) for kind in evidence.get("covers", ()))
    plan = Plan(evidence["plan"], True, covers, is_round_the_clock=evidence.get("is_round_the_clock", False))
    card = RateCard(
        MappingProxyType({Priority(row): count for row, count in evidence["units_per_quarter"].items()}),
        MappingProxyType({Tier.PER_USE: evidence["cents_per_unit"]}),
        MappingProxyType({}),
    )
    return Terms(
        calendar,
        plan,
        Rounding(evidence["rounding"]),
        card,
        evidence.get("minimum_units", 0),
        evidence.get("onsite_seconds_left", 0),
    )


def _day(before: Kept) -> Day:
    draws = tuple(Draw(grant_id, units) for grant_id, units in before["draws"])
    return Day(_rows(before["seconds"]), _rows(before["item_table"]), before["had_contact"], draws, before["forgiven"])


def _rows(table: Mapping[str, int]) -> Rows:
    return {Priority(row): amount for row, amount in table.items()}


def _grant(fields: Sequence[Any]) -> Grant:
    id, tier, units, lapses_on, bought_on = fields
    return Grant(
        id, tier, units, None if lapses_on is None else date.fromisoformat(lapses_on), date.fromisoformat(bought_on)
    )


def _work(evidence: Kept, started_at: datetime) -> Work:
    until = evidence.get("booked_until")
    return Work(
        Priority(evidence["ticket_priority"]),
        Kind(evidence["kind"]),
        started_at,
        evidence["minutes"],
        was_asked=evidence["was_asked"],
        is_booked=evidence["is_booked"],
        is_billable=evidence["is_billable"],
        booked_until=None if until is None else datetime.fromisoformat(until),
    )
