"""What falls due in the books: a plan's next term, what is earned of a fee, a warning before credit lapses.

Called by the tick, each with its row under a savepoint; the books read again under the client's lock, so that two
workers do nothing twice.
"""

from __future__ import annotations

from bot import books, notices, outbox, people
from bot.ledger.wording import hours_left
from bot.money import format_cents
from bot.scene import Scene
from bot.store import Row
from bot.telling import contact_reader, tell_contact


def begin_term(scene: Scene, row: Row) -> None:
    """A plan's next term: its fee is invoiced, its units are granted."""
    term = books.begin_term(scene.tx, row.id, now=scene.now, prices=scene.policy.prices)
    if term is None:
        return
    fee = ""
    if term.issued is not None:
        fee = f", {term.issued.number} over {format_cents(term.issued.gross_cents, scene.policy.currency)}"
    units = f", {term.included_units} units" if term.included_units else ""
    scene.record("term begun", client_id=row.id, reason=f"{term.from_on} to {term.to_on}{fee}{units}")


def earn_fee(scene: Scene, row: Row) -> None:
    """What of a fee is earned by now."""
    books.earn(scene.tx, row.id, row.client_id, now=scene.now)


def warn_of_lapse(scene: Scene, row: Row) -> None:
    """Approvers hear 30 and 7 days before credit lapses, as long as any is left of it."""
    client = people.client(scene.tx, row.client_id)
    if row.balance_units and row.lapse_at is not None and row.lapse_at > scene.now:
        left = hours_left(row.balance_units)
        for approver in people.approvers(scene.tx, client.id):
            reader = contact_reader(scene, approver, client)
            told = notices.credit_lapses(reader, client_name=client.name, left=left, lapse_at=row.lapse_at)
            tell_contact(scene, approver.id, told, ticket_id=None, send_class=outbox.SendClass.MONEY)
        scene.record("lapse told", client_id=client.id, reason=f"{left} lapse on {row.lapses_on}", grant=row.id)
    books.lapse_told(scene.tx, row, now=scene.now)
