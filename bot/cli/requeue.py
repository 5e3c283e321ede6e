"""`holdline requeue`: take a message out of quarantine and receive it again, after an upgrade."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.cli.asking import ask
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def requeue(
    number: Annotated[int, typer.Argument(metavar="N", help="Number of the message, as told to the manager.")],
) -> int:
    """Run a message from quarantine through the desk again."""
    reply = asyncio.run(ask(load(), {"op": "requeue", "number": number}))
    typer.echo(reply["answer"]["text"] if reply.get("answer") else f"Message {number}: {reply['outcome']}.")
    return 0 if reply["outcome"] != "quarantined" else 1
