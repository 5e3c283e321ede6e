"""Mail that needs no child is read and cut in a few times the calls that the standard library makes only to split it.

Counted, not timed: the same on every machine, however busy. `python -m bench reading` has the time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bench.reading import ALTERNATIVE, REPLY, split
from bot.channels.email.child import is_heavy
from bot.channels.email.translate import translate

NOW = datetime(2024, 2, 5, 10, 0, tzinfo=UTC)
# Measured at 1.6 and 2.4.
TIMES_MAX = 3.0


def calls(work: Callable[[], object]) -> int:
    """How many functions, of Python and of C, the work calls once it is warm."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    work()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("raw", [ALTERNATIVE, REPLY], ids=["alternative", "reply"])
def test_light_mail_costs_a_few_times_its_splitting(raw: bytes) -> None:
    assert not is_heavy(raw) and 2_000 <= len(raw) <= 6_000
    assert calls(lambda: translate(raw, received_at=NOW)) < TIMES_MAX * calls(lambda: split(raw))
