"""`holdline statement`: what a client's books say of a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.dates import day
from bot.clock import SystemClock
from bot.errors import UserError
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.store import Tx

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def statement(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's code, such as ACME.")],
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day; the month's first if left out.")
    ] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day; today if left out.")] = "",
) -> None:
    """Print a client's statement: work, units, draws, what is due, balances."""
    period = day(first, "--from"), day(last, "--to")
    settings = load()
    from bot.cli.opening import opened

    now = SystemClock().now()
    with opened(settings) as store:
        typer.echo(store.read_sync(lambda tx: _text(tx, settings, client, period, now)))


def _text(tx: Tx, settings: Settings, code: str, period: tuple[date | None, date | None], now: datetime) -> str:
    from bot import people
    from bot.statement_text import statement_text
    from bot.zones import zone_named

    client = people.client_by_code(tx, code)
    last_on = period[1] or now.astimezone(zone_named(client.zone)).date()
    first_on = period[0] or last_on.replace(day=1)
    if first_on > last_on:
        raise UserError(f"The period begins on {first_on} and ends on {last_on}. Turn the two round.")
    return statement_text(tx, client, first_on=first_on, last_on=last_on, currency=settings.desk.currency)
