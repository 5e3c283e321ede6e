"""A server that does the least that a Bot API server may do: the desk goes on, and says in its log what it lacks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.port import Desk
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.translate import Reading, translate
from bot.channels.telegram.webhook import TelegramWebhook
from bot.channels.telegram.wire import MethodMissing, answer
from bot.clock import HandClock, SystemClock
from bot.errors import ConfigError, DeliveryDelayed
from bot.messages import Action, CardView, File, Handle, News, Notice, Outgoing, Place
from tests.doubles.telegram.bare import REFUSALS, BareTelegram
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import SECRET, SIGNER

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
ANN, DESK = 7, "-5"
CARD = CardView(1, 1, "#1 Printer", (("Client", "Acme"),), "On offer", Place("telegram", DESK))


def a_config(server: BareTelegram, **changes: object) -> TelegramConfig:
    return TelegramConfig(**{"token": "sampleToken", "api_url": server.url, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def polling(server: BareTelegram, desk: Desk) -> AsyncIterator[TelegramPoller]:
    config = a_config(server)
    intake = Intake(BotClient(config), desk, Reading(config.bot_id, "", SIGNER), SystemClock())
    poller = TelegramPoller(intake.client, intake, config, poll_seconds=0, pauses=(0.01,))
    await poller.start()
    try:
        yield poller
    finally:
        await poller.stop()


async def a_sender(server: BareTelegram) -> TelegramSender:
    clock = HandClock(NOW)

    async def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    return TelegramSender(BotClient(a_config(server)), SIGNER, clock, sleep=sleep)


def outgoing(body: str, *files: File, label: str = "") -> Outgoing:
    actions = (Action(label, "claim 1"),) if label else ()
    return Outgoing(1, "d1", Handle("telegram", str(ANN)), Notice("offered", "", body, actions), files=files)


async def until(desk: DeskInMemory, count: int) -> None:
    async with asyncio.timeout(5):
        while len(desk.texts) + len(desk.orders) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_messages_and_commands_come_in_whatever_the_server_lacks(refusal: str) -> None:
    desk = DeskInMemory()
    async with BareTelegram(refusal) as server:
        with capture_logs() as log:
            async with polling(server, desk):
                server.says(ANN, "The printer jams")
                server.says(ANN, "/status@SomeBot")
                await until(desk, 2)
    assert desk.texts == ["The printer jams"]
    assert [order.text for order in desk.orders] == ["status"]
    assert {"getMe", "deleteWebhook"} <= set(server.refused)
    assert "telegram_name_unknown" in {line["event"] for line in log} or refusal == "200"


async def test_a_server_that_gives_everything_again_is_heard_once_and_not_asked_without_end() -> None:
    desk = DeskInMemory()
    async with BareTelegram(is_forgetful=True) as server, polling(server, desk):
        server.says(ANN, "once")
        await until(desk, 1)
        await asyncio.sleep(0.3)
        assert server.asked < 10
    assert desk.texts == ["once"]


async def test_a_button_on_a_message_that_says_nothing_of_itself_is_obeyed_and_answered_once() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        sender = await a_sender(server)
        await sender.send(outgoing("Yours?", label="Claim"))
        await sender.close()
        async with polling(server, desk):
            server.presses(ANN, "Claim")
            await until(desk, 1)
        assert [order.text for order in desk.orders] == ["claim 1"]
        assert len(server.answered) == 1


async def test_what_nobody_can_read_stops_the_buttons_spinner_too() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server, polling(server, desk):
        query = {"id": "9", "data": SIGNER.sign("telegram", "claim 1")}
        server.waiting.append({"update_id": 1, "callback_query": query})
        async with asyncio.timeout(5):
            while not server.answered:
                await asyncio.sleep(0.01)
    assert len(desk.quarantined) == 1
    assert len(server.answered) == 1


async def test_a_card_is_posted_without_topics_and_anew_where_it_cannot_be_edited() -> None:
    async with BareTelegram() as server:
        sender = await a_sender(server)
        ref = await sender.show(CARD, None)
        again = await sender.show(CARD, ref)
        await sender.close()
    assert [message["chat_id"] for message in server.said] == [int(DESK), int(DESK)]
    assert (ref.message_id, again.message_id) == ("-5:1", "-5:2")
    assert server.refused == ["createForumTopic", "editMessageText"]


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_file_that_cannot_go_is_named_and_the_words_arrive(refusal: str) -> None:
    async with BareTelegram(refusal) as server:
        sender = await a_sender(server)
        await sender.send(outgoing("Is it this tray?", File("tray.png", "image/png", b"\x89PNG")))
        await sender.close()
    (message,) = server.said
    assert message["text"].startswith("Is it this tray?")
    assert "[tray.png: this file could not be sent here" in message["text"]
    assert server.refused == ["sendPhoto", "sendDocument"]


async def test_a_webhook_that_cannot_be_set_is_listened_at_all_the_same() -> None:
    async with BareTelegram() as server:
        config = a_config(server, webhook_secret=SECRET, webhook_url="http://127.0.0.1:1/telegram/webhook")
        intake = Intake(BotClient(config), DeskInMemory(), Reading(0, "", SIGNER), SystemClock())
        webhook = TelegramWebhook(intake.client, intake, config, pauses=(0.01,))
        await webhook.start()
        async with asyncio.timeout(5):
            while webhook.state != "listening":
                await asyncio.sleep(0.01)
        assert webhook.fault is None
        await webhook.stop()


async def test_telegrams_own_tokens_have_their_shape_and_others_need_none() -> None:
    with pytest.raises(ConfigError):
        TelegramConfig("sampleToken").check()
    TelegramConfig("sampleToken", api_url="http://127.0.0.1:9000/").check()
    config = TelegramConfig("1:a", api_url="http://here:1/bot", file_url="http://files:2/")
    assert (config.base_url, config.base_file_url) == ("http://here:1/bot", "http://files:2/bot")


ANSWERS = [
    # Telegram's own stay as they are.
    (200, b'{"ok":true,"result":1}', 200),
    (200, b'{"result":1,"ok":true}', 200),
    (401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}', 401),
    (429, b'{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":3}}', 429),
    # A failure that calls itself a success.
    (200, b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}', 403),
    (200, b'{"ok":false,"description":"what?"}', 400),
    (200, b'{"ok":false,"error_code":"many"}', 400),
    # No JSON, or another kind of it.
    (502, b"<html>", 502),
    (500, b"[]", 500),
    (200, b"fine", 200),
]


@pytest.mark.parametrize(("status", "body", "read"), ANSWERS)
def test_answers_read_as_documented(status: int, body: bytes, read: int) -> None:
    assert answer("sendMessage", status, body)[0] == read


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_missing_method_is_known_in_every_wording(refusal: str) -> None:
    status, body = REFUSALS[refusal]
    payload = (body if isinstance(body, str) else json.dumps(body)).encode()
    with pytest.raises(MethodMissing):
        answer("sendPhoto", status, payload)


async def test_where_even_sending_is_missing_the_delivery_waits() -> None:
    async with BareTelegram() as server:
        config = a_config(server, api_url=f"{server.url}/elsewhere")
        sender = TelegramSender(BotClient(config), SIGNER, SystemClock())
        with pytest.raises(DeliveryDelayed, match="not offered"):
            await sender.send(outgoing("hello"))
        await sender.close()


STANDINGS = [
    ({"id": 7, "type": "private", "first_name": "Ann"}, "kicked", ("gone", "7")),
    ({"id": -5, "type": "group", "title": "Acme"}, "left", ("closed", "-5")),
    ({"id": -5}, "kicked", ("closed", "-5")),
    ({"id": 7, "type": "private"}, "member", None),
    ({"id": -5, "type": "supergroup"}, "administrator", None),
]


@pytest.mark.parametrize(("chat", "status", "told"), STANDINGS)
def test_the_bots_own_standing(chat: dict[str, object], status: str, told: tuple[str, str] | None) -> None:
    update = {"update_id": 3, "my_chat_member": {"chat": chat, "new_chat_member": {"status": status}}}
    found = translate(update, Reading(1, "", SIGNER), NOW)
    if told is None:
        assert not isinstance(found, News)
        return
    assert isinstance(found, News)
    where = found.handle.address if found.handle is not None else found.place.conversation if found.place else ""
    assert (found.what, where) == told
