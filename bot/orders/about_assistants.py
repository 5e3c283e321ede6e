"""An assistant is introduced to every contact before they first answer: who, how, when. Source: mission, People (C)."""

from __future__ import annotations

from bot import notices, people
from bot.commands import Introduce
from bot.errors import NotAllowed, NotFound, UserError
from bot.messages import Answer
from bot.orders.usecase import UseCases
from bot.people import Actor
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Row
from bot.telling import contact_reader, tell_contact


def introduce(scene: Scene, actor: Actor, command: Introduce) -> Answer:
    """Only whoever assists at that client is introduced, and the contact hears by whom, where and as they read."""
    assistant = people.consultant_by_number(scene.tx, command.assistant)
    contact = _contact(scene, assistant, command)
    client = people.client(scene.tx, contact.client_id)
    _must_assist(assistant, client)
    if assistant.id == actor.consultant_id:
        raise NotAllowed(sentence("introduce oneself"))
    if scene.tx.one(people_queries.INTRODUCTION, contact_id=contact.id, consultant_id=assistant.id) is not None:
        return Answer(sentence("introduced before", name=assistant.name))
    scene.tx.insert(
        "introduction",
        contact_id=contact.id,
        consultant_id=assistant.id,
        introduced_by_id=actor.consultant_id,
        how=command.how or f"by {actor.channel}",
        introduced_at=scene.now,
    )
    scene.record("introduced", client_id=client.id, actor=actor.label, consultant_id=assistant.id, reason=command.how)
    notice = notices.introduced(
        contact_reader(scene, contact, client),
        assistant_name=assistant.name,
        manager_name=_manager_name(scene, actor, client),
        by_name=actor.name,
    )
    if tell_contact(scene, contact.id, notice, ticket_id=None) is None:
        return Answer(sentence("member introduced untold", name=assistant.name, contact=contact.name))
    return Answer(sentence("member introduced", name=assistant.name, contact=contact.name))


def _contact(scene: Scene, assistant: Row, command: Introduce) -> Row:
    """By address, or by name at the client, or at those whose assistant it is. Raises NotFound."""
    if command.channel:
        return people.contact_at(scene.tx, command.channel, command.contact)
    client = people.client_by_code(scene.tx, command.client) if command.client else None
    contacts = (
        scene.tx.all(people_queries.CONTACTS_OF_CLIENT, client_id=client.id)
        if client is not None
        else scene.tx.all(people_queries.CONTACTS_OF_ASSISTANT, consultant_id=assistant.id)
    )
    contact = people.contact_called(contacts, command.contact)
    if contact is not None:
        return contact
    if client is not None:
        raise NotFound(sentence("people no contact", client=client.name, name=command.contact))
    raise NotFound(sentence("people no contact of", assistant=assistant.name, name=command.contact))


def _must_assist(person: Row, client: Row) -> None:
    """The client's own assistant; where it has none, whoever assists the desk's managers. Raises UserError."""
    is_of_desk = client.assistant_id is None and person.role == "assistant"
    number = person.member_number
    if person.id != client.assistant_id and not is_of_desk:
        raise UserError(
            sentence("introduce no assistant", name=person.name, client=client.name, code=client.code, number=number)
        )
    if person.status != "active":
        raise UserError(sentence("introduce suspended", name=person.name, number=number))


def _manager_name(scene: Scene, actor: Actor, client: Row) -> str:
    """Whose assistant it is: the client's own manager's, else of the manager who introduces it, else the desk's."""
    if client.manager_id is not None:
        return str(people.consultant(scene.tx, client.manager_id).name)
    if actor.is_manager:
        return actor.name
    return next((str(row.name) for row in people.managers(scene.tx)), actor.name)


USE_CASES: UseCases = {Introduce: introduce}
