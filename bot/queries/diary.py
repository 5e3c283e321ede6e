"""Named queries of appointments."""

from __future__ import annotations

from bot.store import Query

_APPOINTMENT = (
    "SELECT id, ticket_id, consultant_id, state, starts_at, ends_at, kind, words, due_at, failures FROM appointment"
)

STANDING = Query(_APPOINTMENT + " WHERE ticket_id = :ticket_id AND state IN ('asked', 'booked') ORDER BY id LIMIT 1")
COVERING = Query(
    _APPOINTMENT + " WHERE ticket_id = :ticket_id AND state IN ('booked', 'over') AND starts_at <= :at"
    " AND ends_at > :overrun_at ORDER BY starts_at DESC LIMIT 1"
)
LATEST_BEGUN = Query(
    _APPOINTMENT + " WHERE ticket_id = :ticket_id AND state IN ('booked', 'over') AND starts_at <= :now"
    " ORDER BY starts_at DESC LIMIT 1"
)
COMING = Query(
    "SELECT a.id, a.ticket_id, a.starts_at, a.ends_at, a.kind, a.words, t.subject, c.code AS client_code"
    " FROM appointment a JOIN ticket t ON t.id = a.ticket_id LEFT JOIN client c ON c.id = t.client_id"
    " WHERE a.consultant_id = :consultant_id AND a.state = 'booked' AND a.ends_at > :now ORDER BY a.starts_at"
    " LIMIT :limit"
)
OVERLAPPING = Query(
    _APPOINTMENT + " WHERE consultant_id = :consultant_id AND state = 'booked' AND ends_at > :starts_at"
    " AND starts_at < :ends_at AND ticket_id <> :ticket_id ORDER BY starts_at LIMIT 1"
)
# The owner's row is the lock under which their diary changes.
OWNER_LOCKED = Query("SELECT id FROM consultant WHERE id = :consultant_id {for_update}")
CHANGE = Query(
    "UPDATE appointment SET consultant_id = :consultant_id, state = :state, starts_at = :starts_at,"
    " ends_at = :ends_at, kind = :kind, words = :words, due_at = :due_at, failures = 0 WHERE id = :id"
)
END = Query("UPDATE appointment SET state = :state, due_at = NULL WHERE id = :id")
DUE = Query(_APPOINTMENT + " WHERE due_at <= :now ORDER BY due_at, id LIMIT :limit {skip_locked}")
DUE_NEXT = Query("UPDATE appointment SET due_at = :due_at, failures = 0 WHERE id = :id")
FAILED = Query("UPDATE appointment SET failures = failures + 1, due_at = :again_at WHERE id = :id")
LOGGED_SINCE = Query(
    "SELECT id FROM work_item WHERE ticket_id = :ticket_id AND started_at >= :starts_at AND is_booked"
    " AND reversed_at IS NULL LIMIT 1"
)
CHANGES = Query(
    "SELECT COUNT(*) AS changes FROM event WHERE ticket_id = :ticket_id"
    " AND kind IN ('booked', 'appointment cancelled', 'released')"
)
