"""Keeps the bot under Telegram's limits by itself, instead of running into refusals.

Telegram allows about 30 messages a second, one a second to one chat and 20 a minute to one group. We stay a little
below each, because the service counts arrivals and not departures. Edits of cards in a group leave room for words:
a card can wait, an answer cannot.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from dataclasses import dataclass, field

from bot.clock import Clock

PER_SECOND, SECOND = 28, 1.05
CHAT_GAP_SECONDS = 1.05
GROUP_PER_MINUTE, GROUP_CARDS_PER_MINUTE = 19, 14
MINUTE = 60.5
CHATS_KEPT = 2000


@dataclass(slots=True)
class _Chat:
    free_at: float = 0.0
    booked: deque[float] = field(default_factory=deque)


class Pacer:
    """Books the moments at which messages may leave. One for a bot; times are the clock's monotonic seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: list[float] = []
        self._chats: dict[str, _Chat] = {}

    def book(self, chat: str, *, at_most: float, is_card: bool = False) -> float:
        """Seconds to wait before sending to this chat.

        A wait of `at_most` or less is booked and must be used; a longer one books nothing.
        """
        now = self._clock.monotonic()
        state = self._chats.get(chat) or self._remember(chat, now)
        at = self._after_others(max(now, state.free_at, _next_of_group(chat, state, now, is_card)), now)
        if at - now <= at_most:
            insort(self._all, at)
            state.free_at = at + CHAT_GAP_SECONDS
            if is_group(chat):
                state.booked.append(at)
        return at - now

    def hold(self, chat: str, seconds: float) -> None:
        """The service asked us to leave this chat alone for so long."""
        now = self._clock.monotonic()
        state = self._chats.get(chat) or self._remember(chat, now)
        state.free_at = max(state.free_at, now + seconds)

    def _after_others(self, at: float, now: float) -> float:
        """The first moment from `at` on that has fewer than the limit within a second on either side."""
        del self._all[: bisect_right(self._all, now - SECOND)]
        while True:
            first = bisect_right(self._all, at - SECOND)
            near = bisect_right(self._all, at + SECOND) - first
            if near < PER_SECOND:
                return at
            at = self._all[first] + SECOND

    def _remember(self, chat: str, now: float) -> _Chat:
        if len(self._chats) >= CHATS_KEPT:
            self._chats = {key: kept for key, kept in self._chats.items() if kept.free_at > now - MINUTE}
        return self._chats.setdefault(chat, _Chat())


def is_group(chat: str) -> bool:
    """Groups, supergroups and channels have negative ids."""
    return chat.startswith("-")


def _next_of_group(chat: str, state: _Chat, now: float, is_card: bool) -> float:
    if not is_group(chat):
        return 0.0
    while state.booked and state.booked[0] <= now - MINUTE:
        state.booked.popleft()
    limit = GROUP_CARDS_PER_MINUTE if is_card else GROUP_PER_MINUTE
    return state.booked[-limit] + MINUTE if len(state.booked) >= limit else 0.0
