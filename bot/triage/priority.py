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

    @property
    def label(self) -> str:
        """The word people use: urgent, high, medium or low."""
        return _LABELS[self]

    @property
    def severity(self) -> int:
        """4 for P1 down to 1 for P4: greater is more severe."""
        return 5 - int(self.value[1])


_LABELS = {Priority.P1: "urgent", Priority.P2: "high", Priority.P3: "medium", Priority.P4: "low"}

BY_SEVERITY = (Priority.P1, Priority.P2, Priority.P3, Priority.P4)
