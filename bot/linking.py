"""A chat account becomes a known person's by a one-time code that was sent to a proven address of theirs."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.messages import EMAIL, Handle
from bot.outbox import Recipient
from bot.people import Actor, give_handle
from bot.queries import people as queries
from bot.sentences import sentence
from bot.store import Tx

LINK_CODE_MINUTES = 15
LINK_CODES_PER_HOUR = 5
# Without the letters and digits that are read for one another.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """A one-time code, and the proven address it goes to."""

    code: str
    to: Recipient


def make_link_code(tx: Tx, actor: Actor, address: str, now: datetime) -> LinkOffer | None:
    """A code for the person of a proven mail address; None when nobody has that address.

    The asker is told the same in both cases, so that the desk does not confirm who its contacts are.
    Raises UserError when too many codes were asked for within the hour.
    """
    since = now + timedelta(minutes=LINK_CODE_MINUTES - 60)
    tx.run(queries.LINK_CODES_DROP, until=since)
    made = tx.one(queries.LINK_CODES_SINCE, handle_id=actor.handle_id, since=since)
    if made is not None and made.made >= LINK_CODES_PER_HOUR:
        raise UserError(sentence("answer codes"))
    row = tx.one(queries.HANDLE_BY_ADDRESS, channel=EMAIL, address=address.lower())
    if row is None or row.verified_at is None or (row.contact_id is None and row.consultant_id is None):
        return None
    code = "".join(secrets.choice(ALPHABET) for _ in range(10))
    tx.insert(
        "link_code",
        digest=_digest(code),
        handle_id=row.id,
        requested_by_handle_id=actor.handle_id,
        expires_at=now + timedelta(minutes=LINK_CODE_MINUTES),
    )
    return LinkOffer(code, Recipient(row.id, row.channel, row.address, row.consultant_id, row.contact_id))


def use_link_code(tx: Tx, actor: Actor, code: str, now: datetime) -> str:
    """Make the asker's chat account a verified handle of the code's person; returns the person's name.

    Raises UserError for a code that is wrong, old or used: always the same sentence.
    """
    row = tx.one(queries.LINK_CODE, digest=_digest(code.strip().upper()))
    is_good = row is not None and row.used_at is None and row.expires_at > now
    if row is None or not is_good or tx.run(queries.LINK_CODE_USE, id=row.id, now=now) != 1:
        raise UserError(sentence("answer code invalid"))
    proven = tx.one(queries.HANDLE_BY_ID, handle_id=row.handle_id)
    assert proven is not None
    give_handle(
        tx,
        Handle(actor.channel, actor.address, actor.name),
        now=now,
        contact_id=proven.contact_id,
        consultant_id=proven.consultant_id,
        rank=50,
    )
    person = (
        tx.one(queries.CONSULTANT_BY_ID, consultant_id=proven.consultant_id)
        if proven.consultant_id is not None
        else tx.one(queries.CONTACT_BY_ID, contact_id=proven.contact_id)
    )
    assert person is not None
    return str(person.name)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
