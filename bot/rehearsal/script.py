"""The day to be played, as JSON lines: one message, command, clock reading, import or expectation a line.

    {"at": "2026-11-18T23:10:00-05:00", "say": "The server is down", "from": "bob@acme-dental.example", "subject": "…"}
    {"at": "2026-11-18T23:14:00-05:00", "do": "claim 1", "as": "C-101"}
    {"advance": "30m"}     {"at": "2026-11-19T07:30:00-05:00"}     {"remark": "The next morning"}
    {"import": "people.toml"}     {"expect": "claimed ticket 1 first"}

Times without an offset are read on the desk's own clock. Empty lines and lines that begin with # are passed over.
Every fault of a file is told at once, with its line. Refuses a clock that runs backwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import as_utc
from bot.errors import ConfigError, Fault
from bot.messages import CONSOLE, EMAIL
from bot.zones import zone_named

KEYS = {
    "say": ("from", "channel", "subject", "name", "ticket", "trust", "automatic", "urgent", "conversation"),
    "do": ("as", "channel", "ticket"),
    "import": (),
    "expect": (),
    "remark": (),
}
_SPAN = re.compile(r"(?P<count>[0-9]{1,5}) ?(?P<unit>[smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody writes to the desk. ticket: they answer what they were last told about that ticket."""

    text: str
    sender: str
    channel: str
    subject: str = ""
    name: str = ""
    ticket_id: int | None = None
    is_proven: bool = True
    automatic: str | None = None
    is_urgent: bool = False
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """Somebody gives a command: by member number, address or console name. channel: "" for their first one."""

    line: str
    who: str
    channel: str = ""
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """People of a TOML or CSV file beside the script, instead of the example desk's."""

    source: Path


@dataclass(frozen=True, slots=True)
class Expect:
    """A text that must stand in what happened since the line before the last."""

    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A headline in the transcript."""

    text: str


Act = Say | Do | Import | Expect | Remark


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the clock is moved first, then the act is done. at: None, the clock stays where it is."""

    number: int
    at: datetime | None
    act: Act | None


def read_script(path: Path, *, zone: str) -> list[Line]:
    """The lines of a file. Raises ConfigError with every fault of it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Fault(path.name, "file", f"it cannot be read ({error})", "Name a UTF-8 file")]) from error
    reader = _Reader(path, zone)
    lines = [line for line in reader.lines(text.splitlines()) if line is not None]
    if not reader.faults and not any(line.at is not None for line in lines):
        reader.fault(1, "at", "no line says what time it is", 'Begin with {"at": "2026-11-18T09:00:00-05:00"}')
    if reader.faults:
        raise ConfigError(reader.faults)
    return lines


class _Reader:
    def __init__(self, path: Path, zone: str) -> None:
        self.faults: list[Fault] = []
        self._path, self._zone = path, zone
        self._now: datetime | None = None

    def lines(self, texts: Iterable[str]) -> Iterable[Line | None]:
        for number, text in enumerate(texts, 1):
            if text.strip() and not text.lstrip().startswith("#"):
                yield self._line(number, text)

    def fault(self, number: int, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(f"{self._path.name}, line {number}", key, problem, remedy))

    def _line(self, number: int, text: str) -> Line | None:
        try:
            table = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.fault(number, "line", f"it is not JSON ({error})", "Write one JSON object a line")
            return None
        if not isinstance(table, dict):
            self.fault(number, "line", "it is not a JSON object", 'Write it like {"at": "…", "say": "…"}')
            return None
        at = self._time(number, table)
        kinds = [kind for kind in KEYS if kind in table]
        if len(kinds) > 1:
            self.fault(number, kinds[1], f"{kinds[0]} stands in the same line", "Write a line for each")
            return None
        kind = kinds[0] if kinds else ""
        for key in table.keys() - {"at", "advance", kind, *KEYS.get(kind, ())}:
            known = ("at", "advance", *KEYS.get(kind, ()), *(() if kind else KEYS))
            self.fault(number, key, "this key is not known here", f"Known are {', '.join(known)}")
        return Line(number, at, self._act(number, kind, table))

    def _time(self, number: int, table: Mapping[str, Any]) -> datetime | None:
        before = self._now
        if "at" in table:
            try:
                at = datetime.fromisoformat(str(table["at"]))
            except ValueError:
                self.fault(number, "at", f"{table['at']!r} is no time", "Write it like 2026-11-18T23:10:00-05:00")
                return None
            self._now = as_utc(at if at.tzinfo is not None else at.replace(tzinfo=zone_named(self._zone)))
        if "advance" in table:
            span = _SPAN.fullmatch(str(table["advance"]))
            if span is None or self._now is None:
                problem = "the clock was not set yet" if span else f"{table['advance']!r} is no span"
                self.fault(number, "advance", problem, 'Write "30m", "2h" or "1d", below a line with a time')
                return None
            self._now += timedelta(**{_UNITS[span["unit"]]: int(span["count"])})
        if before is not None and self._now is not None and self._now < before:
            self.fault(number, "at", "the clock runs backwards", "Put the lines in the order of their times")
        return self._now if self._now != before else None

    def _act(self, number: int, kind: str, table: Mapping[str, Any]) -> Act | None:
        match kind:
            case "say":
                return self._say(number, table)
            case "do":
                who = self._text(number, table, "as")
                channel = str(table.get("channel", ""))
                return Do(self._text(number, table, "do"), who, channel, self._ticket(number, table))
            case "import":
                return Import(self._path.parent / self._text(number, table, "import"))
            case "expect":
                return Expect(self._text(number, table, "expect"))
            case "remark":
                return Remark(self._text(number, table, "remark"))
        return None

    def _say(self, number: int, table: Mapping[str, Any]) -> Say:
        sender = self._text(number, table, "from")
        return Say(
            text=self._text(number, table, "say"),
            sender=sender,
            channel=str(table.get("channel") or (EMAIL if "@" in sender else CONSOLE)),
            subject=str(table.get("subject", "")),
            name=str(table.get("name", "")),
            ticket_id=self._ticket(number, table),
            is_proven=table.get("trust", "proven") == "proven",
            automatic=str(table["automatic"]) if table.get("automatic") else None,
            is_urgent=bool(table.get("urgent", False)),
            conversation=str(table.get("conversation", "")),
        )

    def _text(self, number: int, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(number, key, "it is missing" if value is None else "it is no text", f'Write "{key}": "…"')
            return ""
        return value

    def _ticket(self, number: int, table: Mapping[str, Any]) -> int | None:
        value = table.get("ticket")
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self.fault(number, "ticket", f"{value!r} is no number", 'Write it like "ticket": 1')
            return None
        return value
