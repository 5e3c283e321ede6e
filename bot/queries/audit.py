"""Named queries of the audit and of exports: everything of a client's books, in the order of its chain."""

from __future__ import annotations

from bot.store import Query

CHARGES_OF_CLIENT = Query(
    "SELECT c.id, c.entry_id, c.work_on, c.units, c.due_cents, c.waived_units, c.day_quarters_json, c.draws_json,"
    " w.minutes, w.kind AS work_kind, w.started_at, w.priority, w.was_asked, w.is_booked, w.is_billable, w.is_contact"
    " FROM charge c LEFT JOIN work_item w ON w.id = c.work_item_id WHERE c.client_id = :client_id ORDER BY c.id"
)
PAYMENTS_OF_CLIENT = Query(
    "SELECT id, entry_id, cents, net_cents, reference, received_on, service_from_on, service_to_on FROM payment"
    " WHERE client_id = :client_id ORDER BY id"
)
COMMISSIONS_OF_CLIENT = Query("SELECT id, entry_id, cents FROM commission WHERE client_id = :client_id ORDER BY id")
INVOICES_OF_CLIENT = Query(
    "SELECT i.id, i.number, i.kind, i.issued_on, i.due_on, i.net_cents, i.tax_cents, i.paid_cents, i.content_json,"
    " e.evidence_json,"
    " (SELECT COALESCE(SUM(s.cents), 0) FROM settlement s WHERE s.invoice_id = i.id) AS settled_cents"
    " FROM invoice i JOIN entry e ON e.id = i.entry_id WHERE i.client_id = :client_id ORDER BY i.id"
)
PAYS_OF_CLIENT = Query("SELECT id, entry_id, cents, consultant_id FROM pay WHERE client_id = :client_id ORDER BY id")
GRANTS_AS_GIVEN = Query(
    "SELECT g.id, g.tier, g.units, g.price_cents, g.bought_on, g.lapses_on, e.evidence_json FROM credit_grant g"
    " JOIN posting p ON p.grant_id = g.id JOIN entry e ON e.id = p.entry_id AND e.kind IN ('grant', 'gift',"
    " 'opening')"
    " JOIN account a ON a.id = p.account_id AND a.name = 'credit' WHERE g.client_id = :client_id ORDER BY g.id"
)
PAYOUTS = Query(
    "SELECT o.id, o.number, o.pay_cents, o.commission_cents, o.to_on, o.paid_on, (SELECT COALESCE(SUM(p.cents), 0) FROM"
    " pay p WHERE p.payout_id = o.id) AS pay_settled, (SELECT COALESCE(SUM(m.cents), 0) FROM commission m WHERE"
    " m.payout_id = o.id) AS commission_settled FROM payout o ORDER BY o.id",
    scans="every payout of the desk, for the audit",
)
CLIENTS_OF_PAYOUT = Query(
    "SELECT client_id FROM pay WHERE payout_id = :payout_id UNION SELECT client_id FROM commission WHERE payout_id ="
    " :payout_id ORDER BY client_id"
)
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
    "SELECT e.id, e.number, e.key, e.kind, e.posted_at, e.ticket_id, e.reason, p.amount, p.grant_id, a.name,"
    " a.commodity FROM entry e LEFT JOIN posting p ON p.entry_id = e.id LEFT JOIN account a ON a.id = p.account_id"
    " WHERE e.client_id = :client_id ORDER BY e.number, p.id"
)
