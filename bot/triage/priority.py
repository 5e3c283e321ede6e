"""How fast the desk answers: four priorities, P1 the most severe. Source: mission, Priorities."""

from __future__ import annotations

from enum import StrEnum


class Priority(StrEnum):
    P1 = "P1"  # urgent: service unusable
    P2 = "P2"  # high: severely impaired
    P3 = "P3"  # medium: partially impaired
    P4 = "P4"  # low: fully usable


def more_severe(first: Priority, second: Priority) -> Priority:
    """The more severe of two."""
    return min(first, second)
