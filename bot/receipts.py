"""What became of a message or command: kept, so that a replay finds the first outcome, and told to who gave it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from bot import notices
from bot.messages import EMAIL, Action, Answer, InboundMessage, Order, Place, Receipt, Trust
from bot.notices.answers import in_language
from bot.outbox import SendClass
from bot.people import Actor
from bot.queries import intake as queries
from bot.scene import Scene
from bot.sentences import sentence
from bot.store import Tx
from bot.telling import tell_handle


def first_receipt(tx: Tx, channel: str, key: str) -> Receipt:
    """What became of it the first time."""
    first = tx.one(queries.FIRST_OUTCOME, channel=channel, key=key)
    assert first is not None
    return Receipt(first.outcome, first.id, first.ticket_id, is_replay=True, answer=_answer_from(first.answer_json))


def _answer_from(text: str) -> Answer | None:
    if not text:
        return None
    fields = json.loads(text)
    actions = tuple(Action(**action) for action in fields.pop("actions"))
    return Answer(**fields, actions=actions)


def failed(order: Order, error_id: str, *, language: str) -> Answer:
    """What is said of a command that failed by a fault of ours: in the account's language, for nothing was read.

    language: the desk's, where the account tells none.
    """
    return Answer(in_language(order.sender.language or language, sentence("door failed", id=error_id)), is_ok=False)


def done_already(order: Order, *, language: str) -> Answer:
    """What is said of a command that came twice and whose answer was not kept; language: as for `failed`."""
    return Answer(in_language(order.sender.language or language, sentence("door done")))


def reread(number: int, ticket_id: int | None) -> Answer:
    """What is said once a message was taken out of quarantine."""
    told = sentence("requeue read", number=number)
    if ticket_id is not None:
        told = sentence("requeue ticket", number=number, id=ticket_id)
    return Answer(told, ticket_id=ticket_id)


def settle_message(tx: Tx, receipt: Receipt, *, reason: str) -> None:
    """Keep the outcome of a message."""
    tx.run(
        queries.SETTLE,
        id=receipt.inbound_id,
        outcome=receipt.outcome,
        ticket_id=receipt.ticket_id,
        answer_json=_as_json(receipt.answer) if receipt.answer is not None else "",
        reason=reason,
    )


def settle_order(scene: Scene, inbound_id: int, actor: Actor, answer: Answer, *, order: Order) -> Answer:
    """Keep the answer to a command; written into the outbox too, where its channel cannot answer by itself."""
    scene.tx.run(
        queries.SETTLE,
        id=inbound_id,
        outcome="obeyed",
        ticket_id=answer.ticket_id,
        answer_json=_as_json(answer),
        reason="" if answer.is_ok else "refused",
    )
    if order.wants_delivery:
        _deliver_answer(scene, actor, answer, order)
    return answer


def _as_json(answer: Answer) -> str:
    # Field by field: `asdict` copies in depth, and every command passes here.
    kept = {field.name: getattr(answer, field.name) for field in fields(answer)}
    return json.dumps(kept | {"actions": [asdict(action) for action in answer.actions]}, ensure_ascii=False)


# ---------------------------------------------------------------- answered through the outbox


def _deliver_answer(scene: Scene, actor: Actor, answer: Answer, order: Order) -> None:
    """Answer a command through the outbox, where it was given."""
    notice = notices.answer(answer.text, ticket_id=answer.ticket_id, actions=answer.actions)
    # The channel vouches for the account: whoever commands, even unknown to us, is answered each time.
    send_class = SendClass.TYPED if order.trust is Trust.PROVEN else SendClass.STRANGER
    place = _place_for(scene, answer, order.place)
    tell_handle(scene, actor.recipient, notice, ticket_id=None, send_class=send_class, place=place)


def _place_for(scene: Scene, answer: Answer, place: Place) -> Place | None:
    """Where a command was given; None, which is to its giver alone, for what not all who read along there may read."""
    is_overheard = place.is_shared and not scene.policy.is_staff_place(place)
    return None if answer.is_private and is_overheard else place


def send_answer(scene: Scene, actor: Actor, answer: Answer, message: InboundMessage) -> None:
    """Answer a command that came as a message, where its author will see it."""
    notice = notices.answer(answer.text, ticket_id=answer.ticket_id, subject=message.subject, actions=answer.actions)
    place = None if message.channel == EMAIL else _place_for(scene, answer, message.place)
    is_vouched_for = _is_vouched_for(actor, message.channel, message.trust)
    send_class = SendClass.STAFF if is_vouched_for else SendClass.STRANGER
    tell_handle(scene, actor.recipient, notice, ticket_id=answer.ticket_id, send_class=send_class, place=place)


def _is_vouched_for(actor: Actor, channel: str, trust: Trust) -> bool:
    """Whether an answer goes to nobody but the one who asked: mail that proves nothing may be forged."""
    return actor.is_proven or (channel != EMAIL and trust is Trust.PROVEN)
