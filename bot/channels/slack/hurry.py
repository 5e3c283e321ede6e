"""How long may still be waited for Slack's Web API before Slack itself must be answered.

Slack waits three seconds for an acknowledgement. Who we are, names, files and threads are asked for before it, and a
Web API that hangs must not use that time up: all that one payload asks for shares one span. What is begun after the
acknowledgement (views, answers, the home tab) never asks within it.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

# The rest of the three seconds is the commit's.
BEFORE_ACK_SECONDS = 1.9
# The moment, by the loop's clock, until which the present task may wait.
_UNTIL: ContextVar[float | None] = ContextVar("slack_until", default=None)


def begin() -> None:
    """From here on, within this task, all waits share one span."""
    _UNTIL.set(asyncio.timeout(BEFORE_ACK_SECONDS).when())


def within(seconds: float) -> asyncio.Timeout:
    """A time-out of so many seconds, or of what is left of the span; raises TimeoutError at its end."""
    alone, until = asyncio.timeout(seconds), _UNTIL.get()
    ends_at = alone.when()
    return alone if until is None or ends_at is None or ends_at <= until else asyncio.timeout_at(until)
