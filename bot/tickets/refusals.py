"""Why a transition is refused, each named by the fact, with the sentence that a person is shown."""

from __future__ import annotations

from datetime import datetime

from bot.errors import NotAllowed, UserError
from bot.sentences import sentence
from bot.tickets.model import TAKEN, Ticket


class AlreadyClaimed(UserError):
    """Somebody else was first; carries who and when, so that the loser can be told in their own zone."""

    def __init__(self, ticket_id: int, claimant_id: int, claimed_at: datetime) -> None:
        super().__init__(sentence("claim taken", id=ticket_id))
        self.ticket_id, self.claimant_id, self.claimed_at = ticket_id, claimant_id, claimed_at


class StillHeld(NotAllowed):
    """The lead has the first right to it."""

    def __init__(self, ticket_id: int, hold_until_at: datetime | None) -> None:
        super().__init__(sentence("claim held", id=ticket_id))
        self.ticket_id, self.hold_until_at = ticket_id, hold_until_at


class NotOffered(NotAllowed):
    """It was offered to others; this consultant's turn has not come."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(sentence("claim not offered", id=ticket_id))


class WrongState(UserError):
    """The ticket's state does not allow it; says what does."""


def must_be_taken(ticket: Ticket) -> None:
    if ticket.state not in TAKEN:
        raise WrongState(sentence("work nobody", id=ticket.id, state=sentence(f"state {ticket.state}")))
