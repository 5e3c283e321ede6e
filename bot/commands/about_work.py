"""Logging time: `log 42 50m travel`, `resolve 42 17:20-18:10 asked -- what was done`.

A word decides here what a client pays, so nothing is taken as a note by mistake: a word that is nearly a kind is
asked about, and a note that follows a flag wants "--" before it. Source: mission, Rules, "Billed priority".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from bot.commands import times
from bot.commands.grammar import Command, Entry, Who
from bot.commands.line import Line, Word, nearest
from bot.commands.times import DAY_MINUTES, Span, WallTime
from bot.plain import one_line
from bot.sentences import sentence

NOTE_MAX = 4_000
# What people write → the kind of work, which is the row on the rate card at least.
KINDS = {
    "remote": "remote",
    "consultation": "consultation", "consult": "consultation",
    "remote-unscheduled": "remote-unscheduled", "unscheduled": "remote-unscheduled",
    "bench": "bench",
    "onsite": "onsite", "on-site": "onsite",
    "travel": "travel", "travelling": "travel", "traveling": "travel",
    "planned-coding": "planned-coding", "coding": "planned-coding",
    "production-coding": "production-coding",
    "check": "check", "checks": "check", "maintenance": "check",
}  # fmt: skip
_TWO_WORDS = {
    ("on", "site"): "onsite",
    ("remote", "unscheduled"): "remote-unscheduled",
    ("unscheduled", "remote"): "remote-unscheduled",
    ("planned", "coding"): "planned-coding",
    ("production", "coding"): "production-coding",
    ("maintenance", "check"): "check",
}
_FREE = ("free", "nonbillable", "non-billable", "unbilled")
_FLAGS = ("asked", "own", "booked", *_FREE)
_KNOWN = (*KINDS, *_FLAGS)


@dataclass(frozen=True, slots=True)
class Work:
    """One stretch of work as it was told.

    minutes:   real minutes; start: when they began, if that was said. Or else span: from when to when. The zone of
               both is the room's to apply (times.latest, times.bounds).
    kind:      "" where none was said: the room's default.
    was_asked: True, the client asked for it now; False, own choice; None, not said, which counts as own choice.
    """

    minutes: int | None = None
    span: Span | None = None
    start: WallTime | None = None
    kind: str = ""
    was_asked: bool | None = None
    is_booked: bool = False
    is_billable: bool = True
    free_reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LogTime(Command):
    ticket_id: int
    work: Work


@dataclass(frozen=True, slots=True)
class Resolve(Command):
    """work: time logged in the same breath, or None. note: what was done."""

    ticket_id: int
    work: Work | None = None
    note: str = ""


def _log(line: Line) -> Command:
    ticket_id = line.ticket()
    work = read_work(line, takes_note=False)
    if work.minutes is None and work.span is None:
        raise line.bad(sentence("bad how long"))
    return LogTime(ticket_id, work)


def _resolve(line: Line) -> Command:
    ticket_id = line.ticket()
    if not _begins_work(line):
        return Resolve(ticket_id, None, _note_alone(line))
    work = read_work(line, takes_note=True)
    if work.minutes is None and work.span is None:
        raise line.bad(sentence("bad how long note"))
    return Resolve(ticket_id, work, work.note)


def _begins_work(line: Line) -> bool:
    """Whether the next word is about time, so that it is no note."""
    word = line.peek()
    if word is None or word.is_mark or word.is_quoted:
        return False
    values = line.next_values(4)
    lower = word.lower.rstrip(".,")
    try:
        is_time = times.read_length(values) is not None or times.read_span(lower) is not None
        is_day = times.read_day(lower) is not None
    except times.BadTime:
        # A number without a unit is asked about where the line is a command; in a sentence it is none.
        return True
    return is_time or is_day or lower in _KNOWN or tuple(v.lower() for v in values[:2]) in _TWO_WORDS


def _note_alone(line: Line) -> str:
    """A note without time. Raises where a time hides in it, which would go unbilled."""
    for word in islice(line.words(), 8):
        if word.is_mark or word.is_quoted:
            break
        try:
            is_time = times.read_length([word.value]) is not None or times.read_span(word.value) is not None
        except times.BadTime:
            continue
        if is_time:
            raise line.bad(sentence("bad time in note", word=str(word)))
    return line.free_text(NOTE_MAX)


# ---------------------------------------------------------------- the words of a work item


def read_work(line: Line, *, takes_note: bool) -> Work:
    """Everything after the ticket's number. takes_note: unknown words begin the note, as in `resolve`."""
    work = Work()
    last_was_flag = False
    while (word := line.peek()) is not None:
        if word.is_mark or word.is_quoted:
            return replace(work, note=_marked_note(line, word))
        for read in _READERS:
            read_on = read(line, work)
            if read_on is not None:
                last_was_flag = read is _flag
                work = read_on
                break
        else:
            near = nearest(word.value.rstrip(".,"), _KNOWN)
            if near:
                raise line.bad(sentence("bad near word", word=str(word), near=near))
            if not takes_note:
                raise line.bad(sentence("bad word", word=str(word)))
            if last_was_flag:
                raise line.bad(sentence("bad where note"))
            return replace(work, note=one_line(line.rest(), NOTE_MAX))
    return work


def _marked_note(line: Line, word: Word) -> str:
    line.take()
    if word.is_mark:
        return one_line(line.rest().strip('"'), NOTE_MAX)
    if line.peek() is not None:
        raise line.bad(sentence("bad quoted note"))
    return one_line(word.value, NOTE_MAX)


def read_kind(line: Line) -> str:
    """The kind of work that is named next, taken; "" where none is."""
    first, second = ([value.lower().rstrip(".,") for value in line.next_values(2)] + ["", ""])[:2]
    kind = _TWO_WORDS.get((first, second), "")
    count = 2 if kind else 1
    kind = kind or KINDS.get(first, "")
    line.skip(count if kind else 0)
    return kind


def _kind(line: Line, work: Work) -> Work | None:
    kind = read_kind(line)
    if not kind:
        return None
    if work.kind and work.kind != kind:
        raise line.bad(sentence("bad kinds", one=work.kind, other=kind))
    return replace(work, kind=kind)


def _flag(line: Line, work: Work) -> Work | None:
    flag = line.take_if(*_FLAGS)
    if flag in _FREE:
        return replace(work, is_billable=False, free_reason=_reason_of_free(line))
    if flag == "booked":
        return replace(work, is_booked=True)
    if flag:
        if work.was_asked not in (None, flag == "asked"):
            raise line.bad(sentence("bad asked"))
        line.take_if("choice")
        return replace(work, was_asked=flag == "asked")
    return None


def _reason_of_free(line: Line) -> str:
    words = []
    while (word := line.peek()) is not None and not word.is_mark:
        words.append(word.value)
        line.take()
    reason = one_line(" ".join(words), 500)
    if not reason:
        raise line.bad(sentence("bad free"))
    return reason


def _length(line: Line, work: Work) -> Work | None:
    minutes = line.length()
    if minutes is None:
        return None
    if work.minutes is not None or work.span is not None:
        raise line.bad(sentence("bad time twice"))
    if minutes > DAY_MINUTES:
        raise line.bad(sentence("bad over a day"))
    return replace(work, minutes=minutes)


def _when(line: Line, work: Work) -> Work | None:
    """[at|from] [DAY] 17:20, [on] [DAY] 17:20-18:10, from 17:20 to 18:10."""
    values = [value.lower().rstrip(".,;") for value in line.next_values(5)]
    lead = values[0] if values and values[0] in ("at", "from", "on", "since") else ""
    rest = values[1:] if lead else values
    try:
        day = times.read_day(rest[0]) if rest else None
        clocks = rest[1:] if day else rest
        span = times.read_span(clocks[0]) if clocks else None
        minute = times.read_clock(clocks[0]) if clocks and (lead or day) else None
        if lead == "from" and minute is not None and clocks[1:2] and clocks[1] in ("to", "until"):
            end = times.read_clock(clocks[2]) if len(clocks) > 2 else None
            if end is None:
                raise line.bad(sentence("bad until when"))
            span = times.read_span(f"{minute // 60}:{minute % 60:02}-{end // 60}:{end % 60:02}")
            line.skip(2)
    except times.BadTime as error:
        raise line.bad(str(error)) from None
    if span is None and minute is None:
        if day is not None:
            raise line.bad(sentence("bad when begun"))
        return None
    line.skip(bool(lead) + (day is not None) + 1)
    if work.start is not None or work.span is not None or (span is not None and work.minutes is not None):
        raise line.bad(sentence("bad time twice"))
    start = replace(day or WallTime(0), minute=span[0] if span else minute or 0)
    return replace(work, start=start) if span is None else replace(work, span=Span(start, span[1]))


_READERS: tuple[Callable[[Line, Work], Work | None], ...] = (_kind, _flag, _when, _length)

ENTRIES = (
    Entry(
        "log", LogTime, _log,
        "log NUMBER TIME [KIND] [at [DAY] 17:20] [asked|own] [booked] [free REASON] [-- NOTE]",
        "Log time; TIME is 50m, 1h30 or 17:20-18:10. KIND is one of remote, consultation, remote-unscheduled, bench, "
        "onsite, travel, planned-coding, production-coding, check. In closed time say asked (by the client) or own.",
        "log 42 50m travel -- drove to the office", (Who.CONSULTANT,), ("time",),
    ),
    Entry(
        "resolve", Resolve, _resolve, "resolve NUMBER [TIME [KIND] …] [NOTE]",
        "Tell the client that it is done, and log the time if you like.", "resolve 42 50m travel fixed the cable",
        (Who.CONSULTANT,), ("solve", "resolved"),
    ),
)  # fmt: skip
