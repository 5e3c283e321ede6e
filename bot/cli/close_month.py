"""`holdline close-month`: every client's month, one transaction each; a run that was killed can be repeated."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from bot.cli.dates import first_day
from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.errors import UserError
from bot.money import format_cents
from bot.plain import counted
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def close_month(month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2026-11.")]) -> None:
    """Invoice a month's work of every client and lock the month; safe to repeat."""
    from bot import books
    from bot.queries import people as people_queries

    first_on = first_day(month)
    settings, now = load(), SystemClock().now()
    with opened(settings) as store:
        clients = store.read_sync(lambda tx: tx.all(people_queries.CLIENTS))
        early = [client.code for client in clients if not books.is_over(client, first_on, now=now)]
        if early:
            raise UserError(f"{month} is not over yet for {', '.join(early)}.")
        with typer.progressbar(clients, label=f"Closing {month}") as bar:
            done = [
                (client, store.run_sync(partial(books.close_month, client_id=client.id, month=first_on, now=now)))
                for client in bar
            ]
    for client, closed in done:
        if closed.issued is not None:
            amount = format_cents(closed.issued.gross_cents, settings.desk.currency)
            typer.echo(f"{client.code}: {closed.issued.number}, {amount}, due {closed.issued.due_on}")
    before = sum(closed.was_closed for _, closed in done)
    typer.echo(
        f"{month} is closed for {counted(len(done), 'client')}" + (f", {before} of them before." if before else ".")
    )
