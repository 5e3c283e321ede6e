"""Child processes that are measured: started in a folder of their own, asked of the kernel, always ended."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 25
# A desk that waits for nothing but its next tick uses less than this share of a processor.
LOOK_SECONDS, IDLE_SHARE, IDLE_SECONDS_MAX = 0.3, 0.1, 30
_OURS = re.compile(r"HOLDLINE_|SLACK_|TELEGRAM_|DATABASE_URL$|PORT$|LOG_LEVEL$")


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder outside of the checkout, gone afterwards; BENCH_FOLDER names another disk than that of /tmp."""
    made = Path(tempfile.mkdtemp(prefix="holdline-bench-", dir=os.environ.get("BENCH_FOLDER")))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Child:
    """A running child with what the kernel knows of it and of its own children."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.began_at = time.perf_counter()
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=out)
        self._log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    def first_line(self) -> str:
        """What it says first. Raises RuntimeError with its errors when it ends before."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        if not line:
            raise RuntimeError(self._log.read_text()[-3000:])
        return line.strip()

    def wait_for_port(self, port: int) -> float:
        """Seconds from its start until it accepts on 127.0.0.1:port. Raises RuntimeError."""
        while self._process.poll() is None and time.perf_counter() - self.began_at < START_SECONDS_MAX:
            with socket.socket() as knocking:
                knocking.settimeout(0.5)
                if knocking.connect_ex(("127.0.0.1", port)) == 0:
                    return time.perf_counter() - self.began_at
            time.sleep(0.005)
        raise RuntimeError(f"nothing listens on port {port}:\n{self._log.read_text()[-3000:]}")

    def wait_until_idle(self) -> None:
        """Until it has done what it was left with, so that whoever is measured next has the machine to itself."""
        used = self.cpu_seconds()
        until = time.perf_counter() + IDLE_SECONDS_MAX
        while time.perf_counter() < until:
            time.sleep(LOOK_SECONDS)
            before, used = used, self.cpu_seconds()
            if used - before <= IDLE_SHARE * LOOK_SECONDS:
                return

    def cpu_seconds(self) -> float:
        """User and system time of it and of all its children so far."""
        return sum(_ticks(pid, is_root=pid == self.pid) for pid in self._family()) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Resident memory of the process itself now, without its children."""
        return _status_mib(self.pid, "VmRSS")

    def peak_mib(self) -> float:
        return _status_mib(self.pid, "VmHWM")

    def children_mib(self) -> float:
        """Resident memory of its children together."""
        return sum(_status_mib(pid, "VmRSS") for pid in self._family() if pid != self.pid)

    def stop(self) -> None:
        """Ask it to end, and wait; kill it where it does not."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _family(self) -> list[int]:
        family, asked = [self.pid], 0
        while asked < len(family):
            try:
                listed = Path(f"/proc/{family[asked]}/task/{family[asked]}/children").read_text()
            except OSError:
                listed = ""
            family.extend(map(int, listed.split()))
            asked += 1
        return family


class DeskProcess(Child):
    """`holdline run`, on SQLite in a folder of its own and on free ports. roles: none = all."""

    def __init__(self, home: Path, *roles: str, **settings: str) -> None:
        self.home, self.smtp_port, self.web_port = home, free_port(), free_port()
        ports = {"HOLDLINE_SMTP_PORT": str(self.smtp_port), "HOLDLINE_WEB_PORT": str(self.web_port)}
        environment = desk_environment(home) | ports | settings
        super().__init__([sys.executable, "-m", "bot", "run", *roles], environment, home / "desk.log")

    @property
    def database(self) -> Path:
        return self.home / "var" / "holdline.db"


def desk_environment(home: Path) -> dict[str, str]:
    """The environment of a desk that lives in `home`, nothing of this one's settings in it."""
    inherited = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
    return inherited | {"HOLDLINE_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}


def holdline(home: Path, *arguments: str) -> str:
    """Run one command of the desk in `home`; returns what it printed. Raises CalledProcessError."""
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=desk_environment(home), check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def probe(module: str, *arguments: str, home: Path) -> Child:
    """A module of this folder as a child."""
    return Child([sys.executable, "-m", f"bench.{module}", *arguments], desk_environment(home), home / "probe.log")


@contextmanager
def running(*children: Child) -> Iterator[None]:
    """Stops every one of them at the end, whatever happens."""
    try:
        yield
    finally:
        for child in children:
            child.stop()


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _ticks(pid: int, *, is_root: bool) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    # User and system; those of children that have ended are summed at the root alone.
    return sum(map(int, fields[11:15] if is_root else fields[11:13]))


def _status_mib(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
