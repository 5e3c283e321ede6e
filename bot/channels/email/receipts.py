"""Receipts in words alone, as Outlook writes them where no report was asked for."""

from __future__ import annotations

from bot.channels.email import attribution, courtesy, machine_words, rows
from bot.channels.email.evidence import Evidence
from bot.channels.email.nondelivery import is_daemon

HEAD_LOOK_MAX = 600
ROWS_MAX = 7
NAME_ENDS = frozenset(("", ":", "(", "-", "–"))


def is_receipt(evidence: Evidence, kinds: set[str], subject: str) -> bool:
    """Receipts without a report: the subject is not enough, people write "Read: chapter 5" too.

    subject: in lower case, without tags in front.
    """
    is_named = subject.startswith(machine_words.RECEIPT_TITLES)
    if not is_named and not subject.startswith(machine_words.READ_SUBJECTS):
        return False
    look = evidence.body_text[:HEAD_LOOK_MAX]
    if courtesy.requests(look):
        return False
    is_said = any(phrase in look.lower() for phrase in machine_words.RECEIPT_PHRASES)
    if is_said or "application/ms-tnef" in kinds or evidence.has_null_path():
        return True
    return _is_titled(evidence, subject) if is_named else _shows_what_was_read(look)


def _is_titled(evidence: Evidence, subject: str) -> bool:
    """Whether a receipt's name is all of the subject, or stands in front of what was read, and the text says so."""
    title = max((word for word in machine_words.RECEIPT_TITLES if subject.startswith(word)), key=len)
    text = evidence.body_text
    if is_daemon(evidence):
        return False
    if subject[len(title) :].lstrip()[:1] not in NAME_ENDS or len(text) > HEAD_LOOK_MAX or "?" in text:
        return False
    return any(map(text.lower().__contains__, machine_words.RECEIPT_WORDS))


def _shows_what_was_read(text: str) -> bool:
    """A receipt in any language: a few words, the mail's To, Subject and Sent, and one sentence about when."""
    found = [row for row in rows.of_text(text) if not row.is_blank]
    told = {row.label[0]: row.label[1] for row in found if row.label is not None}
    sent = told.get("sent") or told.get("date") or ""
    if not (told.get("to") and told.get("subject") and attribution.DATE.search(sent)) or len(found) > ROWS_MAX:
        return False
    return found[-1].label is None and attribution.DATE.search(found[-1].bare) is not None
