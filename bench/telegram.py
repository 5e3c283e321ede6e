"""Telegram updates, each a durable ticket, against a handler of python-telegram-bot that does nothing.

Measured with a desk that polls for them, with one that takes them in by webhook, and with one of every role by webhook,
which also answers each and pages for it.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bench.figures import Figure, ratios
from bench.mail import seed_consultants
from bench.processes import START_SECONDS_MAX, DeskProcess, folder, probe, running

SECRET = "bench-webhook-secret"
WEBHOOK = {"HOLDLINE_TELEGRAM_WEBHOOK_SECRET": SECRET, "HOLDLINE_WEB_PUBLIC_URL": "https://desk.example"}
UPDATES, CONNECTIONS, PEOPLE = 600, 10, 300
# The machine's speed changes within a second, so that both sides of a ratio take turns.
TURNS, TRIVIAL_FOR_ONE = 6, 5
RATIO_MIN = 0.15

# Takes the updates of these numbers; returns in how many seconds.
Take = Callable[[range], float]


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        api = probe("chat_api", home=home)
        port = api.first_line()
        poller = _desk(home / "poller", port, "telegram")
        door = _desk(home / "door", port, "web", "telegram", **WEBHOOK)
        everything = _desk(home / "all", port, **WEBHOOK)
        with running(api, poller, door, everything):
            _hand_out(port, range(1, 1 + CONNECTIONS * 5))
            for desk in (door, everything):
                desk.wait_for_port(desk.web_port)
                _warm_up(desk)
            yield from _against_trivial(
                {"polled": partial(_hand_out, port), "by webhook": partial(_post_all, door.web_port)}, rounds
            )
            # What the other roles do after the answer is told, and not held against a handler that does nothing of it.
            all_roles = {"by webhook, all roles": partial(_post_all, everything.web_port)}
            yield from _against_trivial(all_roles, rounds, limit=None, settle=everything.wait_until_idle)


def _against_trivial(
    takers: Mapping[str, Take],
    rounds: int,
    *,
    limit: float | None = RATIO_MIN,
    settle: Callable[[], None] = lambda: None,
) -> Iterator[Figure]:
    seconds: dict[str, list[float]] = {name: [] for name in ("trivial", *takers)}
    for number in range(rounds):
        for spent in seconds.values():
            spent.append(0.0)
        first = 1_000_000 * (number + 1)
        for numbers in (range(first + n, first + UPDATES, TURNS) for n in range(TURNS)):
            seconds["trivial"][-1] += _handle_all(numbers) / TRIVIAL_FOR_ONE
            for name, take in takers.items():
                seconds[name][-1] += take(numbers)
            settle()
    trivial = seconds.pop("trivial")
    for name, own in seconds.items():
        note = f"{UPDATES / own[0]:.0f} against {UPDATES / trivial[0]:.0f} updates/s"
        what = f"Telegram update to ticket, {name}, rate by a trivial handler's"
        yield Figure(what, ratios(trivial, own), limit=limit, is_at_least=True, note=note)


def _desk(home: Path, api_port: str, *roles: str, **settings: str) -> DeskProcess:
    home.mkdir()
    seed_consultants(home)
    url = f"http://127.0.0.1:{api_port}"
    return DeskProcess(home, *roles, TELEGRAM_BOT_TOKEN="123456:bench", HOLDLINE_TELEGRAM_API_URL=url, **settings)


def _warm_up(desk: DeskProcess) -> None:
    """Some updates; the first are put off until the desk has told Telegram where it listens."""
    while time.perf_counter() - desk.began_at < START_SECONDS_MAX:
        try:
            _post_all(desk.web_port, range(1, 1 + CONNECTIONS * 5))
            return
        except RuntimeError:
            time.sleep(0.2)
    raise RuntimeError("the desk takes no updates")


def _update(number: int, person: int) -> dict[str, object]:
    sender = {"id": person, "is_bot": False, "first_name": "Bench", "language_code": "en"}
    message = {
        "message_id": number,
        "date": 1_767_603_600 + number,
        "chat": {"id": person, "type": "private", "first_name": "Bench"},
        "from": sender,
        "text": f"/new my printer {number} is on fire",
        "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
    }
    return {"update_id": number, "message": message}


def _hand_out(api_port: str, numbers: range) -> float:
    """Given to who polls, until the last is confirmed, which it is after its commit."""
    updates = [_update(number, 5_000 + number % PEOPLE) for number in numbers]
    url = f"http://127.0.0.1:{api_port}/feed"
    begun = time.perf_counter()
    with urllib.request.urlopen(url, data=json.dumps(updates).encode(), timeout=START_SECONDS_MAX):
        return time.perf_counter() - begun


def _post_all(port: int, numbers: range) -> float:
    """Each answered with 200 after its commit, over some connections at once."""

    async def all_at_once() -> None:
        await asyncio.gather(*(_post(port, numbers[n::CONNECTIONS]) for n in range(CONNECTIONS)))

    begun = time.perf_counter()
    asyncio.run(all_at_once())
    return time.perf_counter() - begun


async def _post(port: int, numbers: range) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        body = json.dumps(_update(number, 5_000 + number % PEOPLE)).encode()
        writer.write(
            b"POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"X-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %d\r\n\r\n" % (SECRET.encode(), len(body)) + body
        )
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"answered {status!r}")
        length = 0
        while (header := await reader.readline()) != b"\r\n":
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


def _handle_all(numbers: range) -> float:
    """Through an application whose handler only counts, each some times over."""
    application = Application.builder().token("123456:bench").updater(None).build()
    handled = 0

    async def count(_: object, __: object) -> None:
        nonlocal handled
        handled += 1

    application.add_handler(MessageHandler(filters.TEXT, count))
    # Its own start would ask Telegram who the bot is.
    application._initialized = True
    texts = [json.dumps(_update(number, 7)) for number in numbers] * TRIVIAL_FOR_ONE

    async def handle() -> None:
        for text in texts:
            await application.process_update(Update.de_json(json.loads(text), application.bot))

    begun = time.perf_counter()
    asyncio.run(handle())
    taken = time.perf_counter() - begun
    if handled != len(texts):
        raise RuntimeError(f"{handled} of {len(texts)} updates were handled")
    return taken
