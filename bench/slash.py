"""A signed slash command over HTTP, one at a time: the whole desk against a server that only checks the signature."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import Figure, percentile, ratios
from bench.mail import seed_consultants
from bench.processes import DeskProcess, folder, probe, running

SECRET = "bench-signing-secret"
COMMANDS, WARM_UP = 400, 50
RATIO_MAX = 2.5
# What writes most comes last: the courier still works on it while the next line is measured.
LINES = ("help claim", "queue", "new printer {} is on fire")


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        raw = probe("raw_check", SECRET, home=home)
        raw_port = int(raw.first_line())
        desk = _desk(home / "desk")
        with running(raw, desk):
            desk.wait_for_port(desk.web_port)
            for line in LINES:
                asyncio.run(_ask(desk.web_port, line, WARM_UP, "w"))
                own, floor = [], []
                for number in range(rounds):
                    floor.append(asyncio.run(_ask(raw_port, line, COMMANDS, f"r{number}")))
                    own.append(asyncio.run(_ask(desk.web_port, line, COMMANDS, f"d{number}")))
                note = f"{percentile(own, 50):.2f} against {percentile(floor, 50):.2f} ms"
                what = f"slash command `{line.format(7)}`, p50 by the raw check's"
                yield Figure(what, ratios(own, floor), limit=RATIO_MAX, note=note)


def _desk(home: Path) -> DeskProcess:
    home.mkdir()
    seed_consultants(home)
    return DeskProcess(
        home,
        SLACK_BOT_TOKEN="xoxb-bench",
        SLACK_SIGNING_SECRET=SECRET,
        HOLDLINE_SLACK_API_URL="http://127.0.0.1:9/api",
    )


async def _ask(port: int, line: str, count: int, series: str) -> float:
    """The median of the milliseconds that each waited for its answer, over one kept connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken: list[float] = []
    for number in range(count):
        request = _request(line.format(number), f"{line[:3]}{series}.{number}", number)
        start = time.perf_counter()
        writer.write(request)
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"answered {status!r}")
        length = 0
        while (header := await reader.readline()) != b"\r\n":
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        await reader.readexactly(length)
        taken.append(1000 * (time.perf_counter() - start))
    writer.close()
    await writer.wait_closed()
    return percentile(taken, 50)


def _request(text: str, trigger: str, number: int) -> bytes:
    form = {
        "token": "t",
        "team_id": "T0001",
        "team_domain": "example",
        "channel_id": "C2147483705",
        "channel_name": "test",
        "user_id": f"U{number % 200:08d}",
        "user_name": "bench",
        "command": "/ticket",
        "text": text,
        "response_url": "http://127.0.0.1:9/response",
        "trigger_id": trigger,
    }
    body = urlencode(form).encode()
    stamp = str(int(time.time())).encode()
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()
    return (
        b"POST /slack/commands HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"X-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n"
        % (stamp, mac, len(body))
    ) + body
