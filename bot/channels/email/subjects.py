"""What a subject says of how a mail came about: an answer, something passed on, and what is left without tags."""

from __future__ import annotations

import re

from bot.channels.email import prefixes
from bot.channels.email.evidence import Evidence
from bot.channels.email.phrases import REPLY_PREFIXES

SUBJECT_LOOK_MAX = 300
REPLY_PREFIX = re.compile(
    r"(?:re|aw|sv|antw|ré|rif|res|odp|vs|回复|答复|返信)\s?(?:\[\d{1,3}\])?\s?[:：]\s*", re.IGNORECASE
)
TAG = re.compile(r"\[[^\]]{1,40}\]\s*")


def is_passed_on(evidence: Evidence, *, answers: bool = True) -> bool:
    """A person forwards (or answers): what is attached or quoted is none of his own."""
    is_report = evidence.root.content_type == "multipart/report"
    if is_report:
        return False
    if answers and evidence.subject.lower().startswith(REPLY_PREFIXES):
        return True
    return prefixes.is_forward(evidence.subject, evidence.body_text)


def is_answer(evidence: Evidence) -> bool:
    return bool(REPLY_PREFIX.match(evidence.subject))


def bare_subject(subject: str) -> str:
    """The subject in lower case, without tags in brackets in front."""
    subject = subject[:SUBJECT_LOOK_MAX].lower()
    while (tag := TAG.match(subject)) is not None and tag.end() < len(subject) and not subject.startswith("[auto"):
        subject = subject[tag.end() :]
    return subject.strip()
