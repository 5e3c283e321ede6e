"""The breaker: when the desk by itself writes far more than it ever should, it stops, and a manager hears of it.

A loop that no other limit caught ends here. What would have gone out is held, not lost, and leaves when the hour has
calmed down; words typed by a person pass. Source: design, "What we send is bounded".
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

from bot import notices
from bot.outbox import BREAKER, release_held
from bot.queries import clockwork
from bot.queries import outbox as queries
from bot.scene import Scene
from bot.telling import tell_managers

HOUR = timedelta(hours=1)


def watch_breaker(scene: Scene) -> None:
    """Open the breaker over its limit, close it at half of that; told once, when it opens."""
    limit = scene.policy.limits.breaker_per_hour
    row = scene.tx.one(queries.AUTOMATIC_SINCE, since=scene.now - HOUR, limit=limit + 1)
    sent = int(row.sent) if row is not None else 0
    is_open = scene.tx.one(clockwork.SETTING, name=BREAKER) is not None
    if sent > limit and not is_open:
        scene.record("breaker opened", reason=f"more than {limit} automatic messages within an hour")
        # Told before the breaker holds what the desk writes.
        tell_managers(scene, partial(notices.breaker_opened, limit=limit), ticket_id=None, is_page=True)
        value = json.dumps({"at": scene.now.isoformat()})
        scene.tx.run(clockwork.SET, name=BREAKER, value_json=value, now=scene.now)
    elif is_open and sent <= limit // 2:
        scene.tx.run(clockwork.UNSET, name=BREAKER)
        released = release_held(scene.tx, scene.now)
        scene.record("breaker closed", reason=f"{released} held messages go out")
