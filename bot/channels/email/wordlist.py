"""Tables of words as the modules of this package write them, and looking in them without a loop over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

HEAD_LETTERS = 3


def words(table: str) -> tuple[str, ...]:
    """The words of a table written as "one|two|three", over as many lines as it takes."""
    joined = "|".join(line.strip("\n") for line in table.strip("\n ").split("\n"))
    return tuple(dict.fromkeys(word.lstrip(" ") for word in joined.split("|") if word.strip()))


class Starts:
    """Whether a text begins with one of many words: one look-up by its first letters, then few comparisons."""

    def __init__(self, table: Iterable[str]) -> None:
        by_head: dict[str, list[str]] = {}
        self.words = tuple(table)
        for word in self.words:
            by_head.setdefault(word[:HEAD_LETTERS], []).append(word)
        self._by_head = {head: tuple(found) for head, found in by_head.items()}
        self._short = tuple(head for head in by_head if len(head) < HEAD_LETTERS)

    def match(self, text: str) -> bool:
        """Whether `text`, in lower case already, begins with one of the words."""
        found = self._by_head.get(text[:HEAD_LETTERS])
        return (found is not None and text.startswith(found)) or (bool(self._short) and text.startswith(self._short))


class Look:
    """The beginning of a text as phrases are looked for in it: lower case, one kind of apostrophe."""

    def __init__(self, text: str) -> None:
        self.text = _plain(text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Whatever stands between blanks."""
        return frozenset(self.text.split(" "))


class Sayings:
    """Phrases to be found in a text; one of three words and more is looked for only where a word inside it stands."""

    def __init__(self, table: Iterable[str]) -> None:
        self._short: list[str] = []
        self._by_word: dict[str, list[str]] = {}
        for phrase in map(_plain, table):
            inside = phrase.split(" ")[1:-1]
            if inside:
                self._by_word.setdefault(max(inside, key=len), []).append(phrase)
            else:
                self._short.append(phrase)
        self._words = frozenset(self._by_word)

    def found(self, look: Look, letters_max: int | None = None) -> Iterator[str]:
        """Those that stand in the first `letters_max` letters of a text, each once."""
        text = look.text[:letters_max]
        yield from (phrase for phrase in self._short if phrase in text)
        for word in self._words & look.words:
            yield from (phrase for phrase in self._by_word[word] if phrase in text)

    def any_in(self, look: Look, letters_max: int | None = None) -> bool:
        return next(self.found(look, letters_max), None) is not None


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")
