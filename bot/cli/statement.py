"""`holdline statement`: what a client's books say of a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from bot.cli.dates import day, first_day
from bot.errors import UserError
from bot.ledger.credits import anniversary
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def statement(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's code, such as ACME.")],
    month: Annotated[str, typer.Argument(metavar="[MONTH]", help="Such as 2026-11; this month if left out.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day; this month's if left out.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day; this month's if left out.")] = "",
) -> None:
    """Print a client's statement: work, units, draws, what is due, balances."""
    first_on, last_on = day(first, "--from"), day(last, "--to")
    if month and (first_on or last_on):
        raise UserError("Write a month, or --from and --to, not both.")
    if month:
        first_on = first_day(month)
        last_on = anniversary(first_on, 1) - timedelta(days=1)
    if first_on and last_on and first_on > last_on:
        raise UserError(f"The period begins on {first_on} and ends on {last_on}. Turn the two round.")
    settings = load()
    from bot import reports

    typer.echo(reports.statement_text(settings, client, first_on=first_on, last_on=last_on))
