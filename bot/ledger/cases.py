"""Worked bills as JSON: what `holdline inspect bill` reads and answers, by the code that bills the desk's clients.

It imports nothing heavy, and it never raises: a case that cannot be read is answered with {"error": …} that names
the field and says what may stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.clock import as_utc
from bot.errors import UserError
from bot.hours import Calendar, local_day, parse_calendar
from bot.ledger import credits, plans
from bot.ledger.charges import Charge, charge_contact, price_work
from bot.ledger.credits import PER_USE, Grant
from bot.ledger.days import Day, Rounding
from bot.ledger.kinds import Kind
from bot.ledger.plans import Plan
from bot.ledger.rates import STANDARD, RateCard
from bot.ledger.work import Terms, Work
from bot.triage.priority import Priority

MINUTES_MAX = 366 * 24 * 60
UNITS_MAX = 10**9
# Room on both sides for the hours around an instant.
YEARS = range(1970, 3000)

Case = Mapping[str, Any]
Name = TypeVar("Name", bound=StrEnum)


class BadCase(UserError):
    """A field of the case cannot be read; the text begins with the field's path."""


def answer(
    case: Case, card: RateCard = STANDARD, plans_by_name: Mapping[str, Plan] = plans.STANDARD
) -> dict[str, object]:
    """Answer one case.

    {"op": "bill", "client", "work"} → {"items": [{"units", "day_quarters", "draws", "due_cents"}], "left": {id:
    units}}; another op → {"unsupported": op}; a bad field → {"error": text}. A case inside {"case": …} is taken out.
    """
    try:
        if not isinstance(case, Mapping):
            raise BadCase(f"The case is {_shown(case)}. Write an object with op, client and work.")
        if "op" not in case and isinstance(case.get("case"), Mapping):
            case = case["case"]
        op = case.get("op", "bill" if "work" in case else None)
        if op != "bill":
            return {"unsupported": op}
        return _bill(case, card, plans_by_name)
    except UserError as error:
        return {"error": str(error)}


def _bill(case: Case, card: RateCard, plans_by_name: Mapping[str, Plan]) -> dict[str, object]:
    client = _object(case, "client", "client")
    terms = _terms(client, card, plans_by_name)
    grants = _grants(client)
    works = [_item(item, f"work[{index}]", terms) for index, item in enumerate(_array(case, "work", "work"))]
    days: dict[tuple[object, date], Day] = {}
    items: list[dict[str, object]] = []
    for ticket, work in works:
        started_at = work if isinstance(work, datetime) else work.started_at
        key = ticket, local_day(terms.calendar, started_at)
        day = days.get(key, Day())
        charge = _charge(terms, work, day, grants)
        days[key] = charge.day
        grants = credits.after(grants, charge.draws)
        items.append(_item_answer(charge))
    return {"items": items, "left": {str(grant.id): grant.units for grant in grants}}


def _charge(terms: Terms, work: Work | datetime, day: Day, grants: tuple[Grant, ...]) -> Charge:
    if isinstance(work, datetime):
        return charge_contact(terms, work, day, grants)
    return price_work(terms, work, day, grants)


def _item_answer(charge: Charge) -> dict[str, object]:
    return {
        "units": charge.units,
        "day_quarters": {row.value: count for row, count in charge.day_quarters.items()},
        "draws": [[draw.grant_id, draw.units] for draw in charge.draws if draw.grant_id is not PER_USE],
        "due_cents": charge.due_cents,
    }


# ---------------------------------------------------------------- reading a case


def _terms(client: Case, card: RateCard, plans_by_name: Mapping[str, Plan]) -> Terms:
    calendar = _calendar(client)
    name = client.get("plan", "per-use")
    plan = plans_by_name.get(name) if isinstance(name, str) else None
    if plan is None:
        raise BadCase(f"client.plan: {_shown(name)} is no plan. Known are {', '.join(sorted(plans_by_name))}.")
    if not plan.is_consent:
        raise BadCase(
            f"client.plan: {name!r} is no consent to chargeable work, so nothing can be billed. "
            "The client takes a plan, or an approver accepts chargeable work first."
        )
    rounding = _one_of(client, "rounding", "client.rounding", Rounding, default=Rounding.DAY)
    least = 0
    if client.get("minimum_units") is not None:
        least = _whole(client, "minimum_units", "client.minimum_units", UNITS_MAX)
    return Terms(calendar, plan, rounding, card, least)


def _calendar(client: Case) -> Calendar:
    zone = client.get("timezone")
    if not isinstance(zone, str) or not zone:
        raise BadCase(f"client.timezone: {_shown(zone)} is no time zone. Write one like America/New_York.")
    hours = client.get("hours", "")
    if not isinstance(hours, str):
        raise BadCase(f"client.hours: {_shown(hours)} are no hours. Write them like Mon-Fri 09:00-17:00.")
    try:
        parse_calendar("", zone)
    except UserError as error:
        raise BadCase(f"client.timezone: {error}") from error
    try:
        parse_calendar(hours, zone)
    except UserError as error:
        raise BadCase(f"client.hours: {error}") from error
    holidays = [
        _date(day, f"client.holidays[{index}]")
        for index, day in enumerate(_array(client, "holidays", "client.holidays", is_optional=True))
    ]
    return parse_calendar(hours, zone, holidays)


def _grants(client: Case) -> tuple[Grant, ...]:
    grants: list[Grant] = []
    for index, item in enumerate(_array(client, "grants", "client.grants", is_optional=True)):
        path = f"client.grants[{index}]"
        if not isinstance(item, Mapping):
            raise BadCase(f"{path}: {_shown(item)} is no grant. Write an object with id, tier, units and bought_on.")
        grant_id = item.get("id")
        if not isinstance(grant_id, str | int) or isinstance(grant_id, bool):
            raise BadCase(f"{path}.id: {_shown(grant_id)} is no id. Write a text or a number.")
        if any(str(other.id) == str(grant_id) for other in grants):
            raise BadCase(f"{path}.id: {_shown(grant_id)} is the id of another grant, too.")
        tier = item.get("tier", "")
        if not isinstance(tier, str):
            raise BadCase(f"{path}.tier: {_shown(tier)} is no tier. Write 12h, 40h or included.")
        lapses_on = item.get("lapses_on")
        grants.append(
            Grant(
                grant_id,
                tier,
                _whole(item, "units", f"{path}.units", UNITS_MAX),
                None if lapses_on is None else _date(lapses_on, f"{path}.lapses_on"),
                # A grant of no stated age is older than all others.
                date.min if item.get("bought_on") is None else _date(item["bought_on"], f"{path}.bought_on"),
            )
        )
    return tuple(grants)


def _item(item: object, path: str, terms: Terms) -> tuple[object, Work | datetime]:
    """The ticket, and what was done on it: work, or the instant of an urgent off-hours contact."""
    if not isinstance(item, Mapping):
        raise BadCase(f"{path}: {_shown(item)} is no work item. Write an object with ticket, kind, start and minutes.")
    ticket = item.get("ticket")
    if not isinstance(ticket, str | int) or isinstance(ticket, bool):
        raise BadCase(f"{path}.ticket: {_shown(ticket)} is no ticket. Write its number.")
    started_at = _instant(item, "start", f"{path}.start")
    is_billable = _flag(item, "billable", f"{path}.billable", is_by_default=True)
    if _flag(item, "contact", f"{path}.contact") and is_billable:
        return ticket, started_at
    if item.get("contact"):
        return ticket, Work(Priority.P1, Kind.REMOTE, started_at, 0, is_billable=False)
    work = Work(
        priority=_one_of(item, "priority", f"{path}.priority", Priority),
        kind=_one_of(item, "kind", f"{path}.kind", Kind),
        started_at=started_at,
        minutes=_whole(item, "minutes", f"{path}.minutes", MINUTES_MAX),
        was_asked=_flag(item, "asked", f"{path}.asked"),
        is_booked=_flag(item, "booked", f"{path}.booked"),
        is_billable=is_billable,
    )
    return ticket, work


def _object(case: Case, key: str, path: str) -> Case:
    value = case.get(key)
    if not isinstance(value, Mapping):
        raise BadCase(f"{path}: {_shown(value)} is no object. Write one.")
    return value


def _array(case: Case, key: str, path: str, *, is_optional: bool = False) -> list[object]:
    value = case.get(key)
    if value is None and is_optional:
        return []
    if not isinstance(value, list):
        raise BadCase(f"{path}: {_shown(value)} is no list. Write one.")
    return value


def _whole(case: Case, key: str, path: str, most: int) -> int:
    value = case.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadCase(f"{path}: {_shown(value)} is no whole number from 0 to {most}.")
    return value


def _flag(case: Case, key: str, path: str, *, is_by_default: bool = False) -> bool:
    value = case.get(key)
    if value is None:
        return is_by_default
    if not isinstance(value, bool):
        raise BadCase(f"{path}: {_shown(value)} is neither true nor false.")
    return value


def _one_of(case: Case, key: str, path: str, names: type[Name], *, default: Name | None = None) -> Name:
    value = case.get(key)
    if value is None and default is not None:
        return default
    for name in names:
        if value == name:
            return name
    raise BadCase(f"{path}: {_shown(value)} is not known. Write one of {', '.join(names)}.")


def _date(value: object, path: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadCase(f"{path}: {_shown(value)} is no date. Write it like 2026-11-26.")


def _instant(case: Case, key: str, path: str) -> datetime:
    value = case.get(key)
    try:
        if isinstance(value, str):
            at = as_utc(datetime.fromisoformat(value))
            if YEARS.start <= at.year < YEARS.stop:
                return at
    except (ValueError, OverflowError):
        pass
    raise BadCase(f"{path}: {_shown(value)} is no instant with an offset. Write it like 2026-11-18T10:00:00-05:00.")


def _shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
