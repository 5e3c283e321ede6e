"""`holdline inspect triage`: every case is answered, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.cases import answer

HOURS = "Mon-Fri 09:00-17:00"

OFF_HOURS = [
    # received_at, tz, hours, holidays, closed?
    ("2026-11-18T23:10:00-05:00", "America/New_York", HOURS, [], True),
    ("2026-11-18T16:59:59-05:00", "America/New_York", HOURS, [], False),
    ("2026-11-18T17:00:00-05:00", "America/New_York", HOURS, [], True),  # the end is closed
    ("2026-11-18T09:00:00-05:00", "America/New_York", HOURS, [], False),
    ("2026-11-26T11:00:00-05:00", "America/New_York", HOURS, ["2026-11-26"], True),
    ("2026-11-26T11:00:00-05:00", "America/New_York", HOURS, [], False),
    ("2026-11-21T11:00:00-05:00", "America/New_York", HOURS, [], True),  # a Saturday
    ("2026-11-18T14:30:00Z", "America/New_York", HOURS, [], False),  # 09:30 there
    ("2026-11-18T14:30:00Z", "Asia/Tokyo", HOURS, [], True),  # 23:30 there
    ("2026-11-18T03:00:00", "Europe/Berlin", "Mon-Sun 00:00-24:00", [], False),
    ("2026-11-18T12:00:00Z", "UTC", "", [], True),  # never open
]


@pytest.mark.parametrize(("received_at", "tz", "hours", "holidays", "is_closed"), OFF_HOURS)
def test_closed_time_is_told_from_open(
    received_at: str, tz: str, hours: str, holidays: list[str], is_closed: bool
) -> None:
    case = {"op": "off_hours", "received_at": received_at, "tz": tz, "hours": hours, "holidays": holidays}
    assert answer(case) == {"ok": is_closed}


def test_without_a_zone_the_clock_that_was_read_counts() -> None:
    assert answer({"op": "off_hours", "received_at": "2026-11-18T10:00:00+09:00", "hours": HOURS}) == {"ok": False}


def test_every_context_key_may_be_missing() -> None:
    assert answer({"op": "triage", "subject": "SERVER DOWN"})["priority"] == "P1"
    assert answer({"op": "triage", "body": "server down", "context": {}})["priority"] == "P1"
    assert answer({"op": "triage", "subject": None, "body": "server down", "context": None})["priority"] == "P1"


@pytest.mark.parametrize("op", ["bill", "", None, 7])
def test_another_operation_is_named_as_unsupported(op: object) -> None:
    assert answer({"op": op}) == {"unsupported": op}


BAD = [
    ({"op": "triage"}, "subject, body"),
    ({"op": "triage", "body": 7}, "body"),
    ({"op": "triage", "body": "x", "context": []}, "context"),
    ({"op": "triage", "body": "x", "context": {"messages_24h": "3"}}, "messages_24h"),
    ({"op": "triage", "body": "x", "context": {"messages_24h": -1}}, "messages_24h"),
    ({"op": "triage", "body": "x", "context": {"messages_24h": True}}, "messages_24h"),
    ({"op": "triage", "body": "x", "context": {"received_at": "noon"}}, "received_at"),
    ({"op": "triage", "body": "x", "context": {"channel": 3}}, "channel"),
    ({"op": "triage", "body": "x", "context": {"booked": "yes"}}, "booked"),
    ({"op": "off_hours"}, "received_at"),
    ({"op": "off_hours", "received_at": "2026-11-18T10:00:00Z", "holidays": "2026-11-26"}, "holidays"),
    ({"op": "off_hours", "received_at": "2026-11-18T10:00:00Z", "holidays": ["someday"]}, "someday"),
    ({"op": "off_hours", "received_at": "2026-11-18T10:00:00Z", "tz": "Mars/Base"}, "Mars/Base"),
    ({"op": "off_hours", "received_at": "2026-11-18T10:00:00Z", "hours": "late"}, "late"),
    ({"op": "off_hours", "received_at": "0001-01-01T00:00:00", "tz": "Asia/Tokyo"}, "received_at"),
    ("triage", "JSON object"),
]


@pytest.mark.parametrize(("case", "told"), BAD)
def test_a_field_that_cannot_be_read_is_named(case: object, told: str) -> None:
    got = answer(case)
    assert list(got) == ["error"]
    assert told in got["error"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["received_at", "tz", "hours", "holidays", "channel", "messages_24h", "manager", "booked"]


@given(JSON, JSON, st.dictionaries(st.sampled_from(KEYS), JSON))
def test_no_case_raises(subject: object, body: object, context: dict[str, object]) -> None:
    got = answer({"op": "triage", "subject": subject, "body": body, "context": context})
    assert "error" in got or got["priority"] in ("P1", "P2", "P3", "P4")
    closed = answer({"op": "off_hours", **context})
    assert "error" in closed or closed["ok"] in (True, False)
