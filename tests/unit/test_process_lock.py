"""One process serves a SQLite desk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import AlreadyServed, hold_process_lock

HOLDER = """
import sys, pathlib
from bot.store import hold_process_lock
lock = hold_process_lock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_which_one_serves(tmp_path: Path) -> None:
    path = tmp_path / "holdline.db.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyServed, match=f"process {holder.pid}"):
            hold_process_lock(path)
        holder.kill()
    # A killed process leaves no lock behind.
    hold_process_lock(path).release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "var" / "holdline.db.lock"
    with hold_process_lock(path), pytest.raises(AlreadyServed):
        hold_process_lock(path)
    with hold_process_lock(path):
        pass
