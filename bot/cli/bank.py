"""`holdline bank`: a bank's CSV of what came in; invoices that it pays are settled, the rest is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.money import format_cents
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def bank(file: Annotated[Path, typer.Argument(metavar="FILE", help="The bank's CSV.")]) -> None:
    """Book what a bank's CSV says came in, by invoice number and amount; safe to repeat, unmatched lines are shown."""
    from bot import books, pricelist
    from bot.ledger.bankfiles import read_lines

    settings = load()
    lines = read_lines(file.read_bytes().decode("utf-8", "replace"))
    currency, now = settings.desk.currency, SystemClock().now()
    prices = pricelist.load(settings.config_folder)
    with opened(settings) as store:
        done = [
            store.run_sync(partial(books.take_line, line=line, now=now, currency=currency, prices=prices))
            for line in lines
        ]
    for one in done:
        amount = format_cents(one.line.cents, currency)
        for paid in one.paid:
            typer.echo(f"{one.line.on} {amount}: {paid.number} is settled")
    waiting = [one for one in done if one.line_id is not None and not one.paid and one.line.cents > 0]
    for one in waiting:
        said = f"{one.line.payer}, “{one.line.reference}”" if one.line.payer else f"“{one.line.reference}”"
        typer.echo(
            f"line {one.line_id}: {one.line.on} {format_cents(one.line.cents, currency)} from {said}: {one.reason}"
        )
    matched, before = sum(bool(one.paid) for one in done), sum(one.line_id is None for one in done)
    out = sum(one.line.cents <= 0 and one.line_id is not None for one in done)
    typer.echo(f"{matched} matched, {len(waiting)} not, {before} read before, {out} went out.")
    if waiting:
        typer.echo("`bank match LINE INVOICE` books one, `bank aside LINE -- REASON` sets one aside.")
