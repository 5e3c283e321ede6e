"""Named queries of what came back: deliveries that bounced, and addresses that are in trouble."""

from __future__ import annotations

from bot.store import Query

_DELIVERY = (
    "SELECT id, key, kind, send_class, lane, ticket_id, handle_id, consultant_id, contact_id, channel, address,"
    " notice_json, files_json, state, due_at, expires_at, bounces, created_at FROM delivery"
)
DELIVERY = Query(_DELIVERY + " WHERE id = :id {for_update}")
OF_TICKET_BY_NAME = Query(
    _DELIVERY + " WHERE ticket_id = :ticket_id AND remote_id = :remote_id ORDER BY id DESC LIMIT 1 {for_update}"
)
LAST_TO = Query(
    _DELIVERY + " WHERE ticket_id = :ticket_id AND handle_id = :handle_id AND channel = :channel"
    " AND state IN ('sent', 'leased') ORDER BY id DESC LIMIT 1 {for_update}"
)
# A bounce may come before the courier has noted that it sent: its lease is void then.
CAME_BACK = Query(
    "UPDATE delivery SET state = 'bounced', due_at = :due_at, bounces = bounces + 1, attempts = 0,"
    " first_tried_at = NULL, lease_token = '', settled_at = :now, error = :error WHERE id = :id"
)
# Another answer of a person that arrived, as far as anybody knows, or still may.
OTHER_ANSWER = Query(
    "SELECT id FROM delivery WHERE ticket_id = :ticket_id AND kind = 'replied' AND id <> :id"
    " AND state IN ('sent', 'pending', 'leased') LIMIT 1"
)
CAME_BACK_SINCE = Query(
    "SELECT COUNT(*) AS many FROM delivery WHERE handle_id = :handle_id AND created_at > :since AND state = 'bounced'"
)
# What waits to be sent to a handle: written lately, for older mail is past its last try.
WAITING_FOR = Query(
    _DELIVERY + " WHERE handle_id = :handle_id AND created_at > :since AND due_at IS NOT NULL"
    " AND state IN ('pending', 'bounced') ORDER BY id {for_update}"
)
FOUND_DEAD = Query(
    "UPDATE handle SET is_dead = true, trouble = :trouble, trouble_at = :now WHERE id = :handle_id AND NOT is_dead"
)
COMPLAINED = Query(
    "UPDATE handle SET is_stopped = true, trouble = :trouble, trouble_at = :now WHERE id = :handle_id"
    " AND NOT is_stopped"
)
# What the person asked for with `stop` is nobody else's to lift; what a complaint stopped is.
LIFT = Query(
    "UPDATE handle SET is_dead = false, is_stopped = is_stopped AND trouble NOT LIKE 'complaint:%', trouble = '',"
    " trouble_at = NULL WHERE id = :handle_id AND (is_dead OR trouble_at IS NOT NULL)"
)
LIFT_DEATH = Query(
    "UPDATE handle SET is_dead = false, trouble = CASE WHEN is_stopped THEN trouble ELSE '' END,"
    " trouble_at = CASE WHEN is_stopped THEN trouble_at END WHERE id = :handle_id AND is_dead"
)
DIGESTS = Query("UPDATE handle SET is_digest_off = :is_off WHERE id = :handle_id AND is_digest_off <> :is_off")
DIGESTS_ENDED = Query("SELECT id FROM handle WHERE consultant_id = :consultant_id AND is_digest_off")
IN_TROUBLE = Query(
    "SELECT h.channel, h.address, h.trouble, h.trouble_at, h.is_dead, h.is_stopped, k.name AS contact_name,"
    " s.name AS consultant_name FROM handle h LEFT JOIN contact k ON k.id = h.contact_id"
    " LEFT JOIN consultant s ON s.id = h.consultant_id WHERE h.trouble_at IS NOT NULL ORDER BY h.trouble_at DESC"
    " LIMIT :limit"
)
