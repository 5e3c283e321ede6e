"""What servers of the Bot API leave out or leave hanging, one by one: nothing is lost, doubled or held up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.translate import Ignored, Incoming, Reading, translate
from bot.channels.telegram.webhook import TelegramWebhook
from bot.clock import HandClock, SystemClock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import File, News, Order
from tests.doubles.telegram.bare import BareTelegram
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import SECRET, SIGNER
from tests.unit.test_telegram_bare import ANN, CARD, a_config, a_sender, outgoing, polling, until

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
NAMELESS = Reading(0, "", SIGNER)
AWAY = (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
NO_WORDS: tuple[int, Any] = (500, {})


def an_update(number: int = 1, **message: Any) -> dict[str, Any]:
    base = {"message_id": 1, "chat": {"id": ANN}, "from": {"id": ANN}, "text": "It jams"}
    return {"update_id": number, "message": base | message}


def read(update: Mapping[str, Any]) -> Any:
    return translate(dict(update), NAMELESS, NOW)


# ------------------------------------------------------------ what a start asks for


@pytest.mark.parametrize("said", [AWAY, NO_WORDS, (503, "busy"), (200, {"ok": True})])
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands"])
async def test_polling_begins_though_what_a_start_asks_for_fails_for_ever(method: str, said: tuple[int, Any]) -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        server.gives = {method: said}
        with capture_logs() as log:
            async with polling(server, desk) as poller:
                server.says(ANN, "It jams")
                await until(desk, 1)
                assert poller.state == "polling"
                await asyncio.sleep(0.1)
    assert desk.texts == ["It jams"]
    warned = [line for line in log if line["event"] == "telegram_name_unknown"]
    assert len(warned) <= 1


async def test_a_name_that_is_told_later_is_learnt_beside_the_polling() -> None:
    desk, group = DeskInMemory(), {"id": -5, "type": "group"}
    async with BareTelegram() as server:
        server.gives = {"getMe": AWAY}
        async with polling(server, desk):
            server.says(ANN, "one")
            await until(desk, 1)
            server.gives, server.me = {}, {"id": 1, "is_bot": True, "username": "the_desk"}
            async with asyncio.timeout(5):
                while len(desk.texts) < 2:
                    server.waiting.append(an_update(len(server.waiting) + 1, chat=group, text="@the_desk help us"))
                    await asyncio.sleep(0.05)
    assert desk.texts[1] == "help us"


async def test_a_webhook_is_set_though_nobody_tells_the_bots_name() -> None:
    async with BareTelegram() as server:
        server.gives = {"getMe": AWAY, "setWebhook": (200, {"ok": True, "result": True})}
        config = a_config(server, webhook_secret=SECRET, webhook_url="http://127.0.0.1:1/telegram/webhook")
        intake = Intake(BotClient(config), DeskInMemory(), Reading(0, "", SIGNER), SystemClock())
        webhook = TelegramWebhook(intake.client, intake, config, pauses=(0.01,))
        await webhook.start()
        async with asyncio.timeout(5):
            while "setWebhook" not in server.refused:
                await asyncio.sleep(0.01)
        await webhook.stop()


# ------------------------------------------------------------ answers with nothing in them


@pytest.mark.parametrize("result", [{}, {"result": True}, {"result": None}, {"result": "sent"}, {"result": []}])
async def test_what_was_sent_is_sent_though_the_answer_tells_nothing(result: dict[str, Any]) -> None:
    async with BareTelegram() as server:
        server.gives = {"sendMessage": (200, {"ok": True, **result})}
        sender = await a_sender(server)
        ref = await sender.send(outgoing("hello"))
        await sender.close()
    assert ref.conversation == str(ANN)
    assert server.refused == ["sendMessage"]


async def test_polls_that_say_no_more_than_yes_are_empty_ones() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        server.gives = {"getUpdates": (200, {"ok": True})}
        async with polling(server, desk) as poller:
            await asyncio.sleep(0.7)
            assert poller.state == "polling"
            assert server.refused.count("getUpdates") < 10
            server.gives = {}
            server.says(ANN, "It jams")
            await until(desk, 1)
    assert desk.texts == ["It jams"]


# ------------------------------------------------------------ numbers that tell nothing apart


ALIKE = [
    (an_update(1, text="one"), an_update(1, text="two")),
    (an_update(1, date=0), an_update(1, date=0, message_id=2)),
    (an_update(1, date=5), an_update(1, date=6)),
    (an_update(1, date=5), an_update(1, date=5, chat={"id": 8}, **{"from": {"id": 8}})),
]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_two_messages_stay_two_though_the_server_numbers_them_alike(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    keys = [read(update).message.key for update in (first, second, first, second)]
    assert (len(set(keys)), keys[:2]) == (2, keys[2:])


def test_two_presses_stay_two_though_they_have_one_id_or_none() -> None:
    keys = set()
    for number, (query_id, person, line) in enumerate(
        [("1", 7, "claim 1"), ("1", 8, "claim 1"), ("1", 7, "pass 1"), (None, 7, "claim 1"), (None, 7, "claim 1")]
    ):
        query = {"id": query_id, "from": {"id": person}, "data": SIGNER.sign("telegram", line)}
        found = read({"update_id": number, "callback_query": query})
        assert isinstance(found, Order)
        keys.add(found.key)
    assert len(keys) == 5


async def test_poison_that_is_numbered_alike_is_kept_each_time_and_a_repeat_once() -> None:
    desk = DeskInMemory()
    with capture_logs() as log:
        async with BareTelegram(is_forgetful=True) as server, polling(server, desk):
            server.waiting.append({"update_id": 1, "message": 5})
            server.waiting.append({"update_id": 1, "message": 6})
            async with asyncio.timeout(5):
                while server.asked < 4:
                    await asyncio.sleep(0.01)
    assert len([line for line in log if line["event"] == "telegram_update_unreadable"]) == 2
    assert [raw for raw, _ in desk.quarantined] == [
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "message": 6}',
    ]


async def test_a_question_is_asked_once_though_its_command_comes_again_and_again() -> None:
    desk = DeskInMemory()
    async with BareTelegram(is_forgetful=True) as server, polling(server, desk):
        server.waiting.append(an_update(1, text="/log 42"))
        await server.until(1)
        await asyncio.sleep(0.7)
    assert server.asked > 2
    assert [message["text"].splitlines()[0] for message in server.said] == ["✎ Log time · #42"]


# ------------------------------------------------------------ fields that are not there


TAKEN = [
    (an_update(), "It jams"),
    (an_update(text="/status@SomeBot"), "status"),
    (an_update(text="/start CODE"), "link CODE"),
    (an_update(chat={"id": "-5"}, text="@holdline_bot it jams"), "@holdline_bot it jams"),
    (an_update(photo=[{"file_id": "a"}, {"file_id": "b"}], text=None, caption="look"), "look"),
    (an_update(voice={"file_id": "a"}, text=None), "[voice message, 0:00]"),
    (an_update(message_thread_id=5, is_topic_message=True, chat={"id": -5}, text="@a_bot x"), "@a_bot x"),
    (an_update(reply_to_message={"message_id": 3}), "It jams"),
]


@pytest.mark.parametrize(("update", "words"), TAKEN)
def test_an_update_needs_next_to_nothing(update: dict[str, Any], words: str) -> None:
    found = read(update)
    assert isinstance(found, Incoming | Order)
    assert (found.message.text if isinstance(found, Incoming) else found.text) == words


LEFT = [
    {"update_id": 1},
    {"update_id": 1, "channel_post": {"message_id": 1, "chat": {"id": -5}, "text": "x"}},
    {"update_id": 1, "message_reaction": {}},
    {"update_id": 1, "poll_answer": {"poll_id": "1"}},
    {"update_id": 1, "something_new": [1]},
    {"update_id": 1, "inline_query": {"id": "1", "query": "x"}},
    an_update(text=None, new_chat_members=[{"id": 1}]),
    an_update(text=None, pinned_message={"message_id": 1}),
    an_update(text=None, left_chat_member={"id": 1}),
    an_update(text=None, forum_topic_created={"name": "x"}),
    an_update(chat={"id": -5}, text="lunch, anybody?"),
    an_update(chat={"id": -5}, text="robot@example.com says no"),
    {"update_id": 1, "my_chat_member": {"chat": {"id": 7}}},
]


@pytest.mark.parametrize("update", LEFT)
def test_what_is_nobodys_message_is_left(update: dict[str, Any]) -> None:
    assert isinstance(read(update), Ignored | News)


# ------------------------------------------------------------ files


def a_picture(**more: Any) -> dict[str, Any]:
    return an_update(1, photo=[{"file_id": "F1", **more}], text=None, caption="look")


@pytest.mark.parametrize(
    "said",
    [
        (404, {"ok": False}),
        (200, {"ok": True}),
        (200, {"ok": True, "result": True}),
        (200, {"ok": True, "result": {"file_id": "F1"}}),
        (200, {"ok": True, "result": {"file_path": "photos/nowhere.jpg"}}),
        (400, {"ok": False, "error_code": 400}),
    ],
)
async def test_words_arrive_though_their_picture_cannot_be_had(said: tuple[int, Any]) -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        server.gives = {"getFile": said}
        async with polling(server, desk):
            server.waiting.append(a_picture())
            await until(desk, 1)
    assert desk.texts == ["look\n[photo-1.jpg: the file could not be fetched from Telegram]"]


async def test_a_file_whose_whole_address_is_given_is_fetched_from_the_servers_own_machine_alone() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        server.content = b"\xff\xd8"
        async with polling(server, desk):
            for number, address in enumerate((f"{server.url}/files/a.jpg", "http://127.0.0.2:9/files/a.jpg"), 1):
                server.gives = {"getFile": (200, {"ok": True, "result": {"file_path": address}})}
                server.waiting.append(a_picture() | {"update_id": number})
                await until(desk, number)
    assert [message.attachments[0].content for message in desk.messages] == [b"\xff\xd8", None]


async def test_a_file_server_that_hangs_holds_up_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.files.ASK_SECONDS", 0.3)
    desk = DeskInMemory()
    async with BareTelegram() as server, polling(server, desk):
        server.hangs = {"getFile"}
        server.waiting.append(a_picture())
        server.waiting.append(an_update(2, chat={"id": 8}, **{"from": {"id": 8}}))
        await until(desk, 2)
    assert desk.texts[0] == "It jams"
    assert "could not be fetched" in desk.texts[1]
    assert server.left_hanging == ["getFile", "getFile"]


async def test_a_picture_goes_as_words_where_yes_is_all_that_is_answered() -> None:
    async with BareTelegram() as server:
        server.gives = {"sendPhoto": (200, {"ok": True})}
        sender = await a_sender(server)
        await sender.send(outgoing("Is it this tray?", File("tray.png", "image/png", b"\x89PNG")))
        await sender.close()
    assert server.refused == ["sendPhoto"]


# ------------------------------------------------------------ nobody waits behind a server that hangs


async def test_a_server_that_hangs_is_tried_once_and_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.client.BotClient.call.__kwdefaults__", {"read_seconds": 0.2})
    clock = HandClock(NOW)

    async def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async with BareTelegram() as server:
        server.hangs = {"sendMessage"}
        sender = TelegramSender(BotClient(a_config(server)), SIGNER, clock, sleep=sleep)
        for number in range(10):
            with pytest.raises(DeliveryDelayed):
                await sender.send(outgoing(f"try {number}"))
        assert server.left_hanging == ["sendMessage"]
        clock.advance(timedelta(seconds=21))
        server.hangs.clear()
        await sender.send(outgoing("one"))
        await sender.close()
    assert [message["text"] for message in server.said] == ["one"]


async def test_a_card_does_not_wait_for_topics_that_never_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.client.BotClient.call.__kwdefaults__", {"read_seconds": 0.2})
    async with BareTelegram() as server:
        server.hangs = {"createForumTopic"}
        sender = await a_sender(server)
        with pytest.raises(DeliveryDelayed):
            await sender.show(CARD, None)
        await sender.show(CARD, None)
        await sender.close()
    assert [message["chat_id"] for message in server.said] == [-5]


# ------------------------------------------------------------ refusals that nobody explains


@pytest.mark.parametrize("dislikes", ["reply_parameters", "parse_mode", "reply_markup"])
@pytest.mark.parametrize(
    ("status", "words"), [(400, {}), (400, {"description": "extra fields not permitted"}), (422, {"detail": []})]
)
async def test_words_arrive_without_what_a_server_refuses(dislikes: str, status: int, words: dict[str, Any]) -> None:
    async with BareTelegram() as server:
        server.dislikes, server.refusal = dislikes, (status, {"ok": False, **words})
        sender = await a_sender(server)
        asked = replace(outgoing("Yours & only yours?", label="Claim"), references=(f"{ANN}:5",))
        await sender.send(asked)
        await sender.close()
    (message,) = server.said
    assert "Yours &" in message["text"]
    assert dislikes not in message


async def test_a_chat_that_is_not_there_is_refused_at_once() -> None:
    async with BareTelegram() as server:
        server.gives = {"sendMessage": (400, {"ok": False, "description": "Bad Request: chat not found"})}
        sender = await a_sender(server)
        with pytest.raises(DeliveryRefused):
            await sender.send(outgoing("hello", label="Claim"))
        await sender.close()
    assert server.refused == ["sendMessage"]
