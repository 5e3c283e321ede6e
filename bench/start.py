"""How long a second start takes to answer, and how long `--help`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.processes import CHECKOUT, DeskProcess, desk_environment, folder, running

CONSOLE_MAX, LISTENERS_MAX, HELP_MAX = 1.5, 2.5, 0.15


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        (first := DeskProcess(home)).wait_for_port(first.web_port)
        first.stop()
        console, listeners, cpu = [], [], []
        for _ in range(rounds):
            desk = DeskProcess(home)
            with running(desk):
                console.append(_console_answers(desk))
                listeners.append(max(desk.wait_for_port(desk.smtp_port), desk.wait_for_port(desk.web_port)))
                cpu.append(desk.cpu_seconds())
        yield Figure("second start, the console answers", console, "s", CONSOLE_MAX)
        yield Figure("second start, all listeners answer", listeners, "s", LISTENERS_MAX)
        yield Figure("second start, CPU until then", cpu, "s")
        yield Figure("--help, whole process", [_help(home) for _ in range(rounds)], "s", HELP_MAX)


def _console_answers(desk: DeskProcess) -> float:
    """Seconds from the start until a command has its answer."""
    path = str(desk.home / "var" / "console.sock")
    question = json.dumps({"op": "do", "as": "maria", "text": "help"}).encode() + b"\n"
    while True:
        with socket.socket(socket.AF_UNIX) as asking:
            try:
                asking.connect(path)
                asking.sendall(question)
                if asking.recv(65536):
                    return time.perf_counter() - desk.began_at
            except OSError:
                time.sleep(0.005)


def _help(home: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "bot", "--help"]
    subprocess.run(command, cwd=CHECKOUT, env=desk_environment(home), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
