"""text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as plain text: the marks go, the lines stay."""

from __future__ import annotations

import re

TYPES = frozenset({"text/enriched", "text/richtext"})
TAG = re.compile(r"<(/?)([^<>\s]{0,60})[^<>]{0,200}>")
HIDDEN = re.compile(r"<param>[^<]{0,2000}</param>|<comment>[^<]{0,5000}</comment>", re.IGNORECASE)
# Text of an older mail; it stands on lines of its own.
EXCERPT = re.compile(r"(</?excerpt>)", re.IGNORECASE)
DEPTH_MAX = 50
NEWLINES = re.compile(r"\n+")
# Marks of text/richtext that stand for letters and lines.
LETTERS = {"lt": "<", "nl": "\n", "paragraph": "\n\n", "np": "\n\n", "/paragraph": "\n"}


def plain(text: str, content_type: str) -> str:
    """The text without its marks; single line ends are blanks in it, and of several one is dropped."""
    text = HIDDEN.sub("", text)
    if content_type == "text/richtext":
        return TAG.sub(lambda tag: LETTERS.get(tag[1] + tag[2].lower(), ""), text.replace("\n", " "))
    joined = NEWLINES.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", text.replace("\0", ""))
    depth, out = 0, []
    for part in EXCERPT.split(joined.replace("<<", "\0")):
        if EXCERPT.fullmatch(part):
            depth = min(max(depth + (-1 if part[1] == "/" else 1), 0), DEPTH_MAX)
        elif kept := TAG.sub("", part).replace("\0", "<").strip("\n"):
            out.append("\n".join(f"{'>' * depth} {line.strip(' ')}" for line in kept.split("\n")) if depth else kept)
    return "\n".join(out).strip()
