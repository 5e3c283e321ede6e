"""The kinds of work, and the row of the rate card that each one is billed at, at least.

Source: mission, Priorities and "Billed priority of a piece of work".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.triage.priority import Priority


class Kind(StrEnum):
    REMOTE = "remote"
    CONSULTATION = "consultation"
    CHECK = "check"  # recurring maintenance: logs, backups, updates
    REMOTE_UNSCHEDULED = "remote-unscheduled"
    BENCH = "bench"
    ONSITE = "onsite"
    TRAVEL = "travel"
    PLANNED_CODING = "planned-coding"
    PRODUCTION_CODING = "production-coding"


ROW_OF_KIND: Mapping[Kind, Priority] = MappingProxyType(
    {
        Kind.REMOTE: Priority.P4,
        Kind.CONSULTATION: Priority.P4,
        Kind.CHECK: Priority.P4,
        Kind.REMOTE_UNSCHEDULED: Priority.P3,
        Kind.BENCH: Priority.P3,
        Kind.ONSITE: Priority.P2,
        Kind.TRAVEL: Priority.P2,
        Kind.PLANNED_CODING: Priority.P2,
        Kind.PRODUCTION_CODING: Priority.P1,
    }
)
