"""What the command line prints from the books: statements and digests, read from the database; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot import digests, people
from bot.clock import SystemClock
from bot.errors import UserError
from bot.notices import Reader
from bot.settings import Settings
from bot.statement_text import month_of
from bot.statement_text import statement_text as stated
from bot.store import Tx, open_store
from bot.wiring import bring_up_to_date
from bot.zones import zone_named


def statement_text(settings: Settings, code: str, *, first_on: date | None, last_on: date | None) -> str:
    """A client's statement of a period; the running month where none is said."""

    def told(tx: Tx) -> str:
        client = people.client_by_code(tx, code)
        first, last = month_of(SystemClock().now().astimezone(zone_named(client.zone)).date())
        return stated(tx, client, first_on=first_on or first, last_on=last_on or last, currency=settings.desk.currency)

    return _read(settings, told)


def digest_text(settings: Settings, *, member_number: str, on: date | None) -> str:
    """A manager's digest of a local day, yesterday's where none is said; nothing is sent."""
    now = SystemClock().now()

    def told(tx: Tx) -> str:
        found = people.managers(tx)
        manager = people.consultant_by_number(tx, member_number) if member_number else next(iter(found), None)
        if manager is None:
            raise UserError(
                "The desk has no manager yet. `holdline import FILE --apply` adds people; `holdline run` loads the"
                " example desk."
            )
        day = on or now.astimezone(zone_named(manager.zone)).date() - timedelta(days=1)
        figures = digests.figures(tx, zone=manager.zone, on=day, now=now)
        return digests.notice(figures, Reader(manager.zone, manager.language), currency=settings.desk.currency).body

    return _read(settings, told)


def _read(settings: Settings, query: Callable[[Tx], str]) -> str:
    bring_up_to_date(settings)
    store = open_store(settings.database_url)
    try:
        return store.read_sync(query)
    finally:
        store.close_sync()
