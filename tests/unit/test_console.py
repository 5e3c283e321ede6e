"""The console channel: what crosses its socket, and who is shown what."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.console.endpoint import PATH_BYTES_MAX, socket_path
from bot.channels.console.listener import ConsoleListener, reply_to
from bot.channels.console.sender import ConsoleSender, Sessions
from bot.clock import HandClock
from bot.errors import ConfigError, DeliveryDelayed, NotFound, TemporaryError
from bot.messages import (
    Action,
    Answer,
    CardView,
    Handle,
    InboundMessage,
    Notice,
    Order,
    Outgoing,
    Place,
    Receipt,
    RemoteRef,
    Trust,
)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ANNA = Handle("console", "anna")


class RecordingDesk:
    """Stands at the border of the channel: keeps what it is given, and answers as told."""

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.orders: list[Order] = []
        self.fault: Exception | None = None

    async def receive(self, message: InboundMessage) -> Receipt:
        if self.fault:
            raise self.fault
        self.messages.append(message)
        return Receipt("opened", 1, ticket_id=42)

    async def obey(self, order: Order) -> Answer:
        if self.fault:
            raise self.fault
        self.orders.append(order)
        return Answer(f"done: {order.text}", actions=(Action("Claim", "claim 42"),))

    async def requeue(self, number: int) -> Receipt:
        if number == 404:
            raise NotFound("There is no message 404 in quarantine.")
        return Receipt("opened", number, ticket_id=7)

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        raise AssertionError("the console has no unreadable bytes")

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        return None

    async def hear_of(self, news: object) -> None:
        return None

    async def accepts(self, address: str) -> bool:
        return False


@pytest.fixture
def desk() -> RecordingDesk:
    return RecordingDesk()


@pytest.fixture
async def running(desk: RecordingDesk, tmp_path: Path) -> AsyncIterator[tuple[ConsoleListener, Sessions, Path]]:
    sessions = Sessions()
    path = tmp_path / "console.sock"
    listener = ConsoleListener(desk, HandClock(NOW), path, sessions)
    await listener.start()
    yield listener, sessions, path
    await listener.stop()


async def exchange(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    reader, writer = await asyncio.open_unix_connection(socket_path(path))
    replies = []
    for line in lines:
        writer.write(line + b"\n")
        replies.append(json.loads(await reader.readline()))
    writer.close()
    return replies


async def test_what_a_contact_says_is_a_proven_message(desk: RecordingDesk) -> None:
    request = {"op": "say", "from": "Anna", "text": " It burns \n", "subject": "Fire\n!", "answers": "k0", "key": "k1"}
    reply = await reply_to(desk, HandClock(NOW), request)
    (message,) = desk.messages
    assert reply["ticket_id"] == 42
    assert (message.sender.address, message.key, message.message_id) == ("anna", "k1", "k1")
    assert (message.text, message.subject, message.references) == ("It burns", "Fire !", ("k0",))
    assert (message.trust, message.received_at) == (Trust.PROVEN, NOW)


async def test_without_a_key_each_request_is_its_own(desk: RecordingDesk) -> None:
    for _ in range(2):
        await reply_to(desk, HandClock(NOW), {"op": "do", "as": "tom", "text": "queue"})
    assert desk.orders[0].key != desk.orders[1].key


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"op": "dance"}, "The console does not know the op 'dance'"),
        ({}, "The console does not know the op None"),
        ({"op": "say", "from": "anna", "text": " "}, "The message is empty"),
        ({"op": "say", "from": "", "text": "x"}, "from is no console name"),
        ({"op": "say", "from": "anna kim", "text": "x"}, "from is no console name"),
        ({"op": "do", "as": 7, "text": "x"}, "as is not text"),
        ({"op": "do", "as": "tom", "text": ["x"]}, "text is not text"),
        ({"op": "do", "as": "tom", "text": "x", "ticket_id": "42"}, "ticket_id is not a number"),
        ({"op": "requeue", "number": "1"}, "The console does not know the op"),
        ({"op": "requeue", "number": 404}, "There is no message 404"),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(desk: RecordingDesk, request_: Any, sentence: str) -> None:
    assert sentence in (await reply_to(desk, HandClock(NOW), request_))["error"]


async def test_a_passing_trouble_says_so(desk: RecordingDesk) -> None:
    desk.fault = TemporaryError("The database is locked.")
    reply = await reply_to(desk, HandClock(NOW), {"op": "do", "as": "tom", "text": "queue"})
    assert reply == {"error": "The database is locked.", "is_temporary": True}


async def test_socket_is_only_its_owners(running: tuple[ConsoleListener, Sessions, Path]) -> None:
    assert stat.S_IMODE(running[2].stat().st_mode) == 0o600


async def test_many_requests_go_over_one_connection(running: tuple[ConsoleListener, Sessions, Path]) -> None:
    lines = [json.dumps({"op": "do", "as": "tom", "text": f"show {number}"}).encode() for number in range(20)]
    replies = await exchange(running[2], *lines)
    assert [reply["text"] for reply in replies] == [f"done: show {number}" for number in range(20)]


async def test_a_line_that_is_no_request_is_answered_and_the_next_one_taken(
    running: tuple[ConsoleListener, Sessions, Path],
) -> None:
    replies = await exchange(running[2], b"{", b"[1]", b"[" * 100_000, b"", b'{"op": "ping"}')
    assert ["error" in reply for reply in replies] == [True, True, True, True, False]


async def test_our_own_fault_is_logged_and_not_shown(
    running: tuple[ConsoleListener, Sessions, Path], desk: RecordingDesk
) -> None:
    desk.fault = ZeroDivisionError("secret detail")
    (reply,) = await exchange(running[2], b'{"op": "do", "as": "tom", "text": "x"}')
    assert reply == {"error": "The desk failed at this; its log says why."}


async def test_deliveries_reach_the_log_and_the_persons_sessions(
    running: tuple[ConsoleListener, Sessions, Path], tmp_path: Path
) -> None:
    _, sessions, path = running
    sender = ConsoleSender(tmp_path / "var" / "console.log", HandClock(NOW), sessions)
    reader, writer = await asyncio.open_unix_connection(socket_path(path))
    writer.write(b'{"op": "attach", "as": "anna"}\n')
    assert json.loads(await reader.readline()) == {"attached": "anna"}
    notice = Notice("claimed", "Tom has your ticket", "He begins now.", (Action("Chase", "reply 42 …"),))
    ref = await sender.send(Outgoing(1, "key-1", ANNA, notice, ticket_id=42))
    assert ref == RemoteRef("anna", "key-1")
    assert json.loads(await reader.readline())["delivery"].startswith("[ticket 42] Tom has your ticket\nHe begins now.")
    await sender.send(Outgoing(2, "key-2", Handle("console", "bob"), Notice("x", "For Bob", "")))
    log = (tmp_path / "var" / "console.log").read_text()
    assert "2026-11-20 15:00:00 UTC → anna\n    [ticket 42] Tom has your ticket" in log
    assert "→ bob" in log
    writer.close()


async def test_a_card_keeps_its_place(tmp_path: Path) -> None:
    sender = ConsoleSender(tmp_path / "console.log", HandClock(NOW), Sessions())
    card = CardView(42, 1, "Fire", (("Priority", "P1"),), "held", Place("console", "desk"))
    first = await sender.show(card, None)
    assert await sender.show(card, first) == first == RemoteRef("desk", "card-42")


async def test_a_full_disk_delays_the_delivery(tmp_path: Path) -> None:
    (tmp_path / "console.log").mkdir()
    sender = ConsoleSender(tmp_path / "console.log", HandClock(NOW), Sessions())
    with pytest.raises(DeliveryDelayed):
        await sender.send(Outgoing(1, "k", ANNA, Notice("x", "x", "x")))


async def test_a_second_desk_on_the_folder_is_refused(
    running: tuple[ConsoleListener, Sessions, Path], desk: RecordingDesk
) -> None:
    second = ConsoleListener(desk, HandClock(NOW), running[2], Sessions())
    with pytest.raises(ConfigError, match="another desk serves this folder"):
        await second.start()


async def test_socket_of_a_killed_desk_is_taken_over(desk: RecordingDesk, tmp_path: Path) -> None:
    path = tmp_path / "console.sock"
    killed = socket.socket(socket.AF_UNIX)
    killed.bind(str(path))
    killed.listen()
    killed.close()
    assert path.exists()
    listener = ConsoleListener(desk, HandClock(NOW), path, Sessions())
    await listener.start()
    assert await exchange(path, b'{"op": "ping"}') == [{"is_ok": True}]
    await listener.stop()
    assert not path.exists()


async def test_stopping_answers_what_was_asked(desk: RecordingDesk, tmp_path: Path) -> None:
    gate = asyncio.Event()

    class SlowDesk(RecordingDesk):
        async def obey(self, order: Order) -> Answer:
            await gate.wait()
            return Answer("late, but there")

    path = tmp_path / "console.sock"
    listener = ConsoleListener(SlowDesk(), HandClock(NOW), path, Sessions())
    await listener.start()
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(b'{"op": "do", "as": "tom", "text": "x"}\n')
    while not listener._busy:
        await asyncio.sleep(0)
    stopping = asyncio.create_task(listener.stop())
    await asyncio.sleep(0)
    gate.set()
    assert json.loads(await reader.readline())["text"] == "late, but there"
    await stopping
    writer.close()


def test_a_long_path_is_shortened_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="too long for a socket"):
        socket_path(deep / "console.sock")
    monkeypatch.chdir(deep)
    assert len(socket_path(deep / "console.sock")) <= PATH_BYTES_MAX


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["op", "from", "as", "text", "ticket_id", "key"]), st.text() | st.integers()))
def test_no_request_makes_it_fail(request_: dict[str, Any]) -> None:
    reply = asyncio.run(reply_to(RecordingDesk(), HandClock(NOW), {"op": "say", **request_}))
    json.dumps(reply)
