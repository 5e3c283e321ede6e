"""Two tickets that are one piece of work, and one that is two: joining, and parting again.

What was written on a joined ticket belongs to the other one; the joined one is closed and remembers what it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.sentences import sentence
from bot.tickets.model import OPEN, Change, Event, State, Ticket, ended, unclaimed
from bot.tickets.refusals import WrongState


def is_joinable(ticket: Ticket, other: Ticket) -> bool:
    """Whether the two could be one: different, of one client or of nobody's yet, and neither joined before."""
    is_one_client = ticket.client_id in (None, other.client_id)
    return ticket.id != other.id and is_one_client and ticket.joined_to_id is None and other.joined_to_id is None


def join(ticket: Ticket, into: Ticket, *, messages: tuple[int, ...], refs: tuple[int, ...], now: datetime) -> Change:
    """Close the ticket as a part of another. messages, refs: the rows that go over, for the way back.

    Raises WrongState with what is in the way.
    """
    if ticket.id == into.id:
        raise WrongState(sentence("join itself", id=ticket.id))
    for one in (ticket, into):
        if one.joined_to_id is not None:
            raise WrongState(sentence("join part", id=one.id, number=one.joined_to_id))
    if not is_joinable(ticket, into):
        raise WrongState(sentence("join clients", id=ticket.id, number=into.id))
    if ticket.state not in OPEN:
        raise WrongState(sentence("join ended", id=ticket.id, state=sentence(f"state {ticket.state}")))
    if into.state is State.CLOSED:
        raise WrongState(sentence("join closed", id=into.id))
    joined = replace(ended(ticket, now), joined_to_id=into.id)
    detail = {"into": into.id, "was": ticket.state, "messages": messages, "refs": refs}
    return Change(joined, (Event("joined to another", sentence("how part", id=into.id), None, detail),))


def part(ticket: Ticket, *, now: datetime, respond_by: datetime | None) -> Change:
    """The ticket stands alone again: with who had it, else on the ladder from its first rung. Raises WrongState.

    respond_by: the promise, from now on; one that was answered before owes none.
    """
    if ticket.joined_to_id is None:
        raise WrongState(sentence("split none", id=ticket.id))
    again = replace(ticket, state=State.CLAIMED) if ticket.claimant_id is not None else unclaimed(ticket, now)
    is_owed = ticket.responded_at is None and ticket.client_id is not None
    parted = replace(
        again,
        joined_to_id=None,
        closed_at=None,
        respond_by=respond_by if is_owed else ticket.respond_by,
        promise_at=respond_by if is_owed else None,
    )
    return Change(parted, (Event("split", sentence("how apart", id=ticket.joined_to_id)),))
