"""Mail from before the desk came: kept where it belongs and told to nobody.

It joins the ticket of its thread, or makes one that is closed already, so that a later answer finds its history. It
commands nothing, spends nothing, promises nothing and notifies nobody. Inside the transaction of `reception.receive`.
"""

from __future__ import annotations

from bot import attributing, desk, intake, people, tickets
from bot.calendars import calendar_of
from bot.grading import desk_calendar, judge
from bot.intake import Arrival
from bot.messages import Receipt
from bot.scene import Scene
from bot.tickets import Ticket

REASON = "it came before the desk did"


def keep(scene: Scene, arrival: Arrival) -> Receipt:
    """Keep an old message; automatic mail is only recorded."""
    message, actor = arrival.message, arrival.actor
    if message.automatic:
        return Receipt("recorded", arrival.inbound_id)
    ticket = attributing.find_ticket(scene, message, actor)
    if ticket is None:
        ticket = _closed_ticket(scene, arrival)
        intake.keep(scene, arrival, ticket)
        return Receipt("opened", arrival.inbound_id, ticket.id)
    intake.keep(scene, arrival, ticket)
    scene.record("joined", ticket_id=ticket.id, client_id=ticket.client_id, actor=actor.label, reason=REASON)
    return Receipt("joined", arrival.inbound_id, ticket.id)


def _closed_ticket(scene: Scene, arrival: Arrival) -> Ticket:
    actor = arrival.actor
    client = people.client(scene.tx, actor.client_id) if actor.client_id is not None else None
    calendar = calendar_of(client, scene.now) if client is not None else desk_calendar(scene)
    verdict = judge(scene, arrival.message, calendar, manager_id=None)
    opened = intake.open_ticket(
        scene, arrival, client, verdict, calendar=calendar, remind_at=None, is_billing_on_hold=client is not None
    )
    desk.record_events(scene, opened, (tickets.Event("opened", REASON),), actor=actor.label)
    return desk.save(scene, tickets.close(opened, REASON, now=scene.now))
