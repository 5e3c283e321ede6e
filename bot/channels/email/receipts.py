"""Receipts in words alone, as Outlook writes them where no report was asked for."""

from __future__ import annotations

from bot.channels.email import attribution, courtesy, machine_words, rows
from bot.channels.email.evidence import Evidence

HEAD_LOOK_MAX = 600
ROWS_MAX = 7


def is_receipt(evidence: Evidence, kinds: set[str]) -> bool:
    """Outlook's receipts without a report: the subject is not enough, people write "Read: chapter 5" too."""
    look = evidence.body_text[:HEAD_LOOK_MAX]
    if courtesy.requests(look):
        return False
    is_said = any(phrase in look.lower() for phrase in machine_words.RECEIPT_PHRASES)
    return is_said or "application/ms-tnef" in kinds or evidence.has_null_path() or _shows_what_was_read(look)


def _shows_what_was_read(text: str) -> bool:
    """A receipt in any language: a few words, the mail's To, Subject and Sent, and one sentence about when."""
    found = [row for row in rows.of_text(text) if not row.is_blank]
    told = {row.label[0]: row.label[1] for row in found if row.label is not None}
    sent = told.get("sent") or told.get("date") or ""
    if not (told.get("to") and told.get("subject") and attribution.DATE.search(sent)) or len(found) > ROWS_MAX:
        return False
    return found[-1].label is None and attribution.DATE.search(found[-1].bare) is not None
