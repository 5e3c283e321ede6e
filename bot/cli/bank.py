"""`holdline bank`: a bank's CSV of what came in; invoices that it pays are settled, the rest is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def bank(file: Annotated[Path, typer.Argument(metavar="FILE", help="The bank's CSV.")]) -> None:
    """Book what a bank's CSV says came in, by invoice number and amount; safe to repeat, unmatched lines are shown."""
    from bot import books, pricelist
    from bot.ledger.bankfiles import read_lines, text_of
    from bot.orders.about_bank import told_of

    settings = load()
    lines = read_lines(text_of(file.read_bytes()))
    currency, now = settings.desk.currency, SystemClock().now()
    prices = pricelist.load(settings.config_folder)
    with opened(settings) as store:
        done = [
            store.run_sync(partial(books.take_line, line=line, now=now, currency=currency, prices=prices))
            for line in lines
        ]
    for told in told_of(done, currency):
        typer.echo(told)
