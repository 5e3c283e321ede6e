"""Who knows about it: the expertise a message calls for, and the consultants ranked by it.

The words stand in config/triage.toml, [expertise]; a consultant's own words are read through the same lists. Refuses
chance: equal matches are ordered by member number.
Source: mission, From message to work, 5 (A); Rules, "Who may claim".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.triage.folding import words_of
from bot.triage.lexicon import Lexicon
from bot.triage.reading import words_read

# A word of the subject says more of what a message is about than one of the body.
SUBJECT_WEIGHT, BODY_WEIGHT = 3, 1
EXPERTISE_MAX = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A consultant as the ladder sees one.

    expertise:    in the person's own words.
    open_tickets: claimed and unresolved.
    """

    consultant_id: int
    member_number: str
    expertise: tuple[str, ...]
    open_tickets: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the expertise that fits, most wanted first; empty if none does."""

    candidate: Candidate
    matched: tuple[str, ...]


class Vocabulary:
    """The names of expertise and the words that call for each."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(words)
        self._order = {name: n for n, name in enumerate(self.names)}
        self._lexicon = Lexicon({name: [*phrases, name] for name, phrases in words.items()})
        # Consultants are ranked with every step of every ticket, and change their words once a year.
        self._canonical = lru_cache(maxsize=1_000)(self._read_stated)

    def expertise_of(self, subject: str, body: str) -> tuple[str, ...]:
        """The expertise a message calls for, most wanted first, at most four."""
        votes: Counter[str] = Counter()
        for text, weight in ((subject, SUBJECT_WEIGHT), (body, BODY_WEIGHT)):
            for hit in self._lexicon.scan(words_read(text)):
                for name in hit.kinds:
                    votes[name] += weight
        # A comma is a phrase too, and nobody's field.
        named = [name for name in votes if name in self._order]
        return tuple(sorted(named, key=lambda name: (-votes[name], self._order[name]))[:EXPERTISE_MAX])

    def canonical(self, stated: Iterable[str]) -> tuple[str, ...]:
        """A consultant's own words as names of expertise; a word that is in no list stands for itself."""
        return self._canonical(tuple(stated))

    def _read_stated(self, stated: tuple[str, ...]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for text in stated:
            words = words_of(text)
            # People write their field in the plural: "networks", "printers".
            read_as = (words, [word.removesuffix("s") for word in words])
            names = [
                name for form in read_as for hit in self._lexicon.scan(form) for name in self.names if name in hit.kinds
            ]
            found.update(dict.fromkeys(names or ([" ".join(words)] if words else [])))
        return tuple(found)

    def rank(self, candidates: Iterable[Candidate], wanted: Sequence[str]) -> list[Ranked]:
        """All candidates, best match first; those who match nothing come last.

        wanted: names of expertise, most wanted first. The better match covers more of the most wanted; then the
        narrower expertise, then fewer open tickets, then the member number.
        """
        weight = {name: 2 ** (len(wanted) - n) for n, name in enumerate(wanted)}
        scored = []
        for candidate in candidates:
            own = self.canonical(candidate.expertise)
            matched = tuple(name for name in wanted if name in own)
            score = sum(weight[name] for name in matched)
            scored.append(
                (
                    (-score, len(own) if score else 0, candidate.open_tickets, candidate.member_number),
                    candidate,
                    matched,
                )
            )
        scored.sort(key=lambda row: row[0])
        return [Ranked(candidate, matched) for _, candidate, matched in scored]
