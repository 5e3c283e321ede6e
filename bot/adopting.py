"""An unknown sender becomes known: what they wrote before goes on offer like any other ticket of their client.

Source: mission, Rules, "Unknown sender".
"""

from __future__ import annotations

from bot import desk, notices, people, tickets
from bot.calendars import calendar_of
from bot.hours import is_open, next_opening
from bot.laddering import put_on_offer
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import requester_reader, tell_requester
from bot.tickets import State, Ticket
from bot.triage import deadlines


def adopt_tickets(scene: Scene, handle_id: int, contact_id: int, client: Row, *, is_confirmed: bool = True) -> int:
    """Give a client what one of its people wrote while nobody knew them; returns how many tickets go on offer.

    is_confirmed: False where an approver has not said yes to that person; until then nothing on them is billed.
    """
    count = 0
    for row in scene.tx.all(queries.STRAYS_OF_HANDLE, handle_id=handle_id):
        ticket = desk.locked(scene.tx, row.id)
        promises = scene.policy.rules.promises
        change = tickets.adopt(
            ticket,
            client.id,
            contact_id,
            client.lead_id,
            respond_by=deadlines.respond_by(ticket.priority, scene.now, calendar_of(client, scene.now), promises),
            is_confirmed=is_confirmed,
        )
        adopted = desk.save(scene, change)
        if ticket.state is State.UNVERIFIED:
            _offer_and_tell(scene, adopted, client)
            count += 1
    return count


def _offer_and_tell(scene: Scene, ticket: Ticket, client: Row) -> None:
    said = scene.tx.all(queries.MESSAGES, ticket_id=ticket.id)
    ticket = put_on_offer(scene, ticket, client, text=said[0].text_written if said else "")
    calendar = calendar_of(client, scene.now)
    opens_at = None if is_open(calendar, scene.now) else next_opening(calendar, scene.now)
    lead_name = people.consultant(scene.tx, client.lead_id).name if ticket.state is State.HELD else None
    reader = requester_reader(scene, ticket, client)
    number = scene.policy.direct_number
    notice = notices.received(ticket, reader, lead_name=lead_name, opens_at=opens_at, direct_number=number)
    tell_requester(scene, ticket, notice)
