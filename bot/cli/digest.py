"""`holdline digest`: what a manager's morning digest says, without sending it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.dates import day
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def digest(
    manager: Annotated[str, typer.Option("--for", metavar="NUMBER", help="Member number of the manager.")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day it tells of; yesterday if left out.")] = "",
) -> None:
    """Print a manager's digest of a day, as it is sent the morning after; sends nothing."""
    told_on = day(on, "--on")
    settings = load()
    from bot import reports

    typer.echo(reports.digest_text(settings, member_number=manager or settings.desk.manager, on=told_on))
