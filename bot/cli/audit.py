"""`holdline audit`: are the books what was posted?"""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.plain import counted
from bot.settings import load
from bot.store import Tx

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def audit(
    client: Annotated[str, typer.Argument(metavar="[CLIENT]", help="A client's code; all of them if left out.")] = "",
) -> int:
    """Prove the books: every charge from its evidence, every balance from postings, every chain; name what differs."""
    from bot import books, people
    from bot.queries import people as people_queries

    def look(tx: Tx) -> tuple[list[str], str]:
        rows = [people.client_by_code(tx, client)] if client else tx.all(people_queries.CLIENTS)
        faults = [f"{row.code}: {fault}" for row in rows for fault in books.audit(tx, row.id)]
        faults += [] if client else books.desk_faults(tx) + books.trial_faults(tx) + books.root_faults(tx)
        root = books.root(tx)
        entries = counted(root.entries, "entry", "entries")
        return faults, f"{entries} of {counted(root.clients, 'client')}, root {root.hash}"

    with opened(load()) as store:
        faults, proven = store.read_sync(look)
    if not faults:
        typer.echo(f"The books are sound: {proven}.")
        return 0
    typer.echo(f"The first that differs: {faults[0]}")
    for fault in faults[1:]:
        typer.echo(f"  then {fault}")
    return 1
