"""Named queries of what consultants earn, and of the payouts that settle it."""

from __future__ import annotations

from bot.store import Query

PAY_TERMS = Query("SELECT pay_basis_points, pay_cents_json FROM consultant WHERE id = :consultant_id")
PAY_OF_ENTRY = Query(
    "SELECT p.id, p.work_item_id, p.consultant_id, p.client_id, p.cents, p.entry_id FROM entry e"
    " JOIN pay p ON p.entry_id = e.id WHERE e.key = :key"
)
# What stands before what was taken back; of those the latest.
LAST_WORK_OF_DAY = Query(
    "SELECT id, consultant_id FROM work_item WHERE ticket_id = :ticket_id AND work_on = :work_on"
    " AND consultant_id IS NOT NULL AND is_billable"
    " ORDER BY CASE WHEN reversed_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 1"
)

# ---------------------------------------------------------------- what is owed

_OPEN = " WHERE {0}.consultant_id = :consultant_id AND {0}.payout_id IS NULL AND {0}.accrued_on <= :to_on"
CLIENTS_OWING = Query(
    "SELECT client_id, SUM(pay_cents) AS pay_cents, SUM(commission_cents) AS commission_cents FROM ("
    "SELECT p.client_id, p.cents AS pay_cents, 0 AS commission_cents FROM pay p" + _OPEN.format("p") + " UNION ALL"
    " SELECT m.client_id, 0 AS pay_cents, m.cents AS commission_cents FROM commission m" + _OPEN.format("m") + ") owed"
    " GROUP BY client_id ORDER BY client_id"
)
_PAY = (
    "SELECT p.id, p.client_id, c.code, p.cents, p.why, p.accrued_on, w.ticket_id, w.kind, w.minutes, w.work_on,"
    " w.is_contact, e.evidence_json FROM pay p JOIN work_item w ON w.id = p.work_item_id JOIN client c"
    " ON c.id = p.client_id JOIN entry e ON e.id = p.entry_id"
)
_COMMISSION = (
    "SELECT m.id, m.client_id, c.code, m.cents, m.accrued_on FROM commission m JOIN client c ON c.id = m.client_id"
)
OPEN_PAY = Query(_PAY + _OPEN.format("p") + " ORDER BY p.id")
OPEN_COMMISSIONS = Query(_COMMISSION + _OPEN.format("m") + " ORDER BY m.id")
_BETWEEN = " WHERE {0}.consultant_id = :consultant_id AND {0}.{1} >= :first_on AND {0}.{1} <= :last_on ORDER BY {0}.id"
PAY_BETWEEN = Query(_PAY + _BETWEEN.format("p", "accrued_on"))
COMMISSIONS_BETWEEN = Query(_COMMISSION + _BETWEEN.format("m", "accrued_on"))
OWED_BEFORE = Query(
    "SELECT (SELECT COALESCE(SUM(cents), 0) FROM pay WHERE consultant_id = :consultant_id AND accrued_on < :on)"
    " AS pay_cents, (SELECT COALESCE(SUM(cents), 0) FROM commission WHERE consultant_id = :consultant_id"
    " AND accrued_on < :on) AS commission_cents, (SELECT COALESCE(SUM(pay_cents + commission_cents), 0) FROM payout"
    " WHERE consultant_id = :consultant_id AND paid_on < :on) AS paid_cents"
)
PAY_OF_PAYOUT = Query(_PAY + " WHERE p.payout_id = :payout_id ORDER BY p.id")
COMMISSIONS_OF_PAYOUT = Query(_COMMISSION + " WHERE m.payout_id = :payout_id ORDER BY m.id")
SETTLE_PAY = Query(
    "UPDATE pay SET payout_id = :payout_id WHERE consultant_id = :consultant_id AND payout_id IS NULL"
    " AND client_id = :client_id AND accrued_on <= :to_on"
)
SETTLE_COMMISSIONS = Query(
    "UPDATE commission SET payout_id = :payout_id WHERE consultant_id = :consultant_id AND payout_id IS NULL"
    " AND client_id = :client_id AND accrued_on <= :to_on"
)

# ---------------------------------------------------------------- payouts

_PAYOUT = (
    "SELECT o.id, o.number, o.consultant_id, s.name, o.pay_cents, o.commission_cents, o.to_on, o.paid_on,"
    " o.bank_account, o.statement, o.confirmed_at FROM payout o JOIN consultant s ON s.id = o.consultant_id"
)
PAYOUT = Query(_PAYOUT + " WHERE o.number = :number")
PAYOUTS_BETWEEN = Query(_PAYOUT + _BETWEEN.format("o", "paid_on"))
PAYOUTS_PAID = Query(_PAYOUT + " WHERE o.paid_on >= :first_on AND o.paid_on <= :last_on ORDER BY o.paid_on, o.id")
LOCKED = Query("SELECT id FROM consultant WHERE id = :consultant_id {for_update}")
LAST_PAYOUT = Query("SELECT COUNT(*) AS payouts FROM payout WHERE consultant_id = :consultant_id")
CONFIRM = Query("UPDATE payout SET confirmed_at = :now WHERE id = :payout_id")
KEEP_TAX_FORM = Query("UPDATE consultant SET tax_form = :form, tax_form_on = :on WHERE id = :consultant_id")
