"""The texts that an approver agrees to, by name and version, as they stand beside the agreement that is kept.

A sentence of one of them that changes makes another text: it gets the next number, and what was agreed to before keeps
the old one. A test holds each version to its words. Source: mission, "Plan or agreement first".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.notices.texts import ENGLISH

AGREEMENT, URGENT = "agreement 1", "urgent 1"
# The sentences that each text is made of, by their keys.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    AGREEMENT: ("agreement", "agreement price", "agreement how"),
    URGENT: ("urgent", "urgent now", "urgent later", "urgent how", "urgent consent"),
}


def digest(text: str) -> str:
    """The SHA-256 of the English words of a text, in hex."""
    return hashlib.sha256("\n".join(ENGLISH[key] for key in SENTENCES[text]).encode()).hexdigest()


def of_quote(quote_id: int) -> str:
    """The text of an agreement that a yes to a quote makes: the quote, whose words are kept for themselves."""
    return f"quote {quote_id}"
