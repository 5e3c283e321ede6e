"""Asked to stop, the desk ends what is under way, says so to those who come, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter, deque
from pathlib import Path

import pytest

from tests.faults.busy import Busy, a_busy_desk
from tests.faults.findings import half_written, kept, locked
from tests.faults.people import a_mail
from tests.faults.running import RunningDesk, is_running, until
from tests.faults.writers import MailWriters, SlackWriter, SmtpTalk, TelegramWriter

SECONDS_MAX = 12.0
MAILS, OTHERS = 100, 30


async def test_a_stop_under_load_drains_and_leaves_nothing(fresh_url: str, tmp_path: Path) -> None:
    # As a service manager asks, and as Ctrl-C does.
    number_of_signal = signal.SIGTERM if fresh_url.startswith("sqlite") else signal.SIGINT
    async with a_busy_desk(fresh_url, tmp_path) as busy:
        await busy.desk.start()
        mail = MailWriters(busy.desk.smtp_port, deque(a_mail(number) for number in range(MAILS)))
        slack, telegram = SlackWriter(busy.slack), TelegramWriter(busy.telegram)
        telegram.say(range(OTHERS))
        writing = asyncio.gather(mail.write_all(), slack.write_all(range(OTHERS)), telegram.write_all(is_webhook=False))
        await until(lambda: len(mail.acknowledged) > 30 and len(slack.acknowledged) > 5, 60, "the desk is busy")
        below = busy.desk.children()
        begun = time.monotonic()
        assert await busy.desk.stop(number_of_signal) == 0
        assert time.monotonic() - begun < SECONDS_MAX
        assert_nothing_is_left(busy, below)
        taken = {"email": set(mail.acknowledged), "slack": set(slack.acknowledged), "telegram": telegram.acknowledged}
        for channel, numbers in taken.items():
            assert not numbers - set(kept(fresh_url, channel)), f"acknowledged and lost on {channel}"
        assert half_written(fresh_url, busy.blobs) == []

        # Whoever was told to come later does, and finds a second desk on the same place.
        await busy.desk.start()
        await asyncio.wait_for(writing, 60)
        assert kept(fresh_url, "email") == Counter(range(MAILS))
        assert kept(fresh_url, "slack") == Counter(range(OTHERS))
        assert kept(fresh_url, "telegram") == Counter(range(OTHERS))
        assert await busy.desk.stop(number_of_signal) == 0
        assert_nothing_is_left(busy, below)


def assert_nothing_is_left(busy: Busy, below: set[int]) -> None:
    assert not (busy.desk.home / "var/console.sock").exists()
    assert not any(map(is_running, below))
    assert "Traceback" not in busy.desk.whole_log
    assert "Task was destroyed" not in busy.desk.whole_log
    assert "never retrieved" not in busy.desk.whole_log


async def test_a_mail_under_way_gets_its_250(sqlite_url: str, tmp_path: Path) -> None:
    async with a_busy_desk(sqlite_url, tmp_path) as busy:
        await busy.desk.start()
        talk = await SmtpTalk.open(busy.desk.smtp_port)
        idle = await SmtpTalk.open(busy.desk.smtp_port)
        with locked(sqlite_url):
            # The whole mail has been said, and waits for its commit, when the desk is asked to stop.
            sending = asyncio.create_task(talk.send(a_mail(1)))
            await until(lambda: "received" not in busy.desk.log and _is_waiting(sending), 5, "the mail waits")
            await asyncio.sleep(0.3)
            os.kill(busy.desk.pid, signal.SIGTERM)
            await asyncio.sleep(0.3)
            with pytest.raises(OSError):
                await asyncio.open_connection("127.0.0.1", busy.desk.smtp_port)
        assert (await sending).startswith("250")
        assert await busy.desk.ended() == 0
        assert kept(sqlite_url, "email") == Counter([1])
        with pytest.raises((EOFError, OSError)):
            while True:
                # 421, if anything; then the line is closed.
                assert (await idle.say("NOOP")).startswith(("250", "421"))
        assert "Traceback" not in busy.desk.whole_log


def _is_waiting(sending: asyncio.Task[str]) -> bool:
    return not sending.done()


async def test_asked_while_it_starts_it_ends_as_well(sqlite_url: str, tmp_path: Path) -> None:
    async with a_busy_desk(sqlite_url, tmp_path) as busy:
        for word in ("", "web listens"):
            busy.desk.launch()
            await until(lambda word=word: word in busy.desk.log, 20, "it has begun to start")
            if word:
                assert await busy.desk.stop() == 0
                assert "Traceback" not in busy.desk.log
            else:
                # Before it can listen to signals, they end it at once, and that is harmless.
                await busy.desk.stop()
            assert not (busy.desk.home / "var/console.sock").exists()


async def test_a_second_desk_on_one_file_is_refused_in_a_sentence(sqlite_url: str, tmp_path: Path) -> None:
    async with a_busy_desk(sqlite_url, tmp_path) as busy, RunningDesk(tmp_path / "second") as second:
        await busy.desk.start()
        second.environ["DATABASE_URL"] = sqlite_url
        second.launch()
        assert await second.ended() == 2
        assert second.log.startswith("holdline: One process serves")
        assert str(busy.desk.pid) in second.log
        assert len(second.log.splitlines()) == 1
        # The first one is unharmed, and the second is welcome as soon as the first has gone, even if it was killed.
        await MailWriters(busy.desk.smtp_port, deque([a_mail(1)])).write_all()
        await busy.desk.kill()
        await second.start()
        await MailWriters(second.smtp_port, deque([a_mail(2)])).write_all()
        assert await second.stop() == 0
        assert kept(sqlite_url, "email") == Counter([1, 2])


async def test_two_desks_on_one_port_say_so_and_serve_the_rest(sqlite_url: str, tmp_path: Path) -> None:
    async with RunningDesk(tmp_path / "first") as first, RunningDesk(tmp_path / "second") as second:
        second.environ["HOLDLINE_SMTP_PORT"] = str(first.smtp_port)
        await first.start()
        await second.start()
        assert f"127.0.0.1:{first.smtp_port} cannot be listened on" in second.log
        assert (await second.get("/healthz"))[0] == 200
        assert (await second.console(op="ping")).get("error") is None
        assert await second.stop() == 0
        assert await first.stop() == 0


def test_no_desk_of_these_tests_is_left() -> None:
    found = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "-m bot run"], capture_output=True, text=True)
    assert found.stdout == ""
