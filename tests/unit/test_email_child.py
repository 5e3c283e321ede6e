"""The child that reads heavy mail: same answers, limits that hold, and no child left behind."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.blobs import Blobs
from bot.channels.email.child import Reader, is_heavy
from bot.channels.email.headers import Unreadable
from bot.channels.email.laying import LARGE_BYTES_MIN
from bot.channels.email.reading import MailReader
from bot.channels.email.translate import Envelope, translate
from bot.clock import HandClock
from bot.errors import TemporaryError

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


# ---------------------------------------------------------------- large files, which the desk's own process never holds


def with_files(*contents: bytes) -> bytes:
    parts = b"".join(
        b"--b\nContent-Type: application/zip; name=%d.zip\nContent-Transfer-Encoding: base64\n\n%s"
        % (number, base64.encodebytes(content))
        for number, content in enumerate(contents)
    )
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nIt burns.\n' + parts + b"--b--\n"


@pytest.fixture
async def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
async def laying(blobs: Blobs) -> AsyncIterator[Reader]:
    reader = Reader(staging=blobs)
    yield reader
    await reader.close()


def staged(blobs: Blobs) -> list[str]:
    assert blobs.folder is not None
    return [path.name for path in (blobs.folder / "staging").iterdir()]


def on_disk(blobs: Blobs, sha256: str) -> bytes:
    assert blobs.folder is not None
    return (blobs.folder / sha256[:2] / sha256[2:]).read_bytes()


async def test_large_file_comes_by_its_name_alone_and_is_there(laying: Reader, blobs: Blobs) -> None:
    large, small = os.urandom(LARGE_BYTES_MIN + 1), os.urandom(LARGE_BYTES_MIN)
    told = await laying.read(with_files(large, small), received_at=NOW)
    by_pipe = await Reader().read(with_files(large, small), received_at=NOW)
    first, second = told.attachments
    assert (first.content, first.sha256) == (None, hashlib.sha256(large).hexdigest())
    assert (second.content, second.sha256) == (small, "")
    assert [(file.filename, file.size_bytes) for file in told.attachments] == [
        (file.filename, file.size_bytes) for file in by_pipe.attachments
    ]
    assert (told.text, told.key) == (by_pipe.text, by_pipe.key)
    assert on_disk(blobs, first.sha256) == large and staged(blobs) == []


async def test_equal_files_are_laid_once_and_met_again(laying: Reader, blobs: Blobs) -> None:
    large = os.urandom(LARGE_BYTES_MIN * 2)
    for _ in range(2):
        told = await laying.read(with_files(large, large), received_at=NOW)
        assert len({file.sha256 for file in told.attachments}) == 1
        assert on_disk(blobs, told.attachments[0].sha256) == large and staged(blobs) == []


async def test_of_a_mail_that_is_given_up_nothing_stays(blobs: Blobs) -> None:
    reader = Reader(cpu_seconds=0.3, staging=blobs)
    raw = with_files(os.urandom(LARGE_BYTES_MIN * 2)) + b"--b\n" + b"\n--\n" * 8_000_000
    with pytest.raises(Unreadable):
        await reader.read(raw, received_at=NOW)
    assert staged(blobs) == []
    assert (await reader.read(HEAVY, received_at=NOW)).subject == "Drücker"
    await reader.close()


async def test_folder_that_cannot_be_written_is_a_temporary_fault(laying: Reader, blobs: Blobs) -> None:
    folder = blobs.open_staging()
    assert folder is not None
    folder.rmdir()
    folder.write_text("a file stands in the way")
    blobs.open_staging = lambda: folder  # type: ignore[method-assign]
    with pytest.raises(TemporaryError):
        await laying.read(with_files(os.urandom(LARGE_BYTES_MIN * 2)), received_at=NOW)


async def test_what_a_killed_desk_left_is_swept_after_an_hour(blobs: Blobs) -> None:
    folder = blobs.open_staging()
    assert folder is not None
    old, new = folder / f"aa.{'0' * 64}", folder / f"bb.{'1' * 64}"
    for path, minutes in ((old, 61), (new, 59)):
        path.write_bytes(b"left")
        os.utime(path, (NOW.timestamp() - minutes * 60,) * 2)
    await MailReader(HandClock(NOW), staging=blobs).start()
    assert staged(blobs) == [new.name]


async def test_child_that_may_lay_no_file_writes_none(tmp_path: Path) -> None:
    # Beside PostgreSQL every blob is a row, and what the child read comes through its pipe.
    rows = Blobs(None)
    reader = Reader(staging=rows)
    large = os.urandom(LARGE_BYTES_MIN * 2)
    told = await reader.read(with_files(large), received_at=NOW)
    assert told.attachments[0].content == large
    assert reader.pid is not None
    limits = Path(f"/proc/{reader.pid}/limits").read_text()
    assert re.search(r"Max file size\s+0\s+0\s", limits)
    await reader.close()


async def test_desk_never_holds_a_large_file(blobs: Blobs) -> None:
    """The parent's memory grows by less than a quarter of a file of 20 MB."""
    code = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from bot.blobs import Blobs\n"
        "from tests.unit.test_email_child import HEAVY, NOW, Reader, with_files\n"
        "def peak(): return next(int(line.split()[1]) for line in open('/proc/self/status') if 'VmHWM' in line)\n"
        "async def main():\n"
        "    reader = Reader(staging=Blobs(Path(sys.argv[1])))\n"
        "    await reader.read(HEAVY, received_at=NOW)\n"
        "    raw = Path(sys.argv[2]).read_bytes()\n"
        "    Path('/proc/self/clear_refs').write_text('5')\n"
        "    before = peak()\n"
        "    told = await reader.read(raw, received_at=NOW)\n"
        "    print(peak() - before, told.attachments[0].size_bytes)\n"
        "    await reader.close()\n"
        "asyncio.run(main())\n"
    )
    assert blobs.folder is not None
    mail = blobs.folder.with_name("mail")
    mail.write_bytes(with_files(os.urandom(20_000_000)))
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(blobs.folder), str(mail)], cwd=root, capture_output=True, text=True, check=True
    )
    grown_kib, size_bytes = map(int, done.stdout.split())
    assert size_bytes == 20_000_000 and grown_kib < 5_000
