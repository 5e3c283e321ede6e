"""Named queries of the morning digest. Each reads one day of an index on time."""

from __future__ import annotations

from bot.store import Query

EVENTS_OF_KIND = Query(
    "SELECT e.kind, e.consultant_id, s.name AS consultant_name, COUNT(*) AS many FROM event e"
    " LEFT JOIN consultant s ON s.id = e.consultant_id WHERE e.kind = :kind AND e.at >= :from_at AND e.at < :to_at"
    " GROUP BY e.kind, e.consultant_id, s.name ORDER BY many DESC, s.name"
)
UNCLAIMED = Query(
    "SELECT id, subject, priority, opened_at, COUNT(*) OVER () AS many FROM ticket WHERE state = :state"
    " ORDER BY priority, opened_at LIMIT 50"
)
CONTACTS_BILLED = Query(
    "SELECT COUNT(*) AS many, COALESCE(SUM(g.units), 0) AS units, COALESCE(SUM(g.due_cents), 0) AS due_cents"
    " FROM charge g JOIN work_item w ON w.id = g.work_item_id WHERE w.is_contact AND g.charged_at >= :from_at"
    " AND g.charged_at < :to_at"
)
HOURS_BY_CLIENT = Query(
    "SELECT c.code, c.name, SUM(w.minutes) AS minutes,"
    " SUM(CASE WHEN w.is_billable THEN w.minutes ELSE 0 END) AS billable"
    " FROM work_item w JOIN client c ON c.id = w.client_id WHERE w.logged_at >= :from_at AND w.logged_at < :to_at"
    " AND w.reversed_at IS NULL GROUP BY c.code, c.name ORDER BY minutes DESC"
)
GRANTS = Query(
    "SELECT c.code, c.name, g.tier, g.units, g.balance_units, g.lapses_on FROM credit_grant g"
    " JOIN client c ON c.id = g.client_id WHERE g.balance_units > 0 ORDER BY c.code, g.id",
    scans="open grants: a few per client",
)
WITHOUT_CREDIT = Query(
    "SELECT c.code FROM credit_grant g JOIN client c ON c.id = g.client_id WHERE c.is_active"
    " GROUP BY c.code HAVING SUM(g.balance_units) = 0 ORDER BY c.code",
    scans="grants: a few per client and year",
)
COMMISSIONS = Query(
    "SELECT s.name, SUM(k.cents) AS cents FROM commission k JOIN consultant s ON s.id = k.consultant_id"
    " WHERE k.payout_id IS NULL GROUP BY s.name HAVING SUM(k.cents) <> 0 ORDER BY s.name",
    scans="commissions not paid out: one row a subscription payment",
)
MADE = Query("SELECT id FROM digest WHERE consultant_id = :consultant_id AND local_on = :local_on")
NEXT = Query("UPDATE consultant SET digest_at = :digest_at, failures = 0 WHERE id = :consultant_id")
