"""What a ticket is: its states, the columns that rules read, and what a transition gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.triage.priority import Priority


class State(StrEnum):
    """Where a ticket stands."""

    UNVERIFIED = "unverified"  # its sender is unknown; a manager looks at it
    HELD = "held"  # offered to the lead alone
    OFFERED = "offered"  # on the ladder
    CLAIMED = "claimed"
    WAITING = "waiting"  # for the client
    RESOLVED = "resolved"  # an answer reopens it
    CLOSED = "closed"


OPEN = frozenset({State.UNVERIFIED, State.HELD, State.OFFERED, State.CLAIMED, State.WAITING})
UNCLAIMED = frozenset({State.UNVERIFIED, State.HELD, State.OFFERED})
TAKEN = frozenset({State.CLAIMED, State.WAITING})


@dataclass(frozen=True, slots=True)
class Ticket:
    """The columns of a ticket that rules read or change.

    priority:        how fast we answer. priced_priority: what work that starts now is priced by; it follows the
                     priority, but for chasers only after a manager confirmed it.
    why:             the verdict's explanation, one line each.
    joined_to_id:    the ticket that everything written here is part of; this one is closed then.
    """

    id: int
    client_id: int | None
    contact_id: int | None
    handle_id: int | None
    channel: str
    conversation: str
    thread: str
    subject: str
    state: State
    priority: Priority
    priced_priority: Priority
    rule: str
    why: tuple[str, ...]
    expertise: tuple[str, ...]
    lead_id: int | None
    claimant_id: int | None
    opened_at: datetime
    hold_until_at: datetime | None
    step: int
    step_at: datetime | None
    respond_by: datetime | None
    promise_at: datetime | None
    responded_at: datetime | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    close_at: datetime | None
    remind_at: datetime | None
    is_booked: bool
    is_billing_on_hold: bool
    chasers: int
    version: int
    joined_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and why. consultant_id: whom it is about."""

    kind: str
    reason: str = ""
    consultant_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome of a transition."""

    ticket: Ticket
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Claimer:
    """A consultant who wants a ticket. was_offered: on any rung so far. is_client_manager: of this ticket's client."""

    consultant_id: int
    was_offered: bool = False
    is_client_manager: bool = False
    is_desk_manager: bool = False
    is_active: bool = True
    is_away: bool = False


def ended(ticket: Ticket, now: datetime) -> Ticket:
    """Closed: nothing of it falls due any more."""
    return replace(
        ticket,
        state=State.CLOSED,
        closed_at=now,
        close_at=None,
        hold_until_at=None,
        step_at=None,
        promise_at=None,
        remind_at=None,
    )


def unclaimed(ticket: Ticket, now: datetime) -> Ticket:
    """On the ladder again, from its first rung; with the manager again where the sender is unknown."""
    if ticket.client_id is None:
        return replace(ticket, state=State.UNVERIFIED, remind_at=now)
    return replace(ticket, state=State.OFFERED, step=0, step_at=now)
