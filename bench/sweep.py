"""A sweep among a million open tickets of which a hundred are due: found, done, and nobody kept waiting."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure, percentile, ratios
from bench.growing import grow
from bench.mail import mail_desk
from bench.mails import mail
from bench.processes import folder, running
from bench.smtp_load import send
from bot.queries.tickets import STEPS_DUE
from bot.settings import load
from bot.store import Tx
from bot.tick import DUTIES, Tick
from bot.wiring import Desk, open_desk

TICKETS, DUE, LOOKS = 1_000_000, 100, 30
SELECT_MAX, STEP_MAX, FOREGROUND_MAX_MS = 2.0, 3.0, 100.0
WRITES = ("INSERT", "UPDATE", "DELETE")


class _Enough(Exception):
    """Ends a unit whose writes are wanted, and not its effect."""


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        server = mail_desk(home / "desk", "mail")
        with running(server.child):
            send(server.port, [mail(number, "sweep") for number in range(DUE * (3 * rounds + 1))], connections=10)
        path = home / "desk" / "var" / "holdline.db"
        grow(path, TICKETS, tables=("ticket",))
        yield from asyncio.run(_measure(path, rounds))


async def _measure(path: Path, rounds: int) -> list[Figure]:
    async with open_desk(load(home=path.parent.parent)) as desk:
        tick = Tick(desk.store, desk.clock, desk.policy)
        bare = sqlite3.connect(path, isolation_level=None)
        bare.execute("UPDATE ticket SET step_at = NULL, promise_at = NULL, close_at = NULL, remind_at = NULL")
        groups = iter(range(3 * rounds + 1))
        select_own, select_bare, step_own, step_bare, foreground = [], [], [], [], []
        for _ in range(rounds):
            _make_due(desk, bare, next(groups))
            select_own.append(_median_of(lambda: desk.store.read_sync(lambda tx: _due(desk, tx))))
            select_bare.append(_median_of(lambda: _bare_select(desk, bare)))
            writes = await asyncio.to_thread(_writes_of_a_step, desk, tick)
            begun = time.perf_counter()
            _write(bare, writes)
            step_bare.append(time.perf_counter() - begun)
            _make_due(desk, bare, next(groups))
            begun = time.perf_counter()
            await tick.run_once()
            step_own.append(time.perf_counter() - begun)
            _make_due(desk, bare, next(groups))
            foreground.append(await _foreground(desk, tick))
        bare.close()
    note = f"{1000 * statistics.median(step_own):.0f} against {1000 * statistics.median(step_bare):.0f} ms"
    return [
        Figure(
            f"{DUE} due of {TICKETS:,}: found, by the bare select", ratios(select_own, select_bare), limit=SELECT_MAX
        ),
        Figure("the whole step, by bare SQL of its writes", ratios(step_own, step_bare), limit=STEP_MAX, note=note),
        Figure("p99 of a foreground write meanwhile", foreground, "ms", FOREGROUND_MAX_MS),
    ]


def _make_due(desk: Desk, bare: sqlite3.Connection, group: int) -> None:
    """A hundred tickets, whose hold has just run out."""
    at = (desk.clock.now() - timedelta(seconds=1)).isoformat(timespec="microseconds")
    values = (at, at, group * DUE, group * DUE + DUE)
    bare.execute("UPDATE ticket SET step_at = ?, hold_until_at = ? WHERE id > ? AND id <= ?", values)


def _due(desk: Desk, tx: Tx) -> int:
    return len(tx.all(STEPS_DUE, now=desk.clock.now(), limit=DUE))


def _bare_select(desk: Desk, bare: sqlite3.Connection) -> int:
    now = desk.clock.now().isoformat(timespec="microseconds")
    return len(bare.execute(STEPS_DUE.sqlite, {"now": now, "limit": DUE}).fetchall())


def _writes_of_a_step(desk: Desk, tick: Tick) -> list[str]:
    """What one batch of the step writes, as plain SQL; nothing of it stays."""
    told: list[str] = []

    def unit(tx: Tx) -> None:
        connection: sqlite3.Connection = tx._connection  # type: ignore[attr-defined]
        connection.set_trace_callback(told.append)
        try:
            tick._batch(tx, DUTIES[0], desk.clock.now(), [])
        finally:
            connection.set_trace_callback(None)
        raise _Enough

    try:
        desk.store.run_sync(unit)
    except _Enough:
        return [sql for sql in told if sql.lstrip().startswith(WRITES)]
    raise AssertionError("a unit that raises must not commit")


def _write(bare: sqlite3.Connection, statements: list[str]) -> None:
    bare.execute("BEGIN IMMEDIATE")
    for sql in statements:
        bare.execute(sql)
    bare.execute("COMMIT")


async def _foreground(desk: Desk, tick: Tick) -> float:
    """The 99th of a hundred milliseconds that a small write waits while the sweep runs."""
    sweep = asyncio.create_task(tick.run_once())
    taken: list[float] = []
    while not sweep.done() or len(taken) < DUE:
        begun = time.perf_counter()
        await desk.store.run(lambda tx: tx.insert("event", at=desk.clock.now(), kind="bench", actor="desk"))
        taken.append(1000 * (time.perf_counter() - begun))
    await sweep
    return percentile(taken, 99)


def _median_of(look: Callable[[], int]) -> float:
    """The median of many looks, each of which finds all that is due."""
    taken = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        found = look()
        taken.append(time.perf_counter() - begun)
        assert found == DUE
    return statistics.median(taken)
