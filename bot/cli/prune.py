"""`holdline prune`: remove what is older than the settings let it be; shows what would go, then does it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import opened
from bot.clock import SystemClock
from bot.errors import UserError
from bot.plain import counted
from bot.settings import load

if TYPE_CHECKING:
    from bot.retention import Count, Pruned

app = typer.Typer(rich_markup_mode=None, add_completion=False)
LEFT_OVER = "left over"
HEADS = ("", "kept", "rows", "blobs", "bytes")


@app.command()
def prune(
    is_applied: Annotated[
        bool, typer.Option("--apply", help="Remove it; without it, it is only shown what would go.")
    ] = False,
) -> None:
    """Remove what the settings keep no longer; only shows it, without --apply.

    By kind, as [retention] says: how many rows lose their words, and how many blobs (mails and files) go. Safe while
    the desk runs. A period that is not set means for ever. The books and what explains them, documents, open tickets,
    tickets whose money is disputed or not settled, and events are never touched.
    """
    settings = load()
    from bot import retention
    from bot.blobs import open_blobs
    from bot.retention.nightly import is_clock_halted

    clock = SystemClock()
    with opened(settings) as store:
        if is_applied and store.read_sync(is_clock_halted):
            raise UserError("The clock jumped, so nobody knows what is old. Send `confirm clock`, then repeat.")
        blobs = open_blobs(store, settings.folders.blobs, clock)
        pruning = retention.prune(store, blobs, settings.retention, now=clock.now(), is_applied=is_applied)
        pruned = asyncio.run(pruning)
    if not settings.retention.is_any:
        typer.echo("Everything is kept for ever: [retention] in config/holdline.toml sets periods.")
    for line in _lines(pruned.counts):
        typer.echo(line)
    for line in _told(pruned, is_applied=is_applied):
        typer.echo(line)


def _lines(counts: Sequence[Count]) -> list[str]:
    """The table: words to the left, numbers to the right."""
    rows = [HEADS, *((one.name, _kept(one), *_figures(one.rows, one.blobs, one.size_bytes)) for one in counts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_laid, row, widths, (True, True, False, False, False))).rstrip() for row in rows]


def _figures(*figures: int) -> tuple[str, ...]:
    return tuple(f"{figure:,}" for figure in figures)


def _laid(cell: str, width: int, is_left: bool) -> str:
    return cell.ljust(width) if is_left else cell.rjust(width)


def _kept(count: Count) -> str:
    if count.name == LEFT_OVER:
        return ""
    return counted(count.days, "day") if count.days else "for ever"


def _told(pruned: Pruned, *, is_applied: bool) -> Iterator[str]:
    """What follows from it, in sentences."""
    if not pruned.rows and not pruned.blobs:
        yield "Nothing is old enough to go."
    elif is_applied:
        yield f"Removed: {pruned}."
    else:
        yield f"{pruned} would go. Repeat with --apply to remove them."
    if pruned.held:
        files = counted(pruned.held, "file")
        yield f"{files} came within the hour, or a backup is being written: the next run removes them."
    if pruned.foreign:
        files = counted(pruned.foreign, "file")
        yield f"{files} in var/blobs belong to no row of this database and were left. Is DATABASE_URL the right one?"
