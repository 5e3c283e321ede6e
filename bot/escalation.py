"""The ladder that an unclaimed ticket climbs: pure, and fixed by config/escalation.toml.

Step 0 is the lead's hold; steps 1, 2, … are the rungs of the file, in its order. A rung that would ask nobody new is
skipped; the last one asks the manager, again and again: no ticket ever falls silent. A late step re-anchors: the rung
ends its own time after now, never in the past. A calm ticket climbs in the client's open hours only, so that it wakes
nobody. Source: mission, "From message to work" 5, Rules "Who may claim", "Hold" (P3 and P4 in closed time).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import ConfigError, Fault
from bot.hours import Calendar, is_open, next_opening
from bot.triage.priority import Priority

AUDIENCES = ("best-three", "expertise", "everyone", "manager")
BEST = 3
MINUTES_MIN, MINUTES_MAX = 1, 7 * 24 * 60
CALM = frozenset({Priority.P3, Priority.P4})
AFTER_OPENING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Rung:
    """Whom to ask, and for how many minutes at each priority."""

    name: str
    audience: str
    minutes: dict[Priority, int]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in order; the last one asks the manager."""

    rungs: tuple[Rung, ...]

    def is_anyone_asked(self, step: int) -> bool:
        """Has the ladder come so far that any active consultant may claim?"""
        return step >= 1 and self._rung(step).audience in ("everyone", "manager")

    def ends_at(self, step: int, priority: Priority, now: datetime, calendar: Calendar | None = None) -> datetime:
        """When a rung ends that begins now; before the first one, as if it were the first.

        calendar: the client's; the rung of a calm ticket that would end in closed time ends 30 minutes after the next
        opening, as its hold would.
        """
        until_at = now + timedelta(minutes=self._rung(step).minutes[priority])
        if calendar is None or priority not in CALM or is_open(calendar, until_at):
            return until_at
        opening = next_opening(calendar, until_at)
        return until_at if opening is None else opening + AFTER_OPENING

    def _rung(self, step: int) -> Rung:
        return self.rungs[min(max(step, 1), len(self.rungs)) - 1]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A consultant who could be asked. score: how well the expertise fits, 0 = not at all."""

    consultant_id: int
    score: int = 0
    is_manager: bool = False
    is_available: bool = True  # active, and not away
    has_passed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The rung to go to. audience: best match first."""

    number: int
    rung: str
    audience: tuple[int, ...]
    until_at: datetime


def next_step(
    ladder: Ladder,
    step: int,
    candidates: Sequence[Candidate],
    *,
    priority: Priority,
    asked: frozenset[int] = frozenset(),
    now: datetime,
    calendar: Calendar | None = None,
) -> Step:
    """The next rung that asks somebody new, or the manager's rung again.

    step:       the present one; 0 after the hold, or when there is no lead.
    candidates: best match first. asked: who was asked on this climb already. calendar: see Ladder.ends_at.
    """
    for number, rung in enumerate(ladder.rungs[step:], start=step + 1):
        audience = _audience(rung, candidates)
        if set(audience) - asked:
            return Step(number, rung.name, audience, ladder.ends_at(number, priority, now, calendar))
    number, last = len(ladder.rungs), ladder.rungs[-1]
    return Step(number, last.name, _audience(last, candidates), ladder.ends_at(number, priority, now, calendar))


def _audience(rung: Rung, candidates: Sequence[Candidate]) -> tuple[int, ...]:
    if rung.audience == "manager":
        # A manager hears of it also when away: somebody must.
        return tuple(person.consultant_id for person in candidates if person.is_manager)
    willing = [person for person in candidates if person.is_available and not person.has_passed]
    fitting = [person for person in willing if person.score > 0]
    chosen = {"best-three": fitting[:BEST], "expertise": fitting, "everyone": willing}[rung.audience]
    return tuple(person.consultant_id for person in chosen)


# ---------------------------------------------------------------- reading the file


def load_ladder(path: Path) -> Ladder:
    """The ladder of an escalation file. Raises ConfigError with every fault in it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as unreadable:
        fault = Fault(str(path), "file", str(unreadable), "Mend it, or take the file that came with the desk.")
        raise ConfigError([fault]) from unreadable
    faults: list[Fault] = []
    tables = document.get("rung", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(Fault(str(path), "rung", "is no list of tables", "Write each rung below a line [[rung]]."))
        tables = []
    rungs = [_rung(path, number, table, faults) for number, table in enumerate(tables, start=1)]
    for key in document.keys() - {"rung"}:
        faults.append(Fault(str(path), key, "is no key of this file", "Remove it; rungs are written as [[rung]]."))
    if not rungs or rungs[-1].audience != "manager":
        faults.append(
            Fault(str(path), "rung", 'the last rung does not ask the "manager"', "End the ladder with the manager.")
        )
    if faults:
        raise ConfigError(faults)
    return Ladder(tuple(rungs))


def _rung(path: Path, number: int, table: dict[str, object], faults: list[Fault]) -> Rung:
    where = f"rung {number}"
    keys = {f"minutes_{priority.lower()}": priority for priority in Priority}
    for key in table.keys() - {"name", "audience"} - keys.keys():
        faults.append(Fault(str(path), f"{where}.{key}", "is no key of a rung", f"Use {', '.join(keys)}."))
    audience = str(table.get("audience", ""))
    if audience not in AUDIENCES:
        faults.append(Fault(str(path), f"{where}.audience", f"{audience!r} is unknown", f"Use {', '.join(AUDIENCES)}."))
    minutes: dict[Priority, int] = {}
    for key, priority in keys.items():
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not MINUTES_MIN <= value <= MINUTES_MAX:
            remedy = f"Write whole minutes from {MINUTES_MIN} to {MINUTES_MAX}."
            faults.append(Fault(str(path), f"{where}.{key}", f"{value!r} is no number of minutes", remedy))
            value = MINUTES_MIN
        minutes[priority] = value
    return Rung(str(table.get("name", audience)), audience, minutes)
