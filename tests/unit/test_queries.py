"""Every named statement is one that both databases take, and that an index serves.

A statement that reads a whole table costs 558 ms at a million tickets where an index costs 0.2. One that may, because
its table stays tiny, says so: `Query(…, scans="a few consultants")`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from pathlib import Path

import psycopg
import pytest

import bot
from bot import queries
from bot.store import Query
from bot.store.query import STEADY_TABLES, for_postgresql, parameters
from bot.store.rows import mend_of
from bot.store.sqlite import connect

WRITES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
# `Query(` outside of bot/queries, in modules that own a statement or two themselves.
OWN_STATEMENTS = sorted(
    ".".join(path.relative_to(Path(bot.__path__[0]).parent).with_suffix("").parts)
    for path in Path(bot.__path__[0]).rglob("*.py")
    if "store" not in path.parts and re.search(r"^_?[A-Z_]+ = Query\(", path.read_text(), re.MULTILINE)
)


def every_query() -> list[tuple[str, Query]]:
    """Each statement with the name it has in its module."""
    names = {module.name for module in pkgutil.walk_packages(queries.__path__, "bot.queries.")} | set(OWN_STATEMENTS)
    found = []
    for name in sorted(names):
        module = importlib.import_module(name)
        found += [(f"{name}.{word}", value) for word, value in vars(module).items() if isinstance(value, Query)]
    return found


def sqlite_scans(plan: list[str]) -> list[str]:
    """The lines of a plan that read a whole table, and no index in its order."""
    made = {match[1] for line in plan if (match := re.match(r"(?:MATERIALIZE|CO-ROUTINE) (\S+)", line))}
    return [
        line
        for line in plan
        if (match := re.match(r"SCAN (\S+)", line))
        and match[1] not in made
        and not re.search(r"USING (COVERING )?INDEX|SCAN CONSTANT ROW|SCAN \(|VIRTUAL TABLE", line)
    ]


def declared(parameter: str) -> str:
    """The type that the driver gives a parameter: instants and dates have one, the rest is left to the server."""
    if parameter in ("now", "at", "until", "since") or parameter.endswith(("_at", "_by")):
        return "timestamptz"
    if parameter in ("on", "today") or parameter.endswith("_on"):
        return "date"
    return "unknown"


def test_sqlite_takes_every_statement_and_scans_no_table(sqlite_url: str) -> None:
    connection = connect(Path(sqlite_url.removeprefix("sqlite:///")))
    connection.execute("PRAGMA automatic_index = OFF")
    faults = []
    for name, query in every_query():
        # With foreign keys on, the plan of an insert shows checks that it never makes: a new row has no children.
        connection.execute(f"PRAGMA foreign_keys = {not query.sql.startswith('INSERT')}")
        try:
            rows = connection.execute(f"EXPLAIN QUERY PLAN {query.sqlite}", dict.fromkeys(parameters(query.sql)))
            scans = sqlite_scans([row[3] for row in rows])
        except connection.Error as error:
            faults.append(f"{name}: {error}")
            continue
        if scans and not query.scans:
            faults.append(f"{name}: {scans}")
    connection.close()
    assert not faults, "\n".join(faults)


def test_postgresql_takes_every_statement_and_scans_no_table(postgresql_url: str) -> None:
    faults = []
    with psycopg.connect(postgresql_url, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET plan_cache_mode = force_generic_plan")
        for name, query in every_query():
            names = parameters(query.sql)
            sql = query.postgresql.replace("%%", "%")
            for place, word in enumerate(names, 1):
                sql = sql.replace(f"%({word})s", f"${place}")
            try:
                types = f"({', '.join(map(declared, names))})" if names else ""
                connection.execute(f"PREPARE statement{types} AS {sql}")
                nothing = f"({', '.join('NULL' for _ in names)})" if names else ""
                plan = [row[0] for row in connection.execute(f"EXPLAIN EXECUTE statement{nothing}")]
            except psycopg.Error as error:
                faults.append(f"{name}: {error}")
                continue
            finally:
                connection.execute("DEALLOCATE ALL")
            scans = [line.strip() for line in plan if "Seq Scan" in line]
            if scans and not query.scans:
                faults.append(f"{name}: {scans}")
    assert not faults, "\n".join(faults)


def test_every_typed_column_has_a_name_that_says_its_type(sqlite_url: str) -> None:
    connection = connect(Path(sqlite_url.removeprefix("sqlite:///")))
    faults = []
    for name, query in every_query():
        if not query.sql.startswith(("SELECT", "WITH")):
            continue
        sql = re.sub(r"(?<!:):[A-Za-z_]\w*", "NULL", query.sqlite)
        connection.execute(f"CREATE TEMP VIEW asked AS {sql}")
        for column in connection.execute("PRAGMA table_info(asked)").fetchall():
            if column[2] in ("UTC_TEXT", "DAY_TEXT", "BOOLEAN") and mend_of(column[1]) is None:
                faults.append(f"{name}: {column[1]}")
        connection.execute("DROP VIEW asked")
    connection.close()
    assert not faults, "\n".join(faults)


def test_what_is_answered_from_memory_rests_on_steady_tables_whose_every_change_is_known(sqlite_url: str) -> None:
    connection = connect(Path(sqlite_url.removeprefix("sqlite:///")))
    touched: list[tuple[int, str]] = []

    def note(action: int, table: str | None, *_: str | None) -> int:
        touched.append((action, table or ""))
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    faults = []
    for name, query in every_query():
        touched.clear()
        sql, placed = query.placed
        # Its name keeps the driver from finding a statement of the same words that it knows already.
        connection.execute(f"EXPLAIN {sql} -- {name}", placed(dict.fromkeys(parameters(query.sql))))
        read = {table for action, table in touched if action == sqlite3.SQLITE_READ}
        written = {table for action, table in touched if action in WRITES}
        if query.is_steady and not (read and read <= STEADY_TABLES):
            faults.append(f"{name}: reads {read}")
        if query.writes_steady is not bool(written & STEADY_TABLES):
            faults.append(f"{name}: writes {written}")
    connection.close()
    assert not faults, "\n".join(faults)


def test_parameters_are_put_in_their_places_outside_of_literals_alone() -> None:
    sql, placed = Query("SELECT :a, ':a', :b, :a, \"c:d\"").placed
    assert (sql, placed({"b": 2, "a": 1, "more": 3})) == ("SELECT ?, ':a', ?, ?, \"c:d\"", (1, 2, 1))
    sql, placed = Query("SELECT :a").placed
    assert (sql, placed({"a": 1})) == ("SELECT ?", (1,))
    sql, placed = Query("SELECT 1").placed
    assert (sql, placed({})) == ("SELECT 1", ())


def test_a_statement_without_an_index_is_found(sqlite_url: str) -> None:
    connection = connect(Path(sqlite_url.removeprefix("sqlite:///")))
    plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN SELECT * FROM ticket WHERE subject = 'x'")]
    assert sqlite_scans(plan) == ["SCAN ticket"]
    connection.close()


@pytest.mark.parametrize(
    ("sql", "driver"),
    [
        ("SELECT :a, ':b', \"c:d\", e::text -- :f %", "SELECT %(a)s, ':b', \"c:d\", e::text -- :f %%"),
        ("SELECT 'it''s :x' LIKE '%' || :y", "SELECT 'it''s :x' LIKE '%%' || %(y)s"),
        ("SELECT 5 % 3", "SELECT 5 %% 3"),
    ],
)
def test_names_are_swapped_outside_of_literals_alone(sql: str, driver: str) -> None:
    assert for_postgresql(sql) == driver


def test_locks_are_taken_where_there_are_several_writers_only() -> None:
    query = Query("SELECT 1 FROM client WHERE id = :id {for_update}")
    assert query.sqlite == "SELECT 1 FROM client WHERE id = :id "
    assert query.postgresql == "SELECT 1 FROM client WHERE id = %(id)s FOR NO KEY UPDATE"
    assert Query("SELECT 1 {skip_locked}").postgresql.endswith("FOR NO KEY UPDATE SKIP LOCKED")
