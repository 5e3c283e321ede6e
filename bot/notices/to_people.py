"""What people are told about people: codes, leads, introductions, requests to join; and the answer to a command."""

from __future__ import annotations

from bot.messages import Action, Notice
from bot.notices.wording import Reader, button, name_of, on_ticket, paragraphs, say, sentences
from bot.plain import many_lines, one_line
from bot.tickets import Ticket

ANSWER_MAX = 30_000


def answer(text: str, *, ticket_id: int | None = None, subject: str = "", actions: tuple[Action, ...] = ()) -> Notice:
    """The answer to a command, where it goes out as a message. subject: that of the message it answers."""
    number = f"[#{ticket_id}]" if ticket_id is not None else ""
    title = one_line(subject, 120)
    if number and number not in title:
        title = f"{number} {title}".strip()
    return Notice("answer", title or say(Reader(), "title answer"), many_lines(text, ANSWER_MAX), actions)


def approval_needed(ticket: Ticket, reader: Reader, *, sender_name: str, is_known: bool = False) -> Notice:
    """To approvers: nothing is billed before a yes, since somebody of their domain wrote who is not confirmed yet.

    is_known: the name is that of a contact, but the mail does not prove that the contact wrote it.
    """
    body = paragraphs(
        say(reader, "approval unproven" if is_known else "approval", name=name_of(sender_name), id=ticket.id),
        say(reader, "approval next"),
        say(reader, "approval how", id=ticket.id),
    )
    return on_ticket(
        "approval_needed", ticket, reader, body, actions=(button(reader, "accept", f"accept {ticket.id}", "primary"),)
    )


def link_code(reader: Reader, *, code: str, minutes: int = 15) -> Notice:
    """A one-time code, to a proven address."""
    body = paragraphs(say(reader, "link code", code=code), say(reader, "link how", code=code, minutes=minutes))
    return Notice("link_code", say(reader, "title link"), body)


def lead_proposed(reader: Reader, *, client_name: str, client_code: str) -> Notice:
    """To a consultant whom an owner named."""
    client = name_of(client_name)
    body = paragraphs(say(reader, "lead proposed", client=client), say(reader, "lead proposed next"))
    actions = (
        button(reader, "lead yes", f"lead confirm {client_code}", "primary"),
        button(reader, "lead no", f"lead decline {client_code}"),
    )
    return Notice("lead_proposed", say(reader, "title lead", client=client), body, actions)


def lead_answered(reader: Reader, *, client_name: str, consultant_name: str, is_yes: bool) -> Notice:
    """To the owner: the consultant said yes, or no."""
    key = "lead confirmed" if is_yes else "lead declined"
    title = say(reader, "title lead", client=name_of(client_name))
    return Notice("lead_answered", title, say(reader, key, name=name_of(consultant_name)))


def lead_ended(reader: Reader, *, client_name: str) -> Notice:
    """To the one who was lead before."""
    client = name_of(client_name)
    return Notice("lead_ended", say(reader, "title lead", client=client), say(reader, "lead ended", client=client))


def introduced(reader: Reader, *, assistant_name: str, manager_name: str, by_name: str) -> Notice:
    """To a contact, before an assistant first answers it: who introduces them, and whose assistant it is.

    Source: mission, People (C).
    """
    names = {"assistant": name_of(assistant_name), "manager": name_of(manager_name)}
    body = sentences(
        say(reader, "introduced by", name=name_of(by_name), assistant=names["assistant"]),
        say(reader, "introduced", **names),
    )
    return Notice("introduced", say(reader, "title introduced", **names), body)


def membership_asked(reader: Reader, *, request_id: int, name: str, address: str, expertise: str) -> Notice:
    """To a manager: somebody asks to join."""
    body = paragraphs(
        say(reader, "membership", name=name_of(name), address=one_line(address), expertise=one_line(expertise)),
        say(reader, "membership next", id=request_id),
    )
    return Notice("membership_asked", say(reader, "title membership"), body)


def invited(reader: Reader, *, member_number: str) -> Notice:
    """To a new consultant."""
    body = paragraphs(say(reader, "invited", number=member_number), say(reader, "invited next"))
    return Notice("invited", say(reader, "title welcome"), body)
