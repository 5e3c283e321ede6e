"""A conversation got another id: what stands and waits in the old one goes on in the new one.

Telegram gives a group a new id when it becomes a supergroup. Messages and topics stay behind, so cards are posted anew,
those of open tickets at once and others when they change, and answers begin new threads; tickets, a client's own group
and waiting deliveries move along.
"""

from __future__ import annotations

import json
from functools import partial

from bot import notices
from bot.cards import post_anew
from bot.messages import Place
from bot.queries import clockwork
from bot.queries import moving as queries
from bot.scene import Scene
from bot.telling import tell_managers


def move(scene: Scene, channel: str, old: str, new: str) -> None:
    """Move everything from one conversation to the other; done once, however often it is told."""
    tx = scene.tx
    done = f"moved:{channel}:{old}"
    if old == new or tx.one(clockwork.SETTING, name=done) is not None:
        return
    tx.run(clockwork.SET, name=done, value_json=json.dumps(new), now=scene.now)
    names = {"channel": channel, "old": old, "new": new}
    tx.run(queries.TICKETS, **names)
    tx.run(queries.DELIVERIES, **names)
    if tx.one(queries.PLACE, channel=channel, conversation=new) is None:
        tx.run(queries.PLACES, **names)
    # A card that stands in the new place already was made there meanwhile, and stays the only one.
    tx.run(queries.CARDS_DOUBLE, **names)
    tx.run(queries.CARDS, **names)
    post_anew(tx, Place(channel, new), scene.now)
    scene.record("conversation moved", actor="desk", reason=new, channel=channel, conversation=old)
    if scene.policy.is_staff_place(Place(channel, old)):
        told = partial(notices.place_moved, channel=channel, old=old, new=new)
        tell_managers(scene, told, ticket_id=None)
