"""The real desk as a process, at services that do the least: it serves, and says in its log what they lack."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.doubles.slack.bare import REFUSALS as SLACK_REFUSALS
from tests.doubles.slack.bare import SECRET, BareSlack
from tests.doubles.telegram.bare import REFUSALS as TELEGRAM_REFUSALS
from tests.doubles.telegram.bare import BareTelegram
from tests.faults.running import RunningDesk, until

PERSON = 70001


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_desk_serves_at_services_that_know_next_to_nothing(transport: str, tmp_path: Path) -> None:
    lacks = {"socket": ("unknown_method", "404"), "http": ("404", "500")}[transport]
    async with (
        BareSlack(SystemClock(), lacks[0], knows_us=transport == "http") as slack,
        BareTelegram(lacks[1]) as telegram,
        RunningDesk(tmp_path / "home") as desk,
    ):
        assert lacks[0] in SLACK_REFUSALS
        assert lacks[1] in TELEGRAM_REFUSALS
        desk.environ |= {
            "SLACK_BOT_TOKEN": "test_token_admin",
            "HOLDLINE_SLACK_API_URL": slack.api_url.rstrip("/"),
            "TELEGRAM_BOT_TOKEN": "sampleToken",
            "HOLDLINE_TELEGRAM_API_URL": telegram.url,
        }
        desk.environ |= {"SLACK_APP_TOKEN": "app-token"} if transport == "socket" else {"SLACK_SIGNING_SECRET": SECRET}
        await desk.start()
        if transport == "socket":
            await slack.connected()
        else:
            slack.request_url = f"{desk.web}/slack/events"
        telegram.says(PERSON, "The printer jams")
        await slack.says("U0ANN", "The screen is black")
        help_text = (await slack.commands("U0ANN", "/ticket help"))["text"]
        await until(lambda: telegram.said and slack.said, 20, "both are thanked")
        # Our own words come back from this Slack as if a person had written them.
        await asyncio.sleep(2)
        assert (len(telegram.said), len(slack.said)) == (1, 1)
        assert "Thank you, your message has arrived" in telegram.said[0]["text"]
        assert "Thank you, your message has arrived" in slack.said[0]["text"]
        assert "You can write, in any channel" in help_text
        assert (await desk.get("/healthz"))[0] == 200
        slack.request_url = ""
        assert await desk.stop() == 0
        assert "Traceback" not in desk.whole_log
        assert "telegram_name_unknown" in desk.whole_log
