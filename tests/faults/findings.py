"""Reads a desk's database as an auditor would: what is missing, doubled or half-written.

Speaks SQL of its own over the plain drivers, so that no fault of the store can hide itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bot.store import postgresql_dsn, sqlite_path

NUMBERED = {"email": "Mail number", "slack": "Slack number", "telegram": "Telegram number"}


@contextlib.contextmanager
def connected(database_url: str) -> Iterator[Any]:
    """A connection beside the desk's own."""
    dsn = postgresql_dsn(database_url)
    if dsn is not None:
        with psycopg.connect(dsn, autocommit=True) as opened:
            yield opened
        return
    with contextlib.closing(sqlite3.connect(sqlite_path(database_url), timeout=30, isolation_level=None)) as opened:
        yield opened


@contextlib.contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Somebody else holds what every intake needs."""
    with connected(database_url) as opened:
        if database_url.startswith("sqlite"):
            opened.execute("BEGIN IMMEDIATE")
        else:
            opened.execute("BEGIN")
            opened.execute("LOCK TABLE inbound IN EXCLUSIVE MODE")
        yield
        opened.execute("ROLLBACK")


def rows(database_url: str, sql: str) -> list[tuple[Any, ...]]:
    """Whatever a statement gives."""
    with connected(database_url) as opened:
        return list(opened.execute(sql).fetchall())


def change(database_url: str, sql: str) -> int:
    """Carry out a statement; returns how many rows it touched."""
    with connected(database_url) as opened:
        return int(opened.execute(sql).rowcount)


def pass_time(database_url: str, column: str, *, where: str = "") -> int:
    """Let what falls due in a column, such as `delivery.due_at`, have fallen due long ago."""
    table, _, name = column.partition(".")
    then = "'2026-01-01T00:00:00.000000+00:00'"
    return change(
        database_url, f"UPDATE {table} SET {name} = {then} WHERE {name} IS NOT NULL {where and 'AND ' + where}"
    )


def kept(database_url: str, channel: str) -> Counter[int]:
    """How often each numbered message of a channel stands on a ticket."""
    found: Counter[int] = Counter()
    pattern = re.compile(rf"{NUMBERED[channel]} (\d+)")
    sql = f"SELECT body_text FROM message WHERE channel = '{channel}' AND direction = 'in'"
    for (text,) in rows(database_url, sql):
        match = pattern.search(text)
        if match is not None:
            found[int(match[1])] += 1
    return found


def half_written(database_url: str, blobs: Path) -> list[str]:
    """Every trace of a unit that is there in part. Empty for a sound database."""
    return [
        f"{what}: {found}" for what, sql in _MUST_BE_EMPTY.items() if (found := rows(database_url, sql)[:5])
    ] + _missing_blobs(database_url, blobs)


_MUST_BE_EMPTY = {
    "inbound without outcome": "SELECT id, channel, key FROM inbound WHERE outcome = ''",
    "taken, and on no ticket": (
        "SELECT id, channel FROM inbound WHERE outcome IN ('opened', 'joined') AND (ticket_id IS NULL OR"
        " NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = inbound.ticket_id))"
    ),
    "inbound without exactly one message": (
        "SELECT i.id FROM inbound i LEFT JOIN message m ON m.inbound_id = i.id WHERE i.outcome IN ('opened', 'joined')"
        " GROUP BY i.id HAVING count(m.id) <> 1"
    ),
    "message without its inbound, or on another ticket": (
        "SELECT m.id FROM message m LEFT JOIN inbound i ON i.id = m.inbound_id WHERE m.direction = 'in'"
        " AND (i.id IS NULL OR i.ticket_id <> m.ticket_id)"
    ),
    "message without the name it is answered by": (
        "SELECT m.id FROM message m WHERE m.direction = 'in' AND m.remote_id <> '' AND NOT EXISTS (SELECT 1"
        " FROM message_ref r WHERE r.ticket_id = m.ticket_id AND r.channel = m.channel AND r.remote_id = m.remote_id)"
    ),
    "ticket without message": (
        "SELECT t.id FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket_id = t.id)"
    ),
    "ticket not opened exactly once": (
        "SELECT t.id FROM ticket t LEFT JOIN event e ON e.ticket_id = t.id AND e.kind = 'opened'"
        " GROUP BY t.id HAVING count(e.id) <> 1"
    ),
    "ticket not triaged": (
        "SELECT t.id FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id"
        " AND e.kind = 'triaged')"
    ),
    "requester not told exactly once": (
        "SELECT t.id FROM ticket t LEFT JOIN delivery d ON d.ticket_id = t.id AND d.kind = 'received'"
        " GROUP BY t.id HAVING count(d.id) <> 1"
    ),
    "client's ticket that nobody was asked to take": (
        "SELECT t.id FROM ticket t WHERE t.client_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM offer o WHERE o.ticket_id = t.id)"
    ),
    "offer that nobody was told of": (
        "SELECT o.id FROM offer o WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.ticket_id = o.ticket_id"
        " AND d.consultant_id = o.consultant_id AND d.kind IN ('offered', 'asked_again'))"
    ),
    "open ticket that would fall silent": (
        "SELECT t.id FROM ticket t WHERE t.state IN ('held', 'offered') AND t.step_at IS NULL"
    ),
    "claimed other than once": (
        "SELECT t.id FROM ticket t LEFT JOIN event e ON e.ticket_id = t.id AND e.kind = 'claimed'"
        " WHERE t.state = 'claimed' GROUP BY t.id HAVING count(e.id) <> 1"
    ),
    "requester told twice of a claim": (
        "SELECT ticket_id FROM delivery WHERE kind = 'claimed' GROUP BY ticket_id HAVING count(*) > 1"
    ),
    "claim that the requester was not told of": (
        "SELECT e.ticket_id FROM event e WHERE e.kind = 'claimed' AND NOT EXISTS"
        " (SELECT 1 FROM delivery d WHERE d.ticket_id = e.ticket_id AND d.kind = 'claimed')"
    ),
    "hold that lapsed twice": (
        "SELECT ticket_id FROM event WHERE kind = 'hold lapsed' GROUP BY ticket_id HAVING count(*) > 1"
    ),
    "asked twice at one step": (
        "SELECT ticket_id, consultant_id, channel FROM delivery WHERE kind = 'offered'"
        " GROUP BY ticket_id, consultant_id, channel HAVING count(*) > 1"
    ),
    "settled and still due": "SELECT id FROM delivery WHERE state IN ('sent', 'dead') AND due_at IS NOT NULL",
    "attachment without size": "SELECT id FROM attachment WHERE size_bytes = 0 OR sha256 = ''",
}


def _missing_blobs(database_url: str, blobs: Path) -> list[str]:
    """Names of bytes whose bytes are not there, or are others."""
    named = {sha for (sha,) in rows(database_url, "SELECT raw_sha256 FROM inbound WHERE raw_sha256 <> ''")}
    named |= {sha for (sha,) in rows(database_url, "SELECT sha256 FROM attachment")}
    present = {sha for (sha,) in rows(database_url, "SELECT sha256 FROM blob")}
    missing = []
    for sha in named - present:
        path = blobs / sha[:2] / sha[2:]
        if not path.is_file():
            missing.append(f"blob {sha} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            missing.append(f"blob {sha} has other bytes")
    return missing
