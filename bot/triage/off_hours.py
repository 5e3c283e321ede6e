"""Closed time, and the urgent contact in it that has a price.

Refuses to bill: it only says what a message is.
Source: mission, Rules, "Urgent off-hours contact".
"""

from __future__ import annotations

from datetime import datetime

from bot.hours import Calendar, is_open
from bot.triage.priority import Priority


def is_closed(calendar: Calendar, at: datetime) -> bool:
    """Whether the instant lies outside the opening hours; a holiday is closed all its local day."""
    return not is_open(calendar, at)


def is_urgent_contact(priority: Priority, at: datetime, calendar: Calendar, *, is_booked: bool) -> bool:
    """Whether a message is an urgent off-hours contact: in closed time, P1, and of no appointment.

    Its sender is told the price and the choice at once.
    Source: mission, Rules, Urgent off-hours contact.
    """
    return priority is Priority.P1 and not is_booked and is_closed(calendar, at)
