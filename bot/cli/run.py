"""`holdline run`: the desk itself, every role in one process or those that are named."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.starting import start

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def run(
    roles: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROLE]...", help="web, mail, slack, telegram, scheduler, courier, console or worker."),
    ] = None,
) -> int:
    """Run the desk: all roles, or those named.

    Over one PostgreSQL, `run web`, `run mail` and `run worker` share the work. Ctrl-C lets what is under way end.
    """
    return start(roles or [])
