"""Every error of the desk, named by the fact it states.

    BotError
    ├── UserError          the person can mend it: `str(error)` is the sentence they are shown
    ├── TemporaryError     try again later: 451, 503, a later due time
    ├── ConfigError        the configuration is wrong: carries every fault found
    ├── LedgerError        an invariant of the books broke: stop, nothing is posted
    ├── DeliveryDelayed    a send failed for now; may carry the seconds to wait
    └── DeliveryRefused    a send failed for good

A `UserError` says what happened and what to do. Errors that belong to one module's facts are defined beside
those facts and derive from one of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class BotError(Exception):
    """Root of every error the desk raises on purpose."""


class UserError(BotError):
    """What happened and what to do, in words for the person who caused it."""


class NotAllowed(UserError):
    """The person's identity is known, and does not carry this right."""


class NotProven(UserError):
    """The message does not prove who sent it, so it may not command, spend or read back."""


class NotFound(UserError):
    """Nothing of that name or number is visible to this person."""


class TemporaryError(BotError):
    """A cause known to pass: a lock, a full disk, a full queue."""


class StaleVersion(TemporaryError):
    """Another transaction changed the row first; the unit runs again on fresh rows."""


class QueueFull(TemporaryError):
    """More units wait for the writer than it takes; the sender should try again."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in the configuration: where, and what to write instead."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}. {self.remedy}"


class ConfigError(BotError):
    """The configuration cannot be used; `faults` holds every fault, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class LedgerError(BotError):
    """An invariant of the books broke."""


class DeliveryDelayed(BotError):
    """The send failed for now. `retry_after_seconds` is what the service asked for, if it did."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class DeliveryRefused(BotError):
    """The send failed for good.

    is_address_dead: nothing will ever reach this handle. is_place_closed: nothing can be said in this conversation.
    """

    def __init__(self, reason: str, *, is_address_dead: bool = False, is_place_closed: bool = False) -> None:
        super().__init__(reason)
        self.is_address_dead, self.is_place_closed = is_address_dead, is_place_closed


class LeaseLost(TemporaryError):
    """Another process reads this stream now; this one must stop reading it."""
