"""Sends mails over loopback SMTP on several connections at once and measures how fast they are taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

MAILS_A_CONNECTION = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What one load measured: mails a second, and the seconds that each waited for its 250."""

    rate: float
    latencies: Sequence[float]


def send(port: int, mails: Sequence[bytes], *, connections: int) -> Taken:
    """Send all of them, every one answered with 250. Raises RuntimeError for any other answer."""
    wire = [_on_the_wire(mail) for mail in mails]
    return asyncio.run(_send(port, wire, connections))


def _on_the_wire(mail: bytes) -> bytes:
    lines = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"\r\n.", b"\r\n..")
    return lines + b"\r\n.\r\n"


async def _send(port: int, mails: Sequence[bytes], connections: int) -> Taken:
    latencies: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(*(_converse(port, mails[first::connections], latencies) for first in range(connections)))
    return Taken(len(latencies) / (time.perf_counter() - start), latencies)


async def _converse(port: int, mails: Sequence[bytes], latencies: list[float]) -> None:
    for first in range(0, len(mails), MAILS_A_CONNECTION):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def ask(
            text: bytes, expected: bytes, reader: asyncio.StreamReader = reader, writer: asyncio.StreamWriter = writer
        ) -> None:
            writer.write(text)
            line = await reader.readline()
            while line[3:4] == b"-":
                line = await reader.readline()
            if not line.startswith(expected):
                raise RuntimeError(f"expected {expected!r}, was answered {line!r}")

        await ask(b"", b"220")
        await ask(b"EHLO bench\r\n", b"250")
        for mail in mails[first : first + MAILS_A_CONNECTION]:
            start = time.perf_counter()
            await ask(b"MAIL FROM:<person@customer.example>\r\n", b"250")
            await ask(b"RCPT TO:<support@desk.example>\r\n", b"250")
            await ask(b"DATA\r\n", b"354")
            await ask(mail, b"250")
            latencies.append(time.perf_counter() - start)
        writer.write(b"QUIT\r\n")
        writer.close()
        await writer.wait_closed()
