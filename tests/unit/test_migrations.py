"""What the migrations make is what `tables` says, to the letter, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, text

from bot import migrate
from bot.store import Store, open_store
from bot.tables import Day, Instant, metadata

SQLITE_SCHEMA = """
SELECT t.name, 'column' AS what, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_schema t
  JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'
UNION ALL SELECT t.name, 'foreign key', f."from", f."table", f."to", f.on_delete, f.on_update FROM sqlite_schema t
  JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
UNION ALL SELECT t.name, 'index', i.name, i."unique", i.partial, c.seqno, c.name FROM sqlite_schema t
  JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) c WHERE t.type = 'table' AND c.key
"""
POSTGRES_SCHEMA = """
SELECT table_name AS place, 'column' AS what, column_name::text AS name, data_type::text AS d1, is_nullable::text AS d2,
       column_default::text AS d3 FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, 'index', indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
"""


@pytest.fixture
def blank_store(blank_url: str) -> Iterator[Store]:
    store = open_store(blank_url)
    yield store
    store.close_sync()


def schema(database_url: str) -> list[tuple[object, ...]]:
    with migrate.connection(database_url) as opened:
        query = SQLITE_SCHEMA if opened.dialect.name == "sqlite" else POSTGRES_SCHEMA
        rows = [tuple(row) for row in opened.execute(text(query)) if row[0] != "alembic_version"]
    # SQLite's unnamed indexes of a UNIQUE are numbered in the order of their making.
    return sorted(rows, key=repr)


def test_the_first_start_knows_that_nothing_was_migrated(blank_store: Store) -> None:
    assert migrate.current(blank_store) is None


def test_an_upgrade_reaches_the_head(blank_url: str, blank_store: Store) -> None:
    migrate.upgrade(blank_url)
    assert migrate.current(blank_store) == migrate.head()


def test_an_upgrade_of_what_is_new_already_changes_nothing(blank_url: str) -> None:
    migrate.upgrade(blank_url)
    before = schema(blank_url)
    migrate.upgrade(blank_url)
    assert schema(blank_url) == before


def test_alembic_finds_no_difference_between_migrations_and_tables(blank_url: str) -> None:
    migrate.upgrade(blank_url)
    with migrate.connection(blank_url) as opened:
        context = MigrationContext.configure(opened, opts={"compare_type": migrate.is_type_changed})
        assert compare_metadata(context, metadata) == []


def test_defaults_checks_and_partial_indexes_are_the_same_too(blank_url: str, request: pytest.FixtureRequest) -> None:
    migrate.upgrade(blank_url)
    made = request.getfixturevalue(f"{blank_url.partition(':')[0]}_url")
    assert schema(blank_url) == schema(made)


def test_the_head_is_the_one_that_alembic_sees() -> None:
    assert ScriptDirectory(str(migrate.FOLDER)).get_current_head() == migrate.head()


def test_a_downgrade_to_nothing_and_back_ends_the_same(blank_url: str) -> None:
    migrate.upgrade(blank_url)
    before = schema(blank_url)
    migrate.downgrade(blank_url, "base")
    assert schema(blank_url) == []
    migrate.upgrade(blank_url)
    assert schema(blank_url) == before


def test_processes_that_migrate_at_once_do_not_fight(blank_url: str, blank_store: Store) -> None:
    code = f"from bot import migrate; migrate.upgrade({blank_url!r})"
    workers = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(2)]
    assert [(worker.wait(), worker.stderr.read()) for worker in workers if worker.stderr] == [(0, b""), (0, b"")]
    assert migrate.current(blank_store) == migrate.head()


def test_a_start_that_has_nothing_to_upgrade_loads_no_alembic(database_url: str) -> None:
    code = (
        "import sys; from bot import migrate; from bot.store import open_store\n"
        f"store = open_store({database_url!r}); assert migrate.current(store) == migrate.head(); store.close_sync()\n"
        "print([name for name in ('alembic', 'sqlalchemy', 'sqlmodel') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_every_column_name_carries_its_type() -> None:
    wrong = []
    for table in metadata.tables.values():
        for column in table.columns:
            name = column.name
            said = (
                datetime
                if name == "at" or name.endswith(("_at", "_by"))
                else date
                if name.endswith("_on")
                else bool
                if name.startswith(("is_", "was_"))
                else None
            )
            kept = {Instant: datetime, Day: date, Boolean: bool}.get(type(column.type))
            if said is not kept:
                wrong.append(f"{table.name}.{name}: {column.type!r}")
    assert wrong == []
