"""Named queries of tickets that are joined and parted."""

from __future__ import annotations

from bot.store import Query

MESSAGE_IDS = Query("SELECT id FROM message WHERE ticket_id = :ticket_id ORDER BY id")
REF_IDS = Query("SELECT id FROM message_ref WHERE ticket_id = :ticket_id ORDER BY id")
MOVE_MESSAGES = Query("UPDATE message SET ticket_id = :into_id WHERE ticket_id = :ticket_id")
MOVE_REFS = Query("UPDATE message_ref SET ticket_id = :into_id WHERE ticket_id = :ticket_id")
MOVE_MESSAGE = Query("UPDATE message SET ticket_id = :into_id WHERE id = :id AND ticket_id = :ticket_id")
MOVE_REF = Query("UPDATE message_ref SET ticket_id = :into_id WHERE id = :id AND ticket_id = :ticket_id")
MOVE_REF_NAMED = Query(
    "UPDATE message_ref SET ticket_id = :into_id WHERE ticket_id = :ticket_id AND remote_id = :remote_id"
    " AND NOT is_ours"
)
# Money that hangs on a ticket: work that stands, and contacts in closed time that were billed or may be.
WORK_ON = Query("SELECT id FROM work_item WHERE ticket_id = :ticket_id AND reversed_at IS NULL LIMIT 1")
CONTACT_ON = Query(
    "SELECT id FROM contact_charge WHERE ticket_id = :ticket_id AND outcome IN ('', 'billed', 'needs-yes') LIMIT 1"
)
JOINED_EVENT = Query(
    "SELECT detail_json FROM event WHERE ticket_id = :ticket_id AND kind = 'joined to another' ORDER BY id DESC LIMIT 1"
)
# What people wrote, the newest first: the second one tells whether anything would be left.
LAST_WORDS = Query(
    "SELECT m.id, m.subject, m.text_written, m.body_text, m.channel, m.remote_id, m.trust, m.written_at, m.handle_id,"
    " h.address, h.display_name, h.contact_id FROM message m JOIN handle h ON h.id = m.handle_id"
    " WHERE m.ticket_id = :ticket_id AND m.direction = 'in' AND m.automatic = '' AND m.removed_at IS NULL"
    " ORDER BY m.id DESC LIMIT 2"
)
SUBJECTS = Query("SELECT DISTINCT subject FROM message WHERE ticket_id = :ticket_id AND direction = 'in'")
LATELY_OF_CONTACT = Query(
    "SELECT id, state, claimant_id, lead_id, opened_at, joined_to_id FROM ticket WHERE contact_id = :contact_id"
    " AND opened_at > :since ORDER BY opened_at DESC LIMIT 12"
)
