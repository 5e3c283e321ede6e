"""What people are told when tickets are joined or parted, and when somebody writes anew while a ticket is open.

And when a mail filter wants a person to vouch for a mail of ours.
"""

from __future__ import annotations

from bot.messages import Action, Notice
from bot.notices.wording import Reader, button, name_of, on_ticket, paragraphs, quoted, say
from bot.tickets import Ticket


def wrote_anew(ticket: Ticket, reader: Reader, *, new_id: int, sender_name: str, text: str) -> Notice:
    """To who works on `ticket`: its requester wrote a fresh message, which may belong to it."""
    body = paragraphs(
        say(reader, "wrote anew", name=name_of(sender_name), id=ticket.id, new=new_id),
        quoted(text) if text.strip() else "",
        say(reader, "wrote anew how", id=ticket.id, new=new_id),
    )
    join = Action(say(reader, "button join", id=ticket.id), f"join {new_id} {ticket.id}")
    return on_ticket("wrote_anew", ticket, reader, body, actions=(join, button(reader, "show", f"show {new_id}")))


def challenged(ticket: Ticket, reader: Reader, *, address: str, text: str) -> Notice:
    """To who works on the ticket: a filter wants to be told by a person that our mail is none of a program."""
    body = paragraphs(
        say(reader, "challenged", address=name_of(address)),
        quoted(text) if text.strip() else "",
        say(reader, "challenged how", id=ticket.id),
    )
    return on_ticket("challenged", ticket, reader, body, actions=(button(reader, "show", f"show {ticket.id}"),))


def joined_for_you(ticket: Ticket, reader: Reader, *, into_id: int) -> Notice:
    """To the requester: the ticket is part of another one now."""
    return on_ticket("joined_for_you", ticket, reader, say(reader, "joined you", id=ticket.id, into=into_id))


def joined(ticket: Ticket, reader: Reader, *, into_id: int, by_name: str) -> Notice:
    """To who works on the ticket that another was joined to."""
    told = say(reader, "joined", name=name_of(by_name), id=ticket.id, into=into_id)
    return on_ticket("joined", ticket, reader, told, actions=(button(reader, "show", f"show {into_id}"),))


def split_for_you(ticket: Ticket, reader: Reader, *, of_id: int) -> Notice:
    """To the requester: what they wrote on another ticket has its own now."""
    return on_ticket("split_for_you", ticket, reader, say(reader, "split you", id=ticket.id, of=of_id))
