"""What the person who asked hears at each step, in the channel they wrote from: short, warm, exact.

Balances stand in a notice only where the caller passes them: what a contact may see, the rooms decide.
"""

from __future__ import annotations

from datetime import datetime

from bot.messages import EMAIL, Notice
from bot.notices.answers import in_language
from bot.notices.wording import (
    REASON_MAX,
    Reader,
    button,
    moment,
    name_of,
    on_ticket,
    paragraphs,
    priority,
    reasons,
    say,
    sentences,
)
from bot.plain import many_lines, one_line
from bot.tickets import State, Ticket
from bot.triage.priority import Priority

REPLY_MAX = 100_000


def received(
    ticket: Ticket, reader: Reader, *, lead_name: str | None, opens_at: datetime | None, direct_number: str = ""
) -> Notice:
    """The message became a ticket: its number, priority with the reason, what happens by when.

    lead_name: who holds it, if somebody does. opens_at: the next opening, in closed time only. direct_number: given
    for P1 and P2 alone. Source: mission, Rules, "Direct contact".
    A stranger is told the number alone, and nothing of what was written.
    """
    if ticket.state is State.UNVERIFIED:
        link = say(reader, "stranger link") if ticket.channel != EMAIL else ""
        body = paragraphs(say(reader, "stranger", id=ticket.id), say(reader, "stranger next"), link)
        return Notice("received", f"[#{ticket.id}]", body)
    by = say(reader, "received by", at=moment(ticket.respond_by, reader)) if ticket.respond_by is not None else ""
    closed = say(reader, "received closed", at=moment(opens_at, reader)) if opens_at is not None else ""
    is_fast = ticket.priority in (Priority.P1, Priority.P2)
    first = say(reader, "received lead", name=name_of(lead_name)) if lead_name else say(reader, "received ladder")
    body = paragraphs(
        say(reader, "received", id=ticket.id, priority=priority(ticket.priority, reader, ticket.why)),
        sentences(closed, first, by),
        say(reader, "received direct", number=direct_number) if direct_number and is_fast else "",
        say(reader, "received on hold") if ticket.is_billing_on_hold else "",
        say(reader, "received more"),
    )
    return on_ticket("received", ticket, reader, body)


def widened(ticket: Ticket, reader: Reader, *, reason: str, lead_name: str = "") -> Notice:
    """More people are asked. reason: "passed", "hold lapsed" or "released"."""
    key = {"passed": "widened passed", "released": "widened released"}.get(reason, "widened lapsed")
    if key == "widened passed" and not lead_name:
        key = "widened released"
    promise_at = ticket.promise_at
    body = sentences(
        say(reader, key, id=ticket.id, lead=name_of(lead_name)),
        say(reader, "widened by", at=moment(promise_at, reader)) if promise_at is not None else "",
    )
    return on_ticket("widened", ticket, reader, body)


def claimed(ticket: Ticket, reader: Reader, *, claimant_name: str) -> Notice:
    """Somebody works on it, by name."""
    name = name_of(claimant_name)
    by = ""
    if ticket.promise_at is not None:
        by = say(reader, "claimed by", name=name, at=moment(ticket.promise_at, reader))
    return on_ticket("claimed", ticket, reader, sentences(say(reader, "claimed", name=name, id=ticket.id), by))


def replied(ticket: Ticket, reader: Reader, *, author_name: str, text: str) -> Notice:
    """Words of a person of the desk, as they were written."""
    body = say(reader, "replied", text=many_lines(text, REPLY_MAX), name=name_of(author_name))
    return on_ticket("replied", ticket, reader, body)


def resolved(ticket: Ticket, reader: Reader, *, claimant_name: str, note: str = "", account: str = "") -> Notice:
    """It is done: what was done, what was logged and what that cost or leaves, and how to reopen.

    account: the books' line ("50 min → 4 quarters at P2 …"), where the reader may see it.
    """
    body = paragraphs(
        say(reader, "resolved", name=name_of(claimant_name), id=ticket.id),
        many_lines(note, 4_000),
        one_line(in_language(reader.language, account), 1_000),
        say(reader, "resolved reopen"),
    )
    return on_ticket("resolved", ticket, reader, body, actions=(button(reader, "reopen", f"reopen {ticket.id}"),))


def closed(ticket: Ticket, reader: Reader, *, reason: str = "") -> Notice:
    """The end of the ticket."""
    why = say(reader, "closed reason", reason=one_line(reason, REASON_MAX)) if reason else ""
    body = paragraphs(say(reader, "closed", id=ticket.id), why, say(reader, "closed again"))
    return on_ticket("closed", ticket, reader, body)


def reopened_for_you(ticket: Ticket, reader: Reader) -> Notice:
    """The requester's own ticket is open again."""
    return on_ticket("reopened_for_you", ticket, reader, say(reader, "reopened requester", id=ticket.id))


def priority_changed(ticket: Ticket, reader: Reader, *, was: Priority | None, reason: str) -> Notice:
    """A new priority, what made it, and whether the price follows: forward only, after this notice."""
    is_priced = ticket.priced_priority == ticket.priority
    by = say(reader, "priority by", at=moment(ticket.promise_at, reader)) if ticket.promise_at is not None else ""
    body = paragraphs(
        sentences(
            say(reader, "priority up", id=ticket.id, priority=priority(ticket.priority, reader)),
            say(reader, "priority was", was=priority(was, reader)) if was is not None else "",
            by,
        ),
        say(reader, "priority why", reason=one_line(reasons(reason, reader), REASON_MAX)) if reason else "",
        say(reader, "priority price" if is_priced else "priority unpriced"),
    )
    return on_ticket("priority_changed", ticket, reader, body)


def price_confirmed(ticket: Ticket, reader: Reader) -> Notice:
    """The price of a chased ticket follows its priority from now on."""
    body = say(reader, "price confirmed", id=ticket.id, priority=priority(ticket.priority, reader))
    return on_ticket("price_confirmed", ticket, reader, body)
