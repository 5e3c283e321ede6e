"""Promises, holds, chasers and closed time, by the mission's rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import Calendar, parse_calendar
from bot.triage.deadlines import (
    hold_until,
    respond_by,
)
from bot.triage.off_hours import is_urgent_contact
from bot.triage.persistence import Chaser, asks, counted
from bot.triage.priority import BY_SEVERITY, Priority

NEW_YORK = ZoneInfo("America/New_York")
OFFICE = parse_calendar("Mon-Fri 09:00-17:00", "America/New_York", ["2026-11-26"])
P1, P2, P3, P4 = BY_SEVERITY


def ny(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


PROMISES = [
    (P1, "2026-11-18T10:00", "2026-11-18T11:00"),
    (P1, "2026-11-18T23:10", "2026-11-19T00:10"),  # wall time, at night too
    (P2, "2026-11-18T10:00", "2026-11-18T14:00"),
    (P2, "2026-11-18T15:00", "2026-11-19T11:00"),  # 2 h today, 2 h tomorrow
    (P3, "2026-11-18T10:00", "2026-11-19T10:00"),  # 7 h today, 1 h tomorrow
    (P3, "2026-11-18T23:10", "2026-11-19T17:00"),
    (P4, "2026-11-18T10:00", "2026-11-19T10:00"),
    (P4, "2026-11-20T10:00", "2026-11-23T10:00"),  # Friday, then Monday
    (P4, "2026-11-25T10:00", "2026-11-27T10:00"),  # Thursday is a holiday
    (P4, "2026-11-21T14:00", "2026-11-23T14:00"),
    (P4, "2026-11-22T00:32", "2026-11-23T17:00"),  # nobody works at 00:32: by that day's closing
]


@pytest.mark.parametrize(("priority", "at", "by"), PROMISES)
def test_an_answer_is_promised(priority: Priority, at: str, by: str) -> None:
    assert respond_by(priority, ny(at), OFFICE) == ny(by)


CALENDARS = st.sampled_from(
    [
        OFFICE,
        parse_calendar("Mon 09:00-10:00", "Europe/Berlin"),
        parse_calendar("Mon-Sun 00:00-24:00", "Asia/Tokyo"),
        parse_calendar("Tue 22:00-06:00; Sat 10:00-11:30", "America/New_York"),
        parse_calendar("", "UTC"),
    ]
)
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(CALENDARS, INSTANTS)
def test_a_more_severe_one_is_never_promised_later(calendar: Calendar, at: datetime) -> None:
    by = [respond_by(priority, at, calendar) for priority in BY_SEVERITY]
    assert by == sorted(by)
    assert all(instant > at for instant in by)


HOLDS = [
    # priority, client's hold, offered at, respond_by, hold ends
    (P1, 240, "2026-11-18T10:00", "2026-11-18T11:00", "2026-11-18T10:30"),  # at most 30 minutes
    (P1, 30, "2026-11-18T23:00", "2026-11-19T00:00", "2026-11-18T23:30"),
    (P2, 60, "2026-11-18T10:00", "2026-11-18T14:00", "2026-11-18T11:00"),
    (P2, 240, "2026-11-18T10:00", "2026-11-18T14:00", "2026-11-18T12:00"),  # half of four hours
    (P2, 1440, "2026-11-18T15:00", "2026-11-19T11:00", "2026-11-19T01:00"),  # half of twenty hours, by the wall
    (P3, 120, "2026-11-18T10:00", "2026-11-19T10:00", "2026-11-18T12:00"),
    (P3, 120, "2026-11-18T16:00", "2026-11-19T16:00", "2026-11-19T09:30"),  # 18:00 is closed
    (P4, 30, "2026-11-18T16:30", "2026-11-19T16:30", "2026-11-19T09:30"),  # 17:00 is closed
    (P4, 30, "2026-11-18T16:29", "2026-11-19T16:29", "2026-11-18T16:59"),
    (P4, 1440, "2026-11-20T10:00", "2026-11-23T10:00", "2026-11-23T09:30"),  # ends on a Saturday
    (P4, 1440, "2026-11-25T10:00", "2026-11-27T10:00", "2026-11-27T09:30"),  # ends on a holiday
]


@pytest.mark.parametrize(("priority", "minutes", "at", "by", "until"), HOLDS)
def test_a_hold_ends(priority: Priority, minutes: int, at: str, by: str, until: str) -> None:
    assert hold_until(minutes, priority, ny(at), OFFICE, respond_by=ny(by)) == ny(until)


URGENT = [
    (P1, "2026-11-18T23:10", False, True),
    (P1, "2026-11-18T10:00", False, False),  # open time
    (P2, "2026-11-18T23:10", False, False),
    (P1, "2026-11-18T23:10", True, False),  # of an appointment
    (P1, "2026-11-26T11:00", False, True),  # a holiday
]


@pytest.mark.parametrize(("priority", "at", "is_booked", "is_contact"), URGENT)
def test_an_urgent_contact_is_in_closed_time_and_not_booked(
    priority: Priority, at: str, is_booked: bool, is_contact: bool
) -> None:
    assert is_urgent_contact(priority, ny(at), OFFICE, is_booked=is_booked) is is_contact


NOW, BY = ny("2026-11-18T16:00"), ny("2026-11-19T10:00")


def chased(*at: str, channel: str = "chat", is_prompted: bool = False) -> list[Chaser]:
    return [Chaser(ny(f"2026-11-18T{clock}"), channel, is_prompted) for clock in at]


def test_three_unprompted_chasers_before_the_promise_are_persistence() -> None:
    assert counted(chased("11:00", "13:00", "16:00"), now=NOW, respond_by=BY) == 3
    assert counted(chased("11:00", "16:00"), now=NOW, respond_by=BY) == 2


@pytest.mark.parametrize(
    ("text", "does_ask"),
    [
        ("Any news?", True),
        ("[forwarded from Bob]\nAny news?", True),
        ("", False),
        ("[location 52.500000, 13.400000]", False),
        ("[edited] It is the one in room 5", False),
        ("(edited) It is the one in room 5", False),
        ("(deleted the message of 15:00 UTC in Slack)", False),
        ("see this\n[log.txt: the file could not be fetched from Telegram]", True),
    ],
)
def test_only_words_ask_again(text: str, does_ask: bool) -> None:
    assert asks(text) is does_ask


def test_answers_mails_and_late_ones_are_no_chasers() -> None:
    assert counted(chased("11:00", "12:00", "13:00", is_prompted=True), now=NOW, respond_by=BY) == 0
    assert counted(chased("11:00", "12:00", "13:00", channel="email"), now=NOW, respond_by=BY) == 0
    assert counted(chased("11:00", "12:00", "13:00"), now=NOW, respond_by=ny("2026-11-18T12:00")) == 1
    lapsed = ny("2026-11-18T12:30")
    assert counted(chased("11:00", "12:00", "13:00"), now=NOW, respond_by=BY, promise_lapsed_at=lapsed) == 2


def test_chasers_older_than_a_day_do_not_count() -> None:
    old = [Chaser(NOW - timedelta(hours=24), "sms"), Chaser(NOW - timedelta(hours=23, minutes=59), "sms")]
    assert counted(old, now=NOW, respond_by=BY) == 1
