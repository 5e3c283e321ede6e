"""What Alembic runs: the connection and the comparison, for upgrades and for writing revisions.

`bot.migrate` hands a connection over; the `alembic` command, used only to write a revision, opens DATABASE_URL.
"""

from __future__ import annotations

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from bot import migrate
from bot.tables import Day, Instant, metadata


def render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own types by their own names, and sqlmodel's string by what it is."""
    if kind != "type":
        return False
    if isinstance(item, Instant | Day):
        return f"{type(item).__name__}()"
    if isinstance(item, AutoString):
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        render_item=render,
        compare_type=migrate.is_type_changed,
    )
    with context.begin_transaction():
        migrate.lock(connection)
        context.run_migrations()


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    with migrate.connection(os.environ["DATABASE_URL"]) as opened:
        run(opened)
