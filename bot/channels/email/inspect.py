"""`holdline inspect mail`: what the desk reads in a mail, as plain values for one JSON line.

The same code that the desk runs, without a network and without a store. Never raises: what cannot be read is said in
"error", beside whatever could be. A file that is no mail at all is said to be none.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from email.utils import parsedate_to_datetime
from types import FrameType

from bot.channels.email import absence, bounces, gateway
from bot.channels.email.headers import Unreadable, read_block
from bot.channels.email.mime import prepared
from bot.channels.email.translate import Reading, read, sender_of
from bot.errors import BotError

FAILURES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError, BotError)


# The desk's own child has less; here nobody waits, and the machine may be slow.
CPU_SECONDS_MAX = 10.0
BINARY_LOOK_BYTES = 4096
# Where the next mail of a mailbox begins: an empty line, then its "From " line with an address and a day.
NEXT_OF_MAILBOX = re.compile(rb"\n\r?\n(?=From \S{1,300} {1,4}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )")


def report(raw: bytes, *, authserv_ids: Sequence[str] = ()) -> dict[str, object]:
    """The answer for one mail: sender, subject, text, body_text, attachments, message_id, references, automatic,
    trust, error, report, away_until_on. Text that the mail does not have is ""; `automatic`, `report` (what a bounce or
    a complaint says), `away_until_on` (of an auto-reply, reckoned from its date) and `error` are None where there is
    none.
    """
    if not raw:
        return _remainder(raw, "The file is empty.")
    if raw.startswith(b"From ") and (following := NEXT_OF_MAILBOX.search(raw)) is not None:
        raw = raw[: following.start() + 1]
    try:
        with _time_limit():
            reading = read(raw)
            if not reading.root.fields.pairs and _is_binary(raw):
                return _remainder(raw, "The file is no mail: it has no header, and is no text.")
            return _answer(reading, authserv_ids)
    except Unreadable as refusal:
        return _remainder(raw, str(refusal))
    except FAILURES as fault:
        return _remainder(raw, f"The mail cannot be read ({type(fault).__name__}).")


@contextmanager
def _time_limit() -> Iterator[None]:
    """Ends a reading that takes too long with Unreadable, where signals can be had."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Unreadable(f"Reading the mail took over {CPU_SECONDS_MAX:g} s of processor time.")

    try:
        before = signal.signal(signal.SIGPROF, stop)
    except ValueError:
        yield  # not in the main thread
        return
    # Again and again: raised in a place whose errors nobody hears, such as a finaliser, it would be lost.
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_MAX, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _is_binary(raw: bytes) -> bool:
    """Whether bytes are no text in any charset that mail is written in: many are control characters."""
    look = raw[:BINARY_LOOK_BYTES]
    if look.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in look)
    return control * 20 > len(look)


def _answer(reading: Reading, authserv_ids: Sequence[str]) -> dict[str, object]:
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
        "trust": str(gateway.verdict(reading.root.fields, reading.sender.address, authserv_ids).trust),
        "error": None,
        "report": _report(reading),
        "away_until_on": _back_on(reading),
    }


def _report(reading: Reading) -> dict[str, object] | None:
    """What a mail system tells of a mail of ours."""
    found = bounces.report(reading.evidence, reading.automatic)
    return None if found is None else json.loads(json.dumps(asdict(found)))


def _back_on(reading: Reading) -> str | None:
    """The date that an auto-reply names, as YYYY-MM-DD; a year that it leaves out is that of the mail's own date."""
    if reading.automatic != "auto-reply":
        return None
    try:
        sent_on = parsedate_to_datetime(reading.root.fields.text("date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = absence.return_on(reading.text, on=sent_on)
    return found.isoformat() if found is not None else None


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
        "report": None,
        "away_until_on": None,
    }
    try:
        content = prepared(raw[:65_536])
        fields, _ = read_block(content, 0, len(content))
        answer["sender"] = sender_of(fields).address
        answer["subject"] = fields.text("subject")
    except FAILURES:
        pass
    return answer
