"""Named queries of health: each reads the first entry of an index."""

from __future__ import annotations

from bot.store import Query

OLDEST_DUE = Query(
    "SELECT (SELECT MIN(due_at) FROM delivery WHERE due_at IS NOT NULL) AS delivery_due_at,"
    " (SELECT MIN(step_at) FROM ticket WHERE step_at IS NOT NULL) AS step_due_at"
)
DELIVERIES_WAITING = Query("SELECT COUNT(*) AS waiting FROM delivery WHERE due_at IS NOT NULL")
