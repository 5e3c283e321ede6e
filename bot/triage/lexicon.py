"""Finds the phrases of the word lists in a sentence: one walk over its words, longest phrase first.

A phrase is written as people say it, in any language. In the lists, "/" separates alternatives for one place and "_"
joins the words of one alternative: "won't/does_not start/boot" is four phrases. "…" stands for up to three words of any
kind. Inside a phrase filler words may stand ("is not *currently* working"). A word may be misspelt by one swapped,
dropped or doubled letter if the lists say so. A phrase may be in several lists; one that is in the list `idiom` is in
no other. Refuses nothing: the lists have been checked by the time they come here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, product
from operator import attrgetter
from typing import Any

from bot.triage.folding import words_of

# What a state, a thing or a verb is, if a phrase is in several of these lists: the first counts.
STATES = (
    "danger",
    "hacked",
    "exposed",
    "outage",
    "down",
    "broken",
    "unstable",
    "faulty",
    "locked",
    "impaired",
    "crawling",
    "slow",
    "trouble",
    "hint",
)
THINGS = ("everything", "part", "peripheral", "device", "application", "service")
VERBS = ("trade_verb", "work_verb", "use_verb", "do_verb", "machine_verb")

_COMMA = ","
_FILLERS_MAX = 2
_GAP, _GAP_MAX = "…", 3
_END = ""

# phrase, lists, state, thing, verb, whether it denies by itself
Entry = tuple[str, frozenset[str], str, str, str, bool]
# word → what may follow it, "" → the entry that ends here
Node = Any
_IDIOM = frozenset({"idiom"})
_NEGATING = frozenset({"negation", "lacks"})
_START = attrgetter("start")


class Hit:
    """A phrase at words [start, end) of a sentence, and the lists it is in. Never changed once made."""

    # A plain class: hundreds are made for a long mail, and a frozen dataclass takes three times as long to make.
    __slots__ = ("end", "is_negative", "kinds", "phrase", "start", "state", "thing", "verb")

    def __init__(self, start: int, end: int, entry: Entry) -> None:
        self.start = start
        self.end = end
        self.phrase, self.kinds, self.state, self.thing, self.verb, self.is_negative = entry


class Phrases(list[Hit]):
    """The phrases of a sentence, left to right, and where those of a list stand: found without looking at each.

    places: for each list that has a phrase here, the indexes of its phrases, ascending.
    """

    __slots__ = ("places",)

    def __init__(self) -> None:
        super().__init__()
        self.places: defaultdict[str, list[int]] = defaultdict(list)

    def within(self, kind: str, start: int, stop: int) -> Sequence[int]:
        """The indexes in [start, stop) of the phrases of a list."""
        places = self.places.get(kind)
        if places is None:
            return ()
        if places[0] >= start and places[-1] < stop:
            return places
        return places[bisect_left(places, start) : bisect_left(places, stop)]

    def of(self, *kinds: str) -> list[int]:
        """The indexes of the phrases of any of these lists, ascending."""
        return sorted({n for kind in kinds for n in self.places.get(kind, ())})

    def at(self, word: int) -> Hit | None:
        """The phrase that a word of the sentence belongs to."""
        n = bisect_right(self, word, key=_START) - 1
        return self[n] if n >= 0 and word < self[n].end else None


class Lexicon:
    """Word lists, compiled once at start."""

    def __init__(
        self,
        lists: Mapping[str, Sequence[str]],
        *,
        misspelt: Sequence[str] = (),
        not_misspelt: Sequence[str] = (),
        common: Sequence[str] = (),
    ) -> None:
        kinds: dict[tuple[str, ...], set[str]] = {}
        for name, phrases in lists.items():
            for words in (words for phrase in phrases for words in expand(phrase)):
                kinds.setdefault(words, set()).add(name)
        kinds[(_COMMA,)] = {"comma"}
        self._fillers = frozenset(words[0] for words, names in kinds.items() if "filler" in names)
        self._root = _tree(kinds)
        self._anchors = _anchors(kinds, {word for text in common for word in words_of(text)})
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}
        known = {word for words in kinds for word in words}
        known.update(word for text in not_misspelt for word in words_of(text))
        self._spelling = dict(_misspellings(misspelt, known))

    def spelt(self, words: list[str]) -> list[str]:
        """The words with known misspellings put right."""
        spelling = self._spelling
        if spelling.keys().isdisjoint(words):
            return words
        return [spelling.get(word, word) for word in words]

    def touches(self, words: Sequence[str], lists: tuple[str, ...]) -> bool:
        """Whether a phrase of one of the lists may be among the words: quick, and never False if one is."""
        union = self._unions.get(lists)
        if union is None:
            union = self._unions[lists] = frozenset().union(*(self._anchors.get(name, frozenset()) for name in lists))
        return not union.isdisjoint(words)

    def scan(self, words: list[str]) -> Phrases:
        """Every phrase found, left to right, none overlapping another. The words are spelt right."""
        root = self._root
        found = Phrases()
        places = found.places
        free, last = 0, len(words) - 1
        entry: Entry | None
        for at in [n for n, word in enumerate(words) if word in root]:
            if at < free:
                continue
            node = root[words[at]]
            if type(node) is tuple:
                entry, free = node, at + 1
            # Most words that begin a phrase stand alone.
            elif at < last and (words[at + 1] in node or _GAP in node or words[at + 1] in self._fillers):
                entry, free = self._walk(words, at + 1, node)
            else:
                entry, free = node.get(_END), at + 1
            if entry is not None:
                for kind in entry[1]:
                    places[kind].append(len(found))
                found.append(Hit(at, free, entry))
        return found

    def _walk(self, words: list[str], place: int, node: Node) -> tuple[Entry | None, int]:
        """The longest phrase that goes on from `node` at `place`, and where it ends."""
        if type(node) is tuple:
            return node, place
        best, end, fillers = node.get(_END), place, 0
        while place < len(words):
            word = words[place]
            if _GAP in node:
                best, end = max((best, end), self._leap(words, place, node[_GAP]), key=_reach)
            following = node.get(word)
            if type(following) is tuple:
                return (following, place + 1) if place >= end else (best, end)
            if following is not None:
                node = following
                if _END in node and place >= end:
                    best, end = node[_END], place + 1
            elif word in self._fillers and fillers < _FILLERS_MAX:
                fillers += 1
            else:
                break
            place += 1
        return best, end

    def _leap(self, words: list[str], place: int, node: Node) -> tuple[Entry | None, int]:
        """Go on after a gap; at the first word that fits, so that a gap is as short as it can be."""
        for n in range(place, min(place + _GAP_MAX + 1, len(words))):
            if words[n] in node:
                found = self._walk(words, n + 1, node[words[n]])
                # "Shows … in duplicate" is not in "shows prices in dollars instead of", which goes on.
                if found[0] is not None:
                    return found
            if words[n] == _COMMA:
                break
        return None, place


def _tree(kinds: Mapping[tuple[str, ...], set[str]]) -> dict[str, Node]:
    """The phrases word by word; where nothing follows, the entry stands in the place of a node."""
    negations = {words[0] for words, names in kinds.items() if len(words) == 1 and not names.isdisjoint(_NEGATING)}
    # An idiom is only that: nothing inside it, nor the whole, means anything else.
    shared: dict[frozenset[str], tuple[frozenset[str], str, str, str]] = {}
    root: dict[str, Any] = {}
    for words, names in kinds.items():
        key = _IDIOM if "idiom" in names else frozenset(names)
        if key not in shared:
            shared[key] = (key, _first(STATES, key), _first(THINGS, key), _first(VERBS, key))
        # "Not working" is not denied by a "no" before it, as "down" is.
        entry = (" ".join(words), *shared[key], not negations.isdisjoint(words))
        node = root
        for word in words[:-1]:
            following = node.get(word)
            if type(following) is not dict:
                following = {} if following is None else {_END: following}
                node[word] = following
            node = following
        last = node.get(words[-1])
        if type(last) is dict:
            last[_END] = entry
        else:
            node[words[-1]] = entry
    return root


def expand(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every phrase that one entry of a word list stands for, as folded words."""
    places = [[_choice(choice) for choice in place.split("/")] for place in phrase.split()]
    if len(places) == 1:
        yield from (words for words in places[0] if words)
        return
    for choices in product(*places):
        words = tuple(chain.from_iterable(choices))
        if words:
            yield words


@cache
def _choice(text: str) -> tuple[str, ...]:
    return (_GAP,) if text == _GAP else tuple(words_of(text.replace("_", " ")))


def _first(order: tuple[str, ...], kinds: frozenset[str]) -> str:
    return next((name for name in order if name in kinds), "")


def _reach(found: tuple[Entry | None, int]) -> int:
    return -1 if found[0] is None else found[1]


def _anchors(phrases: Mapping[tuple[str, ...], set[str]], common: set[str]) -> dict[str, frozenset[str]]:
    """Of every list, words of which each of its phrases has at least one: the rarest, as far as can be told."""
    anchors: dict[str, set[str]] = {}
    for words, names in phrases.items():
        rarest = words[0]
        if len(words) > 1:
            telling = [word for word in words if word not in common and word != _GAP]
            rarest = max(telling or (word for word in words if word != _GAP), key=len)
        for name in names:
            anchors.setdefault(name, set()).add(rarest)
    return {name: frozenset(words) for name, words in anchors.items()}


def _misspellings(texts: Iterable[str], known: set[str]) -> Iterator[tuple[str, str]]:
    """One swapped, dropped or doubled letter, the first letter kept; never a word that is known itself."""
    for word in (word for text in texts for word in words_of(text)):
        variants = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(1, len(word) - 1)}
        variants |= {word[:n] + word[n] + word[n:] for n in range(1, len(word))}
        if len(word) > 5:
            variants |= {word[:n] + word[n + 1 :] for n in range(1, len(word))}
        for variant in variants - known:
            yield variant, word
