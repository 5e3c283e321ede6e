"""Named queries of invoices: what waits to be invoiced, the numbers, what was settled, what falls due."""

from __future__ import annotations

from bot.store import Query

_UNBILLED = "JOIN account a ON a.id = p.account_id AND a.name = 'unbilled' AND a.client_id = c.client_id"
_STANDING = (
    f"(SELECT COALESCE(SUM(p.amount), 0) FROM posting p {_UNBILLED} WHERE p.entry_id = c.entry_id)"
    " + (SELECT COALESCE(SUM(p.amount), 0) FROM entry r JOIN posting p ON p.entry_id = r.id"
    f" {_UNBILLED} WHERE r.reverses_id = c.entry_id)"
)
_LINE = (
    "SELECT c.id, c.ticket_id, c.work_on, c.units, c.day_quarters_json, c.draws_json, c.due_cents, t.subject,"
    f" w.minutes, w.kind, {_STANDING} AS cents FROM charge c JOIN ticket t ON t.id = c.ticket_id"
    " LEFT JOIN work_item w ON w.id = c.work_item_id"
    " WHERE c.client_id = :client_id AND c.invoice_id IS NULL AND c.due_cents <> 0 AND NOT c.is_disputed"
)
UNINVOICED = Query(_LINE + " AND c.work_on < :before_on ORDER BY c.work_on, c.id")
UNINVOICED_OF_TICKET = Query(_LINE + " AND c.ticket_id = :ticket_id ORDER BY c.work_on, c.id")
PUT_ON = Query("UPDATE charge SET invoice_id = :invoice_id WHERE id = :charge_id AND invoice_id IS NULL")
# The counter's row is the last lock that is taken, and held until the commit: no number is lost, none is given twice.
NEXT_NUMBER = Query(
    "INSERT INTO invoice_series (year, last) VALUES (:year, 1) ON CONFLICT (year)"
    " DO UPDATE SET last = invoice_series.last + 1 RETURNING last"
)
_INVOICE = (
    "SELECT id, number, client_id, kind, credits_id, key, issued_on, due_on, net_cents, tax_cents, paid_cents, state,"
    " ordered, content_json, entry_id, pdf_sha256, render_at, remind_at, reminders, failures, (SELECT"
    " COALESCE(SUM(s.cents), 0) FROM settlement s WHERE s.invoice_id = invoice.id AND s.how = 'credit') AS"
    " balance_cents FROM invoice"
)
INVOICE = Query(_INVOICE + " WHERE id = :invoice_id")
BY_NUMBER = Query(_INVOICE + " WHERE number = :number")
BY_KEY = Query(_INVOICE + " WHERE key = :key")
OF_CLIENT = Query(_INVOICE + " WHERE client_id = :client_id ORDER BY issued_on, id")
ORDERED = Query(
    _INVOICE + " WHERE client_id = :client_id AND ordered = :tier AND state = 'open' ORDER BY issued_on, id LIMIT 1"
)
CREDITED = Query(
    "SELECT COALESCE(SUM(net_cents), 0) AS net_cents, COALESCE(SUM(tax_cents), 0) AS tax_cents FROM invoice"
    " WHERE credits_id = :invoice_id"
)
SETTLE = Query(
    "UPDATE invoice SET paid_cents = paid_cents + :cents, state = :state, remind_at = :remind_at WHERE id = :invoice_id"
)
# It was made usable, or taken back.
ORDER_ENDED = Query("UPDATE invoice SET ordered = '' WHERE id = :invoice_id")
# The cash that stands against a client's invoices: those that a payment settled before the others, the newest first.
SETTLED_WITH_CASH = Query(
    "SELECT s.invoice_id, i.number, SUM(s.cents) AS cents FROM settlement s JOIN invoice i ON i.id = s.invoice_id"
    " WHERE i.client_id = :client_id AND s.how IN ('payment', 'credit', 'refund') GROUP BY s.invoice_id, i.number"
    " HAVING SUM(s.cents) > 0"
    " ORDER BY MAX(CASE WHEN s.payment_id = :payment_id THEN 1 ELSE 0 END) DESC, s.invoice_id DESC"
)
LOSSES = Query(
    "SELECT cents, entry_id FROM settlement WHERE invoice_id = :invoice_id AND how = 'write-off' ORDER BY id"
)
OPEN_OF_CLIENT = Query(
    _INVOICE + " WHERE client_id = :client_id AND kind = 'invoice' AND state = 'open' ORDER BY due_on, id LIMIT :limit"
)
RENDERS_DUE = Query(_INVOICE + " WHERE render_at <= :now ORDER BY render_at, id LIMIT :limit")
RENDERED = Query("UPDATE invoice SET pdf_sha256 = :sha256, render_at = NULL, failures = 0 WHERE id = :invoice_id")
RENDER_LATER = Query("UPDATE invoice SET failures = failures + 1, render_at = :again_at WHERE id = :invoice_id")
REMINDERS_DUE = Query(_INVOICE + " WHERE remind_at <= :now ORDER BY remind_at, id LIMIT :limit")
REMINDED = Query("UPDATE invoice SET reminders = reminders + 1, remind_at = :again_at WHERE id = :invoice_id")
REMINDER_FAILED = Query("UPDATE invoice SET failures = failures + 1, remind_at = :again_at WHERE id = :id")
CLOSE_MONTH = Query("UPDATE client SET closed_to_on = :to_on WHERE id = :client_id")
