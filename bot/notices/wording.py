"""How notices are put together: whose zone and language, how times and lengths read, how outside text is quoted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.messages import Action, Notice
from bot.notices.answers import in_language
from bot.notices.catalogues import ENGLISH, known_language, translated
from bot.notices.texts import text_of
from bot.plain import many_lines, one_line
from bot.sentences import Words, joined, sentence
from bot.tickets import Ticket
from bot.triage.priority import Priority
from bot.zones import zone_named

SUBJECT_MAX, NAME_MAX, REASON_MAX, QUOTE_MAX = 120, 80, 500, 4_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: their time zone and language.

    now: if known, times of that local day are written without the day.
    """

    zone: str = "UTC"
    language: str = "en"
    now: datetime | None = None


def say(reader: Reader, key: str, **values: object) -> str:
    """The sentence of that key in the reader's language, filled: amounts and figures as that language writes them."""
    for name, value in values.items():
        if isinstance(value, Words):
            values[name] = in_language(reader.language, value)
    return text_of(reader.language, key).format_map(values)


@lru_cache(maxsize=256)
def moment(at: datetime, reader: Reader) -> str:
    """ "Wed 18 Nov, 14:30 CET" in the reader's zone; without the day where that is the reader's today."""
    local = at.astimezone(zone_named(reader.zone))
    clock = f"{local:%H:%M} {_abbreviation(local)}"
    if reader.now is not None and reader.now.astimezone(zone_named(reader.zone)).date() == local.date():
        return clock
    weekday, month = say(reader, f"weekday {local.weekday()}"), say(reader, f"month {local.month}")
    return say(reader, "moment", weekday=weekday, day=local.day, month=month, clock=clock)


def _abbreviation(local: datetime) -> str:
    """CET, EST; zones without letters read UTC-3."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:5]
    return f"UTC{name[0]}{hours}" + (f":{minutes}" if minutes.strip("0") else "")


def day_of(on: date, reader: Reader) -> str:
    """ "Wed 18 Nov" as the reader's language writes it."""
    weekday, month = say(reader, f"weekday {on.weekday()}"), say(reader, f"month {on.month}")
    return say(reader, "moment day", weekday=weekday, day=on.day, month=month)


def lasting(minutes: int) -> str:
    """ "50 minutes", "1 hour 5 minutes", "2 days 3 hours": sentences, which `in_language` says in another language."""
    days, left = divmod(max(0, minutes), 1440)
    hours, rest = divmod(left, 60)
    parts = []
    if days:
        parts.append(sentence("lasting day" if days == 1 else "lasting days", count=days))
    if hours:
        parts.append(sentence("lasting hour" if hours == 1 else "lasting hours", count=hours))
    if rest and not days:
        parts.append(sentence("lasting minute" if rest == 1 else "lasting minutes", count=rest))
    return joined(" ", parts) if parts else sentence("lasting nothing")


def priority(value: Priority, reader: Reader, why: Iterable[str] = ()) -> str:
    """ "P2 (high)", with the reasons where there are some."""
    said = one_line("; ".join(reason(each, reader) for each in why), REASON_MAX)
    key = "because" if said else "priority"
    return say(reader, key, priority=str(value), label=say(reader, f"label {value}"), why=said)


def reason(why: str, reader: Reader) -> str:
    """A reason of triage: what the rule says, in the reader's language, and the words it was found in as they are.

    A fact behind it that is said in English alone is left out; words of a person, by which a priority was set, stay.
    """
    if known_language(reader.language) in ("", ENGLISH):
        return why
    for sign, key in ((": ", "reason of"), (" in ", "reason in")):
        head, found, rest = why.partition(sign)
        said = translated(reader.language, head)
        if found and said != head:
            is_quote = rest.startswith(('"', "“"))
            fact = rest if is_quote else translated(reader.language, rest)
            return say(reader, key, what=said, words=fact) if is_quote or fact != rest else said
    return translated(reader.language, why)


def reasons(whys: str, reader: Reader) -> str:
    """Reasons that are kept one after the other; what one of them says may have a semicolon too."""
    parts, said = whys.split("; "), list[str]()
    while parts:
        two = "; ".join(parts[:2])
        count = 2 if reason(two, reader) != two and reason(parts[0], reader) == parts[0] else 1
        said.append(reason("; ".join(parts[:count]), reader))
        parts = parts[count:]
    return "; ".join(said)


def name_of(name: str) -> str:
    """A name from outside, fit for a sentence."""
    return one_line(name, NAME_MAX)


def quoted(text: str) -> str:
    """Words from outside, as they were written, set apart by a margin."""
    return "\n".join(f"> {line}".rstrip() for line in many_lines(text, QUOTE_MAX).split("\n"))


def subject_of(ticket: Ticket, reader: Reader) -> str:
    """The ticket's subject on one line."""
    return one_line(ticket.subject, SUBJECT_MAX) or say(reader, "no subject")


def title_of(ticket: Ticket, reader: Reader) -> str:
    """ "[#42] Printer is down": the subject of every notice about a ticket."""
    return f"[#{ticket.id}] {subject_of(ticket, reader)}"


def paragraphs(*parts: str) -> str:
    """The parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str) -> str:
    """The parts that say something, a line each."""
    return "\n".join(part for part in parts if part)


def sentences(*parts: str) -> str:
    """The parts that say something, as one paragraph."""
    return " ".join(part for part in parts if part)


def on_ticket(kind: str, ticket: Ticket, reader: Reader, body: str, *, actions: tuple[Action, ...] = ()) -> Notice:
    """A notice about a ticket, under the ticket's title."""
    return Notice(kind, title_of(ticket, reader), body, actions)


def button(reader: Reader, what: str, command: str, style: str = "") -> Action:
    """A button with its label in the reader's language."""
    return Action(say(reader, f"button {what}"), command, style)
