"""Named queries that move a conversation to its new id. They run a few times in a desk's life."""

from __future__ import annotations

from bot.store import Query

RARE = "a group is moved once in its life"

TICKETS = Query("UPDATE ticket SET conversation = :new WHERE channel = :channel AND conversation = :old", scans=RARE)
DELIVERIES = Query(
    "UPDATE delivery SET conversation = :new WHERE channel = :channel AND conversation = :old AND due_at IS NOT NULL",
    scans=RARE,
)
PLACE = Query("SELECT id FROM place WHERE channel = :channel AND conversation = :conversation")
PLACES = Query("UPDATE place SET conversation = :new WHERE channel = :channel AND conversation = :old")
CARDS_DOUBLE = Query(
    "DELETE FROM card WHERE channel = :channel AND conversation = :old AND ticket_id IN"
    " (SELECT ticket_id FROM card WHERE channel = :channel AND conversation = :new)",
    scans=RARE,
)
# Shown anew when its ticket changes; those of open tickets at once (`cards.post_anew`).
CARDS = Query(
    "UPDATE card SET conversation = :new, thread = '', remote_conversation = '', remote_id = ''"
    " WHERE channel = :channel AND conversation = :old",
    scans=RARE,
)
# One that is due is in the courier's hands, or will be. Without a token it is nobody's, and a change brings it forward.
CARDS_OF_OPEN = Query(
    "SELECT k.id FROM card k JOIN ticket t ON t.id = k.ticket_id WHERE k.channel = :channel"
    " AND k.conversation = :conversation AND k.due_at IS NULL AND k.remote_id = ''"
    " AND t.state IN ('unverified', 'held', 'offered', 'claimed', 'waiting') ORDER BY t.priority, t.opened_at, t.id",
    scans=RARE,
)
CARD_ANEW = Query("UPDATE card SET due_at = :due_at, lease_token = '', attempts = 0 WHERE id = :id AND due_at IS NULL")

AT_A_START = "once at each start"
MOVES = Query("SELECT name, value_json FROM setting WHERE name LIKE 'moved:%'", scans="the desk's own settings: few")
CARD_PLACES = Query("SELECT DISTINCT conversation FROM card WHERE channel = :channel", scans=AT_A_START)
CARDS_FORGET = Query("DELETE FROM card WHERE channel = :channel AND conversation = :conversation", scans=AT_A_START)
WITHOUT_CARD = Query(
    "SELECT t.id FROM ticket t WHERE t.state IN ('unverified', 'held', 'offered', 'claimed', 'waiting')"
    " AND NOT EXISTS (SELECT 1 FROM card k WHERE k.ticket_id = t.id AND k.channel = :channel)"
    " ORDER BY t.priority, t.opened_at, t.id"
)
CARD_STAND = Query(
    "INSERT INTO card (ticket_id, channel, conversation, thread, wanted_version, shown_version, due_at)"
    " VALUES (:ticket_id, :channel, :conversation, '', 1, 0, :due_at) ON CONFLICT DO NOTHING"
)
