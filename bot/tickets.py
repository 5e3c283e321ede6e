"""A ticket's lawful life, as pure transitions: a ticket and a decision in, the new ticket and its events out.

    unverified ──adopt──▶ held ──pass / lapse──▶ offered ──claim──▶ claimed ◀──▶ waiting
                           │ claim                  ▲ release          │ resolve
                           └───────────────────────────────────────────▼
                                     reopen ◀── resolved ──close──▶ closed

Refusals are errors named by the fact, with the sentence that a person is shown. Nothing is stored here, and nobody is
told: `desk` keeps what comes out, `telling` says it. Source: mission, "From message to work", Rules "Hold", "Who may
claim".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import NotAllowed, UserError
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
    resolve_by: datetime | None
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
    name: str
    was_offered: bool = False
    is_client_manager: bool = False
    is_desk_manager: bool = False
    is_active: bool = True
    is_away: bool = False


# ---------------------------------------------------------------- refusals


class AlreadyClaimed(UserError):
    """Somebody else was first; carries who and when, so that the loser can be told in their own zone."""

    def __init__(self, ticket_id: int, claimant_id: int, claimed_at: datetime) -> None:
        super().__init__(f"Ticket {ticket_id} is claimed already.")
        self.ticket_id, self.claimant_id, self.claimed_at = ticket_id, claimant_id, claimed_at


class StillHeld(NotAllowed):
    """The lead has the first right to it."""

    def __init__(self, ticket_id: int, hold_until_at: datetime | None) -> None:
        super().__init__(
            f"Ticket {ticket_id} is held for the client's lead. You will be asked if the lead passes or the hold ends."
        )
        self.ticket_id, self.hold_until_at = ticket_id, hold_until_at


class NotOffered(NotAllowed):
    """It was offered to others; this consultant's turn has not come."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"Ticket {ticket_id} has not been offered to you. `queue` shows what you may claim.")


class WrongState(UserError):
    """The ticket's state does not allow it; says what does."""


# ---------------------------------------------------------------- claiming


def claim(ticket: Ticket, claimer: Claimer, *, is_anyone_asked: bool, now: datetime) -> Change:
    """One consultant takes the ticket; claiming what one has already changes nothing.

    is_anyone_asked: the ladder has reached a rung on which any active consultant may claim.
    Raises AlreadyClaimed, StillHeld, NotOffered, NotAllowed, WrongState. Source: mission, Rules, "Who may claim".
    """
    if ticket.state in TAKEN:
        assert ticket.claimant_id is not None and ticket.claimed_at is not None
        if ticket.claimant_id == claimer.consultant_id:
            return Change(ticket, ())
        raise AlreadyClaimed(ticket.id, ticket.claimant_id, ticket.claimed_at)
    if ticket.state not in UNCLAIMED:
        raise WrongState(f"Ticket {ticket.id} is {ticket.state}. `reopen {ticket.id}` takes it up again.")
    if not claimer.is_active:
        raise NotAllowed("Your membership is suspended, so you cannot claim. Ask the desk's manager.")
    if claimer.is_away:
        raise NotAllowed("You are marked as away. Write `back` first, then claim.")
    reason = _claim_reason(ticket, claimer, is_anyone_asked)
    claimed = replace(
        ticket,
        state=State.CLAIMED,
        claimant_id=claimer.consultant_id,
        claimed_at=now,
        hold_until_at=None,
        step_at=None,
        remind_at=None,
    )
    return Change(claimed, (Event("claimed", reason, claimer.consultant_id, {"was": ticket.state}),))


def _claim_reason(ticket: Ticket, claimer: Claimer, is_anyone_asked: bool) -> str:
    if claimer.consultant_id == ticket.lead_id:
        return "lead"
    if ticket.state is State.UNVERIFIED:
        if claimer.is_desk_manager:
            return "manager takes an unverified ticket"
        raise NotAllowed(f"Ticket {ticket.id} is from an unknown sender; a manager looks at it first.")
    if ticket.state is State.HELD:
        if claimer.is_client_manager:
            return "override by the client's manager during the hold"
        raise StillHeld(ticket.id, ticket.hold_until_at)
    if claimer.was_offered:
        return "was offered it"
    if is_anyone_asked:
        return "last rungs: any active consultant may claim"
    raise NotOffered(ticket.id)


def pass_(ticket: Ticket, consultant_id: int, reason: str, *, now: datetime) -> Change:
    """The lead lets the hold go: the next rung is due now. Raises NotAllowed, WrongState."""
    if ticket.state is State.OFFERED:
        return Change(ticket, (Event("passed", reason or "no reason given", consultant_id),))
    if ticket.state is not State.HELD:
        raise WrongState(f"Ticket {ticket.id} is {ticket.state}; only a ticket on offer can be passed on.")
    if consultant_id != ticket.lead_id:
        raise NotAllowed(f"Only the lead who holds ticket {ticket.id} can pass on it.")
    passed = replace(ticket, hold_until_at=None, step_at=now)
    return Change(passed, (Event("passed", reason or "no reason given", consultant_id),))


def release(ticket: Ticket, consultant_id: int, reason: str, *, by_manager: bool, now: datetime) -> Change:
    """The claimant gives the ticket back; the ladder goes on at once. Raises NotAllowed, WrongState.

    One of an unknown sender goes back to the manager, for whom it is due now.
    """
    _must_be_taken(ticket)
    if consultant_id != ticket.claimant_id and not by_manager:
        raise NotAllowed(f"Only the consultant who has ticket {ticket.id}, or a manager, can release it.")
    released = replace(_unclaimed(ticket, now), claimant_id=None, claimed_at=None)
    return Change(released, (Event("released", reason or "no reason given", ticket.claimant_id),))


def _unclaimed(ticket: Ticket, now: datetime) -> Ticket:
    """On the ladder again, from its first rung; with the manager again where the sender is unknown."""
    if ticket.client_id is None:
        return replace(ticket, state=State.UNVERIFIED, remind_at=now)
    return replace(ticket, state=State.OFFERED, step=0, step_at=now)


def offer(ticket: Ticket, consultant_id: int, until_at: datetime) -> Change:
    """A manager offers the ticket to one consultant, whatever rung it is on. Raises WrongState."""
    if ticket.state not in UNCLAIMED:
        raise WrongState(f"Ticket {ticket.id} is {ticket.state}. `release {ticket.id}` puts it on offer again.")
    offered = replace(ticket, state=State.OFFERED, hold_until_at=None, step_at=until_at, remind_at=None)
    return Change(offered, (Event("offered", "by the manager", consultant_id, {"step": ticket.step}),))


# ---------------------------------------------------------------- the ladder


def hold(ticket: Ticket, until_at: datetime) -> Change:
    """Begin the lead's hold."""
    assert ticket.lead_id is not None
    held = replace(ticket, state=State.HELD, hold_until_at=until_at, step=0, step_at=until_at)
    return Change(held, (Event("offered", "first right of the lead", ticket.lead_id, {"step": 0, "until": until_at}),))


def climb(ticket: Ticket, step: int, rung: str, audience: tuple[int, ...], until_at: datetime) -> Change:
    """Go to a rung of the ladder: its audience is offered the ticket until `until_at`.

    A hold that ran out unanswered is recorded as lapsed; one that was passed was recorded before.
    """
    events: list[Event] = []
    if ticket.state is State.HELD and ticket.hold_until_at is not None:
        events.append(Event("hold lapsed", "the lead did not answer in time", ticket.lead_id))
    events.append(Event("escalated", rung, None, {"step": step, "until": until_at}))
    events.extend(Event("offered", rung, consultant_id, {"step": step}) for consultant_id in audience)
    climbed = replace(ticket, state=State.OFFERED, hold_until_at=None, step=step, step_at=until_at)
    return Change(climbed, tuple(events))


# ---------------------------------------------------------------- priority, promise, waiting


def set_priority(
    ticket: Ticket,
    priority: Priority,
    *,
    rule: str,
    why: tuple[str, ...],
    respond_by: datetime | None,
    hold_until_at: datetime | None,
    rung_until_at: datetime | None = None,
    is_priced: bool = True,
) -> Change:
    """A new priority from now on. When severity rises, neither hold, rung nor promise ends later than it did.

    rung_until_at: when the present rung would end if it began now at the new priority.
    is_priced: work that starts from now on is priced by it too; False for chasers, until a manager confirms.
    Source: mission, Rules, "Hold" (a raised priority recomputes it from now, never later), "Persistence".
    """
    priced = priority if is_priced else ticket.priced_priority
    if priority == ticket.priority:
        return confirm_price(ticket, reason="; ".join(why)) if is_priced else Change(ticket, ())
    is_raised = priority < ticket.priority  # P1 sorts before P4
    respond = respond_by
    if is_raised and ticket.respond_by is not None and respond is not None:
        respond = min(respond, ticket.respond_by)
    changed = replace(ticket, priority=priority, priced_priority=priced, rule=rule, why=why, respond_by=respond)
    if ticket.responded_at is None and ticket.promise_at is not None:
        changed = replace(changed, promise_at=respond)
    if ticket.state is State.HELD and ticket.hold_until_at is not None and hold_until_at is not None:
        until = min(hold_until_at, ticket.hold_until_at)
        changed = replace(changed, hold_until_at=until, step_at=until)
    elif is_raised and ticket.step_at is not None and rung_until_at is not None:
        changed = replace(changed, step_at=min(rung_until_at, ticket.step_at))
    kind = "priority raised" if is_raised else "priority lowered"
    return Change(
        changed,
        (Event(kind, "; ".join(why), None, {"was": ticket.priority, "is": priority, "priced": priced, "rule": rule}),),
    )


def confirm_price(ticket: Ticket, *, reason: str) -> Change:
    """From now on work is priced by the ticket's priority."""
    if ticket.priced_priority == ticket.priority:
        return Change(ticket, ())
    detail = {"was": ticket.priced_priority, "priced": ticket.priority}
    return Change(replace(ticket, priced_priority=ticket.priority), (Event("price confirmed", reason, None, detail),))


def answer(ticket: Ticket, consultant_id: int, *, now: datetime) -> Change:
    """A person of the desk wrote to the requester: the promise to respond is kept."""
    if ticket.responded_at is not None:
        return Change(ticket, ())
    answered = replace(ticket, responded_at=now, promise_at=None)
    return Change(answered, (Event("responded", "first answer by a person", consultant_id),))


def miss_promise(ticket: Ticket) -> Change:
    """respond_by passed without an answer: said once, to the manager."""
    assert ticket.respond_by is not None
    missed = replace(ticket, promise_at=None)
    return Change(
        missed, (Event("promise missed", f"no answer by {ticket.respond_by.isoformat()}", ticket.claimant_id),)
    )


def remind(ticket: Ticket, again_at: datetime | None) -> Change:
    """The manager is reminded of an unverified ticket; the next reminder is set."""
    return Change(replace(ticket, remind_at=again_at), (Event("reminded", "unknown sender, nobody took it yet"),))


def adopt(ticket: Ticket, client_id: int, contact_id: int, lead_id: int | None) -> Change:
    """The unknown sender turned out to be a client's contact: the ticket goes on offer like any other.

    One that a manager claimed or offered meanwhile keeps its state.
    """
    state = State.OFFERED if ticket.state is State.UNVERIFIED else ticket.state
    adopted = replace(ticket, state=state, client_id=client_id, contact_id=contact_id, lead_id=lead_id, remind_at=None)
    return Change(adopted, (Event("adopted", "the sender is known now"),))


def wait(ticket: Ticket, reason: str) -> Change:
    """The claimant waits for the client. Raises WrongState."""
    _must_be_taken(ticket)
    return Change(
        replace(ticket, state=State.WAITING), (Event("waiting", reason or "for the client", ticket.claimant_id),)
    )


def hear(ticket: Ticket, *, now: datetime, reopen_days: int, respond_by: datetime | None = None) -> Change:
    """The requester wrote again: what waited goes on, what was resolved reopens. A closed ticket stays closed."""
    if ticket.state is State.WAITING:
        return Change(replace(ticket, state=State.CLAIMED), (Event("resumed", "the requester wrote"),))
    if ticket.state is State.RESOLVED:
        return reopen(ticket, "the requester wrote", now=now, reopen_days=reopen_days, respond_by=respond_by)
    return Change(ticket, ())


# ---------------------------------------------------------------- the end, and after it


def resolve(
    ticket: Ticket, consultant_id: int, *, note: str, by_manager: bool, close_days: int, now: datetime
) -> Change:
    """The work is done; an answer of the requester reopens it. Raises WrongState, NotAllowed."""
    if ticket.state is State.RESOLVED:
        return Change(ticket, ())
    if ticket.state not in TAKEN:
        raise WrongState(f"Ticket {ticket.id} is {ticket.state}. Claim it first: `claim {ticket.id}`.")
    if consultant_id != ticket.claimant_id and not by_manager:
        raise NotAllowed(f"Only the consultant who has ticket {ticket.id}, or a manager, can resolve it.")
    resolved = replace(
        ticket, state=State.RESOLVED, resolved_at=now, promise_at=None, close_at=now + timedelta(days=close_days)
    )
    return Change(resolved, (Event("resolved", note, consultant_id),))


def reopen(
    ticket: Ticket, reason: str, *, now: datetime, reopen_days: int, respond_by: datetime | None = None
) -> Change:
    """Take a resolved or lately closed ticket up again, with whoever had it, under a new promise.

    respond_by: of the ticket's priority, from now on. Raises WrongState.
    """
    if ticket.state in OPEN:
        raise WrongState(f"Ticket {ticket.id} is open already ({ticket.state}).")
    if not may_reopen(ticket, now=now, reopen_days=reopen_days):
        raise WrongState(
            f"Ticket {ticket.id} ended more than {reopen_days} days ago. Write a new message: it gets a new ticket."
        )
    is_claimed = ticket.claimant_id is not None
    again = replace(ticket, state=State.CLAIMED) if is_claimed else _unclaimed(ticket, now)
    reopened = replace(
        again,
        resolved_at=None,
        closed_at=None,
        close_at=None,
        respond_by=respond_by,
        promise_at=respond_by,
        responded_at=None,
    )
    return Change(reopened, (Event("reopened", reason, ticket.claimant_id),))


def may_reopen(ticket: Ticket, *, now: datetime, reopen_days: int) -> bool:
    """Is the ticket ended so lately that an answer still belongs to it?"""
    ended_at = ticket.closed_at or ticket.resolved_at
    return ended_at is not None and now - ended_at <= timedelta(days=reopen_days)


def close(ticket: Ticket, reason: str, *, now: datetime) -> Change:
    """The end. Closing twice changes nothing."""
    if ticket.state is State.CLOSED:
        return Change(ticket, ())
    closed = replace(
        ticket,
        state=State.CLOSED,
        closed_at=now,
        close_at=None,
        hold_until_at=None,
        step_at=None,
        promise_at=None,
        remind_at=None,
    )
    return Change(closed, (Event("closed", reason or "no reason given"),))


def _must_be_taken(ticket: Ticket) -> None:
    if ticket.state not in TAKEN:
        raise WrongState(f"Ticket {ticket.id} is {ticket.state}; nobody has it.")
