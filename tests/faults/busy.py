"""A desk with every channel at once: mail by SMTP, Slack by signed HTTP, Telegram by polling or webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.doubles.slack import SlackDouble
from tests.doubles.telegram import TelegramDouble
from tests.faults.people import FIRST_CHAT, INES, SLACK_PEOPLE, TELEGRAM_PEOPLE, invite
from tests.faults.running import RunningDesk

TELEGRAM_TOKEN = "123456:a-token-of-usual-length"
WEBHOOK_SECRET = "a-secret-of-the-webhook"


@dataclass
class Busy:
    """The desk, the services it speaks to, and where it keeps things."""

    desk: RunningDesk
    slack: SlackDouble
    telegram: TelegramDouble
    database_url: str
    more: list[RunningDesk] = field(default_factory=list)

    @property
    def blobs(self) -> Path:
        return self.desk.home / "var/blobs"

    @property
    def outgoing(self) -> Path:
        """The Maildir of sent mail."""
        return self.desk.home / "var/outgoing"


@asynccontextmanager
async def a_busy_desk(
    database_url: str, home: Path, *, is_webhook: bool = False, launcher: Sequence[str] = (), **environ: str
) -> AsyncIterator[Busy]:
    """Everything but the start: the desk is not running yet."""
    await asyncio.to_thread(invite, database_url, home)
    async with (
        SlackDouble(pause=lambda _: asyncio.sleep(0.05)) as slack,
        TelegramDouble(token=TELEGRAM_TOKEN, limits=False) as telegram,
        RunningDesk(home, launcher=launcher) as desk,
    ):
        slack.request_url = f"{desk.web}/slack/events"
        for name in ("tom", *(f"s{number}" for number in range(SLACK_PEOPLE))):
            slack.person(name)
        telegram.add_person(int(INES), "Ines Duarte")
        for number in range(TELEGRAM_PEOPLE):
            telegram.add_person(FIRST_CHAT + number, f"Chat {number}")
        desk.environ |= channels(desk, slack, telegram, is_webhook=is_webhook)
        desk.environ |= {"DATABASE_URL": database_url, **environ}
        yield Busy(desk, slack, telegram, database_url)


def channels(desk: RunningDesk, slack: SlackDouble, telegram: TelegramDouble, *, is_webhook: bool) -> dict[str, str]:
    """What a desk is told in the environment to reach both services."""
    found = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "HOLDLINE_SLACK_API_URL": slack.api_url,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "HOLDLINE_TELEGRAM_API_URL": telegram.url,
        "HOLDLINE_SECRET_KEY": "a-key-that-all-processes-of-one-desk-share",
    }
    if is_webhook:
        found |= {"HOLDLINE_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET, "HOLDLINE_WEB_PUBLIC_URL": desk.web}
    return found
