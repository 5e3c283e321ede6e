"""The books: a balance whatever the history, a trial balance by hledger and ledger, a statement by its bare SQL."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.figures import Figure, ratios
from bench.processes import folder
from bot import books, people
from bot.exporting import export
from bot.migrate import upgrade
from bot.queries import money
from bot.store import Store, Tx, open_store
from bot.zones import midnight

SMALL, LARGE, TRIAL, CLIENTS = 1_000, 1_000_000, 100_000, 200
BEGAN = datetime(2026, 1, 5, 15, tzinfo=UTC)
MONTH = date(2026, 6, 1), date(2026, 6, 30)
LOOKS = 300


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        yield from _balances(home, rounds)
        yield from _trial(home, rounds)


# ---------------------------------------------------------------- a client's balance and statement


def _balances(home: Path, rounds: int) -> Iterator[Figure]:
    stores = [_books(home / f"{count}.db", count, clients=1) for count in (SMALL, LARGE)]
    try:
        few, many = ([_looks(store) for _ in range(rounds)] for store in stores)
        what = f"a client's balance with {LARGE:,} postings by the same with {SMALL:,}"
        yield Figure(what, ratios(many, few), limit=1.5, note=f"{min(many) * 1e6:.0f} µs at best")
        told = [_per_look(stores[1], _statement, 20) for _ in range(rounds)]
        bare = [_per_look(stores[1], _bare, 20) for _ in range(rounds)]
        what = f"a month's statement out of {LARGE:,} postings by its bare SQL"
        yield Figure(what, ratios(told, bare), limit=2, note=f"{min(told) * 1e3:.0f} ms at best")
    finally:
        for store in stores:
            store.close_sync()


def _looks(store: Store) -> float:
    return _per_look(store, lambda tx: books.balance(tx, 1), LOOKS)


def _per_look(store: Store, look: Callable[[Tx], object], times: int) -> float:
    """Seconds of CPU a look, within one transaction."""

    def looks(tx: Tx) -> float:
        began = time.thread_time()
        for _ in range(times):
            look(tx)
        return (time.thread_time() - began) / times

    return store.read_sync(looks)


def _statement(tx: Tx) -> object:
    return books.statement(tx, 1, first_on=MONTH[0], last_on=MONTH[1])


def _bare(tx: Tx) -> object:
    """The same statements, and nothing done with their rows."""
    from_at, to_at = midnight("UTC", MONTH[0]), midnight("UTC", MONTH[1] + timedelta(days=1))
    rows = [tx.all(money.MOVES_BETWEEN, client_id=1, from_at=from_at, to_at=to_at)]
    accounts = (("credit", "units"), ("unbilled", "cents"), ("receivable", "cents"), ("unapplied", "cents"))
    for name, commodity in accounts:
        for at in (from_at, to_at):
            rows.append(tx.all(money.BALANCE_BEFORE, client_id=1, name=name, commodity=commodity, before_at=at))
    return rows


# ---------------------------------------------------------------- the trial balance


def _trial(home: Path, rounds: int) -> Iterator[Figure]:
    store = _books(home / "trial.db", TRIAL, clients=CLIENTS)
    journal = home / "trial.journal"
    try:
        with journal.open("w") as lines:
            store.read_sync(lambda tx: lines.writelines(f"{line}\n" for line in export(tx, "hledger", currency="USD")))
        ours = [_per_look(store, _trial_of_all, 3) for _ in range(rounds)]
    finally:
        store.close_sync()
    for program, limit in (("hledger", 40.0), ("ledger", 10.0)):
        if shutil.which(program) is None:
            continue
        theirs = [_cpu([program, "-f", str(journal), "balance", "--flat"]) for _ in range(rounds)]
        what = f"trial balance of {TRIAL:,} postings: CPU of {program} by ours"
        note = f"{min(theirs):.2f} s against {min(ours) * 1e3:.0f} ms at best"
        yield Figure(what, ratios(theirs, ours), limit=limit, is_at_least=True, note=note)


def _trial_of_all(tx: Tx) -> None:
    assert books.trial_faults(tx) == []


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "LANG": "C.UTF-8"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# ---------------------------------------------------------------- books of that size


def _books(path: Path, postings: int, *, clients: int) -> Store:
    """Charges per use (four postings each) spread over the clients and a year; kept balances as they come to."""
    url = f"sqlite:///{path}"
    upgrade(url)
    store = open_store(url)
    store.run_sync(partial(_people, clients=clients))
    store.close_sync()
    _fill(path, postings // 4, clients)
    return open_store(url)


def _people(tx: Tx, clients: int) -> None:
    for number in range(1, clients + 1):
        people.add_client(tx, f"C{number:04d}", f"Client {number}", now=BEGAN, zone="UTC", plan="per-use")


def _fill(path: Path, entries: int, clients: int) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    names = (("unbilled", "cents"), ("revenue", "cents"), ("used", "units"), ("per-use", "units"))
    for client in range(1, clients + 1):
        for name, commodity in names:
            database.execute(
                "INSERT INTO account (client_id, name, commodity) VALUES (?, ?, ?)", (client, name, commodity)
            )
    numbers = [0] * (clients + 1)
    made, moved = [], []
    step = timedelta(days=360) / entries
    for entry in range(1, entries + 1):
        client = entry % clients + 1
        numbers[client] += 1
        at = (BEGAN + entry * step).isoformat(timespec="microseconds")
        made.append((entry, client, numbers[client], f"work:{entry}", "charge", at, "{}", "", ""))
        units = 1 + entry % 9
        first = (client - 1) * len(names) + 1
        amounts = (units * 1000, -units * 1000, units, -units)
        moved += [(entry, first + place, amount) for place, amount in enumerate(amounts)]
    with database:
        database.executemany(
            "INSERT INTO entry (id, client_id, number, key, kind, posted_at, evidence_json, previous_hash, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made,
        )  # fmt: skip
        database.executemany("INSERT INTO posting (entry_id, account_id, amount) VALUES (?, ?, ?)", moved)
        database.execute(
            "UPDATE account SET balance = (SELECT COALESCE(SUM(amount), 0) FROM posting WHERE account_id = account.id)"
        )
    database.execute("ANALYZE")
    database.close()
