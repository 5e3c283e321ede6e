"""The close of a month of 1,000 clients and 100,000 work items, killed on the way and begun again.

Invoices, numbers, postings and rows; the documents are drawn afterwards, at their own pace.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure
from bench.processes import CHECKOUT, folder
from bot import people
from bot.migrate import upgrade
from bot.store import Tx, open_store

CLIENTS, ITEMS = 1_000, 100
SECONDS_MAX = 60.0
BEGAN = datetime(2026, 1, 5, 15, tzinfo=UTC)
MONTH = "2026-06"
NAMES = (("unbilled", "cents"), ("revenue", "cents"), ("used", "units"), ("per-use", "units"))


def measure(rounds: int) -> Iterator[Figure]:
    times, kills = [], 0
    for number in range(min(rounds, 3)):
        with folder() as home:
            _desk(home)
            began = time.perf_counter()
            process = _close(home)
            if number:
                # Begun again after a kill: the time of both runs counts.
                time.sleep(3 * number)
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                process = _close(home)
            if process.wait() != 0:
                raise RuntimeError((home / "close.log").read_text()[-2000:])
            times.append(time.perf_counter() - began)
            _check(home)
    what = f"close of {CLIENTS:,} clients with {CLIENTS * ITEMS:,} work items"
    note = f"{kills} of them killed and begun again; every number once, every item on one invoice"
    yield Figure(what, times, unit="s", limit=SECONDS_MAX, note=note)


def _close(home: Path) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOLDLINE_", "DATABASE_URL"))}
    environment = kept | {"DATABASE_URL": f"sqlite:///{home / 'desk.db'}", "HOLDLINE_HOME": str(home)}
    command = [sys.executable, "-m", "bot", "close-month", MONTH]
    with (home / "close.log").open("ab") as log:
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)


def _check(home: Path) -> None:
    database = sqlite3.connect(home / "desk.db")
    numbers = [row[0] for row in database.execute("SELECT number FROM invoice ORDER BY number")]
    assert numbers == [f"INV-{numbers[0][4:8]}-{number:04d}" for number in range(1, CLIENTS + 1)], numbers[-3:]
    for statement in (
        "SELECT COUNT(*) FROM charge WHERE invoice_id IS NULL",
        "SELECT COUNT(*) FROM client WHERE closed_to_on IS NULL",
        "SELECT SUM(amount) FROM posting",
        "SELECT SUM(balance) FROM account WHERE name = 'unbilled'",
    ):
        assert database.execute(statement).fetchone()[0] == 0, statement
    database.close()


def _desk(home: Path) -> None:
    """Clients, a ticket each, and work that was billed per use, spread over the month."""
    path = home / "desk.db"
    upgrade(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    store.run_sync(_people)
    store.close_sync()
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    first = datetime.fromisoformat(f"{MONTH}-01T09:00:00+00:00")
    with database:
        for client in range(1, CLIENTS + 1):
            _work(database, client, first)
    database.execute("ANALYZE")
    database.close()


def _people(tx: Tx) -> None:
    for number in range(1, CLIENTS + 1):
        people.add_client(tx, f"C{number:04d}", f"Client {number}", now=BEGAN, zone="UTC", plan="per-use")


def _work(database: sqlite3.Connection, client: int, first: datetime) -> None:
    at = first.isoformat(timespec="microseconds")
    database.execute(
        "INSERT INTO ticket (id, client_id, state, subject, opened_at) VALUES (?, ?, 'resolved', 'Printer', ?)",
        (client, client, at),
    )
    for name, commodity in NAMES:
        database.execute("INSERT INTO account (client_id, name, commodity) VALUES (?, ?, ?)", (client, name, commodity))
    account = (client - 1) * len(NAMES) + 1
    items, entries, charges, postings = [], [], [], []
    for number in range(1, ITEMS + 1):
        key = (client - 1) * ITEMS + number
        moment = first + timedelta(hours=7 * number)
        at, on, units = moment.isoformat(timespec="microseconds"), moment.date().isoformat(), 2 * (1 + number % 4)
        items.append((key, client, client, "remote", at, 15 * units // 2, on, at))
        entries.append((key, client, number, f"work:{key}", "charge", at, "{}", "", f"h{key}"))
        charges.append((key, key, client, client, key, on, units, units * 1000, f'{{"P4":{units // 2}}}', "[]", at))
        amounts = (units * 1000, -units * 1000, units, -units)
        postings += [(key, account + place, amount) for place, amount in enumerate(amounts)]
    _insert(database, "work_item (id, ticket_id, client_id, kind, started_at, minutes, work_on, logged_at)", items)
    columns = "id, client_id, number, key, kind, posted_at, evidence_json, previous_hash, hash"
    _insert(database, f"entry ({columns})", entries)
    columns = (
        "id, entry_id, client_id, ticket_id, work_item_id, work_on, units, due_cents, day_quarters_json, draws_json,"
        " charged_at"
    )
    _insert(database, f"charge ({columns})", charges)
    _insert(database, "posting (entry_id, account_id, amount)", postings)
    database.execute(
        "UPDATE account SET balance = (SELECT SUM(amount) FROM posting WHERE account_id = account.id)"
        " WHERE client_id = ?", (client,),
    )  # fmt: skip


def _insert(database: sqlite3.Connection, into: str, rows: Sequence[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    database.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)
