"""A real `python -m bot run` in a process of its own: started, watched, asked to stop, or killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import aiohttp

ROOT = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS = 60.0, 30.0
LOOK_SECONDS = 0.02
# The last line of the table that the desk prints once every role has been started.
IS_UP = "courier    o"
GATEWAY = "gateway.desk.example"
DESK = "support@desk.example"
# What the machine sets for a desk of its own must not reach this one; and starts need bytecode.
_NOT_FOR_US = ("HOLDLINE_", "SLACK_", "TELEGRAM_", "DATABASE_URL", "PORT", "LOG_LEVEL", "PYTHONDONTWRITEBYTECODE")


def free_port() -> int:
    """A port that nothing uses, below those that the system gives to clients: a sender that knocks at a dead desk's
    door would now and then be given that very port, and be connected with itself."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class RunningDesk:
    """One desk: where it lives, what it is told in the environment, and the process that serves it, if any.

    launcher: words in front of the command, for a desk that runs in surroundings of its own.
    """

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str] = {},
        *,
        roles: Sequence[str] = (),
        launcher: Sequence[str] = (),
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.roles, self.launcher = home, tuple(roles), tuple(launcher)
        self.smtp_port, self.web_port = free_port(), free_port()
        self.log_path = home / "desk.log"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_US)},
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "HOLDLINE_HOME": str(home),
            "HOLDLINE_SMTP_PORT": str(self.smtp_port),
            "HOLDLINE_WEB_PORT": str(self.web_port),
            "HOLDLINE_SMTP_TRUSTED_AUTHSERV_IDS": GATEWAY,
            "HOLDLINE_TIMES_TICK_SECONDS": "1",
            "HOLDLINE_LOG_FORMAT": "json",
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._log_from = 0

    # ------------------------------------------------------------ what there is to know

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What the present or last process has said."""
        if not self.log_path.exists():
            return ""
        return self.log_path.read_bytes()[self._log_from :].decode("utf-8", "replace")

    @property
    def whole_log(self) -> str:
        """What all processes of this desk have said."""
        return self.log_path.read_text(errors="replace")

    def children(self) -> set[int]:
        """Every process below the desk's own."""
        return descendants(self.pid)

    # ------------------------------------------------------------ start and end

    async def __aenter__(self) -> RunningDesk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        if self._log is not None:
            self._log.close()

    def launch(self) -> None:
        """Start the process and do not wait for it."""
        assert not self.is_alive
        if self._log is None:
            self._log = self.log_path.open("ab")
        self._log_from = self.log_path.stat().st_size
        # Nothing that a killed test run started may live on.
        words = ["setpriv", "--pdeathsig", "KILL", *self.launcher, sys.executable, "-m", "bot", "run", *self.roles]
        self._process = subprocess.Popen(
            words, cwd=self.home, env=self.environ, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )

    async def start(self) -> None:
        """Start it, and return once every role is up."""
        self.launch()
        await until(lambda: IS_UP in self.log or not self.is_alive, START_SECONDS, "the desk starts")
        assert self.is_alive, f"the desk ended at its start:\n{self.log}"

    async def kill(self) -> set[int]:
        """`kill -9`. Returns which processes it had started."""
        if self._process is None:
            return set()
        below = self.children() if self.is_alive else set()
        self._process.kill()
        self._process.wait()
        return below

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended by itself; returns its exit code."""
        process = self._process
        assert process is not None
        await until(lambda: process.poll() is not None, STOP_SECONDS, "the desk ends")
        return process.returncode

    # ------------------------------------------------------------ looking at it from outside

    async def console(self, **request: object) -> dict[str, Any]:
        """What the desk's console answers to a request."""
        # The path of a test's folder may be too long for a socket; that of an open folder is not.
        folder = os.open(self.home / "var", os.O_RDONLY)
        try:
            reader, writer = await asyncio.open_unix_connection(f"/proc/self/fd/{folder}/console.sock")
        finally:
            os.close(folder)
        writer.write(json.dumps(request).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(reader.readline(), 30))
        writer.close()
        return answer

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text of one of its pages; status 0 where nothing answers."""
        try:
            async with aiohttp.ClientSession() as session, session.get(self.web + path) as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientError:
            return 0, ""


async def until(is_so: Any, seconds: float, what: str) -> None:
    """Wait for what another process does. Fails after a while, and says what did not happen."""
    end_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end_at, f"not within {seconds} s: {what}"
        await asyncio.sleep(LOOK_SECONDS)


def descendants(pid: int) -> set[int]:
    """The processes that this one started, and those that they started."""
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = {int(word) for word in children.read_text().split()}
        except OSError:
            continue  # the thread ended meanwhile
        for child in below - found:
            found |= {child} | descendants(child)
    return found


def is_running(pid: int) -> bool:
    """Whether that process lives; one that ended and waits for nobody to look does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
