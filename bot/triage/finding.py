"""One thing that is said to be wrong, as the rules ask about it; which thing and which state, `findings` decides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.triage.clauses import TURN, after, before, segment
from bot.triage.lexicon import Hit, Phrases
from bot.triage.reading import Reading, Sentence, Span
from bot.triage.reality import Doubt, doubt_about
from bot.triage.scope import UNSTATED, Scope, scope_of, scope_of_text

DEGREE_REACH, SUBJECT_REACH = 3, 8

# These stand beside the state; those anywhere in its part of the sentence.
_NEAR_DEGREES, _WIDE_DEGREES = ("nearly", "weak", "strong"), ("sometimes", "on_off")
DEGREES = frozenset({*_NEAR_DEGREES, *_WIDE_DEGREES, "plain"})
_WIDENED = frozenset({"unstated", "we", "my", "i", "people"})


class Finding:
    """One thing that is wrong. What no rule asks of it is never worked out: of most findings that is nearly everything.

    state:      a list of states, or "cannot-trade", "cannot-work", "cannot-use", "cannot-do".
    thing:      a list of things, or "unnamed"; thing_word: the folded phrase.
    """

    # fmt: off
    __slots__ = (
        "_about", "_doubt", "_index", "_is_act", "_is_doubt_known", "_own", "_span", "_verb", "_wide",
        "sentence", "state", "thing", "thing_word",
    )
    # fmt: on

    def __init__(
        self,
        sentence: Sentence,
        index: int,
        state: str,
        *,
        about: Hit | None,
        near: Hit | None,
        is_act: bool,
        verb: Hit | None = None,
    ) -> None:
        """about: the thing in the sentence; near: that or the one named before; verb: what somebody cannot do."""
        self.sentence, self.state = sentence, state
        self.thing = "unnamed" if near is None else near.thing
        self.thing_word = "" if near is None else near.phrase
        self._index, self._about, self._is_act, self._verb = index, about, is_act, verb
        self._own: Scope | None = None
        self._span: Span | None = None
        self._doubt: Doubt | None = None
        self._is_doubt_known = False
        self._wide: Wide | None = None

    @property
    def hit(self) -> Hit:
        """The phrase that tells the state."""
        return self.sentence.hits[self._index]

    @property
    def degree(self) -> str:
        """nearly, weak, strong, sometimes, on_off or plain."""
        return _degree(self.sentence.hits, self._index)

    @property
    def scope(self) -> Scope:
        """For whom; what a sentence of its own says goes before "we" and "my"."""
        own = self.own_scope
        if self._wide is None or own.name not in _WIDENED or self._wide.scope is UNSTATED:
            return own
        return self._wide.scope

    @property
    def own_scope(self) -> Scope:
        """For whom, as its own sentence says it."""
        if self._own is None:
            self._own = scope_of(self.sentence, self._index, self._about, is_act=self._is_act)
        return self._own

    @property
    def span(self) -> Span:
        """The words that say it."""
        if self._span is None:
            self._span = self._words() if self._verb is None else self._words_to(self._verb)
        return self._span

    @property
    def doubt(self) -> Doubt | None:
        """Why it does not count; None if it does."""
        if not self._is_doubt_known:
            self.doubted(doubt_about(self.sentence, self._index))
        return self._doubt

    def doubted(self, doubt: Doubt | None) -> None:
        """What else is known of its being so."""
        self._doubt, self._is_doubt_known = doubt, True

    def said(self, start: int, end: int, scope: Scope | None = None) -> None:
        """The words that say it, and for whom, where more than the state and its thing do."""
        self._span, self._own = Span(self.sentence, start, end), scope

    def narrowed(self, scope: Scope) -> None:
        """For whom, as the text below a heading says it."""
        self._own = scope

    def widened(self, wide: Wide) -> None:
        self._wide = wide

    def _words(self) -> Span:
        hit, about = self.sentence.hits[self._index], self._about
        if about is None:
            return Span(self.sentence, hit.start, hit.end)
        return Span(self.sentence, min(hit.start, about.start), max(hit.end, about.end))

    def _words_to(self, verb: Hit) -> Span:
        """From who cannot, if they stand near, to what they cannot do."""
        base, scope, denial = self._words(), self.own_scope, self.sentence.hits[self._index]
        start = base.start if scope.span is None or scope.span.sentence is not self.sentence else scope.span.start
        start = min(start, denial.start) if denial.start - start <= SUBJECT_REACH else denial.start
        return Span(self.sentence, start, max(verb.end, base.end))


class Wide:
    """For whom everything is that a message tells, as one of its other sentences says; looked for when asked."""

    def __init__(self, reading: Reading, found: Sequence[Finding]) -> None:
        self._reading, self._found = reading, found
        self._scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        if self._scope is None:
            self._scope = scope_of_text(self._reading, (finding.sentence for finding in self._found))
        return self._scope


def _degree(hits: Phrases, index: int) -> str:
    near = set(hits[index].kinds)
    near.update(*(hit.kinds for _, hit in before(hits, index, DEGREE_REACH, TURN)))
    near.update(*(hit.kinds for _, hit in after(hits, index, DEGREE_REACH, TURN)))
    for name in _NEAR_DEGREES:
        if name in near:
            return name
    first, last = segment(hits, index)
    for name in _WIDE_DEGREES:
        if hits.within(name, first, last):
            return name
    return "plain"
