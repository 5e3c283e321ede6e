"""A price notice that came back told nobody: until another one arrives, nothing is billed for the contact.

Source: mission, "Urgent off-hours contact" ("no notice delivered: nothing is billed").
"""

from __future__ import annotations

from bot.books.contacts import contacts_of
from bot.queries import money as queries
from bot.store import Tx


def contact_untold(tx: Tx, ticket_id: int) -> bool:
    """Take back that the sender was told the price. True where a contact was billed on that word already.

    What was billed stays posted: whether it is waived, a manager decides, who hears of the bounce.
    """
    rows = contacts_of(tx, ticket_id)
    tx.run(queries.CONTACT_UNTOLD, ticket_id=ticket_id)
    return any(row.outcome == "billed" for row in rows)
