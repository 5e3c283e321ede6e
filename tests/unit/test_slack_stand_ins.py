"""Services that stand in for Slack in their own ways: understood, as far as Slack's documentation allows."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.faults import RETRY_AFTER_SECONDS, SlackDelayed, SlackRefused, fault_of
from bot.channels.slack.pace import Pace
from bot.channels.slack.payloads import read_body
from bot.channels.slack.sender import SlackSender
from bot.channels.slack.service import Service
from bot.channels.slack.stand_in import is_stand_in
from bot.clock import HandClock
from bot.messages import Answer, Handle, Notice, Outgoing, Place
from tests.doubles.slack.bare import SECRET, BareSlack
from tests.unit.slack_ground import NOW, RecordingDesk, a_signer, over
from tests.unit.test_slack_bare import ANN, Bare, a_delivery, listening


async def no_pause(seconds: float) -> None:
    """A wait that takes no time."""


def a_bare(slack: BareSlack) -> Bare:
    service = Service(SlackConfig("test-token", "test-app-token", SECRET, api_url=slack.api_url))
    sender = SlackSender(service, signer=a_signer(), pace=Pace(HandClock(NOW), no_pause))
    return Bare(slack, RecordingDesk(), service, sender)


async def test_a_service_that_reads_forms_alone_is_sent_forms() -> None:
    async with BareSlack(HandClock(NOW), reads_forms_alone=True) as slack:
        ground = a_bare(slack)
        await ground.sender.send(a_delivery("one", label="Claim"))
        await ground.sender.send(a_delivery("two", label="Claim"))
        await ground.sender.close()
    assert [post["text"] for post in slack.said] == ["one", "two"]
    assert slack.said[0]["blocks"][1]["elements"][0]["text"]["text"] == "Claim"
    # Tried as JSON once, and then known.
    assert slack.unread == 1


async def test_a_refusal_is_not_asked_again_of_a_service_that_reads_json() -> None:
    async with over("http") as ground:
        ann = ground.slack.person("ann")
        person, said = Handle("slack", f"T0TEAM:{ann}"), Notice("claimed", "", "hello", ())
        await ground.sender.send(Outgoing(1, "k0", person, said))
        with pytest.raises(SlackRefused, match="channel_not_found"):
            await ground.sender.send(Outgoing(2, "k1", person, said, Place("slack", "T0TEAM:C0GONE", "")))
        posts = [call for call in ground.slack.calls if call.method == "chat.postMessage"]
    assert len(posts) == 2


async def test_an_answer_goes_to_the_address_that_a_stand_in_gives() -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        ground = a_bare(slack)
        service = Service(SlackConfig("test-token", signing_secret=SECRET, api_url="http://slack-emulator:3000/api/"))
        # As of a service that is reached by one name and calls itself by another.
        await service.respond(f"{slack.address}/told", {"text": "here"})
        await service.respond("file:///etc/passwd", {"text": "nowhere"})
        await service.close()
        await ground.sender.close()
    assert slack.told == [{"text": "here"}]


async def test_slack_itself_is_answered_at_its_own_addresses_alone() -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        service = Service(SlackConfig("test-token", signing_secret=SECRET))
        await service.respond(f"{slack.address}/told", {"text": "here"})
        await service.close()
    assert slack.told == []


ADDRESSES = [
    ("https://slack.com/api/", False),
    ("https://acme.slack.com/api/", False),
    ("https://slack-gov.com.evil.example/api/", True),
    ("http://127.0.0.1:3000/api/", True),
    ("http://slack-emulator:3000/api/", True),
]


@pytest.mark.parametrize(("url", "stands_in"), ADDRESSES)
def test_slack_is_known_by_its_address(url: str, stands_in: bool) -> None:
    assert is_stand_in(url) is stands_in


async def test_a_command_is_answered_beside_an_acknowledgement_that_takes_no_words() -> None:
    async with BareSlack(HandClock(NOW), takes_words=False) as slack:
        ground = a_bare(slack)
        ground.desk.answer = Answer("Ticket 42 is yours.")
        async with listening(ground, "socket"):
            assert await slack.commands(ANN, "/claim 42") == {}
            await slack.until(1, slack.told)
        await ground.sender.close()
    assert slack.told[0]["text"] == "Ticket 42 is yours."
    assert "payload" not in slack.acknowledged[0]


async def test_a_command_that_says_no_place_is_answered_to_the_person() -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        ground = a_bare(slack)
        async with listening(ground, "http"):
            form = {"command": "/ticket", "text": "new it jams", "user_id": ANN}
            said = await slack.sends("slash_commands", form)
        await ground.sender.close()
    assert "ticket" in said["text"]
    (message,) = ground.desk.messages.values()
    assert (message.text, message.place.conversation) == ("it jams", f"T0:{ANN}")


BODIES = [
    (b"application/json", b'{"type":"x"}'),
    (b"Application/JSON; charset=utf-8", b'{"type":"x"}'),
    (b"text/plain", b' {"type":"x"}'),
    (b"", b'{"type":"x"}'),
    (b"application/x-www-form-urlencoded", b"payload=%7B%22type%22%3A%22x%22%7D"),
    (b"application/x-www-form-urlencoded", b"type=x"),
]


@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_a_body_is_read_by_what_it_is(content_type: bytes, body: bytes) -> None:
    assert read_body(content_type, body) == {"type": "x"}


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "17"}, {}, 17.0),
        ({"retry-after": "17"}, {}, 17.0),
        ({}, {"retry_after": 9}, 9.0),
        ({"Retry-After": "17"}, {"retry_after": 9}, 17.0),
        ({"Retry-After": "nan"}, {}, RETRY_AFTER_SECONDS),
        ({"Retry-After": "inf"}, {}, RETRY_AFTER_SECONDS),
        ({}, {}, RETRY_AFTER_SECONDS),
    ],
)
def test_how_long_to_wait_is_read_wherever_it_stands(
    headers: dict[str, str], body: dict[str, Any], seconds: float
) -> None:
    class Response:
        status_code = 429
        data = {"ok": False, "error": "ratelimited", **body}

    response = Response()
    response.headers = headers  # type: ignore[attr-defined]
    fault = fault_of(SlackApiError("no", response))  # type: ignore[no-untyped-call]
    assert isinstance(fault, SlackDelayed)
    assert fault.retry_after_seconds == seconds


async def test_one_address_takes_events_commands_and_presses() -> None:
    async with BareSlack(HandClock(NOW)) as slack:
        ground = a_bare(slack)
        async with listening(ground, "http"):
            address = slack.request_url
            for path in ("events", "commands", "actions", "interactive"):
                slack.request_url = address.replace("/slack/events", f"/slack/{path}")
                await slack.says(ANN, f"by {path}")
                await slack.commands(ANN, "/claim 42")
        await ground.sender.close()
    assert ground.desk.texts == ["by events", "by commands", "by actions", "by interactive"]
    assert {order.text for order in ground.desk.orders.values()} == {"claim 42"}
    assert ground.desk.quarantined == []
