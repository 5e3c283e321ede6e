"""`holdline health`: flat plans' fees against the hours they take; a chart of twelve months where one is asked for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def health(
    client: Annotated[str, typer.Argument(metavar="[CLIENT]", help="A client's code; all of them if left out.")] = "",
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="Draw one client's months: a PNG.")
    ] = None,
) -> None:
    """Show whether flat plans pay: fee against hours, reactive against proactive, over twelve months."""
    from bot import pricelist
    from bot.errors import UserError
    from bot.orders.about_health import health_text, healths
    from bot.zones import zone_named

    settings = load()
    today = SystemClock().now().astimezone(zone_named(settings.desk.zone)).date()
    prices = pricelist.load(settings.config_folder)
    with opened(settings) as store:
        found = store.read_sync(lambda tx: healths(tx, prices, client, today=today))
    typer.echo(health_text(found, settings.desk.currency))
    if chart is None:
        return
    if len(found) != 1:
        raise UserError("A chart shows one client. Name it: holdline health ACME --chart acme.png")
    from bot.rendering import draw_health

    picture = asyncio.run(draw_health(found[0], settings.desk.currency))
    if not picture:
        raise UserError("The chart could not be drawn; the figures above are complete.")
    chart.write_bytes(picture)
    typer.echo(f"The chart is in {chart}.")
