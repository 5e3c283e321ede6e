"""What stands in front of the items of an HTML list, as text: a star, or the number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

STAR = "* "
LIST_START = re.compile(r"""\bstart\s{0,9}=\s{0,9}["']?(\d{1,4})\b""", re.IGNORECASE)


class Items:
    """The numbers of the lists that are open, by their places on the page's stack."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}

    def open(self, place: int, attributes: str) -> None:
        """A numbered list begins at this place."""
        start = LIST_START.search(attributes) if attributes else None
        self.numbers[place] = int(start[1]) - 1 if start is not None else 0

    def next(self, places: Mapping[str, Sequence[int]]) -> str:
        """The mark of the next item. places: of the open elements, by their names."""
        numbered, starred = places.get("ol"), places.get("ul")
        if not numbered or (starred and starred[-1] > numbered[-1]):
            return STAR
        place = numbered[-1]
        self.numbers[place] = self.numbers.get(place, 0) + 1
        return f"{self.numbers[place]}. "
