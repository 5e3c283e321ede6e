"""Named queries of plans' terms and fees: what falls due, what was deferred and earned, what cash came in for it."""

from __future__ import annotations

from bot.store import Query

# ---------------------------------------------------------------- terms

# Read without a lock: the books lock the client first, and read again under it.
TERMS_DUE = Query(
    "SELECT id, term_at, failures FROM client WHERE term_at <= :now AND is_active ORDER BY term_at, id LIMIT :limit"
)
TERM_FAILED = Query("UPDATE client SET failures = failures + 1, term_at = :again_at WHERE id = :id")
TERM = Query("SELECT id, term_at, term_anchor_on FROM client WHERE id = :client_id")
NEXT_TERM = Query("UPDATE client SET term_at = :term_at, failures = 0 WHERE id = :client_id")
START_PLAN = Query(
    "UPDATE client SET plan = :plan, fee_cents = :fee_cents, term_months = :term_months, term_at = :term_at,"
    " term_anchor_on = :from_on, service_started_on = :service_started_on, version = version + 1"
    " WHERE id = :client_id"
)
END_PLAN = Query(
    "UPDATE client SET plan = :plan, fee_cents = NULL, term_at = NULL, version = version + 1 WHERE id = :client_id"
)

# ---------------------------------------------------------------- which plan a client had when

_PLAN = "SELECT id, plan, from_on FROM client_plan WHERE client_id = :client_id"
PLAN_ON = Query(_PLAN + " AND from_on <= :on ORDER BY id DESC LIMIT 1")
LAST_PLAN = Query(_PLAN + " ORDER BY id DESC LIMIT 1")
PLANS_OF_CLIENT = Query(_PLAN + " ORDER BY id")
DROP_PLANS_AFTER = Query("DELETE FROM client_plan WHERE client_id = :client_id AND from_on > :on")

# ---------------------------------------------------------------- fees

_FEE = (
    "SELECT id, client_id, invoice_id, payment_id, from_on, to_on, net_cents, earned_cents, earn_at, failures FROM fee"
)
FEE = Query(_FEE + " WHERE id = :fee_id")
FEE_OF_INVOICE = Query(_FEE + " WHERE invoice_id = :invoice_id")
FEE_OF_PAYMENT = Query(_FEE + " WHERE payment_id = :payment_id")
FEES_OF_CLIENT = Query(_FEE + " WHERE client_id = :client_id ORDER BY id")
FEES_DUE = Query(_FEE + " WHERE earn_at <= :now ORDER BY earn_at, id LIMIT :limit")
EARN_FAILED = Query("UPDATE fee SET failures = failures + 1, earn_at = :again_at WHERE id = :id")
EARNED = Query("UPDATE fee SET earned_cents = :earned_cents, earn_at = :earn_at, failures = 0 WHERE id = :fee_id")
SHRINK = Query("UPDATE fee SET net_cents = net_cents - :net_cents, earn_at = :earn_at WHERE id = :fee_id")
EARNINGS_OF_FEE = Query("SELECT number FROM entry WHERE client_id = :client_id ORDER BY number DESC LIMIT 1")

# ---------------------------------------------------------------- commission of invoiced fees

COMMISSION_OF_INVOICE = Query(
    "SELECT COALESCE(SUM(cents), 0) AS cents, COUNT(*) AS postings, MIN(consultant_id) AS consultant_id"
    " FROM commission WHERE invoice_id = :invoice_id"
)
CASH_OF_INVOICE = Query(
    "SELECT COALESCE(SUM(cents), 0) AS cents FROM settlement WHERE invoice_id = :invoice_id"
    " AND how IN ('payment', 'credit', 'refund')"
)

# ---------------------------------------------------------------- warnings of a lapse

WARNINGS_DUE = Query(
    "SELECT id, client_id, tier, balance_units, bought_on, lapses_on, lapse_at, warn_at, failures FROM credit_grant"
    " WHERE warn_at <= :now ORDER BY warn_at, id LIMIT :limit"
)
WARN_FAILED = Query("UPDATE credit_grant SET failures = failures + 1, warn_at = :again_at WHERE id = :id")
WARNED = Query("UPDATE credit_grant SET warn_at = :warn_at, failures = 0 WHERE id = :grant_id")
