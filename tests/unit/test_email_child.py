"""The child that reads heavy mail: same answers, limits that hold, and no child left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.email.child import Reader, is_heavy
from bot.channels.email.headers import Unreadable
from bot.channels.email.translate import Envelope, translate

NOW = datetime(2024, 1, 2, 9, 0, tzinfo=UTC)
HEAD = b"From: Ann <ann@client.example>\nSubject: =?utf-8?q?Dr=C3=BCcker?=\nMessage-ID: <m@client.example>\n"
LIGHT = HEAD + b"\nIt burns.\n"
VAGUE = b"From: mailer-daemon@mx.example\nSubject: Undeliverable mail\n\nWe tried ann@client.example. It went wrong.\n"
HEAVY = (
    HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nIt burns.\n--b\nContent-Type: image/png; name=a.png\n'
    + b"Content-ID: <i1>\nContent-Transfer-Encoding: base64\n\n"
    + b"QUJD\n" * 30_000
    + b"--b--\n"
)
SLOW = HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' + b"\n--\n" * 8_000_000
LARGE = (
    HEAD + b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n" + b"QQBB\n" * 6_000_000
)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader()
    yield reader
    await reader.close()


def test_only_heavy_mail_goes_to_the_child() -> None:
    deep = b"Content-Type: multipart/mixed; boundary=x\n" * 11
    assert [is_heavy(raw) for raw in (LIGHT, HEAVY, deep, b"--\n--\n" * 100)] == [False, True, True, True]


async def test_light_mail_starts_no_child(reader: Reader) -> None:
    await reader.read(LIGHT, received_at=NOW)
    assert reader.pid is None


async def test_child_reads_as_the_desk_itself_does(reader: Reader) -> None:
    envelope = Envelope("ann@client.example", ("support@desk.example",), "192.0.2.1", "helo")
    told = await reader.read(HEAVY, received_at=NOW, envelope=envelope, authserv_ids=("mx.desk.example",))
    assert told == translate(HEAVY, received_at=NOW, envelope=envelope, authserv_ids=("mx.desk.example",))
    assert told.attachments[0].content == b"ABC" * 30_000


async def test_child_stays_warm(reader: Reader) -> None:
    await reader.read(HEAVY, received_at=NOW)
    first = reader.pid
    await asyncio.gather(*(reader.read(HEAVY, received_at=NOW) for _ in range(5)))
    assert reader.pid == first


async def test_refusal_of_the_child_is_the_callers(reader: Reader) -> None:
    with pytest.raises(Unreadable, match="10,000 parts"):
        await reader.read(
            HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 10_001, received_at=NOW
        )
    assert (await reader.read(HEAVY, received_at=NOW)).subject == "Drücker"


async def test_mail_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    reader = Reader(cpu_seconds=0.5)
    with pytest.raises(Unreadable, match=r"over 0\.5 s"):
        await reader.read(SLOW, received_at=NOW)
    assert (await reader.read(HEAVY, received_at=NOW)).subject == "Drücker"
    await reader.close()


async def test_mail_that_takes_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    reader = Reader(memory_bytes=60 * 1024 * 1024, cpu_seconds=20)
    with pytest.raises(Unreadable, match="memory"):
        await reader.read(LARGE, received_at=NOW)
    assert (await reader.read(HEAVY, received_at=NOW)).subject == "Drücker"
    await reader.close()


async def test_killed_child_is_replaced(reader: Reader) -> None:
    await reader.read(HEAVY, received_at=NOW)
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    while reader.pid is not None:
        await asyncio.sleep(0.01)
    assert (await reader.read(HEAVY, received_at=NOW)).subject == "Drücker"


async def test_cancelled_reading_does_not_mix_up_answers(reader: Reader) -> None:
    await reader.read(HEAVY, received_at=NOW)
    reading = asyncio.create_task(reader.read(HEAVY.replace(b"burns", b"smell"), received_at=NOW))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await reader.read(HEAVY, received_at=NOW)).text == "It burns."


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


async def test_child_ends_with_a_parent_that_was_killed() -> None:
    code = (
        "import asyncio, sys, time\n"
        "from tests.unit.test_email_child import HEAVY, NOW, Reader\n"
        "async def main():\n"
        "    reader = Reader()\n"
        "    await reader.read(HEAVY, received_at=NOW)\n"
        "    print(reader.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
        parent.wait()
    for _ in range(500):
        if not is_running(pid):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"child {pid} still runs")


async def test_bounce_in_unknown_prose_is_left_to_the_child_and_any_other_is_not() -> None:
    known = (Path(__file__).parent.parent / "data/mail/auto-bounce-postfix.eml").read_bytes()
    reader = Reader()
    try:
        light = await reader.read(known, received_at=NOW)
        assert reader.pid is None and light.report is not None
        told = await reader.read(VAGUE, received_at=NOW)
        assert reader.pid is not None and told.report is not None
        assert [failure.address for failure in told.report.failures] == ["ann@client.example"]
    finally:
        await reader.close()


async def test_bounce_that_a_library_chokes_on_is_read_without_it() -> None:
    reader = Reader(cpu_seconds=0.001)
    try:
        told = await reader.read(VAGUE, received_at=NOW)
        assert told.report is not None and told.report.failures[0].address == "ann@client.example"
    finally:
        await reader.close()
