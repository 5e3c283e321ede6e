"""How notices are put together: whose zone and language, how times and lengths read, how outside text is quoted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.messages import Action, Notice
from bot.notices.catalogues import translated
from bot.notices.texts import text_of
from bot.plain import many_lines, one_line
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
    """The sentence of that key in the reader's language, filled."""
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


def lasting(minutes: int) -> str:
    """ "50 minutes", "1 hour 5 minutes", "2 days 3 hours"."""
    days, left = divmod(max(0, minutes), 1440)
    hours, rest = divmod(left, 60)
    parts = [(days, "day"), (hours, "hour"), (0 if days else rest, "minute")]
    said = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count]
    return " ".join(said) or "less than a minute"


def priority(value: Priority, reader: Reader, why: Iterable[str] = ()) -> str:
    """ "P2 (high)", with the reasons where there are some."""
    said = one_line("; ".join(reason(each, reader) for each in why), REASON_MAX)
    key = "because" if said else "priority"
    return say(reader, key, priority=str(value), label=say(reader, f"label {value}"), why=said)


def reason(why: str, reader: Reader) -> str:
    """A reason of triage: what the rule says, in the reader's language, and the words it was found in as they are."""
    rule, sign, quote = why.partition(": “")
    return f"{translated(reader.language, rule)}{sign}{quote}"


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
