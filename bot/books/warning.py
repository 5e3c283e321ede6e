"""Credit that runs low: the client is told once at 20 %, once at 5 % of what its grants in use were given."""

from __future__ import annotations

from bot.books.entries import lock_client
from bot.queries import money as queries
from bot.store import Tx

# Per cent left at which a client is told, the higher one first.
MARKS = (20, 5)
ALL = 100


def credit_mark(tx: Tx, client_id: int) -> int | None:
    """The mark that a client's credit has newly fallen to, kept as told; None where there is nothing to tell.

    Credit that is used up is another matter: the client is asked how to go on.
    """
    client = lock_client(tx, client_id)
    rows = [row for row in tx.all(queries.GRANTS, client_id=client_id) if row.balance_units]
    given, left = sum(row.units for row in rows), sum(row.balance_units for row in rows)
    if not left:
        return None
    reached = [mark for mark in MARKS if left * 100 <= given * mark]
    mark = min(reached, default=ALL)
    if mark != client.credit_told:
        tx.run(queries.CREDIT_TOLD, client_id=client_id, mark=mark)
    return mark if mark < client.credit_told else None
