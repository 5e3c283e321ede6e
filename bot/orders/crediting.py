"""Credit that was paid for, or granted, can be used: those who may spend it hear so. Source: mission, "When credit"."""

from __future__ import annotations

from bot import books, notices, people
from bot.ledger.wording import hours_left
from bot.outbox import SendClass
from bot.scene import Scene
from bot.telling import contact_reader, tell_contact


def tell_usable(scene: Scene, client_id: int) -> None:
    """To approvers and owners, with what is left in all."""
    client = people.client(scene.tx, client_id)
    left = hours_left(books.balance(scene.tx, client.id).left_units or 0)
    for approver in people.approvers(scene.tx, client.id):
        notice = notices.credit_usable(contact_reader(scene, approver, client), client_name=client.name, left=left)
        tell_contact(scene, approver.id, notice, ticket_id=None, send_class=SendClass.MONEY)
