"""Whom it concerns: one person, some, several, or everyone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.triage.clauses import CLAUSE, before, segment
from bot.triage.lexicon import Hit, Phrases
from bot.triage.moments import NUMBERS
from bot.triage.reading import Reading, Sentence, Span

# The first that is said counts: "everyone else is fine" is in the list `one`.
_SPOKEN = ("one", "everyone", "several", "some", "place")
_COUNTED = frozenset({*_SPOKEN, "people"})
_ACTORS = ("we", "i", "people")
_OWNERS = ("my", "our")
_PLACES = frozenset({"device", "peripheral", "application"})
SCOPES = frozenset({*_SPOKEN, *_ACTORS, "my", "unstated"})
_OF = frozenset({"of", "von", "de", "dos", "das", "sur", "des"})
_OURS = frozenset(
    {"our", "the", "my", "us", "unseren", "nuestros", "nuestras", "nos", "nossos", "nossas", "los", "las"}
)
_THEM = frozenset({"them", "us", "ihnen", "ellos", "ellas", "eux", "elles", "eles", "elas"})
_ARTICLES = frozenset({"a", "an", "un", "una", "une", "um", "uma", "ein", "eine", "einer", "einem", "quarter", "few"})
_ACTOR_REACH, _OWNER_REACH = 8, 2
SEVERAL_MIN, COUNT_REACH = 5, 3


class Scope(NamedTuple):
    """name: everyone, several, some, place, one, my, we, i, people or unstated; span: the words that say it."""

    name: str
    span: Span | None = None


UNSTATED = Scope("unstated")


def scope_of(sentence: Sentence, index: int, thing: Hit | None, *, is_act: bool) -> Scope:
    """For whom the state at `index` holds. is_act: it is something that somebody cannot do, so look for who."""
    hits = sentence.hits
    first, last = segment(hits, index)
    spoken = _spoken(sentence, first, last) or _spoken(sentence, last, _remark_end(hits, last))
    if spoken is not None:
        return spoken
    owner = _owner(sentence, first, last, thing)
    if owner is not None:
        return owner
    if is_act:
        for _, hit in before(hits, index, _ACTOR_REACH, CLAUSE):
            for name in _ACTORS:
                if name in hit.kinds:
                    return Scope(name, Span(sentence, hit.start, hit.end))
    return UNSTATED


def scope_of_text(reading: Reading, telling: Iterable[Sentence]) -> Scope:
    """For whom, as said in a sentence of its own: "This affects everyone". telling: sentences that tell a fault."""
    taken = set(map(id, telling))
    for sentence in reading.sentences:
        if id(sentence) in taken:
            continue
        if sentence.touches("affects") and "affects" in sentence.hits.places:
            spoken = _spoken(sentence, 0, len(sentence.hits))
            if spoken is not None:
                return spoken
        if sentence.touches("rest") and sentence.touches("works_fine", "resolved"):
            rest = next((hit for hit in sentence.hits if "rest" in hit.kinds), None)
            # "Other mailboxes are fine": so it is this one only.
            if rest is not None:
                return Scope("one", Span(sentence, rest.start, rest.end))
    return UNSTATED


def _remark_end(hits: Phrases, start: int) -> int:
    """The end of what follows a "but" and tells of nothing else ("…, but only for me"); `start` where there is none."""
    return start if any(hit.state or hit.verb or hit.thing for hit in hits[start:]) else len(hits)


def _owner(sentence: Sentence, first: int, last: int, thing: Hit | None) -> Scope | None:
    """ "My laptop", "our server"; "on my laptop" says where, if the laptop is not the thing itself."""
    hits = sentence.hits
    if hits.places.keys().isdisjoint(_OWNERS):
        return None
    for n in sorted({*hits.within("my", first, last), *hits.within("our", first, last)}):
        hit = hits[n]
        span = Span(sentence, hit.start, hit.end)
        if thing is not None and 0 <= thing.start - hit.end <= _OWNER_REACH:
            return Scope("my" if "my" in hit.kinds else "we", span)
        following = hits[n + 1] if n + 1 < len(hits) else None
        prior = hits[n - 1] if n else None
        is_place = prior is not None and "of" in prior.kinds and prior.end == hit.start and "my" in hit.kinds
        if is_place and following is not None and following.thing in _PLACES and following.start - hit.end <= 1:
            return Scope("one", Span(sentence, hit.start, following.end))
    return None


def _spoken(sentence: Sentence, first: int, last: int) -> Scope | None:
    """For whom, as the phrases [first, last) say it."""
    hits = sentence.hits
    if first >= last:
        return None
    share = None if _OF.isdisjoint(sentence.words) else _share(sentence, hits[first].start, hits[last - 1].end)
    if share is not None or hits.places.keys().isdisjoint(_COUNTED):
        return share
    counts = (_counted(sentence, hits[n]) for n in hits.within("people", first, last))
    counted = next((scope for scope in counts if scope is not None), None)
    for name in _SPOKEN:
        for n in hits.within(name, first, last):
            # "7 of our engineers, the others can", "all of sales, the others can": the former says it better.
            if name == "one" and _tells(hits, n):
                continue
            is_named = name == "one" and bool(hits.within("several", first, last))
            if "rest" not in hits[n].kinds or (counted is None and not is_named):
                return Scope(name, Span(sentence, hits[n].start, hits[n].end))
    return counted


def _tells(hits: Phrases, index: int) -> bool:
    """ "Tom called: nobody can log in" is not about Tom, nor is "Tom: …" or "Tom, …"."""
    following = hits.at(hits[index].end)
    if following is None:
        return False
    return "tells" in following.kinds or (hits[index].start == 0 and "comma" in following.kinds)


def _share(sentence: Sentence, start: int, end: int) -> Scope | None:
    """ "Eight of our ten tablets", "about 12 of them"."""
    words = sentence.words
    for n in range(max(start, 1), end - 1):
        # "Three of five", "three out of five".
        before_of = n - 2 if words[n - 1] == "out" and n > 1 else n - 1
        if words[n] in _OF and (part := _number(words[before_of])):
            place = n + 2 if words[n + 1] in _OURS else n + 1
            whole = _number(words[place]) if place < end else 0
            if words[n + 1] in _THEM and part >= SEVERAL_MIN:
                return Scope("several", Span(sentence, before_of, n + 2))
            if whole > 1 and part <= whole:
                name = "everyone" if part == whole else "several" if part > 1 and 3 * part > whole else "some"
                return Scope(name, Span(sentence, before_of, place + 1))
    return None


def _number(word: str) -> int:
    """0 for what is no number, and for an article."""
    return int(word[:6]) if word.isdecimal() else 0 if word in _ARTICLES else NUMBERS.get(word, 0)


def _counted(sentence: Sentence, people: Hit) -> Scope | None:
    """ "12 users", "ten of our people"."""
    for n in range(people.start - 1, max(-1, people.start - 1 - COUNT_REACH), -1):
        word = sentence.words[n]
        count = _number(word)
        # "A user" is one; so is "an office", which says nothing.
        if count:
            name = "one" if count == 1 else "some" if count < SEVERAL_MIN else "several"
            return Scope(name, Span(sentence, n, people.end))
        if word not in ("of", "our", "my", "the", "us", "other", "about"):
            break
    return None
