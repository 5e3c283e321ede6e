"""Makes `help_text.py`, the page that `holdline --help` shows: `python -m bot.cli.help_page` writes it anew."""

from __future__ import annotations

from pathlib import Path

import typer
from typer.models import Context

from bot.cli.app import app

TARGET = Path(__file__).with_name("help_text.py")
HEAD = '"""What `holdline --help` shows; written by `python -m bot.cli.help_page`, compared by a test."""\n\nHELP = '


def page() -> str:
    """The page as the command line itself would make it, 100 columns wide."""
    command = typer.main.get_command(app)
    context = Context(command, info_name="holdline", terminal_width=100, help_option_names=["-h", "--help"])
    return command.get_help(context) + "\n"


def source() -> str:
    return f'{HEAD}"""\\\n{page()}"""\n'


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")
