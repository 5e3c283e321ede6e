"""What a benchmark says: figures, each the median of its rounds, beside the limit it is held to."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured in several rounds.

    values: one a round. unit: "×" for a ratio, else "ms", "MiB" … limit: None where the figure is only told.
    """

    what: str
    values: Sequence[float]
    unit: str = "×"
    limit: float | None = None
    is_at_least: bool = False
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        return self.median >= self.limit if self.is_at_least else self.median <= self.limit

    def __str__(self) -> str:
        spread = f"{shown(min(self.values))} … {shown(max(self.values))}, {len(self.values)} rounds"
        line = f"{self.what}: {shown(self.median)} {self.unit} ({spread})"
        if self.limit is not None:
            sign = "≥" if self.is_at_least else "≤"
            line += f"; limit {sign} {shown(self.limit)} {self.unit}: {'met' if self.is_met else 'MISSED'}"
        return f"{line}; {self.note}" if self.note else line

    def as_json(self) -> str:
        """The same as one JSON line, for comparing runs."""
        fields = {
            "what": self.what,
            "unit": self.unit,
            "median": round(self.median, 4),
            "values": [round(value, 4) for value in self.values],
            "limit": self.limit,
            "is_met": self.is_met,
            "note": self.note,
        }
        return json.dumps(fields, ensure_ascii=False)


def shown(number: float) -> str:
    """Three digits, and no more than anybody reads."""
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round: the machine was the same for both."""
    return [one / other for one, other in zip(above, below, strict=True)]


def percentile(values: Sequence[float], hundredths: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(hundredths / 100 * (len(ordered) - 1)))]
