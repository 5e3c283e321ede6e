"""`holdline import`: clients, contacts, consultants and plans from a file; shows what would change, then does it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.plain import counted
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .toml or .csv file.")],
    is_applied: Annotated[
        bool, typer.Option("--apply", help="Make the changes; without it they are only shown.")
    ] = False,
) -> None:
    """Add and change clients, contacts, consultants and plans from a file.

    Shows what would change, and changes it with --apply. Rows and keys that the file leaves out stay as they are.
    config/example-desk.toml shows the form. A CSV file holds one kind of record, its first line names the keys:
    member_number,name … for consultants, code,name … for clients, client,name,email … for contacts.
    """
    settings = load()
    from bot.books import buy_credit
    from bot.cli.opening import opened
    from bot.importing import import_file as carry_out

    with opened(settings) as store:
        changes = carry_out(
            store,
            file,
            now=SystemClock().now(),
            is_applied=is_applied,
            buy_credit=buy_credit,
            digest_time=settings.desk.digest_time,
            language=settings.desk.language,
        )
    for change in changes:
        typer.echo(str(change))
    count = counted(len(changes), "change")
    if not changes:
        typer.echo("Nothing to change: the desk says what the file says.")
    elif is_applied:
        typer.echo(f"{count} made.")
    else:
        typer.echo(f"{count} would be made. Repeat with --apply to make them.")
