"""The page /metrics, in the text format that Prometheus reads.

Written here in a few lines, and proved against prometheus-client's own parser in the tests: importing that library
would cost every start 0.12 s and 5 MB (docs/decisions/web.md).
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot import __version__
from bot.counts import Counts
from bot.health import Lag

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of a metric: its labels and its value."""

    labels: Mapping[str, str]
    value: float


def page(counts: Counts, *, writer_waiting: int, lag: Lag | None, roles_on: Mapping[str, bool]) -> bytes:
    """The whole page. `lag` is None while the database does not answer; its lines are then left out."""
    parts = [
        _metric("build_info", "gauge", "Which Holdline this is.", [Sample({"version": __version__}, 1)]),
        _metric("role", "gauge", "1 for each role that runs in this process.", _by("role", roles_on)),
        _metric("inbound_total", "counter", "Messages that came in.", _by_channel(counts.inbound, "outcome")),
        _metric("commands_total", "counter", "Commands that were given.", _by_channel(counts.commands, "outcome")),
        _metric(
            "deliveries_total", "counter", "Sends, by what became of them.", _by_channel(counts.deliveries, "state")
        ),
        _metric("writer_waiting", "gauge", "Units that wait for the database's writer.", [Sample({}, writer_waiting)]),
    ]
    if lag is not None:
        due = [Sample({"of": "delivery"}, lag.delivery_seconds), Sample({"of": "step"}, lag.step_seconds)]
        waiting = [Sample({}, lag.deliveries_waiting)]
        parts.append(_metric("due_lag_seconds", "gauge", "How long the oldest due row has been due.", due))
        parts.append(_metric("deliveries_waiting", "gauge", "Deliveries not settled yet.", waiting))
    parts += _of_process()
    return "".join(parts).encode()


def _by(label: str, values: Mapping[str, float]) -> list[Sample]:
    return [Sample({label: name}, value) for name, value in values.items()]


def _by_channel(counter: Mapping[tuple[str, str], int], label: str) -> list[Sample]:
    return [Sample({"channel": channel, label: word}, count) for (channel, word), count in sorted(counter.items())]


def _of_process() -> list[str]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = [Sample({}, usage.ru_utime + usage.ru_stime)]
    parts = [_metric("process_cpu_seconds_total", "counter", "Processor time used.", cpu, prefix="")]
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[1])
    except OSError:
        return parts
    memory = [Sample({}, pages * os.sysconf("SC_PAGE_SIZE"))]
    return [*parts, _metric("process_resident_memory_bytes", "gauge", "Memory in use.", memory, prefix="")]


def _metric(name: str, kind: str, meaning: str, samples: Iterable[Sample], *, prefix: str = "holdline_") -> str:
    full = prefix + name
    lines = [f"# HELP {full} {meaning}", f"# TYPE {full} {kind}"]
    for sample in samples:
        labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in sample.labels.items())
        lines.append(f"{full}{{{labels}}} {float(sample.value)}" if labels else f"{full} {float(sample.value)}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
