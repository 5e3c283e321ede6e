"""Telegram updates by webhook, each a durable ticket, against a handler of python-telegram-bot that does nothing.

Measured with a desk that only takes them in, and with one of every role, which also answers each and pages for it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bench.figures import Figure, ratios
from bench.mail import seed_consultants
from bench.processes import START_SECONDS_MAX, DeskProcess, folder, probe, running

SECRET = "bench-webhook-secret"
UPDATES, CONNECTIONS, PEOPLE = 600, 10, 300
RATIO_MIN = 0.15


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        api = probe("chat_api", home=home)
        port = api.first_line()
        desks = {"taken in": _desk(home / "door", port, "web", "telegram"), "all roles": _desk(home / "all", port)}
        with running(api, *desks.values()):
            for desk in desks.values():
                desk.wait_for_port(desk.web_port)
                _warm_up(desk)
            own: dict[str, list[float]] = {name: [] for name in desks}
            trivial = []
            for number in range(rounds):
                trivial.append(asyncio.run(_handle_all()))
                for name, desk in desks.items():
                    own[name].append(asyncio.run(_post_all(desk.web_port, str(number), UPDATES)))
        for name, rates in own.items():
            note = f"{rates[0]:.0f} against {trivial[0]:.0f} updates/s"
            what = f"Telegram update to ticket, {name}, rate by a trivial handler's"
            # What the other roles do after the answer is told, and not held against a handler that does nothing of it.
            limit = RATIO_MIN if name == "taken in" else None
            yield Figure(what, ratios(rates, trivial), limit=limit, is_at_least=True, note=note)


def _desk(home: Path, api_port: str, *roles: str) -> DeskProcess:
    home.mkdir()
    seed_consultants(home)
    return DeskProcess(
        home,
        *roles,
        TELEGRAM_BOT_TOKEN="123456:bench",
        HOLDLINE_TELEGRAM_WEBHOOK_SECRET=SECRET,
        HOLDLINE_TELEGRAM_API_URL=f"http://127.0.0.1:{api_port}",
        HOLDLINE_WEB_PUBLIC_URL="https://desk.example",
    )


def _warm_up(desk: DeskProcess) -> None:
    """Some updates; the first are put off until the desk has told Telegram where it listens."""
    while time.perf_counter() - desk.began_at < START_SECONDS_MAX:
        try:
            asyncio.run(_post_all(desk.web_port, "warm", CONNECTIONS * 5))
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


async def _post_all(port: int, series: str, count: int) -> float:
    """Updates a second, each answered with 200 after its commit."""
    first = 1_000_000 + 100_000 * (0 if series == "warm" else int(series) + 1)
    begun = time.perf_counter()
    await asyncio.gather(*(_post(port, range(first + n, first + count, CONNECTIONS)) for n in range(CONNECTIONS)))
    return count / (time.perf_counter() - begun)


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


async def _handle_all() -> float:
    """Updates a second through an application whose handler only counts."""
    application = Application.builder().token("123456:bench").updater(None).build()
    handled = 0

    async def count(_: object, __: object) -> None:
        nonlocal handled
        handled += 1

    application.add_handler(MessageHandler(filters.TEXT, count))
    # Its own start would ask Telegram who the bot is.
    application._initialized = True
    texts = [json.dumps(_update(number, 7)) for number in range(UPDATES * 5)]
    begun = time.perf_counter()
    for text in texts:
        await application.process_update(Update.de_json(json.loads(text), application.bot))
    taken = time.perf_counter() - begun
    if handled != len(texts):
        raise RuntimeError(f"{handled} of {len(texts)} updates were handled")
    return len(texts) / taken
