"""Use cases of quotes: sent, listed, accepted into a ticket with a budget, declined; and what is told of a budget.

Source: mission, "Also": estimates are averages; nothing here stops work, it only tells.
"""

from __future__ import annotations

from functools import partial

from bot import books, desk, outbox, people
from bot.calendars import calendar_of
from bot.commands.about_quotes import Quote, QuoteAnswer, QuoteList
from bot.errors import NotAllowed
from bot.laddering import put_on_offer
from bot.ledger import estimates
from bot.messages import Answer, Place
from bot.notices.agreements import of_quote
from bot.notices.answers import in_language
from bot.notices.of_quotes import budget_reached, quote_answered, quote_sent
from bot.orders.about_estimates import effect_on, estimate_lines, read_wanted
from bot.orders.about_people import client_of
from bot.orders.cutting import rest
from bot.orders.usecase import UseCases, must_see_books
from bot.people import Actor
from bot.plain import one_line
from bot.queries import quotes as queries
from bot.scene import Scene
from bot.sentences import Figure, joined, sentence
from bot.store import Row
from bot.telling import contact_reader, tell_consultant, tell_contact, tell_managers
from bot.tickets import Event, Ticket
from bot.triage import deadlines
from bot.triage.priority import Priority

RULE, QUOTED = "a quote was accepted", "planned work by a quote"

LISTED_MAX = 50


def quote(scene: Scene, actor: Actor, command: Quote) -> Answer:
    """Send an estimate to a client's approvers: its lead's, its assistant's or a manager's to send."""
    client = people.client_by_code(scene.tx, command.client)
    if not actor.is_manager and actor.consultant_id not in (client.lead_id, client.assistant_id):
        raise NotAllowed(sentence("quote who", client=client.name))
    catalogue, wanted = read_wanted(command.text)
    components = scene.policy.prices.components
    found = [(estimates.find(components, name, catalogue=catalogue), count) for name, count in wanted]
    told = estimates.estimate(found, scene.policy.prices.card)
    title = command.title or one_line(", ".join(line.component.name for line in told.lines), 120)
    quote_id = books.make_quote(scene.tx, client.id, told, title=title, by_id=actor.consultant_id, now=scene.now)
    lines = estimate_lines(told, scene.policy.currency)
    read = estimate_lines(told, scene.policy.currency, effect_on(scene, client.id, told))
    approvers = people.approvers(scene.tx, client.id)
    for approver in approvers:
        reader = contact_reader(scene, approver, client)
        notice = quote_sent(reader, quote_id=quote_id, title=title, estimate=read)
        tell_contact(scene, approver.id, notice, ticket_id=None, send_class=outbox.SendClass.MONEY)
    scene.record("quoted", client_id=client.id, actor=actor.label, reason=title, quote=quote_id)
    names = ", ".join(row.name for row in approvers) or sentence("quote to nobody")
    return Answer(joined("\n", [sentence("quote made", id=quote_id, client=client.name, name=names), *lines]))


def quotes(scene: Scene, actor: Actor, command: QuoteList) -> Answer:
    client = client_of(scene, actor, command.client)
    must_see_books(actor, client, "quotes")
    rows = scene.tx.all(queries.QUOTES_OF_CLIENT, client_id=client.id, limit=LISTED_MAX + 1)
    if not rows:
        return Answer(sentence("answer no quotes", client=client.name))
    listed = [_line(scene, row) for row in rows[:LISTED_MAX]]
    return Answer(joined("\n", [*listed, *rest(rows, LISTED_MAX)]))


def _line(scene: Scene, row: Row) -> str:
    spent = books.budget_of(scene.tx, row.ticket_id) if row.ticket_id is not None else None
    budget, state = _count(row.quarters * 15), sentence(f"quote state {row.state}")
    if spent is None:
        return sentence("quote line", id=row.id, title=row.title, state=state, hours=budget)
    used = _count(spent.minutes)
    return sentence(
        "quote used", id=row.id, title=row.title, state=state, number=row.ticket_id, used=used, hours=budget
    )


def answer(scene: Scene, actor: Actor, command: QuoteAnswer) -> Answer:
    """An approver's answer. A yes to a price is the agreement to it, and opens the ticket with that budget."""
    if actor.client_id is None:
        raise NotAllowed(sentence("for approvers quote"))
    row = books.open_quote(scene.tx, command.quote_id, client_id=actor.client_id)
    client = people.client(scene.tx, actor.client_id)
    state = "accepted" if command.is_yes else "declined"
    ticket = _open(scene, actor, client, row) if command.is_yes else None
    books.decide_quote(
        scene.tx, row.id, state=state, contact_id=actor.contact_id, words=command.words, now=scene.now,
        ticket_id=ticket.id if ticket is not None else None,
    )  # fmt: skip
    scene.record(
        f"quote {state}", ticket_id=ticket.id if ticket is not None else None, client_id=client.id, actor=actor.label,
        reason=command.words, quote=row.id,
    )  # fmt: skip
    answered = partial(
        quote_answered, quote_id=row.id, client_name=client.name, by_name=actor.name, is_yes=command.is_yes,
        words=command.words,
    )  # fmt: skip
    tell_consultant(scene, row.made_by_id, answered, ticket_id=ticket.id if ticket is not None else None)
    if ticket is None:
        return Answer(sentence("answer quote declined", id=row.id))
    if not books.may_charge(scene.tx, client, scene.now, scene.policy.prices):
        people.agree(scene.tx, client.id, actor.contact_id, command.words, text=of_quote(row.id), now=scene.now)
        books.keep_terms(scene.tx, client.id, now=scene.now)
    told = sentence("answer quote accepted", id=row.id, number=ticket.id, hours=_count(row.quarters * 15))
    return Answer(told, ticket_id=ticket.id)


def _open(scene: Scene, actor: Actor, client: Row, row: Row) -> Ticket:
    calendar = calendar_of(client, scene.now)
    why = (f"{QUOTED}: “{row.id}, {_hours(row.quarters * 15)}”",)
    ticket = desk.open_ticket(
        scene,
        desk.NewTicket(
            client_id=client.id,
            contact_id=actor.contact_id,
            handle_id=actor.handle_id,
            place=Place(actor.channel, ""),
            subject=row.title,
            priority=Priority.P4,
            rule=RULE,
            why=why,
            expertise=scene.policy.rules.vocabulary.expertise_of(row.title, row.title),
            lead_id=client.lead_id,
            respond_by=deadlines.respond_by(Priority.P4, scene.now, calendar, scene.policy.rules.promises),
        ),
    )
    opens = sentence("quote opens", id=row.id, title=row.title, hours=_count(row.quarters * 15))
    text = in_language(actor.language, opens)
    desk.write_message(
        scene, ticket.id, text, consultant_id=None, direction="in", channel=actor.channel, handle_id=actor.handle_id
    )
    opened = Event("opened", f"by {actor.channel}, from quote {row.id}", None, {"channel": actor.channel})
    triaged = Event("triaged", "; ".join(why), None, {"rule": RULE, "is": Priority.P4})
    desk.record_events(scene, ticket, (opened, triaged), actor=actor.label)
    outbox.want_card(scene.tx, ticket.id, scene.policy.staff_places, scene.now)
    return put_on_offer(scene, ticket, client, text=text)


def tell_of_budget(scene: Scene, ticket: Ticket) -> None:
    """After time was logged: whoever has the ticket, approvers and the manager hear of 80 and of 100 %, once each."""
    passed = books.budget_mark(scene.tx, ticket.id)
    if passed is None or ticket.client_id is None:
        return
    spent, mark = passed
    used, budget = _hours(spent.minutes), _hours(spent.budget_minutes)
    scene.record("budget told", ticket_id=ticket.id, client_id=ticket.client_id, reason=f"{mark} % of {budget}")
    told = partial(budget_reached, ticket, percent=mark, used=used, budget=budget)
    tell_consultant(scene, ticket.claimant_id, told, ticket_id=ticket.id)
    tell_managers(scene, told, ticket_id=ticket.id)
    client = people.client(scene.tx, ticket.client_id)
    for approver in people.approvers(scene.tx, client.id):
        reader = contact_reader(scene, approver, client)
        tell_contact(scene, approver.id, told(reader), ticket_id=ticket.id, send_class=outbox.SendClass.MONEY)


def _hours(minutes: int) -> str:
    """Minutes as hours: 105 → "1.75 h"."""
    return joined("", [_count(minutes), " h"])


def _count(minutes: int) -> Figure:
    return Figure(f"{minutes / 60:.2f}".rstrip("0").rstrip("."))


USE_CASES: UseCases = {Quote: quote, QuoteList: quotes, QuoteAnswer: answer}
