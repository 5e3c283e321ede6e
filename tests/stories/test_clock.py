"""The desk trusts its clock, but no leap of hours: nothing lapses and nothing is charged until a manager confirms."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import HandClock
from bot.store import Store, Tx
from tests.desk import NIGHT, Desk, ny
from tests.stories.cast import SERVER, Cast


class LeapingClock(HandClock):
    """A clock whose reading somebody changes, while no time passes."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._leapt = timedelta()

    def leap(self, by: timedelta) -> None:
        self.advance(by)
        self._leapt += by

    def monotonic(self) -> float:
        return (self.now() - self._leapt).timestamp()


@pytest.fixture
def leaping(store: Store, tmp_path: Path) -> Any:
    clock = LeapingClock(NIGHT)
    return Desk(store, tmp_path, clock=clock), clock


async def test_leap_of_the_clock_stops_charges_until_a_manager_confirms(leaping: tuple[Desk, LeapingClock]) -> None:
    desk, clock = leaping
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 1")
    clock.leap(timedelta(hours=7))
    await desk.settle()
    assert desk.charges() == []
    (told,) = desk.told(cast.maria, "clock_jumped")
    assert "7 hours" in told.body and told.actions[0].command == "confirm clock"
    assert not (await desk.do(cast.tom, "confirm clock")).is_ok
    await desk.advance(minutes=10)
    assert desk.charges() == [] and len(desk.told(cast.maria, "clock_jumped")) == 1
    assert (await desk.do(cast.maria, "confirm clock")).is_ok
    await desk.settle()
    assert desk.charges() == [(5, 5_000)]


async def test_leap_is_seen_by_a_unit_that_ran_twice(
    leaping: tuple[Desk, LeapingClock], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, clock = leaping
    cast = Cast(desk)
    await desk.settle()
    run = store.run

    async def run_twice(unit: Callable[[Tx], Any], **choices: bool) -> Any:
        # As after a COMMIT that failed: what the first run wrote is gone, and the unit runs again.
        def twice(tx: Tx) -> Any:
            with suppress(InterruptedError), tx.savepoint():
                unit(tx)
                raise InterruptedError
            return unit(tx)

        return await run(twice, **choices)

    monkeypatch.setattr(store, "run", run_twice)
    clock.leap(timedelta(hours=7))
    await desk.settle()
    assert len(desk.told(cast.maria, "clock_jumped")) == 1


async def test_credit_does_not_lapse_by_a_leap(leaping: tuple[Desk, LeapingClock]) -> None:
    desk, clock = leaping
    cast = Cast(desk)
    desk.a_grant(cast.acme, "included")
    await desk.settle()
    clock.leap(timedelta(days=60))
    await desk.settle()
    assert desk.balance(cast.acme).left_units == 24
    await desk.do(cast.maria, "confirm clock")
    await desk.settle()
    assert desk.balance(cast.acme).left_units == 0


async def test_machine_that_slept_is_no_leap(leaping: tuple[Desk, LeapingClock]) -> None:
    desk, _ = leaping
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    await desk.do(cast.tom, "claim 1")
    desk.sleep(hours=9)
    await desk.settle()
    assert desk.charges() == [(5, 5_000)] and not desk.told(cast.maria, "clock_jumped")


async def test_clock_that_goes_back_loses_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    desk.clock.move_to(ny("2026-11-18 09:00"))
    await desk.settle()
    await desk.until(ny("2026-11-18 10:30"))
    assert desk.events(1).count("hold lapsed") == 1 and desk.kinds(cast.tom) == ["offered", "hold_lapsed"]


async def test_quiet_desk_costs_one_transaction_a_tick(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, SERVER)
    await desk.settle()
    run, units = store.run, []

    async def counted(unit: Callable[[Tx], Any], **choices: bool) -> Any:
        units.append(unit)
        return await run(unit, **choices)

    monkeypatch.setattr(store, "run", counted)
    assert await desk.stage.tick.run_once() == 0
    assert len(units) == 1
    await desk.advance(hours=1)
    assert "escalated" in desk.events(1)
