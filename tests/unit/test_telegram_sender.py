"""Deliveries and cards against the strict double."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.telegram.compose import Target, target_of_place
from bot.channels.telegram.sender import TelegramSender
from bot.clock import HandClock
from bot.errors import DeliveryDelayed, DeliveryRefused
from bot.messages import TELEGRAM, Action, CardView, File, Handle, Notice, Outgoing, Place, RemoteRef
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.parts import a_sender

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
PNG = File("chart.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100))
CSV = File("statement.csv", "text/csv", b"a,b\n")
CLAIM = (Action("Claim", "claim 42", "primary"), Action("Pass", "pass 42"))


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(clock=HandClock(START)) as double:
        double.add_person(7, "Ann Lee")
        double.add_group(-5, "Acme")
        double.add_group(-1009, "Desk", is_forum=True, topics=(3,))
        yield double


@pytest.fixture
async def sender(telegram: TelegramDouble) -> AsyncIterator[TelegramSender]:
    opened = a_sender(telegram)
    yield opened
    await opened.close()


def a_delivery(body: str = "We have it.", **changes: Any) -> Outgoing:
    values: dict[str, Any] = {
        "delivery_id": 1,
        "key": "inbound:1:received:9",
        "to": Handle(TELEGRAM, "7"),
        "notice": Notice("received", "Ticket 42", body, changes.pop("actions", ())),
    }
    return Outgoing(**values | changes)


def a_card(**changes: Any) -> CardView:
    values: dict[str, Any] = {
        "ticket_id": 42,
        "version": 1,
        "title": "42 · The shop is down",
        "fields": (("Client", "Acme"),),
        "status": "held",
        "place": Place(TELEGRAM, "-1009"),
        "actions": CLAIM,
    }
    return CardView(**values | changes)


# ---------------------------------------------------------------- where it goes


async def test_a_delivery_without_a_place_goes_to_the_persons_private_chat(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    ref = await sender.send(a_delivery(actions=CLAIM))
    assert telegram.texts(7) == ["Ticket 42\n\nWe have it."]
    assert telegram.labels(telegram.last(7)) == ["Claim", "Pass"]
    assert ref == RemoteRef("7", f"7:{telegram.last(7)['message_id']}")


async def test_an_answer_quotes_the_message_that_began_the_chain(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    asked = telegram.says(7, "The printer is on fire")
    await sender.send(a_delivery(place=Place(TELEGRAM, "7", f"7:{asked['message_id']}")))
    assert telegram.last(7)["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_message_that_was_deleted_is_answered_anyway(telegram: TelegramDouble, sender: TelegramSender) -> None:
    await sender.send(a_delivery(place=Place(TELEGRAM, "7", "7:999")))
    assert len(telegram.sent(7)) == 1


async def test_without_a_thread_the_tickets_first_message_in_that_chat_is_answered(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    first, second = telegram.says(7, "one"), telegram.says(7, "two")
    names = tuple(f"7:{message['message_id']}" for message in (first, second))
    await sender.send(a_delivery(references=("-5:3", *names)))
    assert telegram.last(7)["reply_to_message"]["message_id"] == first["message_id"]


async def test_a_topic_gets_its_own(telegram: TelegramDouble, sender: TelegramSender) -> None:
    await sender.send(a_delivery(place=Place(TELEGRAM, "-1009", "-1009:topic:3")))
    assert telegram.last(-1009)["message_thread_id"] == 3


async def test_a_thread_inside_a_topic_is_answered_there(telegram: TelegramDouble, sender: TelegramSender) -> None:
    asked = telegram.says(7, "/new other thing", chat=-1009, topic=3)
    await sender.send(a_delivery(place=Place(TELEGRAM, "-1009", f"-1009:topic:3:{asked['message_id']}")))
    assert telegram.last(-1009)["message_thread_id"] == 3
    assert telegram.last(-1009)["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_deleted_topic_costs_the_topic_and_not_the_message(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    telegram.close_topic(-1009, 3)
    await sender.send(a_delivery(place=Place(TELEGRAM, "-1009", "-1009:topic:3")))
    assert "message_thread_id" not in telegram.last(-1009)


async def test_a_group_that_became_a_supergroup_is_followed(telegram: TelegramDouble) -> None:
    moves = []

    async def moved(old: str, new: str) -> None:
        moves.append((old, new))

    sender = a_sender(telegram, on_moved=moved)
    telegram.migrate(-5, -1005)
    ref = await sender.send(a_delivery(place=Place(TELEGRAM, "-5", "-5:17")))
    assert ref.conversation == "-1005"
    assert moves == [("-5", "-1005")]
    await sender.send(a_delivery(key="another", place=Place(TELEGRAM, "-5")))
    assert len(telegram.sent(-1005)) == 2
    # The second went straight there.
    assert len(telegram.calls) == 3
    await sender.close()


@pytest.mark.parametrize(
    ("thread", "target"),
    [
        ("", Target("-9")),
        ("-9:105", Target("-9", reply_to=105)),
        ("-9:topic:7", Target("-9", topic=7)),
        ("-9:topic:7:105", Target("-9", topic=7, reply_to=105)),
        # A group that became a supergroup left its messages and topics behind.
        ("-5:105", Target("-9")),
        ("-5:topic:7", Target("-9")),
        ("nonsense", Target("-9")),
    ],
)
def test_a_thread_says_topic_and_message(thread: str, target: Target) -> None:
    assert target_of_place(Place(TELEGRAM, "-9", thread)) == target


# ---------------------------------------------------------------- what it says


async def test_a_long_text_is_several_messages_with_the_buttons_under_the_last(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    ref = await sender.send(a_delivery("line\n" * 2000, actions=CLAIM, place=Place(TELEGRAM, "7", "7:50")))
    sent = telegram.sent(7)
    assert len(sent) == 3  # 10,000 units
    assert [telegram.labels(message) for message in sent] == [[], [], ["Claim", "Pass"]]
    assert ref.message_id == f"7:{sent[-1]['message_id']}"


async def test_strangers_words_are_shown_as_they_are(telegram: TelegramDouble, sender: TelegramSender) -> None:
    await sender.send(a_delivery("1 < 2 && <b>bold</b> &lt; 🔥"))
    assert telegram.texts(7) == ["Ticket 42\n\n1 < 2 && <b>bold</b> &lt; 🔥"]
    assert telegram.calls[-1].fields["link_preview_options"] == {"is_disabled": True}


async def test_a_chart_with_a_short_text_is_one_photo(telegram: TelegramDouble, sender: TelegramSender) -> None:
    await sender.send(a_delivery(files=(PNG,), actions=CLAIM))
    message = telegram.last(7)
    assert message["caption"] == "Ticket 42\n\nWe have it."
    assert "photo" in message
    assert telegram.labels(message) == ["Claim", "Pass"]
    assert len(telegram.sent(7)) == 1


async def test_a_chart_with_a_long_text_follows_it(telegram: TelegramDouble, sender: TelegramSender) -> None:
    ref = await sender.send(a_delivery("word " * 300, files=(PNG, CSV)))  # 1,500 units: over 1,024
    text, photo, document = telegram.sent(7)
    assert text["text"].startswith("Ticket 42")
    assert "photo" in photo
    assert document["document"]["file_name"] == "statement.csv"
    assert ref.message_id == f"7:{text['message_id']}"


async def test_a_picture_that_telegram_cannot_read_goes_as_a_document(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    await sender.send(a_delivery(files=(File("chart.png", "image/png", b"broken"),)))
    assert telegram.last(7)["document"]["file_name"] == "chart.png"


async def test_a_server_that_cannot_read_our_html_gets_plain_text(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    telegram.fail("sendMessage", 400, "Bad Request: can't parse entities: no reason")
    await sender.send(a_delivery("1 < 2"))
    assert telegram.texts(7) == ["Ticket 42\n\n1 < 2"]
    assert "parse_mode" not in telegram.calls[-1].fields


# ---------------------------------------------------------------- what can go wrong


@pytest.mark.parametrize(
    ("status", "description", "parameters", "seconds"),
    [
        (429, "Too Many Requests: retry after 17", {"retry_after": 17}, 17.0),
        (502, "Bad Gateway", None, None),
        (500, "Internal Server Error", None, None),
        (401, "Unauthorized", None, None),
    ],
)
async def test_what_may_pass_is_tried_again(
    telegram: TelegramDouble,
    sender: TelegramSender,
    status: int,
    description: str,
    parameters: dict[str, Any] | None,
    seconds: float | None,
) -> None:
    telegram.fail("sendMessage", status, description, parameters=parameters)
    with pytest.raises(DeliveryDelayed) as delayed:
        await sender.send(a_delivery())
    assert delayed.value.retry_after_seconds == seconds


async def test_a_connection_that_breaks_is_tried_again(telegram: TelegramDouble, sender: TelegramSender) -> None:
    telegram.fail("sendMessage", cut=True)
    with pytest.raises(DeliveryDelayed):
        await sender.send(a_delivery())


async def test_a_chat_that_asked_us_to_wait_is_left_alone(telegram: TelegramDouble, sender: TelegramSender) -> None:
    telegram.fail("sendMessage", 429, "Too Many Requests", parameters={"retry_after": 30})
    for key in ("one", "two"):
        with pytest.raises(DeliveryDelayed):
            await sender.send(a_delivery(key=key))
    assert len(telegram.calls) == 1


async def test_somebody_who_blocked_the_bot_is_never_reached(telegram: TelegramDouble, sender: TelegramSender) -> None:
    telegram.block(7)
    with pytest.raises(DeliveryRefused) as refused:
        await sender.send(a_delivery())
    assert refused.value.is_address_dead


async def test_somebody_who_never_wrote_to_the_bot_cannot_be_reached(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    telegram.add_person(8, "Bo", has_started=False)
    with pytest.raises(DeliveryRefused) as refused:
        await sender.send(a_delivery(to=Handle(TELEGRAM, "8")))
    assert refused.value.is_address_dead


async def test_a_group_that_threw_the_bot_out_says_nothing_of_the_person(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    telegram.kick(-5)
    with pytest.raises(DeliveryRefused) as refused:
        await sender.send(a_delivery(place=Place(TELEGRAM, "-5")))
    assert (refused.value.is_address_dead, refused.value.is_place_closed) == (False, True)


@pytest.mark.parametrize(("chat", "is_dead"), [("99", True), ("-4711", False)])
async def test_a_chat_that_does_not_exist_is_refused(sender: TelegramSender, chat: str, is_dead: bool) -> None:
    with pytest.raises(DeliveryRefused, match=r"(?i)chat not found") as refused:
        await sender.send(a_delivery(place=Place(TELEGRAM, chat)))
    assert (refused.value.is_address_dead, refused.value.is_place_closed) == (is_dead, not is_dead)


async def test_any_other_refusal_is_final_but_says_nothing_of_the_person(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    telegram.fail("sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat")
    with pytest.raises(DeliveryRefused, match=r"(?i)not enough rights") as refused:
        await sender.send(a_delivery())
    assert not refused.value.is_address_dead


async def test_the_token_is_in_no_reason(telegram: TelegramDouble, sender: TelegramSender) -> None:
    telegram.fail("sendMessage", 502, f"no route to /bot{telegram.token}/sendMessage")
    with pytest.raises(DeliveryDelayed) as delayed:
        await sender.send(a_delivery())
    assert telegram.token not in str(delayed.value)


# ---------------------------------------------------------------- repeats and pace


async def test_a_delivery_that_failed_in_the_middle_goes_on_where_it_stopped(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    delivery = a_delivery("word " * 300, files=(PNG,))
    telegram.fail("sendPhoto", 502, "Bad Gateway")
    with pytest.raises(DeliveryDelayed):
        await sender.send(delivery)
    ref = await sender.send(delivery)
    assert len(telegram.sent(7)) == 2
    assert ref.message_id == f"7:{telegram.sent(7)[0]['message_id']}"


async def test_a_delivery_that_was_sent_is_not_sent_again(telegram: TelegramDouble, sender: TelegramSender) -> None:
    first = await sender.send(a_delivery())
    assert await sender.send(a_delivery()) == first
    assert len(telegram.sent(7)) == 1


async def test_the_service_never_has_to_slow_us_down(telegram: TelegramDouble, sender: TelegramSender) -> None:
    for number in range(60):
        telegram.add_person(100 + number, f"P{number}")
        await sender.send(a_delivery(key=f"k{number}", to=Handle(TELEGRAM, str(100 + number))))
    assert not [call for call in telegram.calls if call.error]


async def test_a_full_group_goes_back_to_the_courier(telegram: TelegramDouble, sender: TelegramSender) -> None:
    sent = 0
    with pytest.raises(DeliveryDelayed) as delayed:
        for number in range(30):
            await sender.send(a_delivery(key=f"k{number}", place=Place(TELEGRAM, "-5")))
            sent += 1
    assert sent == 19
    # 19 messages at 1.05 s took 18.9 s; the first leaves its minute (60.5 s) 41.6 s later.
    assert delayed.value.retry_after_seconds == pytest.approx(41.6, abs=0.1)
    assert not [call for call in telegram.calls if call.error]


# ---------------------------------------------------------------- cards


async def test_a_card_is_posted_once_and_edited_through_its_life(
    telegram: TelegramDouble, sender: TelegramSender
) -> None:
    ref = await sender.show(a_card(), None)
    assert telegram.labels(telegram.last(-1009)) == ["Claim", "Pass"]
    assert await sender.show(a_card(version=2, status="claimed by Bo", actions=()), ref) == ref
    assert len(telegram.sent(-1009)) == 1
    assert telegram.texts(-1009)[0].endswith("claimed by Bo")
    assert telegram.labels(telegram.last(-1009)) == []


async def test_a_card_that_shows_it_already_is_fine(telegram: TelegramDouble, sender: TelegramSender) -> None:
    ref = await sender.show(a_card(), None)
    assert await sender.show(a_card(version=2), ref) == ref


async def test_a_card_that_somebody_deleted_is_posted_anew(telegram: TelegramDouble, sender: TelegramSender) -> None:
    ref = await sender.show(a_card(), None)
    telegram.chats[-1009].messages.clear()
    telegram.says(7, "something else", chat=-1009)
    again = await sender.show(a_card(version=2), ref)
    assert again != ref
    assert len(telegram.sent(-1009)) == 1


async def test_a_card_in_a_topic_stands_there(telegram: TelegramDouble, sender: TelegramSender) -> None:
    await sender.show(a_card(place=Place(TELEGRAM, "-1009", "-1009:topic:3")), None)
    assert telegram.last(-1009)["message_thread_id"] == 3


@pytest.mark.parametrize("trouble", [(429, "Too Many Requests: retry after 3"), (502, "Bad Gateway")])
async def test_a_card_that_has_to_wait_finds_the_topic_that_was_made_for_it(
    telegram: TelegramDouble, sender: TelegramSender, trouble: tuple[int, str]
) -> None:
    telegram.fail("sendMessage", *trouble, parameters={"retry_after": 3} if trouble[0] == 429 else None)
    with pytest.raises(DeliveryDelayed):
        await sender.show(a_card(), None)
    telegram.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]
    ref = await sender.show(a_card(version=2), None)
    ((topic, _),) = telegram.chats[-1009].topic_names.items()
    assert telegram.last(-1009)["message_thread_id"] == topic
    assert ref.thread == f"-1009:topic:{topic}"
    # Another card of the same ticket, after somebody deleted this one, gets a topic of its own.
    del telegram.chats[-1009].messages[telegram.last(-1009)["message_id"]]
    telegram.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]
    await sender.show(a_card(version=3), ref)
    assert len(telegram.chats[-1009].topic_names) == 2


async def test_a_card_follows_its_group(telegram: TelegramDouble, sender: TelegramSender) -> None:
    ref = await sender.show(a_card(place=Place(TELEGRAM, "-5")), None)
    telegram.migrate(-5, -1005)
    moved = await sender.show(a_card(place=Place(TELEGRAM, "-5"), version=2), ref)
    assert moved.conversation == "-1005"
    assert len(telegram.sent(-1005)) == 1


async def test_a_card_in_a_group_that_threw_us_out_is_refused(telegram: TelegramDouble, sender: TelegramSender) -> None:
    ref = await sender.show(a_card(), None)
    telegram.kick(-1009)
    telegram.clock.advance(timedelta(seconds=5))  # type: ignore[attr-defined]
    with pytest.raises(DeliveryRefused):
        await sender.show(a_card(version=2), ref)


REFUSED_FILES = [
    (400, "Bad Request: file must be non-empty"),
    (400, "Bad Request: missing required field: photo"),
    (413, "Request Entity Too Large"),
    (413, ""),
]


@pytest.mark.parametrize(("status", "words"), REFUSED_FILES)
async def test_a_file_that_is_refused_costs_the_file_and_not_the_words(
    telegram: TelegramDouble, sender: TelegramSender, status: int, words: str
) -> None:
    telegram.fail("sendDocument", status, words)
    await sender.send(a_delivery(files=(CSV,)))
    (message,) = telegram.called("sendMessage")
    assert message["text"].startswith("<b>Ticket 42</b>")
    assert "[statement.csv: this file could not be sent here" in message["text"]


async def test_a_chat_that_is_gone_is_gone_for_files_too(telegram: TelegramDouble, sender: TelegramSender) -> None:
    telegram.fail("sendDocument", 400, "Bad Request: chat not found")
    with pytest.raises(DeliveryRefused) as refused:
        await sender.send(a_delivery(files=(CSV,)))
    assert refused.value.is_address_dead
    assert telegram.called("sendMessage") == []
