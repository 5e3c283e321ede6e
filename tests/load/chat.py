"""Fifty Slack commands and two hundred Telegram updates a second at the real desk on SQLite.

Both services send from a process of their own, as the real ones do, so that their work does not count as the desk's.
Used by a test, and by `python -m bench chat`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import uvicorn

from bot.blobs import open_blobs
from bot.books import buy_credit
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.http_listener import HttpListener
from bot.channels.slack.service import Service
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.webhook import PATH as TELEGRAM_PATH
from bot.clock import SystemClock
from bot.courier import Courier
from bot.escalation import load_ladder
from bot.importing.door import import_file
from bot.messages import Handle, InboundMessage, Place, Trust
from bot.policy import Policy
from bot.reception import Reception
from bot.store import Query, Store, open_store
from tests.desk import rules
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.parts import SECRET, SIGNER, a_webhook
from tests.unit.telegram_ground import ANNA, CONFIG, PEOPLE, TOM

SLACK_PER_SECOND, TELEGRAM_PER_SECOND = 50, 200
WRITERS = 600
DRAIN_SECONDS = 10.0
SLACK_SECRET = "a signing secret of the load"
INBOUND = Query("SELECT channel, COUNT(*) AS many FROM inbound GROUP BY channel", scans="tests")
WAITING = Query("SELECT COUNT(*) AS many FROM delivery WHERE state = 'pending'", scans="tests")


@dataclass(frozen=True)
class Shot:
    """One request: when it leaves, counted from the start, and what it is."""

    at_seconds: float
    path: str
    headers: dict[str, str]
    body: bytes


def slack_commands(seconds: int) -> Iterator[Shot]:
    lines = ("queue", "mine", "status", "help claim", "why 1")
    for number in range(seconds * SLACK_PER_SECOND):
        form = {
            "command": "/ticket",
            "text": lines[number % len(lines)],
            "team_id": "T0TEAM",
            "channel_id": "D0TOM",
            "user_id": "U0TOM",
            "user_name": "tom",
            "trigger_id": f"{number}.trigger",
            "response_url": "",
        }
        body = urlencode(form).encode()
        stamp = str(int(time.time()))
        mac = hmac.new(SLACK_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={mac}",
        }
        yield Shot(number / SLACK_PER_SECOND, "/slack/commands", headers, body)


def telegram_updates(seconds: int) -> Iterator[Shot]:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
    for number in range(seconds * TELEGRAM_PER_SECOND):
        # Six hundred people who write, and a consultant who commands between them.
        person = TOM if number % 20 == 0 else ANNA + 1000 + number % WRITERS
        message = {
            "message_id": 1000 + number,
            "date": int(time.time()),
            "chat": {"id": person, "type": "private"},
            "from": {"id": person, "is_bot": False, "first_name": "Load"},
            "text": "/queue" if person == TOM else f"The printer jams again, number {number}",
        }
        update = json.dumps({"update_id": 10_000 + number, "message": message}).encode()
        yield Shot(number / TELEGRAM_PER_SECOND, TELEGRAM_PATH, headers, update)


def fire(address: str, shots: list[Shot], results: Any, all_ready: Any) -> None:
    """Send each shot at its time, over kept connections; report status and seconds of each."""
    all_ready.wait(60)

    async def send_all() -> list[tuple[int, float]]:
        connector, patience = aiohttp.TCPConnector(limit=40), aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
            begun = time.monotonic()

            async def send(shot: Shot) -> tuple[int, float]:
                await asyncio.sleep(max(0.0, begun + shot.at_seconds - time.monotonic()))
                left = time.monotonic()
                try:
                    async with session.post(address + shot.path, data=shot.body, headers=shot.headers) as answer:
                        return answer.status, time.monotonic() - left
                except (aiohttp.ClientError, TimeoutError):
                    return 0, time.monotonic() - left

            return await asyncio.gather(*(send(shot) for shot in shots))

    results.put(asyncio.run(send_all()))


@dataclass(frozen=True)
class Outcome:
    """What became of the load.

    answers: by service, the status and seconds of each request. counted: what the desk keeps, by channel. waiting:
    deliveries at the end. page_seconds: until a page left that came due behind them. per_second: deliveries while the
    courier was at them. processor_ms: of this process, a request. refused_share: of Telegram's calls, for our pace.
    """

    answers: dict[str, list[tuple[int, float]]]
    counted: dict[str, int]
    waiting: int
    page_seconds: float
    per_second: float
    processor_ms: float
    refused_share: float

    @property
    def drain_seconds(self) -> float:
        """How long the backlog takes at that pace."""
        return self.waiting / self.per_second if self.per_second else float("inf")

    def seconds(self, name: str) -> list[float]:
        return [seconds for _, seconds in self.answers[name]]


async def load(url: str, folder: Path, seconds: int) -> Outcome:
    """Fire at a desk of its own over the migrated database at `url`, and let its courier begin with what follows."""
    store, clock = open_store(url), SystemClock()
    people = folder / "people.toml"
    people.write_text(PEOPLE.replace('telegram = "700021"', 'telegram = "700021"\nslack = "T0TEAM:U0TOM"'))
    import_file(store, people, now=clock.now(), is_applied=True, buy_credit=buy_credit, digest_time=clock.now().time())
    policy = Policy(rules=rules(), ladder=load_ladder(CONFIG / "escalation.toml"), signer=SIGNER)
    desk = Reception(store, clock, open_blobs(store, folder / "blobs"), policy)
    config = SlackConfig("xoxb-load", signing_secret=SLACK_SECRET, api_url="http://127.0.0.1:9/")
    slack = HttpListener(config, desk, signer=SIGNER, clock=clock, service=Service(config))
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramDouble())
        webhook = a_webhook(telegram, desk, clock=clock)

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await (slack if scope["path"].startswith("/slack") else webhook)(scope, receive, send)

        await slack.start()
        await webhook.start()
        begun = time.process_time()
        answers = await bombarded(application, [list(slack_commands(seconds)), list(telegram_updates(seconds))])
        spent = time.process_time() - begun
        await slack.stop()
        await webhook.stop()
        waiting = store.read_sync(lambda tx: tx.all(WAITING))[0][0]
        page_seconds, per_second = await drained(telegram, store, desk, clock=clock, policy=policy, folder=folder)
    counted = {row.channel: row.many for row in store.read_sync(lambda tx: tx.all(INBOUND))}
    await store.close()
    refused = [call for call in telegram.calls if call.error.startswith("Too Many")]
    return Outcome(
        dict(zip(("slack", "telegram"), answers, strict=True)),
        counted,
        waiting,
        page_seconds,
        per_second,
        spent / sum(map(len, answers)) * 1000,
        len(refused) / max(1, len(telegram.calls)),
    )


async def drained(
    telegram: TelegramDouble, store: Store, desk: Reception, *, clock: SystemClock, policy: Policy, folder: Path
) -> tuple[float, float]:
    """Let the courier at the backlog for a while, and page a consultant in the midst of it.

    Returns the seconds that the page took to leave, and the deliveries a second over the whole while.
    """
    for number in range(WRITERS):
        telegram.add_person(ANNA + 1000 + number, "Load")
    for person in (ANNA, TOM):
        telegram.add_person(person, "Known")
    sender = TelegramSender(BotClient(TelegramConfig(telegram.token, api_url=telegram.url)), SIGNER, clock)
    courier = Courier(store, clock, {"telegram": sender}, open_blobs(store, folder / "blobs"), policy=policy)
    desk.on_commit = courier.wake
    task = asyncio.create_task(courier.run())
    begun = time.monotonic()
    await asyncio.sleep(DRAIN_SECONDS / 2)
    message = InboundMessage(
        channel="telegram",
        key="the-page",
        sender=Handle("telegram", str(ANNA)),
        received_at=clock.now(),
        text="The server is down, nobody can work",
        place=Place("telegram", str(ANNA)),
        trust=Trust.PROVEN,
        opens_new=True,
    )
    told = len(telegram.sent(TOM))
    asked = time.monotonic()
    await desk.receive(message)
    await telegram.until(lambda: any("P1" in each["text"] for each in telegram.sent(TOM)[told:]), 60.0)
    page_seconds = time.monotonic() - asked
    await asyncio.sleep(max(0.0, begun + DRAIN_SECONDS - time.monotonic()))
    sent = len(telegram.called("sendMessage"))
    seconds = time.monotonic() - begun
    courier.stop()
    await task
    await sender.close()
    return page_seconds, sent / seconds


async def bombarded(application: Any, volleys: list[list[Shot]]) -> list[list[tuple[int, float]]]:
    """Serve the application on a port while each volley is fired from a process of its own."""
    server = uvicorn.Server(uvicorn.Config(application, port=0, lifespan="off", log_config=None, access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    context = multiprocessing.get_context("spawn")
    results, all_ready = [context.Queue() for _ in volleys], context.Barrier(len(volleys))
    guns = [
        context.Process(target=fire, args=(f"http://{host}:{port}", volley, result, all_ready))
        for volley, result in zip(volleys, results, strict=True)
    ]
    for gun in guns:
        # A start returns when the child has imported this module and read its volley: not on the loop that serves.
        await asyncio.to_thread(gun.start)
    try:
        return [await asyncio.to_thread(result.get, True, 90) for result in results]
    finally:
        for gun in guns:
            gun.join(5)
        server.should_exit = True
        await task


def quantile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


def summary(seconds: list[float]) -> str:
    shown = (f"p{int(share * 100)} {quantile(seconds, share) * 1000:.1f} ms" for share in (0.5, 0.9, 0.99))
    return f"{len(seconds)} acknowledged, {', '.join(shown)}, at most {max(seconds) * 1000:.0f} ms"
