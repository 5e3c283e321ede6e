"""Durable mail over SMTP: the whole desk against a sink that does the least that could be called keeping a mail.

Measured with a desk of the mail role (everything that happens before the 250) and with one of every role, which also
delivers what it writes; its mails come from contacts of clients, hence are held for a lead, and the lead is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import harmonic_mean, mean

from bench.figures import Figure, percentile, ratios, shown
from bench.mails import half_replies, people_file
from bench.processes import Child, DeskProcess, folder, holdline, probe, running
from bench.smtp_load import send

MAILS = 600
# The machine's speed changes within seconds, so that both sides of a ratio take turns.
TURNS = 3
WARM_UP = 60
RATE_MIN, CPU_MAX, GROUP_MIN = 0.45, 2.2, 1.5


@dataclass(frozen=True, slots=True)
class Server:
    """A server under load."""

    child: Child
    port: int


@dataclass(frozen=True, slots=True)
class Load:
    """One load on one server. rate: mails a second. cpu_ms: the server's, a mail. waits: seconds until each 250."""

    rate: float
    cpu_ms: float
    waits: Sequence[float]

    @property
    def p99_ms(self) -> float:
        return 1000 * percentile(self.waits, 99)


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
            sink = servers.pop("sink")
            for name, server in servers.items():
                yield from _against_sink(name, server, sink, rounds)
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
    return Load(taken.rate, cpu_ms, taken.latencies)


def _sink(home: Path) -> Server:
    home.mkdir()
    child = probe("sinks", "sqlite", str(home), home=home)
    return Server(child, int(child.first_line()))


def _against_sink(name: str, server: Server, sink: Server, rounds: int) -> Iterator[Figure]:
    own: list[Load] = []
    floor: list[Load] = []
    for number in range(rounds):
        theirs: list[Load] = []
        ours: list[Load] = []
        for turn in range(TURNS):
            for loads, one in ((theirs, sink), (ours, server)):
                loads.append(load(one, f"{name}{number}t{turn}", MAILS // TURNS, connections=10))
                one.child.wait_until_idle()
        floor.append(_whole(theirs))
        own.append(_whole(ours))
    note = f"{_median_rate(own)} against {_median_rate(floor)} mails/s"
    rates = ratios([one.rate for one in own], [one.rate for one in floor])
    yield Figure(f"mail to ticket, {name}, rate by the sink's", rates, limit=RATE_MIN, is_at_least=True, note=note)
    note = f"{_median_cpu(own)} against {_median_cpu(floor)} ms a mail"
    cpu = ratios([one.cpu_ms for one in own], [one.cpu_ms for one in floor])
    # What the other roles do after the 250 is told, and not held against the sink, which does nothing of it.
    limit = CPU_MAX if name == "desk" else None
    yield Figure(f"mail to ticket, {name}, CPU by the sink's", cpu, limit=limit, note=note)
    yield Figure(f"mail to ticket, {name}, p99 of a mail", [one.p99_ms for one in own], unit="ms")


def _whole(pieces: Sequence[Load]) -> Load:
    """Several loads of as many mails each as one."""
    waits = [wait for piece in pieces for wait in piece.waits]
    return Load(harmonic_mean(piece.rate for piece in pieces), mean(piece.cpu_ms for piece in pieces), waits)


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
