"""Named queries of what a bank's file said."""

from __future__ import annotations

from bot.store import Query

_LINE = "SELECT id, key, booked_on, cents, payer, reference, state, reason, payment_id FROM bank_line"
LINE_NEW = Query(
    "INSERT INTO bank_line (key, booked_on, cents, payer, reference, state, reason, read_at) VALUES (:key, :booked_on,"
    " :cents, :payer, :reference, :state, :reason, :now) ON CONFLICT (key) DO NOTHING RETURNING id"
)
LINE = Query(_LINE + " WHERE id = :line_id {for_update}")
UNMATCHED = Query(_LINE + " WHERE state = 'unmatched' ORDER BY booked_on, id LIMIT :limit")
SETTLED = Query("UPDATE bank_line SET state = :state, reason = :reason, payment_id = :payment_id WHERE id = :line_id")
