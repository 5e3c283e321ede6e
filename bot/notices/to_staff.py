"""What consultants and managers are told about tickets.

Before a claim, others than the lead see priority, expertise and subject, and no contact data: `offered` leaves client
and text out unless they are passed. Source: mission, Rules, "Who may claim".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Notice
from bot.notices.answers import in_language
from bot.notices.wording import (
    REASON_MAX,
    Reader,
    button,
    lasting,
    lines,
    moment,
    name_of,
    on_ticket,
    paragraphs,
    priority,
    quoted,
    say,
    sentences,
    subject_of,
)
from bot.plain import one_line
from bot.tickets import Ticket

# So many tickets are named in one sentence.
NUMBERS_MAX = 10


def offered(ticket: Ticket, reader: Reader, *, until_at: datetime, client_name: str | None, text: str | None) -> Notice:
    """A ticket to claim. client_name and text: for the lead alone, who then reads that it is theirs until then."""
    until = say(reader, "your time", at=moment(until_at, reader))
    is_lead = client_name is not None
    body = paragraphs(
        say(reader, "offered lead" if is_lead else "offered ladder", until=until),
        lines(
            say(reader, "offered client", client=name_of(client_name)) if client_name else "",
            say(reader, "offered subject", subject=subject_of(ticket, reader)),
            say(reader, "offered priority", priority=priority(ticket.priority, reader, ticket.why if is_lead else ())),
            say(reader, "offered expertise", expertise=", ".join(ticket.expertise)) if ticket.expertise else "",
            say(reader, "offered respond", at=moment(ticket.respond_by, reader)) if ticket.respond_by else "",
        ),
        quoted(text) if text else "",
        say(reader, "offered how", id=ticket.id),
    )
    actions = (
        button(reader, "claim", f"claim {ticket.id}", "primary"),
        button(reader, "pass", f"pass {ticket.id}"),
        button(reader, "why", f"why {ticket.id}"),
    )
    return on_ticket("offered", ticket, reader, body, actions=actions)


def hold_lapsed(ticket: Ticket, reader: Reader) -> Notice:
    """To the lead: the hold ended unanswered."""
    return on_ticket(
        "hold_lapsed",
        ticket,
        reader,
        say(reader, "hold lapsed", id=ticket.id),
        actions=(button(reader, "claim", f"claim {ticket.id}", "primary"),),
    )


def message_added(ticket: Ticket, reader: Reader, *, sender_name: str, text: str, files: Sequence[str] = ()) -> Notice:
    """To the claimant, or the lead who holds it: somebody wrote on the ticket."""
    named = ", ".join(one_line(file, 80) for file in files[:20])
    body = paragraphs(
        say(reader, "message added", name=name_of(sender_name), id=ticket.id),
        quoted(text) if text.strip() else "",
        say(reader, "files", files=named) if named else "",
    )
    return on_ticket("message_added", ticket, reader, body, actions=(button(reader, "show", f"show {ticket.id}"),))


def watched(ticket: Ticket, reader: Reader, *, told: Notice | None) -> Notice:
    """To a consultant who watches the ticket: what its requester hears, or wrote. told: None where that is not for
    them, so that they learn only that there was something."""
    first = say(reader, "watched" if told is not None else "watched unread", id=ticket.id)
    said = quoted(told.body) if told is not None else ""
    body = paragraphs(first, said, say(reader, "watched how", id=ticket.id))
    return on_ticket("watched", ticket, reader, body)


def reopened(ticket: Ticket, reader: Reader, *, reason: str) -> Notice:
    """To the claimant: it is not over."""
    body = paragraphs(say(reader, "reopened", id=ticket.id), quoted(reason) if reason.strip() else "")
    return on_ticket("reopened", ticket, reader, body, actions=(button(reader, "show", f"show {ticket.id}"),))


def put_back(ticket: Ticket, reader: Reader) -> Notice:
    """To a consultant whose ticket a manager put on offer again."""
    return on_ticket("put_back", ticket, reader, say(reader, "released by", id=ticket.id))


# ---------------------------------------------------------------- to managers


def asked_again(ticket: Ticket, reader: Reader, *, waited_minutes: int) -> Notice:
    """The ladder's end: nobody has claimed it, and a manager is asked until somebody does."""
    body = paragraphs(
        say(reader, "asked again", id=ticket.id, waited=in_language(reader.language, lasting(waited_minutes))),
        lines(
            say(reader, "offered subject", subject=subject_of(ticket, reader)),
            say(reader, "offered priority", priority=priority(ticket.priority, reader, ticket.why)),
            say(reader, "offered expertise", expertise=", ".join(ticket.expertise)) if ticket.expertise else "",
            say(reader, "offered respond", at=moment(ticket.promise_at, reader)) if ticket.promise_at else "",
        ),
        say(reader, "asked again how", id=ticket.id),
    )
    actions = (
        button(reader, "claim", f"claim {ticket.id}", "primary"),
        button(reader, "show", f"show {ticket.id}"),
        button(reader, "why", f"why {ticket.id}"),
    )
    return on_ticket("asked_again", ticket, reader, body, actions=actions)


def unverified(ticket: Ticket, reader: Reader, *, sender: str, text: str, is_repeat: bool) -> Notice:
    """Somebody unknown wrote; a manager decides who it is."""
    first = say(reader, "unverified again", id=ticket.id)
    if not is_repeat:
        why = priority(ticket.priority, reader, ticket.why)
        first = say(reader, "unverified", id=ticket.id, priority=why)
    address = one_line(sender, 120)
    body = paragraphs(
        first,
        lines(
            say(reader, "unverified from", sender=address),
            say(reader, "offered subject", subject=subject_of(ticket, reader)),
        ),
        quoted(text) if text.strip() else "",
        say(reader, "unverified how", id=ticket.id, address=address),
    )
    actions = (
        button(reader, "claim", f"claim {ticket.id}"),
        button(reader, "close", f"close {ticket.id}"),
    )
    return on_ticket("unverified", ticket, reader, body, actions=actions)


def chased(ticket: Ticket, reader: Reader, *, chasers: int) -> Notice:
    """Three chasers made it P1; whether it is priced so, a manager decides."""
    body = paragraphs(
        say(reader, "chased", id=ticket.id, chasers=chasers),
        say(reader, "chased next", priced=priority(ticket.priced_priority, reader)),
    )
    actions = (
        button(reader, "confirm price", f"confirm priority {ticket.id}"),
        button(reader, "show", f"show {ticket.id}"),
    )
    return on_ticket("chased", ticket, reader, body, actions=actions)


def promise_missed(ticket: Ticket, reader: Reader, *, claimant_name: str = "") -> Notice:
    """respond_by passed without an answer of a person."""
    assert ticket.respond_by is not None
    body = sentences(
        say(reader, "promise missed", id=ticket.id, at=moment(ticket.respond_by, reader)),
        say(reader, "promise claimed", name=name_of(claimant_name)) if claimant_name else "",
    )
    return on_ticket("promise_missed", ticket, reader, body, actions=(button(reader, "show", f"show {ticket.id}"),))


def quarantined(reader: Reader, *, inbound_id: int, channel: str, error_id: str, reason: str) -> Notice:
    """A message that no translation could read is kept, and can be read again."""
    body = paragraphs(
        say(reader, "quarantined", channel=channel, id=inbound_id, error=one_line(error_id, 40)),
        say(reader, "quarantined why", reason=one_line(reason, REASON_MAX)),
        say(reader, "quarantined next", id=inbound_id),
    )
    title = say(reader, "title quarantined", id=inbound_id)
    return Notice("quarantined", title, body, (button(reader, "requeue", f"requeue {inbound_id}"),))


def undeliverable(
    ticket_id: int | None,
    reader: Reader,
    *,
    kind: str,
    channel: str,
    name: str,
    reason: str,
    dead_address: str = "",
    is_moved: bool = False,
) -> Notice:
    """A delivery was given up or came back: somebody was not told something. kind: the notice's.

    dead_address: nothing reaches it, so that it is written to no more. is_moved: the next channel was tried.
    """
    body = paragraphs(
        sentences(
            say(reader, "dead", to=name_of(name), channel=channel, kind=kind.replace("_", " ")),
            say(reader, "dead ticket", id=ticket_id) if ticket_id is not None else "",
            say(reader, "dead moved") if is_moved else "",
        ),
        say(reader, "dead why", reason=one_line(reason, REASON_MAX)),
        say(reader, "dead address", address=one_line(dead_address, 120)) if dead_address else "",
    )
    actions = (button(reader, "show", f"show {ticket_id}"),) if ticket_id is not None else ()
    return Notice("undeliverable", say(reader, "title dead"), body, actions)


def complained(ticket_id: int | None, reader: Reader, *, name: str, address: str, kind: str) -> Notice:
    """Somebody reported a mail of ours as unwanted: notices to them end. kind: the report's word, such as abuse."""
    shown = one_line(address, 120)
    body = paragraphs(
        say(reader, "complained", name=name_of(name), address=shown, kind=one_line(kind, 40)),
        say(reader, "complained how", address=shown),
    )
    actions = (button(reader, "show", f"show {ticket_id}"),) if ticket_id is not None else ()
    return Notice("complained", say(reader, "title complained"), body, actions)


def step_failed(ticket_id: int | None, reader: Reader, *, what: str, failures: int) -> Notice:
    """A due step failed again and again; it is tried later and starves nothing."""
    key = "step failed" if ticket_id is None else "step failed ticket"
    body = say(reader, key, id=ticket_id, failures=failures, what=one_line(what))
    return Notice("step_failed", say(reader, "title step failed"), body)


def channel_trouble(
    reader: Reader, *, what: str, channel: str, name: str, reason: str, ticket_ids: Sequence[int] = ()
) -> Notice:
    """Something of a channel ended. what: "gone", "closed" or "cut off"; name: of the person or conversation.

    ticket_ids: those that were answered in a conversation which is closed.
    """
    body = paragraphs(
        say(reader, f"channel {what}", name=name_of(name), channel=channel),
        _answered_there(reader, ticket_ids) if ticket_ids else "",
        say(reader, "dead why", reason=one_line(reason, REASON_MAX)) if reason else "",
    )
    shown = ticket_ids[0] if len(ticket_ids) == 1 else None
    actions = (button(reader, "show", f"show {shown}"),) if shown is not None else ()
    return Notice("channel_trouble", say(reader, "title channel", channel=channel), body, actions)


def _answered_there(reader: Reader, ticket_ids: Sequence[int]) -> str:
    numbers = ", ".join(f"#{one}" for one in ticket_ids[:NUMBERS_MAX])
    more = len(ticket_ids) - NUMBERS_MAX
    key = "channel tickets more" if more > 0 else "channel tickets"
    told = say(reader, key, numbers=numbers, count=more) if more > 0 else say(reader, key, numbers=numbers)
    return sentences(told, say(reader, "channel tickets next"))


def place_moved(reader: Reader, *, channel: str, old: str, new: str) -> Notice:
    """The staff's conversation got another id: the settings name the old one."""
    body = paragraphs(say(reader, "place moved", channel=channel), say(reader, "place moved how", old=old, new=new))
    return Notice("place_moved", say(reader, "title moved"), body)


def clock_jumped(reader: Reader, *, hours: int) -> Notice:
    """The clock ran ahead: nothing lapses and nothing is charged until a manager confirms."""
    body = paragraphs(
        say(reader, "clock jump", jump=in_language(reader.language, lasting(hours * 60))), say(reader, "clock how")
    )
    return Notice("clock_jumped", say(reader, "title clock"), body, (button(reader, "clock", "confirm clock"),))


def breaker_opened(reader: Reader, *, limit: int) -> Notice:
    """The desk wrote far more than it should: it holds what it would send by itself."""
    body = paragraphs(say(reader, "breaker", limit=limit), say(reader, "breaker next"))
    return Notice("breaker_opened", say(reader, "title breaker"), body)
