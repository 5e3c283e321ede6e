"""What the rules look at: the findings of a message, the words of the lists, and the facts of its arrival.

Each signal carries what made it, ready to be quoted. Refuses to decide anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from bot.hours import Calendar, is_open, next_opening
from bot.triage.clauses import PHRASE, before
from bot.triage.finding import Finding
from bot.triage.findings import findings_in
from bot.triage.lexicon import Hit, Lexicon, Phrases
from bot.triage.reading import Reading, Span, read
from bot.triage.symptoms import report_in
from bot.triage.timing import Timing, calm_in, timing_of

# Signals that are no word list.
FACTS = frozenset(
    {"closed", "wants-before-opening", "within-hour", "manager-busy", "persistent", "direct", "booked", "empty", "calm"}
    | {"report"}
)
# Facts that are looked for when a rule first asks.
_READ_LATE = frozenset({"calm", "report"})
# Facts that are the same whenever they are stated.
NO_WORDS, BOOKED, PRESSING = "the message has no words", "belongs to an appointment", "sent as urgent"
DENIAL_REACH, HEADING_WORDS = 4, 3
BESIDE = ("idiom", "not_work", "negation", "own_time", "turn", "cause", "link", "past_time", "request")
# A calendar without an opening is closed for longer than any deadline.
_NEVER = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a message besides its words; all of it may be missing.

    at:           when it arrived (UTC), and the client's calendar; without either it counts as open time.
    channel:      the word people use for it: email, chat, phone ….
    chasers:      unprompted chasers of this ticket within the window, before respond_by, mails in the thread left out.
    is_direct:    it went to a person, with no ticket and no booking.
    is_booked:    it belongs to an appointment.
    is_pressing:  its sender chose "urgent" beside the words: an answer is wanted within the hour.
    manager_busy: booked, away or off duty in the hour after arrival; "" if free or unknown.
    """

    at: datetime | None = None
    calendar: Calendar | None = None
    channel: str = ""
    chasers: int = 0
    is_direct: bool = False
    is_booked: bool = False
    is_pressing: bool = False
    manager_busy: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The word lists that rules name, compiled apart, so that nothing else is looked for."""

    lexicon: Lexicon

    @classmethod
    def of(cls, names: Iterable[str], lists: Mapping[str, Sequence[str]], *, common: Sequence[str]) -> Marks:
        wanted = frozenset(names) & lists.keys()
        return cls(Lexicon({name: lists[name] for name in {*wanted, *BESIDE}}, common=common))


class Closed:
    """A message came in closed time. Until when it lasts is worked out when asked, which is seldom."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        """at: the arrival, in the calendar's zone."""
        self._calendar, self._at = calendar, at

    @cached_property
    def _opening(self) -> datetime | None:
        return next_opening(self._calendar, self._at)

    def until(self) -> datetime:
        """The next opening in the calendar's zone, or an instant beyond any deadline."""
        return (self._opening or self._at + _NEVER).astimezone(self._at.tzinfo)

    def __str__(self) -> str:
        until = "further notice" if self._opening is None else f"{self.until():%a %H:%M}"
        day = "holiday " if self._at.date() in self._calendar.holidays else ""
        return f"received {day}{self._at:%a %Y-%m-%d %H:%M}, closed until {until}"


# What makes a signal: the words, or the fact in words.
Mark = Span | Closed | str


class Signals:
    """findings: what is said to be wrong, doubted or not; facts: fact → the words that tell it.

    The words of a list are looked for when a rule first asks, and only in sentences that may have them.
    """

    def __init__(self, reading: Reading, findings: Sequence[Finding], facts: Mapping[str, Mark], marks: Marks) -> None:
        self.reading = reading
        self.findings = findings
        self.facts = facts
        self._marks = marks
        self._found: dict[str, Span | None] = {}
        self._hits: dict[int, Phrases] = {}

    def find(self, name: str) -> Mark | None:
        """The words of a list, or the fact; None if it is not there."""
        if name in FACTS and name not in _READ_LATE:
            return self.facts.get(name)
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def evidence(self, name: str) -> str:
        """The words of a signal in quotes, or its fact; "" if it is not there."""
        mark = self.find(name)
        return self.reading.quote(mark) if isinstance(mark, Span) else str(mark or "")

    def _read(self, name: str) -> Span | None:
        if name == "calm":
            return calm_in(self.reading)
        if name == "report":
            # Whoever says that something is not so, or over, reports nothing.
            return None if self.findings else report_in(self.reading)
        return self._look_for(name)

    def _look_for(self, name: str) -> Span | None:
        """A heading ("On-site visit") is as void as all that the text below it says of the same."""
        lexicon = self._marks.lexicon
        heading: Span | None = None
        is_void = False
        for sentence in self.reading.sentences:
            if not lexicon.touches(sentence.words, (name,)):
                continue
            hits = self._hits.get(sentence.number)
            if hits is None:
                hits = self._hits[sentence.number] = lexicon.scan(sentence.words)
            for n in hits.places.get(name, ()):
                span = Span(sentence, hits[n].start, hits[n].end)
                if _is_void(hits, n):
                    is_void = True
                elif sentence.number == 0 and len(sentence.words) <= HEADING_WORDS:
                    heading = span
                else:
                    return span
        return None if is_void else heading


def signals_of(
    subject: str,
    body: str,
    circumstances: Circumstances,
    *,
    lexicon: Lexicon,
    marks_wanted: Marks,
    chasers_min: int,
) -> Signals:
    """Read a message in its circumstances."""
    reading = read(subject, body, lexicon)
    findings = findings_in(reading)
    facts: dict[str, Mark] = {}
    _add_timing(facts, reading, circumstances, is_faulty=partial(_is_faulty, reading, findings))
    if not reading.sentences:
        facts["empty"] = NO_WORDS
    if circumstances.chasers >= chasers_min:
        by = f" by {circumstances.channel}" if circumstances.channel else ""
        facts["persistent"] = f"{circumstances.chasers} messages{by} within 24 hours"
    if circumstances.is_direct:
        facts["direct"] = f"direct contact by {circumstances.channel or 'word of mouth'}"
    if circumstances.is_booked:
        facts["booked"] = BOOKED
    if circumstances.manager_busy:
        facts["manager-busy"] = f"the client's manager is {circumstances.manager_busy}"
    return Signals(reading, findings, facts, marks_wanted)


def _is_faulty(reading: Reading, findings: Sequence[Finding]) -> bool:
    if findings:
        return any(finding.doubt is None for finding in findings)
    return report_in(reading) is not None


def _is_void(hits: Sequence[Hit], index: int) -> bool:
    """Denied ("no need to come on-site"), the writer's own ("I am on-site"), or over ("you came by yesterday")."""
    is_visit = "onsite" in hits[index].kinds
    if is_visit and any("past_time" in hit.kinds for hit in hits):
        return not any("request" in hit.kinds for hit in hits)
    return any(
        "negation" in hit.kinds or (is_visit and "own_time" in hit.kinds)
        for _, hit in before(hits, index, DENIAL_REACH, PHRASE)
    )


def _add_timing(
    facts: dict[str, Mark], reading: Reading, circumstances: Circumstances, *, is_faulty: Callable[[], bool]
) -> None:
    at, calendar = circumstances.at, circumstances.calendar
    closed: Closed | None = None
    local: datetime | None = None
    if at is not None and calendar is not None:
        local = at.astimezone(ZoneInfo(calendar.zone))
        if not is_open(calendar, at):
            closed = facts["closed"] = Closed(calendar, local)
    until = None if closed is None else closed.until
    timing: Timing = timing_of(reading, at=local, closed_until=until, is_faulty=is_faulty)
    for name, span in (
        ("within-hour", timing.within_hour),
        ("wants-before-opening", timing.wish),
    ):
        if span is not None:
            facts[name] = span
    if circumstances.is_pressing:
        facts.setdefault("within-hour", PRESSING)
        facts.setdefault("wants-before-opening", PRESSING)
