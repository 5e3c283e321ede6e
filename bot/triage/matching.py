"""How a rule meets a message, and what the verdict says of it.

A verdict names its rule and quotes the words or the facts that made it, so that a change of either can be seen.
Refuses nothing: `rules.load` has checked the table by then.
Source: mission, Priorities; Rules, "Which priority is how fast".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from bot.triage.deadlines import Promises
from bot.triage.finding import Finding
from bot.triage.lexicon import Lexicon
from bot.triage.priority import Priority
from bot.triage.reading import Span
from bot.triage.routing import Vocabulary
from bot.triage.signals import Circumstances, Marks, Signals, signals_of

# At most this many findings that do not count are mentioned, so that a long mail stays readable.
UNREAL_MAX = 2
WHOM = "for whom"

# What reasons say beside what the rules say.
MARK_WORDS = {
    "closed": "closed time",
    "wants-before-opening": "wants work before the next opening",
    "within-hour": "an answer is needed within the hour",
    "persistent": "chasing",
    "direct": "non-ticket item",
    "manager-busy": "nobody free",
}
UNREAL_WORDS = {
    "denied": "denied",
    "supposed": "only supposed",
    "asked": "only asked",
    "past": "in the past",
    "mended": "mended since",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a finding must be: one of these (empty: any), none of those."""

    state: frozenset[str] = frozenset()
    thing: frozenset[str] = frozenset()
    scope: frozenset[str] = frozenset()
    degree: frozenset[str] = frozenset()
    not_state: frozenset[str] = frozenset()
    not_thing: frozenset[str] = frozenset()
    not_scope: frozenset[str] = frozenset()
    not_degree: frozenset[str] = frozenset()

    def may_match(self, states: set[str]) -> bool:
        """Whether a finding in one of these states could be meant: quick, and never False if one is."""
        return bool(states) and (not self.state or not self.state.isdisjoint(states))

    def matches(self, finding: Finding) -> bool:
        return (
            _fits(finding.state, self.state, self.not_state)
            and _fits(finding.thing, self.thing, self.not_thing)
            and _fits(finding.scope.name, self.scope, self.not_scope)
            and _fits(finding.degree, self.degree, self.not_degree)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of policy; `because` is what people are told, `source` where it comes from."""

    name: str
    priority: Priority
    because: str
    source: str
    finding: Pattern | None = None
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A rule applies; `finding` is what met it, if it asks for one."""

    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How fast a message is answered, by which rule, and the words and facts that made it so."""

    priority: Priority
    rule: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The whole policy, ready to be used: rules, words, and the figures beside them."""

    rules: tuple[Rule, ...]
    lexicon: Lexicon
    marks: Marks
    vocabulary: Vocabulary
    promises: Promises = field(default_factory=Promises)
    chasers_min: int = 3
    chaser_window_hours: int = 24
    chaser_not_channels: frozenset[str] = frozenset({"email"})
    direct_channels: frozenset[str] = frozenset()

    def judge(self, subject: str, body: str, circumstances: Circumstances) -> Verdict:
        """The verdict on a message: the first rule that matches."""
        signals = signals_of(
            subject,
            body,
            circumstances,
            lexicon=self.lexicon,
            marks_wanted=self.marks,
            chasers_min=self.chasers_min,
        )
        states = {finding.state for finding in signals.findings}
        for rule in self.rules:
            # Of forty rules most ask for a state that nothing is in.
            if rule.finding is not None and not rule.finding.may_match(states):
                continue
            match = _match(rule, signals)
            if match is not None:
                return Verdict(rule.priority, rule.name, _why(rule, match, signals))
        raise AssertionError("the last rule has no condition; load() saw to it")


def _fits(value: str, wanted: frozenset[str], unwanted: frozenset[str]) -> bool:
    return (not wanted or value in wanted) and value not in unwanted


def _match(rule: Rule, signals: Signals) -> Match | None:
    found: Finding | None = None
    if rule.finding is not None:
        matching = filter(rule.finding.matches, signals.findings)
        found = next((finding for finding in matching if finding.doubt is None), None)
        if found is None:
            return None
    # Loops, for this is asked forty times a message and a generator costs more than what it asks.
    find = signals.find
    for name in rule.all:
        if find(name) is None:
            return None
    if rule.any and all(find(name) is None for name in rule.any):
        return None
    for name in rule.none:
        if find(name) is not None:
            return None
    return Match(found)


def _why(rule: Rule, match: Match, signals: Signals) -> tuple[str, ...]:
    """The reasons, each quoting the words or naming the fact; at least one."""
    why: list[str] = []
    if match.finding is not None:
        why += _why_finding(rule, match.finding, signals)
    named = (*rule.all, *(name for name in rule.any if signals.find(name) is not None))
    # A wish in closed time is told after the time, as people would.
    for name in sorted(named, key=lambda name: name != "closed"):
        why.append(f"{MARK_WORDS.get(name, rule.because)}: {signals.evidence(name)}")
    if not why:
        words = signals.reading.opening_words()
        why.append(f"{rule.because} in {words}" if words else signals.evidence("empty"))
    doubts = (finding.doubt for finding in signals.findings)
    for doubt in islice(filter(None, doubts), UNREAL_MAX):
        why.append(f"not counted, {UNREAL_WORDS[doubt.reason]}: {signals.reading.quote(doubt.span)}")
    return tuple(dict.fromkeys(why))


def _why_finding(rule: Rule, finding: Finding, signals: Signals) -> list[str]:
    quote = signals.reading.quote
    why = [f"{rule.because}: {quote(finding.span)}"]
    scope = finding.scope.span
    if scope is not None and not _covers(finding.span, scope):
        why.append(f"{WHOM}: {quote(scope)}")
    return why


def _covers(outer: Span, inner: Span) -> bool:
    return outer.sentence is inner.sentence and outer.start <= inner.start and inner.end <= outer.end
