"""The urgent off-hours contact, at the door: an urgent message in closed time is answered with the price at once.

What it costs, and whether it is billed at all, is the books' business; here it is noticed and the sender is told.
Source: mission, Rules, "Urgent off-hours contact".
"""

from __future__ import annotations

from bot import books, notices, people
from bot.calendars import calendar_of
from bot.hours import closed_period
from bot.money import format_cents
from bot.outbox import SendClass
from bot.scene import Scene
from bot.store import Row
from bot.telling import contact_reader, requester_reader, tell_contact, tell_requester
from bot.tickets import Ticket
from bot.triage.off_hours import is_urgent_contact
from bot.triage.priority import Priority


def watch_urgent_contact(scene: Scene, ticket: Ticket, *, inbound_id: int) -> None:
    """Note the first urgent message of a ticket in a closed period, and tell its sender the price and the choice."""
    if ticket.client_id is None or ticket.priority != Priority.P1:
        return
    client = people.client(scene.tx, ticket.client_id)
    calendar = calendar_of(client, scene.now)
    if not is_urgent_contact(ticket.priority, scene.now, calendar, is_booked=ticket.is_booked):
        return
    start_at, opens_at = closed_period(calendar, scene.now)
    contact = books.note_contact(
        scene.tx,
        ticket.id,
        client.id,
        inbound_id=inbound_id,
        period=(start_at, opens_at),
        now=scene.now,
        prices=scene.policy.prices,
    )
    if contact is None:
        return
    notice = notices.price_told(
        ticket,
        requester_reader(scene, ticket, client),
        cents_per_quarter=contact.cents_per_quarter,
        currency=scene.policy.currency,
        opens_at=opens_at,
        grace_minutes=scene.policy.grace_minutes,
        needs_yes=contact.needs_yes,
    )
    # Without a delivery nobody can be told, and nothing will be billed.
    tell_requester(scene, ticket, notice, SendClass.MONEY)
    if contact.needs_yes and not ticket.is_billing_on_hold:
        _ask_approvers(scene, ticket, client, format_cents(contact.cents_per_quarter, scene.policy.currency))
    if ticket.claimed_at is not None and ticket.claimed_at >= start_at:
        books.answer_contact(scene.tx, ticket.id, now=scene.now, grace_minutes=scene.policy.grace_minutes)


def _ask_approvers(scene: Scene, ticket: Ticket, client: Row, price: str) -> None:
    """Neither plan nor agreement stands: those who could agree hear of it, but for the one who was just told."""
    for approver in people.approvers(scene.tx, client.id):
        if approver.id != ticket.contact_id:
            reader = contact_reader(scene, approver, client)
            notice = notices.agreement_needed(ticket, reader, price=price)
            tell_contact(scene, approver.id, notice, ticket_id=ticket.id, send_class=SendClass.MONEY)
