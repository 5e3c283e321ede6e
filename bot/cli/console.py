"""`holdline console`: sit at a running desk, give commands, see what arrives."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from typing import Annotated

import typer

from bot.cli.asking import connect
from bot.errors import UserError
from bot.settings import load

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def console(
    sender: Annotated[str, typer.Option("--as", metavar="NAME", help="Your console name.")],
) -> int:
    """Sit at the running desk: give commands, see notices as they come.

    Each line is a command; a line that begins with `say ` is a message to the desk.
    """
    return asyncio.run(_sit(sender.strip().lower()))


async def _sit(name: str) -> int:
    streams = await connect(load())
    if streams is None:
        raise UserError("No desk runs here. Start it with `holdline run`.")
    reader, writer = streams
    _ask(writer, {"op": "attach", "as": name})
    printing = asyncio.create_task(_print(reader))
    reading = asyncio.create_task(_read(writer, name))
    await asyncio.wait({printing, reading}, return_when=asyncio.FIRST_COMPLETED)
    if reading.done() and not printing.done():
        # What was asked last is still answered; then nothing more is awaited.
        writer.write_eof()
        await asyncio.wait({printing}, timeout=10)
    reading.cancel()
    writer.close()
    return 0


async def _read(writer: asyncio.StreamWriter, name: str) -> None:
    lines = await _standard_input()
    while raw := await lines.readline():
        line = raw.decode(errors="replace").strip()
        if line.startswith("say "):
            _ask(writer, {"op": "say", "from": name, "text": line.removeprefix("say ")})
        elif line:
            _ask(writer, {"op": "do", "as": name, "text": line})
        await writer.drain()


async def _standard_input() -> asyncio.StreamReader:
    lines = asyncio.StreamReader()
    if stat.S_ISREG(os.fstat(sys.stdin.fileno()).st_mode):
        # The event loop waits on terminals and pipes; a file is simply there.
        lines.feed_data(sys.stdin.buffer.read())
        lines.feed_eof()
    else:
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    return lines


async def _print(reader: asyncio.StreamReader) -> None:
    while line := await reader.readline():
        reply = json.loads(line)
        if "attached" in reply:
            typer.echo(f"You are {reply['attached']}. Each line is a command; Ctrl-D leaves.")
        elif "delivery" in reply:
            typer.echo("✉ " + reply["delivery"].replace("\n", "\n  "))
        elif "error" in reply:
            typer.echo("✗ " + reply["error"])
        else:
            typer.echo(reply["text"] if "text" in reply else f"{reply['outcome']}: ticket {reply['ticket_id']}")


def _ask(writer: asyncio.StreamWriter, request: dict[str, str]) -> None:
    writer.write(json.dumps(request).encode() + b"\n")
