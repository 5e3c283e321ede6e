"""Fifty Slack commands and two hundred Telegram updates a second for a minute, at the real desk: the load of the tests.

None may be lost or doubled. What the desk answers waits in the outbox, for Telegram takes about thirty a second: told
are the backlog at the end, how long it takes at the courier's pace, and how soon a page leaves behind all of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import structlog

from bench.figures import Figure
from bench.processes import folder
from bot.migrate import upgrade
from tests.load.chat import SLACK_PER_SECOND, TELEGRAM_PER_SECOND, Outcome, load, quantile

SECONDS = 60
P99_MS_MAX, PAGE_SECONDS_MAX = 300.0, 5.0


def measure(rounds: int) -> Iterator[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    outcomes = [_round() for _ in range(min(rounds, 3))]
    for name, rate in (("slack", SLACK_PER_SECOND), ("telegram", TELEGRAM_PER_SECOND)):
        slowest = max(max(outcome.seconds(name)) for outcome in outcomes) * 1000
        median = quantile([seconds for outcome in outcomes for seconds in outcome.seconds(name)], 0.5) * 1000
        p99 = [quantile(outcome.seconds(name), 0.99) * 1000 for outcome in outcomes]
        note = f"p50 {median:.1f} ms, at most {slowest:.0f} ms; none lost or doubled"
        yield Figure(f"{name}, {rate} a second for {SECONDS} s, p99", p99, unit="ms", limit=P99_MS_MAX, note=note)
    waiting, pace = [outcome.waiting for outcome in outcomes], outcomes[0].per_second
    drains = [outcome.drain_seconds for outcome in outcomes]
    note = f"{waiting[0]} deliveries at {pace:.0f} a second"
    yield Figure("the backlog after it, drained in", drains, unit="s", note=note)
    pages = [outcome.page_seconds for outcome in outcomes]
    yield Figure("a page that comes due behind it leaves in", pages, unit="s", limit=PAGE_SECONDS_MAX)
    yield Figure("processor time a request", [outcome.processor_ms for outcome in outcomes], unit="ms")


def _round() -> Outcome:
    """One minute. Raises RuntimeError where a request was not acknowledged, or the desk keeps more or less of them."""
    with folder() as home:
        url = f"sqlite:///{home / 'desk.db'}"
        upgrade(url)
        outcome = asyncio.run(load(url, home, SECONDS))
    # One more on Telegram than was fired: the message that makes the page.
    wanted = {"slack": SECONDS * SLACK_PER_SECOND, "telegram": SECONDS * TELEGRAM_PER_SECOND + 1}
    statuses = {status for answered in outcome.answers.values() for status, _ in answered}
    if statuses != {200} or outcome.counted != wanted:
        raise RuntimeError(f"answered {statuses}, kept {outcome.counted} of {wanted}")
    return outcome
