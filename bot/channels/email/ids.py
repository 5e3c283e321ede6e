"""Message ids as mail carries them: folded, bare, torn, encoded, several in a field with words around them."""

from __future__ import annotations

import re

from bot.channels.email.words import decode_words, unfold

# The second form is one whose end was lost.
MESSAGE_ID = re.compile(r"<([^<>]+)>|<([^<>\s@]{1,500}@[^<>\s]{1,500})\s{0,9}(?=<|$)")
BARE_ID = re.compile(r"[\w.$+=/!#-]{1,300}")
IDS_MAX = 1000


def message_ids(value: bytes) -> list[str]:
    """The message ids in a field, each with its angle brackets, in order; bare ones are given brackets."""
    text = unfold(value)
    if "=?" in text and "<" not in text:
        # Encoded by programs that take an id too long for a line for words.
        text = decode_words(text)
    found = ["<" + "".join((whole or torn).split()) + ">" for whole, torn in MESSAGE_ID.findall(text)[:IDS_MAX]]
    if not found and "<" not in text:
        found = [f"<{word.strip(',;>')}>" for word in text.split() if "@" in word]
    return list(dict.fromkeys(found))


def own_id(value: bytes) -> str:
    """The id of the mail itself, with its angle brackets; a bare word is one too. "" where there is none."""
    found = message_ids(value)
    if found:
        return found[0]
    words = unfold(value).split()
    return f"<{words[0]}>" if len(words) == 1 and BARE_ID.fullmatch(words[0]) else ""
