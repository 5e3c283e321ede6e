"""The four priorities: how fast the desk answers, and nothing about price.

Refuses any other grade: `Priority("P5")` raises ValueError.
Source: mission, Priorities.
"""

from __future__ import annotations

from enum import StrEnum


class Priority(StrEnum):
    """P1 is the most severe; the texts sort in that order too."""

    P1 = "P1"  # urgent: the service is unusable
    P2 = "P2"  # high: a service or device is severely impaired
    P3 = "P3"  # medium: some things are broken that worked before
    P4 = "P4"  # low: the service is fully usable


BY_SEVERITY = (Priority.P1, Priority.P2, Priority.P3, Priority.P4)
