"""Transactions over SQLite or PostgreSQL: the desk's only way to its rows.

Plain SQL over the databases' own drivers. Public: `open_store`, `Store`, `Tx`, `Row`, `Query` and the errors.
Refuses naive instants, nested transactions, and work on a transaction that has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError, Fault
from bot.store.lanes import StoreClosed
from bot.store.port import ConstraintFailed, Row, Store, StoreAway, StoreFull, StoreLocked, TableMissing, Tx
from bot.store.process_lock import AlreadyServed, ProcessLock, hold_process_lock
from bot.store.query import Query

__all__ = [
    "AlreadyServed",
    "ConstraintFailed",
    "ProcessLock",
    "Query",
    "Row",
    "Store",
    "StoreAway",
    "StoreClosed",
    "StoreFull",
    "StoreLocked",
    "TableMissing",
    "Tx",
    "hold_process_lock",
    "open_store",
    "postgresql_dsn",
    "sqlite_path",
    "unserved",
]


def open_store(database_url: str) -> Store:
    """The store that the URL names; it connects at the first use. Raises ConfigError for any other URL."""
    # Only the driver that is used is loaded: the other would cost every start its time and memory.
    if (dsn := postgresql_dsn(database_url)) is not None:
        from bot.store.postgres import open_postgres

        return open_postgres(dsn)
    from bot.store.sqlite import open_sqlite

    return open_sqlite(sqlite_path(database_url))


@contextmanager
def unserved(database_url: str) -> Iterator[None]:
    """As long as nobody serves the database, so that it may be replaced as a whole. Raises AlreadyServed.

    Several processes may serve one on PostgreSQL, on any machine: there the server knows who is connected.
    """
    if (dsn := postgresql_dsn(database_url)) is None:
        path = sqlite_path(database_url)
        with hold_process_lock(path.with_name(path.name + ".lock")):
            yield
        return
    from bot.store.others import count_others

    if others := count_others(dsn):
        raise AlreadyServed(
            f"The desk's processes are connected to this database ({others} times). Stop them all first, then repeat."
        )
    yield


def postgresql_dsn(database_url: str) -> str | None:
    """The URL in the driver's notation, options such as `?sslmode=` kept; None if it names no PostgreSQL."""
    scheme, separator, rest = database_url.partition("://")
    if separator and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql://{rest}"
    return None


def sqlite_path(database_url: str) -> Path:
    """The file of `sqlite:///relative/path` or `sqlite:////absolute/path`. Raises ConfigError otherwise."""
    scheme, _, path = database_url.partition(":///")
    if scheme != "sqlite" or not path or path.startswith(":memory:"):
        raise ConfigError(
            [
                Fault(
                    file="environment",
                    key="DATABASE_URL",
                    problem="names neither a SQLite file nor a PostgreSQL database",
                    remedy="Write sqlite:///var/holdline.db or postgresql://USER:PASSWORD@HOST/NAME",
                )
            ]
        )
    return Path(path)
