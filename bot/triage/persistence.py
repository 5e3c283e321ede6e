"""Repeated chasing makes a ticket urgent to answer, though not dearer.

Refuses to change a price: that takes a manager's word, and notice to the client.
Source: mission, Rules, "Persistence".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.triage.pleasantries import is_thanks
from bot.triage.reading import is_channels_own

WINDOW = timedelta(hours=24)
NOT_CHANNELS = frozenset({"email"})


@dataclass(frozen=True, slots=True)
class Chaser:
    """A message that asks again. is_prompted: it answers a question of ours."""

    at: datetime
    channel: str
    is_prompted: bool = False


# How the channels mark a change of words that stand there already.
_CHANGES = ("[edited]", "(edited)", "(deleted ")


def asks(text: str) -> bool:
    """Can these words ask again? Files, places, an album's pictures and changes of what was said only add to it.

    Thanks ask for nothing; a bare "hello" may well.
    """
    if text.startswith(_CHANGES) or is_thanks(text):
        return False
    return any(line.strip() and not is_channels_own(line) for line in text.splitlines())


def counted(
    chasers: Iterable[Chaser],
    *,
    now: datetime,
    respond_by: datetime,
    promise_lapsed_at: datetime | None = None,
    window: timedelta = WINDOW,
    not_channels: frozenset[str] = NOT_CHANNELS,
) -> int:
    """How many chasers count now: unprompted, no mail in the thread, within the window, before respond_by.

    promise_lapsed_at: when we broke a promise of our own ("we call at three"); chasers from then on do not count.
    """
    end = respond_by if promise_lapsed_at is None else min(respond_by, promise_lapsed_at)
    return sum(
        not chaser.is_prompted
        and chaser.channel not in not_channels
        and now - window < chaser.at <= now
        and chaser.at < end
        for chaser in chasers
    )
