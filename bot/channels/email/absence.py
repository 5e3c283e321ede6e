"""When a person who is away will be back, as far as an out-of-office answer says it plainly.

Only dates that cannot be misread are taken: a month by its name, a year first, or day.month.year with dots. A guess
would be worse than nothing, for a deadline may follow from it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

TEXT_LOOK_MAX = 2000
AWAY_DAYS_MAX = 400
MONTH_NAMES = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia leden ledna января",
    "february feb februar février févr febrero febbraio fevereiro fev februari luty lutego únor února февраля",
    "march mar märz mars marzo março maart mrt marzec marca březen března марта",
    "april apr avril avr abril abr aprile kwiecień kwietnia duben dubna апреля",
    "may mai mayo maggio mag maio mei maj maja květen května мая",
    "june jun juni juin junio giugno giu junho czerwiec czerwca červen června июня",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca červenec července июля",
    "august aug août agosto ago augustus augusti sierpień sierpnia srpen srpna августа",
    "september sep sept septembre septiembre settembre set setembro wrzesień września září сентября",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik října říjen октября",
    "november nov novembre noviembre novembro listopad listopada listopadu ноября",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień grudnia prosinec декабря",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names.split()}
DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:of |de |di )?([^\W\d_]{3,12})\.?(?:,? (?:de )?(\d{4}))?")
MONTH_DAY = re.compile(r"\b([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4}))?")
NUMBERS = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
BACK = re.compile(
    r"\b(?:return|returning|back|until|till|through|bis|zurück|wieder|jusqu|retour|hasta|regreso|vuelta|fino al?"
    r"|rientro|até|regresso|tot|terug|till och med|tillbaka|indtil|tilbage|asti|takaisin|do|powrót|wracam|zpět|до"
    r"|вернусь)\b",
    re.IGNORECASE,
)
AFTER_WORD_LETTERS = 60


def return_on(text: str, *, on: date) -> date | None:
    """The first day named after "back", "until" and the like, if it lies within AWAY_DAYS_MAX from `on`.

    on: the day the answer came. A date without a year is the next such day.
    """
    look = text[:TEXT_LOOK_MAX]
    for word in BACK.finditer(look):
        found = _first_date(look[word.end() : word.end() + AFTER_WORD_LETTERS].lower(), on)
        if found is not None and on <= found <= on + timedelta(days=AWAY_DAYS_MAX):
            return found
    return None


def _first_date(text: str, on: date) -> date | None:
    found: list[tuple[int, date]] = []
    for match in NUMBERS.finditer(text):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        _add(found, match.start(), (int(year), int(month), int(day)))
    for match in DAY_MONTH.finditer(text):
        _add_named(found, match.start(), (match[1], match[2], match[3]), on)
    for match in MONTH_DAY.finditer(text):
        _add_named(found, match.start(), (match[2], match[1], match[3]), on)
    return min(found)[1] if found else None


def _add_named(found: list[tuple[int, date]], at: int, named: tuple[str, str, str | None], on: date) -> None:
    day, month, year = int(named[0]), MONTHS.get(named[1]), named[2]
    if month is None:
        return
    if year is not None:
        _add(found, at, (int(year), month, day))
        return
    this_year = (on.year, month, day)
    is_past = (month, day) < (on.month, on.day)
    _add(found, at, (on.year + 1, month, day) if is_past else this_year)


def _add(found: list[tuple[int, date]], at: int, ymd: tuple[int, int, int]) -> None:
    try:
        found.append((at, date(*ymd)))
    except ValueError:
        return
