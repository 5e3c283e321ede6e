"""No process that the desk starts outlives it, however it ends; what such a child was to make is made once."""

from __future__ import annotations

import asyncio
import mailbox
import signal
from pathlib import Path

import pytest

from tests.faults.findings import pass_time, rows
from tests.faults.people import invite
from tests.faults.running import RunningDesk, is_running, until


async def draws(desk: RunningDesk, database_url: str) -> set[int]:
    """Let a digest fall due, and return the processes that draw its chart."""
    await desk.start()
    pass_time(database_url, "consultant.digest_at")
    await until(desk.children, 20, "a child draws the chart")
    return desk.children()


@pytest.mark.parametrize("number_of_signal", [signal.SIGTERM, signal.SIGKILL])
async def test_a_desk_that_ends_while_it_draws_leaves_no_child(
    number_of_signal: int, fresh_url: str, tmp_path: Path
) -> None:
    await asyncio.to_thread(invite, fresh_url, tmp_path)
    async with RunningDesk(tmp_path, {"DATABASE_URL": fresh_url}) as desk:
        below = await draws(desk, fresh_url)
        if number_of_signal == signal.SIGTERM:
            assert await desk.stop() == 0
            assert "Traceback" not in desk.log
        else:
            below |= await desk.kill()
        await until(lambda: not any(map(is_running, below)), 10, "the child ends")

        await desk.start()
        await until(lambda: _digests(tmp_path), 30, "the digest is sent")
        await desk.stop()
    assert len(_digests(tmp_path)) == 1
    assert rows(fresh_url, "SELECT count(*) FROM digest") == [(1,)]


def _digests(home: Path) -> set[str]:
    """The mails with a chart that were sent, by their names."""
    folder = home / "var/outgoing"
    # Its folders are made one by one, the last one being looked for here.
    mails = mailbox.Maildir(folder) if all((folder / name).is_dir() for name in ("tmp", "new", "cur")) else ()
    return {str(mail["Message-ID"]) for mail in mails if "image/png" in str(mail)}
