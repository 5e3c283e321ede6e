"""What a message says about when: a deadline, a wish for work before the next opening, or that it can wait.

Urgent words ("asap") and descriptions ("I noticed tonight") are told from wishes by what stands around them. Only a
wish counts in closed time; the hour of arrival never does.
Source: mission, Rules, "Which priority is how fast" and "Within the hour".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.triage.clauses import CLAUSE, PHRASE, before
from bot.triage.lexicon import Hit
from bot.triage.moments import HOUR, UNITS, duration_at, moment_at
from bot.triage.reading import Reading, Sentence, Span

DENIAL_REACH, EVENT_REACH, OWN_REACH, ASKING_REACH, SUPPOSITION_REACH = 5, 6, 6, 9, 9
# What comes before a "now" that asks for nothing now: "please note that it works now", "tell me if it is ready now".
_SETTLED = frozenset({"if", "resolved", "works_fine", "calm", "howto", "past_time"})
_PLEADING = frozenset({"please", "pls", "plz", "kindly", "bitte", "svp", "por favor"})
# The lists whose phrases a time follows, or that are one.
_TIMES = ("within", "in_time", "by", "until", "day", "event")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an answer is needed: minutes from the message's arrival, and the words that say so."""

    minutes: float
    span: Span
    is_firm: bool = True  # "by 8am"; not "today", which "no rush" takes back
    is_exact: bool = True  # names an hour or a part of a day
    is_clock: bool = True  # names an hour


@dataclass(frozen=True, slots=True)
class Timing:
    """within_hour: a deadline of at most 60 minutes; wish: work wanted before the next opening."""

    within_hour: Span | None = None
    wish: Span | None = None


def timing_of(
    reading: Reading, *, at: datetime | None, closed_until: Callable[[], datetime] | None, is_faulty: Callable[[], bool]
) -> Timing:
    """What the message says about when.

    at:           when it arrived, in the client's zone; None if unknown, then clock times mean nothing.
    closed_until: tells the next opening, if it arrived in closed time; None in open time.
    is_faulty:    whether the message tells of something that is wrong now; seldom asked.
    """
    deadlines = [d for sentence in reading.sentences for d in _deadlines(sentence, at, is_faulty=is_faulty)]
    within = next((d.span for d in deadlines if d.is_exact and 0 <= d.minutes <= HOUR), None)
    wish: Span | None = None
    if at is not None and closed_until is not None:
        calm = calm_in(reading)
        if deadlines:
            wish = _due_before(closed_until(), at, deadlines, calm)
        wish = wish or _urging(reading, calm)
    return Timing(within, wish)


def _due_before(opening: datetime, at: datetime, deadlines: Sequence[Deadline], calm: Span | None) -> Span | None:
    """The first deadline that ends in the closed time."""
    minutes_closed = (opening - at).total_seconds() / 60
    due = [d for d in deadlines if 0 <= d.minutes <= minutes_closed]
    # "On Monday", said at the weekend, is a day of work; so is its morning.
    opening_day = (opening.replace(hour=0, minute=0) - at).total_seconds() / 60
    return next((d.span for d in due if d.is_firm or _is_wished(d, opening_day, calm)), None)


def _deadlines(sentence: Sentence, at: datetime | None, *, is_faulty: Callable[[], bool]) -> Iterator[Deadline]:
    is_span = not UNITS.isdisjoint(sentence.words) and sentence.touches("within", "in_time")
    if not is_span and (at is None or not sentence.touches("by", "until", "day", "event")):
        return
    hits = sentence.hits
    kinds = hits.places
    if "planned" in kinds:
        return
    is_asking = "request" in kinds
    for n in hits.of(*_TIMES):
        hit = hits[n]
        found: Deadline | None = None
        if "within" in hit.kinds or ("in_time" in hit.kinds and (is_asking or "event" in kinds or is_faulty())):
            found = _span_of_time(sentence, hit)
        if found is None and at is not None:
            if "by" in hit.kinds or ("until" in hit.kinds and is_asking):
                found = _point_in_time(sentence, hit.start, hit.end, at, is_start="start" in hit.kinds)
            elif "day" in hit.kinds and is_asking and "past_time" not in kinds and "since" not in kinds:
                found = _point_in_time(sentence, hit.start, hit.start, at, is_start=False)
                found = found and replace(found, is_firm=False, is_exact=found.is_clock)
            elif "event" in hit.kinds and (is_asking or is_faulty()):
                found = _event(sentence, hit, at)
        if found is not None and not _is_void(sentence, n, found.span.end):
            yield found


def _span_of_time(sentence: Sentence, hit: Hit) -> Deadline | None:
    # "Within an hour's drive" is a distance.
    following = sentence.hits.at(hit.end)
    if following is not None and "idiom" in following.kinds:
        return None
    duration = duration_at(sentence.words, hit.end)
    if duration is None or "ago" in sentence.words[duration.end : duration.end + 1]:
        return None
    return Deadline(duration.minutes, Span(sentence, hit.start, duration.end))


def _point_in_time(sentence: Sentence, start: int, place: int, at: datetime, *, is_start: bool) -> Deadline | None:
    moment = moment_at(sentence.words, place, at, is_start=is_start)
    if moment is None:
        return None
    minutes = (moment.at - at).total_seconds() / 60
    return Deadline(minutes, Span(sentence, start, moment.end), is_exact=moment.is_exact, is_clock=moment.is_clock)


def _event(sentence: Sentence, hit: Hit, at: datetime) -> Deadline | None:
    """ "The meeting starts at 3pm": what is wrong has to be right by then."""
    for place in range(hit.end, min(hit.end + EVENT_REACH, len(sentence.words))):
        found = _point_in_time(sentence, hit.start, place, at, is_start=True)
        if found is not None and found.is_exact:
            return found
    return None


def _is_denied(sentence: Sentence, index: int) -> bool:
    return any("negation" in hit.kinds for _, hit in before(sentence.hits, index, DENIAL_REACH, PHRASE))


def _is_void(sentence: Sentence, index: int, end: int) -> bool:
    """Denied; the writer's own ("I will be back in 20 minutes"); supposed ("if we ever needed it within the hour");
    or over ("within the hour yesterday"). end: the index of the word after the time."""
    hits = sentence.hits
    if _is_denied(sentence, index):
        return True
    prior = [hit.kinds for _, hit in before(hits, index, OWN_REACH, CLAUSE)]
    if any("own_time" in kinds for kinds in prior):
        return True
    if _is_supposed(hits, index):
        return True
    following = hits.at(end)
    return following is not None and "past_time" in following.kinds


def _is_supposed(hits: Sequence[Hit], index: int) -> bool:
    """ "If I had asked you to fix it tonight"; not "if it is not up within the hour", nor "if you are in please fix it
    tonight"."""
    for _, hit in before(hits, index, SUPPOSITION_REACH, CLAUSE):
        if "negation" in hit.kinds or hit.phrase in _PLEADING:
            return False
        if "if" in hit.kinds:
            return True
    return False


def calm_in(reading: Reading) -> Span | None:
    """The words that say it can wait."""
    for sentence in reading.sentences:
        if not sentence.touches("calm", "urgent"):
            continue
        hits = sentence.hits
        for n in hits.of("calm", "urgent"):
            is_denied = _is_denied(sentence, n)
            if ("calm" in hits[n].kinds and not is_denied) or ("urgent" in hits[n].kinds and is_denied):
                return Span(sentence, hits[n].start, hits[n].end)
    return None


def _is_wished(deadline: Deadline, opening_day: float, calm: Span | None) -> bool:
    return (deadline.minutes < opening_day or deadline.is_exact) and not _is_calmed(deadline.span, calm)


def _urging(reading: Reading, calm: Span | None) -> Span | None:
    """ "Asap", "right now": work is wanted while the desk is closed."""
    for sentence in reading.sentences:
        if not sentence.touches("urgent", "now", "before_opening"):
            continue
        hits = sentence.hits
        kinds = hits.places
        if "planned" in kinds:
            continue
        for n in hits.of("before_opening", "urgent", "now"):
            hit = hits[n]
            is_wish = (
                "before_opening" in hit.kinds
                or ("urgent" in hit.kinds and "later" not in kinds)
                or ("now" in hit.kinds and "later" not in kinds and _is_asked_now(sentence, n))
            )
            span = Span(sentence, hit.start, hit.end)
            is_void = _is_denied(sentence, n) or _is_supposed(hits, n) or _is_over(hits, n)
            if is_wish and not is_void and not _is_calmed(span, calm):
                return span
    return None


def _is_over(hits: Sequence[Hit], index: int) -> bool:
    """ "Yesterday I needed this urgently"."""
    return any("past_time" in hit.kinds for _, hit in before(hits, index, OWN_REACH, PHRASE))


def _is_asked_now(sentence: Sentence, index: int) -> bool:
    """ "Could you unlock it now", "fix it at once"; not "it is fine now" nor "who is in charge now"."""
    hits = sentence.hits
    if "filler" not in hits[index].kinds:
        return "request" in hits.places
    prior = [hit.kinds for _, hit in before(hits, index, ASKING_REACH, CLAUSE)]
    return any("request" in kinds for kinds in prior) and all(_SETTLED.isdisjoint(kinds) for kinds in prior)


def _is_calmed(wish: Span, calm: Span | None) -> bool:
    """Whether "no rush" covers this wish: said anywhere, unless a "but" leads from it to the wish."""
    if calm is None:
        return False
    is_later = (calm.sentence.number, calm.start) < (wish.sentence.number, wish.start)
    is_turned = any("turn" in hit.kinds and hit.start < wish.start for hit in wish.sentence.hits)
    return not (is_later and is_turned)
