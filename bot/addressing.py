"""The desk's own addresses: plain ones, and those that carry a signed token.

`support+r.TOKEN@desk` takes answers to a ticket, `support+b.TOKEN@desk` is the return path of one delivery, to which
its bounces come, and `support+u.TOKEN@desk` ends the digests of one address. A delivery's token also makes its
Message-ID, so that the desk knows its own mail wherever it turns up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.tokens import Signer

ANSWERS, RETURNS, DIGESTS = "+r.", "+b.", "+u."
# Where on the web the same token ends digests by one click.
DIGEST_PATH = "/unsubscribe"
# RFC 5321, 4.5.3.1.1: a longer local part may be refused.
LOCAL_LENGTH_MAX = 64
_DELIVERY = "delivery"
_PAYLOAD = re.compile(r"([0-9]{1,18})-([0-9a-f]{1,16})")
# A token as it stands in a Message-ID: what follows the payload is checked by the signer.
_IN_MESSAGE_ID = re.compile(r"<([0-9]{1,18}-[0-9a-f]{1,16}\.[a-z0-9]{16,24})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeliveryName:
    """What a delivery's token says: its number, and the second it was written in.

    Both, because numbers are given out again where a database was put back to an earlier state.
    """

    id: int
    seconds: int


def reply_address(desk_address: str, token: str) -> str:
    """Where an answer shall go, so that it finds its ticket. The token is lower case and address-safe already."""
    return _with(desk_address, ANSWERS, token)


def return_address(desk_address: str, token: str) -> str:
    """Where a bounce of one delivery shall go; the plain address where that would be too long for mail systems."""
    made = _with(desk_address, RETURNS, token)
    return made if len(made.rpartition("@")[0]) <= LOCAL_LENGTH_MAX else desk_address


def digest_address(desk_address: str, token: str) -> str:
    """Where a mail ends the digests of the address that the token was made for."""
    return _with(desk_address, DIGESTS, token)


def _with(desk_address: str, mark: str, token: str) -> str:
    local, _, domain = desk_address.rpartition("@")
    return f"{local}{mark}{token}@{domain}"


def delivery_token(signer: Signer, delivery_id: int, created_at: datetime) -> str:
    """The signed name of a delivery: the same at every attempt."""
    return signer.sign(_DELIVERY, f"{delivery_id}-{int(created_at.astimezone(UTC).timestamp()):x}")


def delivery_named(signer: Signer, token: str) -> DeliveryName | None:
    """The delivery that a token names; None for what the desk did not sign."""
    found = _PAYLOAD.fullmatch(signer.verify(_DELIVERY, token.lower()) or "")
    return DeliveryName(int(found[1]), int(found[2], 16)) if found is not None else None


def message_id_of(token: str, desk_address: str) -> str:
    """The Message-ID of a delivery."""
    return f"<{token}@{desk_address.rpartition('@')[2]}>"


def token_in_message_id(message_id: str) -> str:
    """What may be a delivery's token in a Message-ID; "" for one of another form."""
    found = _IN_MESSAGE_ID.match(message_id)
    return found[1].lower() if found is not None else ""


def plain(address: str) -> str:
    """The address without its token or other "+" detail, in lower case."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()


def is_ours(address: str, desk_addresses: Iterable[str]) -> bool:
    """Does mail to this address belong to the desk?"""
    return plain(address) in {plain(own) for own in desk_addresses}
