"""About one post a second and channel: what Slack allows. A short wait is waited, a long one is given back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.errors import DeliveryDelayed

# A second, and a tenth for the way to Slack, which is not equally long each time.
GAP_SECONDS = 1.1
WAIT_SECONDS_MAX = 1.2
# A page does not go back: whoever came meanwhile would take its turn. Nobody else waits so long.
PAGE_WAIT_SECONDS_MAX = WAIT_SECONDS_MAX + 2 * GAP_SECONDS
CHANNELS_MAX = 1_000


class Pace:
    """Gives out turns to post, one channel at a time."""

    def __init__(self, clock: Clock, pause: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.clock = clock
        self._pause = pause
        self._free_at: dict[str, float] = {}

    async def turn(self, channel: str, *, is_page: bool = False) -> None:
        """Return when it is this post's turn. Raises DeliveryDelayed where that is further away than the next."""
        now = self.clock.monotonic()
        wait = max(self._free_at.get(channel, now) - now, 0.0)
        if wait > (PAGE_WAIT_SECONDS_MAX if is_page else WAIT_SECONDS_MAX):
            raise DeliveryDelayed("more posts wait for this Slack channel than it takes", wait)
        if len(self._free_at) >= CHANNELS_MAX:
            self._free_at = {name: free_at for name, free_at in self._free_at.items() if free_at > now}
        self._free_at[channel] = now + wait + GAP_SECONDS
        if wait > 0:
            await self._pause(wait)

    def hold(self, channel: str, seconds: float) -> None:
        """Slack asked for a wait itself: nobody posts there before."""
        self._free_at[channel] = max(self._free_at.get(channel, 0.0), self.clock.monotonic() + seconds)
