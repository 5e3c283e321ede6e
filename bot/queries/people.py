"""Named queries of people: clients, contacts, consultants, handles, rights."""

from __future__ import annotations

from bot.store import Query

_CLIENT = (
    "SELECT id, code, name, zone, hours, holiday_region, holidays_json, calendar_version, language, lead_id,"
    " proposed_lead_id, hold_minutes, manager_id, assistant_id, brought_by_id, service_started_on, plan, rounding,"
    " is_chargeable, cap_cents_per_month, when_credit_out, is_active, version, billing_address, po_number,"
    " invoicing, due_days, tax_basis_points, is_ahead_applied, closed_to_on, credit_told, fee_cents, term_months,"
    " term_at, term_anchor_on, onsite_minutes, minimum_units, renews, agreed_at FROM client"
)
_CONSULTANT = (
    "SELECT id, member_number, name, role, zone, hours, expertise, status, away_until_at, pay_basis_points, language,"
    " digest_at, pay_cents_json, bank_account, tax_form, tax_form_on FROM consultant"
)
_HANDLE = "SELECT id, channel, address, display_name, contact_id, consultant_id, verified_at, rank, is_dead FROM handle"

IDENTIFY = Query(
    "SELECT h.id AS handle_id, h.display_name, h.verified_at, h.is_dead, h.language AS handle_language,"
    " k.id AS contact_id, k.name AS contact_name, k.role AS contact_role, k.language AS contact_language,"
    " k.is_managed, k.is_active AS is_contact_active, k.client_id,"
    " s.id AS consultant_id, s.name AS consultant_name, s.role AS consultant_role, s.zone AS consultant_zone,"
    " s.language AS consultant_language, s.status AS consultant_status, c.zone AS client_zone,"
    " c.language AS client_language FROM handle h LEFT JOIN contact k ON k.id = h.contact_id"
    " LEFT JOIN client c ON c.id = k.client_id LEFT JOIN consultant s ON s.id = h.consultant_id"
    " WHERE h.channel = :channel AND h.address = :address",
    is_steady=True,
)
CLIENT_BY_ID = Query(_CLIENT + " WHERE id = :client_id", is_steady=True)
CLIENT_LOCKED = Query(_CLIENT + " WHERE id = :client_id {for_update}")
CLIENT_BY_CODE = Query(_CLIENT + " WHERE code = :code")
CLIENTS = Query(_CLIENT + " ORDER BY code", scans="every client, for a manager's list")
CLIENTS_OF_LEAD = Query(_CLIENT + " WHERE lead_id = :consultant_id ORDER BY code")
CLIENTS_OF_DOMAIN = Query("SELECT client_id FROM client_domain WHERE domain = :domain")

CONSULTANT_BY_ID = Query(_CONSULTANT + " WHERE id = :consultant_id", is_steady=True)
CONSULTANT_BY_NUMBER = Query(_CONSULTANT + " WHERE member_number = :member_number")
CONSULTANTS = Query(_CONSULTANT + " ORDER BY id", scans="every consultant: a few dozen rows", is_steady=True)

CONTACT_BY_ID = Query(
    "SELECT id, client_id, name, role, language, is_managed, is_active FROM contact WHERE id = :contact_id"
)
_CONTACT = "SELECT k.id, k.client_id, k.name, k.role, k.language, k.is_managed, k.is_active FROM contact k"
CONTACT_AT = Query(
    _CONTACT + " JOIN handle h ON h.contact_id = k.id WHERE h.channel = :channel AND h.address = :address"
)
CONTACTS_OF_CLIENT = Query(_CONTACT + " WHERE k.client_id = :client_id AND k.is_active ORDER BY k.id")
CONTACTS_OF_ASSISTANT = Query(
    _CONTACT
    + " JOIN client c ON c.id = k.client_id WHERE c.assistant_id = :consultant_id AND k.is_active ORDER BY k.id",
    scans="the clients of one assistant, when a manager introduces it",
)
HANDLE_BY_ID = Query(_HANDLE + " WHERE id = :handle_id", is_steady=True)
HANDLE_BY_ADDRESS = Query(_HANDLE + " WHERE channel = :channel AND address = :address")
APPROVERS_OF_CLIENT = Query(
    "SELECT id, client_id, name, role, language, is_managed, is_active FROM contact WHERE client_id = :client_id"
    " AND is_active AND role IN ('approver', 'owner') ORDER BY id",
    is_steady=True,
)
# How to reach a person, best first, with the name and zone that the notice needs.
RECIPIENTS_OF_CONTACT = Query(
    "SELECT h.id, h.channel, h.address, k.name FROM handle h JOIN contact k ON k.id = h.contact_id"
    " WHERE h.contact_id = :contact_id AND NOT h.is_dead AND NOT h.is_stopped"
    " AND h.verified_at IS NOT NULL ORDER BY h.rank, h.id",
    is_steady=True,
)
RECIPIENTS_OF_CONSULTANT = Query(
    "SELECT h.id, h.channel, h.address, s.name, s.zone, s.language FROM handle h"
    " JOIN consultant s ON s.id = h.consultant_id"
    " WHERE h.consultant_id = :consultant_id AND NOT h.is_dead AND NOT h.is_stopped"
    " AND h.verified_at IS NOT NULL ORDER BY h.rank, h.id",
    is_steady=True,
)
HANDLE_NEW = Query(
    "INSERT INTO handle (channel, address, display_name, created_at) VALUES (:channel, :address, :display_name, :now)"
    " ON CONFLICT (channel, address) DO NOTHING"
)
HANDLE_GIVE_CONTACT = Query(
    "UPDATE handle SET contact_id = :contact_id, verified_at = :verified_at WHERE id = :handle_id"
)
HANDLE_GIVE_CONSULTANT = Query(
    "UPDATE handle SET consultant_id = :consultant_id, verified_at = :verified_at WHERE id = :handle_id"
)
CONSOLE_NAMES = Query(
    "SELECT address FROM handle WHERE channel = 'console' AND (contact_id IS NOT NULL OR consultant_id IS NOT NULL)"
    " ORDER BY address"
)
HANDLE_STOPPED = Query("UPDATE handle SET is_stopped = :is_stopped WHERE id = :handle_id")
HANDLE_STARTED = Query(
    "UPDATE handle SET is_stopped = false, trouble = '', trouble_at = NULL WHERE id = :handle_id AND is_stopped"
)

CLIENT_SET_LEAD = Query(
    "UPDATE client SET lead_id = :lead_id, proposed_lead_id = NULL, version = version + 1 WHERE id = :client_id"
)
CLIENT_PROPOSE_LEAD = Query(
    "UPDATE client SET proposed_lead_id = :lead_id, version = version + 1 WHERE id = :client_id"
)
CLIENT_SET_HOLD = Query("UPDATE client SET hold_minutes = :hold_minutes, version = version + 1 WHERE id = :client_id")
CLIENT_AGREE = Query(
    "UPDATE client SET is_chargeable = :is_chargeable, agreed_at = :agreed_at, agreed_by_contact_id = :contact_id,"
    " agreed_words = :agreed_words, agreed_text = :agreed_text, plan = :plan, version = version + 1"
    " WHERE id = :client_id"
)
CLIENT_CREDIT_CHOICE = Query("UPDATE client SET when_credit_out = :choice, version = version + 1 WHERE id = :client_id")
CONTACT_SET = Query(
    "UPDATE contact SET name = :name, role = :role, language = :language, is_managed = :is_managed,"
    " is_active = :is_active WHERE id = :id"
)
CONSULTANT_SET = Query(
    "UPDATE consultant SET name = :name, role = :role, zone = :zone, hours = :hours, expertise = :expertise,"
    " status = :status, pay_basis_points = :pay_basis_points, language = :language, digest_at = :digest_at,"
    " pay_cents_json = :pay_cents_json, bank_account = :bank_account,"
    " version = version + 1 WHERE id = :id"
)
CONSULTANT_AWAY = Query(
    "UPDATE consultant SET away_until_at = :away_until_at, version = version + 1 WHERE id = :consultant_id"
)
INTRODUCTION = Query("SELECT id FROM introduction WHERE contact_id = :contact_id AND consultant_id = :consultant_id")
LINK_CODE = Query("SELECT id, handle_id, expires_at, used_at FROM link_code WHERE digest = :digest")
LINK_CODE_USE = Query("UPDATE link_code SET used_at = :now WHERE id = :id AND used_at IS NULL")
LINK_CODES_DROP = Query(
    "DELETE FROM link_code WHERE expires_at <= :until", scans="codes live for minutes, the table stays tiny"
)
LINK_CODES_SINCE = Query(
    "SELECT COUNT(*) AS made FROM link_code WHERE requested_by_handle_id = :handle_id AND expires_at > :since",
    scans="codes live for minutes, the table stays tiny",
)
CLIENT_SET = Query(
    "UPDATE client SET name = :name, zone = :zone, hours = :hours, holiday_region = :holiday_region,"
    " calendar_version = :calendar_version, language = :language, hold_minutes = :hold_minutes, lead_id = :lead_id,"
    " manager_id = :manager_id, assistant_id = :assistant_id, brought_by_id = :brought_by_id,"
    " service_started_on = :service_started_on, plan = :plan, rounding = :rounding, is_chargeable = :is_chargeable,"
    " cap_cents_per_month = :cap_cents_per_month, is_active = :is_active, billing_address = :billing_address,"
    " po_number = :po_number, invoicing = :invoicing, due_days = :due_days, tax_basis_points = :tax_basis_points,"
    " fee_cents = :fee_cents, term_months = :term_months, onsite_minutes = :onsite_minutes,"
    " minimum_units = :minimum_units, renews = :renews, is_ahead_applied = :is_ahead_applied,"
    " version = version + 1 WHERE id = :id"
)
DOMAIN_ADD = Query(
    "INSERT INTO client_domain (domain, client_id) VALUES (:domain, :client_id) ON CONFLICT (domain, client_id)"
    " DO NOTHING"
)
DOMAINS_DROP = Query("DELETE FROM client_domain WHERE client_id = :client_id")
REQUESTS = Query(
    "SELECT id, name, address, expertise, zone, handle_id, asked_at FROM membership_request WHERE outcome = ''"
    " ORDER BY id",
    scans="requests that wait for a manager: a handful of rows",
)
REQUEST = Query("SELECT id, name, address, expertise, zone, handle_id, outcome FROM membership_request WHERE id = :id")
REQUEST_END = Query(
    "UPDATE membership_request SET outcome = :outcome, decided_by_id = :decided_by_id, decided_at = :now"
    " WHERE id = :id AND outcome = ''"
)
LEAD_PROPOSALS = Query(
    _CLIENT + " WHERE proposed_lead_id = :consultant_id ORDER BY code", scans="clients with a lead to be confirmed: few"
)
