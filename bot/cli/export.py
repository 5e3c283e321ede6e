"""`holdline export`: the books in a form that other programs load and check."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.errors import UserError
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="hledger, beancount or csv.")] = "hledger",
) -> None:
    """Print the books for hledger, beancount or a spreadsheet, with the kept balances as assertions."""
    from bot.exporting import FORMATS
    from bot.exporting import export as exported

    if form not in FORMATS:
        raise UserError(f"--format: {form!r} is not known. Write one of {', '.join(FORMATS)}.")
    settings = load()
    with opened(settings) as store:
        lines = store.read_sync(lambda tx: list(exported(tx, form, currency=settings.desk.currency)))
    sys.stdout.writelines(f"{line}\n" for line in lines)
