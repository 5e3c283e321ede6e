"""A charge explained from its evidence, line by line, for whoever asks `why charge 812`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.ledger.units import DEAREST_FIRST
from bot.money import format_cents
from bot.sentences import joined, sentence
from bot.zones import zone_named

# The rules of a piece that are named by what they say; the others name a kind of work.
RULES = frozenset({"ticket priority", "asked for in closed time", "included on-site hours"})
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def why_charge(kept: Mapping[str, Any], *, currency: str = "USD") -> list[str]:
    """The hours in force, each piece with its rule, the rounding of the day, the price and where it came from."""
    zone = kept["zone"]
    lines = [
        sentence("charge worked", at=_reading(kept["started_at"], zone), zone=zone, on=kept["work_on"]),
        _open_then(kept),
        *(_piece(piece, zone) for piece in kept.get("pieces", ())),
    ]
    if kept.get("contact"):
        lines.append(_contact(kept, zone))
    if kept.get("correction"):
        lines.append(sentence("charge correction"))
    if kept.get("is_billable") is False:
        return [*lines, sentence("charge not billable")]
    before, after = kept["day_before"]["posted_units"], kept["day_quarters"]
    per = kept["units_per_quarter"]
    rows = [
        sentence("charge row", count=after[row], row=row.value, units=per[row]) for row in DEAREST_FIRST if row in after
    ]
    table = joined(" + ", rows) if rows else sentence("charge no quarter")
    is_item = kept["rounding"] == "item"
    lines.append(sentence("charge item" if is_item else "charge day", table=table, count=before))
    return [*lines, sentence("charge so", count=kept["units"], what=_draws(kept, currency))]


def _open_then(kept: Mapping[str, Any]) -> str:
    hours = _hours(kept["weekly"]) or sentence("charge never open")
    then = sentence("charge open", hours=hours, version=kept["calendar_version"])
    if not kept["holidays"]:
        return then
    return joined(", ", [then, sentence("charge holidays", what=", ".join(kept["holidays"]))])


def _draws(kept: Mapping[str, Any], currency: str) -> str:
    tiers = {grant_id: tier for grant_id, tier, *_ in kept["grants"]}
    shown: list[str] = []
    for grant_id, units in kept["draws"]:
        if grant_id is None:
            price = format_cents(kept["cents_per_unit"], currency)
            amount = format_cents(units * kept["cents_per_unit"], currency)
            shown.append(sentence("charge per use", count=units, price=price, amount=amount))
        else:
            tier = tiers.get(grant_id, "credit")
            shown.append(sentence("charge grant", count=units, id=grant_id, tier=tier))
    return joined(", ", shown) if shown else sentence("cost nothing")


def _piece(piece: Mapping[str, Any], zone: str) -> str:
    minutes = (datetime.fromisoformat(piece["to"]) - datetime.fromisoformat(piece["from"])).total_seconds() / 60
    told = sentence(
        "charge piece open" if piece["is_open"] else "charge piece closed",
        begin=_reading(piece["from"], zone, is_short=True),
        end=_reading(piece["to"], zone, is_short=True),
        count=f"{minutes:g}",
        row=piece["row"],
        rule=_rule(piece["rule"]),
    )
    covered = [sentence("charge covered")] if piece["is_covered"] else []
    return joined("", ["  ", joined(", ", [told, *covered])])


def _rule(name: str) -> str:
    """What made the row, as the evidence names it."""
    if name in RULES:
        return sentence(f"charge by {name}")
    word, _, kind = name.partition(" ")
    return sentence("charge kind", kind=kind) if word == "kind" else name


def _contact(kept: Mapping[str, Any], zone: str) -> str:
    told, answered = kept.get("notified_at"), kept.get("answered_at")
    contact = sentence("charge contact")
    if not told or not answered:
        return contact
    times = sentence("charge told", told=_reading(told, zone), answered=_reading(answered, zone))
    return joined("; ", [contact, times])


def _hours(weekly: list[list[list[int]]]) -> str:
    """ "Mon 09:00-17:00, Tue …"; days alike are named together; "" where no day is open."""
    groups: list[tuple[str, str, str]] = []
    for name, openings in zip(_DAYS, weekly, strict=True):
        hours = " ".join(f"{_clock(start)}-{_clock(end)}" for start, end in openings)
        if groups and groups[-1][2] == hours:
            groups[-1] = (groups[-1][0], name, hours)
        else:
            groups.append((name, name, hours))
    named = [f"{first if first == last else f'{first}-{last}'} {hours}" for first, last, hours in groups if hours]
    return ", ".join(named)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _reading(instant: str, zone: str, *, is_short: bool = False) -> str:
    local = datetime.fromisoformat(instant).astimezone(zone_named(zone))
    return f"{local:%H:%M}" if is_short else f"{local:%Y-%m-%d %H:%M %Z}"
