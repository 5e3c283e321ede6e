"""What both sides hear of an appointment, each in their own zone: booked, moved, called off, near, over."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Notice
from bot.notices.wording import (
    REASON_MAX,
    Reader,
    button,
    moment,
    name_of,
    on_ticket,
    paragraphs,
    quoted,
    say,
)
from bot.plain import one_line
from bot.tickets import Ticket
from bot.zones import zone_named

Span = tuple[datetime, datetime]


def span_text(span: Span, reader: Reader) -> str:
    """ "Tue 24 Nov, 14:00 EST to 15:30 EST" in the reader's zone; the end with its day where that is another."""
    zone = zone_named(reader.zone)
    start, end = (at.astimezone(zone) for at in span)
    last = moment(span[1], Reader(reader.zone, reader.language, span[0] if start.date() == end.date() else None))
    return say(reader, "slot", start=moment(span[0], reader), end=last)


def appointment_booked(
    ticket: Ticket, reader: Reader, span: Span, *, kind: str, name: str, words: str = "", was: Span | None = None
) -> Notice:
    """To the client. name: of the consultant. was: the time it had before."""
    values = {"id": ticket.id, "name": name_of(name), "slot": span_text(span, reader), "kind": kind}
    if was is None:
        first = say(reader, "appointment booked", **values)
    else:
        first = say(reader, "appointment moved", was=span_text(was, reader), **values)
    body = paragraphs(
        first,
        say(reader, "appointment words", words=one_line(words, REASON_MAX)) if words else "",
        say(reader, "appointment how", id=ticket.id),
    )
    return on_ticket(
        "appointment_booked", ticket, reader, body, actions=(button(reader, "cancel", f"cancel {ticket.id}"),)
    )


def appointment_made(ticket: Ticket, reader: Reader, span: Span, *, kind: str, client_name: str) -> Notice:
    """To the consultant, where somebody else booked it."""
    body = say(
        reader, "appointment in diary", id=ticket.id, slot=span_text(span, reader), kind=kind,
        client=name_of(client_name),
    )  # fmt: skip
    return on_ticket("appointment_made", ticket, reader, body, actions=(button(reader, "show", f"show {ticket.id}"),))


def appointment_wished(
    ticket: Ticket, reader: Reader, span: Span, *, kind: str, name: str, client_name: str, line: str, words: str = ""
) -> Notice:
    """To whoever has the ticket. line: the command that agrees."""
    body = paragraphs(
        say(
            reader, "appointment wished", id=ticket.id, slot=span_text(span, reader), kind=kind, name=name_of(name),
            client=name_of(client_name),
        ),
        quoted(words) if words else "",
        say(reader, "appointment agree", id=ticket.id, line=line),
    )  # fmt: skip
    actions = (button(reader, "agree to time", line, "primary"), button(reader, "show", f"show {ticket.id}"))
    return on_ticket("appointment_wished", ticket, reader, body, actions=actions)


def appointment_cancelled(ticket: Ticket, reader: Reader, span: Span, *, reason: str = "") -> Notice:
    """To the other side."""
    body = paragraphs(
        say(reader, "appointment cancelled", id=ticket.id, slot=span_text(span, reader)),
        say(reader, "appointment reason", reason=one_line(reason, REASON_MAX)) if reason else "",
    )
    return on_ticket("appointment_cancelled", ticket, reader, body)


def appointment_unsure(ticket: Ticket, reader: Reader, span: Span) -> Notice:
    """To the client: the consultant gave the ticket back."""
    body = say(reader, "appointment reopened", id=ticket.id, slot=span_text(span, reader))
    return on_ticket("appointment_unsure", ticket, reader, body)


def appointment_near(ticket: Ticket, reader: Reader, span: Span, *, kind: str, name: str) -> Notice:
    """A reminder. name: of the other side."""
    values = {"id": ticket.id, "name": name_of(name), "slot": span_text(span, reader), "kind": kind}
    return on_ticket("appointment_near", ticket, reader, say(reader, "appointment reminder", **values))


def appointment_over(ticket: Ticket, reader: Reader, *, kind: str, minutes: int) -> Notice:
    """To the consultant: nothing was logged."""
    body = paragraphs(
        say(reader, "appointment over", id=ticket.id),
        say(reader, "appointment log", id=ticket.id, minutes=minutes, kind=kind),
    )
    return on_ticket("appointment_over", ticket, reader, body)
