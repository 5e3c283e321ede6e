"""A message as bytes and back: how one that came without bytes of its own lies in quarantine.

Chat services send no document that could be read again, so what was read of it is kept. Files are named by the
SHA-256 under which their bytes are kept beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.messages import Attachment, Handle, InboundMessage, Place, Trust

MARK = "holdline_message"


def to_bytes(message: InboundMessage) -> bytes:
    """Everything that was read of a message; the bytes of its files have to be kept apart."""
    files = tuple(
        replace(file, content=None, sha256=file.sha256 or sha256(file.content or b"").hexdigest())
        for file in message.attachments
    )
    fields = asdict(replace(message, attachments=files, raw=b"")) | {"raw": ""}
    return json.dumps({MARK: fields}, default=str, ensure_ascii=False).encode("utf-8", "surrogatepass")


def from_bytes(raw: bytes) -> InboundMessage | None:
    """The message again; None for bytes that are not of `to_bytes`."""
    if not raw.startswith(b'{"' + MARK.encode()):
        return None
    fields: dict[str, Any] = json.loads(raw.decode("utf-8", "surrogatepass"))[MARK]
    return InboundMessage(
        **fields
        | {
            "sender": Handle(**fields["sender"]),
            "place": Place(**fields["place"]),
            "received_at": datetime.fromisoformat(fields["received_at"]),
            "attachments": tuple(Attachment(**file) for file in fields["attachments"]),
            "references": tuple(fields["references"]),
            "trust": Trust(fields["trust"]),
            "raw": b"",
        }
    )
