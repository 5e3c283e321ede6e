"""The double refuses what Telegram refuses: otherwise the tests that lean on it would prove nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.client import BotClient, file_of
from bot.channels.telegram.wire import MethodMissing
from bot.clock import HandClock
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.parts import a_client, a_config


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(clock=HandClock(datetime(2026, 3, 2, 14, 0, tzinfo=UTC))) as double:
        double.add_person(7, "Ann")
        double.add_person(8, "Bo", has_started=False)
        double.add_group(-5, "Acme")
        yield double


@pytest.fixture
async def client(telegram: TelegramDouble) -> AsyncIterator[BotClient]:
    opened = a_client(telegram)
    yield opened
    await opened.close_connections()


def a_button(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}


@pytest.mark.parametrize(
    ("method", "fields", "error", "words"),
    [
        ("sendMessage", {"chat_id": 7, "text": ""}, BadRequest, "text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "x" * 4097}, BadRequest, "too long"),
        ("sendMessage", {"chat_id": 7, "text": "🔥" * 2049}, BadRequest, "too long"),  # 4,098 units
        ("sendMessage", {"chat_id": 7, "text": "<b>x", "parse_mode": "HTML"}, BadRequest, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "<p>x</p>", "parse_mode": "HTML"}, BadRequest, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "a & b", "parse_mode": "HTML"}, BadRequest, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "x", "reply_markup": a_button("x" * 65)}, BadRequest, "DATA_INVALID"),
        ("sendMessage", {"chat_id": 7, "text": "x", "reply_parameters": {"message_id": 9}}, BadRequest, "replied"),
        ("sendMessage", {"chat_id": 7, "text": "x", "message_thread_id": 3}, BadRequest, "thread not found"),
        ("sendMessage", {"chat_id": 99, "text": "x"}, BadRequest, "chat not found"),
        ("sendMessage", {"chat_id": 8, "text": "x"}, Forbidden, "can't initiate"),
        ("sendPhoto", {"chat_id": 7, "photo": file_of(b"text", "a.png")}, BadRequest, "image_process_failed"),
        ("sendDocument", {"chat_id": 7, "document": file_of(b"x", "a"), "caption": "x" * 1025}, BadRequest, "caption"),
        ("editMessageText", {"chat_id": 7, "message_id": 9, "text": "x"}, BadRequest, "to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "9"}, BadRequest, "query is too old"),
        ("getFile", {"file_id": "9"}, BadRequest, "file_id"),
        ("setWebhook", {"url": "http://desk.example/"}, BadRequest, "HTTPS"),
        ("setMyCommands", {"commands": [{"command": "Bad!", "description": "x"}]}, BadRequest, "COMMAND"),
        ("makeCoffee", {}, MethodMissing, "not found"),
    ],
)
async def test_it_refuses(
    client: BotClient, method: str, fields: dict[str, Any], error: type[TelegramError], words: str
) -> None:
    with pytest.raises(error) as refused:
        await client.call(method, **fields)
    assert words.lower() in str(refused.value).lower()


async def test_it_refuses_another_token(telegram: TelegramDouble) -> None:
    client = BotClient(a_config(telegram, token="123456:another"))
    with pytest.raises(InvalidToken):
        await client.call("getMe")
    await client.close_connections()


async def test_one_message_a_second_to_a_chat(telegram: TelegramDouble, client: BotClient) -> None:
    await client.call("sendMessage", chat_id=7, text="one")
    with pytest.raises(RetryAfter):
        await client.call("sendMessage", chat_id=7, text="two")
    telegram.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    await client.call("sendMessage", chat_id=7, text="two")


async def test_twenty_messages_a_minute_to_a_group(telegram: TelegramDouble, client: BotClient) -> None:
    for _ in range(20):
        await client.call("sendMessage", chat_id=-5, text="x")
        telegram.clock.advance(timedelta(seconds=2))  # type: ignore[attr-defined]
    with pytest.raises(RetryAfter):
        await client.call("sendMessage", chat_id=-5, text="x")


async def test_thirty_messages_a_second_to_all(telegram: TelegramDouble, client: BotClient) -> None:
    for number in range(31):
        telegram.add_person(100 + number, "P")
    for number in range(30):
        await client.call("sendMessage", chat_id=100 + number, text="x")
    with pytest.raises(RetryAfter):
        await client.call("sendMessage", chat_id=130, text="x")


async def test_a_second_poller_ends_the_first(telegram: TelegramDouble, client: BotClient) -> None:
    first = asyncio.create_task(client.call("getUpdates", timeout=5))
    while not telegram.calls:
        await asyncio.sleep(0.005)
    await client.call("getUpdates", timeout=0)
    with pytest.raises(Conflict):
        await first


async def test_no_polling_beside_a_webhook(telegram: TelegramDouble, client: BotClient) -> None:
    await client.call("setWebhook", url="https://desk.example/hook")
    with pytest.raises(Conflict):
        await client.call("getUpdates")


async def test_an_offset_confirms_what_lies_before_it(telegram: TelegramDouble, client: BotClient) -> None:
    telegram.says(7, "one")
    telegram.says(7, "two")
    updates = await client.call("getUpdates")
    assert len(updates) == len(await client.call("getUpdates")) == 2
    assert len(await client.call("getUpdates", offset=updates[0]["update_id"] + 1)) == 1


async def test_a_card_that_does_not_change_is_not_modified(telegram: TelegramDouble, client: BotClient) -> None:
    sent = await client.call("sendMessage", chat_id=7, text="<b>x</b>", parse_mode="HTML")
    telegram.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]
    with pytest.raises(BadRequest, match="not modified"):
        await client.call("editMessageText", chat_id=7, message_id=sent["message_id"], text="x")


async def test_a_button_is_answered_within_fifteen_seconds(telegram: TelegramDouble, client: BotClient) -> None:
    message = await client.call("sendMessage", chat_id=7, text="x", reply_markup=a_button("x"))
    query = telegram.presses(7, message, "Go")
    telegram.clock.advance(timedelta(seconds=16))  # type: ignore[attr-defined]
    with pytest.raises(BadRequest):
        await client.call("answerCallbackQuery", callback_query_id=query)
