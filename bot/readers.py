"""How one written value becomes a typed one: numbers in range, zones, addresses, words of a list.

Settings and the people import read with these, so that a wrong value is refused in the same words everywhere. A
reader takes the value and whether it came as bare text (environment, CSV), where numbers and booleans are written
out. It returns the typed value or raises `Wrong`; it never guesses.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.sentences import joined, sentence
from bot.weekly import BadHours, parse_weekly

Reader = Callable[[object, bool], Any]

# Linear by construction: each part excludes the character that ends it.
ADDRESS = re.compile(r"[^\s@<>(),;:\"\\]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class Wrong(ValueError):
    """A value that cannot be used: what is wrong with it, and what to write instead."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(joined(". ", [problem, remedy]))
        self.problem = problem
        self.remedy = remedy


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known word most like this one, or "" when none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return found[0] if found else ""


def text(*, may_be_empty: bool = True, length_max: int = 500) -> Reader:
    """One line of text."""

    def read(value: object, is_bare: bool) -> str:
        if not isinstance(value, str):
            raise Wrong(f"{value!r} is not text", 'Write it in quotes: "…"')
        if "\n" in value or "\r" in value or "\0" in value:
            raise Wrong(sentence("wrong line break"), sentence("write one line"))
        if len(value) > length_max:
            raise Wrong(sentence("wrong length", count=len(value)), sentence("write length", most=length_max))
        if not value.strip() and not may_be_empty:
            raise Wrong(sentence("wrong empty"), sentence("write text"))
        return value.strip()

    return read


def secret(*, length_min: int = 1) -> Reader:
    """A secret; what was written never appears in the fault."""

    def read(value: object, is_bare: bool) -> str:
        if not isinstance(value, str) or len(value) < length_min or any(c.isspace() for c in value):
            raise Wrong("the secret cannot be used", f"Write at least {length_min} characters without spaces")
        return value

    return read


def token(prefix: str) -> Reader:
    """A token of Slack's, known by how it begins. One of another kind is refused.

    Tokens that are rotated begin with xoxe. and go on as the others; a service that stands in for Slack gives tokens
    of its own making.
    """

    def read(value: object, is_bare: bool) -> str:
        begins = value.removeprefix("xoxe.") if isinstance(value, str) else ""
        is_other_kind = begins.startswith(("xox", "xapp")) and not begins.startswith(prefix)
        if not isinstance(value, str) or len(begins) < 4 or is_other_kind or any(c.isspace() for c in value):
            raise Wrong(f"it does not begin with {prefix}", f"Copy the token that begins with {prefix}")
        return value

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number from low to high, both included."""

    def read(value: object, is_bare: bool) -> int:
        if is_bare and isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,15}", value.strip()):
            value = int(value)
        # A bool is an int to Python, but never what a person means by a number.
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(sentence("wrong whole", word=repr(value)), sentence("write whole", least=low, most=high))
        if not low <= value <= high:
            raise Wrong(sentence("wrong range", word=value), sentence("write whole", least=low, most=high))
        return value

    return read


def yes_no(value: object, is_bare: bool) -> bool:
    """true or false; in bare text also yes, no, on, off, 1, 0."""
    if isinstance(value, bool):
        return value
    if is_bare and isinstance(value, str) and value.strip().lower() in YES | NO:
        return value.strip().lower() in YES
    raise Wrong(sentence("wrong yes or no", word=repr(value)), sentence("write yes or no"))


def one_of(*words: str) -> Reader:
    """One word of a list, in any case."""

    def read(value: object, is_bare: bool) -> str:
        for word in words:
            if isinstance(value, str) and value.strip().lower() == word.lower():
                return word
        near = nearest(str(value).strip(), words)
        hint = sentence("did you mean", what=near) if near else sentence("write one of", what=", ".join(words))
        raise Wrong(sentence("wrong known", word=repr(value)), hint)

    return read


def zone(value: object, is_bare: bool) -> str:
    """An IANA time zone such as Europe/Berlin."""
    if isinstance(value, str) and value.strip():
        try:
            return ZoneInfo(value.strip()).key
        except (KeyError, OSError, ValueError):
            pass
    near = nearest(str(value), available_timezones())
    hint = sentence("did you mean", what=near) if near else sentence("write zone")
    raise Wrong(sentence("wrong zone", word=repr(value)), hint)


def open_hours(value: object, is_bare: bool) -> str:
    """Hours of a week such as "Mon-Fri 09:00-17:00"."""
    hours = text()(value, is_bare)
    try:
        parse_weekly(hours)
    except BadHours as error:
        raise Wrong(error.problem, error.remedy) from error
    return str(hours)


def path(value: object, is_bare: bool) -> Path:
    """A file or folder."""
    return Path(text(may_be_empty=False)(value, is_bare))


def address(value: object, is_bare: bool) -> str:
    """An email address, in lower case."""
    if isinstance(value, str) and len(value) <= 254 and ADDRESS.fullmatch(value.strip()):
        return value.strip().lower()
    raise Wrong(f"{value!r} is not an email address", "Write it as name@host.example")


def domain(value: object, is_bare: bool) -> str:
    """A mail domain, in lower case."""
    if isinstance(value, str) and len(value) <= 253 and DOMAIN.fullmatch(value.strip()):
        return value.strip().lower()
    raise Wrong(sentence("wrong domain", word=repr(value)), sentence("write domain"))


def slack_channel(value: object, is_bare: bool) -> str:
    """A Slack channel's id, with or without its workspace before it: C0123ABC or T0123:C0123ABC; "" for none."""
    if value == "":
        return ""
    if isinstance(value, str) and re.fullmatch(r"(?:[TE][A-Z0-9_]{1,20}:)?[CGD][A-Z0-9_]{1,20}", value.strip()):
        return value.strip()
    raise Wrong(f"{value!r} is not a channel's id", "Copy it from the channel's details: it begins with C or G")


def slack_emoji(value: object, is_bare: bool) -> str:
    """An emoji's name on Slack, with or without its colons: ":ticket:" is ticket."""
    if isinstance(value, str) and re.fullmatch(r":?[a-z0-9_+'-]{1,100}:?", value.strip()):
        return value.strip().strip(":")
    raise Wrong(f"{value!r} is no name of an emoji", "Write it like ticket, or :ticket:")


def slack_commands(value: object, is_bare: bool) -> str:
    """Slash commands under other names than the manifest's: "ticket=/desk claim=/nehmen"; "" for none."""
    if isinstance(value, str) and all(
        re.fullmatch(r"[a-z]{1,32}=/[^\s=/]{1,31}", each) for each in value.lower().split()
    ):
        return " ".join(value.lower().split())
    raise Wrong(f"{value!r} names no slash commands", "Write each as VERB=/NAME, such as claim=/nehmen log=/zeit")


def clock_time(value: object, is_bare: bool) -> time:
    """A time of day, HH:MM."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value.strip()):
        return time.fromisoformat(value.strip())
    raise Wrong(f"{value!r} is not a time of day", 'Write it as "07:30", from 00:00 to 23:59')


def day(value: object, is_bare: bool) -> date:
    """A date, YYYY-MM-DD."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise Wrong(sentence("wrong date", word=repr(value)), sentence("write date"))


def url(*schemes: str) -> Reader:
    """An address on the web, or "" for none."""

    def read(value: object, is_bare: bool) -> str:
        if value == "":
            return ""
        parts = urlsplit(value.strip()) if isinstance(value, str) else None
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise Wrong(f"{value!r} is not an address on the web", f"Write it as {schemes[0]}://host.example/")
        return parts.geturl().rstrip("/")

    return read


def many(reader: Reader) -> Reader:
    """A list, each item read by `reader`; in bare text commas or semicolons part the items. Returns a tuple."""

    def read(value: object, is_bare: bool) -> tuple[Any, ...]:
        if isinstance(value, str) and is_bare:
            value = [item.strip() for item in re.split("[,;]", value) if item.strip()]
        if not isinstance(value, list | tuple):
            raise Wrong(f"{value!r} is not a list", 'Write it as ["…", "…"]')
        return tuple(reader(item, is_bare) for item in value)

    return read
