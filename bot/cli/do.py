"""`holdline do`: a command of the desk, through the console channel."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from bot.cli.asking import ask, hint
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def do(
    words: Annotated[list[str], typer.Argument(metavar="COMMAND...", help='Such as "claim 42"; `help` lists them.')],
    sender: Annotated[str, typer.Option("--as", metavar="NAME", help="Console name of who gives the command.")],
    ticket: Annotated[int | None, typer.Option(metavar="N", help="Ticket, for commands that leave it out.")] = None,
    key: Annotated[str, typer.Option(help="Identity of the command; a repeat under one key changes nothing.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """Give a command of the desk, as NAME would in any channel."""
    request = {"op": "do", "as": sender, "text": " ".join(words), "ticket_id": ticket, "key": key}
    settings = load()
    reply = asyncio.run(ask(settings, request))
    typer.echo(json.dumps(reply, ensure_ascii=False) if as_json else reply["text"])
    if not reply["is_ok"] and (told := hint(settings, sender)):
        typer.echo(told, err=True)
    return 0 if reply["is_ok"] else 1
