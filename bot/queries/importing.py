"""Named queries of the people import: it compares with everybody, so each of its readings takes a whole table."""

from __future__ import annotations

from bot.store import Query

_WHOLE = "an import compares its file with every row, once"

CONSULTANTS = Query(
    "SELECT id, member_number, name, role, zone, hours, expertise, status, pay_basis_points, language, digest_at"
    " FROM consultant",
    scans=_WHOLE,
)
CLIENTS = Query(
    "SELECT id, code, name, zone, hours, holiday_region, holidays_json, language, lead_id, hold_minutes, manager_id,"
    " assistant_id, brought_by_id, service_started_on, plan, rounding, is_chargeable, agreed_words,"
    " cap_cents_per_month, is_active FROM client",
    scans=_WHOLE,
)
CONTACTS = Query("SELECT id, client_id, name, role, language, is_managed, is_active FROM contact", scans=_WHOLE)
HANDLES = Query(
    "SELECT id, channel, address, contact_id, consultant_id, verified_at FROM handle"
    " WHERE contact_id IS NOT NULL OR consultant_id IS NOT NULL",
    scans=_WHOLE,
)
DOMAINS = Query("SELECT client_id, domain FROM client_domain", scans=_WHOLE)
GRANTS = Query("SELECT client_id, tier, bought_on, note FROM credit_grant", scans=_WHOLE)
ANYBODY = Query("SELECT id FROM consultant LIMIT 1")

CONSULTANT_SET = Query(
    "UPDATE consultant SET name = :name, role = :role, zone = :zone, hours = :hours, expertise = :expertise,"
    " status = :status, pay_basis_points = :pay_basis_points, language = :language, digest_at = :digest_at,"
    " version = version + 1 WHERE id = :id"
)
CLIENT_SET = Query(
    "UPDATE client SET name = :name, zone = :zone, hours = :hours, holiday_region = :holiday_region,"
    " holidays_json = :holidays_json, calendar_version = calendar_version + :calendar_changes, language = :language,"
    " lead_id = :lead_id, hold_minutes = :hold_minutes, manager_id = :manager_id, assistant_id = :assistant_id,"
    " brought_by_id = :brought_by_id, service_started_on = :service_started_on, plan = :plan, rounding = :rounding,"
    " is_chargeable = :is_chargeable, agreed_words = :agreed_words, cap_cents_per_month = :cap_cents_per_month,"
    " is_active = :is_active, version = version + 1 WHERE id = :id"
)
CONTACT_SET = Query(
    "UPDATE contact SET name = :name, role = :role, language = :language, is_managed = :is_managed,"
    " is_active = :is_active WHERE id = :id"
)
