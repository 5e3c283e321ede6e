"""Named queries of what people set for themselves: language, quiet hours, order of channels, watched tickets."""

from __future__ import annotations

from bot.store import Query

PERSON_OF_HANDLE = Query(
    "SELECT h.language AS handle_language, COALESCE(k.language, '') AS contact_language,"
    " COALESCE(s.language, '') AS consultant_language, COALESCE(c.language, '') AS client_language,"
    " COALESCE(c.zone, s.zone, '') AS zone, COALESCE(k.quiet_hours, s.quiet_hours, '') AS quiet_hours"
    " FROM handle h LEFT JOIN contact k ON k.id = h.contact_id LEFT JOIN client c ON c.id = k.client_id"
    " LEFT JOIN consultant s ON s.id = h.consultant_id WHERE h.id = :handle_id",
    is_steady=True,
)
HANDLE_LANGUAGE = Query("UPDATE handle SET language = :language WHERE id = :handle_id")
CONTACT_LANGUAGE = Query("UPDATE contact SET language = :language WHERE id = :contact_id")
CONSULTANT_LANGUAGE = Query("UPDATE consultant SET language = :language WHERE id = :consultant_id")
CONTACT_QUIET = Query("UPDATE contact SET quiet_hours = :hours WHERE id = :contact_id")
CONSULTANT_QUIET = Query("UPDATE consultant SET quiet_hours = :hours WHERE id = :consultant_id")
CONSULTANT_ZONE = Query("UPDATE consultant SET zone = :zone, version = version + 1 WHERE id = :consultant_id")
CONSULTANT_HOURS = Query("UPDATE consultant SET hours = :hours, version = version + 1 WHERE id = :consultant_id")
CONSULTANT = Query("SELECT zone, hours, language, quiet_hours, away_until_at FROM consultant WHERE id = :consultant_id")

_HANDLES = "SELECT id, channel, address, rank, is_dead, is_stopped, verified_at FROM handle"
HANDLES_OF_CONTACT = Query(_HANDLES + " WHERE contact_id = :contact_id ORDER BY rank, id")
HANDLES_OF_CONSULTANT = Query(_HANDLES + " WHERE consultant_id = :consultant_id ORDER BY rank, id")
HANDLE_RANK = Query("UPDATE handle SET rank = :rank WHERE id = :handle_id")

# What waits for the end of quiet hours goes out before what passes them, for the order of a ticket's words is kept.
QUIET_ENDS = Query(
    "UPDATE delivery SET due_at = :now, error = '' WHERE ticket_id = :ticket_id AND handle_id = :handle_id"
    " AND lane = 'conversation' AND state = 'pending' AND error = :reason"
)

WATCH = Query(
    "INSERT INTO watch (ticket_id, contact_id, consultant_id, since_at)"
    " VALUES (:ticket_id, :contact_id, :consultant_id, :now) ON CONFLICT DO NOTHING"
)
UNWATCH = Query(
    "DELETE FROM watch WHERE ticket_id = :ticket_id AND (contact_id = :contact_id OR consultant_id = :consultant_id)"
)
# Of a contact: only while it may see the ticket, as one who approves at the ticket's own client.
WATCHERS = Query(
    "SELECT w.contact_id, w.consultant_id, s.zone, s.language, s.role IN ('manager', 'assistant') AS is_manager"
    " FROM watch w"
    " LEFT JOIN contact k ON k.id = w.contact_id LEFT JOIN consultant s ON s.id = w.consultant_id"
    " JOIN ticket t ON t.id = w.ticket_id WHERE w.ticket_id = :ticket_id"
    " AND (s.status = 'active' OR (k.is_active AND k.client_id = t.client_id AND k.role IN ('approver', 'owner')))"
    " ORDER BY w.id"
)
WATCHED = Query(
    "SELECT t.id, t.subject, t.state, t.priority FROM watch w JOIN ticket t ON t.id = w.ticket_id"
    " WHERE w.contact_id = :contact_id OR w.consultant_id = :consultant_id ORDER BY t.id"
)
