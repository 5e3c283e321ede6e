"""A cause known to pass is told once when it begins and once when it is over, however often it is met in between.

What looks every second at a database that is away for an hour would fill the log with one thing.
"""

from __future__ import annotations

import structlog

from bot.errors import TemporaryError

log = structlog.get_logger(__name__)


class Spell:
    """One thing that goes on trying. what: its name in the log."""

    def __init__(self, what: str) -> None:
        self._what, self._lasts = what, False

    def met(self, error: TemporaryError) -> None:
        """It could not be done this time, and will be tried again."""
        if not self._lasts:
            log.warning("put off until it passes", what=self._what, reason=f"{type(error).__name__}: {error}"[:300])
        self._lasts = True

    def over(self) -> None:
        """It could be done."""
        if self._lasts:
            log.info("goes on again", what=self._what)
        self._lasts = False
