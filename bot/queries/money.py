"""Named queries of the books: entries, charges, grants, urgent contacts, payments.

Whoever changes the books of a client holds the lock on its row (`people.CLIENT_LOCKED`) before anything else here.
"""

from __future__ import annotations

from bot.store import Query

# ---------------------------------------------------------------- entries and accounts

LAST_ENTRY = Query("SELECT number, hash FROM entry WHERE client_id = :client_id ORDER BY number DESC LIMIT 1")
ENTRY_BY_KEY = Query("SELECT id, client_id, kind, evidence_json FROM entry WHERE key = :key")
_ENTRY = (
    "SELECT id, client_id, number, key, kind, posted_at, work_on, ticket_id, work_item_id, reverses_id, reason,"
    " evidence_json, previous_hash, hash FROM entry"
)
ENTRIES_OF_CLIENT = Query(_ENTRY + " WHERE client_id = :client_id ORDER BY number")
REVERSALS = Query("SELECT id, kind FROM entry WHERE reverses_id = :entry_id")
POSTINGS = Query(
    "SELECT p.amount, p.grant_id, a.name, a.commodity, g.tier FROM posting p JOIN account a ON a.id = p.account_id"
    " LEFT JOIN credit_grant g ON g.id = p.grant_id WHERE p.entry_id = :entry_id ORDER BY p.id"
)
ADD_TO_ACCOUNT = Query(
    "INSERT INTO account (client_id, name, commodity, balance) VALUES (:client_id, :name, :commodity, :amount)"
    " ON CONFLICT (client_id, name, commodity) DO UPDATE SET balance = account.balance + excluded.balance RETURNING id"
)
ADD_TO_GRANT = Query("UPDATE credit_grant SET balance_units = balance_units + :amount WHERE id = :grant_id")
ACCOUNTS = Query(
    "SELECT id, name, commodity, balance FROM account WHERE client_id = :client_id ORDER BY commodity, name"
)
SUMS_OF_ACCOUNTS = Query(
    "SELECT a.name, a.commodity, a.balance, COALESCE(SUM(p.amount), 0) AS posted FROM account a"
    " LEFT JOIN posting p ON p.account_id = a.id WHERE a.client_id = :client_id"
    " GROUP BY a.id, a.name, a.commodity, a.balance ORDER BY a.id"
)
SUMS_OF_GRANTS = Query(
    "SELECT g.id, g.balance_units, COALESCE(SUM(p.amount), 0) AS posted FROM credit_grant g"
    " LEFT JOIN posting p ON p.grant_id = g.id AND EXISTS (SELECT 1 FROM account a WHERE a.id = p.account_id"
    " AND a.commodity = 'units') WHERE g.client_id = :client_id GROUP BY g.id, g.balance_units ORDER BY g.id"
)

# ---------------------------------------------------------------- work items and charges

_LIVE = " AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = c.entry_id AND r.kind = 'reversal')"
_CHARGE = (
    "SELECT c.id, c.entry_id, c.client_id, c.ticket_id, c.work_item_id, c.work_on, c.units, c.due_cents,"
    " c.day_quarters_json, c.draws_json, c.charged_at, c.is_waived, c.is_disputed, c.waived_units, c.invoice_id,"
    " e.kind, e.evidence_json, e.key FROM charge c"
    " JOIN entry e ON e.id = c.entry_id"
)
CHARGE = Query(_CHARGE + " WHERE c.id = :charge_id")
CHARGE_OF_ENTRY = Query(_CHARGE + " WHERE c.entry_id = :entry_id")
CHARGES_OF_DAY = Query(_CHARGE + " WHERE c.ticket_id = :ticket_id AND c.work_on = :work_on" + _LIVE + " ORDER BY c.id")
CHARGES_OF_TICKET = Query(_CHARGE + " WHERE c.ticket_id = :ticket_id" + _LIVE + " ORDER BY c.id")
ONSITE_BETWEEN = Query(
    "SELECT c.id, e.evidence_json FROM work_item w JOIN charge c ON c.work_item_id = w.id JOIN entry e ON e.id ="
    " c.entry_id WHERE w.client_id = :client_id AND w.work_on >= :from_on AND w.work_on < :to_on AND w.kind = 'onsite'"
    " AND w.is_billable AND NOT w.is_contact AND w.reversed_at IS NULL" + _LIVE
)
DUE_BETWEEN = Query(
    "SELECT COALESCE(SUM(c.due_cents), 0) AS due_cents FROM charge c WHERE c.client_id = :client_id"
    " AND c.charged_at >= :from_at AND c.charged_at < :to_at AND NOT c.is_waived" + _LIVE
)
STATED_CHARGES = Query(
    "SELECT c.id, c.ticket_id, c.work_on, c.units, c.due_cents, c.waived_units, w.kind, w.minutes, w.is_contact,"
    " t.subject FROM charge c JOIN ticket t ON t.id = c.ticket_id LEFT JOIN work_item w ON w.id = c.work_item_id"
    " WHERE c.client_id = :client_id AND c.charged_at >= :from_at AND c.charged_at < :to_at"
    + _LIVE
    + " ORDER BY c.work_on, c.id LIMIT :limit"
)
WAIVE_CHARGE = Query("UPDATE charge SET is_waived = TRUE, waived_units = units WHERE id = :charge_id")
WAIVE_PART = Query("UPDATE charge SET waived_units = waived_units + :units WHERE id = :charge_id")
SET_DISPUTED = Query("UPDATE charge SET is_disputed = :is_disputed WHERE id = :charge_id")
OPEN_DISPUTE = Query(
    "SELECT id, contact_id, words, opened_at FROM dispute WHERE charge_id = :charge_id AND outcome = ''"
)
END_DISPUTE = Query(
    "UPDATE dispute SET outcome = :outcome, waived_units = :waived_units, decided_by_id = :decided_by_id,"
    " decided_at = :decided_at, reason = :reason WHERE id = :id"
)
WORK_ITEM = Query(
    "SELECT id, ticket_id, client_id, consultant_id, kind, started_at, minutes, work_on, priority, was_asked,"
    " is_booked, booked_until_at, is_billable, is_contact, note, logged_at, reversed_at"
    " FROM work_item WHERE id = :work_item_id"
)
WORK_OF_CONSULTANT = Query(
    "SELECT w.id, w.ticket_id, w.started_at, w.minutes, c.id AS charge_id FROM work_item w LEFT JOIN charge c ON"
    " c.work_item_id = w.id WHERE w.consultant_id = :consultant_id AND w.work_on >= :from_on AND w.work_on <= :to_on"
    " AND w.id <> :but_id AND NOT w.is_contact AND w.reversed_at IS NULL ORDER BY w.started_at, w.id"
)
TIMER_OF = Query(
    "SELECT id, ticket_id, started_at FROM timer WHERE consultant_id = :consultant_id AND stopped_at IS NULL"
)
TIMER_STOP = Query("UPDATE timer SET stopped_at = :now WHERE id = :id")
REVERSE_WORK = Query("UPDATE work_item SET reversed_at = :now WHERE id = :work_item_id")
_WORK = (
    "SELECT w.id, w.ticket_id, w.client_id, w.consultant_id, w.kind, w.started_at, w.minutes, w.work_on, w.priority,"
    " w.was_asked, w.is_booked, w.booked_until_at, w.note, w.logged_at FROM work_item w"
)
_WAITING = (
    " AND w.is_billable AND w.reversed_at IS NULL AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.work_item_id = w.id)"
)
WAITING_OF_TICKET = Query(_WORK + " WHERE w.ticket_id = :ticket_id" + _WAITING + " ORDER BY w.id")
WAITING_OF_CLIENT = Query(_WORK + " WHERE w.client_id = :client_id" + _WAITING + " ORDER BY w.id")
TICKET = Query("SELECT id, client_id, claimant_id, is_billing_on_hold FROM ticket WHERE id = :ticket_id")

# ---------------------------------------------------------------- credit

_GRANT = (
    "SELECT id, client_id, tier, units, balance_units, price_cents, bought_on, lapses_on, lapse_at, note"
    " FROM credit_grant"
)
GRANT = Query(_GRANT + " WHERE id = :grant_id")
# Oldest first: a tie between grants is drawn in this order.
GRANTS = Query(_GRANT + " WHERE client_id = :client_id ORDER BY id")
CREDIT_TOLD = Query("UPDATE client SET credit_told = :mark WHERE id = :client_id")
SET_LAPSE_AT = Query("UPDATE credit_grant SET lapse_at = :lapse_at WHERE id = :grant_id")
LAPSES_OF_GRANT = Query(
    "SELECT DISTINCT e.id FROM posting p JOIN entry e ON e.id = p.entry_id WHERE p.grant_id = :grant_id"
    " AND e.kind = 'lapse' AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id) ORDER BY e.id"
)

# ---------------------------------------------------------------- urgent contacts

CONTACT_ROW = (
    "SELECT id, ticket_id, client_id, inbound_id, period_start_at, period_end_at, received_at, notified_at, choice,"
    " chosen_at, answered_at, charge_at, outcome, entry_id, failures FROM contact_charge"
)
CONTACT_NEW = Query(
    "INSERT INTO contact_charge (ticket_id, client_id, inbound_id, period_start_at, period_end_at, received_at,"
    " charge_at) VALUES (:ticket_id, :client_id, :inbound_id, :period_start_at, :period_end_at, :received_at,"
    " :period_end_at) ON CONFLICT (ticket_id, period_start_at) DO NOTHING RETURNING id"
)
CONTACT = Query(CONTACT_ROW + " WHERE id = :contact_id")
CONTACTS_OF_TICKET = Query(CONTACT_ROW + " WHERE ticket_id = :ticket_id ORDER BY period_start_at")
# The notice may have moved to the person's next channel: it is found by its ticket, not by the first delivery.
CONTACT_OF_DELIVERY = Query(
    "SELECT c.id, c.client_id FROM delivery d JOIN contact_charge c ON c.ticket_id = d.ticket_id"
    " WHERE d.id = :delivery_id AND c.outcome = '' AND c.notified_at IS NULL ORDER BY c.id DESC LIMIT 1"
)
CONTACT_TOLD = Query("UPDATE contact_charge SET notified_at = :now, charge_at = :charge_at WHERE id = :contact_id")
CONTACT_UNTOLD = Query(
    "UPDATE contact_charge SET notified_at = NULL, charge_at = period_end_at WHERE ticket_id = :ticket_id"
    " AND outcome = '' AND notified_at IS NOT NULL"
)
CONTACT_ANSWERED = Query("UPDATE contact_charge SET answered_at = :now, charge_at = :charge_at WHERE id = :contact_id")
CONTACT_CHOSEN = Query("UPDATE contact_charge SET choice = :choice, chosen_at = :now WHERE id = :contact_id")
CONTACT_LOOK_AGAIN = Query(
    "UPDATE contact_charge SET charge_at = :charge_at, outcome = '', failures = 0 WHERE id = :contact_id"
)
CONTACT_SETTLED = Query(
    "UPDATE contact_charge SET outcome = :outcome, entry_id = :entry_id, charge_at = NULL, failures = 0"
    " WHERE id = :contact_id"
)

# ---------------------------------------------------------------- payments

_PAYMENT = (
    "SELECT id, client_id, kind, cents, net_cents, received_on, service_from_on, service_to_on, reference, refunds_id"
    " FROM payment"
)
PAYMENT_BY_REFERENCE = Query(_PAYMENT + " WHERE reference = :reference")
PAYMENTS_OF_CLIENT = Query(_PAYMENT + " WHERE client_id = :client_id ORDER BY id")
COMMISSIONS_OF_PAYMENT = Query("SELECT id, consultant_id, cents FROM commission WHERE payment_id = :payment_id")

# ---------------------------------------------------------------- statements

MOVES_BETWEEN = Query(
    "SELECT e.kind, e.ticket_id, a.name, a.commodity, p.amount, p.grant_id, g.tier,"
    " (SELECT COALESCE(SUM(o.amount), 0) FROM posting o JOIN account b ON b.id = o.account_id AND b.name = 'cash'"
    " WHERE o.entry_id = e.id) AS cash, (SELECT COALESCE(SUM(o.amount), 0) FROM posting o JOIN account b"
    " ON b.id = o.account_id AND b.name = 'deferred' WHERE o.entry_id = e.id) AS deferred FROM entry e"
    " JOIN posting p ON p.entry_id = e.id JOIN account a ON a.id = p.account_id"
    " LEFT JOIN credit_grant g ON g.id = p.grant_id"
    " WHERE e.client_id = :client_id AND e.posted_at >= :from_at AND e.posted_at < :to_at"
    " AND a.name IN ('credit', 'unbilled', 'receivable', 'unapplied') ORDER BY e.number, p.id"
)
BALANCE_BEFORE = Query(
    "SELECT COALESCE(SUM(p.amount), 0) AS balance FROM account a JOIN posting p ON p.account_id = a.id"
    " JOIN entry e ON e.id = p.entry_id WHERE a.client_id = :client_id AND a.name = :name"
    " AND a.commodity = :commodity AND e.posted_at < :before_at"
)
