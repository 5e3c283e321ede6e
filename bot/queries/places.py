"""Named queries of conversations that belong to a client."""

from __future__ import annotations

from bot.store import Query

GIVE = Query(
    "INSERT INTO place (channel, conversation, client_id) VALUES (:channel, :conversation, :client_id)"
    " ON CONFLICT (channel, conversation) DO UPDATE SET client_id = excluded.client_id"
)
# A Slack channel may have been named without its workspace.
TAKE = Query(
    "DELETE FROM place WHERE channel = :channel AND conversation IN (:conversation, :bare) AND client_id IS NOT NULL"
)
ALL = Query(
    "SELECT p.channel, p.conversation, c.code, c.name FROM place p JOIN client c ON c.id = p.client_id"
    " ORDER BY c.code, p.channel, p.conversation",
    scans="a few conversations a client",
)
