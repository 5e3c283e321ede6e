"""A ticket's card, as it stands now: one message that is edited through the ticket's life.

It may hang where every consultant reads it, so it names the client and never a contact.
"""

from __future__ import annotations

from bot.messages import Action, CardView, Place
from bot.notices.wording import NAME_MAX, Reader, button, moment, name_of, priority, say, subject_of
from bot.plain import one_line
from bot.tickets import State, Ticket

# Which buttons each state offers; what they do is a command like any other.
_BUTTONS = {
    State.UNVERIFIED: ("claim", "close", "why"),
    State.HELD: ("claim", "pass", "why"),
    State.OFFERED: ("claim", "pass", "why"),
    State.CLAIMED: ("resolve", "reply", "log", "book", "wait", "release", "priority", "show", "why"),
    State.WAITING: ("resolve", "reply", "log", "book", "release", "priority", "show", "why"),
    State.RESOLVED: ("reopen", "show", "why"),
    State.CLOSED: ("why",),
}


def card(
    ticket: Ticket,
    *,
    version: int,
    place: Place,
    zone: str,
    client_name: str = "",
    lead_name: str | None = None,
    claimant_name: str | None = None,
    balance: str = "",
    language: str = "en",
) -> CardView:
    """The card of a ticket. zone, language: of the staff who read it. balance: the books' words, or ""."""
    reader = Reader(zone, language)
    rows = (
        ("client", name_of(client_name) or say(reader, "card unknown")),
        ("priority", priority(ticket.priority, reader, ticket.why)),
        ("expertise", one_line(", ".join(ticket.expertise))),
        ("lead", name_of(lead_name or "")),
        ("respond", moment(ticket.respond_by, reader) if ticket.promise_at is not None and ticket.respond_by else ""),
        ("balance", one_line(balance, NAME_MAX)),
        ("opened", moment(ticket.opened_at, reader)),
    )
    return CardView(
        ticket_id=ticket.id,
        version=version,
        title=f"#{ticket.id} {subject_of(ticket, reader)}",
        fields=tuple((say(reader, f"card {name}"), value) for name, value in rows if value),
        status=_status(ticket, reader, lead_name=lead_name or "", claimant_name=claimant_name or ""),
        place=place,
        actions=_actions(ticket, reader),
        is_done=ticket.state in (State.RESOLVED, State.CLOSED),
    )


def _status(ticket: Ticket, reader: Reader, *, lead_name: str, claimant_name: str) -> str:
    until = moment(ticket.step_at, reader) if ticket.step_at is not None else "—"
    step = say(reader, "step", step=ticket.step, until=until) if ticket.step else say(reader, "step 0")
    return say(
        reader,
        f"status {ticket.state}",
        lead=name_of(lead_name) or "—",
        until=until,
        step=step,
        name=name_of(claimant_name) or say(reader, "card nobody"),
    )


def _actions(ticket: Ticket, reader: Reader) -> tuple[Action, ...]:
    names = _BUTTONS[ticket.state]
    return tuple(
        button(reader, name, f"{name} {ticket.id}", "primary" if index == 0 and name in ("claim", "resolve") else "")
        for index, name in enumerate(names)
    )
