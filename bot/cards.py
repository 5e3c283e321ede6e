"""What a ticket's card shows, read fresh each time it is posted or edited."""

from __future__ import annotations

from datetime import datetime

from bot import books, desk, notices
from bot.messages import CardView, Place
from bot.notices.answers import in_language
from bot.queries import people as people_queries
from bot.store import Tx


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
