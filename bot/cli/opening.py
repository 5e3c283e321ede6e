"""The database for commands that need no doors: opened at this version's revision, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings
from bot.store import Store, open_store


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store; SQLite is migrated first, of an old PostgreSQL a UserError says so."""
    from bot import wiring

    wiring.bring_up_to_date(settings)
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close_sync()
