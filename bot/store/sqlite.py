"""SQLite behind a store: connections, transactions, and the threads that serve them.

One connection writes, in turns (see sqlite_writer and sqlite_batch), a few threads read on connections that cannot
write. Every transaction is `BEGIN IMMEDIATE` in WAL with `synchronous=FULL`: with the driver's default, SQLite loses
updates silently.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from bot.store.lanes import Lanes, release
from bot.store.port import ConstraintFailed, Row, Store, StoreAway, StoreFull, StoreLocked, TableMissing
from bot.store.query import Kept, Query, insert_sql
from bot.store.rows import instant_text, row_maker, storable
from bot.store.sqlite_batch import Batches
from bot.store.sqlite_writer import Writer

BUSY_SECONDS = 5.0
READERS = 3

_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_AWAY = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def fact_of(error: sqlite3.Error) -> Exception:
    """The store's own error for the driver's; a fault of the statement itself stays what it is."""
    # The low byte is the cause, the rest its detail.
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if isinstance(error, sqlite3.IntegrityError):
        return ConstraintFailed(str(error))
    if code in _LOCKED:
        return StoreLocked(str(error))
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(str(error))
    if code in _AWAY:
        return StoreAway(str(error))
    # SQLite has no code of its own for this one.
    if str(error).startswith("no such table"):
        return TableMissing(str(error))
    return error


def connect(path: Path, *, is_reader: bool = False, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection as the desk uses them all. One thread at a time may use it."""
    sqlite3.register_adapter(datetime, instant_text)
    sqlite3.register_adapter(date, date.isoformat)
    # Values come back as they are kept; rows mend them by the columns' names, which costs half of the driver's own way.
    connection = sqlite3.connect(
        path, timeout=busy_seconds, isolation_level=None, cached_statements=512, check_same_thread=False
    )
    if not is_reader:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # What a savepoint may have to undo is noted beside the database; beyond 64 KB it would go through a file.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA foreign_keys = ON")
    # As on PostgreSQL; and an index serves LIKE 'abc%' only so.
    connection.execute("PRAGMA case_sensitive_like = ON")
    if is_reader:
        connection.execute("PRAGMA query_only = ON")
    return connection


class SqliteTx:
    """A transaction on SQLite (see port.Tx)."""

    __slots__ = ("_connection", "_execute", "_kept")

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection, kept: Kept) -> None:
        self._connection = connection
        self._execute: Callable[..., sqlite3.Cursor] = connection.execute
        self._kept = kept

    def one(self, query: Query, /, **params: object) -> Row | None:
        if query.is_steady and (key := (query, *params.items())) in self._kept:
            return self._kept[key]
        self._kept.note(query)
        try:
            sql, placed = query.placed
            cursor = self._execute(sql, placed(params))
            # Two, so that a statement of one row runs to its end before the COMMIT.
            rows = cursor.fetchmany(2)
        except (sqlite3.Error, UnicodeEncodeError) as error:
            return self._again(error, self.one, query, params)
        found = _maker(query, cursor)(rows[0]) if rows else None
        if query.is_steady:
            self._kept[key] = found
        return found

    def all(self, query: Query, /, **params: object) -> list[Row]:
        if query.is_steady and (key := (query, "all", *params.items())) in self._kept:
            return list(self._kept[key])
        self._kept.note(query)
        try:
            sql, placed = query.placed
            cursor = self._execute(sql, placed(params))
            rows = cursor.fetchall()
        except (sqlite3.Error, UnicodeEncodeError) as error:
            return self._again(error, self.all, query, params)  # type: ignore[no-any-return]
        found = list(map(_maker(query, cursor), rows)) if rows else rows
        if query.is_steady:
            self._kept[key] = list(found)
        return found

    def run(self, query: Query, /, **params: object) -> int:
        self._kept.note(query)
        try:
            sql, placed = query.placed
            return self._execute(sql, placed(params)).rowcount
        except (sqlite3.Error, UnicodeEncodeError) as error:
            return self._again(error, self.run, query, params)  # type: ignore[no-any-return]

    def insert(self, table: str, /, **values: object) -> int:
        self._kept.note_insert(table)
        try:
            row_id = self._execute(_insert_sql(table, tuple(values)), tuple(values.values())).lastrowid
        except (sqlite3.Error, UnicodeEncodeError) as error:
            return self._again(error, self.insert, table, values)  # type: ignore[no-any-return]
        assert row_id is not None
        return row_id

    def insert_many(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        for row in rows:
            self.insert(table, **row)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._command("SAVEPOINT inside")
        try:
            yield
        except BaseException:
            self._kept.clear()
            # A full disk ends the whole transaction, and the savepoint with it.
            if self._connection.in_transaction:
                self._command("ROLLBACK TO inside")
                self._command("RELEASE inside")
            raise
        self._command("RELEASE inside")

    def end(self) -> None:
        """Let nothing more happen through this object."""
        self._execute = _refuse_ended

    def _command(self, sql: str) -> None:
        try:
            self._execute(sql)
        except sqlite3.Error as error:
            raise self._fact(error) from error

    def _again(self, error: Exception, method: Callable[..., Any], subject: Any, params: Mapping[str, object]) -> Any:
        """Once more with text that can be stored, if that was the fault; else raise what the error means."""
        if isinstance(error, UnicodeEncodeError):
            return method(subject, **storable(params))
        assert isinstance(error, sqlite3.Error)
        raise self._fact(error) from error

    def _fact(self, error: sqlite3.Error) -> Exception:
        if not self._connection.in_transaction:
            # SQLite rolled everything back. Whatever the unit did next would commit by itself, statement by statement.
            self._execute = _refuse_lost
        return fact_of(error)


@cache
def _insert_sql(table: str, columns: tuple[str, ...]) -> str:
    # The driver looks each named parameter up by walking through all of them.
    return insert_sql(table, columns, ["?"] * len(columns))


def _maker(query: Query, cursor: sqlite3.Cursor) -> Callable[[Sequence[Any]], Row]:
    """What makes a row of this statement's values; its columns are the same for ever."""
    if query.row_of is None:
        query.row_of = row_maker(tuple(column[0] for column in cursor.description))
    return query.row_of


def _refuse_ended(*_: object) -> sqlite3.Cursor:
    raise RuntimeError("this transaction has ended; open another")


def _refuse_lost(*_: object) -> sqlite3.Cursor:
    raise StoreAway("the database rolled this transaction back")


def open_sqlite(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Store:
    """A store over one file. The file is opened at the first use, and made if it is not there."""
    writes, reads = Lanes(), Lanes()
    opener = partial(connect, path, busy_seconds=busy_seconds)
    writer = Writer(writes, Batches(opener, busy_seconds=busy_seconds, begin=SqliteTx, fact_of=fact_of))
    threads = [
        threading.Thread(target=writer.serve, name="store-writer", daemon=True),
        threading.Thread(target=writer.serve_commits, name="store-commits", daemon=True),
    ]
    for number in range(READERS):
        reader = _Reader(lambda: connect(path, is_reader=True, busy_seconds=busy_seconds), reads)
        threads.append(threading.Thread(target=reader.serve, name=f"store-reader-{number}", daemon=True))
    return Store("sqlite", writes=writes, reads=reads, threads=threads, is_inside=lambda: writer.is_inside)


class _Reader:
    """Answers reads, each on a snapshot of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], lanes: Lanes) -> None:
        self._connect = connect
        self._lanes = lanes
        self._connection: sqlite3.Connection | None = None

    def serve(self) -> None:
        while (waiting := self._lanes.take()) is not None:
            try:
                waiting.result = self._answer(waiting.unit)
            except sqlite3.Error as error:
                waiting.error = fact_of(error)
            except BaseException as error:
                waiting.error = error
            release((waiting,))
        if self._connection is not None:
            self._connection.close()

    def _answer(self, query: Callable[[SqliteTx], Any]) -> Any:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.execute("BEGIN")
        tx = SqliteTx(self._connection, Kept())
        try:
            return query(tx)
        finally:
            tx.end()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
