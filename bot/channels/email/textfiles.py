"""Files that stand in a text as text: uuencode and yEnc, as news and old mail programs sent them.

Found in the text, taken out of it, and given back as files. All is linear, and nothing here raises.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from bot.channels.email.words import base64_bytes

UU_BEGIN = re.compile(r"^begin(-base64)? [0-7]{3,4} (\S[^\n]{0,254})$", re.MULTILINE)
UU_BEGIN_BYTES = re.compile(rb"begin [0-7]{3,4} [^\n]*\n")
FILES_MAX = 500
YENC_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
YENC_END = re.compile(rb"^=yend[^\r\n]{0,200}\r?\n?", re.MULTILINE)
YENC_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
MINUS_42 = bytes((byte - 42) % 256 for byte in range(256))
MINUS_64 = [bytes([(byte - 64) % 256]) for byte in range(256)]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that stood in a text."""

    filename: str
    content: bytes


def split_yenc(content: bytes) -> tuple[bytes, list[TextFile]]:
    """A text's bytes without the files in yEnc, which are no letters in any charset, and those files."""
    if b"=ybegin " not in content:
        return content, []
    kept: list[bytes] = []
    files: list[TextFile] = []
    at = 0
    while len(files) < FILES_MAX and (begin := YENC_BEGIN.search(content, at)) is not None:
        end = YENC_END.search(content, begin.end())
        stop, after = (end.start(), end.end()) if end is not None else (len(content), len(content))
        encoded = content[begin.end() : stop].replace(b"\r", b"").replace(b"\n", b"")
        plain = YENC_ESCAPE.sub(lambda pair: MINUS_64[pair[1][0]], encoded).translate(MINUS_42)
        files.append(TextFile(begin[1].decode("utf-8", "replace").strip(), plain))
        kept.append(content[at : begin.start()])
        at = after
    kept.append(content[at:])
    return b"".join(kept), files


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


def split_uuencoded(text: str) -> tuple[str, list[TextFile]]:
    """A text without the files uuencoded in it, and those files. Only blocks whose first line fits are taken."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[TextFile] = []
    at = 0
    for match in UU_BEGIN.finditer(text):
        if match.start() < at or len(files) >= FILES_MAX:
            continue
        if match[1]:
            end = text.find("\n====", match.end())
            if end < 0:
                continue
            content, end = base64_bytes(text[match.end() : end].encode("ascii", "replace")), end + len("\n====\n")
        else:
            lines, end = _uu_lines(text, match.end() + 1)
            if lines is None:
                continue
            content = uu_bytes(lines)
        files.append(TextFile(match[2].strip(), content))
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
