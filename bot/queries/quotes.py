"""Named queries of quotes, and of the budgets they become."""

from __future__ import annotations

from bot.store import Query

_QUOTE = (
    "SELECT id, client_id, made_by_id, ticket_id, title, lines_json, quarters, state, made_at, decided_at, told_percent"
    " FROM quote"
)
QUOTE = Query(_QUOTE + " WHERE id = :quote_id")
QUOTE_OF_TICKET = Query(_QUOTE + " WHERE ticket_id = :ticket_id")
QUOTES_OF_CLIENT = Query(_QUOTE + " WHERE client_id = :client_id ORDER BY id DESC LIMIT :limit")
DECIDE = Query(
    "UPDATE quote SET state = :state, decided_by_contact_id = :decided_by_contact_id, decided_at = :decided_at,"
    " words = :words, ticket_id = :ticket_id WHERE id = :quote_id AND state = 'open'"
)
TOLD = Query("UPDATE quote SET told_percent = :percent WHERE id = :quote_id")
MINUTES_OF_TICKET = Query(
    "SELECT COALESCE(SUM(minutes), 0) AS minutes FROM work_item WHERE ticket_id = :ticket_id AND reversed_at IS NULL"
)
DONE_BETWEEN = Query(
    "SELECT q.id, q.lines_json, (SELECT COALESCE(SUM(w.minutes), 0) FROM work_item w WHERE w.ticket_id = q.ticket_id"
    " AND w.reversed_at IS NULL) AS minutes FROM quote q JOIN ticket t ON t.id = q.ticket_id"
    " WHERE q.state = 'accepted' AND t.resolved_at >= :from_at AND t.resolved_at < :to_at ORDER BY q.id"
)
