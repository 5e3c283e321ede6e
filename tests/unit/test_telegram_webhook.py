"""The webhook: who may post, what is confirmed, what comes again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.webhook import BODY_BYTES_MAX, PATH, TelegramWebhook
from bot.errors import ConfigError
from bot.notices.catalogues import LANGUAGES
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import SECRET, a_webhook, hooked, polling

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(limits=False) as double:
        double.add_person(7, "Ann Lee")
        yield double


@pytest.fixture
def desk() -> DeskInMemory:
    return DeskInMemory()


@pytest.fixture
async def webhook(telegram: TelegramDouble, desk: DeskInMemory) -> AsyncIterator[TelegramWebhook]:
    opened = a_webhook(telegram, desk)
    await opened.start()
    yield opened
    await opened.stop()


async def post(webhook: TelegramWebhook, body: Any, *, secret: str | None = SECRET, method: str = "POST") -> int:
    transport = httpx.ASGITransport(app=webhook)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {HEADER: secret} if secret is not None else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        return (await client.request(method, PATH, content=content, headers=headers)).status_code


def an_update(text: str, update_id: int = 1) -> dict[str, Any]:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": update_id, "chat": chat, "from": {"id": 7, "first_name": "Ann"}, "text": text}
    return {"update_id": update_id, "message": message}


async def until(is_so: Callable[[], bool]) -> None:
    async def watch() -> None:
        while not is_so():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(watch(), 5)


async def test_an_update_is_confirmed_when_it_is_recorded(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    assert await post(webhook, an_update("one")) == 200
    assert desk.texts == ["one"]


async def test_a_replay_is_confirmed_and_changes_nothing(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    assert [await post(webhook, an_update("one")) for _ in range(2)] == [200, 200]
    assert desk.texts == ["one"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], "sécret"])
async def test_without_the_secret_nothing_is_read(
    webhook: TelegramWebhook, desk: DeskInMemory, secret: str | None
) -> None:
    headers = {} if secret is None else {HEADER: secret.encode()}
    transport = httpx.ASGITransport(app=webhook)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        response = await client.post(PATH, json=an_update("one"), headers=headers)
    assert response.status_code == 403
    assert desk.texts == []


async def test_only_post_is_taken(webhook: TelegramWebhook) -> None:
    assert await post(webhook, b"", method="GET") == 405


async def test_a_busy_desk_asks_for_the_update_again(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    desk.is_busy = True
    assert await post(webhook, an_update("one")) == 503
    desk.is_busy = False
    assert await post(webhook, an_update("one")) == 200
    assert desk.texts == ["one"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b"3", b"[" * 100_000, b'{"update_id": 1, "message": 3}']
)
async def test_what_nobody_can_read_is_put_aside_and_confirmed(
    webhook: TelegramWebhook, desk: DeskInMemory, body: bytes
) -> None:
    assert await post(webhook, body) == 200
    assert len(desk.quarantined) == 1


async def test_quarantine_that_fails_asks_again(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    desk.is_busy = True
    assert await post(webhook, b"{") == 503


async def test_a_body_larger_than_any_update_is_refused(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    assert await post(webhook, bytes(BODY_BYTES_MAX + 1)) == 413
    assert desk.quarantined == []


async def test_a_body_that_lies_about_its_length_is_refused_as_well(webhook: TelegramWebhook) -> None:
    scope = {"type": "http", "method": "POST", "headers": [(HEADER.lower().encode(), SECRET.encode())]}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": bytes(400_000), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    await webhook(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_a_stopped_webhook_asks_telegram_to_come_back(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    webhook = a_webhook(telegram, desk)
    await webhook.start()
    await webhook.stop()
    assert await post(webhook, an_update("one")) == 503
    assert desk.texts == []


async def test_a_bad_token_is_a_fault_of_the_configuration(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN"):
        await a_webhook(telegram, desk, token="123456:another").start()


async def test_a_secret_that_telegram_would_not_take_is_refused(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    with pytest.raises(ConfigError, match="WEBHOOK_SECRET"):
        await a_webhook(telegram, desk, webhook_secret="not allowed!").start()


# ---------------------------------------------------------------- with the service


async def test_the_service_is_told_the_address_and_delivers_there(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    async with hooked(telegram, desk) as webhook:
        await until(lambda: webhook.state == "listening")
        assert telegram.webhook is not None
        assert telegram.webhook["secret_token"] == SECRET
        for number in range(20):
            telegram.says(7, f"{number}")
        assert await telegram.push() == [200] * 20
        telegram.says(7, "forged")
        assert await telegram.push(secret="wrong") == [403]
        await until(lambda: len(telegram.commands) == 3 * len(LANGUAGES))
    assert desk.texts == [str(number) for number in range(20)]


async def test_a_webhook_is_set_as_soon_as_the_service_can_be_reached(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.fail("getMe", 502, "Bad Gateway", times=2)
    telegram.fail("setWebhook", 502, "Bad Gateway", times=2)
    async with hooked(telegram, desk) as webhook:
        await until(lambda: webhook.state == "listening")
        telegram.says(7, "one")
        assert await telegram.push() == [200]


@pytest.mark.parametrize(
    ("has_privacy_off", "reads_all", "event"),
    [(False, True, "telegram_privacy_mode_is_on"), (True, False, "telegram_privacy_mode_is_off"),
     (True, True, ""), (False, False, "")],
)  # fmt: skip
async def test_half_a_switch_of_the_privacy_mode_is_told(
    telegram: TelegramDouble, desk: DeskInMemory, has_privacy_off: bool, reads_all: bool, event: str
) -> None:
    telegram.has_privacy_off = has_privacy_off
    with capture_logs() as said:
        async with hooked(telegram, desk, read_all_in_groups=reads_all) as webhook:
            await until(lambda: webhook.state == "listening")
    assert [line["event"] for line in said if "privacy" in line["event"]] == ([event] if event else [])


async def test_a_webhook_that_a_poller_took_away_is_set_again(telegram: TelegramDouble, desk: DeskInMemory) -> None:
    # The settings change from polling to webhook, and the old process ends after the new one began.
    async with polling(telegram, DeskInMemory()) as old:
        await until(lambda: old.state == "polling")
        async with hooked(telegram, desk, look_seconds=0.05) as webhook:
            await until(lambda: webhook.state == "listening")
            await until(lambda: telegram.webhook is None)
            await old.stop()
            await until(lambda: telegram.webhook is not None)
            telegram.says(7, "one")
            assert await telegram.push() == [200]
    assert desk.texts == ["one"]
    # It stays when we stop: updates wait there for the next start.
    assert telegram.webhook is not None


async def test_what_telegram_says_of_an_address_that_it_cannot_reach_is_said_once(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.troubles = {"last_error_date": 1772459900, "last_error_message": "Connection refused"}
    with capture_logs() as said:
        async with hooked(telegram, desk, look_seconds=0.01):
            await until(lambda: len(telegram.called("getWebhookInfo")) > 3)
    told = [line for line in said if line["event"] == "telegram_webhook_not_reached"]
    assert [(line["log_level"], line["reason"]) for line in told] == [("warning", "Connection refused")]


async def test_a_server_that_tells_nothing_of_webhooks_is_not_asked_again(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    telegram.fail("getWebhookInfo", 404, "Not Found", times=9)
    async with hooked(telegram, desk, look_seconds=0.01) as webhook:
        await until(lambda: any(call.method == "getWebhookInfo" for call in telegram.calls))
        await until(lambda: webhook._task is not None and webhook._task.done())
        assert len([call for call in telegram.calls if call.method == "getWebhookInfo"]) == 1
        telegram.says(7, "one")
        assert await telegram.push() == [200]


async def test_an_update_that_could_not_be_kept_is_delivered_again(
    telegram: TelegramDouble, desk: DeskInMemory
) -> None:
    async with hooked(telegram, desk) as webhook:
        await until(lambda: webhook.state == "listening")
        desk.is_busy = True
        telegram.says(7, "one")
        assert await telegram.push() == [503]
        desk.is_busy = False
        assert await telegram.push() == [200]
    assert desk.texts == ["one"]


async def test_forty_at_once_keep_the_order_of_their_chat(webhook: TelegramWebhook, desk: DeskInMemory) -> None:
    statuses = await asyncio.gather(*(post(webhook, an_update(f"{number}", number)) for number in range(40)))
    assert set(statuses) == {200}
    assert desk.texts == [str(number) for number in range(40)]
