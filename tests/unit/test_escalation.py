"""The ladder: best three, all with the expertise, everybody, then the manager until somebody claims."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.escalation import Candidate, Ladder, load_ladder, next_step
from bot.hours import parse_calendar
from bot.triage.priority import Priority
from tests.builders import NOW

FILE = Path(__file__).parents[2] / "config" / "escalation.toml"
LADDER = load_ladder(FILE)
MANAGER = Candidate(1, is_manager=True, is_available=False)
# Five with the expertise, best first, two without.
EXPERTS = [Candidate(number, score=90 - number) for number in range(10, 15)]
OTHERS = [Candidate(20), Candidate(21)]
PEOPLE = [*EXPERTS, *OTHERS, MANAGER]


def climb(step: int, people: list[Candidate], asked: frozenset[int] = frozenset()) -> tuple[str, tuple[int, ...]]:
    found = next_step(LADDER, step, people, priority=Priority.P2, asked=asked, now=NOW)
    return found.rung, found.audience


def test_rungs_come_in_order() -> None:
    assert climb(0, PEOPLE) == ("best-three", (10, 11, 12))
    assert climb(1, PEOPLE) == ("expertise", (10, 11, 12, 13, 14))
    assert climb(2, PEOPLE) == ("everyone", (10, 11, 12, 13, 14, 20, 21))
    assert climb(3, PEOPLE) == ("manager", (1,))


def test_last_rung_repeats_to_the_manager() -> None:
    asked = frozenset(person.consultant_id for person in PEOPLE)
    for step in (4, 4, 4):
        assert climb(step, PEOPLE, asked) == ("manager", (1,))


def test_rung_that_asks_nobody_new_is_skipped() -> None:
    three = [*EXPERTS[:3], *OTHERS, MANAGER]
    assert climb(0, three) == ("best-three", (10, 11, 12))
    assert climb(1, three, frozenset({10, 11, 12})) == ("everyone", (10, 11, 12, 20, 21))
    assert climb(0, [*OTHERS, MANAGER]) == ("everyone", (20, 21))
    assert climb(0, [MANAGER]) == ("manager", (1,))


def test_nobody_away_suspended_or_passed_is_asked() -> None:
    people = [
        Candidate(10, 90, is_available=False),
        Candidate(11, 80, has_passed=True),
        Candidate(12, 70),
        Candidate(20, is_available=False),
        MANAGER,
    ]
    assert climb(0, people) == ("best-three", (12,))
    assert climb(1, people, frozenset({12})) == ("manager", (1,))


@pytest.mark.parametrize(
    ("priority", "minutes"), [(Priority.P1, 5), (Priority.P2, 30), (Priority.P3, 60), (Priority.P4, 120)]
)
def test_urgent_tickets_climb_faster(priority: Priority, minutes: int) -> None:
    step = next_step(LADDER, 0, PEOPLE, priority=priority, now=NOW)
    assert step.until_at == NOW + timedelta(minutes=minutes)


# Closed from 17:00 UTC on Wednesday; NOW is Wednesday 22:10.
OFFICE = parse_calendar("Mon-Fri 09:00-17:00", "UTC")
THURSDAY = NOW.replace(day=19, minute=30)


@pytest.mark.parametrize(
    ("priority", "now", "until_at"),
    [
        (Priority.P4, NOW, THURSDAY.replace(hour=9)),  # 00:10 is closed: 30 minutes after 09:00
        (Priority.P3, NOW, THURSDAY.replace(hour=9)),
        (Priority.P4, THURSDAY.replace(hour=10), THURSDAY.replace(hour=12)),  # 10:30 + 120 minutes is open
        (Priority.P4, THURSDAY.replace(hour=16), THURSDAY.replace(day=20, hour=9)),  # 18:30 is closed
        (Priority.P2, NOW, NOW + timedelta(minutes=30)),  # the wall's time
        (Priority.P1, NOW, NOW + timedelta(minutes=5)),
    ],
)
def test_calm_tickets_climb_in_open_hours_only(priority: Priority, now: datetime, until_at: datetime) -> None:
    step = next_step(LADDER, 0, PEOPLE, priority=priority, now=now, calendar=OFFICE)
    assert step.until_at == until_at


def test_client_that_never_opens_is_climbed_for_all_the_same() -> None:
    never = parse_calendar("", "UTC")
    step = next_step(LADDER, 0, PEOPLE, priority=Priority.P4, now=NOW, calendar=never)
    assert step.until_at == NOW + timedelta(minutes=120)


def test_any_consultant_may_claim_on_the_last_rungs() -> None:
    assert [LADDER.is_anyone_asked(step) for step in range(7)] == [False, False, False, True, True, True, True]


def test_manager_is_asked_while_the_promise_can_be_kept() -> None:
    # Longest hold + the rungs before the manager, against the time to respond in minutes (P1 and P2 on the wall).
    for priority, hold, promised in ((Priority.P1, 30, 60), (Priority.P2, 120, 240), (Priority.P3, 240, 480)):
        assert hold + sum(rung.minutes[priority] for rung in LADDER.rungs[:-1]) < promised


_PEOPLE = st.lists(
    st.builds(
        Candidate,
        st.integers(2, 30),
        st.integers(0, 2),
        st.just(False),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda person: person.consultant_id,
    max_size=12,
)


@given(_PEOPLE, st.sampled_from(Priority))
@settings(max_examples=200, deadline=None)
def test_climb_always_reaches_the_manager_and_never_asks_the_unwilling(
    people: list[Candidate], priority: Priority
) -> None:
    step, asked, climbed = 0, frozenset[int](), []
    willing = {person.consultant_id for person in people if person.is_available and not person.has_passed}
    for _ in range(6):
        found = next_step(LADDER, step, [*people, MANAGER], priority=priority, asked=asked, now=NOW)
        assert found.audience and found.until_at > NOW
        assert set(found.audience) <= willing | {1}
        climbed.append(found.number)
        step, asked = found.number, asked | set(found.audience)
    assert climbed[-1] == len(LADDER.rungs)
    assert climbed == sorted(climbed)
    assert willing <= asked, "everybody willing was asked before the manager"


# ---------------------------------------------------------------- the file


def a_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "escalation.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_file_states_four_rungs() -> None:
    assert isinstance(LADDER, Ladder)
    assert [rung.audience for rung in LADDER.rungs] == ["best-three", "expertise", "everyone", "manager"]


def test_every_fault_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    text = """
    colour = "red"
    [[rung]]
    name = "first"
    audience = "friends"
    minutes_p1 = 0
    minutes_p2 = "ten"
    minutes_p3 = 60
    minutes_p4 = true
    speed = 3
    """
    with pytest.raises(ConfigError) as wrong:
        load_ladder(a_file(tmp_path, text))
    told = str(wrong.value)
    for part in ("colour", "friends", "minutes_p1", "minutes_p2", "minutes_p4", "speed", '"manager"'):
        assert part in told
    assert "minutes_p3" not in told.replace("Use minutes_p1, minutes_p2, minutes_p3, minutes_p4.", "")


@pytest.mark.parametrize("text", ["", "[[rung]", 'colour = "red"'])
def test_unreadable_file_is_a_fault_of_the_configuration(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load_ladder(a_file(tmp_path, text))


@pytest.mark.parametrize("text", ["rung = 3", "rung = [1, 2]", "[rung]\nname = 'x'"])
def test_rung_that_is_no_list_of_tables_is_a_fault_of_the_configuration(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load_ladder(a_file(tmp_path, text))


def test_missing_file_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="file that came with the desk"):
        load_ladder(tmp_path / "escalation.toml")
