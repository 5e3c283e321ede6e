"""Open and closed time, against a clock that is read minute by minute, over every kind of clock change."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.hours import (
    EVER,
    Calendar,
    add_business_minutes,
    closed_period,
    closing_after,
    is_open,
    local_day,
    midnight,
    next_opening,
    next_working_day,
    parse_calendar,
    split,
)

MINUTE = timedelta(minutes=1)

# Zone, and the local dates of clock changes: an hour, half an hour (Lord Howe), at midnight (Sao Paulo, Beirut,
# Cairo), none at all (Kolkata).
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 30)),
    ("Asia/Kolkata", date(2026, 3, 29)),
]
HOURS = [
    "Mon-Fri 09:00-17:00",
    "Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00",
    "Mon-Sun 22:00-06:00",
    "Mon-Sun 00:00-24:00",
    "Sun 00:00-02:30; Fri-Sat 23:30-01:30",
    "Sun 01:15-01:45 02:15-02:45",
]


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def reads_open(calendar: Calendar, at: datetime) -> bool:
    """The definition, read from the wall clock, without any of the module's arithmetic."""
    wall = at.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    day_is_open = wall.date() not in calendar.holidays
    return day_is_open and any(a <= minute < b for a, b in calendar.weekly[wall.weekday()])


def open_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """As the pieces count them, which a test below holds to the wall clock; 0 if the end is not after the start."""
    return sum(piece.minutes for piece in split(calendar, start, max(start, end)) if piece.is_open)


@st.composite
def places_in_time(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    zone, on = draw(st.sampled_from(CHANGES))
    holidays = [on] if draw(st.integers(0, 4)) == 0 else []
    calendar = parse_calendar(draw(st.sampled_from(HOURS)), zone, holidays)
    start = datetime(on.year, on.month, on.day, tzinfo=UTC) + draw(st.integers(-3000, 3000)) * MINUTE
    return calendar, start


@given(places_in_time(), st.integers(0, 3000))
@settings(deadline=None, max_examples=150)
def test_pieces_cover_the_interval_and_agree_with_the_wall_clock(
    place: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = place
    end = start + minutes * MINUTE
    pieces = split(calendar, start, end)
    assert [piece.start for piece in pieces] + [end] == [start] + [piece.end for piece in pieces]
    assert all(piece.start < piece.end for piece in pieces)
    assert all(a.is_open != b.is_open for a, b in itertools.pairwise(pieces))
    for piece in pieces:
        for minute in range(piece.minutes):
            assert reads_open(calendar, piece.start + minute * MINUTE) == piece.is_open
    assert sum(piece.minutes for piece in pieces) == minutes


@given(places_in_time(), st.integers(0, 4000), st.integers(0, 4000))
@settings(deadline=None, max_examples=150)
def test_open_minutes_add_up(place: tuple[Calendar, datetime], first: int, second: int) -> None:
    calendar, start = place
    middle, end = start + first * MINUTE, start + (first + second) * MINUTE
    whole = open_minutes(calendar, start, end)
    assert whole == open_minutes(calendar, start, middle) + open_minutes(calendar, middle, end)


@given(places_in_time(), st.integers(0, 2000))
@settings(deadline=None, max_examples=150)
def test_adding_business_minutes_is_undone_by_counting_them(place: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = place
    end = add_business_minutes(calendar, start, minutes)
    assert end is not None
    assert open_minutes(calendar, start, end) == minutes
    # The earliest such instant: one minute before, less had passed.
    assert minutes == 0 or open_minutes(calendar, start, end - MINUTE) == minutes - 1


@given(places_in_time())
@settings(deadline=None, max_examples=150)
def test_openings_and_closings_surround_each_instant(place: tuple[Calendar, datetime]) -> None:
    calendar, at = place
    opening, closing = next_opening(calendar, at), closing_after(calendar, at)
    assert is_open(calendar, at) == reads_open(calendar, at) == (opening == at)
    assert opening is not None and is_open(calendar, opening)
    if closing is not None:
        assert closing > opening
        assert not is_open(calendar, closing) and is_open(calendar, closing - MINUTE)
        assert open_minutes(calendar, opening, closing) * MINUTE == closing - opening
    if opening != at:
        start, end = closed_period(calendar, at)
        assert start <= at < opening == end
        assert open_minutes(calendar, start, opening) == 0
        assert is_open(calendar, start - MINUTE)
        assert closed_period(calendar, start) == (start, end)


@given(places_in_time())
@settings(deadline=None, max_examples=100)
def test_a_working_day_later_reads_the_same_clock_time(place: tuple[Calendar, datetime]) -> None:
    calendar, at = place
    then = next_working_day(calendar, at)
    assert then is not None and then > at
    assert calendar.ranges_on(local_day(calendar, then))
    zone = ZoneInfo(calendar.zone)
    was, reads = at.astimezone(zone), then.astimezone(zone)
    if was.time() != reads.time():  # only where the day skips that reading: then the clock has just jumped
        assert (then - timedelta(seconds=1)).astimezone(zone).utcoffset() != reads.utcoffset()


@given(st.sampled_from(CHANGES), st.integers(-10, 10))
@example(("Pacific/Apia", date(2011, 12, 30)), 1)
@settings(deadline=None, max_examples=100)
def test_midnight_is_the_first_instant_of_its_day(change: tuple[str, date], days: int) -> None:
    zone, on = change[0], change[1] + timedelta(days=days)
    at = midnight(zone, on)
    assert at.astimezone(ZoneInfo(zone)).date() == on
    assert (at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < on


@pytest.mark.parametrize(
    ("zone", "on", "expected"),
    [
        ("America/New_York", date(2026, 11, 18), "2026-11-18T05:00:00+00:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00+00:00"),  # 00:00 becomes 01:00
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00:00+00:00"),  # 00:00 becomes 01:00
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00:00+00:00"),  # 00:00 becomes 01:00
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),  # 00:00 is read twice: the first
        ("Asia/Kolkata", date(2026, 1, 1), "2025-12-31T18:30:00+00:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00+00:00"),  # a date that never was: the next
    ],
)
def test_midnight_in_every_zone(zone: str, on: date, expected: str) -> None:
    assert midnight(zone, on).isoformat() == expected


NY = parse_calendar("Mon-Fri 09:00-17:00", "America/New_York", ["2026-11-26"])


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2026-11-18T10:00", 60, "2026-11-18T11:00"),
        ("2026-11-18T16:30", 30, "2026-11-18T17:00"),  # ends at closing, not at the next opening
        ("2026-11-18T16:30", 31, "2026-11-19T09:01"),
        ("2026-11-18T07:00", 30, "2026-11-18T09:30"),
        ("2026-11-20T16:00", 240, "2026-11-23T12:00"),  # Friday 60 + Monday 180
        ("2026-11-25T16:00", 480, "2026-11-27T16:00"),  # Wednesday 60, Thanksgiving closed, Friday 420
        ("2026-10-30T16:00", 120, "2026-11-02T10:00"),  # over the change: a closed hour more, open time the same
    ],
)
def test_business_minutes_are_added_over_nights_weekends_and_holidays(start: str, minutes: int, expected: str) -> None:
    assert add_business_minutes(NY, new_york(start), minutes) == new_york(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-18T10:00", "2026-11-19T10:00"),
        ("2026-11-20T10:00", "2026-11-23T10:00"),  # Friday → Monday
        ("2026-11-25T16:00", "2026-11-27T16:00"),  # Thanksgiving does not count
        ("2026-11-18T23:10", "2026-11-19T23:10"),
        ("2026-10-30T10:00", "2026-11-02T10:00"),  # 10:00 on the clock, though 73 hours later
    ],
)
def test_the_next_working_day_keeps_the_clock_time(at: str, expected: str) -> None:
    assert next_working_day(NY, new_york(at)) == new_york(expected)


def test_a_clock_time_that_the_day_skips_becomes_the_end_of_the_gap() -> None:
    all_week = parse_calendar("24/7", "America/New_York")
    at = new_york("2026-03-07T02:30") + timedelta(microseconds=7)
    assert next_working_day(all_week, at) == new_york("2026-03-08T03:00")


def test_closed_time_around_a_holiday_is_one_period() -> None:
    start, end = closed_period(NY, new_york("2026-11-26T12:00"))
    assert (start, end) == (new_york("2026-11-25T17:00"), new_york("2026-11-27T09:00"))


def test_an_open_instant_has_no_closed_period() -> None:
    with pytest.raises(ValueError, match="open"):
        closed_period(NY, new_york("2026-11-18T10:00"))


def test_the_boundaries_belong_to_what_begins_there() -> None:
    assert is_open(NY, new_york("2026-11-18T09:00"))
    assert not is_open(NY, new_york("2026-11-18T17:00"))
    assert next_opening(NY, new_york("2026-11-18T17:00")) == new_york("2026-11-19T09:00")


def test_a_desk_that_never_opens() -> None:
    never = parse_calendar("", "Europe/Berlin")
    at = datetime(2026, 11, 18, tzinfo=UTC)
    assert next_opening(never, at) is None
    assert closing_after(never, at) is None
    assert add_business_minutes(never, at, 1) is None
    assert next_working_day(never, at) is None
    assert closed_period(never, at) == (EVER, None)


def test_a_desk_that_never_closes() -> None:
    always = parse_calendar("24/7", "Europe/Berlin")
    at = datetime(2026, 11, 18, tzinfo=UTC)
    assert next_opening(always, at) == at
    assert closing_after(always, at) is None
    assert add_business_minutes(always, at, 60 * 24 * 1000) == at + timedelta(days=1000)


def test_the_repeated_hour_is_open_twice() -> None:
    calendar = parse_calendar("Sun 01:00-02:00", "America/New_York")
    start = new_york("2026-11-01T00:00")
    assert open_minutes(calendar, start, start + timedelta(hours=6)) == 120
    assert len([piece for piece in split(calendar, start, start + timedelta(hours=6)) if piece.is_open]) == 1


def test_the_skipped_hour_is_never_open() -> None:
    calendar = parse_calendar("Sun 02:00-03:00", "America/New_York")
    start = new_york("2026-03-08T00:00")
    assert open_minutes(calendar, start, start + timedelta(hours=6)) == 0


@pytest.mark.parametrize(
    ("hours", "monday", "saturday"),
    [
        ("Mon-Fri 09:00-17:00", ((540, 1020),), ()),
        ("Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00", ((540, 720), (780, 1020)), ((600, 840),)),
        ("mon-fri 9-12, 13-17, sat 10:00-14:00", ((540, 720), (780, 1020)), ((600, 840),)),
        ("Monday, Wednesday 9:00 - 17:00; Sat closed", ((540, 1020),), ()),
        ("Mon-Sun 22:00-06:00", ((0, 360), (1320, 1440)), ((0, 360), (1320, 1440))),
        ("Mon 18:00-00:00", ((1080, 1440),), ()),
        ("Mon-Sun 22-6", ((0, 360), (1320, 1440)), ((0, 360), (1320, 1440))),
        ("Mon 12-0", ((720, 1440),), ()),
        ("Fri-Mon 09:00-17:00 16:00-18:00", ((540, 1080),), ((540, 1080),)),
        ("24/7", ((0, 1440),), ((0, 1440),)),
        ("  ", (), ()),
    ],
)
def test_hours_are_read_as_people_write_them(hours: str, monday: object, saturday: object) -> None:
    weekly = parse_calendar(hours, "UTC").weekly
    assert (weekly[0], weekly[5]) == (monday, saturday)


@pytest.mark.parametrize(
    ("hours", "named"),
    [
        ("09:00-17:00", "names no day"),
        ("Mon", "without times"),
        ("Mon-Fri 9", "no range of times"),
        ("Mon 25:00-26:00", "no range of times"),
        ("Mon 09:60-10:00", "no range of times"),
        ("Mon 24:00-24:00", "no range of times"),
        ("Mon 9:0-10:00", "no range of times"),
        ("Mon-Fri 9-5", "no range of times"),
        ("Mon-Fri 12-8", "no range of times"),
        ("Foo 09:00-10:00", "no day"),
        ("Mon-Wed-Fri 09:00-10:00", "no range of days"),
        ("weekdays 09:00-10:00", "no day"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_by_name(hours: str, named: str) -> None:
    with pytest.raises(UserError, match=named):
        parse_calendar(hours, "UTC")


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "/etc/passwd", "America", "a\0b"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(UserError, match="no time zone"):
        parse_calendar("", zone)


def test_a_holiday_that_is_no_date_is_refused() -> None:
    with pytest.raises(UserError, match="2026-13-01"):
        parse_calendar("", "UTC", ["2026-13-01"])


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(NY, datetime(2026, 11, 18))  # noqa: DTZ001
