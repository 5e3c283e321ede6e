"""A service that gives no answer is left alone for a while: whoever waits for it would hold up those behind them.

A refusal is an answer, and so is a request to wait. When the while is over one call tries it, and the others wait for
what comes of that.
"""

from __future__ import annotations

from bot.clock import Clock
from bot.errors import DeliveryDelayed

PAUSE_SECONDS, TRIAL_SECONDS = 20.0, 15.0


class Silence:
    """Knows of one service whether it is silent. Not for several threads."""

    def __init__(self, clock: Clock, service: str) -> None:
        self._clock, self._service = clock, service
        self._is_silent, self._until = False, 0.0

    def check(self) -> None:
        """Raises DeliveryDelayed while the service is left alone; after that lets one through, as a trial."""
        if not self._is_silent:
            return
        now = self._clock.monotonic()
        if now < self._until:
            raise DeliveryDelayed(f"{self._service} gives no answer", self._until - now)
        self._until = now + TRIAL_SECONDS

    def begin(self) -> None:
        """It gave none."""
        self._is_silent, self._until = True, self._clock.monotonic() + PAUSE_SECONDS

    def end(self) -> None:
        """It did."""
        self._is_silent = False
