"""PostgreSQL behind a store: four threads with a connection each, the same contract as on SQLite.

READ COMMITTED; a unit that meets a stale version, a serialisation failure or a deadlock runs again, at most three
times. Connections open at the first unit, and again after the server was away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8Dumper

from bot.errors import StaleVersion
from bot.store.lanes import Lanes, Waiting, release
from bot.store.port import ConstraintFailed, Row, Store, StoreAway, StoreFull, StoreLocked, TableMissing
from bot.store.query import Kept, Query, insert_sql
from bot.store.rows import refuse_naive, storable

CONNECTIONS = 4
RERUNS_MAX = 3
# By this the server knows the desk's connections.
APPLICATION = "holdline"

_SESSION = (
    "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET statement_timeout = '60s';"
    " SET idle_in_transaction_session_timeout = '60s'; SET default_transaction_isolation = 'read committed'"
)
_LOCKED = frozenset({"55P03", "57014"})
_STALE = frozenset({"40001", "40P01"})


def fact_of(error: psycopg.Error) -> Exception:
    """The store's own error for the driver's; a fault of the statement itself stays what it is."""
    state = error.sqlstate or ""
    if state.startswith("23"):
        return ConstraintFailed(str(error))
    if state in _STALE:
        return StaleVersion(str(error))
    if state in _LOCKED:
        return StoreLocked(str(error))
    if state == "42P01":
        return TableMissing(str(error))
    if state == "53100":
        return StoreFull(str(error))
    # 08 connection, 53 resources, 57P operator, 58 system; without a state, the driver lost the server.
    if state.startswith(("08", "53", "57P", "58")) or (not state and isinstance(error, psycopg.OperationalError)):
        return StoreAway(str(error))
    return error


class _UtcLoader(TimestamptzLoader):
    """Instants with the zone that the whole desk uses, not a namesake of it."""

    def load(self, data: Buffer) -> datetime:
        return super().load(data).astimezone(UTC)


class _NumberLoader(psycopg.adapt.Loader):
    """The desk keeps no decimals: a sum of integers is an integer, an average a float, as on SQLite."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text or b"N" in text else int(text)


def connect(dsn: str) -> psycopg.Connection[Any]:
    """A connection as the desk uses them all: statements are prepared at first use, rows have names."""
    connection = psycopg.connect(
        dsn,
        autocommit=True,
        row_factory=namedtuple_row,
        prepare_threshold=0,
        connect_timeout=5,
        application_name=APPLICATION,
    )
    connection.prepared_max = 1_000
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_loader("timestamptz", _UtcLoader)
    connection.adapters.register_loader("numeric", _NumberLoader)
    connection.execute(_SESSION, prepare=False)
    return connection


class PostgresTx:
    """A transaction on PostgreSQL (see port.Tx)."""

    __slots__ = ("_connection", "_execute", "_kept")

    dialect = "postgresql"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._execute: Callable[..., psycopg.Cursor[Any]] = connection.execute
        self._kept = Kept()

    def one(self, query: Query, /, **params: object) -> Row | None:
        if query.is_steady and (key := (query, *params.items())) in self._kept:
            return self._kept[key]
        self._note(query)
        found: Row | None = self._carry_out(query.postgresql, params).fetchone()
        if query.is_steady:
            self._kept[key] = found
        return found

    def all(self, query: Query, /, **params: object) -> list[Row]:
        if query.is_steady and (key := (query, "all", *params.items())) in self._kept:
            return list(self._kept[key])
        self._note(query)
        found: list[Row] = self._carry_out(query.postgresql, params).fetchall()
        if query.is_steady:
            self._kept[key] = list(found)
        return found

    def run(self, query: Query, /, **params: object) -> int:
        self._note(query)
        return self._carry_out(query.postgresql, params).rowcount

    def insert(self, table: str, /, **values: object) -> int:
        self._kept.note_insert(table)
        row = self._carry_out(_insert_sql(table, tuple(values)) + " RETURNING id", values).fetchone()
        assert row is not None
        return int(row.id)

    def insert_many(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        self._kept.note_insert(table)
        for row in rows:
            refuse_naive(row)
        sql = _insert_sql(table, tuple(rows[0]))
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql, [storable(row) for row in rows])
        except psycopg.Error as error:
            raise fact_of(error) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._carry_out("SAVEPOINT inside")
        try:
            yield
        except BaseException:
            self._kept.clear()
            if self._connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                _take_back(self._connection, b"ROLLBACK TO inside")
                self._carry_out("RELEASE inside")
            raise
        self._carry_out("RELEASE inside")

    def end(self) -> None:
        """Let nothing more happen through this object."""
        self._execute = _refuse_ended

    def _note(self, query: Query) -> None:
        if query.locks:
            # What is locked is to be read anew: others may have changed it before the lock.
            self._kept.clear()
        self._kept.note(query)

    def _carry_out(self, sql: str, params: Mapping[str, object] | None = None) -> psycopg.Cursor[Any]:
        if params:
            refuse_naive(params)
        try:
            return self._execute(sql, params)
        except (psycopg.DataError, UnicodeEncodeError) as error:
            # Without a state the driver refused to send it, and the transaction lives: NUL, or half characters.
            if getattr(error, "sqlstate", None) or not params:
                raise
        except psycopg.Error as error:
            raise fact_of(error) from error
        try:
            return self._execute(sql, storable(params))
        except psycopg.Error as error:
            raise fact_of(error) from error


@cache
def _insert_sql(table: str, columns: tuple[str, ...]) -> str:
    return insert_sql(table, columns, [f"%({column})s" for column in columns])


def _take_back(connection: psycopg.Connection[Any], command: bytes = b"ROLLBACK") -> None:
    """Roll back. Not by `execute`, which has every statement prepared anew after it, as if tables were gone."""
    result = connection.pgconn.exec_(command)
    if result.status != ExecStatus.COMMAND_OK:
        raise fact_of(psycopg.OperationalError(result.error_message.decode(errors="replace")))


def _refuse_ended(*_: object) -> psycopg.Cursor[Any]:
    raise RuntimeError("this transaction has ended; open another")


def open_postgres(dsn: str) -> Store:
    """A store over one server. Connects at the first use."""
    lanes = Lanes()
    threads = []
    for number in range(CONNECTIONS):
        # One connection is kept for doors, so that people never wait behind batch work alone.
        worker = _Worker(dsn, lanes, is_doors_only=number == 0)
        threads.append(threading.Thread(target=worker.serve, name=f"store-{number}", daemon=True))
    return Store("postgresql", writes=lanes, reads=lanes, threads=threads)


class _Worker:
    """Serves the lanes, one unit at a time, with one connection."""

    def __init__(self, dsn: str, lanes: Lanes, *, is_doors_only: bool) -> None:
        self._dsn = dsn
        self._lanes = lanes
        self._is_doors_only = is_doors_only
        self._connection: psycopg.Connection[Any] | None = None

    def serve(self) -> None:
        while (waiting := self._lanes.take(is_doors_only=self._is_doors_only)) is not None:
            try:
                self._answer(waiting)
            except psycopg.Error as error:
                waiting.error = fact_of(error)
            except BaseException as error:
                waiting.error = error
            release((waiting, *self._put_off(waiting)))
        self._let_go()

    def _put_off(self, failed: Waiting) -> list[Waiting]:
        """Who waits behind a unit that met a lock: told the same now, before they hang up and come on top of it."""
        if failed.is_batch or not isinstance(failed.error, StoreLocked):
            return []
        behind = self._lanes.take_door_writes()
        for waiting in behind:
            waiting.error = failed.error
        return behind

    def _answer(self, waiting: Waiting) -> None:
        for attempt in range(RERUNS_MAX + 1):
            connection = self._connection or connect(self._dsn)
            self._connection = connection
            try:
                waiting.result = self._attempt(connection, waiting)
                return
            except StaleVersion:
                if attempt == RERUNS_MAX:
                    raise
            except _LostBeforeCommit as lost:
                # The server went away and may be back. Nothing was committed, so the unit can run again.
                self._let_go()
                if attempt == RERUNS_MAX:
                    raise lost.fact from lost
            finally:
                if connection.closed:
                    self._let_go()

    def _attempt(self, connection: psycopg.Connection[Any], waiting: Waiting) -> Any:
        tx = PostgresTx(connection)
        try:
            connection.execute(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if waiting.is_read else "BEGIN", prepare=False
            )
            result = waiting.unit(tx)
        except BaseException as error:
            if connection.closed:
                fact = fact_of(error) if isinstance(error, psycopg.Error) else error
                raise _LostBeforeCommit(fact) from error
            _take_back(connection)
            raise
        finally:
            tx.end()
        return self._commit(connection, result)

    def _commit(self, connection: psycopg.Connection[Any], result: Any) -> Any:
        if connection.info.transaction_status == TransactionStatus.INERROR:
            _take_back(connection)
            raise RuntimeError("the unit went on after a failed statement; only a savepoint allows that")
        try:
            connection.execute("COMMIT", prepare=False)
        except psycopg.Error as error:
            raise fact_of(error) from error
        return result

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _LostBeforeCommit(Exception):
    """The connection broke while the unit ran."""

    def __init__(self, fact: BaseException) -> None:
        super().__init__(str(fact))
        self.fact = fact
