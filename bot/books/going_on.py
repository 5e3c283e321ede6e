"""Whether work may go on where credit has run out: a client's standing "stop", and its cap.

Source: mission, Rules, "When credit runs out": the item in hand is finished; P1 goes on up to the client's cap.
"""

from __future__ import annotations

from datetime import datetime

from bot.books import credit
from bot.books.logging_time import is_over_cap
from bot.errors import UserError
from bot.ledger.work import Work
from bot.sentences import joined, sentence
from bot.store import Row, Tx
from bot.triage.priority import Priority


def may_go_on(tx: Tx, client: Row, work: Work, *, now: datetime) -> None:
    """Raise UserError where the client said "stop" and this work would be per use, without being urgent."""
    if client.when_credit_out != "stop" or not work.is_billable or credit.left_units(tx, client.id):
        return
    way_out = sentence("log way out")
    if work.priority is not Priority.P1:
        raise UserError(joined(" ", [sentence("log stopped", client=client.name), way_out]))
    if is_over_cap(tx, client, now):
        raise UserError(joined(" ", [sentence("log stopped cap", client=client.name), way_out]))
