"""`holdline migrate`: bring the database to this version's tables."""

from __future__ import annotations

import typer

from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def migrate() -> None:
    """Bring the database to this version's tables; safe to repeat."""
    settings = load()
    from bot.migrate import head, upgrade

    upgrade(settings.database_url)
    typer.echo(f"The database is at revision {head()}.")
