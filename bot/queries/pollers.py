"""Named queries of the pollers' bookmarks and leases."""

from __future__ import annotations

from bot.store import Query

# Taken when it is free, run out, or ours already. Whoever lost it saves nothing more: each process is a holder.
TAKE = Query(
    "INSERT INTO poller (name, position_json, holder, lease_until_at)"
    " VALUES (:name, '{}', :holder, :until) ON CONFLICT (name) DO UPDATE SET"
    " holder = excluded.holder, lease_until_at = excluded.lease_until_at"
    " WHERE poller.holder = excluded.holder OR poller.holder = '' OR poller.lease_until_at < :now"
)
GIVE_BACK = Query("UPDATE poller SET holder = '' WHERE name = :name AND holder = :holder")
POSITION = Query("SELECT position_json FROM poller WHERE name = :name")
SAVE = Query("UPDATE poller SET position_json = :position_json WHERE name = :name AND holder = :holder")
