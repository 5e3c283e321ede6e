"""`holdline rehearse`: a day from a file, played through the real desk with a clock moved by hand.

The desk gets a database, a signing key and an outbox of its own: nothing leaves the house, and the same file on the
same configuration prints the same, byte for byte. With `keep` the database stays at DATABASE_URL; one that has
tickets, or people who are not the example's, is never touched.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from bot import logs, migrate
from bot.errors import UserError
from bot.importing import EXAMPLE, read_file
from bot.queries import importing as import_queries
from bot.queries import rehearsal as queries
from bot.rehearsal.playing import Played, Player
from bot.rehearsal.script import Line, read_script
from bot.rehearsal.stage import Stage
from bot.rendering import draw_invoice, draw_picture, draw_statement, draw_trend
from bot.settings import Settings
from bot.settings.tree import Secret
from bot.store import hold_process_lock, open_store
from bot.wiring import policy

# Signs nothing that leaves the house; fixed, so that two rehearsals give the same codes.
KEY = "a rehearsal signs with this and nothing else"


def rehearse(settings: Settings, file: Path, *, keep: bool) -> int:
    """Play a day and print it. Returns 0, or 1 where an expectation of the file was not met.

    Raises ConfigError with the faults of the file, UserError where `keep` would overwrite a desk in use.
    """
    lines = read_script(file, zone=settings.desk.zone)
    logs.configure(replace(settings.log, level="error"))
    with tempfile.TemporaryDirectory(prefix="holdline-rehearsal-") as folder:
        own = replace(settings, secret=Secret(key=KEY))
        if keep:
            with _emptied(settings):
                played = asyncio.run(_play(own, file, lines, settings.folders.var))
        else:
            url = f"sqlite:///{Path(folder) / 'rehearsal.db'}"
            own = replace(own, database=replace(settings.database, url=url))
            migrate.upgrade(url)
            played = asyncio.run(_play(own, file, lines, Path(folder)))
    print(played.text, end="")
    for missed in played.missed:
        print(f"holdline: {missed}", file=sys.stderr)
    return 1 if played.missed else 0


async def _play(settings: Settings, file: Path, lines: list[Line], folder: Path) -> Played:
    start = next(line.at for line in lines if line.at is not None)
    store = open_store(settings.database_url)
    try:
        stage = Stage(
            store, policy(settings), now=start, folder=folder, draw=draw_trend, render=draw_invoice,
            render_statement=draw_statement, draw_picture=draw_picture,
        )  # fmt: skip
        return await Player(stage, settings.config_folder, file.name).play(lines)
    finally:
        await store.close()


@contextmanager
def _emptied(settings: Settings) -> Iterator[None]:
    """The database at DATABASE_URL without rows; a desk that runs on it, or was used, is refused."""
    with ExitStack() as held:
        if settings.is_sqlite:
            file = settings.database_file
            file.parent.mkdir(parents=True, exist_ok=True)
            held.enter_context(hold_process_lock(file.with_name(file.name + ".lock")))
        _refuse_used(settings)
        migrate.downgrade(settings.database_url, "base")
        migrate.upgrade(settings.database_url)
        yield


def _refuse_used(settings: Settings) -> None:
    """Raises UserError for a database that somebody works with."""
    store = open_store(settings.database_url)
    try:
        if migrate.current(store) is None:
            return
        where = f"{settings.database_file}" if settings.is_sqlite else "the database at DATABASE_URL"
        if store.read_sync(lambda tx: tx.one(queries.ANY_TICKET)) is not None:
            raise UserError(f"{where} has tickets; a rehearsal would overwrite it. Set DATABASE_URL to a new one.")
        example = {
            record.values.get("member_number") or record.values.get("code")
            for record in read_file(settings.config_folder / EXAMPLE)
        }
        rows = store.read_sync(
            lambda tx: [
                *(row.member_number for row in tx.all(import_queries.CONSULTANTS)),
                *(row.code for row in tx.all(import_queries.CLIENTS)),
            ]
        )
        if set(rows) - example:
            raise UserError(f"{where} has people of its own. Set DATABASE_URL to a new one.")
    finally:
        store.close_sync()
