"""`holdline say`: a contact's message, through the console channel."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from bot.cli.asking import ask, hint
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What the contact writes; - reads it from standard input.")],
    sender: Annotated[str, typer.Option("--from", metavar="NAME", help="The contact's console name.")],
    subject: Annotated[str, typer.Option(help="Subject of a new ticket.")] = "",
    answers: Annotated[str, typer.Option(metavar="ID", help="Id of the console message this one answers.")] = "",
    key: Annotated[str, typer.Option(help="Identity of the message; a repeat under one key changes nothing.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
) -> int:
    """Give the desk a message, as the contact NAME would write it."""
    request = {
        "op": "say",
        "from": sender,
        "text": sys.stdin.read() if text == "-" else text,
        "subject": subject,
        "answers": answers,
        "key": key,
    }
    settings = load()
    reply = asyncio.run(ask(settings, request))
    typer.echo(json.dumps(reply, ensure_ascii=False) if as_json else _sentence(reply))
    if told := hint(settings, sender):
        typer.echo(told, err=True)
    return 1 if reply["outcome"] == "quarantined" else 0


def _sentence(reply: dict[str, object]) -> str:
    answer = reply.get("answer")
    if isinstance(answer, dict):
        return str(answer["text"])
    ticket = reply.get("ticket_id")
    what = {"opened": f"Ticket {ticket} opened", "joined": f"Added to ticket {ticket}"}
    again = " (known already, nothing changed)" if reply.get("is_replay") else ""
    return what.get(str(reply["outcome"]), f"Message {reply['inbound_id']} {reply['outcome']}") + again + "."
