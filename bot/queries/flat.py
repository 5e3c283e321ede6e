"""Named queries of flat plans: whose they are, and the work that they paid for."""

from __future__ import annotations

from bot.store import Query

ACTIVE = Query(
    "SELECT id, code, name, zone, plan, fee_cents, term_months FROM client WHERE is_active ORDER BY code",
    scans="every client, of which a few have such a plan",
)
WORK = Query(
    "SELECT w.work_on, w.kind, w.minutes, t.channel FROM work_item w JOIN ticket t ON t.id = w.ticket_id"
    " WHERE w.client_id = :client_id AND w.work_on >= :first_on AND w.work_on <= :last_on AND w.reversed_at IS NULL"
    " AND NOT w.is_contact"
)
