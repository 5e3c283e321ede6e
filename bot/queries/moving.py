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
# A card that is shown anew only when its ticket changes: else a hundred old ones would be posted at once.
CARDS = Query(
    "UPDATE card SET conversation = :new, thread = '', remote_conversation = '', remote_id = ''"
    " WHERE channel = :channel AND conversation = :old",
    scans=RARE,
)
