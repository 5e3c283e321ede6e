"""`holdline inspect mail`: what the desk reads in a mail, as plain values for one JSON line.

The same code that the desk runs, without a network and without a store. Never raises: what cannot be read is said in
"error", beside whatever could be.
"""

from __future__ import annotations

from bot.channels.email import gateway
from bot.channels.email.headers import Unreadable, read_block
from bot.channels.email.mime import prepared
from bot.channels.email.translate import Reading, read, sender_of
from bot.errors import BotError

FAILURES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError, BotError)


def report(raw: bytes, *, authserv_id: str | None = None) -> dict[str, object]:
    """The answer for one mail: sender, subject, text, body_text, attachments, message_id, references, automatic,
    trust, error. Text that the mail does not have is ""; `automatic` and `error` are None where there is none.
    """
    try:
        return _answer(read(raw), authserv_id)
    except Unreadable as refusal:
        return _remainder(raw, str(refusal))
    except FAILURES as fault:
        return _remainder(raw, f"The mail cannot be read ({type(fault).__name__}).")


def _answer(reading: Reading, authserv_id: str | None) -> dict[str, object]:
    references = list(dict.fromkeys([*reading.references, *reading.in_reply_to]))
    return {
        "sender": reading.sender.address,
        "subject": reading.subject,
        "text": reading.text,
        "body_text": reading.body_text,
        "attachments": [
            {
                "filename": attachment.filename if is_named else "",
                "content_type": attachment.content_type,
                "size_bytes": attachment.size_bytes,
            }
            for attachment, is_named in zip(reading.body.attachments, reading.body.named, strict=True)
        ],
        "message_id": reading.message_id,
        "references": references,
        "automatic": reading.automatic,
        "trust": str(gateway.verdict(reading.root.fields, reading.sender.address, authserv_id).trust),
        "error": None,
    }


def _remainder(raw: bytes, error: str) -> dict[str, object]:
    """What the header still tells of a mail that is past reading."""
    answer: dict[str, object] = {
        "sender": "",
        "subject": "",
        "text": "",
        "body_text": "",
        "attachments": [],
        "message_id": "",
        "references": [],
        "automatic": None,
        "trust": "unproven",
        "error": error,
    }
    try:
        content = prepared(raw[:65_536])
        fields, _ = read_block(content, 0, len(content))
        answer["sender"] = sender_of(fields).address
        answer["subject"] = fields.text("subject")
    except FAILURES:
        pass
    return answer
