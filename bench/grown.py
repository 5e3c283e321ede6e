"""New mail and header-only replies with 100,000 tickets in the database, against the same with next to none."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figures import Figure, ratios
from bench.growing import grow
from bench.mail import Server, load, mail_desk
from bench.mails import mail
from bench.processes import DeskProcess, folder, running
from bench.smtp_load import send

TICKETS = 100_000
MAILS, TEMPLATES = 300, 400
COST_MAX = 1.2


def measure(rounds: int) -> Iterator[Figure]:
    with folder() as home:
        empty, grown = mail_desk(home / "empty", "mail"), mail_desk(home / "grown", "mail")
        with running(empty.child):
            with running(grown.child):
                load(grown, "template", TEMPLATES, connections=10)
            grow(home / "grown" / "var" / "holdline.db", TICKETS)
            desk = DeskProcess(home / "grown", "mail")
            desk.wait_for_port(desk.smtp_port)
            grown = Server(desk, desk.smtp_port)
            with running(desk):
                yield from _compare(empty, grown, rounds)


def _compare(empty: Server, grown: Server, rounds: int) -> Iterator[Figure]:
    for server in (empty, grown):
        load(server, "warm", 60, connections=10)
    for kind in ("new mail", "header-only reply"):
        # Round by round in turn: what the series wrote first, its replies answer.
        small: list[tuple[float, float]] = []
        large: list[tuple[float, float]] = []
        for number in range(rounds):
            for server, costs in ((empty, small), (grown, large)):
                costs.append(_cost(server, f"n{number}", is_reply=kind != "new mail"))
        for what, place in (("time", 0), ("CPU", 1)):
            values = ratios([cost[place] for cost in large], [cost[place] for cost in small])
            yield Figure(f"{kind}, {TICKETS:,} tickets by none, {what}", values, limit=COST_MAX)


def _cost(server: Server, series: str, *, is_reply: bool) -> tuple[float, float]:
    """Seconds and CPU seconds a mail."""
    mails = [mail(number, series, is_reply=is_reply) for number in range(MAILS)]
    before = server.child.cpu_seconds()
    taken = send(server.port, mails, connections=10)
    return 1 / taken.rate, (server.child.cpu_seconds() - before) / MAILS
