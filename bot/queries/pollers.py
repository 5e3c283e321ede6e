"""Named queries of the pollers' bookmarks and leases."""

from __future__ import annotations

from bot.store import Query

# Taken when it is free, run out, or ours already; the fence grows with every change of hands.
TAKE = Query(
    "INSERT INTO poller (name, position_json, holder, fence, lease_until_at)"
    " VALUES (:name, '{}', :holder, 1, :until) ON CONFLICT (name) DO UPDATE SET"
    " fence = CASE WHEN poller.holder = excluded.holder THEN poller.fence ELSE poller.fence + 1 END,"
    " holder = excluded.holder, lease_until_at = excluded.lease_until_at"
    " WHERE poller.holder = excluded.holder OR poller.holder = '' OR poller.lease_until_at < :now"
)
GIVE_BACK = Query("UPDATE poller SET holder = '' WHERE name = :name AND holder = :holder")
POSITION = Query("SELECT position_json FROM poller WHERE name = :name")
SAVE = Query("UPDATE poller SET position_json = :position_json WHERE name = :name AND holder = :holder")
