"""A bad token on one channel does not stop the others, and says what to do about it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from pathlib import Path

import pytest

from tests.faults.busy import a_busy_desk
from tests.faults.findings import half_written, kept, rows
from tests.faults.people import a_mail
from tests.faults.running import free_port, until
from tests.faults.writers import MailWriters, SlackWriter, TelegramWriter

WRONG_TELEGRAM = {"TELEGRAM_BOT_TOKEN": "654321:a-token-that-nobody-gave"}
WRONG_SLACK = {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-wrong"}
# Which channel is refused, and which of the others still work.
CASES = {
    "telegram": (WRONG_TELEGRAM, {"email", "slack"}),
    "telegram webhook": (WRONG_TELEGRAM, {"email", "slack"}),
    "slack socket": (WRONG_SLACK, {"email", "telegram"}),
    "both": (WRONG_TELEGRAM | WRONG_SLACK, {"email"}),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_refused_token_stops_its_own_channel_alone(case: str, sqlite_url: str, tmp_path: Path) -> None:
    wrong, working = CASES[case]
    async with a_busy_desk(sqlite_url, tmp_path, is_webhook="webhook" in case, **wrong) as busy:
        await busy.desk.start()
        mail = MailWriters(busy.desk.smtp_port, deque(a_mail(number) for number in range(5)))
        slack, telegram = SlackWriter(busy.slack), TelegramWriter(busy.telegram)
        telegram.say(range(5))
        writing = [mail.write_all()]
        if "slack" in working:
            writing.append(slack.write_all(range(5)))
        if "telegram" in working:
            writing.append(telegram.write_all(is_webhook=False))
        await asyncio.wait_for(asyncio.gather(*writing), 40)
        for channel in working:
            assert kept(sqlite_url, channel) == Counter(range(5))
        if "telegram" not in working:
            assert telegram.acknowledged == set(), "what a refused bot cannot fetch waits at Telegram"
        assert half_written(sqlite_url, busy.blobs) == []
        # The operator is told which word is wrong and where the right one stands, and never the word itself.
        for variable in wrong:
            if variable != "SLACK_APP_TOKEN":
                assert variable in busy.desk.log
            assert wrong[variable] not in busy.desk.log
        assert (await busy.desk.get("/healthz"))[0] == 200
        assert await busy.desk.stop() == 0
        assert "Traceback" not in busy.desk.whole_log


async def test_a_slack_token_that_is_refused_at_sending_speaks_against_nobody(sqlite_url: str, tmp_path: Path) -> None:
    # Over HTTP nothing asks for the token before the first post.
    async with a_busy_desk(sqlite_url, tmp_path, SLACK_BOT_TOKEN="xoxb-wrong") as busy:
        await busy.desk.start()
        slack = SlackWriter(busy.slack)
        mail = MailWriters(busy.desk.smtp_port, deque(a_mail(number) for number in range(5)))
        await asyncio.wait_for(asyncio.gather(slack.write_all(range(5)), mail.write_all()), 40)
        assert kept(sqlite_url, "slack") == Counter(range(5))
        await until(
            lambda: rows(sqlite_url, "SELECT 1 FROM delivery WHERE channel = 'slack' AND error <> ''"), 20, "a refusal"
        )
        # People are not dead because our token is: their handles stay alive.
        assert rows(sqlite_url, "SELECT count(*) FROM handle WHERE is_dead") == [(0,)]
        assert rows(sqlite_url, "SELECT count(*) FROM delivery WHERE channel = 'email' AND state = 'dead'") == [(0,)]
        assert await busy.desk.stop() == 0


async def test_services_that_are_away_do_not_delay_a_start(sqlite_url: str, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    environ = {
        "HOLDLINE_SLACK_API_URL": f"{nobody}/api",
        "SLACK_APP_TOKEN": "xapp-double",
        "HOLDLINE_TELEGRAM_API_URL": nobody,
    }
    async with a_busy_desk(sqlite_url, tmp_path) as busy:
        found = dict(busy.desk.environ)
        busy.desk.environ |= environ
        await busy.desk.start()
        mail = MailWriters(busy.desk.smtp_port, deque([a_mail(1)]))
        await asyncio.wait_for(mail.write_all(), 20)
        assert await busy.desk.stop() == 0
        assert "Traceback" not in busy.desk.log

        # They are back, and so is what waited there.
        busy.desk.environ = found
        telegram = TelegramWriter(busy.telegram)
        telegram.say([1])
        await busy.desk.start()
        await asyncio.wait_for(telegram.write_all(is_webhook=False), 20)
        assert kept(sqlite_url, "telegram") == Counter([1])
        assert await busy.desk.stop() == 0
