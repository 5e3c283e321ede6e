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
