"""Named queries of tickets, their messages, offers and events."""

from __future__ import annotations

from bot.store import Query

_TICKET = (
    "SELECT id, client_id, contact_id, handle_id, channel, conversation, thread, subject, state, priority,"
    " priced_priority, rule, why_json, expertise, lead_id, claimant_id, opened_at, hold_until_at, step, step_at,"
    " respond_by, promise_at, responded_at, claimed_at, resolved_at, closed_at, close_at, remind_at, is_booked,"
    " is_direct, is_billing_on_hold, chasers, joined_to_id, failures, version FROM ticket"
)

BY_ID = Query(_TICKET + " WHERE id = :ticket_id")
LOCKED = Query(_TICKET + " WHERE id = :ticket_id {for_update}")
SAVE_HOLD = Query(
    "UPDATE ticket SET state = :state, hold_until_at = :hold_until_at, step = :step, step_at = :step_at,"
    " version = version + 1 WHERE id = :ticket_id AND version = :version"
)
SAVE = Query(
    "UPDATE ticket SET client_id = :client_id, contact_id = :contact_id, state = :state, priority = :priority,"
    " priced_priority = :priced_priority,"
    " rule = :rule, why_json = :why_json, lead_id = :lead_id, claimant_id = :claimant_id,"
    " hold_until_at = :hold_until_at, step = :step, step_at = :step_at, respond_by = :respond_by,"
    " promise_at = :promise_at, responded_at = :responded_at, claimed_at = :claimed_at,"
    " resolved_at = :resolved_at, closed_at = :closed_at, close_at = :close_at, remind_at = :remind_at,"
    " is_booked = :is_booked, is_billing_on_hold = :is_billing_on_hold, chasers = :chasers,"
    " joined_to_id = :joined_to_id, failures = 0,"
    " version = version + 1 WHERE id = :ticket_id AND version = :version"
)
LATEST_OF_HANDLE = Query(
    _TICKET + " WHERE handle_id = :handle_id AND conversation = :conversation AND state <> 'closed'"
    " AND opened_at > :since ORDER BY opened_at DESC LIMIT 1"
)

REF = Query(
    "SELECT ticket_id FROM message_ref WHERE channel = :channel AND remote_id = :remote_id"
    " AND conversation = :conversation ORDER BY id DESC LIMIT 1"
)
# What one reader has seen of a thread: what people wrote, and of the desk's own what went to that very address.
# The names of other deliveries are nobody else's: who knows one could speak of it as a mail system does.
REFS_SEEN = Query(
    "SELECT r.remote_id FROM message_ref r WHERE r.ticket_id = :ticket_id AND r.channel = :channel AND (NOT r.is_ours"
    " OR EXISTS (SELECT 1 FROM delivery d WHERE d.ticket_id = r.ticket_id AND d.handle_id = :handle_id"
    " AND d.remote_id = r.remote_id)) ORDER BY r.id DESC LIMIT 20"
)
MESSAGES = Query(
    "SELECT m.id, m.direction, m.channel, m.subject, m.text_written, m.body_text, m.trust, m.automatic, m.written_at,"
    " m.removed_at, m.removed_after_days, m.handle_id, m.consultant_id, h.display_name, h.address,"
    " k.name AS contact_name, s.name AS consultant_name"
    " FROM message m LEFT JOIN handle h ON h.id = m.handle_id LEFT JOIN contact k ON k.id = h.contact_id"
    " LEFT JOIN consultant s ON s.id = m.consultant_id"
    " WHERE m.ticket_id = :ticket_id ORDER BY m.id"
)
HANDLES_OF_TICKET = Query("SELECT DISTINCT handle_id FROM message WHERE ticket_id = :ticket_id AND direction = 'in'")
ATTACHMENTS = Query(
    "SELECT a.filename, a.content_type, a.size_bytes, a.sha256, a.is_inline, a.is_folded, a.message_id, a.removed_at,"
    " a.removed_after_days"
    " FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.ticket_id = :ticket_id ORDER BY a.id"
)
# From whom a file came before; a few tell enough.
SENDERS_OF_FILE = Query(
    "SELECT h.address FROM attachment a JOIN message m ON m.id = a.message_id JOIN handle h ON h.id = m.handle_id"
    " WHERE a.sha256 = :sha256 AND m.direction = 'in' ORDER BY a.id DESC LIMIT 20"
)
# The mails of a ticket as they came.
ORIGINALS = Query(
    "SELECT m.id, m.subject, m.written_at, i.raw_sha256, i.removed_at, i.removed_after_days FROM message m"
    " JOIN inbound i ON i.id = m.inbound_id"
    " WHERE m.ticket_id = :ticket_id AND m.channel = 'email' AND i.raw_sha256 <> '' ORDER BY m.id"
)
CONVERSATION_SINCE = Query(
    "SELECT id, direction, channel, written_at, text_written FROM message"
    " WHERE ticket_id = :ticket_id AND written_at > :since"
    " AND automatic = '' ORDER BY id"
)

EVENTS = Query(
    "SELECT id, at, kind, actor, consultant_id, reason, detail_json FROM event WHERE ticket_id = :ticket_id ORDER BY id"
)

OFFERED_TO = Query("SELECT consultant_id, step, answer FROM offer WHERE ticket_id = :ticket_id")
OFFER_NEW = Query(
    "INSERT INTO offer (ticket_id, consultant_id, step, offered_at) VALUES (:ticket_id, :consultant_id, :step, :now)"
    " ON CONFLICT (ticket_id, consultant_id) DO UPDATE SET step = excluded.step, offered_at = excluded.offered_at,"
    " answer = ''"
)
# Who takes a ticket that was never offered to them is remembered too: giving it back, they are not asked for it.
OFFER_CLAIMED = Query(
    "INSERT INTO offer (ticket_id, consultant_id, step, offered_at, answer)"
    " VALUES (:ticket_id, :consultant_id, :step, :now, 'claimed')"
    " ON CONFLICT (ticket_id, consultant_id) DO UPDATE SET answer = excluded.answer"
)
OFFER_ANSWER = Query(
    "UPDATE offer SET answer = :answer WHERE ticket_id = :ticket_id AND consultant_id = :consultant_id"
)

STEPS_DUE = Query(_TICKET + " WHERE step_at <= :now ORDER BY step_at, id LIMIT :limit {skip_locked}")
PROMISES_DUE = Query(_TICKET + " WHERE promise_at <= :now ORDER BY promise_at, id LIMIT :limit {skip_locked}")
CLOSES_DUE = Query(_TICKET + " WHERE close_at <= :now ORDER BY close_at, id LIMIT :limit {skip_locked}")
REMINDERS_DUE = Query(_TICKET + " WHERE remind_at <= :now ORDER BY remind_at, id LIMIT :limit {skip_locked}")
STEP_FAILED = Query("UPDATE ticket SET failures = failures + 1, step_at = :again_at WHERE id = :id")
PROMISE_FAILED = Query("UPDATE ticket SET failures = failures + 1, promise_at = :again_at WHERE id = :id")
CLOSE_FAILED = Query("UPDATE ticket SET failures = failures + 1, close_at = :again_at WHERE id = :id")
REMINDER_FAILED = Query("UPDATE ticket SET failures = failures + 1, remind_at = :again_at WHERE id = :id")

NOTE_OF = Query(
    "SELECT id FROM message WHERE ticket_id = :ticket_id AND consultant_id = :consultant_id AND direction = 'note'"
    " LIMIT 1"
)

# Open ones, of which no event of that kind is there yet.
ANSWERED_IN = Query(
    "SELECT t.id, t.client_id FROM ticket t WHERE t.channel = :channel AND t.conversation = :conversation"
    " AND t.state IN ('unverified', 'held', 'offered', 'claimed', 'waiting') AND NOT EXISTS"
    " (SELECT 1 FROM event e WHERE e.ticket_id = t.id AND e.kind = :kind) ORDER BY t.id"
)
# A Slack channel may have been named without its workspace.
PLACE = Query("SELECT client_id FROM place WHERE channel = :channel AND conversation IN (:conversation, :bare) LIMIT 1")
PRICED_HISTORY = Query(
    "SELECT at, detail_json FROM event WHERE ticket_id = :ticket_id AND kind IN"
    " ('triaged', 'priority raised', 'priority lowered', 'price confirmed') ORDER BY id"
)
HELD_FOR = Query("SELECT id FROM ticket WHERE lead_id = :consultant_id AND state = 'held'")
STRAYS_OF_HANDLE = Query(
    "SELECT id FROM ticket WHERE handle_id = :handle_id AND client_id IS NULL AND state <> 'closed' ORDER BY id"
)
