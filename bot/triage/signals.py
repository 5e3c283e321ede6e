"""What the rules look at: the findings of a message, the words of the lists, and the facts of its arrival.

Each signal carries what made it, ready to be quoted. Refuses to decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.hours import Calendar, is_open, next_opening
from bot.triage.clauses import PHRASE, before
from bot.triage.findings import Finding, findings_in
from bot.triage.lexicon import Hit, Lexicon
from bot.triage.reading import Reading, Span, read
from bot.triage.timing import Timing, timing_of

# Signals that are no word list.
FACTS = frozenset(
    {"closed", "wants-before-opening", "within-hour", "manager-busy", "persistent", "direct", "booked", "empty", "calm"}
)
DENIAL_REACH = 4
BESIDE = ("idiom", "negation", "own_time", "turn", "cause", "link")
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
    manager_busy: booked, away or off duty in the hour after arrival; "" if free or unknown.
    """

    at: datetime | None = None
    calendar: Calendar | None = None
    channel: str = ""
    chasers: int = 0
    is_direct: bool = False
    is_booked: bool = False
    manager_busy: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """findings: what is wrong, and really so; unreal: what is only spoken of; marks: signal → the words or the fact."""

    reading: Reading
    findings: tuple[Finding, ...]
    unreal: tuple[Finding, ...]
    marks: Mapping[str, Span | str]

    def evidence(self, name: str) -> str:
        """The words of a signal in quotes, or its fact."""
        mark = self.marks[name]
        return mark if isinstance(mark, str) else self.reading.quote(mark)


@dataclass(frozen=True, slots=True)
class Marks:
    """The word lists that rules name, compiled apart, so that nothing else is looked for."""

    names: tuple[str, ...]
    lexicon: Lexicon

    @classmethod
    def of(cls, names: Iterable[str], lists: Mapping[str, Sequence[str]], *, common: Sequence[str]) -> Marks:
        wanted = tuple(sorted(set(names) & lists.keys()))
        return cls(wanted, Lexicon({name: lists[name] for name in {*wanted, *BESIDE}}, common=common))


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
    real = tuple(finding for finding in findings if not finding.unreal)
    marks: dict[str, Span | str] = _marks(reading, marks_wanted)
    _add_timing(marks, reading, circumstances, is_faulty=bool(real))
    if not reading.sentences:
        marks["empty"] = "the message has no words"
    if circumstances.chasers >= chasers_min:
        by = f" by {circumstances.channel}" if circumstances.channel else ""
        marks["persistent"] = f"{circumstances.chasers} messages{by} within 24 hours"
    if circumstances.is_direct:
        marks["direct"] = f"direct contact by {circumstances.channel or 'word of mouth'}"
    if circumstances.is_booked:
        marks["booked"] = "belongs to an appointment"
    if circumstances.manager_busy:
        marks["manager-busy"] = f"the client's manager is {circumstances.manager_busy}"
    return Signals(reading, real, tuple(finding for finding in findings if finding.unreal), marks)


def _marks(reading: Reading, wanted: Marks) -> dict[str, Span | str]:
    marks: dict[str, Span | str] = {}
    for sentence in reading.sentences:
        if not wanted.lexicon.touches(sentence.words, wanted.names):
            continue
        hits = wanted.lexicon.scan(sentence.words)
        for n, hit in enumerate(hits):
            fresh = [name for name in hit.kinds if name not in marks]
            if fresh and not _is_void(hits, n):
                marks.update(dict.fromkeys(fresh, Span(sentence, hit.start, hit.end)))
    return {name: marks[name] for name in wanted.names if name in marks}


def _is_void(hits: Sequence[Hit], index: int) -> bool:
    """Denied ("no need to come on-site"), or the writer's own doing ("I am on-site")."""
    return any(
        "negation" in hit.kinds or ("own_time" in hit.kinds and "onsite" in hits[index].kinds)
        for _, hit in before(hits, index, DENIAL_REACH, PHRASE)
    )


def _add_timing(
    marks: dict[str, Span | str], reading: Reading, circumstances: Circumstances, *, is_faulty: bool
) -> None:
    at, calendar = circumstances.at, circumstances.calendar
    opening: datetime | None = None
    local: datetime | None = None
    if at is not None and calendar is not None:
        local = at.astimezone(ZoneInfo(calendar.zone))
        if not is_open(calendar, at):
            following = next_opening(calendar, at)
            opening = (following or at + _NEVER).astimezone(local.tzinfo)
            until = f"{opening:%a %H:%M}" if following else "further notice"
            day = "holiday " if local.date() in calendar.holidays else ""
            marks["closed"] = f"received {day}{local:%a %Y-%m-%d %H:%M}, closed until {until}"
    timing: Timing = timing_of(reading, at=local, opening=opening, is_faulty=is_faulty)
    for name, span in (
        ("within-hour", timing.within_hour),
        ("wants-before-opening", timing.wish),
        ("calm", timing.calm),
    ):
        if span is not None:
            marks[name] = span
