"""Reads the times people write: "in half an hour", "by 3pm", "before tomorrow morning", "bis Freitag Mittag".

Takes folded words, returns minutes or local instants with the place where the reading ended. What it cannot read for
certain (a bare number, a day of the month) it leaves alone: no deadline is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.triage.folding import words_of

HOUR = 60
# "By tomorrow" means its end; "before tomorrow" its beginning; "morning" is over when offices open.
DAY_END, MORNING, NOON, EVENING = 24 * HOUR - 1, 8 * HOUR, 12 * HOUR, 20 * HOUR
# At one in the night "tonight" is the night that is under way.
SMALL_HOURS_END = 5


class Duration(NamedTuple):
    """minutes, and the index of the word after it."""

    minutes: int
    end: int


class Moment(NamedTuple):
    """A local instant.

    end:      the index of the word after it.
    is_exact: an hour or a part of the day was named, not only a day; is_clock: an hour was.
    """

    at: datetime
    end: int
    is_exact: bool
    is_clock: bool


def _rows(texts: str) -> list[str]:
    return texts.split()


def _set(texts: str) -> frozenset[str]:
    return frozenset(_rows(texts))


_UNITS = {
    "minute/minutes/min/mins/minuten/minuto/minutos/m": 1,
    "hour/hours/hr/hrs/h/stunde/stunden/std/hora/horas/heure/heures": HOUR,
    "day/days/tag/tage/tagen/dia/dias/jour/jours": 24 * HOUR,
}
_UNIT = {name: minutes for names, minutes in _UNITS.items() for name in names.split("/")}
# Words without which a text names no time span; "30min" is one word.
UNITS = frozenset({*_UNIT, *(f"{n}{unit}" for n in range(1, 121) for unit in ("m", "min", "mins", "h", "hr", "hrs"))})
_SHORT = frozenset({"m", "h", "hr", "std"})
_NUMBER_ROWS = (
    "a/an/one/ein/eine/einer/einem/un/una/une/um/uma=1 two/couple/zwei/zwo/dos/deux/dois/duas=2 "
    "three/drei/tres/trois=3 "
    "four/vier/cuatro/quatre/quatro=4 five/few/funf/fuenf/cinco/cinq/wenigen/pocos/quelques/poucos=5 six/sechs/seis=6 "
    "seven/sieben/siete/sept/sete=7 eight/acht/ocho/huit/oito=8 nine/neun/nueve/nove=9 "
    "ten/zehn/diez/dix/dez=10 fifteen/quarter/funfzehn/viertel/quince/quinze=15 twenty/zwanzig/veinte/vingt/vinte=20 "
    "thirty/dreissig/dreisig/treinta/trente/trinta=30 forty=40 fortyfive=45 fifty=50 sixty=60"
)
NUMBERS = {name: int(n) for names, n in (row.split("=") for row in _NUMBER_ROWS.split()) for name in names.split("/")}
_HALVES = _set("half halbe halben media medio demi meia")
_PADDING = _set(
    "the next of about around max maximum at most less than more no der den die das nachsten naechsten den la los las "
    "el proxima proximo proximos proximas le les prochaine prochaines prochain a de moins menos d l que o os as"
)
_GLUED = re.compile(r"(\d{1,4})(m|min|mins|h|hr|hrs)")

_WEEKEND = -1
# (days from today, minute of the day); None leaves it to the other half of the expression.
_DAYS: dict[str, tuple[int | None, int | None]] = {
    "today/heute/hoy/aujourd'hui/hoje/hoy mismo/ainda hoje/hoje ainda/heute noch/noch heute": (0, None),
    "this afternoon/heute nachmittag/esta tarde/cet apres-midi": (0, None),
    "tonight/this evening/heute abend/heute nacht/esta noche/ce soir/cette nuit/hoje a noite/esta noite/"
    "noch heute abend/heute abend noch/esta misma noche/ce soir meme/ainda hoje a noite/ainda esta noite": (0, DAY_END),
    "eod/end of day/end of the day/end of today/cob/close of business/eob/end of business/feierabend": (0, DAY_END),
    "tomorrow/tmrw/tmr/manana/demain/amanha/morgen": (1, None),
    "tomorrow morning/tomorrow am/morgen frueh/morgen fruh/manana por la manana/demain matin/amanha de manha": (
        1,
        MORNING,
    ),
    "the morning/morning/first thing/frueh/fruh/la mañana/matin/manha": (None, MORNING),
    "noon/midday/lunch/lunchtime/mittag/mediodia/midi/meio-dia/meio dia": (None, NOON),
    "afternoon/nachmittag/apres-midi": (None, 15 * HOUR),
    "evening/abend/soir/noite": (None, EVENING),
    "night/nacht/noche/nuit": (None, DAY_END),
    "midnight/mitternacht/medianoche/minuit/meia-noite": (None, 24 * HOUR),
    "the weekend/this weekend/weekend/wochenende/fin de semana/week-end/fim de semana": (_WEEKEND, DAY_END),
}
_WEEKDAYS = _rows(
    "monday/montag/lunes/lundi/segunda tuesday/tue/tues/dienstag/martes/mardi/terca "
    "wednesday/wed/mittwoch/miercoles/mercredi/quarta thursday/thu/thurs/donnerstag/jueves/jeudi/quinta "
    "friday/fri/freitag/viernes/vendredi/sexta saturday/samstag/sonnabend/sabado/samedi "
    "sunday/sonntag/domingo/dimanche"
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split("/")}
_NAMED: dict[str, list[tuple[list[str], tuple[int | None, int | None]]]] = {}
for _texts, _value in _DAYS.items():
    for _words in map(words_of, _texts.split("/")):
        _NAMED.setdefault(_words[0], []).append((_words, _value))
for _rows_of_word in _NAMED.values():
    _rows_of_word.sort(key=lambda row: -len(row[0]))
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(am|pm|h|hs|uhr)?")
# "Before nine"; "one" and "few" count things.
_HOURS = {
    name: str(n)
    for name, n in {**NUMBERS, "eleven": 11, "twelve": 12, "elf": 11, "zwolf": 12}.items()
    if 2 <= n <= 12 and name not in _set("couple few wenigen pocos quelques poucos")
}
_CERTAIN = _set("uhr h hs horas heures")
_SUFFIXES = _CERTAIN | _set("am pm oclock")
# After a bare "by 5" only these may stand; else the number counts something: "by 5 people".
_AFTER_BARE = _set(
    ", today tomorrow tmrw tmr tonight please at or and sharp if so this on latest ) ( heute morgen hoy hoje"
)
_JOINTS = _set("at on over the this my our about around latest um am a as las la le o os the por del de da do")
_BEGINNINGS = frozenset(_NAMED) | _WEEKDAY.keys() | _JOINTS | _HOURS.keys()


def duration_at(words: Sequence[str], place: int) -> Duration | None:
    """The time span that begins at `place`: "the next 30 minutes", "half an hour", "2h"."""
    number: float | None = None
    for n in range(place, min(place + 8, len(words))):
        word = words[n]
        glued = _GLUED.fullmatch(word)
        if glued:
            return Duration(int(glued[1]) * (1 if glued[2].startswith("m") else HOUR), n + 1)
        # "In HR" is a department.
        if word in _UNIT and (number is not None or word not in _SHORT):
            return Duration(round((1 if number is None else number) * _UNIT[word]), n + 1)
        if word in _HALVES:
            number = 0.5
        elif word == "quarter" and _UNIT.get(words[min(n + 3, len(words) - 1)]) == HOUR:
            number = 0.25
        elif word.isdecimal() and len(word) < 4 and number is None:
            number = int(word)
        # "A couple of": the later number counts.
        elif word in NUMBERS and number in (None, 1):
            number = NUMBERS[word]
        elif word not in _PADDING and word not in NUMBERS:
            return None
    return None


def moment_at(words: Sequence[str], place: int, now: datetime, *, is_start: bool = False) -> Moment | None:
    """The instant that the words from `place` name, in the zone of `now` and after it; None if they name none.

    now: local, aware. is_start: a whole day means its beginning ("before Monday"), not its end ("by Monday").
    """
    # Nearly no word begins a moment, and this is asked of many.
    if place < len(words) and words[place] not in _BEGINNINGS and not words[place][0].isdecimal():
        return None
    day: int | None = None
    minute: int | None = None
    hours: tuple[int, ...] = ()
    end, n = place, place
    while n < len(words) and n < place + 7:
        named, size = _named(words, n, now)
        clock = _clock(words, n) if named is None else None
        if named is not None:
            day = named[0] if day is None else day
            minute = named[1] if minute is None else minute
            n = end = n + size
        elif clock is not None and not hours:
            hours, size = clock
            n = end = n + size
        elif words[n] in _JOINTS:
            n += 1
        else:
            break
    if end == place:
        return None
    at = _instant(now, day, hours or ((minute,) if minute is not None else ()), is_start=is_start)
    is_clock = bool(hours) or at.hour == SMALL_HOURS_END
    return Moment(at, end, is_exact=is_clock or minute not in (None, DAY_END), is_clock=is_clock)


def _named(words: Sequence[str], place: int, now: datetime) -> tuple[tuple[int | None, int | None] | None, int]:
    for phrase, value in _NAMED.get(words[place], ()):
        size = len(phrase)
        if size == 1 or list(words[place : place + size]) == phrase:
            is_weekend = value[0] == _WEEKEND
            return ((6 - now.weekday(), DAY_END) if is_weekend else value), size
    number = _WEEKDAY.get(words[place])
    if number is None:
        return None, 0
    return ((number - now.weekday() - 1) % 7 + 1, None), 1


def _clock(words: Sequence[str], place: int) -> tuple[tuple[int, ...], int] | None:
    """The minutes of the day that a clock time may mean ("5" may be 5:00 or 17:00), and how many words it takes."""
    word = words[place]
    found = _CLOCK.fullmatch(_HOURS.get(word, word))
    if not found:
        return None
    following = words[place + 1] if place + 1 < len(words) else ","
    suffix, size = found[3] or "", 1
    if not suffix and following in _SUFFIXES:
        suffix, size = following, 2
    hour, minute = int(found[1]), int(found[2] or 0)
    is_bare = not suffix and not found[2]
    if hour > 24 or minute > 59 or (is_bare and following not in _AFTER_BARE and following not in _WEEKDAY):
        return None
    if suffix == "pm" and hour < 12:
        return ((hour + 12) * HOUR + minute,), size
    if suffix in ("am", "pm"):
        return (hour % 12 * HOUR + (12 * HOUR if suffix == "pm" else 0) + minute,), size
    is_certain = hour > 12 or found[1].startswith("0") or suffix in _CERTAIN
    return (hour * HOUR + minute,) if is_certain else (hour * HOUR + minute, (hour + 12) % 24 * HOUR + minute), size


def _instant(now: datetime, day: int | None, minutes: Sequence[int], *, is_start: bool) -> datetime:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if not minutes:
        return midnight + timedelta(days=day or 0, minutes=0 if is_start else DAY_END)
    if day == 0 and DAY_END in minutes and now.hour < SMALL_HOURS_END:
        return midnight + timedelta(hours=SMALL_HOURS_END)
    if day is not None:
        # "Tomorrow at 5" is in the afternoon, "tomorrow at 8" in the morning.
        minute = next((m for m in minutes if m >= 6 * HOUR), minutes[-1])
        if day == 0 and midnight + timedelta(minutes=minute) < now:
            minute = next((m for m in minutes if midnight + timedelta(minutes=m) >= now), minute)
        return midnight + timedelta(days=day, minutes=minute)
    candidates = [midnight + timedelta(days=d, minutes=m) for d in (0, 1) for m in minutes]
    return min(c for c in candidates if c >= now) if any(c >= now for c in candidates) else candidates[-1]
