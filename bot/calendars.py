"""A client's business calendar, from its row: stated hours, public holidays of its region, own extra dates."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.hours import Calendar, parse_calendar


class HasCalendar(Protocol):
    """The columns of a client that make its calendar."""

    @property
    def zone(self) -> str: ...
    @property
    def hours(self) -> str: ...
    @property
    def holiday_region(self) -> str: ...
    @property
    def holidays_json(self) -> str: ...
    @property
    def calendar_version(self) -> int: ...


def calendar_of(client: HasCalendar, at: datetime) -> Calendar:
    """The calendar in force around `at`: public holidays of that local year and the next two stand in it."""
    year = at.astimezone(ZoneInfo(client.zone)).year
    holidays = client.holiday_region, client.holidays_json, year
    return _calendar(client.zone, client.hours, holidays, client.calendar_version)


@lru_cache(maxsize=4096)
def _calendar(zone: str, hours: str, holidays: tuple[str, str, int], version: int) -> Calendar:
    region, holidays_json, year = holidays
    extra = {date.fromisoformat(text) for text in json.loads(holidays_json)}
    return parse_calendar(hours, zone, extra | public_holidays(region, year), version)


def public_holidays(region: str, year: int) -> set[date]:
    """Holidays of "US", "DE-BY" … from the year before `year` to two years after; "" has none.

    Raises ValueError for a region that the holiday tables do not know.
    """
    if not region:
        return set()
    from holidays import country_holidays

    country, _, subdivision = region.partition("-")
    try:
        return set(country_holidays(country, subdiv=subdivision or None, years=range(year - 1, year + 3)))
    except NotImplementedError as unknown:
        raise ValueError(f"no holiday table for {region!r}: write a country such as US, or US-NY, DE-BY") from unknown
