"""How far a word reaches: the walks over the phrases of one sentence that everything else here is made of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.triage.lexicon import Hit, Phrases

# A "but" ends what was said before it. A "because" and a comma end what a "not" or an "if" governs; so does an "and".
TURN = frozenset({"turn"})
CLAUSE = frozenset({"turn", "comma", "cause"})
PHRASE = frozenset({"turn", "comma", "cause", "link"})


def before(hits: Sequence[Hit], index: int, reach: int, stops: frozenset[str]) -> Iterator[tuple[int, Hit]]:
    """The phrases left of one, nearest first, at most `reach` words from it, up to the first stop."""
    start = hits[index].start
    for n in range(index - 1, -1, -1):
        hit = hits[n]
        if start - hit.end > reach or not hit.kinds.isdisjoint(stops):
            return
        yield n, hit


def after(hits: Sequence[Hit], index: int, reach: int, stops: frozenset[str]) -> Iterator[tuple[int, Hit]]:
    """The phrases right of one, nearest first, at most `reach` words from it, up to the first stop."""
    end = hits[index].end
    for n in range(index + 1, len(hits)):
        hit = hits[n]
        if hit.start - end > reach or not hit.kinds.isdisjoint(stops):
            return
        yield n, hit


def segment(hits: Phrases, index: int) -> tuple[int, int]:
    """The stretch [first, last) of phrases around one that no "but" divides."""
    turns = hits.places.get("turn", ())
    nth = bisect_left(turns, index)
    first = turns[nth - 1] + 1 if nth else 0
    last = turns[nth] if nth < len(turns) else len(hits)
    return first, max(last, index + 1)
