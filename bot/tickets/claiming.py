"""Who takes a ticket, who lets it go, and how it climbs while nobody has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import NotAllowed
from bot.sentences import sentence
from bot.tickets.model import TAKEN, UNCLAIMED, Change, Claimer, Event, State, Ticket, unclaimed
from bot.tickets.refusals import AlreadyClaimed, NotOffered, StillHeld, WrongState, must_be_taken


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
        raise WrongState(sentence("answer ended", id=ticket.id, state=sentence(f"state {ticket.state}")))
    if not claimer.is_active:
        raise NotAllowed(sentence("claim suspended"))
    if claimer.is_away:
        raise NotAllowed(sentence("claim away"))
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
        raise NotAllowed(sentence("claim unknown", id=ticket.id))
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
        raise WrongState(sentence("pass state", id=ticket.id, state=sentence(f"state {ticket.state}")))
    if consultant_id != ticket.lead_id:
        raise NotAllowed(sentence("pass lead", id=ticket.id))
    passed = replace(ticket, hold_until_at=None, step_at=now)
    return Change(passed, (Event("passed", reason or "no reason given", consultant_id),))


def release(ticket: Ticket, consultant_id: int, reason: str, *, by_manager: bool, now: datetime) -> Change:
    """The claimant gives the ticket back; the ladder goes on at once. Raises NotAllowed, WrongState.

    One of an unknown sender goes back to the manager, for whom it is due now.
    """
    must_be_taken(ticket)
    if consultant_id != ticket.claimant_id and not by_manager:
        raise NotAllowed(sentence("release who", id=ticket.id))
    released = replace(unclaimed(ticket, now), claimant_id=None, claimed_at=None)
    return Change(released, (Event("released", reason or "no reason given", ticket.claimant_id),))


def offer(ticket: Ticket, consultant_id: int, until_at: datetime) -> Change:
    """A manager offers the ticket to one consultant, whatever rung it is on. Raises WrongState."""
    if ticket.state not in UNCLAIMED:
        raise WrongState(sentence("offer state", id=ticket.id, state=sentence(f"state {ticket.state}")))
    offered = replace(ticket, state=State.OFFERED, hold_until_at=None, step_at=until_at, remind_at=None)
    return Change(offered, (Event("offered", "by the manager", consultant_id, {"step": ticket.step}),))


# ---------------------------------------------------------------- the ladder


def hold(ticket: Ticket, until_at: datetime) -> Change:
    """Begin the lead's hold."""
    assert ticket.lead_id is not None
    held = replace(ticket, state=State.HELD, hold_until_at=until_at, step=0, step_at=until_at)
    return Change(held, (Event("offered", "first right of the lead", ticket.lead_id, {"step": 0, "until": until_at}),))


def climb(ticket: Ticket, step: int, rung: str, *, audience: tuple[int, ...], until_at: datetime) -> Change:
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
