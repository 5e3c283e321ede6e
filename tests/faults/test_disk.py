"""A full disk and a locked database: everybody is put off, nothing is lost, and all get in once it has passed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import subprocess
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.faults.busy import Busy, a_busy_desk
from tests.faults.findings import half_written, kept, locked
from tests.faults.people import a_mail
from tests.faults.running import until
from tests.faults.writers import MailWriters, SlackWriter, TelegramWriter

MAILS, OTHERS = 40, 10
DISK_BYTES = 24 * 1024 * 1024


@dataclass
class Trouble:
    """Writers who meet a desk that cannot write."""

    busy: Busy
    mail: MailWriters
    slack: SlackWriter
    telegram: TelegramWriter

    @classmethod
    def of(cls, busy: Busy) -> Trouble:
        mail = MailWriters(busy.desk.smtp_port, deque(a_mail(number) for number in range(MAILS)))
        return cls(busy, mail, SlackWriter(busy.slack), TelegramWriter(busy.telegram))

    async def write_all(self) -> None:
        self.telegram.say(range(OTHERS))
        await asyncio.gather(
            self.mail.write_all(), self.slack.write_all(range(OTHERS)), self.telegram.write_all(is_webhook=False)
        )

    def check_refusals(self) -> None:
        """Each door says what makes its service try again."""
        assert set(self.mail.put_off) == {"451 4.3.0 the desk cannot take the mail just now, please try again"}
        # 0: Slack had hung up by then, as it does after three seconds; it tries again all the same.
        assert set(self.slack.statuses) <= {0, 200, 503}

    def check_everything_is_there(self) -> None:
        url = self.busy.database_url
        assert kept(url, "email") == Counter(range(MAILS))
        assert kept(url, "slack") == Counter(range(OTHERS))
        assert kept(url, "telegram") == Counter(range(OTHERS))
        assert half_written(url, self.busy.blobs) == []


# ---------------------------------------------------------------- full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> Path:
    """Leave not one byte free; returns the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast


async def test_a_full_disk_puts_everybody_off_and_loses_nothing(small_disk: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{small_disk}/holdline.db"
    (small_disk / "holdline.db").write_bytes(sqlite_template.read_bytes())
    async with a_busy_desk(url, small_disk) as busy:
        # The log of a full disk stays outside, or there would be nothing to read.
        busy.desk.log_path = small_disk.parent / "desk.log"
        await busy.desk.start()
        trouble = Trouble.of(busy)
        ballast = fill(small_disk)
        with pytest.raises(OSError) as full:
            (small_disk / "probe").write_bytes(b"one more")
        assert full.value.errno == errno.ENOSPC
        writing = asyncio.create_task(trouble.write_all())
        await until(lambda: len(trouble.mail.put_off) > 20 and 503 in trouble.slack.statuses, 60, "all are put off")
        assert not trouble.mail.acknowledged
        assert not trouble.slack.acknowledged
        assert not trouble.telegram.acknowledged
        ballast.unlink()
        await asyncio.wait_for(writing, 60)
        trouble.check_refusals()
        trouble.check_everything_is_there()
        assert await busy.desk.stop() == 0


async def test_a_desk_ends_well_though_the_disk_is_full(small_disk: Path, sqlite_template: Path) -> None:
    url = f"sqlite:///{small_disk}/holdline.db"
    (small_disk / "holdline.db").write_bytes(sqlite_template.read_bytes())
    async with a_busy_desk(url, small_disk) as busy:
        busy.desk.log_path = small_disk.parent / "desk.log"
        await busy.desk.start()
        fill(small_disk)
        assert await busy.desk.stop() == 0


# ---------------------------------------------------------------- locked


async def test_a_locked_database_puts_everybody_off_and_loses_nothing(fresh_url: str, tmp_path: Path) -> None:
    async with a_busy_desk(fresh_url, tmp_path) as busy:
        await busy.desk.start()
        trouble = Trouble.of(busy)
        with locked(fresh_url):
            writing = asyncio.create_task(trouble.write_all())
            assert await one_patient_event(busy) == 503
            await until(lambda: trouble.mail.put_off, 60, "mails are put off")
            assert not trouble.mail.acknowledged
            assert not trouble.telegram.acknowledged
            # What only reads goes on meanwhile.
            assert (await busy.desk.get("/healthz"))[0] == 200
        await asyncio.wait_for(writing, 60)
        trouble.check_refusals()
        trouble.check_everything_is_there()
        assert await busy.desk.stop() == 0


async def one_patient_event(busy: Busy) -> int:
    """The status that an event gets from somebody who waits longer than Slack would."""
    event = {"type": "message", "user": "U0S1", "text": "hello", "channel": "D0S1", "ts": "1.1", "channel_type": "im"}
    payload = {"type": "event_callback", "team_id": "T0TEAM", "event": event, "event_id": "EvPatient"}
    body, headers = busy.slack.requests.request("event", payload)
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as session,
        session.post(busy.slack.request_url, data=body, headers=headers) as answer,
    ):
        return answer.status
