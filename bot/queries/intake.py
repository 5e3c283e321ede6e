"""Named queries of intake: the record of every message and command that came in."""

from __future__ import annotations

from bot.store import Query

RECORD = Query(
    "INSERT INTO inbound (channel, key, received_at, raw_sha256) VALUES (:channel, :key, :received_at, :raw_sha256)"
    " ON CONFLICT (channel, key) DO NOTHING RETURNING id"
)
FIRST_OUTCOME = Query("SELECT id, outcome, ticket_id, answer_json FROM inbound WHERE channel = :channel AND key = :key")
SETTLE = Query(
    "UPDATE inbound SET outcome = :outcome, ticket_id = :ticket_id, answer_json = :answer_json, reason = :reason"
    " WHERE id = :id"
)
QUARANTINE = Query(
    "INSERT INTO inbound (channel, key, received_at, outcome, raw_sha256, error_id, reason) VALUES"
    " (:channel, :key, :received_at, 'quarantined', :raw_sha256, :error_id, :reason)"
    " ON CONFLICT (channel, key) DO UPDATE SET reason = excluded.reason RETURNING id"
)
BY_ID = Query(
    "SELECT id, channel, key, received_at, outcome, raw_sha256, error_id, reason, removed_at, removed_after_days"
    " FROM inbound WHERE id = :id"
)
# The key is freed, so that the message is received as if it came for the first time.
RELEASE = Query(
    "UPDATE inbound SET outcome = 'requeued', key = key || ':requeued:' || CAST(id AS TEXT) WHERE id = :id"
    " AND outcome = 'quarantined'"
)
