"""Images that a sender's domain sent before are part of its signature: folded away, never lost.

Only images that stand in the text are looked at; a picture that is attached is always told by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import EMAIL, InboundMessage
from bot.queries import tickets as queries
from bot.store import Tx


def without_known_logos(tx: Tx, message: InboundMessage, shas: Sequence[str]) -> InboundMessage:
    """The message, with the inline images folded that came from the same domain before.

    shas: the blob of each attachment, in their order.
    """
    if message.channel != EMAIL or not any(file.is_inline and not file.is_folded for file in message.attachments):
        return message
    domain = message.sender.address.rpartition("@")[2]
    found = [
        replace(file, is_folded=True)
        if file.is_inline
        and not file.is_folded
        and file.content_type.startswith("image/")
        and domain
        and _is_known(tx, sha256, domain)
        else file
        for file, sha256 in zip(message.attachments, shas, strict=True)
    ]
    return replace(message, attachments=tuple(found))


def _is_known(tx: Tx, sha256: str, domain: str) -> bool:
    rows = tx.all(queries.SENDERS_OF_FILE, sha256=sha256)
    return any(row.address.rpartition("@")[2] == domain for row in rows)
