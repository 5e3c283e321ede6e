"""Named queries of what falls due beside tickets: lapses, off-hours contacts, digests; and the desk's own settings."""

from __future__ import annotations

from bot.queries.money import CONTACT_ROW
from bot.store import Query

# Lapses and contacts are read without a lock: the books lock the client first, and read each row again under it.
LAPSES_DUE = Query(
    "SELECT id, client_id, tier, units, balance_units, lapses_on, lapse_at, failures FROM credit_grant"
    " WHERE lapse_at <= :now ORDER BY lapse_at, id LIMIT :limit"
)
LAPSE_FAILED = Query("UPDATE credit_grant SET failures = failures + 1, lapse_at = :again_at WHERE id = :id")
CONTACTS_DUE = Query(CONTACT_ROW + " WHERE charge_at <= :now ORDER BY charge_at, id LIMIT :limit")
CONTACT_FAILED = Query("UPDATE contact_charge SET failures = failures + 1, charge_at = :again_at WHERE id = :id")
DIGESTS_DUE = Query(
    "SELECT id, member_number, name, role, zone, language, digest_at, failures FROM consultant"
    " WHERE digest_at <= :now ORDER BY digest_at, id LIMIT :limit"
)
DIGEST_LOCKED = Query("SELECT id, digest_at FROM consultant WHERE id = :id {for_update}")
DIGEST_FAILED = Query("UPDATE consultant SET failures = failures + 1, digest_at = :again_at WHERE id = :id")

# The setting that stands while the clock is in doubt: it jumped forward, and no manager has confirmed it.
HALTED = "clock halted"

SETTING = Query("SELECT value_json, changed_at FROM setting WHERE name = :name", is_steady=True)
SET = Query(
    "INSERT INTO setting (name, value_json, changed_at) VALUES (:name, :value_json, :now)"
    " ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json, changed_at = excluded.changed_at"
)
UNSET = Query("DELETE FROM setting WHERE name = :name")
