"""`holdline restore`: put a backup back in place."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asking import connect
from bot.errors import UserError
from bot.settings import Settings, load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A file that backup wrote.")
    ],
    is_forced: Annotated[bool, typer.Option("--force", help="Overwrite the database that is there.")] = False,
) -> None:
    """Put a backup in place of the desk's database, attachments and key; checks it first."""
    settings = load()
    if asyncio.run(_is_running(settings)):
        raise UserError("A desk runs on this folder. Stop it first.")
    from bot import backups

    kept = backups.restore(settings, file, is_forced=is_forced)
    typer.echo(f"Restored the desk of {kept.made_at}: {kept.contents}.")


async def _is_running(settings: Settings) -> bool:
    streams = await connect(settings)
    if streams is None:
        return False
    streams[1].close()
    return True
