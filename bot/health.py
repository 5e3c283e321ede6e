"""Whether this process can serve, and how far it lags behind: read-only."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot import migrate
from bot.errors import BotError, TemporaryError
from bot.queries import health as queries
from bot.store import Store, Tx

# A probe that waits longer has its answer: the platform's own limit is a few seconds.
ANSWER_SECONDS = 2.0
WAITING_READY_MAX = 900


@dataclass(frozen=True, slots=True)
class Check:
    """One question of readiness, answered."""

    name: str
    is_ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Lag:
    """How much waits, and for how long it has been due."""

    deliveries_waiting: int
    delivery_seconds: float
    step_seconds: float


async def readiness(store: Store, *, head: str, waiting_max: int = WAITING_READY_MAX) -> list[Check]:
    """Is the database reachable, at the revision `head`, and its writer not swamped?"""
    checks = []
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            revision = await asyncio.to_thread(migrate.current, store)
    except TimeoutError:
        checks.append(Check("database", False, f"no answer within {ANSWER_SECONDS:g} s"))
    except (BotError, TemporaryError) as error:
        checks.append(Check("database", False, f"not reachable: {type(error).__name__}"))
    else:
        checks.append(Check("database", True, "answers"))
        detail = f"at {revision or 'none'}, this code needs {head}"
        checks.append(Check("revision", revision == head, detail))
    checks.append(Check("writer", store.waiting <= waiting_max, f"{store.waiting} units wait"))
    return checks


def lag(tx: Tx, now: datetime) -> Lag:
    """What waits in the outbox and on the ladder."""
    oldest = tx.one(queries.OLDEST_DUE)
    waiting = tx.one(queries.DELIVERIES_WAITING)
    assert oldest is not None
    assert waiting is not None
    return Lag(waiting.waiting, _seconds(oldest.delivery_due_at, now), _seconds(oldest.step_due_at, now))


def _seconds(due_at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - due_at).total_seconds()) if due_at else 0.0
