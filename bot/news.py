"""What a channel learns of itself: a person left it, a conversation was closed, the desk was cut off.

Nothing is lost by any of these: what waits goes to each person's next channel. A manager hears of it, because only a
person can mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot import notices, people
from bot.messages import News, Place
from bot.queries import people as people_queries
from bot.queries import tickets as ticket_queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_managers

CLOSED = "conversation closed"


def take(scene: Scene, news: News) -> None:
    """Act on news, and tell a manager where it concerns somebody the desk knows. A repeat tells nobody again.

    Of a conversation that is neither the staff's nor a client's: once, while a ticket is answered there.
    """
    name = news.place.conversation if news.place is not None else ""
    if news.handle is not None:
        row = scene.tx.one(people_queries.HANDLE_BY_ADDRESS, channel=news.channel, address=news.handle.address)
        if row is None:
            return
        people.mark_dead(scene.tx, row.id, f"{news.what}: {news.reason}", now=scene.now)
        if row.contact_id is None and row.consultant_id is None:
            return
        name = _name_of(scene, row) or row.display_name or row.address
    untold = _untold(scene, news.place, news.reason) if news.place is not None else []
    if news.place is not None and not untold and not _is_ours(scene, news.place):
        return
    _tell(scene, news, name, untold)


def refuse_place(scene: Scene, place: Place, reason: str) -> None:
    """What was to be said in a conversation is refused, for it is closed to us; the service may have said so before."""
    untold = _untold(scene, place, reason)
    if untold:
        _tell(scene, News(place.channel, "", "closed", reason, place=place), place.conversation, untold)


def _tell(scene: Scene, news: News, name: str, ticket_ids: Sequence[int]) -> None:
    scene.record(f"channel: {news.what}", reason=news.reason, channel=news.channel, name=name)
    told = partial(
        notices.channel_trouble,
        what=news.what,
        channel=news.channel,
        name=name,
        reason=news.reason,
        ticket_ids=tuple(ticket_ids),
    )
    tell_managers(scene, told, ticket_id=None, is_page=news.what == "cut off")


def _untold(scene: Scene, place: Place, reason: str) -> list[int]:
    """The open tickets that are answered there, and of which nobody was told so: from now on they are told of."""
    rows = scene.tx.all(ticket_queries.ANSWERED_IN, channel=place.channel, conversation=place.conversation, kind=CLOSED)
    for row in rows:
        scene.record(CLOSED, ticket_id=row.id, client_id=row.client_id, reason=reason)
    return [row.id for row in rows]


def _name_of(scene: Scene, handle: Row) -> str:
    """Who it is by the desk's own books: an account's name may be any."""
    if handle.contact_id is not None:
        person = scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=handle.contact_id)
    else:
        person = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=handle.consultant_id)
    return str(person.name) if person is not None else ""


def _is_ours(scene: Scene, place: Place) -> bool:
    if scene.policy.is_staff_place(place):
        return True
    bare = place.conversation.rpartition(":")[2]
    row = scene.tx.one(ticket_queries.PLACE, channel=place.channel, conversation=place.conversation, bare=bare)
    return row is not None and row.client_id is not None
