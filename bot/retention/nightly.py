"""The round of retention: once a night, after three in the desk's own zone, where any period is set.

Called by the scheduler, which asks every few seconds; most times the answer is in memory. What a night does not end,
the next one does.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial

import structlog

from bot.blobs import Blobs
from bot.clock import Clock
from bot.queries import clockwork
from bot.retention import prune
from bot.settings.retention import Retention
from bot.store import Store, Tx
from bot.zones import zone_named

log = structlog.get_logger()
HOUR = 3
SETTING = "retention"


class Nightly:
    """Prunes at night."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs, retention: Retention, *, zone: str) -> None:
        self._store, self._clock, self._blobs, self._retention = store, clock, blobs, retention
        self._zone = zone_named(zone)
        self._looked_on: date | None = None

    async def run_once(self) -> int:
        """Prune if it is time; returns 1 if it did."""
        now = self._clock.now()
        local = now.astimezone(self._zone)
        if not self._retention.is_any or local.hour < HOUR or self._looked_on == local.date():
            return 0
        is_ours = await self._store.run(partial(_take, on=local.date(), now=now), is_batch=True)
        self._looked_on = local.date()
        if not is_ours:
            return 0
        pruned = await prune(self._store, self._blobs, self._retention, now=now, is_applied=True)
        log.info("pruned", rows=pruned.rows, blobs=pruned.blobs, size_bytes=pruned.size_bytes, held=pruned.held)
        if pruned.foreign:
            log.warning("files of another database left alone", files=pruned.foreign)
        return 1


def _take(tx: Tx, *, on: date, now: datetime) -> bool:
    """Whether this process does this night's: no other has, and the clock is to be trusted."""
    taken = tx.one(clockwork.SETTING, name=SETTING)
    is_done = taken is not None and json.loads(taken.value_json)["on"] == on.isoformat()
    if is_done or is_clock_halted(tx):
        return False
    tx.run(clockwork.SET, name=SETTING, value_json=json.dumps({"on": on.isoformat()}), now=now)
    return True


def is_clock_halted(tx: Tx) -> bool:
    """Whether the clock jumped forward and no manager has confirmed it: then nothing is known to be old."""
    return tx.one(clockwork.SETTING, name=clockwork.HALTED) is not None
