"""How long what came in and went out is kept. Nothing set: for ever, until the owner decides otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot import readers as r
from bot.errors import Fault
from bot.settings.setting import setting

if TYPE_CHECKING:
    from bot.settings.tree import Times

DAYS_MAX = 36_500


def _kept(low: int) -> r.Reader:
    """Whole days from `low`, or 0: for ever."""
    whole = r.whole(0, DAYS_MAX)

    def read(value: object, is_bare: bool) -> int:
        try:
            days = int(whole(value, is_bare))
        except r.Wrong as wrong:
            raise r.Wrong(wrong.problem, _range(low)) from None
        if 0 < days < low:
            raise r.Wrong(f"{days} is out of range", _range(low))
        return days

    return read


def _range(low: int) -> str:
    return f"Write whole days from {low} to {DAYS_MAX}, or 0 to keep them for ever"


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which each kind goes; 0: never. Counted from the close of a ticket where one is concerned.

    Floors: bounces come back for 30 days (`bot.bounced`), Slack and Telegram repeat what was not acknowledged for a
    day, and a manager needs a week to have an unreadable message read again.
    """

    original_days: int = setting(0, _kept(30))
    attachment_days: int = setting(0, _kept(30))
    message_days: int = setting(0, _kept(30))
    delivery_days: int = setting(0, _kept(30))
    quarantine_days: int = setting(0, _kept(7))
    inbound_days: int = setting(0, _kept(30))

    @property
    def is_any(self) -> bool:
        return any(getattr(self, item.name) for item in fields(self))


def retention_faults(retention: Retention, times: Times, file: str) -> Iterator[Fault]:
    """Who answers a closed ticket within `times.reopen_days` opens it again, and everything has to be there still."""
    for name in ("original_days", "attachment_days", "message_days", "delivery_days"):
        if 0 < (days := getattr(retention, name)) < times.reopen_days:
            problem = f"an answer within {times.reopen_days} days (times.reopen_days) opens a ticket again"
            remedy = f"Write at least {times.reopen_days} in place of {days}, or 0 to keep them for ever"
            yield Fault(file, f"retention.{name}", problem, remedy)
