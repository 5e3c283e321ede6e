"""Durable mail over SMTP: the whole desk against a sink that does the least that could be called keeping a mail.

Measured with a desk of the mail role (everything that happens before the 250) and with one of every role, which also
delivers what it writes; its mails come from contacts of clients, hence are held for a lead, and the lead is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, percentile, ratios, shown
from bench.mails import half_replies, people_file
from bench.processes import Child, DeskProcess, folder, holdline, probe, running
from bench.smtp_load import send

MAILS = 600
WARM_UP = 60
RATE_MIN, CPU_MAX, GROUP_MIN = 0.45, 2.2, 1.5


@dataclass(frozen=True, slots=True)
class Server:
    """A server under load."""

    child: Child
    port: int


@dataclass(frozen=True, slots=True)
class Load:
    """One load on one server. cpu_ms: the server's, a mail."""

    rate: float
    cpu_ms: float
    p99_ms: float


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        servers = {
            "sink": _sink(home / "sink"),
            "desk": mail_desk(home / "desk", "mail"),
            "all roles": mail_desk(home / "all"),
        }
        with running(*(server.child for server in servers.values())):
            for name, server in servers.items():
                load(server, f"warm{name}", WARM_UP, connections=10)
            loads: dict[str, list[Load]] = {name: [] for name in servers}
            for number in range(rounds):
                for name, server in servers.items():
                    loads[name].append(load(server, f"a{number}", MAILS, connections=10))
            yield from _against_sink(loads)
            yield _group_commit(servers["desk"], rounds)


def mail_desk(home: Path, *roles: str, **settings: str) -> Server:
    """A running desk that knows everybody who will write. roles: none = all; settings: variables of its own."""
    home.mkdir()
    people = home / "people.toml"
    people.write_text(people_file())
    # The example desk has the consultants; a first run would load it just the same.
    seed_consultants(home)
    holdline(home, "import", str(people), "--apply")
    desk = DeskProcess(home, *roles, **settings)
    desk.wait_for_port(desk.smtp_port)
    return Server(desk, desk.smtp_port)


def seed_consultants(home: Path) -> None:
    """The example desk's people, into a new database."""
    example = Path(__file__).resolve().parents[1] / "config" / "example-desk.toml"
    holdline(home, "import", str(example), "--apply")


def load(server: Server, series: str, count: int, *, connections: int) -> Load:
    """Half new mails, half replies to them."""
    mails = half_replies(count, f"{series}c{connections}".replace(" ", ""))
    before = server.child.cpu_seconds()
    taken = send(server.port, mails, connections=connections)
    cpu_ms = 1000 * (server.child.cpu_seconds() - before) / count
    return Load(taken.rate, cpu_ms, 1000 * percentile(taken.latencies, 99))


def _sink(home: Path) -> Server:
    home.mkdir()
    child = probe("sinks", "sqlite", str(home), home=home)
    return Server(child, int(child.first_line()))


def _against_sink(loads: dict[str, list[Load]]) -> Iterator[Figure]:
    sink = loads.pop("sink")
    for name, own in loads.items():
        note = f"{_median_rate(own)} against {_median_rate(sink)} mails/s"
        rates = ratios([one.rate for one in own], [one.rate for one in sink])
        yield Figure(f"mail to ticket, {name}, rate by the sink's", rates, limit=RATE_MIN, is_at_least=True, note=note)
        note = f"{_median_cpu(own)} against {_median_cpu(sink)} ms a mail"
        cpu = ratios([one.cpu_ms for one in own], [one.cpu_ms for one in sink])
        # What the other roles do after the 250 is told, and not held against the sink, which does nothing of it.
        limit = CPU_MAX if name == "desk" else None
        yield Figure(f"mail to ticket, {name}, CPU by the sink's", cpu, limit=limit, note=note)
        yield Figure(f"mail to ticket, {name}, p99 of a mail", [one.p99_ms for one in own], unit="ms")


def _group_commit(desk: Server, rounds: int) -> Figure:
    alone, crowd = [], []
    for number in range(rounds):
        alone.append(load(desk, f"g{number}", MAILS // 2, connections=1).rate)
        crowd.append(load(desk, f"g{number}", MAILS, connections=50).rate)
    what = "group commit, whole path, 50 connections by one"
    return Figure(what, ratios(crowd, alone), limit=GROUP_MIN, is_at_least=True)


def _median_rate(loads: list[Load]) -> str:
    return shown(Figure("", [one.rate for one in loads]).median)


def _median_cpu(loads: list[Load]) -> str:
    return shown(Figure("", [one.cpu_ms for one in loads]).median)
