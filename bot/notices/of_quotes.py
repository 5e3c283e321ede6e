"""What clients and staff are told of quotes and of the budgets they become."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Action, Notice
from bot.notices.answers import in_language
from bot.notices.wording import Reader, lines, name_of, on_ticket, paragraphs, say
from bot.plain import one_line
from bot.tickets import Ticket


def quote_sent(reader: Reader, *, quote_id: int, title: str, estimate: Sequence[str]) -> Notice:
    """To approvers: what it would take and cost, and how to answer."""
    body = paragraphs(
        say(reader, "quotation", title=one_line(title)),
        lines(*(in_language(reader.language, line) for line in estimate)),
        say(reader, "quotation how", id=quote_id),
    )
    actions = (
        Action(say(reader, "button accept quote"), f"accept quote {quote_id}", "primary"),
        Action(say(reader, "button decline quote"), f"decline quote {quote_id}"),
    )
    return Notice("quote_sent", say(reader, "title quotation", id=quote_id, title=one_line(title)), body, actions)


def quote_answered(
    reader: Reader, *, quote_id: int, client_name: str, by_name: str, is_yes: bool, words: str
) -> Notice:
    """To whoever made it."""
    said = say(reader, "quote accepted" if is_yes else "quote declined", id=quote_id, name=name_of(by_name))
    title = say(reader, "title quote answered", id=quote_id, client=name_of(client_name))
    return Notice("quote_answered", title, paragraphs(said, f"“{one_line(words, 300)}”" if words else ""))


def budget_reached(ticket: Ticket, reader: Reader, *, percent: int, used: str, budget: str) -> Notice:
    """80 or 100 % of a quoted budget are used up."""
    name = "budget used" if percent >= 100 else "budget near"
    return on_ticket("budget_reached", ticket, reader, say(reader, name, id=ticket.id, used=used, budget=budget))
