"""Fifty Slack commands and two hundred Telegram updates a second, for 15 seconds, at the real desk on SQLite.

None is lost or doubled, 99 of 100 are acknowledged within 300 ms, and what the desk answers waits in the outbox: the
backlog at the end is stated, and how long it takes at the pace that Telegram allows. A page for a consultant that comes
due behind all of it still leaves within five seconds. HOLDLINE_LOAD_SECONDS makes it longer. Run with the other slow
tests: `make soak`; for a minute: `python -m bench chat`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.load.chat import SLACK_PER_SECOND, TELEGRAM_PER_SECOND, load, quantile, summary

pytestmark = pytest.mark.faults

SECONDS = int(os.environ.get("HOLDLINE_LOAD_SECONDS", "15"))
PAGE_SECONDS_MAX = 5.0


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A log on the test's terminal, with colours, would cost more than the desk."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


async def test_a_busy_quarter_minute_loses_and_doubles_nothing(sqlite_url: str, tmp_path: Path) -> None:
    was_idle = os.getloadavg()[0] < (os.cpu_count() or 1) / 2
    outcome = await load(sqlite_url, tmp_path, SECONDS)
    for name in outcome.answers:
        print(f"{name}: {summary(outcome.seconds(name))}")
    drain = f"{outcome.drain_seconds:.0f} s at {outcome.per_second:.0f} a second" if outcome.per_second else "not begun"
    waiting, page = outcome.waiting, outcome.page_seconds
    print(f"deliveries that wait at the end: {waiting}, drained in {drain}; a due page left in {page:.1f} s")
    print(f"processor seconds a request: {outcome.processor_ms:.2f} ms")
    assert {status for answered in outcome.answers.values() for status, _ in answered} == {200}
    # One more on Telegram than was fired: the message that makes the page.
    assert outcome.counted == {"slack": SECONDS * SLACK_PER_SECOND, "telegram": SECONDS * TELEGRAM_PER_SECOND + 1}
    assert page <= PAGE_SECONDS_MAX
    # We pace ourselves; a machine that is busy elsewhere sends in bursts now and then.
    assert outcome.refused_share <= 1 / 20
    # On a machine that had other work before we began, its delay is no figure of the desk.
    for name in outcome.answers if was_idle else ():
        assert quantile(outcome.seconds(name), 0.99) <= 0.300
