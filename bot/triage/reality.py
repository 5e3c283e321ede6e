"""Whether what is said to be wrong is so: not denied, supposed, asked about, past, or mended since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.triage.clauses import CLAUSE, PHRASE, TURN, before, segment
from bot.triage.lexicon import Hit
from bot.triage.reading import Sentence, Span

# How many words a "not", a "was", a "will be" and an "if" reach.
DENIAL_REACH, PAST_REACH, FUTURE_REACH, SUPPOSITION_REACH, PENDING_REACH, MENDED_REACH = 4, 6, 2, 8, 6, 3

# What was stolen yesterday is gone today.
_LASTING = frozenset({"danger", "hacked", "exposed"})
_ACTORS = frozenset({"i", "we", "people"})
_SUPPOSING = frozenset({"future", "if", "when", "planned"})
_NOW = frozenset({"now", "jetzt", "nun", "ahora", "maintenant", "agora"})
_UNSETTLED = frozenset({"pending", "negation", "if", "when", "future", "request", "cannot"})


class Doubt(NamedTuple):
    """Why it does not count (denied, supposed, asked, past, mended), and the words that say so."""

    reason: str
    span: Span


def doubt_about(sentence: Sentence, index: int) -> Doubt | None:
    """Why the state or the "cannot" at `index` does not count; None if it does."""
    return (
        _denied(sentence, index)
        or _supposed(sentence, index)
        or _asked(sentence, index)
        or _past(sentence, index)
        or _thanked(sentence, index)
    )


def mendings_in(sentence: Sentence) -> Iterator[int]:
    """The indexes of phrases that say it works again ("back up", "never mind"), where the sentence says so of now."""
    for n in sentence.hits.of("resolved", "works_fine"):
        if not sentence.is_question or "dismissal" in sentence.hits[n].kinds:
            reach = before(sentence.hits, n, PENDING_REACH, PHRASE)
            if all(prior.kinds.isdisjoint(_UNSETTLED) for _, prior in reach):
                yield n


def _denied(sentence: Sentence, index: int) -> Doubt | None:
    hits = sentence.hits
    if "negation" not in hits.places or hits[index].is_negative or "cannot" in hits[index].kinds:
        return None
    start = hits[index].start
    for _, hit in before(hits, index, DENIAL_REACH, PHRASE):
        # "No longer" hints at a fault by itself, and denies the one that follows it.
        if "negation" in hit.kinds:
            return Doubt("denied", Span(sentence, hit.start, hits[index].end))
        # "It no longer crashes every minute" denies both.
        if hit.state and hit.end == start:
            start = hit.start
            continue
        # "You haven't fixed the error" does not deny it.
        if hit.state or "mended_by" in hit.kinds:
            return None
    return None


def _supposed(sentence: Sentence, index: int) -> Doubt | None:
    hits = sentence.hits
    for n in hits.places.get("as_planned", ()):
        # "The server is down, as planned."
        if 0 <= hits[n].start - hits[index].end <= FUTURE_REACH:
            return Doubt("supposed", Span(sentence, hits[index].start, hits[n].end))
    if hits.places.keys().isdisjoint(_SUPPOSING):
        return None
    actor: Hit | None = None
    for _, hit in before(hits, index, SUPPOSITION_REACH, CLAUSE):
        if "future" in hit.kinds and hits[index].start - hit.end <= FUTURE_REACH:
            return Doubt("supposed", Span(sentence, hit.start, hits[index].end))
        if "planned" in hit.kinds and "event_noun" in hits[index].kinds and hits[index].start - hit.end <= FUTURE_REACH:
            return Doubt("supposed", Span(sentence, hit.start, hits[index].end))
        if "if" in hit.kinds and (actor is None or actor.start - hit.end <= 1):
            return Doubt("supposed", Span(sentence, hit.start, hits[index].end))
        # "When I print, it crashes" tells of a fault; "when the server is down" does not.
        if "when" in hit.kinds and actor is None and "cannot" not in hits[index].kinds:
            return Doubt("supposed", Span(sentence, hit.start, hits[index].end))
        if not hit.kinds.isdisjoint(_ACTORS) and "our" not in hit.kinds:
            actor = hit
    return None


def _asked(sentence: Sentence, index: int) -> Doubt | None:
    """ "Is the server down?" asks; "Why is it down?" and "Did you see that it is down?" tell."""
    hits, at = sentence.hits, 0
    if not sentence.is_question or hits[index].is_negative or "cannot" in hits[index].kinds:
        return None
    for _, hit in before(hits, index, len(sentence.words), frozenset()):
        if "reason" in hit.kinds:
            return None
        if not hit.kinds.isdisjoint(("comma", "turn")):
            at = hit.end
            break
    opening = next((hit for hit in hits if hit.start == at), None)
    if opening is None or "asks" not in opening.kinds:
        return None
    return Doubt("asked", Span(sentence, opening.start, hits[index].end))


def _past(sentence: Sentence, index: int) -> Doubt | None:
    hits = sentence.hits
    if hits[index].state in _LASTING:
        return None
    first, last = segment(hits, index)
    # "In October" is past only where the verb says so.
    times = hits.within("past_time", first, last) or hits.within("month", first, last)
    if not times or hits.within("since", first, last) or hits.within("still", first, len(hits)):
        return None
    when = hits[times[0]]
    is_noun = "event_noun" in hits[index].kinds
    if (
        is_noun
        or "past" in hits[index].kinds
        or any("past" in hit.kinds for _, hit in before(hits, index, PAST_REACH, TURN))
    ):
        start, end = min(when.start, hits[index].start), max(when.end, hits[index].end)
        return Doubt("past", Span(sentence, start, end))
    return None


def _thanked(sentence: Sentence, index: int) -> Doubt | None:
    hits = sentence.hits
    start = segment(hits, index)[0]
    thanks = hits.within("thanks_for", start, index)
    # "Great work on the update: now the shop is offline."
    if thanks and not any(word in _NOW for word in sentence.words[hits[thanks[-1]].end : hits[index].start]):
        return Doubt("mended", Span(sentence, hits[thanks[-1]].start, hits[index].end))
    for n in hits.within("mended_by", start, index):
        is_near = hits[index].start - hits[n].end <= MENDED_REACH
        # "You haven't fixed the error": "had you fixed the error" is as far from it.
        prior = before(hits, n, PENDING_REACH, PHRASE)
        if is_near and all(hit.kinds.isdisjoint(_UNSETTLED) for _, hit in prior):
            return Doubt("mended", Span(sentence, hits[n].start, hits[index].end))
    return None
