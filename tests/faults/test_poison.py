"""What nobody can read goes to quarantine on every channel, the manager is told, and what comes behind it gets in."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from pathlib import Path
from typing import Any

import aiohttp

from bot import wiring
from bot.channels.email.listener import MailListener
from bot.channels.email.reading import MailReader
from bot.channels.email.translate import Envelope
from bot.clock import SystemClock
from bot.messages import InboundMessage
from bot.settings import load
from tests.faults.busy import WEBHOOK_SECRET, Busy, a_busy_desk
from tests.faults.findings import half_written, kept, rows
from tests.faults.people import FIRST_CHAT, Mail, a_mail, invite
from tests.faults.running import DESK
from tests.faults.writers import MailWriters, SlackWriter, TelegramWriter

DEEP = 3_000


def nested(levels: int) -> Mail:
    """A mail in a mail in a mail …, which no reader follows to its end."""
    lines = [f"From: a@elsewhere.example\r\nTo: {DESK}\r\nSubject: Deep"]
    lines += [f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}' for level in range(levels)]
    return Mail(5000, "a@elsewhere.example", ("\r\n".join(lines) + "\r\n\r\nend\r\n").encode())


def headless(fields: int) -> Mail:
    """A mail with more header than anybody reads."""
    head = "".join(f"X-Field-{number}: x\r\n" for number in range(fields))
    return Mail(5001, "b@elsewhere.example", f"From: b@elsewhere.example\r\n{head}\r\nend\r\n".encode())


SLACK_BODIES = (
    b"{",
    b"[" * 10_000,
    b'"only a word"',
    b'{"type": "event_callback", "team_id": 5, "event": {"type": "message", "user": ["x"], "ts": {}}}',
    b'{"type": "event_callback", "team_id": "T0TEAM", "event": 7}',
)
TELEGRAM_UPDATES: tuple[Any, ...] = (
    {"message": 5},
    {"message": {"message_id": "x", "chat": {"id": []}}},
    {"message": {"message_id": 7, "date": 1, "chat": {"id": FIRST_CHAT, "type": "private"}, "from": "x", "text": "x"}},
    {"callback_query": "x"},
)
WEBHOOK_BODIES = (b"{", b"[" * 100_000, b"\xff\xfe")


async def test_poison_goes_to_quarantine_and_blocks_nothing(fresh_url: str, tmp_path: Path) -> None:
    # Neither way in depends on the database, so each is tried over one of them.
    is_webhook = fresh_url.startswith("postgresql")
    async with a_busy_desk(fresh_url, tmp_path, is_webhook=is_webhook) as busy:
        await busy.desk.start()
        mail = MailWriters(busy.desk.smtp_port, deque([nested(DEEP), a_mail(1), headless(50_000), a_mail(2)]), 1)
        slack, telegram = SlackWriter(busy.slack), TelegramWriter(busy.telegram)
        telegram.say([1])
        for update in TELEGRAM_UPDATES:
            busy.telegram.inject(update)
        telegram.say([2])
        if is_webhook:
            await post_to_webhook(busy)
        await post_to_slack(busy)
        await asyncio.wait_for(
            asyncio.gather(mail.write_all(), slack.write_all([1, 2]), telegram.write_all(is_webhook=is_webhook)), 60
        )

        assert not mail.put_off
        for channel in ("email", "slack", "telegram"):
            assert kept(fresh_url, channel) == Counter([1, 2]), channel
        caught = Counter(rows(fresh_url, "SELECT channel FROM inbound WHERE outcome = 'quarantined'"))
        assert caught["email",] == 2
        assert caught["slack",] == len(SLACK_BODIES)
        assert caught["telegram",] == len(TELEGRAM_UPDATES) + (len(WEBHOOK_BODIES) if is_webhook else 0)
        assert rows(fresh_url, "SELECT count(*) FROM delivery WHERE kind = 'quarantined'") == [(caught.total(),)]
        assert half_written(fresh_url, busy.blobs) == []
        assert await busy.desk.stop() == 0


async def post_to_slack(busy: Busy) -> None:
    """Bodies that are signed as Slack signs them, and are no payload of Slack's."""
    requests = busy.slack.requests
    async with aiohttp.ClientSession() as session:
        for body in SLACK_BODIES:
            stamp = str(int(busy.slack.workspace.clock.now().timestamp()))
            headers = {"Content-Type": "application/json"} | requests.signature(stamp, body)
            async with session.post(busy.slack.request_url, data=body, headers=headers) as answer:
                assert answer.status == 200, body[:40]


async def post_to_webhook(busy: Busy) -> None:
    """Bodies that are no JSON, under the right secret."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    async with aiohttp.ClientSession() as session:
        for body in WEBHOOK_BODIES:
            async with session.post(f"{busy.desk.web}/telegram/webhook", data=body, headers=headers) as answer:
                assert answer.status == 200, body[:40]


# ---------------------------------------------------------------- a fault of our own in the reader


class FaultyReader(MailReader):
    """A reader with a fault that nobody knows yet."""

    async def read(self, raw: bytes, envelope: Envelope | None = None) -> InboundMessage:
        if b"guilty" in raw:
            raise ZeroDivisionError("a fault of our own")
        return await super().read(raw, envelope)


async def test_a_mail_that_our_reader_fails_at_is_neither_bounced_nor_lost(sqlite_url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(invite, sqlite_url, tmp_path)
    settings = load({"DATABASE_URL": sqlite_url}, home=tmp_path)
    async with wiring.open_desk(settings) as desk:
        listener = MailListener(
            desk.reception,
            FaultyReader(SystemClock(), is_checking_senders=False),
            host="127.0.0.1",
            port=0,
            addresses=(DESK,),
            hostname="desk.example",
            size_bytes_max=1_000_000,
        )
        await listener.start()
        guilty = a_mail(7, sender="anna@held.example", body="a guilty mail")
        mail = MailWriters(listener.port, deque([a_mail(1), guilty, a_mail(2)]), connections=1)
        await asyncio.wait_for(mail.write_all(), 30)
        await listener.stop()
        assert mail.acknowledged == {1, 2, 7}
        assert not mail.put_off
        assert kept(sqlite_url, "email") == Counter([1, 2])
        caught = rows(sqlite_url, "SELECT id, reason FROM inbound WHERE outcome = 'quarantined'")
        assert [reason for _, reason in caught] == ["ZeroDivisionError"]
        # The reader is mended, and the mail read again.
        desk.rereaders["email"] = MailReader(SystemClock(), is_checking_senders=False).reread
        assert (await desk.reception.requeue(caught[0][0])).outcome == "opened"
