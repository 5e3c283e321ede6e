"""From bytes on the wire to the content of a part: transfer encodings, uuencode, format=flowed.

Every decoder forgives what real mail does wrong, gives back what it could read, and never raises. All are linear.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from bot.channels.email.charsets import newlines
from bot.channels.email.mime import Part
from bot.channels.email.words import base64_bytes, unfold

UU_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} (\S[^\n]{0,254})$", re.MULTILINE)
UU_BEGIN_BYTES = re.compile(rb"begin [0-7]{3,4} [^\n]*\n")
BASE64_LOOK_BYTES = 2000
BASE64_LETTERS = re.compile(rb"[A-Za-z0-9+/=\r\n]+")
SOFT_BREAK = re.compile(rb"=[ \t]{1,80}\r?\n")
UU_FILES_MAX = 500
QUOTES = re.compile(r">+")


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file that stood uuencoded in a text."""

    filename: str
    content: bytes


def content(raw: bytes, part: Part) -> bytes:
    """The decoded bytes of a part's body."""
    encoding = encoding_of(part)
    body = raw[part.start : part.end]
    if encoding == "base64":
        return base64_bytes(body) if _is_base64(body) else body
    if encoding == "quoted-printable":
        return quoted_printable(body)
    if encoding == "uuencode":
        begin = UU_BEGIN_BYTES.search(body)
        return uu_bytes(body[begin.end() :].split(b"\n") if begin else body.split(b"\n"))
    return body


def _is_base64(body: bytes) -> bool:
    """Whether a body said to be base 64 can be that: prose with its blanks and points cannot."""
    look = body[:BASE64_LOOK_BYTES]
    return len(BASE64_LETTERS.sub(b"", look)) * 6 <= len(look)


def quoted_printable(content: bytes) -> bytes:
    """Quoted-printable, with blanks allowed behind a soft line break."""
    if b"= " in content or b"=\t" in content:
        content = SOFT_BREAK.sub(b"=\n", content)
    return binascii.a2b_qp(content)


def encoding_of(part: Part) -> str:
    """base64, quoted-printable, uuencode, or "" for everything that needs no decoding."""
    value = part.fields.raw("content-transfer-encoding")
    if not value:
        return ""
    word = unfold(value).lower().partition(";")[0].partition("(")[0].strip().strip("\"'")
    if word.startswith("base64") or word == "b64":
        return "base64"
    if word in ("quoted-printable", "quoted/printable", "quotedprintable", "qp", "quoted printable"):
        return "quoted-printable"
    if word in ("x-uuencode", "uuencode", "x-uue", "uue", "x-uu"):
        return "uuencode"
    return ""


def uu_bytes(lines: list[bytes]) -> bytes:
    """The bytes of uuencoded lines, up to "end"; a damaged line gives what it can."""
    out = []
    for line in lines:
        line = line.strip(b"\r\n")
        if line.strip() in (b"end", b"`"):
            break
        if not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders write wrong lengths or lose trailing blanks: count the letters that must be there.
            wanted = ((line[0] - 32) & 63) * 4 // 3 + 1
            try:
                out.append(binascii.a2b_uu(line[: wanted + 1].ljust(wanted + 1)))
            except binascii.Error:
                continue
    return b"".join(out)


def split_uuencoded(text: str) -> tuple[str, list[UuFile]]:
    """A text without the files uuencoded in it, and those files. Only blocks whose first line fits are taken."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[UuFile] = []
    at = 0
    for match in UU_BEGIN.finditer(text):
        if match.start() < at or len(files) >= UU_FILES_MAX:
            continue
        lines, end = _uu_lines(text, match.end() + 1)
        if lines is None:
            continue
        files.append(UuFile(match[1].strip(), uu_bytes(lines)))
        kept.append(text[at : match.start()])
        at = end
    if not files:
        return text, []
    kept.append(text[at:])
    return "".join(kept), files


def _uu_lines(text: str, at: int) -> tuple[list[bytes] | None, int]:
    """The uuencoded lines from `at` to the line "end"; None where what follows is no uuencoding."""
    lines: list[bytes] = []
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip("\r")
        at = stop + 1
        if line.strip() == "end":
            return (lines or None), min(at, len(text))
        if not _is_uu_line(line):
            return None, at
        lines.append(line.encode("ascii", "replace"))
    return (lines if len(lines) > 1 else None), at


def _is_uu_line(line: str) -> bool:
    if not line.strip() or line == "`":
        return True
    if not line.isascii() or len(line) > 90:
        return False
    expected = ((((ord(line[0]) - 32) & 63) + 2) // 3) * 4 + 1
    return abs(len(line) - expected) <= 2 or (len(line) < expected and len(line.rstrip()) < expected <= 62)


def unflowed(text: str, *, is_delsp: bool) -> str:
    """RFC 3676: soft line breaks joined, stuffed blanks removed, quote marks kept as "> "."""
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in newlines(text).split("\n"):
        mark = QUOTES.match(line)
        level = len(mark[0]) if mark else 0
        body = line[level:]
        body = body[1:] if body.startswith(" ") else body
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
