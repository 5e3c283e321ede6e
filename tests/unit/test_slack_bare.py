"""A Slack that does the least that could be called one: the desk goes on, and says in its log what it lacks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import uvicorn

from bot.channels.port import Desk
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.http_listener import HttpListener
from bot.channels.slack.pace import Pace
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.slack.socket_listener import SocketListener
from bot.clock import HandClock
from bot.messages import Action, Answer, CardView, File, Handle, Notice, Outgoing, Place
from tests.doubles.slack.bare import REFUSALS, SECRET, BareSlack
from tests.unit.slack_ground import NOW, RecordingDesk, a_signer

ANN = "U0ANN"


@dataclass
class Bare:
    slack: BareSlack
    desk: RecordingDesk
    service: Service
    sender: SlackSender


@asynccontextmanager
async def bare(refusal: str = "unknown_method", *, knows_us: bool = False) -> AsyncIterator[Bare]:
    clock = HandClock(NOW)

    async def pause(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    async with BareSlack(clock, refusal, knows_us=knows_us) as slack:
        service = Service(SlackConfig("test-token", "test-app-token", SECRET, api_url=slack.api_url))
        sender = SlackSender(service, signer=a_signer(), pace=Pace(clock, pause))
        yield Bare(slack, RecordingDesk(), service, sender)
        await sender.close()


@asynccontextmanager
async def listening(
    ground: Bare, transport: str, *, desk: Desk | None = None, clock: HandClock | None = None
) -> AsyncIterator[None]:
    """Either transport, before the desk that remembers, unless another is given."""
    desk, clock = desk or ground.desk, clock or HandClock(NOW)
    config = SlackConfig("test-token", "test-app-token", SECRET, api_url=ground.slack.api_url, ping_seconds=0.5)
    if transport == "socket":
        socket = SocketListener(config, desk, signer=a_signer(), clock=clock, service=ground.service)
        await socket.start()
        await ground.slack.connected()
        yield
        await socket.stop()
        return
    listener = HttpListener(config, desk, signer=a_signer(), clock=clock, service=ground.service)
    await listener.start()
    server = uvicorn.Server(uvicorn.Config(listener, port=0, lifespan="off", log_config=None, access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    ground.slack.request_url = f"http://{host}:{port}/slack/events"
    yield
    ground.slack.request_url = ""
    server.should_exit = True
    await task
    await listener.stop()


def a_delivery(body: str = "Ann has claimed it.", *files: File, label: str = "") -> Outgoing:
    actions = (Action(label, "log 42" if label == "Log time" else "claim 42"),) if label else ()
    return Outgoing(1, "k1", Handle("slack", f"T0:{ANN}"), Notice("claimed", "", body, actions), files=files)


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_messages_and_commands_come_in_whatever_the_service_lacks(transport: str, refusal: str) -> None:
    async with bare(refusal) as ground, listening(ground, transport):
        await ground.slack.says(ANN, "The printer jams")
        said = await ground.slack.commands(ANN, "/claim 42")
        assert said["text"] == "Done."
    (message,) = ground.desk.messages.values()
    (order,) = ground.desk.orders.values()
    # Named alike, though nothing says which workspace it is.
    assert message.sender.address == order.sender.address == f"T0:{ANN}"
    assert message.place == Place("slack", "T0:D1", "1700000000.000001")
    assert (message.text, message.is_addressed, order.text) == ("The printer jams", True, "claim 42")
    assert ground.desk.quarantined == []


@pytest.mark.parametrize("knows_us", [True, False])
async def test_our_own_words_that_come_back_as_a_persons_are_not_answered(transport: str, knows_us: bool) -> None:
    async with bare(knows_us=knows_us) as ground, listening(ground, transport):
        await ground.sender.send(a_delivery())
        async with asyncio.timeout(5):
            while not ground.slack.acknowledged:
                await asyncio.sleep(0.01)
    assert ground.desk.messages == {}
    assert ground.desk.quarantined == []


async def test_a_mention_is_one_message_that_addresses_us_though_we_do_not_know_our_name(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        ts = await ground.slack.says(ANN, "<@UWHO> it jams", channel="C1")
        await ground.slack.says(ANN, "<@UWHO> it jams", channel="C1", kind="app_mention", ts=ts)
    first, second = ground.desk.messages.values()
    assert (first.is_addressed, second.is_addressed) == (False, True)
    # The same message by its name, so that the desk keeps it once.
    assert first.message_id == second.message_id
    assert second.text == "it jams"


async def test_a_mention_names_us_where_only_we_can_tell(transport: str) -> None:
    async with bare(knows_us=True) as ground, listening(ground, transport):
        ts = await ground.slack.says(ANN, "<@UBOT> it jams", channel="C1")
        await ground.slack.says(ANN, "<@UBOT> it jams", channel="C1", kind="app_mention", ts=ts)
    (message,) = ground.desk.messages.values()
    assert message.is_addressed


async def test_a_person_is_written_to_where_no_conversation_can_be_opened() -> None:
    async with bare() as ground:
        ref = await ground.sender.send(a_delivery())
    (post,) = ground.slack.said
    assert post["channel"] == ANN
    assert (ref.conversation, ref.message_id) == (f"T0:{ANN}", "1700000000.000001")


async def test_a_form_that_cannot_open_is_explained_where_it_was_asked_for(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        await ground.sender.send(a_delivery(label="Log time"))
        await ground.slack.presses(ANN, "Log time")
        await ground.slack.until(1, ground.slack.told)
    assert "write the command, for example: log 42 50m travel" in ground.slack.told[0]["text"]


async def test_a_button_is_obeyed_and_answered(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        ground.desk.answer = Answer("Ticket 42 is yours.")
        await ground.sender.send(a_delivery(label="Claim"))
        await ground.slack.presses(ANN, "Claim")
        await ground.slack.until(1, ground.slack.told)
    assert ground.slack.told[0]["text"] == "Ticket 42 is yours."
    assert [order.text for order in ground.desk.orders.values()] == ["claim 42"]


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_file_that_cannot_go_is_named_and_the_words_arrive(refusal: str) -> None:
    async with bare(refusal) as ground:
        await ground.sender.send(a_delivery("Is it this tray?", File("tray.png", "image/png", b"\x89PNG")))
    words, note = ground.slack.said
    assert words["text"] == "Is it this tray?"
    assert "tray.png: this could not be sent here" in note["text"]


CARD = CardView(42, 1, "42 · Printer", (), "held", Place("slack", "C0DESK"))


@pytest.mark.parametrize("refusal", ["yes", "yes, with null"])
async def test_a_service_that_says_yes_to_everything_is_believed(transport: str, refusal: str) -> None:
    async with bare(refusal) as ground, listening(ground, transport):
        ref = await ground.sender.show(CARD, None)
        assert await ground.sender.show(CARD, ref) == ref
        opened = {"type": "app_home_opened", "user": ANN, "tab": "home"}
        await ground.slack.sends("events_api", {"type": "event_callback", "event": opened})
        await ground.sender.send(a_delivery(label="Log time"))
        await ground.slack.presses(ANN, "Log time")
        await ground.slack.reacts(ANN, "C1", "1700000000.000009")
        await ground.slack.says(ANN, "The printer jams")
    assert [post["channel"] for post in ground.slack.said] == ["C0DESK", ANN]
    assert [message.text for message in ground.desk.messages.values()] == ["The printer jams"]
    assert ground.desk.quarantined == []


async def test_a_card_that_cannot_be_edited_is_posted_anew() -> None:
    card = CARD
    async with bare() as ground:
        ref = await ground.sender.show(card, None)
        await ground.sender.show(card, ref)
    assert [post["channel"] for post in ground.slack.said] == ["C0DESK", "C0DESK"]
    assert ref.conversation == "T0:C0DESK"


async def test_a_thread_that_nobody_gives_out_is_acknowledged_and_left(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        await ground.slack.reacts(ANN, "C1", "1700000000.000009")
    assert ground.desk.messages == {}
    assert ground.slack.refused.count("conversations.replies") == 2, "by GET, then by POST"


UNKNOWN = [
    ("events_api", {"type": "event_callback", "event": {"type": "assistant_thread_started", "x": [1]}}),
    (
        "events_api",
        {"type": "event_callback", "event": {"type": "message", "subtype": "channel_join", "channel": "C1"}},
    ),
    ("interactive", {"type": "view_closed", "user": {"id": ANN}, "view": {}}),
    ("interactive", {"type": "shortcut", "callback_id": "else", "user": {"id": ANN}}),
    ("interactive", {"type": "block_suggestion", "value": "x"}),
    ("interactive", {"type": "something_new"}),
]


@pytest.mark.parametrize(("kind", "payload"), UNKNOWN)
async def test_what_we_do_not_know_is_acknowledged_and_ignored(
    transport: str, kind: str, payload: dict[str, object]
) -> None:
    async with bare() as ground, listening(ground, transport):
        assert await ground.slack.sends(kind, payload) == {}
    assert (ground.desk.messages, ground.desk.orders, ground.desk.quarantined) == ({}, {}, [])


HELLOS = [
    '{"type": "hello"}',
    '{"type": "hello", "num_connections": null}',
    '{"type": "ping"}',
    "{}",
    "[]",
    "7",
    "hello",
    "",
]


@pytest.mark.parametrize("frame", HELLOS, ids=range(len(HELLOS)))
async def test_frames_without_an_envelope_cost_nothing(frame: str) -> None:
    async with bare() as ground, listening(ground, "socket"):
        await ground.slack.frame(frame)
        await ground.slack.says(ANN, "The printer jams")
    assert [message.text for message in ground.desk.messages.values()] == ["The printer jams"]


GOODBYES = [
    '{"type": "disconnect"}',
    '{"type": "disconnect", "reason": null}',
    '{"type": "disconnect", "reason": "warning", "debug_info": {"host": "x"}}',
    '{"type": "disconnect", "reason": "refresh_requested", "envelope_id": null}',
]


@pytest.mark.parametrize("frame", GOODBYES, ids=range(len(GOODBYES)))
async def test_it_dials_anew_however_it_is_asked_to(frame: str) -> None:
    async with bare() as ground, listening(ground, "socket"):
        await ground.slack.asks_to_dial_anew(frame)
        await ground.slack.says(ANN, "The printer jams")
    assert [message.text for message in ground.desk.messages.values()] == ["The printer jams"]


async def test_an_event_that_comes_again_is_heard_once(transport: str) -> None:
    again = {"retry_attempt": 1, "retry_reason": "timeout"}
    event = {"type": "message", "channel": "D1", "user": ANN, "text": "The printer jams", "ts": "1700000000.000100"}
    async with bare() as ground, listening(ground, transport):
        for more in ({}, again, again):
            await ground.slack.sends("events_api", {"type": "event_callback", "event": event, **more})
    assert len(ground.desk.messages) == 1
