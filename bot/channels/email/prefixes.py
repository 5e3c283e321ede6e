"""What a subject says of a mail by its beginning: that it is passed on."""

from __future__ import annotations

import re

from bot.channels.email.phrases import FORWARD_PREFIXES

SUBJECT_LOOK_MAX = 300
TEXT_LOOK_MAX = 20_000
SUBJECT_TAG = re.compile(r"\s*\[[^\]]{1,60}\]\s*")
# "VS:" is an answer in Finnish ("vastaus") and a forward in Danish and Norwegian ("videresendt"), over "Fra:".
AMBIGUOUS, SENDER_LABEL = ("vs:",), "fra:"


def is_forward(subject: str, text: str) -> bool:
    """Whether a subject says that the mail is a forward: "FW: …", also behind a tag in brackets. text: the mail's."""
    subject = subject[:SUBJECT_LOOK_MAX]
    while (tag := SUBJECT_TAG.match(subject)) is not None:
        subject = subject[tag.end() :]
    beginning = subject.lstrip().lower()
    if not beginning.startswith(FORWARD_PREFIXES):
        return False
    return not beginning.startswith(AMBIGUOUS) or SENDER_LABEL in text[:TEXT_LOOK_MAX].lower()
