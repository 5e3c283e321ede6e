"""From bytes on the wire to the content of a part: transfer encodings and format=flowed.

Every decoder forgives what real mail does wrong, gives back what it could read, and never raises. All are linear.
"""

from __future__ import annotations

import binascii
import re

from bot.channels.email.charsets import newlines
from bot.channels.email.mime import Part
from bot.channels.email.textfiles import UU_BEGIN_BYTES, uu_bytes
from bot.channels.email.words import BARE_EQUALS, base64_bytes, unfold

BASE64_LOOK_BYTES = 2000
BASE64_LETTERS = re.compile(rb"[A-Za-z0-9+/=\r\n]+")
FOOTER_RULE = re.compile(rb"(?P<above>\n\s{0,20})(?:--|_{4,}|-{4,}|={5,})[ \t]*\r?\n")
PROSE_BELOW = re.compile(
    rb"(?P<above>=[ \t]{0,9}\r?\n\s{0,20})(?=[^\n]{0,80}[A-Za-z.,:] [A-Za-z][^=\n]{0,200}(?:\n|$))"
)
SOFT_BREAK = re.compile(rb"=[ \t]{1,80}\r?\n")
NOT_LETTER = re.compile(r"[^a-z0-9]+")


def content(raw: bytes, part: Part) -> bytes:
    """The decoded bytes of a part's body."""
    encoding = encoding_of(part)
    body = raw[part.start : part.end]
    if encoding == "base64":
        encoded, footer = _without_footer(body)
        if not _is_base64(encoded):
            return body
        # Shown below a text; in a file it is nothing but damage.
        return base64_bytes(encoded) + (footer if part.content_type.startswith("text/") else b"")
    if encoding == "quoted-printable":
        return quoted_printable(body)
    if encoding == "uuencode":
        begin = UU_BEGIN_BYTES.search(body)
        return uu_bytes(body[begin.end() :].split(b"\n") if begin else body.split(b"\n"))
    return body


def _without_footer(body: bytes) -> tuple[bytes, bytes]:
    """Base 64, and what a list server added below it in plain text: behind a line of dashes, or behind the padding."""
    rule = FOOTER_RULE.search(body) or PROSE_BELOW.search(body)
    return (body[: rule.start()], b"\n" + body[rule.end("above") :]) if rule is not None else (body, b"")


def _is_base64(body: bytes) -> bool:
    """Whether a body said to be base 64 can be that: prose with its blanks and points cannot."""
    look = body[:BASE64_LOOK_BYTES]
    return len(BASE64_LETTERS.sub(b"", look)) * 6 <= len(look)


def quoted_printable(content: bytes) -> bytes:
    """Quoted-printable, with blanks allowed behind a soft line break."""
    if b"= " in content or b"=\t" in content:
        content = SOFT_BREAK.sub(b"=\n", content)
    if b"==" in content:
        content = BARE_EQUALS.sub(b"=3D", content)
    return binascii.a2b_qp(content)


def encoding_of(part: Part) -> str:
    """base64, quoted-printable, uuencode, or "" for everything that needs no decoding."""
    value = part.fields.raw("content-transfer-encoding") or part.fields.raw("x-sun-encoding-info")
    if not value:
        return ""
    word = unfold(value).lower().partition(";")[0].partition("(")[0].strip().strip("\"'")
    letters = NOT_LETTER.sub("", word).removeprefix("x")
    if letters.startswith(("base64", "mimebase64")) or letters == "b64":
        return "base64"
    if letters.startswith("quotedprint") or letters == "qp":
        return "quoted-printable"
    if letters in ("uuencode", "uue", "uu", "uuencoded"):
        return "uuencode"
    return ""


def unflowed(text: str, *, is_delsp: bool) -> str:
    """RFC 3676: soft line breaks joined, stuffed blanks removed, quote marks kept as "> "."""
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in newlines(text).split("\n"):
        level = len(line) - len(line.lstrip(">")) if line[:1] == ">" else 0
        body = line[level:] if level else line
        if body[:1] == " ":
            body = body[1:]
        if not paragraph and body[-1:] != " ":
            # Nearly every line: a paragraph of its own.
            out.append(_quoted(level, body) if level else body)
            continue
        if paragraph and (level != depth or body == "-- "):
            out.append(_quoted(depth, "".join(paragraph)))
            paragraph = []
        depth = level
        if body.endswith(" ") and body != "-- ":
            paragraph.append(body[:-1] if is_delsp else body)
        else:
            paragraph.append(body)
            out.append(_quoted(depth, "".join(paragraph)))
            paragraph = []
    if paragraph:
        out.append(_quoted(depth, "".join(paragraph)))
    return "\n".join(out)


def _quoted(depth: int, line: str) -> str:
    return f"{'>' * depth} {line}" if depth else line
