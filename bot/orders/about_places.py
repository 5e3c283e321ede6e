"""Use cases of conversations that belong to a client: in those, every message is meant for the desk."""

from __future__ import annotations

from bot import people
from bot.commands import GivePlace, PlaceList
from bot.commands.about_places import CONVERSATIONS
from bot.errors import UserError
from bot.messages import TELEGRAM, Answer, Place
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.queries import places as queries
from bot.scene import Scene
from bot.sentences import sentence


def give(scene: Scene, actor: Actor, command: GivePlace) -> Answer:
    """Give a conversation to a client, or to nobody; the one it is written in, where none is named."""
    place = _meant(scene, command)
    if scene.policy.is_staff_place(place):
        raise UserError(sentence("place own"))
    where = f"{place.channel} {place.conversation}"
    bare = place.conversation.rpartition(":")[2]
    had = scene.tx.run(queries.TAKE, channel=place.channel, conversation=place.conversation, bare=bare)
    if not command.client:
        if not had:
            raise UserError(sentence("place nobody", place=where))
        scene.record("place taken", actor=actor.label, reason=where)
        return Answer(sentence("place taken", place=where))
    client = people.client_by_code(scene.tx, command.client)
    scene.tx.run(queries.GIVE, channel=place.channel, conversation=place.conversation, client_id=client.id)
    scene.record("place given", client_id=client.id, actor=actor.label, reason=where)
    if place.channel == TELEGRAM:
        return Answer(sentence("place given telegram", place=where, client=client.name))
    return Answer(sentence("place given", place=where, client=client.name))


def _meant(scene: Scene, command: GivePlace) -> Place:
    if command.channel:
        return Place(command.channel, command.conversation)
    here = scene.place
    if here is None or here.channel not in CONVERSATIONS:
        raise UserError(sentence("place which"))
    pattern, example = CONVERSATIONS[here.channel]
    if not pattern.fullmatch(here.conversation):
        raise UserError(sentence("place no group", channel=here.channel, usage=example))
    return Place(here.channel, here.conversation)


def list_places(scene: Scene, actor: Actor, command: PlaceList) -> Answer:
    rows = scene.tx.all(queries.ALL)
    if not rows:
        return Answer(sentence("place none"))
    return Answer("\n".join(f"{row.code} {row.name}: {row.channel} {row.conversation}" for row in rows))


USE_CASES: UseCases = {GivePlace: give, PlaceList: list_places}
