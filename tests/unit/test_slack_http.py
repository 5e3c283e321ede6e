"""Signed HTTP: what is believed, what is refused, and with which status."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.http_listener import HttpListener
from bot.channels.slack.service import Service
from bot.channels.slack.signature import is_slacks, signed
from bot.clock import HandClock
from bot.errors import ConfigError
from tests.unit.slack_ground import NOW, Busy, Ground, RecordingDesk, a_signer, over

EVENT = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "message", "user": "U1", "channel": "D1", "ts": "1.000001", "text": "hello"},
}
SECRET = b"a signing secret"
AT = int(NOW.timestamp())


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    async with over("http") as ground:
        yield ground


async def post(ground: Ground, body: bytes, headers: Mapping[str, str], *, method: str = "POST") -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, ground.slack.request_url, data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


def json_request(ground: Ground, payload: Any) -> tuple[bytes, dict[str, str]]:
    return ground.slack.requests.request("event", payload)


async def test_slack_is_shown_that_the_address_is_ours(ground: Ground) -> None:
    body, headers = json_request(ground, {"type": "url_verification", "challenge": "3eZbrw1a"})
    status, text = await post(ground, body, headers)
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})


async def test_a_check_of_the_certificate_is_answered(ground: Ground) -> None:
    body, headers = ground.slack.requests.request("command", {"ssl_check": "1", "token": "legacy"})
    assert await post(ground, body, headers) == (200, "")
    assert ground.desk.quarantined == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers | {"X-Slack-Signature": "v0=" + "0" * 64},
        lambda headers: headers | {"X-Slack-Signature": ""},
        lambda headers: headers | {"X-Slack-Request-Timestamp": "soon"},
        lambda headers: headers | {"X-Slack-Request-Timestamp": ""},
        lambda headers: headers | {"X-Slack-Request-Timestamp": str(AT + 1)},
        lambda headers: {"Content-Type": "application/json"},
    ],
    ids=["forged", "empty", "timestamp is a word", "no timestamp", "another timestamp", "no headers"],
)
async def test_a_request_that_slack_did_not_sign_is_refused(ground: Ground, spoil: Any) -> None:
    body, headers = json_request(ground, EVENT)
    status, text = await post(ground, body, spoil(headers))
    assert (status, text) == (401, "")
    assert ground.desk.messages == {}
    assert ground.desk.quarantined == []


async def test_a_request_recorded_six_minutes_ago_is_refused(ground: Ground) -> None:
    body, headers = json_request(ground, EVENT)
    ground.clock.advance(timedelta(minutes=6))
    assert (await post(ground, body, headers))[0] == 401


async def test_a_signed_request_played_again_changes_nothing_and_answers_the_same(ground: Ground) -> None:
    form = {"command": "/claim", "text": "42", "team_id": "T1", "channel_id": "C1", "user_id": "U1", "trigger_id": "9"}
    body, headers = ground.slack.requests.request("command", form)
    first = await post(ground, body, headers)
    assert await post(ground, body, headers) == first
    assert len(ground.desk.orders) == 1


async def test_a_changed_body_breaks_the_signature(ground: Ground) -> None:
    body, headers = json_request(ground, EVENT)
    assert (await post(ground, body.replace(b"hello", b"waive"), headers))[0] == 401


async def test_a_body_over_a_megabyte_is_refused(ground: Ground) -> None:
    body, headers = json_request(ground, EVENT | {"padding": "x" * 1_048_576})
    assert (await post(ground, body, headers))[0] == 413


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{not json", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"[1]", "application/json"),
        (b"payload=%7Bnot+json", "application/x-www-form-urlencoded"),
        (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(200)), "application/x-www-form-urlencoded"),
        (b"", "text/plain"),
    ],
    ids=["cut off", "nested", "a list", "cut off in a form", "not text", "too many fields", "empty"],
)
async def test_signed_poison_is_kept_and_acknowledged(ground: Ground, body: bytes, content_type: str) -> None:
    headers = {"Content-Type": content_type} | ground.slack.requests.signature(str(AT), body)
    assert (await post(ground, body, headers))[0] == 200
    assert len(ground.desk.quarantined) == 1


async def test_a_quarantine_that_fails_makes_slack_send_again(ground: Ground) -> None:
    ground.desk.faults = [Busy()]
    headers = {"Content-Type": "application/json"} | ground.slack.requests.signature(str(AT), b"{not json")
    assert (await post(ground, b"{not json", headers))[0] == 503
    assert (await post(ground, b"{not json", headers))[0] == 200


async def test_only_posts_are_taken(ground: Ground) -> None:
    assert (await post(ground, b"", {}, method="GET"))[0] == 405


async def test_after_stop_slack_is_told_to_come_back() -> None:
    clock = HandClock(NOW)
    config = SlackConfig("xoxb-1", signing_secret=SECRET.decode())
    desk = RecordingDesk()
    listener = HttpListener(config, desk, signer=a_signer(), clock=clock, service=Service(config))
    assert await call(listener, EVENT) == 503
    await listener.start()
    assert await call(listener, EVENT) == 200
    await listener.stop()
    assert await call(listener, EVENT) == 503
    assert len(desk.messages) == 1


async def call(listener: HttpListener, payload: object) -> int:
    """One signed request, in pieces, without a server."""
    body = json.dumps(payload).encode()
    timestamp = str(AT).encode()
    parts = [body[:10], body[10:]]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"content-type", b"application/json"),
        (b"x-slack-request-timestamp", timestamp),
        (b"x-slack-signature", signed(SECRET, timestamp, body)),
    ]
    await listener({"type": "http", "method": "POST", "headers": headers}, receive, send)
    return int(sent[0]["status"])


async def test_without_a_signing_secret_nothing_is_accepted() -> None:
    config = SlackConfig("xoxb-1")
    listener = HttpListener(config, RecordingDesk(), signer=a_signer(), clock=HandClock(NOW), service=Service(config))
    with pytest.raises(ConfigError, match="SLACK_SIGNING_SECRET"):
        await listener.start()


def test_the_signature_is_the_one_of_slacks_own_example() -> None:
    # Source: Slack, "Verifying requests from Slack".
    secret, timestamp = b"8f742231b10e8888abcd99yyyzzz85a5", b"1531420618"
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signed(secret, timestamp, body) == signature
    assert is_slacks(secret, timestamp, signature, body, now_seconds=1531420618.0)


@pytest.mark.parametrize(
    ("timestamp", "is_taken"),
    [
        (str(AT).encode(), True),
        (str(AT - 300).encode(), True),
        (str(AT - 301).encode(), False),
        (str(AT + 301).encode(), False),
        (b"-" + str(AT).encode(), False),
        (str(AT).encode() + b".0", False),
        (b"1_0", False),
        ("٣".encode(), False),
        (b"9" * 5_000, False),
    ],
)
def test_only_a_plain_and_present_timestamp_is_taken(timestamp: bytes, is_taken: bool) -> None:
    assert is_slacks(SECRET, timestamp, signed(SECRET, timestamp, b"x"), b"x", now_seconds=float(AT)) is is_taken
