"""Named queries of the audit and of exports: everything of a client's books, in the order of its chain."""

from __future__ import annotations

from bot.store import Query

CHARGES_OF_CLIENT = Query(
    "SELECT id, entry_id, client_id, ticket_id, work_item_id, work_on, units, due_cents, waived_units, is_waived,"
    " is_disputed, invoice_id, day_quarters_json, draws_json, charged_at FROM charge WHERE client_id = :client_id"
    " ORDER BY id"
)
ITEMS_OF_CLIENT = Query(
    "SELECT w.id, w.ticket_id, w.client_id, w.consultant_id, w.kind, w.started_at, w.minutes, w.work_on, w.priority,"
    " w.was_asked, w.is_booked, w.booked_until_at, w.is_billable, w.is_contact, w.note, w.logged_at, w.reversed_at,"
    " c.entry_id FROM charge c JOIN work_item w ON w.id = c.work_item_id WHERE c.client_id = :client_id ORDER BY c.id"
)
DISPUTES_OF_CLIENT = Query(
    "SELECT d.id, d.charge_id, d.contact_id, d.words, d.opened_at, d.outcome, d.waived_units, d.decided_by_id,"
    " d.decided_at, d.reason FROM charge c JOIN dispute d ON d.charge_id = c.id WHERE c.client_id = :client_id"
    " ORDER BY d.id"
)
CONTACTS_OF_CLIENT = Query(
    "SELECT id, ticket_id, period_start_at, period_end_at, received_at, notified_at, choice, chosen_at, answered_at,"
    " charge_at, outcome, entry_id FROM contact_charge WHERE client_id = :client_id AND entry_id IS NOT NULL"
    " ORDER BY id"
)
PAYMENTS_OF_CLIENT = Query(
    "SELECT id, entry_id, client_id, kind, cents, net_cents, reference, received_on, service_from_on, service_to_on,"
    " refunds_id FROM payment WHERE client_id = :client_id ORDER BY id"
)
COMMISSIONS_OF_CLIENT = Query(
    "SELECT id, entry_id, payment_id, invoice_id, consultant_id, client_id, cents, accrued_on, payout_id"
    " FROM commission WHERE client_id = :client_id ORDER BY id"
)
INVOICES_OF_CLIENT = Query(
    "SELECT id, entry_id, number, client_id, kind, credits_id, key, issued_on, due_on, net_cents, tax_cents,"
    " paid_cents, state, ordered, content_json FROM invoice WHERE client_id = :client_id ORDER BY id"
)
SETTLEMENTS_OF_CLIENT = Query(
    "SELECT s.id, s.entry_id, i.number, s.cents, s.how, s.settled_on FROM invoice i JOIN settlement s ON s.invoice_id ="
    " i.id WHERE i.client_id = :client_id ORDER BY s.id"
)
PAYS_OF_CLIENT = Query(
    "SELECT id, entry_id, work_item_id, consultant_id, client_id, cents, accrued_on, why, payout_id FROM pay"
    " WHERE client_id = :client_id ORDER BY id"
)
QUOTES_OF_CLIENT = Query(
    "SELECT id, client_id, made_by_id, ticket_id, title, lines_json, quarters, state, made_at, decided_at,"
    " decided_by_contact_id, words FROM quote WHERE client_id = :client_id ORDER BY id"
)
GRANTS_OF_CLIENT = Query(
    "SELECT id, client_id, tier, units, balance_units, price_cents, bought_on, lapses_on, lapse_at, failures,"
    " granted_by_id, note FROM credit_grant WHERE client_id = :client_id ORDER BY id"
)
TERMS_OF_CLIENT = Query(
    "SELECT id, code, zone, hours, holiday_region, holidays_json, calendar_version, brought_by_id, service_started_on,"
    " plan, rounding, is_chargeable, agreed_at, agreed_by_contact_id, agreed_words, agreed_text, cap_cents_per_month,"
    " when_credit_out, billing_address, po_number, invoicing, due_days, tax_basis_points, is_ahead_applied,"
    " closed_to_on, fee_cents, term_months, term_anchor_on, term_at, onsite_minutes, minimum_units, renews, failures"
    " FROM client WHERE id = :client_id"
)
LAST_TERMS = Query(
    "SELECT evidence_json FROM entry WHERE client_id = :client_id AND kind = 'terms' ORDER BY number DESC LIMIT 1"
)
PAYOUTS = Query(
    "SELECT o.id, o.number, o.consultant_id, o.pay_cents, o.commission_cents, o.to_on, o.paid_on, o.bank_account,"
    " o.statement, (SELECT COALESCE(SUM(p.cents), 0) FROM pay p WHERE p.payout_id = o.id) AS pay_settled,"
    " (SELECT COALESCE(SUM(m.cents), 0) FROM commission m WHERE m.payout_id = o.id) AS commission_settled"
    " FROM payout o ORDER BY o.id",
    scans="every payout of the desk, for the audit",
)
CLIENTS_OF_PAYOUT = Query(
    "SELECT client_id FROM pay WHERE payout_id = :payout_id UNION SELECT client_id FROM commission WHERE payout_id ="
    " :payout_id ORDER BY client_id"
)
BANK_LINES = Query(
    "SELECT b.id, b.key, b.booked_on, b.cents, b.payer, b.reference, b.state, b.reason FROM bank_line b ORDER BY b.id",
    scans="every line of every bank's file, for the audit",
)
NUMBERS = Query("SELECT number FROM invoice ORDER BY number", scans="every document's number, for the audit")
SERIES = Query("SELECT year, last FROM invoice_series ORDER BY year", scans="one row a year, for the audit")
TRIAL_BALANCE = Query(
    "SELECT a.client_id, a.name, a.commodity, a.balance, COALESCE(s.posted, 0) AS posted FROM account a LEFT JOIN"
    " (SELECT account_id, SUM(amount) AS posted FROM posting GROUP BY account_id) s ON s.account_id = a.id"
    " ORDER BY a.client_id, a.commodity, a.name",
    scans="every posting of the desk, for the trial balance",
)
CHAIN_ENDS = Query(
    "SELECT e.client_id, e.number, e.hash FROM client c JOIN entry e ON e.client_id = c.id AND e.number ="
    " (SELECT MAX(l.number) FROM entry l WHERE l.client_id = c.id) ORDER BY e.client_id",
    scans="one row of every client, for the root over all chains",
)
LINK = Query("SELECT hash FROM entry WHERE client_id = :client_id AND number = :number")
ROOT_OF = Query("SELECT made_on FROM chain_root WHERE made_on = :on")
KEEP_ROOT = Query(
    "INSERT INTO chain_root (made_on, made_at, clients, entries, hash, ends_json) VALUES (:on, :now, :clients,"
    " :entries, :hash, :ends_json) ON CONFLICT (made_on) DO NOTHING"
)
ROOTS = Query(
    "SELECT made_on, clients, entries, hash, ends_json FROM chain_root ORDER BY made_on",
    scans="one row a night, for the audit",
)
BOOKED_OF_CLIENT = Query(
    "SELECT e.id, e.number, e.key, e.kind, e.posted_at, e.ticket_id, e.reason, e.evidence_json, p.amount, p.grant_id,"
    " a.name, a.commodity FROM entry e LEFT JOIN posting p ON p.entry_id = e.id LEFT JOIN account a ON a.id ="
    " p.account_id WHERE e.client_id = :client_id ORDER BY e.number, p.id"
)
