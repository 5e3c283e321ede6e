"""What a channel learns of itself: a person left it, a conversation was closed, the desk was cut off.

Nothing is lost by any of these: what waits goes to each person's next channel. A manager hears of it, because only a
person can mend it.
"""

from __future__ import annotations

from functools import partial

from bot import notices, people
from bot.messages import News
from bot.queries import people as people_queries
from bot.queries import tickets as ticket_queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_managers


def take(scene: Scene, news: News) -> None:
    """Act on news, and tell a manager where it concerns somebody the desk knows. A repeat tells nobody again."""
    name = news.place.conversation if news.place is not None else ""
    if news.handle is not None:
        row = scene.tx.one(people_queries.HANDLE_BY_ADDRESS, channel=news.channel, address=news.handle.address)
        if row is None:
            return
        people.mark_dead(scene.tx, row.id, f"{news.what}: {news.reason}", now=scene.now)
        if row.contact_id is None and row.consultant_id is None:
            return
        name = _name_of(scene, row) or row.display_name or row.address
    elif news.place is not None and not _is_ours(scene, news):
        return
    scene.record(f"channel: {news.what}", reason=news.reason, channel=news.channel, name=name)
    told = partial(notices.channel_trouble, what=news.what, channel=news.channel, name=name, reason=news.reason)
    tell_managers(scene, told, ticket_id=None, is_page=news.what == "cut off")


def _name_of(scene: Scene, handle: Row) -> str:
    """Who it is by the desk's own books: an account's name may be any."""
    if handle.contact_id is not None:
        person = scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=handle.contact_id)
    else:
        person = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=handle.consultant_id)
    return str(person.name) if person is not None else ""


def _is_ours(scene: Scene, news: News) -> bool:
    assert news.place is not None
    if scene.policy.is_staff_place(news.place):
        return True
    conversation = news.place.conversation
    bare = conversation.rpartition(":")[2]
    place = scene.tx.one(ticket_queries.PLACE, channel=news.channel, conversation=conversation, bare=bare)
    return place is not None and place.client_id is not None
