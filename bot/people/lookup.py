"""People by number, name, code or role, and the ways to reach them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import NotFound
from bot.outbox import Recipient
from bot.queries import people as queries
from bot.sentences import sentence
from bot.store import Row, Tx


def client(tx: Tx, client_id: int) -> Row:
    """The client's row. Raises NotFound."""
    row = tx.one(queries.CLIENT_BY_ID, client_id=client_id)
    if row is None:
        raise NotFound(sentence("people no client", id=client_id))
    return row


def client_by_code(tx: Tx, code: str) -> Row:
    """The client of that code, in any case. Raises NotFound that names how to see the codes."""
    row = tx.one(queries.CLIENT_BY_CODE, code=code.upper())
    if row is None:
        raise NotFound(sentence("people no code", code=code.upper()))
    return row


def consultant(tx: Tx, consultant_id: int) -> Row:
    """The consultant's row. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_ID, consultant_id=consultant_id)
    if row is None:
        raise NotFound(sentence("people no consultant", id=consultant_id))
    return row


def consultant_by_number(tx: Tx, member_number: str) -> Row:
    """The consultant of that member number. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_NUMBER, member_number=member_number.upper())
    if row is None:
        raise NotFound(sentence("answer no member", number=member_number))
    return row


def consultant_named(tx: Tx, text: str) -> Row:
    """A consultant by member number or by the start of the name, if only one fits. Raises NotFound."""
    row = tx.one(queries.CONSULTANT_BY_NUMBER, member_number=text.upper())
    if row is not None:
        return row
    wanted = text.lstrip("@").casefold()
    fits = [row for row in tx.all(queries.CONSULTANTS) if row.name.casefold().startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise NotFound(sentence("people nobody called", name=text))
    raise NotFound(sentence("people many called", name=text, what=", ".join(row.name for row in fits)))


def contact_at(tx: Tx, channel: str, address: str) -> Row:
    """The contact of an address. Raises NotFound."""
    row = tx.one(queries.CONTACT_AT, channel=channel, address=address)
    if row is None:
        raise NotFound(sentence("answer no contact", address=address))
    return row


def contact_called(contacts: Sequence[Row], name: str) -> Row | None:
    """The one contact of that name, or whose name alone begins so, or None. Raises NotFound for several."""
    wanted = name.casefold()
    whole = [row for row in contacts if row.name.casefold() == wanted]
    fits = whole or [row for row in contacts if row.name.casefold().startswith(wanted)]
    if len(fits) > 1:
        raise NotFound(sentence("people many contacts", name=name, what=", ".join(row.name for row in fits)))
    return fits[0] if fits else None


def recipient_of_consultant(tx: Tx, consultant_id: int) -> Recipient | None:
    """Where a consultant is told things first; None when no channel of theirs is known and alive."""
    return next(iter(recipients_of_consultant(tx, consultant_id)), None)


def recipients_of_consultant(tx: Tx, consultant_id: int) -> list[Recipient]:
    """Every way to reach a consultant, best first."""
    return [
        Recipient(row.id, row.channel, row.address, consultant_id, None, row.name, row.zone, row.language)
        for row in tx.all(queries.RECIPIENTS_OF_CONSULTANT, consultant_id=consultant_id)
    ]


def recipients_of_contact(tx: Tx, contact_id: int) -> list[Recipient]:
    """Every way to reach a contact, best first."""
    return [
        Recipient(row.id, row.channel, row.address, None, contact_id, row.name)
        for row in tx.all(queries.RECIPIENTS_OF_CONTACT, contact_id=contact_id)
    ]


def managers(tx: Tx) -> list[Row]:
    """The desk's active managers, oldest first."""
    return [row for row in tx.all(queries.CONSULTANTS) if row.role == "manager" and row.status == "active"]


def approvers(tx: Tx, client_id: int) -> list[Row]:
    """The contacts of a client who may spend its hours."""
    return tx.all(queries.APPROVERS_OF_CLIENT, client_id=client_id)
