"""text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as plain text: the marks go, the lines stay."""

from __future__ import annotations

import re

TYPES = frozenset({"text/enriched", "text/richtext"})
TAG = re.compile(r"<(/?)([^<>\s]{0,60})[^<>]{0,200}>")
HIDDEN = re.compile(r"<param>[^<]{0,2000}</param>|<comment>[^<]{0,5000}</comment>", re.IGNORECASE)
NEWLINES = re.compile(r"\n+")
# Marks of text/richtext that stand for letters and lines.
LETTERS = {"lt": "<", "nl": "\n", "paragraph": "\n\n", "np": "\n\n", "/paragraph": "\n"}


def plain(text: str, content_type: str) -> str:
    """The text without its marks; single line ends are blanks in it, and of several one is dropped."""
    text = HIDDEN.sub("", text)
    if content_type == "text/richtext":
        return TAG.sub(lambda tag: LETTERS.get(tag[1] + tag[2].lower(), ""), text.replace("\n", " "))
    joined = NEWLINES.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", text)
    return TAG.sub("", joined.replace("<<", "\0")).replace("\0", "<").strip()
