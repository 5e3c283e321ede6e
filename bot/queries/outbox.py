"""Named queries of the outbox: deliveries and cards."""

from __future__ import annotations

from bot.store import Query

# On one ticket: how many of this class within a day, when the last was, and when one of them is due that still waits.
# (Asked for all of its days: by the instant, SQLite would rather go through everything that the person got.)
RECENT_ON_TICKET = Query(
    "SELECT SUM(CASE WHEN created_at > :since THEN 1 ELSE 0 END) AS in_thread,"
    " MAX(COALESCE(settled_at, created_at)) AS last_in_thread_at,"
    " MIN(CASE WHEN state = 'pending' AND created_at > :since THEN due_at END) AS waiting_in_thread_at,"
    " (SELECT is_stopped FROM handle WHERE id = :handle_id) AS is_stopped FROM delivery"
    " WHERE ticket_id = :ticket_id AND handle_id = :handle_id AND send_class = :send_class"
    " AND state NOT IN ('held', 'folded')"
)
# The same over all tickets, of the latest `limit` at most: `counted` is how many there were, on any of them, and
# `lately_in_thread` how many since `lately_at`. A delivery on no ticket has 0 for one.
RECENT_TO_HANDLE = Query(
    "SELECT COUNT(*) AS counted, SUM(CASE WHEN ticket = :ticket_id THEN 1 ELSE 0 END) AS in_thread,"
    " SUM(CASE WHEN ticket = :ticket_id AND created_at > :lately_at THEN 1 ELSE 0 END) AS lately_in_thread,"
    " MAX(CASE WHEN ticket = :ticket_id THEN COALESCE(settled_at, created_at) END) AS last_in_thread_at,"
    " MIN(CASE WHEN ticket = :ticket_id AND state = 'pending' THEN due_at END) AS waiting_in_thread_at,"
    " (SELECT is_stopped FROM handle WHERE id = :handle_id) AS is_stopped"
    " FROM (SELECT COALESCE(ticket_id, 0) AS ticket, send_class, state, created_at, settled_at, due_at FROM delivery"
    " WHERE handle_id = :handle_id AND created_at > :since ORDER BY created_at DESC LIMIT :limit) AS recent"
    " WHERE send_class = :send_class AND state NOT IN ('held', 'folded')"
)
# No row comes back where the same cause has written it before.
POST = Query(
    "INSERT INTO delivery (key, kind, send_class, lane, ticket_id, handle_id, consultant_id, contact_id, channel,"
    " address, conversation, thread, notice_json, files_json, state, error, due_at, expires_at, created_at)"
    " VALUES (:key, :kind, :send_class, :lane, :ticket_id, :handle_id, :consultant_id, :contact_id, :channel,"
    " :address, :conversation, :thread, :notice_json, :files_json, :state, :error, :due_at, :expires_at, :created_at)"
    " ON CONFLICT (key) DO NOTHING RETURNING id"
)
# Order holds per ticket, person and lane: a delivery waits for the older ones that are still under way.
DUE = Query(
    "SELECT d.id, d.key, d.kind, d.send_class, d.lane, d.ticket_id, d.handle_id, d.consultant_id, d.contact_id,"
    " d.channel, d.address, d.conversation, d.thread, d.notice_json, d.files_json, d.due_at, d.expires_at, d.attempts,"
    " d.first_tried_at, d.created_at, (SELECT t.opened_at FROM ticket t WHERE t.id = d.ticket_id) AS opened_at,"
    " (SELECT k.role FROM contact k WHERE k.id = d.contact_id AND k.is_active) AS role"
    " FROM delivery d"
    " WHERE d.channel = :channel AND d.due_at <= :now AND d.lane = :lane AND NOT EXISTS ("
    "SELECT 1 FROM delivery e WHERE e.ticket_id = d.ticket_id AND e.handle_id = d.handle_id AND e.lane = d.lane"
    " AND e.id < d.id AND e.state IN ('pending', 'leased')) ORDER BY d.due_at, d.id LIMIT :limit {skip_locked}"
)
FOLDABLE = Query(
    "SELECT id, notice_json FROM delivery WHERE ticket_id = :ticket_id AND handle_id = :handle_id AND lane = :lane"
    " AND id > :id AND state = 'pending' AND send_class = 'contact' AND due_at <= :now AND files_json = '[]'"
    " ORDER BY id"
)
REWRITE = Query("UPDATE delivery SET notice_json = :notice_json WHERE id = :id")
LEASE = Query(
    "UPDATE delivery SET state = 'leased', lease_token = :token, due_at = :until, attempts = attempts + 1,"
    " first_tried_at = :first_tried_at WHERE id = :id"
)
RENEW = Query("UPDATE delivery SET due_at = :until WHERE id = :id AND lease_token = :token AND state = 'leased'")
SETTLE = Query(
    "UPDATE delivery SET state = :state, due_at = NULL, settled_at = :now, error = :error,"
    " remote_conversation = :remote_conversation, remote_id = :remote_id WHERE id = :id AND lease_token = :token"
    " AND state = 'leased'"
)
SETTLE_UNLEASED = Query(
    "UPDATE delivery SET state = :state, due_at = NULL, settled_at = :now, error = :error WHERE id = :id"
)
DELAY = Query(
    "UPDATE delivery SET state = 'pending', due_at = :due_at, error = :error WHERE id = :id AND lease_token = :token"
    " AND state = 'leased'"
)
WITHDRAW_OFFERS = Query(
    "UPDATE delivery SET state = 'expired', due_at = NULL, settled_at = :now, error = 'no longer on offer'"
    " WHERE ticket_id = :ticket_id AND kind = 'offered' AND state = 'pending'"
)
TROUBLED_OF_TICKET = Query(
    "SELECT id, kind, channel, address, state, error, due_at, created_at FROM delivery WHERE ticket_id = :ticket_id"
    " AND state IN ('held', 'dead', 'expired', 'bounced') ORDER BY id"
)

AUTOMATIC_SINCE = Query(
    "SELECT COUNT(*) AS sent FROM (SELECT id FROM delivery WHERE state IN ('sent', 'bounced') AND created_at > :since"
    " AND send_class <> 'typed' LIMIT :limit) AS lately"
)
RELEASE_HELD = Query(
    "UPDATE delivery SET state = 'pending', due_at = :now, error = '' WHERE state = 'held' AND error = :reason"
    " AND (expires_at IS NULL OR expires_at > :now)"
)

CARD_WANT = Query(
    "INSERT INTO card (ticket_id, channel, conversation, thread, wanted_version, shown_version, due_at)"
    " VALUES (:ticket_id, :channel, :conversation, '', 1, 0, :now) ON CONFLICT (ticket_id, channel, conversation)"
    " DO UPDATE SET wanted_version = card.wanted_version + 1, due_at = COALESCE(card.due_at, excluded.due_at)"
)
# One that was never taken up, and is to be posted later (`cards.stand`), is due now.
CARDS_TOUCH = Query(
    "UPDATE card SET wanted_version = wanted_version + 1, attempts = 0,"
    " due_at = CASE WHEN due_at IS NULL OR lease_token = '' THEN :now ELSE due_at END WHERE ticket_id = :ticket_id"
)
CARDS_DUE = Query(
    "SELECT id, ticket_id, channel, conversation, thread, wanted_version, shown_version, remote_conversation,"
    " remote_id, attempts FROM card WHERE channel = :channel AND due_at <= :now ORDER BY due_at LIMIT :limit"
    " {skip_locked}"
)
CARD_LEASE = Query("UPDATE card SET lease_token = :token, due_at = :until, attempts = attempts + 1 WHERE id = :id")
# A version that grew while the card was being shown makes it due again at once.
CARD_SHOWN = Query(
    "UPDATE card SET shown_version = :version, remote_conversation = :remote_conversation, remote_id = :remote_id,"
    " thread = CASE WHEN :thread = '' THEN thread ELSE :thread END,"
    " attempts = 0, error = '', due_at = CASE WHEN wanted_version > :version THEN :now ELSE NULL END"
    " WHERE id = :id AND lease_token = :token"
)
CARD_DELAY = Query("UPDATE card SET due_at = :due_at, error = :error WHERE id = :id AND lease_token = :token")
