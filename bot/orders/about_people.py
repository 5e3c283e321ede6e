"""Use cases of clients, contacts, handles, leads and holds. An owner changes its own client, a manager any."""

from __future__ import annotations

from collections.abc import Mapping

from bot import books, notices, people
from bot.adopting import adopt_tickets
from bot.calendars import calendar_of
from bot.commands import (
    ClientAdd,
    ClientList,
    ClientSet,
    ConfirmLead,
    ContactAdd,
    ContactSet,
    HandleAdd,
    NameLead,
    SetHold,
)
from bot.commands.settable import CLIENT, keys_of
from bot.errors import NotAllowed, NotFound, UserError
from bot.hours import local_day
from bot.messages import EMAIL, Answer, Handle
from bot.notices import Reader, lasting
from bot.orders.usecase import UseCases
from bot.orders.wording import consultant_name
from bot.people import Actor
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row
from bot.telling import contact_reader, tell_consultant, tell_contact

MEMBERS = {"lead": "lead_id", "manager": "manager_id", "assistant": "assistant_id", "brought_by": "brought_by_id"}


def client_of(scene: Scene, actor: Actor, code: str) -> Row:
    """The client a command is about: the giver's own, or for a manager the one of that code."""
    if actor.client_id is not None:
        own = people.client(scene.tx, actor.client_id)
        if code and code.upper() != own.code:
            raise NotFound(sentence("answer no client", code=code.upper()))
        return own
    if not code:
        raise UserError(sentence("which client list" if actor.is_manager else "which client accounts"))
    return people.client_by_code(scene.tx, code)


# ---------------------------------------------------------------- clients


def client_add(scene: Scene, actor: Actor, command: ClientAdd) -> Answer:
    client_id = people.add_client(scene.tx, command.code, command.name, now=scene.now, language=scene.policy.language)
    people.set_client(scene.tx, client_id, _columns(scene, command.settings))
    books.keep_terms(scene.tx, client_id, now=scene.now)
    scene.record("client added", client_id=client_id, actor=actor.label, reason=command.code.upper())
    return Answer(sentence("client added", code=command.code.upper()))


def client_set(scene: Scene, actor: Actor, command: ClientSet) -> Answer:
    client = people.client_by_code(scene.tx, command.code)
    today = local_day(calendar_of(client, scene.now), scene.now)
    people.set_client(scene.tx, client.id, _columns(scene, command.settings), today=today)
    books.keep_terms(scene.tx, client.id, now=scene.now)
    changed = keys_of(command.settings, CLIENT)
    scene.record(
        "client changed", client_id=client.id, actor=actor.label, reason=changed, settings=dict(command.settings)
    )
    return Answer(sentence("client changed", client=client.name, what=changed))


def client_list(scene: Scene, actor: Actor, command: ClientList) -> Answer:
    rows = scene.tx.all(people_queries.CLIENTS)
    if not rows:
        return Answer(sentence("client none"))
    lines = [
        sentence(
            "client line",
            code=row.code,
            name=row.name,
            plan=row.plan,
            zone=row.zone,
            hours=row.hours,
            length=lasting(row.hold_minutes),
            lead=consultant_name(scene, row.lead_id) if row.lead_id is not None else sentence("nobody"),
        )
        for row in rows
    ]
    return Answer(joined("\n", lines))


def _columns(scene: Scene, settings: tuple[tuple[str, object], ...]) -> Mapping[str, object]:
    """The settings of a command as columns: member numbers become ids."""
    columns: dict[str, object] = {}
    for key, value in settings:
        if key in MEMBERS:
            columns[MEMBERS[key]] = people.consultant_by_number(scene.tx, str(value)).id if value else None
        else:
            columns[key] = value
    return columns


# ---------------------------------------------------------------- contacts and handles


def contact_add(scene: Scene, actor: Actor, command: ContactAdd) -> Answer:
    client = client_of(scene, actor, command.client)
    role = dict(command.settings).get("role", "requester")
    if actor.client_id is not None and role == "owner" and not actor.is_owner:
        raise NotAllowed(sentence("answer no owner"))
    is_vouched = actor.is_staff or _is_own_domain(scene, client, command.address)
    contact_id = people.add_contact(scene.tx, client.id, command.name, role=str(role), now=scene.now)
    people.set_contact(scene.tx, contact_id, {key: value for key, value in command.settings if key != "name"})
    handle = Handle(EMAIL, command.address, command.name)
    handle_id = people.give_handle(scene.tx, handle, now=scene.now, contact_id=contact_id)
    scene.record("contact added", client_id=client.id, actor=actor.label, reason=f"{role}", contact_id=contact_id)
    # What a stranger wrote before is nobody's to take who only knows the address.
    adopted = adopt_tickets(scene, handle_id, contact_id, client) if is_vouched else 0
    told = [sentence("answer contact added", name=command.name, client=client.name, role=role)]
    if adopted:
        told.append(sentence("answer contact waiting", count=adopted))
    return Answer(joined(" ", told))


def _is_own_domain(scene: Scene, client: Row, address: str) -> bool:
    """Whether an address is of the client's own domain. Raises NotAllowed for one of another client's."""
    rows = scene.tx.all(people_queries.CLIENTS_OF_DOMAIN, domain=address.rpartition("@")[2].lower())
    if rows and client.id not in [row.client_id for row in rows]:
        raise NotAllowed(sentence("answer others address", address=address))
    return bool(rows)


def contact_set(scene: Scene, actor: Actor, command: ContactSet) -> Answer:
    contact = _contact(scene, actor, command.address)
    people.set_contact(scene.tx, contact.id, dict(command.settings))
    changed = ", ".join(f"{key} {value}" for key, value in command.settings)
    scene.record("contact changed", client_id=contact.client_id, actor=actor.label, reason=changed)
    return Answer(sentence("answer contact changed", name=contact.name, what=changed))


def _contact(scene: Scene, actor: Actor, address: str) -> Row:
    """A contact by mail address, if the giver may see it. Raises NotFound."""
    handle = scene.tx.one(people_queries.HANDLE_BY_ADDRESS, channel=EMAIL, address=address)
    contact = (
        scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=handle.contact_id)
        if handle is not None and handle.contact_id is not None
        else None
    )
    if contact is None or (actor.client_id is not None and contact.client_id != actor.client_id):
        raise NotFound(sentence("answer no contact", address=address))
    return contact


def handle_add(scene: Scene, actor: Actor, command: HandleAdd) -> Answer:
    handle = Handle(command.channel, command.address)
    if "@" in command.person:
        contact = _contact(scene, actor, command.person)
        handle_id = people.give_handle(scene.tx, handle, now=scene.now, contact_id=contact.id, rank=50)
        adopt_tickets(scene, handle_id, contact.id, people.client(scene.tx, contact.client_id))
        name = contact.name
    else:
        if not actor.is_manager:
            # Whoever has an address of a manager's commands as the manager.
            raise NotAllowed(sentence("handle manager"))
        person = people.consultant_by_number(scene.tx, command.person)
        people.give_handle(scene.tx, handle, now=scene.now, consultant_id=person.id, rank=50)
        name = person.name
    scene.record("handle added", actor=actor.label, reason=f"{command.channel} for {name}")
    return Answer(sentence("handle added", name=name, channel=command.channel, address=command.address))


# ---------------------------------------------------------------- lead and hold


def name_lead(scene: Scene, actor: Actor, command: NameLead) -> Answer:
    """By member number alone; the lead confirms. Source: mission, "Lead"."""
    client = client_of(scene, actor, command.client)
    person = people.consultant_by_number(scene.tx, command.member_number)
    if person.status != "active":
        raise UserError(sentence("answer lead inactive", number=person.member_number))
    scene.tx.run(people_queries.CLIENT_PROPOSE_LEAD, client_id=client.id, lead_id=person.id)
    scene.record("lead named", client_id=client.id, actor=actor.label, consultant_id=person.id)
    reader = Reader(person.zone, person.language)
    notice = notices.lead_proposed(reader, client_name=client.name, client_code=client.code)
    tell_consultant(scene, person.id, notice, ticket_id=None)
    return Answer(sentence("answer lead asked", name=person.name, client=client.name))


def confirm_lead(scene: Scene, actor: Actor, command: ConfirmLead) -> Answer:
    assert actor.consultant_id is not None
    waiting = scene.tx.all(people_queries.LEAD_PROPOSALS, consultant_id=actor.consultant_id)
    fits = [row for row in waiting if not command.client or row.code == command.client.upper()]
    if not fits:
        raise UserError(sentence("lead none waits"))
    if len(fits) > 1:
        raise UserError(sentence("lead which", what=", ".join(row.code for row in fits)))
    client = fits[0]
    if command.is_yes:
        scene.tx.run(people_queries.CLIENT_SET_LEAD, client_id=client.id, lead_id=actor.consultant_id)
        _tell_former_lead(scene, client, actor.consultant_id)
    else:
        scene.tx.run(people_queries.CLIENT_PROPOSE_LEAD, client_id=client.id, lead_id=None)
    word = "confirmed" if command.is_yes else "declined"
    scene.record(f"lead {word}", client_id=client.id, actor=actor.label, consultant_id=actor.consultant_id)
    for owner in people.approvers(scene.tx, client.id):
        if owner.role == "owner":
            reader = contact_reader(scene, owner, client)
            notice = notices.lead_answered(
                reader, client_name=client.name, consultant_name=actor.name, is_yes=command.is_yes
            )
            tell_contact(scene, owner.id, notice, ticket_id=None)
    if command.is_yes:
        return Answer(sentence("lead yes", client=client.name))
    return Answer(sentence("lead no", client=client.name))


def _tell_former_lead(scene: Scene, client: Row, lead_id: int) -> None:
    if client.lead_id is None or client.lead_id == lead_id:
        return
    person = people.consultant(scene.tx, client.lead_id)
    reader = Reader(person.zone, person.language)
    tell_consultant(scene, person.id, notices.lead_ended(reader, client_name=client.name), ticket_id=None)


def set_hold(scene: Scene, actor: Actor, command: SetHold) -> Answer:
    client = client_of(scene, actor, command.client)
    scene.tx.run(people_queries.CLIENT_SET_HOLD, client_id=client.id, hold_minutes=command.minutes)
    length = lasting(command.minutes)
    scene.record("hold set", client_id=client.id, actor=actor.label, reason=length, minutes=command.minutes)
    return Answer(sentence("answer hold", client=client.name, length=length))


USE_CASES: UseCases = {
    ClientAdd: client_add,
    ClientSet: client_set,
    ClientList: client_list,
    ContactAdd: contact_add,
    ContactSet: contact_set,
    HandleAdd: handle_add,
    NameLead: name_lead,
    ConfirmLead: confirm_lead,
    SetHold: set_hold,
}
