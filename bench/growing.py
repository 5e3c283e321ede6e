"""Makes a database of many tickets out of one of few: every row of a ticket again and again, years apart in its past.

Copies get keys of their own, and nothing of them is due: what a tick would do is put off by a century.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

# In the order in which rows refer to rows: table, columns that hold another table's id, columns that are unique.
COPIED: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("inbound", {"ticket_id": "ticket"}, ("key",)),
    ("ticket", {}, ()),
    ("message", {"ticket_id": "ticket", "inbound_id": "inbound"}, ("remote_id",)),
    ("message_ref", {"ticket_id": "ticket"}, ("remote_id",)),
    ("attachment", {"message_id": "message"}, ()),
    ("event", {"ticket_id": "ticket"}, ()),
    ("offer", {"ticket_id": "ticket"}, ()),
    ("delivery", {"ticket_id": "ticket"}, ("key",)),
)
DUE = ("step_at", "promise_at", "close_at", "remind_at", "hold_until_at", "due_at")
CENTURY, APART = timedelta(days=36_500), timedelta(days=2)


def grow(path: Path, tickets: int, *, tables: tuple[str, ...] = ()) -> int:
    """Copy rows until there are so many tickets; only of these tables, if any are named. Returns how many there are."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -200000")
    database.create_function("moved", 2, _moved, deterministic=True)
    chosen = [row for row in COPIED if not tables or row[0] in tables]
    lasts = {table: _one(database, f"SELECT COALESCE(MAX(id), 0) FROM {table}") for table, *_ in chosen}
    templates = lasts["ticket"]
    copies = -(-tickets // templates) - 1
    for copy in range(1, copies + 1):
        database.execute("BEGIN")
        for table, references, unique in chosen:
            database.execute(_copying(database, table, references, unique, copy, lasts))
        database.execute("COMMIT")
    database.execute("ANALYZE")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    count = _one(database, "SELECT COUNT(*) FROM ticket")
    database.close()
    return count


def _copying(
    database: sqlite3.Connection,
    table: str,
    references: dict[str, str],
    unique: tuple[str, ...],
    copy: int,
    lasts: dict[str, int],
) -> str:
    """The statement that copies the first rows of a table once."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    values = []
    for column in columns:
        if column == "id":
            values.append(f"id + {copy * lasts[table]}")
        elif column in references and references[column] in lasts:
            values.append(f"{column} + {copy * lasts[references[column]]}")
        elif column in unique:
            values.append(f"CASE {column} WHEN '' THEN '' ELSE {column} || '#{copy}' END")
        elif column in DUE:
            values.append(f"moved({column}, {CENTURY.days})")
        elif column.endswith(("_at", "_by")) or column == "at":
            values.append(f"moved({column}, {-copy * APART.days})")
        else:
            values.append(column)
    names = ", ".join(columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE id <= {lasts[table]}"


def _moved(instant: str | None, days: int) -> str | None:
    if instant is None:
        return None
    moved = datetime.fromisoformat(instant) + timedelta(days=days)
    return moved.isoformat(timespec="microseconds")


def _one(database: sqlite3.Connection, sql: str) -> int:
    return int(database.execute(sql).fetchone()[0])
