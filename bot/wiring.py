"""The composition root: builds everything once from the settings, and starts the chosen roles.

The only place that knows every part. Transports are imported after the first listeners answer, and only those of the
configured channels: a start must not wait for what it does not use.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot import building, electronic, letterhead, migrate
from bot.blobs import Blobs, open_blobs
from bot.books import buy_credit
from bot.channels.port import Listener, Sender
from bot.clock import Clock, SystemClock
from bot.counts import CountedDesk, Counts
from bot.errors import ConfigError, Fault, UserError
from bot.escalation import load_ladder
from bot.importing.door import EXAMPLE, seed_example
from bot.messages import Place
from bot.outbox import Limits
from bot.policy import Policy
from bot.pollers import StoredBookmarks
from bot.pricelist import load as load_prices
from bot.reception import Reception, Reread
from bot.settings import RoleStatus, Settings, roles, signing_keys
from bot.store import ProcessLock, Store, hold_process_lock, open_store
from bot.tokens import Signer
from bot.triage.rules import load

if TYPE_CHECKING:
    from bot.courier import Courier

log = structlog.get_logger()
HARD_END_SECONDS = 20


@dataclass(slots=True)
class Desk:
    """One desk, opened: its doors and what stands behind them."""

    settings: Settings
    store: Store
    clock: Clock
    blobs: Blobs
    policy: Policy
    reception: CountedDesk
    bookmarks: StoredBookmarks
    counts: Counts
    rereaders: dict[str, Reread] = field(default_factory=dict)
    on_commit: list[Callable[[], None]] = field(default_factory=list)

    def committed(self) -> None:
        """Something was written: tell those who wait for it."""
        for tell in self.on_commit:
            tell()


def policy(settings: Settings) -> Policy:
    """The rules and choices of this desk. Raises ConfigError with the faults of the rule files."""
    keys = signing_keys(settings)
    sending, times, desk = settings.sending, settings.times, settings.desk
    return Policy(
        rules=load(settings.config_folder / "triage.toml"),
        ladder=load_ladder(settings.config_folder / "escalation.toml"),
        signer=Signer(keys.keys, keys.current),
        limits=Limits(
            sending.stranger_per_thread_hour,
            sending.stranger_per_day,
            sending.contact_per_thread_day,
            sending.coalesce_seconds,
            sending.breaker_per_hour,
        ),
        prices=load_prices(settings.config_folder),
        desk_name=desk.name,
        addresses=desk.addresses,
        currency=desk.currency,
        zone=desk.zone,
        hours=desk.hours,
        language=desk.language,
        manager=desk.manager,
        direct_number=desk.direct_number,
        postal_address=desk.postal_address,
        tax_number=desk.tax_number,
        payment_details=desk.payment_details,
        logo=letterhead.checked_logo(desk.logo, settings.config_folder),
        country=desk.country.upper(),
        has_electronic_invoices=electronic.is_on(desk),
        digest_time=desk.digest_time,
        grace_minutes=times.grace_minutes,
        reopen_days=times.reopen_days,
        close_days=times.close_days,
        clock_jump_hours=times.clock_jump_hours,
        staff_places=_staff_places(settings),
    )


def _staff_places(settings: Settings) -> tuple[Place, ...]:
    places = []
    if settings.slack.mode and settings.slack.desk_channel:
        places.append(Place("slack", settings.slack.desk_channel))
    if settings.telegram.mode and settings.telegram.desk_chat:
        places.append(Place("telegram", settings.telegram.desk_chat))
    return tuple(places)


@asynccontextmanager
async def open_desk(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """The desk without its roles: what the command line uses where no desk runs beside."""
    bring_up_to_date(settings)
    clock = clock or SystemClock()
    store = open_store(settings.database_url)
    _seed(settings, store, clock)
    desk = _desk(settings, store, clock)
    reader = building.mail_reader(desk)
    try:
        yield desk
    finally:
        await reader.stop()
        await store.close()


def _seed(settings: Settings, store: Store, clock: Clock) -> None:
    """Put the example desk into a file of SQLite that knows nobody, so that there is somebody to try everything with.

    Whoever sets up a PostgreSQL server has people of their own.
    """
    if not settings.is_sqlite:
        return
    times, folder = settings.desk.digest_time, settings.config_folder
    if seed_example(store, folder, now=clock.now(), buy_credit=buy_credit, digest_time=times):
        said = f"The database was empty: the example desk of {folder / EXAMPLE} is in it now."
        print(said, file=sys.stderr, flush=True)


def _desk(settings: Settings, store: Store, clock: Clock) -> Desk:
    rules = policy(settings)
    blobs = open_blobs(store, settings.folders.blobs, clock)
    bookmarks = StoredBookmarks(store, clock)
    counts = Counts()
    reception = Reception(store, clock, blobs, rules)
    counted = CountedDesk(reception, counts)
    desk = Desk(settings, store, clock, blobs, rules, counted, bookmarks, counts, reception.rereaders)
    reception.on_commit = desk.committed
    return desk


def bring_up_to_date(settings: Settings) -> None:
    """Migrate SQLite here; on PostgreSQL say what is missing, for `holdline migrate` does it there.

    In a child process: what migrations import would stay in this one for good. Raises UserError.
    """
    if settings.is_sqlite:
        settings.database_file.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database_url)
    try:
        revision = migrate.current(store)
    finally:
        store.close_sync()
    if revision == migrate.head():
        return
    if not settings.is_sqlite:
        raise UserError(
            f"The database is at revision {revision}, this desk needs {migrate.head()}: `holdline migrate`."
        )
    command = [sys.executable, "-c", f"from bot import migrate; migrate.upgrade({settings.database_url!r})"]
    if subprocess.run(command, check=False).returncode:
        raise UserError("The database could not be brought to the revision that this desk needs; see above.")


# ---------------------------------------------------------------- running


def run(settings: Settings, chosen: Sequence[str]) -> int:
    """Serve the chosen roles until a signal comes. Returns the exit code."""
    from bot import logs

    logs.configure(settings.log)
    lock: ProcessLock | None = None
    if settings.is_sqlite:
        lock = hold_process_lock(settings.database_file.with_name(settings.database_file.name + ".lock"))
    try:
        bring_up_to_date(settings)
        asyncio.run(_serve(settings, chosen))
    finally:
        if lock is not None:
            lock.release()
    return 0


async def _serve(settings: Settings, chosen: Sequence[str]) -> None:
    from bot.cli.show import role_table

    store = open_store(settings.database_url)
    clock = SystemClock()
    await asyncio.to_thread(_seed, settings, store, clock)
    desk = _desk(settings, store, clock)
    running = Running(desk, chosen)
    stopped = asyncio.Event()
    _on_signals(stopped)
    try:
        await running.start()
        # What a start made stays to the end, so that no later look for garbage need go over it.
        gc.freeze()
        gc.enable()
        print(role_table(running.statuses()), flush=True)
        await stopped.wait()
    finally:
        await running.stop()
        await store.close()


def _on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopped.is_set():
            os._exit(1)  # asked twice: do not wait any longer
        stopped.set()
        loop.call_later(HARD_END_SECONDS, os._exit, 1)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


class Running:
    """The roles of one process, started in order and stopped in reverse."""

    def __init__(self, desk: Desk, chosen: Sequence[str]) -> None:
        self._desk, self._chosen = desk, tuple(chosen)
        self._names = tuple(status.name for status in roles(desk.settings, chosen) if status.is_on)
        self._off: dict[str, Fault] = {}
        self._listeners: list[Listener] = []
        self._senders: dict[str, Sender] = {}
        self._courier: Courier | None = None
        self._courier_task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """What needs no heavy import comes first, so that the desk answers early."""
        desk, names = self._desk, self._names
        early = building.build_early(desk, names)
        for listener in early.listeners:
            await self._start(listener)
        late = await asyncio.to_thread(building.build_late, desk, names)
        if "web" in names:
            await self._start(await asyncio.to_thread(building.web, desk, late.applications, self._chosen))
        for listener in late.listeners:
            await self._start(listener)
        self._senders = early.senders | late.senders
        if "courier" in names:
            self._courier = building.courier(desk, self._senders)
            desk.on_commit.append(self._courier.wake)
            self._courier_task = asyncio.create_task(self._courier.run(), name="courier")
        if "scheduler" in names:
            await self._start(building.scheduler(desk, desk.committed))

    def statuses(self) -> list[RoleStatus]:
        """Every role as it came up: one that could not start is off, and says what to do."""
        return [
            RoleStatus(line.name, False, f"{fault.key}: {fault.problem}", fault.remedy)
            if (fault := self._off.get(line.name)) is not None
            else line
            for line in roles(self._desk.settings, self._chosen)
        ]

    async def _start(self, listener: Listener) -> None:
        try:
            await listener.start()
        except ConfigError as fault:
            # One channel that cannot start must not keep the others from it.
            log.error("role is off", role=listener.name, reason=str(fault))
            self._off[listener.name.partition("-")[0]] = fault.faults[0]
            return
        self._listeners.append(listener)

    async def stop(self) -> None:
        """Stop accepting everywhere at once, let what is under way end, then the courier, then the senders."""
        seconds = self._desk.settings.times.stop_seconds
        ends = [asyncio.wait_for(listener.stop(), seconds) for listener in self._listeners]
        outcomes = await asyncio.gather(*ends, return_exceptions=True)
        for listener, fault in zip(self._listeners, outcomes, strict=True):
            if isinstance(fault, BaseException):
                log.error("role did not end well", role=listener.name, reason=f"{type(fault).__name__} {fault}".strip())
        if self._courier is not None and self._courier_task is not None:
            self._courier.stop()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._courier_task, seconds)
        for sender in self._senders.values():
            await sender.close()
