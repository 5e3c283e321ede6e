"""Answers the JSON cases of `holdline inspect triage` by the code that the desk itself runs.

{"op": "triage", "subject", "body", "context"} → {"priority", "rule", "why"}
{"op": "off_hours", "received_at", "tz", "hours", "holidays"} → {"ok"}: true if the instant lies in closed time
Any other op → {"unsupported": op}; a field that cannot be read → {"error": …}. Nothing is ever raised for a case.

Without `tz` the clock of received_at counts, without `hours` the usual Mon-Fri 09:00-17:00. `channel` phone, sms and
the like is direct contact; email is not, and its messages_24h are mails in the thread, not chasers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.hours import Calendar, parse_calendar
from bot.triage import off_hours
from bot.triage.rules import DEFAULT_FILE, RuleTable, load
from bot.triage.signals import Circumstances

DEFAULT_HOURS = "Mon-Fri 09:00-17:00"
_BUSY_WORDS = frozenset(
    {"busy", "booked", "away", "off", "off duty", "on leave", "unavailable", "not available", "out", "absent"}
)


class BadField(UserError):
    """A field of a case cannot be read."""

    def __init__(self, field: str, wanted: str) -> None:
        super().__init__(f"{field}: {wanted}")


@cache
def default_table() -> RuleTable:
    """The table of the checkout's own config, read once."""
    return load(DEFAULT_FILE)


def answer(case: object, table: RuleTable | None = None) -> dict[str, Any]:
    """The answer to one case, as plain JSON values."""
    if not isinstance(case, Mapping):
        return {"error": "a case is a JSON object"}
    op = case.get("op")
    try:
        if op == "triage":
            return _triage(case, table or default_table())
        if op == "off_hours":
            return _off_hours(case)
    except UserError as error:
        return {"error": str(error)}
    return {"unsupported": op}


def _triage(case: Mapping[str, Any], table: RuleTable) -> dict[str, Any]:
    if case.get("subject") is None and case.get("body") is None:
        raise BadField("subject, body", "one of them is needed")
    subject, body = _text(case, "subject"), _text(case, "body")
    context = case.get("context")
    if context is not None and not isinstance(context, Mapping):
        raise BadField("context", "a JSON object is needed")
    verdict = table.judge(subject, body, _circumstances(context or {}, table))
    return {"priority": verdict.priority.value, "rule": verdict.rule, "why": list(verdict.why)}


def _off_hours(case: Mapping[str, Any]) -> dict[str, Any]:
    at, calendar = _arrival(case)
    if at is None or calendar is None:
        raise BadField("received_at", "an ISO time is needed")
    return {"ok": off_hours.is_closed(calendar, at)}


def _circumstances(context: Mapping[str, Any], table: RuleTable) -> Circumstances:
    at, calendar = _arrival(context)
    channel = _text(context, "channel").strip().casefold()
    messages = context.get("messages_24h")
    if messages is not None and (not isinstance(messages, int) or isinstance(messages, bool) or messages < 0):
        raise BadField("messages_24h", "a whole number from 0 is needed")
    return Circumstances(
        at=at,
        calendar=calendar,
        channel=channel,
        chasers=0 if channel in table.chaser_not_channels else messages or 0,
        is_direct=_spoken(channel) in table.direct_channels,
        is_booked=_flag(context, "booked") or _flag(context, "appointment"),
        manager_busy=_manager(context),
    )


def _manager(context: Mapping[str, Any]) -> str:
    """ "booked", "away" or "off duty", from {"manager": "booked"}, {"manager_booked": true} and the like."""
    for word in ("booked", "away", "off_duty", "busy"):
        if _flag(context, f"manager_{word}"):
            return word.replace("_", " ")
    if "manager_available" in context and not _flag(context, "manager_available"):
        return "not available"
    word = _spoken(_text(context, "manager").strip().casefold()) if context.get("manager") is not None else ""
    return word if word in _BUSY_WORDS else ""


def _spoken(name: str) -> str:
    """ "in_person" and "in-person" as people say it."""
    return name.replace("_", " ").replace("-", " ")


def _arrival(fields: Mapping[str, Any]) -> tuple[datetime | None, Calendar | None]:
    """When it arrived (UTC) and the calendar that was in force; both None if it is not said when."""
    received, zone = fields.get("received_at"), fields.get("tz")
    hours, holidays = fields.get("hours"), fields.get("holidays")
    if zone is not None and not isinstance(zone, str):
        raise BadField("tz", "an IANA zone name is needed")
    if hours is not None and not isinstance(hours, str):
        raise BadField("hours", 'a text such as "Mon-Fri 09:00-17:00" is needed')
    if holidays is not None and not (isinstance(holidays, list) and all(isinstance(day, str) for day in holidays)):
        raise BadField("holidays", "a list of ISO dates is needed")
    calendar = parse_calendar(DEFAULT_HOURS if hours is None else hours, zone or "UTC", holidays or ())
    if received is None:
        return None, None
    try:
        at = datetime.fromisoformat(received) if isinstance(received, str) else None
    except ValueError:
        at = None
    if at is None:
        raise BadField("received_at", 'an ISO time such as "2026-11-18T23:10:00-05:00" is needed')
    if not zone:
        # Without a zone the clock that the time was read from is the client's.
        return at.replace(tzinfo=UTC), calendar
    return _in_zone(at, calendar), calendar


def _in_zone(at: datetime, calendar: Calendar) -> datetime:
    """The instant in UTC; a time without an offset is a clock reading in the client's zone."""
    try:
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(calendar.zone))).astimezone(UTC)
    except OverflowError:
        raise BadField("received_at", "lies outside the calendar") from None


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadField(name, "a text is needed")
    return value or ""


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadField(name, "true or false is needed")
    return bool(value)
