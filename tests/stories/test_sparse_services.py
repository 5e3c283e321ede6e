"""A ticket from the first words to its end, on services that leave out all they may, over every transport.

The desk, the outbox, the courier and both channels are the real ones; the services are the bare doubles.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.blobs import open_blobs
from bot.books import buy_credit
from bot.channels.port import Sender
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.translate import Reading
from bot.channels.telegram.webhook import SECRET_HEADER, TelegramWebhook
from bot.clock import HandClock
from bot.courier import Courier
from bot.escalation import load_ladder
from bot.importing.door import import_file
from bot.messages import Place
from bot.policy import Policy
from bot.reception import Reception
from bot.store import Query, Store
from tests.chat_people import people_of
from tests.desk import CONFIG, rules
from tests.doubles.slack.bare import REFUSALS as SLACK_REFUSALS
from tests.doubles.slack.bare import SECRET as SLACK_SECRET
from tests.doubles.slack.bare import BareSlack
from tests.doubles.telegram.bare import REFUSALS as TELEGRAM_REFUSALS
from tests.doubles.telegram.bare import BareTelegram
from tests.doubles.telegram.parts import SECRET, SIGNER
from tests.unit.slack_ground import NOW, RecordingDesk, a_signer
from tests.unit.test_slack_bare import Bare, listening
from tests.unit.test_telegram_bare import polling

JAM = "The printer in the front office jams on every page. Can you look at it?"
STATES = Query("SELECT id, state FROM ticket ORDER BY id", scans="tests")
OUTCOMES = Query("SELECT outcome FROM inbound ORDER BY id", scans="tests")


@dataclass
class Office:
    """The real desk, with one channel. It is Monday, 10:00 in New York."""

    store: Store
    clock: HandClock
    reception: Reception
    courier: Courier

    async def passes(self) -> None:
        """Some minutes, in which the courier empties the outbox."""
        for _ in range(20):
            self.clock.advance(timedelta(seconds=15))
            await self.courier.deliver_once()

    def states(self) -> list[tuple[int, str]]:
        return [(row.id, str(row.state)) for row in self.store.read_sync(lambda tx: tx.all(STATES))]

    def outcomes(self) -> set[str]:
        return {row.outcome for row in self.store.read_sync(lambda tx: tx.all(OUTCOMES))}


def an_office(store: Store, folder: Path, clock: HandClock, sender: Sender, **people: str) -> Office:
    channel, staff = people.pop("channel"), people.pop("staff")
    file = folder / "people.toml"
    file.write_text(people_of(channel, **people))
    import_file(store, file, now=NOW, is_applied=True, buy_credit=buy_credit, digest_time=time(7, 30))
    policy = Policy(
        rules=rules(),
        ladder=load_ladder(CONFIG / "escalation.toml"),
        signer=a_signer() if channel == "slack" else SIGNER,
        zone="America/New_York",
        staff_places=(Place(channel, staff),),
    )
    blobs = open_blobs(store, folder / "blobs")
    reception = Reception(store, clock, blobs, policy)
    return Office(store, clock, reception, Courier(store, clock, {channel: sender}, blobs, policy=policy))


def ways(**dialects: str) -> pytest.MarkDecorator:
    """Each transport on one database: what a service leaves out is nothing to the other."""
    return pytest.mark.parametrize(("transport", "database_url"), dialects.items(), indirect=["database_url"])


# ------------------------------------------------------------ Slack


SPARSE_SLACKS: list[dict[str, Any]] = [
    *({"refusal": refusal} for refusal in SLACK_REFUSALS),
    {"refusal": "501", "reads_forms_alone": True},
    {"refusal": "404", "takes_words": False},
    {"refusal": "404", "takes_words": True, "knows_us": True},
    {"refusal": "unknown_method", "paths": ("",)},
]


@ways(http="postgresql", socket="sqlite")
@pytest.mark.parametrize("left_out", SPARSE_SLACKS, ids=lambda choices: "-".join(map(str, choices.values())))
async def test_a_ticket_is_opened_answered_billed_and_resolved_on_slack(
    store: Store, tmp_path: Path, transport: str, left_out: dict[str, Any]
) -> None:
    clock = HandClock(NOW)

    async def pause(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async with BareSlack(clock, **left_out) as slack:
        slack.marks_nothing = True
        url = slack.address if left_out.get("paths") else slack.api_url
        service = Service(SlackConfig("test-token", "test-app-token", SLACK_SECRET, api_url=url))
        sender = SlackSender(service, signer=a_signer(), pace=Pace(clock, pause))
        people = {"anna": "T0:U0ANNA", "tom": "T0:U0TOM", "maria": "T0:U0MARIA", "staff": "C0DESK"}
        office = an_office(store, tmp_path, clock, sender, channel="slack", **people)
        ground = Bare(slack, RecordingDesk(), service, sender)
        async with listening(ground, transport, desk=office.reception, clock=clock):
            await a_day_on_slack(slack, office)
        await sender.close()
    assert office.states() == [(1, "resolved")]
    assert office.outcomes() == {"opened", "joined", "obeyed"}


async def a_day_on_slack(slack: BareSlack, office: Office) -> None:
    def told(person: str) -> str:
        return "\n".join(post["text"] for post in slack.said if post["channel"] in (person, f"D{person}"))

    async def commands(person: str, line: str) -> str:
        """What is answered, wherever it is shown."""
        before, posted = len(slack.told), len(slack.said)
        form = {"command": line.partition(" ")[0], "text": line.partition(" ")[2], "user_id": person}
        said = await slack.sends("slash_commands", form)
        if "text" not in said:
            await slack.until(posted + 1)
        return str(said.get("text") or (slack.told[before:] + slack.said[posted:])[0]["text"])

    first = await slack.says("U0ANNA", JAM, channel="DU0ANNA")
    await office.passes()
    assert "It is ticket #1, P3 (medium)" in told("U0ANNA")
    assert "Yours until Mon 23 Nov, 10:30 EST" in told("U0TOM")

    # The press says nothing but who pressed what.
    offer = next(post for post in slack.said if post["channel"] == "U0TOM")
    claim = next(e for block in offer["blocks"] for e in block.get("elements", ()) if e["text"]["text"] == "Claim")
    pressed = {"type": "block_actions", "user": {"id": "U0TOM"}, "actions": [{"value": claim["value"]}]}
    before = len(slack.said)
    await slack.sends("interactive", pressed)
    async with asyncio.timeout(5):
        # Where a service says yes to a whisper, Tom has been shown it.
        while not any("Ticket 1 is yours" in post["text"] for post in slack.said[before:]) and not (
            _says_yes(slack) and "chat.postEphemeral" in slack.refused
        ):
            await asyncio.sleep(0.01)
    await office.passes()
    assert "Tom Becker has taken your ticket #1" in told("U0ANNA")

    assert "Sent to Anna Kim" in await commands("U0TOM", "/ticket reply 1 Is it the tray or the fuser?")
    await office.passes()
    assert "Is it the tray or the fuser?" in told("U0ANNA")
    again = {"type": "message", "channel": "DU0ANNA", "user": "U0ANNA", "text": "Only the tray", "thread_ts": first}
    await slack.sends("events_api", {"type": "event_callback", "event": {**again, "ts": "1700000000.900000"}})
    await office.passes()
    assert "Only the tray" in told("U0TOM")
    assert "$120.00" in await commands("U0TOM", "/log 1 50m remote")
    await commands("U0TOM", "/ticket resolve 1 New rollers are in")
    await office.passes()
    assert "New rollers are in" in told("U0ANNA")
    assert "$120.00" in told("U0ANNA")


def _says_yes(slack: BareSlack) -> bool:
    body = slack.refusal[1]
    return isinstance(body, dict) and body.get("ok") is True


# ------------------------------------------------------------ Telegram

ANNA, TOM, MARIA, STAFF = 700007, 700021, 700023, -1001
SPARSE_TELEGRAMS: list[dict[str, Any]] = [
    *({"refusal": refusal} for refusal in TELEGRAM_REFUSALS),
    {"refusal": "404", "is_forgetful": True},
    {"refusal": "404", "reads_json_alone": True},
    {"refusal": "404", "ids": str},
    {"refusal": "404", "me": {"id": "5"}},
    {"refusal": "404", "gives": {"answerCallbackQuery": (200, {"ok": True}), "getMe": (500, {})}},
]
Post = Callable[[dict[str, Any]], Awaitable[None]]


@ways(polling="sqlite", webhook="postgresql")
@pytest.mark.parametrize("left_out", SPARSE_TELEGRAMS, ids=lambda choices: "-".join(map(str, choices.values())))
async def test_a_ticket_is_opened_answered_billed_and_resolved_on_telegram(
    store: Store, tmp_path: Path, transport: str, left_out: dict[str, Any]
) -> None:
    clock = HandClock(NOW)

    async def pause(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    gives = left_out.get("gives", {})
    async with BareTelegram(**{name: value for name, value in left_out.items() if name != "gives"}) as telegram:
        telegram.gives = dict(gives)
        config = TelegramConfig("sampleToken", api_url=telegram.url, webhook_secret=SECRET)
        sender = TelegramSender(BotClient(config), SIGNER, clock, sleep=pause)
        people = {"anna": str(ANNA), "tom": str(TOM), "maria": str(MARIA), "staff": str(STAFF)}
        office = an_office(store, tmp_path, clock, sender, channel="telegram", **people)
        listen = a_poll if transport == "polling" else a_hook
        async with listen(telegram, config, office) as post:
            await a_day_on_telegram(telegram, office, post)
        await sender.close()
    assert office.states() == [(1, "resolved")]
    assert office.outcomes() == {"opened", "joined", "obeyed"}


@asynccontextmanager
async def a_poll(telegram: BareTelegram, config: TelegramConfig, office: Office) -> AsyncIterator[Post]:
    async with polling(telegram, office.reception) as poller:

        async def post(update: dict[str, Any]) -> None:
            telegram.waiting.append(update)
            before = len(office.store.read_sync(lambda tx: tx.all(OUTCOMES)))
            async with asyncio.timeout(10):
                while len(office.store.read_sync(lambda tx: tx.all(OUTCOMES))) == before:
                    await asyncio.sleep(0.02)

        yield post
        assert poller.state == "polling"


@asynccontextmanager
async def a_hook(telegram: BareTelegram, config: TelegramConfig, office: Office) -> AsyncIterator[Post]:
    intake = Intake(BotClient(config), office.reception, Reading(config.bot_id, "", SIGNER), office.clock)
    webhook = TelegramWebhook(intake.client, intake, config, pauses=(0.01,))
    await webhook.start()

    async def post(update: dict[str, Any]) -> None:
        assert await telegram.posts(update, webhook, {SECRET_HEADER: SECRET.encode()}) == 200

    yield post
    await webhook.stop()


async def a_day_on_telegram(telegram: BareTelegram, office: Office, post: Post) -> None:
    numbers = itertools.count(1)

    def told(person: int) -> str:
        return "\n".join(message["text"] for message in telegram.said if str(message["chat_id"]) == str(person))

    async def says(person: int, text: str) -> None:
        number, name = next(numbers), telegram.ids(person)
        message = {"message_id": telegram.ids(number), "chat": {"id": name}, "from": {"id": name}, "text": text}
        await post({"update_id": telegram.ids(number), "message": message})
        await office.passes()

    await says(ANNA, JAM)
    assert "It is ticket #1, P3 (medium)" in told(ANNA)
    assert "Yours until Mon 23 Nov, 10:30 EST" in told(TOM)
    rows = [row for message in telegram.said for row in (message.get("reply_markup") or {}).get("inline_keyboard", ())]
    claim = next(button for row in rows for button in row if button["text"] == "Claim")
    pressed = {"from": {"id": telegram.ids(TOM)}, "data": claim["callback_data"], "inline_message_id": "x"}
    await post({"update_id": telegram.ids(next(numbers)), "callback_query": {"id": "1", **pressed}})
    await office.passes()
    assert "Ticket 1 is yours" in told(TOM)
    assert "Tom Becker has taken your ticket #1" in told(ANNA)
    await says(TOM, "/reply@desk_bot 1 Is it the tray or the fuser?")
    assert "Is it the tray or the fuser?" in told(ANNA)
    await says(ANNA, "Only the tray")
    assert "Only the tray" in told(TOM)
    await says(TOM, "/log 1 50m remote")
    assert "$120.00" in told(TOM)
    await says(TOM, "/resolve 1 New rollers are in")
    assert "New rollers are in" in told(ANNA)
    assert "$120.00" in told(ANNA)
