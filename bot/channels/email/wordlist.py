"""Tables of words as the modules of this package write them, and looking in them without a loop over all of them."""

from __future__ import annotations

from collections.abc import Iterable

HEAD_LETTERS = 3


def words(table: str) -> tuple[str, ...]:
    """The words of a table written as "one|two|three", over as many lines as it takes."""
    joined = "|".join(line.strip("\n") for line in table.strip("\n ").split("\n"))
    return tuple(dict.fromkeys(word.lstrip(" ") for word in joined.split("|") if word.strip()))


class Starts:
    """Whether a text begins with one of many words: one look-up by its first letters, then few comparisons."""

    def __init__(self, table: Iterable[str]) -> None:
        by_head: dict[str, list[str]] = {}
        for word in table:
            by_head.setdefault(word[:HEAD_LETTERS], []).append(word)
        self._by_head = {head: tuple(found) for head, found in by_head.items()}
        self._short = tuple(head for head in by_head if len(head) < HEAD_LETTERS)

    def match(self, text: str) -> bool:
        """Whether `text`, in lower case already, begins with one of the words."""
        found = self._by_head.get(text[:HEAD_LETTERS])
        return (found is not None and text.startswith(found)) or (bool(self._short) and text.startswith(self._short))
