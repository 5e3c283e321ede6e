"""`holdline bank`: a bank's CSV of what came in; invoices that it pays are settled, the rest is shown."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.settings import load

if TYPE_CHECKING:
    from bot.books import Matched
    from bot.ledger.bankfiles import BankLine
    from bot.policy import Policy
    from bot.store import Tx

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def bank(file: Annotated[Path, typer.Argument(metavar="FILE", help="The bank's CSV.")]) -> None:
    """Book what a bank's CSV says came in, by invoice number and amount; safe to repeat, unmatched lines are shown."""
    from bot import wiring
    from bot.ledger.bankfiles import read_lines, text_of
    from bot.orders.about_bank import told_of

    settings = load()
    lines = read_lines(text_of(file.read_bytes()))
    policy, now = wiring.policy(settings), SystemClock().now()
    with opened(settings) as store:
        done = [store.run_sync(partial(_take, line=line, policy=policy, now=now)) for line in lines]
    for told in told_of(done, policy.currency):
        typer.echo(told)


def _take(tx: Tx, *, line: BankLine, policy: Policy, now: datetime) -> Matched:
    from bot.orders.about_bank import take
    from bot.scene import Scene

    return take(Scene(tx, policy, now, "bank"), line)
