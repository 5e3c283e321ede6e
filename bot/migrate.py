"""Brings a database to the revision that this code needs, and says which one it has.

Alembic and SQLAlchemy take over a second to load, so that only an upgrade loads them: `head` and `current` do without,
and a start that has nothing to upgrade costs one SELECT.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.store import Query, Store, TableMissing, postgresql_dsn, sqlite_path

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"
# Any number, the same for every process: "holdline" in ASCII, as a signed 64-bit integer.
_LOCK = 0x686F6C646C696E65
_REVISION = Query("SELECT version_num FROM alembic_version", scans="one row")


def head() -> str:
    """The newest revision there is. Revisions are numbered: 0001_first_tables.py, 0002_…"""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def current(store: Store) -> str | None:
    """The database's revision; None if it was never migrated."""
    try:
        row = store.read_sync(lambda tx: tx.one(_REVISION))
    except TableMissing:
        return None
    return row.version_num if row else None


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction. Several processes may call this at once: one does it."""
    _move("upgrade", database_url, revision)
    if postgresql_dsn(database_url) is None:
        _into_wal(sqlite_path(database_url))


def downgrade(database_url: str, revision: str) -> None:
    """Take the database back to an older revision; "base" leaves no table. What the newer tables held is lost."""
    _move("downgrade", database_url, revision)


def _move(direction: str, database_url: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with connection(database_url) as opened:
        config.attributes["connection"] = opened
        getattr(command, direction)(config, revision)


def _into_wal(path: Path) -> None:
    """The first change to WAL fails where another connection reads, so it is made before the desk opens any."""
    opened = sqlite3.connect(path)
    # Locked by another process that migrates: then that one is the later, and makes the change.
    with suppress(sqlite3.OperationalError):
        opened.execute("PRAGMA journal_mode = WAL")
    opened.close()


@contextmanager
def connection(database_url: str) -> Iterator[Connection]:
    """A connection for schema changes, closed at the end."""
    from sqlalchemy import NullPool, create_engine, event

    if dsn := postgresql_dsn(database_url):
        engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    else:
        path = sqlite_path(database_url)
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def lock(opened: Connection) -> None:
    """Wait until no other process migrates this database; let go at the end of the transaction."""
    from sqlalchemy import text

    if opened.dialect.name == "postgresql":
        # A table in use must not make every later query on it queue up behind this one.
        opened.execute(text("SET LOCAL lock_timeout = '10s'"))
        opened.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def is_type_changed(context: Any, inspected: Any, column: Any, inspected_type: Any, column_type: Any) -> bool | None:
    """Whether Alembic's comparison sees another type; None leaves it to Alembic.

    SQLite knows our types by their declared names only, which its reflection reads as plain text.
    """
    from bot.tables import Day, Instant

    if context.dialect.name == "sqlite" and isinstance(column_type, Instant | Day):
        return False
    return None


def _leave_transactions_to_us(opened: Any, _: Any) -> None:
    # The driver by itself would commit before each CREATE TABLE, and a crash would leave half a schema.
    opened.isolation_level = None


def _begin(opened: Connection) -> None:
    opened.exec_driver_sql("BEGIN IMMEDIATE")
