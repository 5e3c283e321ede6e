"""Use cases of addresses in trouble and of digests. A mark is lifted by a manager, or by a mail from the address."""

from __future__ import annotations

from bot import people
from bot.commands import DigestHere, HandleLift, HandleTroubles
from bot.errors import NotFound, UserError
from bot.messages import Answer
from bot.orders.cutting import rest
from bot.orders.usecase import UseCases
from bot.orders.wording import clock_time
from bot.people import Actor
from bot.queries import bounces as queries
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row

LISTED_MAX = 100


def lift(scene: Scene, actor: Actor, command: HandleLift) -> Answer:
    row = scene.tx.one(people_queries.HANDLE_BY_ADDRESS, channel=command.channel, address=command.address)
    if row is None:
        raise NotFound(sentence("handle unknown", channel=command.channel, address=command.address))
    if not people.lift_trouble(scene.tx, row.id):
        raise UserError(sentence("handle fine", address=command.address))
    scene.record("mark lifted", actor=actor.label, reason=f"{command.channel} {command.address}")
    return Answer(sentence("handle lifted", address=command.address))


def troubles(scene: Scene, actor: Actor, command: HandleTroubles) -> Answer:
    rows = scene.tx.all(queries.IN_TROUBLE, limit=LISTED_MAX + 1)
    if not rows:
        return Answer(sentence("handle none"))
    lines = [_line(row, clock_time(row.trouble_at, scene, actor)) for row in rows[:LISTED_MAX]]
    return Answer(joined("\n", [*lines, *rest(rows, LISTED_MAX), sentence("handle how")]))


def _line(row: Row, since: str) -> str:
    return sentence(
        "handle dead" if row.is_dead else "handle stopped",
        address=row.address,
        channel=row.channel,
        name=row.contact_name or row.consultant_name or sentence("handle nobody"),
        at=since,
        reason=row.trouble,
    )


def digest_here(scene: Scene, actor: Actor, command: DigestHere) -> Answer:
    people.want_digests(scene.tx, actor.handle_id, is_wanted=command.is_wanted)
    scene.record("digests wanted" if command.is_wanted else "digests ended", actor=actor.label, reason=actor.channel)
    if command.is_wanted:
        return Answer(sentence("digest on"))
    return Answer(sentence("digest off"))


USE_CASES: UseCases = {HandleLift: lift, HandleTroubles: troubles, DigestHere: digest_here}
