"""Servers of the Bot API that read and write it in their own ways: understood, as far as the documentation allows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.translate import Incoming, Reading, translate
from bot.channels.telegram.updates import in_order
from bot.channels.telegram.wire import WAIT_SECONDS_MAX, answer
from bot.errors import DeliveryDelayed
from bot.messages import Order
from tests.doubles.telegram import TelegramDouble, parts
from tests.doubles.telegram.bare import PAGE, BareTelegram
from tests.doubles.telegram.desk import DeskInMemory
from tests.doubles.telegram.parts import SIGNER
from tests.unit.test_telegram_bare import ANN, a_sender, outgoing, polling, until

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
READING = Reading(123456, "HoldlineBot", SIGNER)
GROUP = {"id": -100500, "type": "supergroup", "title": "Acme"}
PERSON = {"id": 7, "is_bot": False, "first_name": "Ann"}


def heard(**message: Any) -> Any:
    base = {"message_id": 40, "date": 1772459900, "chat": {"id": 7, "type": "private"}, "from": PERSON}
    return translate({"update_id": 900, "message": base | message}, READING, NOW)


async def test_a_server_that_reads_json_alone_is_spoken_to_in_json() -> None:
    async with BareTelegram(reads_json_alone=True) as server:
        sender = await a_sender(server)
        await sender.send(outgoing("hello", label="Claim"))
        await sender.send(outgoing("again"))
        await sender.close()
    first, *_ = server.said
    assert (first["text"], first["reply_markup"]["inline_keyboard"][0][0]["text"]) == ("hello", "Claim")
    # Asked in the usual way once, and then known.
    assert server.unread == ["sendMessage"]


async def test_the_offset_is_read_from_the_query_and_an_empty_answer_may_be_null() -> None:
    desk = DeskInMemory()
    async with BareTelegram(reads_json_alone=True) as server, polling(server, desk) as poller:
        async with asyncio.timeout(5):
            while not server.asked:
                await asyncio.sleep(0.01)
        server.says(ANN, "The printer jams")
        await until(desk, 1)
        assert poller.state == "polling"
    assert desk.texts == ["The printer jams"]


async def test_ids_written_as_text_are_ids() -> None:
    desk = DeskInMemory()
    async with BareTelegram(ids=str) as server, polling(server, desk):
        server.says(ANN, "one")
        server.says(ANN, "two")
        await until(desk, 2)
    assert desk.texts == ["one", "two"]
    assert desk.quarantined == []


async def test_a_server_that_counts_anew_after_it_was_away_is_heard() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server, polling(server, desk):
        for number in range(5):
            server.says(ANN, f"before {number}")
        await until(desk, 5)
        server.waiting.clear()
        server.fails = 1
        while server.fails:
            await asyncio.sleep(0.01)
        # Its first number was 5 before, and is 1 again.
        server.waiting.append({"update_id": 1, "message": _private("after", number=77)})
        await until(desk, 6)
    assert desk.texts[-1] == "after"


def _private(text: str, *, number: int) -> dict[str, Any]:
    chat = {"id": ANN, "type": "private"}
    return {"message_id": number, "date": 1, "chat": chat, "from": {"id": ANN, "first_name": "A"}, "text": text}


def test_a_private_message_without_a_sender_is_the_chats() -> None:
    found = heard(**{"from": None, "chat": {"id": 7, "type": "private", "first_name": "Ann"}, "text": "help"})
    assert isinstance(found, Incoming)
    assert (found.message.sender.address, found.message.sender.display_name) == ("7", "Ann")


MENTIONS = [
    ("@HoldlineBot it jams", True),
    ("it jams, @holdlinebot!", True),
    ("@HoldlineBotany is a field", False),
    ("mail me@HoldlineBot", False),
]


@pytest.mark.parametrize(("text", "is_addressed"), MENTIONS)
def test_a_mention_that_nothing_marks_is_read_by_its_words(text: str, is_addressed: bool) -> None:
    assert isinstance(heard(chat=GROUP, text=text), Incoming) is is_addressed


def test_a_mention_in_marked_text_counts_only_where_it_is_marked() -> None:
    bold = [{"type": "bold", "offset": 0, "length": 2}]
    assert not isinstance(heard(chat=GROUP, text="it @HoldlineBot", entities=bold), Incoming)


def test_the_bot_is_known_by_its_name_where_its_number_differs_from_its_tokens() -> None:
    question = "✎ Log time · #42\n\nAnswer this message:"
    bot = {"id": 999, "is_bot": True, "first_name": "Desk", "username": "holdlinebot"}
    answered = {"message_id": 39, "date": 1, "chat": GROUP, "from": bot, "text": question}
    found = heard(chat=GROUP, text="50m", reply_to_message=answered)
    assert isinstance(found, Order)
    assert found.text == "log 42 50m"
    # A person who calls himself so is none.
    person = heard(chat=GROUP, text="50m", reply_to_message=answered | {"from": bot | {"is_bot": False}})
    assert not isinstance(person, Order)


WAITS = [
    ({"parameters": {"retry_after": 3}}, "", 3),
    ({"parameters": {"retry_after": "3"}}, "", 3),
    ({"parameters": {"retry_after": 2.5}}, "", 3),
    ({"retry_after": 4}, "", 4),
    ({}, "5", 5),
    ({"description": "Too Many Requests: retry after 6"}, "", 6),
    ({"parameters": {"retry_after": "soon"}}, "7", 7),
    ({"parameters": {"retry_after": 10**9}}, "", WAIT_SECONDS_MAX),
    ({"parameters": {"retry_after": -1}}, "", None),
    ({}, "Wed, 21 Oct 2026 07:28:00 GMT", None),
]


@pytest.mark.parametrize(("said", "header", "seconds"), WAITS)
def test_how_long_to_wait_is_read_wherever_it_stands(said: dict[str, Any], header: str, seconds: int | None) -> None:
    body = json.dumps({"ok": False, "error_code": 429, **said}).encode()
    read = json.loads(answer("sendMessage", 429, body, header)[1])
    assert (read["parameters"] or {}).get("retry_after") == seconds


async def test_a_moved_group_may_be_named_as_text() -> None:
    body = b'{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":"-1001"}}'
    assert json.loads(answer("sendMessage", 400, body)[1])["parameters"] == {"migrate_to_chat_id": -1001}


async def test_a_refusal_that_is_meant_is_not_asked_again_in_another_form() -> None:
    async with TelegramDouble() as telegram:
        sender = parts.a_sender(telegram)
        telegram.add_person(ANN, "Ann")
        telegram.fail("sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat")
        with pytest.raises(Exception, match="Not enough rights"):
            await sender.send(outgoing("hello"))
        await sender.close()
        assert len(telegram.calls) == 1


async def test_updates_in_another_order_are_put_in_theirs_and_none_is_passed_over() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server, polling(server, desk):
        for number in range(4):
            server.says(ANN, f"{number}")
        server.waiting.reverse()
        await until(desk, 4)
    assert desk.texts == ["0", "1", "2", "3"]


def test_updates_without_numbers_stay_as_they_came() -> None:
    assert in_order([{"update_id": 2}, {}, {"update_id": 1}]) == [{"update_id": 2}, {}, {"update_id": 1}]
    assert in_order([{"update_id": "3"}, {"update_id": 1}]) == [{"update_id": 1}, {"update_id": "3"}]


@pytest.mark.parametrize("date", [None, 0, "1772459900", "2026-03-02T13:58:20Z", 1772459900.5, 10**15, -1, [], True])
def test_a_message_is_heard_whatever_its_date_is(date: object) -> None:
    found = heard(date=date, text="It jams")
    assert isinstance(found, Incoming) and found.message.text == "It jams"


@pytest.mark.parametrize("mark", [True, 1, "true"])
def test_a_topic_is_one_however_that_is_written(mark: object) -> None:
    found = heard(chat=GROUP, message_thread_id=7.0, is_topic_message=mark, text="/new It jams")
    assert isinstance(found, Incoming) and ":topic:7" in found.message.place.thread


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, "9007199254740993"])
def test_large_ids_are_kept_to_the_last_digit(number: int | str) -> None:
    person = {"id": number, "first_name": "Ann"}
    found = heard(
        **{"from": person, "chat": {"id": number, "type": "private"}, "message_id": number, "text": "It jams"}
    )
    assert isinstance(found, Incoming)
    assert (found.message.sender.address, found.message.place.conversation) == (str(number), str(number))


@pytest.mark.parametrize("me", [{}, {"id": 99}, {"first_name": "Desk"}, True, [], PAGE], ids=range(6))
async def test_a_bot_that_the_server_tells_little_of_is_heard_and_answers(me: Any) -> None:
    desk = DeskInMemory()
    async with BareTelegram(me=me) as server, polling(server, desk):
        server.says(ANN, "The printer jams")
        await until(desk, 1)
        sender = await a_sender(server)
        await sender.send(outgoing("hello"))
        await sender.close()
    assert desk.texts == ["The printer jams"] and [each["text"] for each in server.said] == ["hello"]


async def test_pages_in_place_of_answers_are_waited_out() -> None:
    desk = DeskInMemory()
    async with BareTelegram() as server:
        server.pages = 4
        async with polling(server, desk):
            server.says(ANN, "The printer jams")
            await until(desk, 1)
    assert desk.texts == ["The printer jams"] and desk.quarantined == []


async def test_a_page_in_place_of_an_answer_delays_what_is_sent() -> None:
    async with BareTelegram() as server:
        sender = await a_sender(server)
        server.pages = 1
        with pytest.raises(DeliveryDelayed):
            await sender.send(outgoing("hello"))
        await sender.send(outgoing("hello"))
        await sender.close()
    assert [each["text"] for each in server.said] == ["hello"]
