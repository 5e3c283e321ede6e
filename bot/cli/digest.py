"""`holdline digest`: what a manager's morning digest says, without sending it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.dates import day
from bot.clock import SystemClock
from bot.errors import NotFound
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.store import Row, Tx

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def digest(
    manager: Annotated[str, typer.Option("--for", metavar="NUMBER", help="Member number of the manager.")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day it tells of; yesterday if left out.")] = "",
) -> None:
    """Print a manager's digest of a day, as it is sent the morning after; sends nothing."""
    told_on = day(on, "--on")
    settings = load()
    from bot.cli.opening import opened

    now = SystemClock().now()
    with opened(settings) as store:
        typer.echo(store.read_sync(lambda tx: _text(tx, settings, manager, told_on, now)))


def _text(tx: Tx, settings: Settings, number: str, on: date | None, now: datetime) -> str:
    from bot import digests
    from bot.notices import Reader
    from bot.zones import zone_named

    manager = _manager(tx, number or settings.desk.manager)
    told_on = on or now.astimezone(zone_named(manager.zone)).date() - timedelta(days=1)
    figures = digests.figures(tx, zone=manager.zone, on=told_on, now=now)
    notice = digests.notice(figures, Reader(manager.zone, manager.language, now), currency=settings.desk.currency)
    return f"{notice.subject}\n\n{notice.body}"


def _manager(tx: Tx, number: str) -> Row:
    from bot import people

    if number:
        return people.consultant_by_number(tx, number)
    managers = people.managers(tx)
    if not managers:
        raise NotFound("The desk has no manager. Add one with `holdline import`.")
    return managers[0]
