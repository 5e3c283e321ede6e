"""`holdline balance`: every kept balance, account by account, as the exports name them."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.settings import load
from bot.store import Tx

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def balance(
    client: Annotated[str, typer.Argument(metavar="[CLIENT]", help="A client's code; all of them if left out.")] = "",
) -> None:
    """Print the kept balances of a client or of all, account by account; what is zero is left out."""
    from bot import people
    from bot.exporting import Kept, kept_balances

    settings = load()

    def look(tx: Tx) -> list[Kept]:
        client_id = people.client_by_code(tx, client).id if client else None
        return kept_balances(tx, currency=settings.desk.currency, client_id=client_id)

    with opened(settings) as store:
        kept = store.read_sync(look)
    if not kept:
        typer.echo("Nothing has been posted yet, so every balance is zero.")
    wide = max((len(one.account) for one in kept), default=0)
    for one in kept:
        typer.echo(f"{one.account.ljust(wide)}  {one.quantity:>14} {one.commodity}")
