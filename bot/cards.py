"""What a ticket's card shows, read fresh each time it is posted or edited; and where cards stand.

Where the staff's conversation is another one than before, the cards of open tickets are posted there, most urgent first
and a few seconds apart: of a thousand the last stands after an hour and a half, and what is new or changes goes first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from datetime import datetime, timedelta

from bot import books, desk, notices
from bot.messages import CardView, Place
from bot.notices.answers import in_language
from bot.queries import moving
from bot.queries import people as people_queries
from bot.store import Tx

# Telegram takes some 14 cards a minute in a group beside the words.
POST_GAP = timedelta(seconds=5)


def stand(tx: Tx, places: Iterable[Place], now: datetime) -> None:
    """Every open ticket has a card in the staff's places as they are now; cards in former ones are followed no more."""
    for place in places:
        names = _names_of(tx, place)
        for row in tx.all(moving.CARD_PLACES, channel=place.channel):
            if _bare(row.conversation) not in names:
                tx.run(moving.CARDS_FORGET, channel=place.channel, conversation=row.conversation)
        for number, row in enumerate(tx.all(moving.WITHOUT_CARD, channel=place.channel)):
            due_at = now + number * POST_GAP
            where = {"channel": place.channel, "conversation": place.conversation}
            tx.run(moving.CARD_STAND, ticket_id=row.id, due_at=due_at, **where)


def post_anew(tx: Tx, place: Place, now: datetime) -> None:
    """The cards of open tickets that wait for nothing in this place are posted again; one in hand is there already."""
    for number, row in enumerate(tx.all(moving.CARDS_OF_OPEN, channel=place.channel, conversation=place.conversation)):
        tx.run(moving.CARD_ANEW, id=row.id, due_at=now + (number + 1) * POST_GAP)


def _names_of(tx: Tx, place: Place) -> Set[str]:
    """What a conversation is called: by the settings, and before and after it got another id."""
    begins = f"moved:{place.channel}:"
    moves = [(row.name.removeprefix(begins), json.loads(row.value_json)) for row in tx.all(moving.MOVES)]
    names, known = {_bare(place.conversation)}, 0
    while len(names) > known:
        known = len(names)
        names |= {one for pair in moves if not names.isdisjoint(pair) for one in pair}
    return names


def _bare(conversation: str) -> str:
    """A Slack channel's id without its workspace, which the settings may leave out."""
    return conversation.rpartition(":")[2]


def card_view(
    tx: Tx, ticket_id: int, place: Place, version: int, *, now: datetime, zone: str, currency: str, language: str
) -> CardView:
    """The card of a ticket as of now. zone, language: of the staff who read it together."""
    ticket = desk.ticket(tx, ticket_id)
    client_name, balance = "", ""
    if ticket.client_id is not None:
        client = tx.one(people_queries.CLIENT_BY_ID, client_id=ticket.client_id)
        assert client is not None
        client_name, balance = client.name, books.balance_line(tx, client.id, now=now, currency=currency)
        balance = in_language(language, balance)
    return notices.card(
        ticket,
        version=version,
        place=place,
        zone=zone,
        client_name=client_name,
        lead_name=_name(tx, ticket.lead_id),
        claimant_name=_name(tx, ticket.claimant_id),
        balance=balance,
        language=language,
    )


def _name(tx: Tx, consultant_id: int | None) -> str | None:
    if consultant_id is None:
        return None
    row = tx.one(people_queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    return str(row.name) if row is not None else None
