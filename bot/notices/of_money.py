"""What contacts are told about money, always before or as soon as it is spent.

Prices come in as cents and are written with the desk's currency; nothing is computed here.
Source: mission, Rules, "Urgent off-hours contact", "When credit runs out".
"""

from __future__ import annotations

from datetime import datetime

from bot.messages import Action, Notice
from bot.money import format_cents
from bot.notices.answers import in_language
from bot.notices.wording import (
    REASON_MAX,
    Reader,
    button,
    lines,
    moment,
    name_of,
    on_ticket,
    paragraphs,
    quoted,
    say,
    sentences,
)
from bot.plain import one_line
from bot.tickets import Ticket


def price_told(
    ticket: Ticket,
    reader: Reader,
    *,
    cents_per_quarter: int,
    currency: str,
    opens_at: datetime | None,
    grace_minutes: int,
    needs_yes: bool,
) -> Notice:
    """The price of urgent work in closed time, and the choice: now, or at the next opening.

    opens_at: None where the client never opens. needs_yes: no plan or agreement stands, so that only an approver's
    explicit yes bills, and silence never does.
    """
    price = format_cents(cents_per_quarter, currency)
    opens = moment(opens_at, reader) if opens_at is not None else say(reader, "next opening")
    silence = say(reader, "urgent consent") if needs_yes else say(reader, "urgent grace", minutes=grace_minutes)
    body = paragraphs(
        lines(
            say(reader, "urgent", id=ticket.id, opens=opens),
            say(reader, "urgent now", price=price),
            say(reader, "urgent later", opens=opens),
        ),
        silence,
        say(reader, "urgent how", id=ticket.id),
    )
    actions = (
        Action(say(reader, "urgent label now", price=price), f"now {ticket.id}", "primary"),
        Action(say(reader, "urgent label later", opens=opens), f"later {ticket.id}"),
    )
    return on_ticket("price_told", ticket, reader, body, actions=actions)


def contact_charged(ticket: Ticket, reader: Reader, *, cost: str) -> Notice:
    """The urgent contact was billed. cost: the books' words, "$50.00" or "5 units from the 12-hour credit ($37.50)"."""
    cost = one_line(in_language(reader.language, cost)) or say(reader, "nothing to pay")
    told = say(reader, "contact billed", id=ticket.id, cost=cost)
    body = paragraphs(told, say(reader, "contact dispute"))
    return on_ticket("contact_charged", ticket, reader, body)


def waived(ticket: Ticket, reader: Reader, *, cost: str, reason: str = "") -> Notice:
    """A charge was taken back."""
    why = say(reader, "waived reason", reason=one_line(reason, REASON_MAX)) if reason else ""
    cost = one_line(in_language(reader.language, cost))
    return on_ticket("waived", ticket, reader, sentences(say(reader, "waived", id=ticket.id, cost=cost), why))


def credit_ran_out(
    ticket: Ticket,
    reader: Reader,
    *,
    client_name: str,
    cents_12h: int,
    cents_40h: int,
    currency: str = "USD",
) -> Notice:
    """Credit is used up: buy 12, buy 40, per use, or stop."""
    client = name_of(client_name)
    body = paragraphs(
        say(reader, "credit out", client=client, id=ticket.id),
        lines(
            say(reader, "credit choice"),
            say(reader, "credit 12", price_12=format_cents(cents_12h, currency)),
            say(reader, "credit 40", price_40=format_cents(cents_40h, currency)),
            say(reader, "credit use"),
            say(reader, "credit stop"),
        ),
        say(reader, "credit urgent"),
        say(reader, "credit how"),
    )
    actions = (
        button(reader, "buy 12", "buy 12", "primary"),
        button(reader, "buy 40", "buy 40"),
        button(reader, "per use", "buy per-use"),
        button(reader, "stop", "buy stop", "danger"),
    )
    return on_ticket("credit_ran_out", ticket, reader, body, actions=actions)


def credit_wanted(reader: Reader, *, client_name: str, client_code: str, tier: str, by_name: str) -> Notice:
    """To a manager: an approver wants to buy credit. tier: "12h" or "40h"."""
    client = name_of(client_name)
    body = paragraphs(
        say(reader, "credit wanted", name=name_of(by_name), client=client, tier=tier),
        say(reader, "credit wanted next", code=client_code, tier=tier),
    )
    grant = Action(say(reader, "button grant", tier=tier), f"grant {client_code} {tier}")
    return Notice("credit_wanted", say(reader, "title credit", client=client), body, (grant,))


def agreement_needed(ticket: Ticket, reader: Reader, *, price: str = "") -> Notice:
    """To approvers: the work waits for a plan or an agreement. Source: mission, "Plan or agreement first".

    price: of a quarter of an hour in closed time, where that is what they would agree to.
    """
    body = paragraphs(
        sentences(
            say(reader, "agreement", id=ticket.id),
            say(reader, "agreement price", price=price) if price else "",
        ),
        say(reader, "agreement how", id=ticket.id),
    )
    return on_ticket(
        "agreement_needed", ticket, reader, body, actions=(button(reader, "agree", f"accept {ticket.id}", "primary"),)
    )


def credit_low(reader: Reader, *, client_name: str, left: str) -> Notice:
    """Little is left. left: the books' words, "3.25 h at P4"."""
    client = name_of(client_name)
    body = say(reader, "credit low", client=client, left=left)
    return Notice("credit_low", say(reader, "title credit", client=client), body)


def credit_usable(reader: Reader, *, client_name: str, left: str) -> Notice:
    """Credit that was paid for, or granted, can be used. left: all of it, "12 h at P4"."""
    client = name_of(client_name)
    body = say(reader, "credit new", client=client, left=left)
    return Notice("credit_usable", say(reader, "title credit", client=client), body)


def credit_lapses(reader: Reader, *, client_name: str, left: str, lapse_at: datetime) -> Notice:
    """Credit is about to lapse."""
    client = name_of(client_name)
    body = say(reader, "lapse soon", client=client, left=left, at=moment(lapse_at, reader))
    return Notice("credit_lapses", say(reader, "title credit", client=client), body)


def dispute_opened(ticket: Ticket, reader: Reader, *, charge_id: int, cost: str, by_name: str, words: str) -> Notice:
    """To a manager: a charge is disputed, and what may be decided."""
    body = paragraphs(
        say(reader, "charge disputed", name=name_of(by_name), charge=charge_id, cost=cost, id=ticket.id),
        quoted(words),
        say(reader, "dispute how", charge=charge_id),
    )
    actions = (
        button(reader, "why", f"why charge {charge_id}"),
        button(reader, "uphold", f"decide {charge_id} uphold"),
        button(reader, "waive", f"decide {charge_id} waive", "primary"),
    )
    return on_ticket("dispute_opened", ticket, reader, body, actions=actions)


def dispute_decided(ticket: Ticket, reader: Reader, *, charge_id: int, given_up: str, reason: str) -> Notice:
    """To whoever disputed. given_up: "16 units, $40.00", or "" where the charge was upheld."""
    key = "dispute part" if given_up else "dispute upheld"
    why = say(reader, "waived reason", reason=one_line(reason, REASON_MAX)) if reason else ""
    told = say(reader, key, charge=charge_id, cost=one_line(in_language(reader.language, given_up)))
    return on_ticket("dispute_decided", ticket, reader, sentences(told, why))
