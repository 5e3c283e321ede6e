"""Named queries that only read, for lists and pages."""

from __future__ import annotations

from bot.store import Query

_LINE = (
    "SELECT t.id, t.subject, t.state, t.priority, t.opened_at, t.hold_until_at, t.promise_at,"
    " s.name AS claimant_name, c.code AS client_code FROM ticket t LEFT JOIN client c ON c.id = t.client_id"
    " LEFT JOIN consultant s ON s.id = t.claimant_id"
)
OF_STATE = Query(_LINE + " WHERE t.state = :state ORDER BY t.priority, t.opened_at LIMIT :limit")
OF_STATE_AT_CLIENT = Query(
    _LINE + " WHERE t.state = :state AND t.client_id = :client_id ORDER BY t.priority, t.opened_at LIMIT :limit"
)
OF_CLAIMANT = Query(_LINE + " WHERE t.claimant_id = :consultant_id AND t.state = :state ORDER BY t.priority, t.id")
_OPEN = " AND t.state IN ('unverified', 'held', 'offered', 'claimed', 'waiting') ORDER BY t.opened_at DESC LIMIT :limit"
OPEN_OF_CLIENT = Query(_LINE + " WHERE t.client_id = :client_id" + _OPEN)
OPEN_OF_CONTACT = Query(_LINE + " WHERE t.contact_id = :contact_id" + _OPEN)
OFFERS_OF = Query(
    "SELECT o.ticket_id FROM offer o JOIN ticket t ON t.id = o.ticket_id WHERE o.consultant_id = :consultant_id"
    " AND o.answer = '' AND t.state IN ('held', 'offered')"
)
ON_OFFER_TO = Query(
    _LINE + " JOIN offer o ON o.ticket_id = t.id WHERE o.consultant_id = :consultant_id AND o.answer = ''"
    " AND t.state IN ('held', 'offered') ORDER BY t.priority, t.opened_at"
)
STATES_OF_CLIENT = Query("SELECT state, COUNT(*) AS many FROM ticket WHERE client_id = :client_id GROUP BY state")
DECISIONS = Query(
    "SELECT e.id, e.at, e.kind, e.actor, e.reason, e.detail_json, s.name AS consultant_name FROM event e"
    " LEFT JOIN consultant s ON s.id = e.consultant_id WHERE e.ticket_id = :ticket_id ORDER BY e.id"
)
NAME_OF_CONSULTANT = Query("SELECT name FROM consultant WHERE id = :id")
NAME_OF_CONTACT = Query("SELECT name FROM contact WHERE id = :id")
NAME_OF_HANDLE = Query("SELECT display_name, address FROM handle WHERE id = :id")
# What of a ticket's past its page tells: who said that they are away, and which ticket it goes on from.
PAST = Query(
    "SELECT kind, actor, detail_json FROM event WHERE ticket_id = :ticket_id AND kind IN ('away', 'opened') ORDER BY id"
)
