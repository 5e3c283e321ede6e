"""The morning round: each manager's digest once per local date, with its chart. Called by the scheduler.

The chart is drawn between two transactions, in a child process; the second one writes the digest, its delivery and
the next due time together, so that a crash anywhere repeats the whole and sends it once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import digests, outbox, people
from bot.blobs import Blobs
from bot.clock import Clock
from bot.notices import Reader
from bot.outbox import Draft, SendClass
from bot.policy import Policy
from bot.queries import bounces as trouble_queries
from bot.queries import clockwork
from bot.queries import digests as queries
from bot.store import Row, Store, Tx
from bot.zones import next_reading, zone_named

log = structlog.get_logger()
CHART_NAME, CHART_ID = "desk.png", "chart"
BATCH = 20
RETRY_AFTER = timedelta(minutes=10)

Draw = Callable[[digests.Trend], Awaitable[bytes]]


class Morning:
    """Writes the digests that are due."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, *, draw: Draw) -> None:
        self._store, self._clock, self._blobs, self._policy, self._draw = store, clock, blobs, policy, draw

    async def run_once(self) -> int:
        """Every due digest; returns how many were written."""
        now = self._clock.now()
        due = await self._store.read(lambda tx: tx.all(clockwork.DIGESTS_DUE, now=now, limit=BATCH))
        for manager in due:
            try:
                await self._write(manager, now)
            except Exception:
                log.exception("digest failed", consultant=manager.id)
                again_at = now + RETRY_AFTER
                put_off = partial(_put_off, consultant_id=manager.id, again_at=again_at)
                await self._store.run(put_off, is_batch=True)
        return len(due)

    async def _write(self, manager: Row, now: datetime) -> None:
        # The digest tells of the day before the local date on which it fell due.
        local_on = manager.digest_at.astimezone(zone_named(manager.zone)).date()
        told = await self._store.read(
            lambda tx: digests.figures(tx, zone=manager.zone, on=local_on - timedelta(days=1), now=now)
        )
        chart = await self._draw(told.trend)
        await self._store.run(lambda tx: self._keep(tx, manager, told, chart, now=now), is_batch=True)

    def _keep(self, tx: Tx, manager: Row, told: digests.Figures, chart: bytes, *, now: datetime) -> None:
        local_on = told.on + timedelta(days=1)
        standing = tx.one(clockwork.DIGEST_LOCKED, id=manager.id)
        if standing is None or standing.digest_at != manager.digest_at:
            # Another worker drew the same morning and was first.
            return
        if tx.one(queries.MADE, consultant_id=manager.id, local_on=local_on) is None:
            tx.insert("digest", consultant_id=manager.id, local_on=local_on, made_at=now)
            notice = digests.notice(told, Reader(manager.zone, manager.language, now), currency=self._policy.currency)
            files = ((CHART_NAME, "image/png", self._blobs.put(tx, chart), CHART_ID),) if chart else ()
            # Who ended digests on one account gets them on the others.
            ended = {row.id for row in tx.all(trouble_queries.DIGESTS_ENDED, consultant_id=manager.id)}
            drafts = [
                Draft(notice, recipient, SendClass.STAFF, files=files)
                for recipient in people.recipients_of_consultant(tx, manager.id)
                if recipient.handle_id not in ended
            ]
            cause = f"digest:{manager.id}:{local_on.isoformat()}"
            outbox.post(tx, drafts, cause=cause, ticket_id=None, now=now, limits=self._policy.limits)
        digest_at = next_reading(manager.zone, self._policy.digest_time, now)
        tx.run(queries.NEXT, consultant_id=manager.id, digest_at=digest_at)


def _put_off(tx: Tx, *, consultant_id: int, again_at: datetime) -> int:
    return tx.run(clockwork.DIGEST_FAILED, id=consultant_id, again_at=again_at)
