"""What services that stand in for Slack leave out or leave hanging, one by one: nothing is lost, doubled or held up."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.echoes import Echoes
from bot.channels.slack.faults import SlackDelayed, SlackMissing, SlackRefused, fault_of
from bot.channels.slack.pace import Pace
from bot.channels.slack.payloads import Given, Heard, Payload, Told
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.slack.socket_listener import SocketListener
from bot.channels.slack.translate import translate
from bot.clock import HandClock
from bot.commands import GivePlace, HandleAdd, parse
from bot.errors import DeliveryDelayed
from bot.importing.fields import HANDLES
from bot.messages import Answer
from bot.readers import Wrong, slack_channel
from tests.doubles.slack.bare import SECRET, BareSlack
from tests.unit.slack_ground import NOW, RecordingDesk, a_signer
from tests.unit.test_slack_bare import ANN, Bare, a_delivery, bare, listening
from tests.unit.test_slack_stand_ins import no_pause

# What a payload may ask for before it is acknowledged.
ASKED = {"auth.test", "users.info", "conversations.replies", "files.info", "conversations.open", "views.open"}
CONFIG = SlackConfig("test-token", "test-app-token", SECRET)


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# ------------------------------------------------------------ a Web API that hangs


async def test_everything_is_acknowledged_within_three_seconds_though_the_web_api_hangs(transport: str) -> None:
    for _ in range(3):
        seconds, desk = await while_the_web_api_hangs(transport)
        if seconds < 3:
            # What a busy machine adds is not the desk's.
            break
    assert seconds < 3
    assert desk.texts[0] == "It jams"
    assert all("File not fetched: F0" in text for text in desk.texts[1:])
    assert len(desk.texts) == 3
    assert [order.text for order in desk.orders.values()] == ["queue"]


async def while_the_web_api_hangs(transport: str) -> tuple[float, RecordingDesk]:
    """The longest time that anything waited for its acknowledgement, and the desk that took it."""
    message = {"type": "message", "channel": "C1", "user": ANN, "text": "It jams", "ts": "1700000000.000100"}
    files = [{"id": f"F{number}"} for number in range(3)]
    shared = {**message, "subtype": "file_share", "files": files, "ts": "1700000000.000200"}
    pointed = {
        "type": "message_action",
        "callback_id": "make_ticket",
        "user": {"id": ANN},
        "channel": {"id": "C1"},
        "message": {**shared, "ts": "1700000000.000300"},
    }
    longest = 0.0
    async with bare() as ground:
        if transport == "socket":
            # A socket is opened first, and by then we know that nobody tells who we are.
            ground.slack.hangs = ASKED - {"auth.test"}
        else:
            ground.slack.hangs = ASKED
        async with listening(ground, transport):
            for kind, payload in (
                ("events_api", {"type": "event_callback", "event": message}),
                ("events_api", {"type": "event_callback", "event": shared}),
                ("interactive", pointed),
                ("slash_commands", {"command": "/ticket", "text": "queue", "user_id": ANN}),
            ):
                began = time.monotonic()
                await ground.slack.sends(kind, payload)
                longest = max(longest, time.monotonic() - began)
    return longest, ground.desk


async def test_those_who_come_at_once_at_the_start_all_wait_to_hear_which_workspace_it_is() -> None:
    async with bare() as ground:
        ground.slack.hangs = {"auth.test"}
        async with listening(ground, "http"):
            said = [asyncio.create_task(ground.slack.says(ANN, f"{number} jams")) for number in range(3)]
            await asyncio.sleep(0.3)
            assert ground.desk.messages == {}
            ground.slack.let_go(team_id="T0REAL")
            await asyncio.gather(*said)
    assert {message.sender.address for message in ground.desk.messages.values()} == {f"T0REAL:{ANN}"}


async def test_a_socket_is_opened_where_nobody_answers_who_we_are() -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        slack.hangs, desk = {"auth.test"}, RecordingDesk()
        config = SlackConfig("test-token", "test-app-token", SECRET, api_url=slack.api_url, ping_seconds=0.1)
        service = Service(config)
        listener = SocketListener(config, desk, signer=a_signer(), clock=HandClock(NOW), service=service)
        await listener.start()
        await slack.connected()
        await slack.says(ANN, "It jams")
        await listener.stop()
        await service.close()
    assert desk.texts == ["It jams"]


@pytest.mark.parametrize("url", [None, "", 7, "http://127.0.0.1:9/", "not an address"])
async def test_a_socket_without_an_address_is_asked_for_again_and_stops_nobody(url: Any) -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        slack.socket_url, desk = {"url": url}, RecordingDesk()
        config = SlackConfig("test-token", "test-app-token", SECRET, api_url=slack.api_url, ping_seconds=0.1)
        service = Service(config)
        listener = SocketListener(config, desk, signer=a_signer(), clock=HandClock(NOW), service=service)
        with capture_logs() as log:
            await listener.start()
        assert "slack_not_reached" in {line["event"] for line in log}
        slack.socket_url = None
        await slack.connected()
        await slack.says(ANN, "It jams")
        await listener.stop()
        await service.close()
    assert desk.texts == ["It jams"]


# ------------------------------------------------------------ our own words


async def test_our_own_words_are_known_though_nothing_at_all_marks_them(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        ground.slack.marks_nothing = True
        await ground.sender.send(a_delivery("Ann has claimed it."))
        async with asyncio.timeout(5):
            while not ground.slack.acknowledged:
                await asyncio.sleep(0.01)
        # Others may say the same; and who wrote our words is us, whatever it writes next.
        await ground.slack.says(ANN, "Ann has claimed it.")
        await ground.slack.says("UBOT", "Something that we never posted")
        await ground.slack.says(ANN, "And it jams again")
    assert ground.desk.texts == ["Ann has claimed it.", "And it jams again"]


def test_at_slack_itself_a_person_may_say_what_is_being_posted() -> None:
    said = {"type": "message", "user": ANN, "text": "Ann has claimed it.", "ts": "1780000000.000100"}
    marked, unmarked = Echoes(is_marked=True), Echoes(is_marked=False)
    for echoes in (marked, unmarked):
        with echoes.posting("Ann has claimed it."):
            assert echoes.is_own(said) is (echoes is unmarked)


# ------------------------------------------------------------ answers without an address to answer at


def a_press(**more: Any) -> dict[str, Any]:
    value = a_signer().sign("slack-button", "42 claim 42")
    return {"type": "block_actions", "user": {"id": ANN}, "actions": [{"value": value}], **more}


@pytest.mark.parametrize("whispers", [True, False], ids=["whispers", "posts"])
@pytest.mark.parametrize("more", [{}, {"trigger_id": "1"}, {"channel": {"id": "C1"}}], ids=["bare", "trigger", "place"])
async def test_a_press_is_answered_though_it_says_no_address(
    transport: str, whispers: bool, more: Mapping[str, Any]
) -> None:
    async with bare() as ground, listening(ground, transport):
        ground.slack.whispers = whispers
        ground.desk.answer = Answer("Ticket 42 is yours.")
        await ground.slack.sends("interactive", a_press(**more))
        await ground.slack.until(1, ground.slack.whispered if whispers else ground.slack.said)
    (shown,) = ground.slack.whispered + ground.slack.said
    assert shown["text"] == "Ticket 42 is yours."
    place = str(dict(more.get("channel", {})).get("id", ANN))
    assert (shown["channel"], shown.get("user")) == ((place, ANN) if whispers else (ANN, None))


async def test_a_stale_button_says_so_though_it_says_no_address(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        pressed = {"type": "block_actions", "user": {"id": ANN}, "actions": [{"value": "0 claim 42.aforged"}]}
        await ground.slack.sends("interactive", pressed)
        await ground.slack.until(1)
    assert "no longer valid" in ground.slack.said[0]["text"]


async def test_a_command_that_may_have_no_words_and_says_no_address_is_answered() -> None:
    async with bare() as ground, listening(ground, "socket"):
        ground.slack.takes_words = False
        await ground.slack.sends("slash_commands", {"command": "/claim", "text": "42", "user_id": ANN})
        await ground.slack.until(1)
    assert ground.slack.said[0]["text"] == "Done."


async def test_the_rest_of_a_long_answer_comes_though_there_is_no_address(transport: str) -> None:
    async with bare() as ground, listening(ground, transport):
        ground.desk.answer = Answer("\n".join(f"line {number} of the queue, with its words" for number in range(500)))
        first = await ground.slack.sends("slash_commands", {"command": "/ticket", "text": "queue", "user_id": ANN})
        await ground.slack.until(1)
    assert first["text"].startswith("line 0 ")
    assert "line 499 " in ground.slack.said[-1]["text"] + json.dumps(ground.slack.said[-1]["blocks"])


# ------------------------------------------------------------ ids that tell nothing apart


def event(text: str, *, event_id: str = "", ts: Any = "1700000000.000100", user: str = ANN) -> dict[str, Any]:
    said = {"type": "message", "channel": "D1", "user": user, "text": text, "ts": ts}
    return {"type": "event_callback", "event": said, **({"event_id": event_id} if event_id else {})}


# Of each pair both are messages of their own.
ALIKE = [
    ("one id for every event", event("one", event_id="Ev1"), event("two", event_id="Ev1")),
    ("ids that begin anew", event("one", event_id="Ev1"), event("one", event_id="Ev1", ts="1800000000.000100")),
    ("whole seconds", event("one", ts=1700000000), event("two", ts=1700000000)),
    ("whole seconds of two people", event("one", ts="1700000000"), event("one", ts="1700000000", user="U2")),
    ("no time but the event's", event("one", event_id="Ev1", ts=1), event("two", event_id="Ev2", ts=1)),
]


@pytest.mark.parametrize(("first", "second"), [pair[1:] for pair in ALIKE], ids=[pair[0] for pair in ALIKE])
async def test_two_messages_stay_two_though_the_service_numbers_them_alike(
    transport: str, first: Payload, second: Payload
) -> None:
    async with bare() as ground, listening(ground, transport):
        for payload in (first, second, first, second):
            await ground.slack.sends("events_api", dict(payload))
    assert len(ground.desk.messages) == 2


async def test_the_same_command_twice_is_two_though_every_trigger_is_alike(transport: str) -> None:
    form = {"command": "/ticket", "text": "queue", "user_id": ANN, "trigger_id": "1.2.3"}
    async with bare() as ground, listening(ground, transport):
        for words in ("claim 42", "queue", "queue"):
            await ground.slack.sends("slash_commands", form | {"text": words})
            ground.slack.later(seconds=2)
    assert [order.text for order in ground.desk.orders.values()] == ["claim 42", "queue", "queue"]


async def test_a_button_pressed_twice_is_pressed_twice_though_every_trigger_is_alike() -> None:
    value = a_signer().sign("slack-button", "42 show 42")
    async with bare() as ground, listening(ground, "socket"):
        for instant in ("1700000000.1", "1700000005.1", "1700000005.1"):
            pressed = a_press(trigger_id="1.2.3", actions=[{"value": value, "action_ts": instant}])
            await ground.slack.sends("interactive", pressed)
            ground.slack.later(seconds=2)
    assert len(ground.desk.orders) == 2


def test_two_people_who_left_are_two_though_the_events_have_no_ids() -> None:
    found = []
    for person in ("U1", "U2"):
        left = {"type": "user_change", "user": {"id": person, "deleted": True}}
        told = translate({"type": "event_callback", "event": left}, CONFIG, a_signer(), NOW)
        assert isinstance(told, Told)
        found.append(told.news.key)
    assert len(set(found)) == 2


# ------------------------------------------------------------ fields that are not there


def test_an_edit_needs_no_time_of_its_own() -> None:
    message = {"user": ANN, "text": "It jams no more", "ts": "1700000000.000100"}
    edit = {"type": "message", "subtype": "message_changed", "channel": "D1", "message": message}
    found = translate({"type": "event_callback", "event": edit}, CONFIG, a_signer(), NOW)
    assert isinstance(found, Heard)
    assert found.message.text == "(edited) It jams no more"
    assert found.message.references == ("1700000000.000100",)


def test_a_form_without_a_workspace_or_a_trigger_is_read() -> None:
    form = {"command": "/ticket", "text": "status", "user_id": ANN, "channel_name": "directmessage"}
    found = translate(form, CONFIG, a_signer(), NOW)
    assert isinstance(found, Given)
    assert (found.order.text, found.order.sender.address) == ("status", f"T0:{ANN}")


# ------------------------------------------------------------ ways to say no


class Said:
    """A response, as Slack's client has it."""

    def __init__(self, status: int, data: object) -> None:
        self.status_code, self.data = status, data
        self.headers: dict[str, str] = {}


def api_error(status: int, data: object) -> Exception:
    return SlackApiError("no", Said(status, data))  # type: ignore[no-untyped-call]


SAID: list[tuple[int, object, type]] = [
    (404, {"ok": False, "error": "not_found"}, SlackMissing),
    (404, {"error": "Not Found"}, SlackMissing),
    (404, {"detail": "Not Found"}, SlackMissing),
    (501, {"ok": False, "error": "whatever"}, SlackMissing),
    (405, "", SlackMissing),
    (200, {"ok": False, "error": "method_not_supported"}, SlackMissing),
    (404, {"ok": False, "error": "channel_not_found"}, SlackRefused),
    (404, {"ok": False, "error": "invalid_auth"}, SlackRefused),
    (500, {"ok": False, "error": "internal_error"}, SlackDelayed),
    (200, {"ok": False, "error": "fatal_error"}, SlackDelayed),
]


@pytest.mark.parametrize(("status", "body", "kind"), SAID)
def test_a_method_that_is_not_there_is_known_by_the_status_too(status: int, body: object, kind: type) -> None:
    assert type(fault_of(api_error(status, body))) is kind


# ------------------------------------------------------------ addresses


@pytest.mark.parametrize("paths", [("/api",), ("",), ("/slack/api",)], ids=["api", "root", "prefix"])
@pytest.mark.parametrize("ending", ["", "/"])
async def test_the_root_of_a_service_or_the_whole_address_of_its_methods_will_do(
    paths: tuple[str, ...], ending: str
) -> None:
    given = "/slack/api" if paths == ("/slack/api",) else ""
    async with BareSlack(HandClock(NOW), "a page", paths=paths) as slack:
        service = Service(SlackConfig("test-token", signing_secret=SECRET, api_url=slack.address + given + ending))
        ground = Bare(
            slack,
            RecordingDesk(),
            service,
            SlackSender(service, signer=a_signer(), pace=Pace(HandClock(NOW), no_pause)),
        )
        for words in ("one", "two"):
            await ground.sender.send(a_delivery(words))
        await ground.sender.close()
    assert [post["text"] for post in slack.said] == ["one", "two"]


# ------------------------------------------------------------ names that a service gives out itself


@pytest.mark.parametrize("address", ["T0:U1", "T_DESK:U_ANN", "T012AB3CD:U045EF6GH"])
def test_a_person_may_have_as_short_an_id_as_a_service_gives(address: str) -> None:
    assert HANDLES["slack"](address, True) == address
    command = parse(f"handle add C-101 slack {address}")
    assert isinstance(command, HandleAdd)
    assert command.address == address


@pytest.mark.parametrize("address", ["U1", "T1", "T1:C1", "T1:U 1", "T1:U1;x", "T1:U", "ann"])
def test_what_is_no_persons_id_is_refused_as_before(address: str) -> None:
    with pytest.raises(Wrong):
        HANDLES["slack"](address, True)


@pytest.mark.parametrize("channel", ["C1", "T0:C1", "C_DESK1", "G0123ABC"])
def test_a_channel_may_have_as_short_an_id_as_a_service_gives(channel: str) -> None:
    assert slack_channel(channel, True) == channel
    command = parse(f"place ACME slack {channel}")
    assert isinstance(command, GivePlace)
    assert command.conversation == channel


# ------------------------------------------------------------ nobody waits behind a service that hangs


async def test_a_slack_that_hangs_is_tried_once_and_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.slack.service.POST_SECONDS_MAX", 0.2)
    clock = HandClock(NOW)
    async with BareSlack(clock) as slack:
        slack.hangs = {"chat.postMessage"}
        service = Service(SlackConfig("test-token", signing_secret=SECRET, api_url=slack.api_url))
        sender = SlackSender(service, signer=a_signer(), pace=Pace(clock, no_pause))
        for _ in range(10):
            with pytest.raises(DeliveryDelayed, match="no answer"):
                await sender.send(a_delivery())
        assert slack.left_hanging == ["chat.postMessage"]
        clock.advance(timedelta(seconds=21))
        slack.let_go()
        await sender.send(a_delivery("one"))
        await sender.send(a_delivery("two"))
        await sender.close()
    assert [post["text"] for post in slack.said][-2:] == ["one", "two"]
