"""Who else is connected to a database on PostgreSQL: what replaces it as a whole may do so under nobody."""

from __future__ import annotations

from contextlib import closing

import psycopg

from bot.store.postgres import APPLICATION, connect, fact_of

LOOKS_MAX = 10
_OTHERS = (
    "SELECT count(*) AS others FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = %s AND pid <> pg_backend_pid()"
)


def count_others(dsn: str) -> int:
    """How many connections the desk's processes hold to this database, but for the one that asks."""
    try:
        with closing(connect(dsn)) as connection:
            others = 0
            for _ in range(LOOKS_MAX):
                row = connection.execute(_OTHERS, (APPLICATION,)).fetchone()
                others = row.others if row is not None else 0
                if not others:
                    break
                # One that was closed a moment ago is still listed.
                connection.execute("SELECT pg_sleep(0.1)")
            return int(others)
    except psycopg.Error as error:
        raise fact_of(error) from error
