"""Slack's own markup, both ways: readable text on the way in, nothing but plain words and bare links on the way out.

Text from outside may quote strangers. It is escaped whole, so that no `<!channel>` rings everybody and no link hides
its address behind a label. Every pattern here is linear in its input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LINK_LENGTH_MAX = 1_000
_TOKEN = re.compile(r"<([^<>]*)>")
_LINK = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_ENTITY_CUT = re.compile(r"&[a-z]{0,3}\Z")


def readable(text: str) -> str:
    """Slack's text as a person would read it: `<@U1|ann>` → `@ann`, `<http://x|here>` → `here (http://x)`."""
    text = _TOKEN.sub(lambda found: _read_token(found[1]), text)
    # The ampersand last: "&amp;lt;" is the text "&lt;".
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read_token(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:]).lstrip(target[0])
    if target.startswith("!"):
        return _read_special(target[1:], label)
    if target.startswith(("mailto:", "tel:")):
        bare = target.partition(":")[2]
        return f"{label} ({bare})" if label and label != bare else bare
    if not label or label == target or target.partition("://")[2].rstrip("/") == label.rstrip("/"):
        return target
    return f"{label} ({target})"


def _read_special(word: str, label: str) -> str:
    if word.startswith("date^"):
        return label or word
    return "@" + (label.lstrip("@") or word.partition("^")[0])


def escaped(text: str) -> str:
    """Plain text for a mrkdwn field: `& < >` as entities, web addresses as bare links without a label."""
    pieces: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?'*_~`)]}")
        link = f"<{_entities(address)}>"
        if len(link) > LINK_LENGTH_MAX:
            continue
        pieces += (_entities(text[end : found.start()]), link)
        end = found.start() + len(address)
    pieces.append(_entities(text[end:]))
    return "".join(pieces)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length_max: int) -> str:
    """Plain text, shortened with an ellipsis so that its escaped form has at most `length_max` characters."""
    whole = escaped(text)
    if len(whole) <= length_max:
        return whole
    return next(split(_entities(text).strip(), length_max - 1), "") + "…"


def split(text: str, length_max: int) -> Iterator[str]:
    """Escaped text in pieces of at most `length_max` characters, cut at a line, else at a space, else anywhere
    but inside an entity or a link. Nothing is lost but white space at the cuts; no piece is blank.

    length_max: must exceed the longest link, LINK_LENGTH_MAX, where there are links.
    """
    while len(text) > length_max:
        end = _end(text[:length_max])
        if piece := text[:end].rstrip():
            yield piece
        text = text[end:].lstrip(" \n")
    if text.strip():
        yield text


def _end(piece: str) -> int:
    """Where a piece that must end ends best."""
    for gap in ("\n", " "):
        if (end := piece.rfind(gap, len(piece) // 2)) > 0:
            return end
    entity = _ENTITY_CUT.search(piece)
    if entity is not None and entity.start() > 0:
        return entity.start()
    opened = piece.rfind("<")
    return opened if opened > 0 and piece.rfind(">") < opened else len(piece)
