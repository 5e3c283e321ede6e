"""A ticket's course beside its claim: priority, promise, waiting, and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import NotAllowed
from bot.sentences import sentence
from bot.tickets.model import OPEN, TAKEN, Change, Event, State, Ticket, ended, unclaimed
from bot.tickets.refusals import WrongState, must_be_taken
from bot.triage.priority import Priority


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


def unanswer(ticket: Ticket) -> Change:
    """The only answer so far came back unread: what was promised is still owed, by the same time."""
    if ticket.responded_at is None or ticket.state not in OPEN:
        return Change(ticket, ())
    owed = replace(ticket, responded_at=None, promise_at=ticket.respond_by)
    return Change(owed, (Event("answer came back", "the promise is open again", ticket.claimant_id),))


def miss_promise(ticket: Ticket) -> Change:
    """respond_by passed without an answer: said once, to the manager."""
    assert ticket.respond_by is not None
    missed = replace(ticket, promise_at=None)
    detail = {"respond_by": ticket.respond_by}
    return Change(missed, (Event("promise missed", "no person answered in time", ticket.claimant_id, detail),))


def remind(ticket: Ticket, again_at: datetime | None) -> Change:
    """The manager is reminded of an unverified ticket; the next reminder is set."""
    return Change(replace(ticket, remind_at=again_at), (Event("reminded", "unknown sender, nobody took it yet"),))


def adopt(
    ticket: Ticket,
    client_id: int,
    contact_id: int,
    lead_id: int | None,
    *,
    respond_by: datetime | None,
    is_confirmed: bool = True,
) -> Change:
    """The unknown sender turned out to be a client's contact: the ticket goes on offer like any other.

    One that a manager claimed or offered meanwhile keeps its state, and one that was answered needs no promise.
    respond_by: by when it is answered, from now on. is_confirmed: nobody has to say yes to the person.
    """
    is_owed = ticket.responded_at is None and ticket.state in OPEN
    state = State.OFFERED if ticket.state is State.UNVERIFIED else ticket.state
    adopted = replace(
        ticket,
        state=state,
        client_id=client_id,
        contact_id=contact_id,
        lead_id=lead_id,
        remind_at=None,
        respond_by=respond_by if is_owed else ticket.respond_by,
        promise_at=respond_by if is_owed else ticket.promise_at,
        is_billing_on_hold=not is_confirmed,
    )
    return Change(adopted, (Event("adopted", "the sender is known now"),))


def wait(ticket: Ticket, reason: str) -> Change:
    """The claimant waits for the client. Raises WrongState."""
    must_be_taken(ticket)
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
        raise WrongState(sentence("work claim it", id=ticket.id, state=sentence(f"state {ticket.state}")))
    if consultant_id != ticket.claimant_id and not by_manager:
        raise NotAllowed(sentence("resolve who", id=ticket.id))
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
        raise WrongState(sentence("answer open already", id=ticket.id, state=sentence(f"state {ticket.state}")))
    if ticket.joined_to_id is not None:
        raise WrongState(sentence("answer part", id=ticket.id, number=ticket.joined_to_id))
    if not may_reopen(ticket, now=now, reopen_days=reopen_days):
        raise WrongState(sentence("answer ended long ago", id=ticket.id, count=reopen_days))
    is_claimed = ticket.claimant_id is not None
    again = replace(ticket, state=State.CLAIMED) if is_claimed else unclaimed(ticket, now)
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
    return Change(ended(ticket, now), (Event("closed", reason or "no reason given"),))
