"""A charge explained from its evidence, line by line, for whoever asks `why charge 812`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.ledger.units import DEAREST_FIRST
from bot.money import format_cents
from bot.zones import zone_named

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def why_charge(kept: Mapping[str, Any], *, currency: str = "USD") -> list[str]:
    """The hours in force, each piece with its rule, the rounding of the day, the price and where it came from."""
    zone = kept["zone"]
    lines = [
        f"worked {_reading(kept['started_at'], zone)} ({zone}), which is the client's {kept['work_on']}",
        f"open then {_hours(kept['weekly'])} (calendar version {kept['calendar_version']})"
        + (f", holidays near it: {', '.join(kept['holidays'])}" if kept["holidays"] else ""),
    ]
    lines += [_piece(piece, zone) for piece in kept.get("pieces", ())]
    if kept.get("contact"):
        lines += [f"an urgent contact in closed time; {_contact(kept, zone)}".rstrip("; ")]
    if kept.get("correction"):
        lines.append("brings the day in line with its table, after a charge of it was taken back")
    if kept.get("is_billable") is False:
        return [*lines, "not billable"]
    before, after = kept["day_before"]["posted_units"], kept["day_quarters"]
    per = kept["units_per_quarter"]
    table = " + ".join(f"{after[row]} × {row} ({per[row]} units each)" for row in DEAREST_FIRST if row in after)
    whose = "item" if kept["rounding"] == "item" else "ticket's day"
    lines.append(f"the {whose} makes {table or 'no quarter'}; {before} units of that day were billed before")
    lines.append(f"so {kept['units']} units: {_draws(kept, currency)}")
    return lines


def _draws(kept: Mapping[str, Any], currency: str) -> str:
    tiers = {grant_id: tier for grant_id, tier, *_ in kept["grants"]}
    shown = []
    for grant_id, units in kept["draws"]:
        if grant_id is None:
            cents = units * kept["cents_per_unit"]
            price = format_cents(kept["cents_per_unit"], currency)
            shown.append(f"{units} per use at {price} = {format_cents(cents, currency)}")
        else:
            shown.append(f"{units} from grant {grant_id} ({tiers.get(grant_id, 'credit')})")
    return ", ".join(shown) or "nothing to pay"


def _piece(piece: Mapping[str, Any], zone: str) -> str:
    minutes = (datetime.fromisoformat(piece["to"]) - datetime.fromisoformat(piece["from"])).total_seconds() / 60
    when = "open" if piece["is_open"] else "closed"
    covered = ", covered by the plan" if piece["is_covered"] else ""
    span = f"{_reading(piece['from'], zone, is_short=True)} to {_reading(piece['to'], zone, is_short=True)}"
    return f"  {span}: {minutes:g} min, {when}, {piece['row']} by {piece['rule']}{covered}"


def _contact(kept: Mapping[str, Any], zone: str) -> str:
    told, answered = kept.get("notified_at"), kept.get("answered_at")
    if not told or not answered:
        return ""
    return f"price told {_reading(told, zone)}, answered {_reading(answered, zone)}"


def _hours(weekly: list[list[list[int]]]) -> str:
    """ "Mon 09:00-17:00, Tue …"; days alike are named together."""
    groups: list[tuple[str, str, str]] = []
    for name, openings in zip(_DAYS, weekly, strict=True):
        hours = " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in openings)
        if groups and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], name, hours)
        else:
            groups.append((name, name, hours))
    named = [f"{first if first == last else f'{first}-{last}'} {hours}" for first, last, hours in groups if hours]
    return ", ".join(named) or "never"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _reading(instant: str, zone: str, *, is_short: bool = False) -> str:
    local = datetime.fromisoformat(instant).astimezone(zone_named(zone))
    return f"{local:%H:%M}" if is_short else f"{local:%Y-%m-%d %H:%M %Z}"
