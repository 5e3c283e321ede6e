"""Bills against a second reckoner, written from the Rules alone: unit by unit, minute by minute, nothing kept.

It shares no line with the ledger: it reads the case as JSON, reads opening hours by itself, asks the wall clock about
each single minute, bills a day anew from all that was logged on it so far, and takes credit one unit after another.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.ledger.cases import answer

# ---------------------------------------------------------------- the reckoner

UNITS_OF_A_QUARTER = {"P1": 5, "P2": 4, "P3": 3, "P4": 2}
CENTS_OF_A_UNIT = 1000
ROWS_OF_KINDS = {
    "P4": ["remote", "consultation", "check"],
    "P3": ["remote-unscheduled", "bench"],
    "P2": ["onsite", "travel", "planned-coding"],
    "P1": ["production-coding"],
}
COVERED_BY_FLAT = ["remote", "consultation", "check", "remote-unscheduled"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def reckon(case: dict[str, Any]) -> dict[str, Any]:
    client, logged, drawn_of_day, items = case["client"], {}, {}, []  # type: ignore[var-annotated]
    left = {grant["id"]: grant["units"] for grant in client["grants"]}
    for item in case["work"]:
        on = wall(client, item, 0).date()
        today = logged.setdefault((item["ticket"], on), [])
        drawn = drawn_of_day.setdefault((item["ticket"], on), [])
        today.append(item)
        table = day_table(client, today)
        shown = table if client["rounding"] == "day" else day_table(client, [item])
        missing = (max(cost(table), client["minimum_units"]) if table else 0) - len(drawn)
        taken = [take(client, left, on) for _ in range(missing)]
        returned = [drawn.pop() for _ in range(-missing)]
        for source in returned:
            if source != "per use":
                left[source] += 1
        drawn += taken
        per_use = taken.count("per use") - returned.count("per use")
        draws = [[source, len(list(group))] for source, group in groupby(taken)]
        draws += [[source, -len(list(group))] for source, group in groupby(returned)]
        items.append(
            {
                "units": missing,
                "day_quarters": shown,
                "draws": [draw for draw in draws if draw[0] != "per use"],
                "due_cents": per_use * CENTS_OF_A_UNIT,
            }
        )
    return {"items": items, "left": left}


def wall(client: dict[str, Any], item: dict[str, Any], minute: int) -> datetime:
    at = datetime.fromisoformat(item["start"]).astimezone(UTC) + timedelta(minutes=minute)
    return at.astimezone(ZoneInfo(client["timezone"]))


def is_closed(client: dict[str, Any], reading: datetime) -> bool:
    """One word of the hours after the other: days, then the times on them; over midnight where they end earlier."""
    clock, is_inside = reading.strftime("%H:%M"), False
    for group in client["hours"].split(";") if client["hours"] else []:
        days, *spans = group.split()
        first, last = (days if "-" in days else f"{days}-{days}").split("-")
        named = [WEEKDAYS.index(first)]
        while named[-1] != WEEKDAYS.index(last):
            named.append((named[-1] + 1) % 7)
        for begin, end in (span.split("-") for span in spans):
            today, yesterday = reading.weekday() in named, (reading.weekday() - 1) % 7 in named
            if begin < end:
                is_inside |= today and begin <= clock < end
            else:
                is_inside |= (today and clock >= begin) or (yesterday and clock < end)
    return reading.date().isoformat() in client["holidays"] or not is_inside


def rows_of_minutes(client: dict[str, Any], item: dict[str, Any]) -> list[str]:
    """The billed row of each minute that is billed at all."""
    rows = []
    for minute in range(item["minutes"] if item["billable"] else 0):
        is_dear_hour = is_closed(client, wall(client, item, minute)) and item["asked"] and not item["booked"]
        if item["kind"] in COVERED_BY_FLAT and client["plan"] == "flat-24h":
            continue
        if item["kind"] in COVERED_BY_FLAT and client["plan"] == "flat" and not is_dear_hour:
            continue
        if is_dear_hour:
            rows.append("P1")
            continue
        of_kind = next(row for row, kinds in ROWS_OF_KINDS.items() if item["kind"] in kinds)
        rows.append(of_kind if item["booked"] else min(of_kind, item["priority"]))
    return rows


def day_table(client: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, int]:
    works = [item for item in items if not item.get("contact")]
    if client["rounding"] == "day":
        counted = rounded([row for item in works for row in rows_of_minutes(client, item)])
    else:
        tables = [rounded(rows_of_minutes(client, item)) for item in works]
        counted = {row: sum(table[row] for table in tables) for row in UNITS_OF_A_QUARTER}
    if len(works) < len(items) and client["plan"] != "flat-24h":
        counted["P1"] = max(1, counted["P1"])
    return {row: count for row, count in counted.items() if count}


def rounded(rows: list[str]) -> dict[str, int]:
    """A quarter is what its dearest minute is: the minutes, dearest first, laid out and cut every fifteen."""
    in_order = sorted(rows)
    firsts = [in_order[index] for index in range(0, len(in_order), 15)]
    return {row: firsts.count(row) for row in UNITS_OF_A_QUARTER}


def cost(table: dict[str, int]) -> int:
    return sum(UNITS_OF_A_QUARTER[row] * count for row, count in table.items())


def take(client: dict[str, Any], left: dict[str, int], on: date) -> str:
    """One unit: of the grants that may be used on that date, the one that lapses soonest, then the oldest."""
    usable = [
        grant
        for grant in client["grants"]
        if left[grant["id"]]
        and grant["bought_on"] <= on.isoformat()
        and (grant["lapses_on"] is None or on.isoformat() < grant["lapses_on"])
    ]
    if not usable:
        return "per use"
    best = min(usable, key=lambda grant: (grant["lapses_on"] or "9999-12-31", grant["bought_on"]))
    left[best["id"]] -= 1
    return str(best["id"])


# ---------------------------------------------------------------- cases

# Each zone with days on which its clock changes, and an ordinary one: whole hours, a half (Lord Howe), at midnight
# (Cairo, Beirut, Santiago), over midnight (Azores), two hours (Troll), quarters of an hour (Chatham, Kathmandu).
CHANGES = {
    "America/New_York": ["2026-03-08", "2026-11-01", "2026-11-18"],
    "Europe/Berlin": ["2026-03-29", "2026-10-25", "2026-12-24"],
    "America/St_Johns": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Pacific/Chatham": ["2026-04-05", "2026-09-27"],
    "Africa/Cairo": ["2026-04-24", "2026-10-29"],
    "Asia/Beirut": ["2026-03-29", "2026-10-25"],
    "America/Santiago": ["2026-04-05", "2026-09-06"],
    "Atlantic/Azores": ["2026-03-29", "2026-10-25"],
    "Antarctica/Troll": ["2026-03-29", "2026-10-25"],
    "Asia/Kathmandu": ["2026-02-28", "2028-02-29"],
    "Asia/Kolkata": ["2026-12-31"],
}
HOURS = [
    "Mon-Fri 09:00-17:00",
    "Mon-Fri 08:30-12:00 13:00-17:45; Sat 10:00-14:00",
    "Mon-Sun 22:00-06:00",
    "Sun-Thu 09:00-17:00",
    "Fri-Mon 20:00-02:30",
    "Mon-Sun 00:00-24:00",
    "Sun 00:15-02:20 02:40-03:10",
    "",
]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    on = date.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    near = st.integers(-2, 3).map(lambda days: (on + timedelta(days=days)).isoformat())
    begin = datetime(on.year, on.month, on.day, tzinfo=UTC)

    def start(minute: int) -> str:
        shown = draw(st.sampled_from([zone, "UTC", "Asia/Kolkata"]))
        return (begin + timedelta(minutes=minute)).astimezone(ZoneInfo(shown)).isoformat()

    works = []
    for _ in range(draw(st.integers(1, 7))):
        item = {"ticket": draw(st.integers(1, 2)), "start": start(draw(st.integers(-1600, 2600)))}
        if draw(st.integers(0, 6)) == 0:
            works.append(item | {"contact": True})
            continue
        kinds = st.sampled_from(sorted(kind for row in ROWS_OF_KINDS.values() for kind in row))
        works.append(
            item
            | {
                "priority": draw(st.sampled_from(sorted(UNITS_OF_A_QUARTER))),
                "kind": draw(kinds),
                "minutes": draw(st.integers(0, 40) | st.sampled_from([15, 30, 45, 60, 61, 240]) | st.integers(0, 400)),
                "asked": draw(st.booleans()),
                "booked": draw(st.integers(0, 4)) == 0,
                "billable": draw(st.integers(0, 7)) > 0,
            }
        )
    grants = [
        {
            "id": f"g{index}",
            "tier": draw(st.sampled_from(["12h", "40h", "included"])),
            "units": draw(st.integers(0, 12) | st.integers(0, 96)),
            "lapses_on": draw(st.none() | near),
            "bought_on": draw(st.just("2020-01-05") | near),
        }
        for index in range(draw(st.integers(0, 4)))
    ]
    client = {
        "timezone": zone,
        "hours": draw(st.sampled_from(HOURS)),
        "holidays": draw(st.lists(near, max_size=2, unique=True)),
        "plan": draw(st.sampled_from(["per-use", "per-use", "managed", "flat", "flat-24h"])),
        "rounding": draw(st.sampled_from(["day", "day", "item"])),
        "minimum_units": draw(st.sampled_from([0, 0, 4, 20])),
        "grants": grants,
    }
    return {"op": "bill", "client": client, "work": works}


def given_back() -> dict[str, Any]:
    """A contact (5 units), 10 low minutes (2), then 5 urgent ones: they share one P1 quarter, and 2 come back."""
    client = {
        "timezone": "Europe/Berlin",
        "hours": "Mon-Fri 09:00-17:00",
        "holidays": [],
        "plan": "per-use",
        "minimum_units": 0,
    }
    grant = {"id": "a", "tier": "12h", "units": 6, "lapses_on": None, "bought_on": "2026-01-05"}
    low = {"ticket": 1, "kind": "remote", "asked": False, "booked": False, "billable": True, "priority": "P4"}
    works = [
        {"ticket": 1, "contact": True, "start": "2026-11-18T06:00:00+01:00"},
        low | {"minutes": 10, "start": "2026-11-18T10:00:00+01:00"},
        low | {"minutes": 5, "start": "2026-11-18T12:00:00+01:00", "priority": "P1"},
    ]
    return {"op": "bill", "client": client | {"rounding": "day", "grants": [grant]}, "work": works}


@given(cases())
@example(given_back())
@settings(deadline=None, max_examples=400)
def test_every_bill_is_what_the_second_reckoner_makes_of_the_rules(case: dict[str, Any]) -> None:
    assert answer(case) == reckon(case)


def test_a_contact_whose_minutes_fit_into_other_rounding_gives_units_back() -> None:
    answers: Any = answer(given_back())
    assert [item["units"] for item in answers["items"]] == [5, 2, -2]
    # The quarter at P4 took the last unit of the grant and one per use: both come back, per use first.
    assert answers["items"][2]["draws"] == [["a", -1]]
    assert (answers["items"][2]["due_cents"], answers["left"]) == (-1000, {"a": 1})
