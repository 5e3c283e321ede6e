"""Senders as they are: each keeps what it has until it is acknowledged, and tries again when it is not.

`acknowledged` holds the numbers that the desk has taken: from then on nobody but the desk has them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.doubles.slack import SlackDouble
from tests.doubles.telegram import TelegramDouble
from tests.faults.people import FIRST_CHAT, SLACK_PEOPLE, TELEGRAM_PEOPLE, Mail
from tests.faults.running import DESK

AGAIN_SECONDS = 0.05
ANSWER_SECONDS = 20.0


class SmtpRefused(Exception):
    """The server said no for good: what a sender would bounce."""


class SmtpTalk:
    """One SMTP connection. Raises OSError or EOFError when it breaks, SmtpRefused for a permanent answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> SmtpTalk:
        talk = cls(*await asyncio.open_connection("127.0.0.1", port))
        await talk.hear()
        await talk.say("EHLO writer.example")
        return talk

    async def say(self, line: str) -> str:
        """A command and its answer."""
        self._writer.write(line.encode() + b"\r\n")
        return await self.hear()

    async def send(self, mail: Mail) -> str:
        """One mail; returns what DATA was answered with: "250 …", or a 4xx after which it must come again."""
        for line in (f"MAIL FROM:<{mail.sender}>", f"RCPT TO:<{DESK}>", "DATA"):
            answer = await self.say(line)
            if answer[:1] == "4":
                await self.say("RSET")
                return answer
        return await self.body(mail.raw)

    async def body(self, raw: bytes) -> str:
        stuffed = raw.replace(b"\r\n.", b"\r\n..")
        self._writer.write(stuffed + b".\r\n")
        return await self.hear()

    async def hear(self) -> str:
        """The answer's last line."""
        while True:
            line = (await asyncio.wait_for(self._reader.readuntil(b"\n"), ANSWER_SECONDS)).decode().strip()
            if line[:1] == "5":
                raise SmtpRefused(line)
            if line[3:4] != "-":
                return line

    def close(self) -> None:
        self._writer.close()


@dataclass
class MailWriters:
    """Some connections that share a heap of mails."""

    port: int
    waiting: deque[Mail]
    connections: int = 10
    acknowledged: set[int] = field(default_factory=set)
    put_off: list[str] = field(default_factory=list)

    async def write_all(self) -> None:
        await asyncio.gather(*(self._write() for _ in range(self.connections)))

    async def _write(self) -> None:
        talk: SmtpTalk | None = None
        while self.waiting:
            mail = self.waiting.popleft()
            try:
                talk = talk or await SmtpTalk.open(self.port)
                answer = await talk.send(mail)
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                self.waiting.append(mail)
                if talk is not None:
                    talk.close()
                talk = None
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if answer.startswith("250"):
                self.acknowledged.add(mail.number)
            else:
                self.put_off.append(answer)
                self.waiting.append(mail)
                await asyncio.sleep(AGAIN_SECONDS)
        if talk is not None:
            talk.close()


@dataclass
class SlackWriter:
    """Slack, which tells the desk of messages, some at a time, until each is acknowledged."""

    slack: SlackDouble
    acknowledged: set[int] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)

    async def write_all(self, numbers: Iterable[int], *, at_once: int = 4) -> None:
        for person in range(SLACK_PEOPLE):
            self.slack.person(f"s{person}")
        waiting = deque(self._payload(number) for number in numbers)
        await asyncio.gather(*(self._write(waiting) for _ in range(at_once)))

    async def tell(self, number: int, text: str) -> None:
        """One message, until it is acknowledged."""
        await self._write(deque([self._payload(number, text)]))

    def _payload(self, number: int, text: str = "") -> tuple[int, Mapping[str, Any]]:
        """An event as Slack would tell it; the same one at every try."""
        workspace = self.slack.workspace
        person = f"U0S{number % SLACK_PEOPLE}"
        channel = workspace.direct(person)
        text = text or f"Slack number {number}: the printer jams on every page."
        message = {"type": "message", "user": person, "text": text, "team": "T0TEAM"}
        ts = workspace.keep(channel, message)
        event = {**message, "channel": channel, "ts": ts, "event_ts": ts, "channel_type": "im"}
        return number, {
            "team_id": "T0TEAM",
            "api_app_id": "A0APP",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:08d}",
            "event_time": 1,
            "authorizations": [{"team_id": "T0TEAM", "user_id": "U0BOT", "is_bot": True}],
        }

    async def _write(self, waiting: deque[tuple[int, Mapping[str, Any]]]) -> None:
        while waiting:
            number, payload = waiting.popleft()
            attempt = await self.slack.requests.deliver(self.slack.request_url, "event", payload, 0)
            self.statuses.append(attempt.status)
            if attempt.is_acknowledged:
                self.acknowledged.add(number)
            else:
                waiting.append((number, payload))
                await asyncio.sleep(AGAIN_SECONDS)


@dataclass
class TelegramWriter:
    """Telegram, which gives updates to whoever polls, or posts them to the webhook, until each is confirmed."""

    telegram: TelegramDouble
    numbers: dict[int, int] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)

    def introduce(self) -> None:
        for person in range(TELEGRAM_PEOPLE):
            self.telegram.add_person(FIRST_CHAT + person, f"Chat {person}")

    @property
    def acknowledged(self) -> set[int]:
        waiting = {update["update_id"] for update in self.telegram.pending}
        return {number for update_id, number in self.numbers.items() if update_id not in waiting}

    def say(self, numbers: Iterable[int]) -> None:
        """Let the messages wait at Telegram."""
        for number in numbers:
            person = FIRST_CHAT + number % TELEGRAM_PEOPLE
            self.telegram.says(person, f"Telegram number {number}: the printer jams on every page.")
            self.numbers[self.telegram.pending[-1]["update_id"]] = number

    async def write_all(self, *, is_webhook: bool) -> None:
        """Return when everything has been confirmed."""
        while self.telegram.pending:
            if is_webhook and self.telegram.webhook is not None:
                try:
                    self.statuses += await self.telegram.push()
                    continue
                except aiohttp.ClientError:
                    pass
            await asyncio.sleep(AGAIN_SECONDS)
