"""Use cases of consultants: adding and changing them, requests to join. Source: mission, "People"."""

from __future__ import annotations

from functools import partial

from bot import notices, people
from bot.commands import (
    ConsultantAdd,
    ConsultantList,
    ConsultantSet,
    DeclineJoin,
    Invite,
    Join,
    MembershipList,
)
from bot.commands.settable import CONSULTANT, keys_of
from bot.errors import NotAllowed, UserError
from bot.laddering import climb_holds_of
from bot.messages import EMAIL, Answer, Handle
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.telling import tell_consultant, tell_managers
from bot.zones import next_reading

# What an assistant, who acts for a manager in all else, may give to nobody: least of all to themself.
MANAGERS_OWN = {"role": "role", "pay_basis_points": "pay", "pay_cents_json": "wage", "bank_account": "bank"}


def consultant_add(scene: Scene, actor: Actor, command: ConsultantAdd) -> Answer:
    _must_be_given_by_a_manager(actor, dict(command.settings))
    consultant_id = people.add_consultant(
        scene.tx, command.member_number, command.name, now=scene.now, language=scene.policy.language
    )
    _set(scene, consultant_id, dict(command.settings))
    people.give_handle(
        scene.tx, Handle(EMAIL, command.address, command.name), now=scene.now, consultant_id=consultant_id
    )
    scene.record("consultant added", actor=actor.label, consultant_id=consultant_id)
    return Answer(sentence("member added", name=command.name, number=command.member_number.upper()))


def consultant_set(scene: Scene, actor: Actor, command: ConsultantSet) -> Answer:
    _must_be_given_by_a_manager(actor, dict(command.settings))
    person = people.consultant_by_number(scene.tx, command.member_number)
    _set(scene, person.id, dict(command.settings))
    changed = keys_of(command.settings, CONSULTANT)
    scene.record("consultant changed", actor=actor.label, consultant_id=person.id, reason=changed)
    if dict(command.settings).get("status") == "suspended":
        climb_holds_of(scene, person.id, "the lead is suspended")
    return Answer(sentence("answer contact changed", name=person.name, what=changed))


def _must_be_given_by_a_manager(actor: Actor, values: dict[str, object]) -> None:
    given = [word for column, word in MANAGERS_OWN.items() if column in values]
    if given and not actor.is_manager:
        raise NotAllowed(sentence("member setting", what=", ".join(given)))


def _set(scene: Scene, consultant_id: int, values: dict[str, object]) -> None:
    """Change a consultant; who becomes a manager gets a digest from the next morning on."""
    people.set_consultant(scene.tx, consultant_id, values)
    row = scene.tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    assert row is not None
    digest_at = next_reading(row.zone, scene.policy.digest_time, scene.now) if row.role == "manager" else None
    people.set_consultant(scene.tx, consultant_id, {"digest_at": digest_at})


def consultant_list(scene: Scene, actor: Actor, command: ConsultantList) -> Answer:
    rows = scene.tx.all(people_queries.CONSULTANTS)
    return Answer(joined("\n", [_line(row, scene) for row in rows]) if rows else sentence("member none"))


def _line(row: Row, scene: Scene) -> str:
    is_away = row.away_until_at is not None and row.away_until_at > scene.now
    return sentence(
        "member line",
        number=row.member_number,
        name=row.name,
        role=row.role,
        state=sentence("member away") if is_away else sentence(f"member is {row.status}"),
        what=row.expertise or sentence("member no expertise"),
    )


# ---------------------------------------------------------------- joining


def join(scene: Scene, actor: Actor, command: Join) -> Answer:
    """A person asks for membership; a manager validates the expertise and invites."""
    settings = dict(command.settings)
    request_id = scene.tx.insert(
        "membership_request",
        name=command.name,
        address=command.address,
        expertise=str(settings.get("expertise", "")),
        zone=str(settings.get("zone", "UTC")),
        handle_id=actor.handle_id,
        asked_at=scene.now,
    )
    told = partial(
        notices.membership_asked,
        request_id=request_id,
        name=command.name,
        address=command.address,
        expertise=str(settings.get("expertise", "")),
    )
    tell_managers(scene, told, ticket_id=None)
    return Answer(sentence("answer join"))


def membership_list(scene: Scene, actor: Actor, command: MembershipList) -> Answer:
    rows = scene.tx.all(people_queries.REQUESTS)
    lines = [f"{row.id} {row.name} <{row.address}>: {row.expertise}" for row in rows]
    return Answer(joined("\n", lines) if lines else sentence("request none"))


def invite(scene: Scene, actor: Actor, command: Invite) -> Answer:
    request = _request(scene, command.request_id)
    consultant_id = people.add_consultant(
        scene.tx, command.member_number, request.name, now=scene.now, language=scene.policy.language
    )
    people.set_consultant(scene.tx, consultant_id, {"expertise": request.expertise, "zone": request.zone})
    # The address was typed by the applicant: the invitation that goes there is what proves it.
    handle = Handle(EMAIL, request.address, request.name)
    people.give_handle(scene.tx, handle, now=scene.now, consultant_id=consultant_id)
    _end(scene, actor, command.request_id, "invited")
    number = command.member_number.upper()
    told = partial(notices.invited, member_number=number)
    if tell_consultant(scene, consultant_id, told, ticket_id=None) is None:
        return Answer(sentence("member untold", name=request.name, number=number, address=request.address))
    return Answer(sentence("member told", name=request.name, number=number))


def decline_join(scene: Scene, actor: Actor, command: DeclineJoin) -> Answer:
    request = _request(scene, command.request_id)
    _end(scene, actor, command.request_id, "declined", reason=command.reason)
    return Answer(sentence("request declined", name=request.name))


def _request(scene: Scene, request_id: int) -> Row:
    row = scene.tx.one(people_queries.REQUEST, id=request_id)
    if row is None or row.outcome:
        raise UserError(sentence("request no", id=request_id))
    return row


def _end(scene: Scene, actor: Actor, request_id: int, outcome: str, *, reason: str = "") -> None:
    scene.tx.run(
        people_queries.REQUEST_END,
        id=request_id,
        outcome=outcome,
        decided_by_id=actor.consultant_id,
        now=scene.now,
    )
    scene.record(f"membership {outcome}", actor=actor.label, reason=reason, request=request_id)


USE_CASES: UseCases = {
    ConsultantAdd: consultant_add,
    ConsultantSet: consultant_set,
    ConsultantList: consultant_list,
    Join: join,
    Invite: invite,
    DeclineJoin: decline_join,
    MembershipList: membership_list,
}
