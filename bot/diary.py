"""The room of appointments: slots in consultants' diaries, each on a ticket.

One slot of a ticket stands at a time: asked for by the client, or booked. No consultant is in two places at once.
Source: mission, "From message to work" (1), "Who may claim" (an appointment is claimed by its slot's owner).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.ledger.work import OVERRUN_MINUTES
from bot.queries import diary as queries
from bot.store import Row, Tx

# How long before it begins both sides are reminded. Decided here: the evening before, and in time to set out.
REMINDERS = (timedelta(hours=24), timedelta(hours=1))
# How long after its end a slot is over: whoever is still at it, or about to log it, is left in peace.
OVER_AFTER = timedelta(hours=1)
# Listed at once, of what is to come.
COMING_MAX = 50


@dataclass(frozen=True, slots=True)
class Slot:
    """From when to when (UTC), the kind of work, and what it is for."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    words: str = ""


class SlotTaken(UserError):
    """The consultant is booked then. with_row: the appointment that stands."""

    def __init__(self, with_row: Row) -> None:
        super().__init__(f"The diary has ticket {with_row.ticket_id} then.")
        self.with_row = with_row


def standing(tx: Tx, ticket_id: int) -> Row | None:
    """The ticket's appointment that is asked for or booked."""
    return tx.one(queries.STANDING, ticket_id=ticket_id)


def coming(tx: Tx, consultant_id: int, now: datetime) -> list[Row]:
    """What stands in a consultant's diary from now on, soonest first: COMING_MAX, and one more where there are more."""
    return tx.all(queries.COMING, consultant_id=consultant_id, now=now, limit=COMING_MAX + 1)


def changes(tx: Tx, ticket_id: int) -> int:
    """How often the ticket's slot was booked, moved, called off or given back so far."""
    row = tx.one(queries.CHANGES, ticket_id=ticket_id)
    return int(row.changes) if row is not None else 0


def is_booked(tx: Tx, consultant_id: int, start: datetime, end: datetime) -> bool:
    """Whether the consultant has an appointment between the two instants."""
    found = tx.one(queries.OVERLAPPING, consultant_id=consultant_id, starts_at=start, ends_at=end, ticket_id=0)
    return found is not None


def covering(tx: Tx, ticket_id: int, at: datetime) -> Row | None:
    """The ticket's booked slot in which work began at that instant; half an hour of overrun belongs to it."""
    return tx.one(queries.COVERING, ticket_id=ticket_id, at=at, overrun_at=at - timedelta(minutes=OVERRUN_MINUTES))


def latest_begun(tx: Tx, ticket_id: int, now: datetime) -> Row | None:
    """The ticket's last booked slot that has begun."""
    return tx.one(queries.LATEST_BEGUN, ticket_id=ticket_id, now=now)


def ask(tx: Tx, ticket_id: int, slot: Slot, *, now: datetime) -> None:
    """Keep the time that a client wishes; whoever takes the ticket agrees, or names another."""
    _keep(tx, ticket_id, slot, state="asked", consultant_id=None, due_at=None, now=now)


def book(tx: Tx, ticket_id: int, consultant_id: int, slot: Slot, *, now: datetime) -> None:
    """Put a slot into a consultant's diary, instead of the one that stood for this ticket. Raises SlotTaken."""
    tx.one(queries.OWNER_LOCKED, consultant_id=consultant_id)
    other = tx.one(
        queries.OVERLAPPING,
        consultant_id=consultant_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ticket_id=ticket_id,
    )
    if other is not None:
        raise SlotTaken(other)
    due_at = next_due(slot.starts_at, slot.ends_at, now)
    _keep(tx, ticket_id, slot, state="booked", consultant_id=consultant_id, due_at=due_at, now=now)


def _keep(
    tx: Tx, ticket_id: int, slot: Slot, *, state: str, consultant_id: int | None, due_at: datetime | None, now: datetime
) -> None:
    values = {
        "consultant_id": consultant_id,
        "state": state,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "kind": slot.kind,
        "words": slot.words,
        "due_at": due_at,
    }
    row = standing(tx, ticket_id)
    if row is None:
        tx.insert("appointment", ticket_id=ticket_id, created_at=now, **values)
    else:
        tx.run(queries.CHANGE, id=row.id, **values)


def slot_of(row: Row) -> Slot:
    """A row as the value that is booked again."""
    return Slot(row.starts_at, row.ends_at, row.kind, row.words)


def end(tx: Tx, appointment_id: int, state: str) -> None:
    """It is over, or cancelled."""
    tx.run(queries.END, id=appointment_id, state=state)


def next_due(starts_at: datetime, ends_at: datetime, now: datetime) -> datetime:
    """The next reminder that is still to come, or else when the slot is over."""
    reminders = (starts_at - before for before in REMINDERS)
    return next((at for at in reminders if at > now), ends_at + OVER_AFTER)


def remind_later(tx: Tx, row: Row, now: datetime) -> None:
    """One reminder went out: the next one, or the end, is due."""
    tx.run(queries.DUE_NEXT, id=row.id, due_at=next_due(row.starts_at, row.ends_at, now))


def was_logged(tx: Tx, row: Row) -> bool:
    """Whether booked work was logged since the slot began."""
    return tx.one(queries.LOGGED_SINCE, ticket_id=row.ticket_id, starts_at=row.starts_at) is not None
