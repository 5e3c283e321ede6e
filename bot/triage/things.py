"""Which thing a state is about: "the search on our website is broken" is about a search, not about a website."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.triage.clauses import PHRASE, TURN, after, before
from bot.triage.lexicon import Hit
from bot.triage.reading import Sentence

# Words between a state and its thing; words between "the search" and "the website".
LEFT_REACH, RIGHT_REACH, HEAD_REACH = 12, 5, 4

_NO_HEAD_BEYOND = frozenset({"turn", "comma", "cause", "link", "cannot", "negation", "if", "when"})


def thing_of(sentence: Sentence, index: int, known: Mapping[int, Hit | None]) -> Hit | None:
    """What the phrase at `index` is about, or None. A hit of the list `measure` says: a figure, no thing.

    known: what the earlier states of the sentence are about; a second state without a thing of its own shares it.
    """
    hits = sentence.hits
    if hits[index].thing:
        return hits[index]
    left = thing_before(sentence, index, known)
    right = _right(hits, index)
    if left is None or right is None:
        return left or right
    # "The form isn't sending emails" is about the form; "slow internet" about what stands nearer.
    # And so is "the notice on the site can't be closed on phones", which only says where.
    if hits[index].is_negative or any("of" in hit.kinds for _, hit in after(hits, index, 0, PHRASE)):
        return left
    return right if right.start - hits[index].end < hits[index].start - left.end else left


def thing_before(sentence: Sentence, index: int, known: Mapping[int, Hit | None]) -> Hit | None:
    """The thing named last before the phrase at `index`, or what a state before it is about."""
    for n, hit in before(sentence.hits, index, LEFT_REACH, TURN):
        if hit.state and n in known:
            return known[n]
        if "measure" in hit.kinds:
            return hit
        if hit.thing:
            return _told_of(sentence, n, known) or _head(sentence, n)
    return None


def _told_of(sentence: Sentence, index: int, known: Mapping[int, Hit | None]) -> Hit | None:
    """ "The microphone cuts out on Zoom calls": what the state is about, which the thing after "on" only places."""
    hits, place = sentence.hits, index
    while place and hits[place - 1].thing and hits[place - 1].end == hits[place].start:
        place -= 1
    while place and _is_determiner(hits[place - 1]) and hits[place - 1].end == hits[place].start:
        place -= 1
    if place < 2 or "of" not in hits[place - 1].kinds or hits[place - 1].end != hits[place].start:
        return None
    state = hits[place - 2]
    return known.get(place - 2) if state.state and state.end == hits[place - 1].start else None


def _right(hits: Sequence[Hit], index: int) -> Hit | None:
    found: Hit | None = None
    for _, hit in after(hits, index, RIGHT_REACH, PHRASE):
        if hit.state or (found is not None and hit.start > found.end):
            break
        if hit.thing or "measure" in hit.kinds:
            # In a compound, "website form", the last word is what it is.
            found = hit
    return found


def _head(sentence: Sentence, index: int) -> Hit:
    """The first of several things joined by "on", "in" or "of"; any other noun so joined is a part of the thing."""
    hits = sentence.hits
    thing, is_joined = hits[index], False
    for n in range(index - 1, -1, -1):
        hit = hits[n]
        if hits[n + 1].start - hit.end > HEAD_REACH or hit.state or not hit.kinds.isdisjoint(_NO_HEAD_BEYOND):
            break
        is_joined = is_joined or "of" in hit.kinds
        if hit.thing:
            if not is_joined:
                break
            thing, is_joined = hit, False
    return _unlisted_head(sentence, thing) or thing


def _unlisted_head(sentence: Sentence, thing: Hit) -> Hit | None:
    """ "The map on our website": a determiner, a noun that is in no list, "on", perhaps a determiner, the thing."""
    hits = sentence.hits
    place = thing.start - 1
    while _is_determiner(hits.at(place)):
        place -= 1
    joint, noun = hits.at(place), hits.at(place - 1)
    if joint is None or "of" not in joint.kinds or (noun is not None and "measure" not in noun.kinds):
        return None
    # "The map on", or "the interactive map on".
    if not _is_determiner(hits.at(place - 2)) and not _is_determiner(hits.at(place - 3)):
        return None
    word = sentence.words[place - 1]
    return Hit(place - 1, thing.end, (word, thing.kinds, "", "part", "", False))


def _is_determiner(hit: Hit | None) -> bool:
    return hit is not None and "determiner" in hit.kinds
