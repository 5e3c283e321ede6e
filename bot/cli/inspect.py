"""`holdline inspect`: what the desk makes of a mail, of a text, of a day's work, by the code that it runs itself."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import inspecting

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, help="Show what the desk makes of a mail, a text or a day's work."
)


@app.command()
def bill() -> None:
    """Bill cases, one JSON object a line from standard input; answers each at once.

    A case: {"op": "bill", "client": {…}, "work": […]}; see tests/data/bills.json for worked ones.
    """
    inspecting.bill()


@app.command()
def triage() -> None:
    """Grade texts, one JSON object a line from standard input; answers each at once.

    {"op": "triage", "subject": …, "body": …, "context": {…}} or {"op": "off_hours", "received_at": …, "tz": …}.
    """
    inspecting.triage()


@app.command()
def mail(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Mail files; - reads names, one a line.")],
) -> None:
    """Read mails and print one JSON line each: who wrote it, what they wrote, what kind of mail it is, the trust."""
    inspecting.mail(files)
