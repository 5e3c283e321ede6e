"""`holdline backup`: database, blobs and signing key into one file, beside a running desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, .tar or .tar.gz.")],
) -> None:
    """Write database, attachments and signing key into one file; safe while the desk runs."""
    settings = load()
    from bot import backups

    kept = backups.backup(settings, file, now=SystemClock().now())
    typer.echo(f"{file}: {kept.contents}, {kept.size_bytes:,} bytes.")
