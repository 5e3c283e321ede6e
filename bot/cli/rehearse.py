"""`holdline rehearse`: play a day through the real desk, with a clock moved by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def rehearse(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The day, as JSON lines.")],
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the rehearsed database at DATABASE_URL, to look around in.")
    ] = False,
) -> int:
    """Play a day from a file; print its transcript, bills and digest.

    Messages, commands and clock readings go through the real desk on a fresh database; the same file prints the same.
    """
    settings = load()
    from bot import rehearsal

    return rehearsal.rehearse(settings, file, keep=keep)
