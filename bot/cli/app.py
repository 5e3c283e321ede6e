"""The commands of `holdline`, parsed by typer.

A command's module is imported when the command is named, so that `inspect` never pays for the web server.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.cli.faults import INTERRUPTED, WRONG, guarded, told

# Command → module, in the order in which help shows them.
COMMANDS = {
    "run": "bot.cli.run",
    "check": "bot.cli.check",
    "migrate": "bot.cli.migrate",
    "import": "bot.cli.import_file",
    "say": "bot.cli.say",
    "do": "bot.cli.do",
    "console": "bot.cli.console",
    "inspect": "bot.cli.inspect",
    "rehearse": "bot.cli.rehearse",
    "digest": "bot.cli.digest",
    "statement": "bot.cli.statement",
    "balance": "bot.cli.balance",
    "health": "bot.cli.health",
    "bank": "bot.cli.bank",
    "close-month": "bot.cli.close_month",
    "export": "bot.cli.export",
    "audit": "bot.cli.audit",
    "requeue": "bot.cli.requeue",
    "prune": "bot.cli.prune",
    "backup": "bot.cli.backup",
    "restore": "bot.cli.restore",
}


class LateCommands(TyperGroup):
    """Imports a command's module when the command is asked for."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        # Names stand here for the suggestion after a slip; the commands come late.
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if self.commands[cmd_name] is None:
            command = typer.main.get_command(importlib.import_module(COMMANDS[cmd_name]).app)
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands[cmd_name]


app = typer.Typer(cls=LateCommands, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"holdline {__version__}")
        raise typer.Exit


@app.callback()
def holdline(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A support desk that lives in email, Slack and Telegram.

    Settings stand in config/holdline.toml and the environment; `holdline check` tells what is wrong with them.
    """


def run(argv: Sequence[str]) -> int:
    """Carry out one command and return its exit code. Faults of the person or of the settings become sentences."""
    return guarded(lambda: _called(list(argv)))


def _called(argv: list[str]) -> object:
    try:
        return typer.main.get_command(app).main(args=argv, prog_name="holdline", standalone_mode=False)
    except typer.TyperException as error:
        # Usage faults know how to show themselves, with the usage line.
        show = getattr(error, "show", None)
        if show is None:
            return told(str(error), WRONG)
        show()
        return error.exit_code
    except typer.Abort:
        return INTERRUPTED
