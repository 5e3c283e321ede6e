"""The header block of a mail or a part: fields as they came, parameters, message ids.

Reads what real mail holds: missing separators, stray lines among the fields, lone CR or LF, obsolete spacing.
Nothing is decoded until it is asked for. A block past the caps is refused as a whole (`Unreadable`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from bot.channels.email.charset_names import codec_name
from bot.channels.email.charsets import decode
from bot.channels.email.guessing import guess
from bot.channels.email.words import decode_words, readable, unfold
from bot.errors import UserError

FIELDS_MAX = 10_000
LINES_MAX = 50_000
BLOCK_BYTES_MAX = 1024 * 1024
SOUND_BYTES_MAX = 65_536
SOUND_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^ \t\r\n][^\n]*)*)\n")
LINE_END = re.compile(rb"\r{0,3}\n|\r")
FIELD_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
# A field that no sentence begins with; seen behind a stray line, it proves that the header is not over yet.
KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|reply-to|sender|in-reply-to"
    rb"|references|content-[a-z-]+|x-[a-z0-9-]+|dkim-signature|delivered-to|list-[a-z-]+)[ \t]*:",
    re.IGNORECASE,
)
# A field whose name no field may have: left out, and no part of the one above it.
FOREIGN_NAME = re.compile(rb"[^\s:]{1,60}:")
STRAY_LINES_MAX = 4
SHORT_VALUE_BYTES = 100
PARAMETER_NAME = re.compile(r"[^\s=;\"()]+")
BARE_VALUE = re.compile(r"[^;]{0,2000}")
RAW_WORDS = re.compile(rb"[\x80-\xff][^\s\"=;]*")
SECTION = re.compile(r"([^*]+)\*(\d{1,4})?(\*)?$")


class Unreadable(UserError):
    """The mail is past a cap, or broke its reader: it goes to quarantine whole. `str()` says why."""


@dataclass(slots=True)
class Fields:
    """The fields of one header block, in order; names lower case, values as raw bytes with their folds."""

    pairs: list[tuple[str, bytes]] = field(default_factory=list)

    def raw(self, name: str) -> bytes:
        """The first value of that name, or b""."""
        for known, value in self.pairs:
            if known == name:
                return value
        return b""

    def all(self, name: str) -> list[bytes]:
        return [value for known, value in self.pairs if known == name]

    def has(self, name: str) -> bool:
        return any(known == name for known, _ in self.pairs)

    def text(self, name: str, *, hint: str = "") -> str:
        """The first value of that name as a person reads it, or ""."""
        value = self.raw(name)
        return readable(value, hint=hint) if value else ""

    def word(self, name: str) -> str:
        """The first value of that name in lower case, undecoded, for comparing; or ""."""
        value = self.raw(name)
        return unfold(value).lower() if value else ""


def read_block(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The fields that begin at `start`, and where the body begins.

    The body begins behind the first empty line, or at the first line that can be no field.
    Raises Unreadable past FIELDS_MAX fields or BLOCK_BYTES_MAX bytes.
    """
    sound = _read_sound(raw, start, end)
    return sound if sound is not None else _read_broken(raw, start, end)


def _read_sound(raw: bytes, start: int, end: int) -> tuple[Fields, int] | None:
    """The block as nearly every mail has it, field by field and not line by line; None where anything is odd."""
    pairs: list[tuple[str, bytes]] = []
    at, stop = start, min(end, start + SOUND_BYTES_MAX)
    while (match := SOUND_FIELD.match(raw, at, stop)) is not None:
        pairs.append((match[1].decode("ascii").lower(), match[2].rstrip(b"\r")))
        at = match.end()
    block = raw[start:at]
    if not pairs or b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
        return None
    if raw.startswith(b"\n", at) and at < end:
        return Fields(pairs), at + 1
    if raw.startswith(b"\r\n", at) and at + 1 < end:
        return Fields(pairs), at + 2
    return None


def _read_broken(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The block line by line, with all that real mail does wrong."""
    found: list[tuple[str, list[bytes]]] = []
    at, lines_left = start, LINES_MAX
    while at < end:
        line, after = _line(raw, at, end)
        if not line.strip():
            if not (line and (KNOWN_FIELD.match(raw, after, end) or _is_fold(raw, after, end))):
                at = after
                break
        elif line[0] in b" \t" and found:
            found[-1][1].append(line)
        elif (match := FIELD_NAME.match(line)) is not None:
            found.append((match[1].decode("ascii").lower(), [line[match.end() :].lstrip(b" \t")]))
        elif line.startswith(b"--") or not (_is_envelope_line(line) or _goes_on(raw, after, end)):
            break
        elif found and not _is_envelope_line(line) and not FOREIGN_NAME.match(line):
            found[-1][1].append(b" " + line)
        at, lines_left = after, lines_left - 1
        if len(found) > FIELDS_MAX or lines_left < 0 or at - start > BLOCK_BYTES_MAX:
            raise Unreadable(f"The mail's header has over {FIELDS_MAX:,} fields or {BLOCK_BYTES_MAX:,} bytes.")
    return Fields([(name, b"\n".join(lines)) for name, lines in found]), at


def _line(raw: bytes, at: int, end: int) -> tuple[bytes, int]:
    """The line at `at` without its end, and where the next begins. A CR alone ends a line too."""
    match = LINE_END.search(raw, at, end)
    line, after = (raw[at : match.start()], match.end()) if match else (raw[at:end], end)
    return line.replace(b"\0", b"") if b"\0" in line else line, after


def _is_envelope_line(line: bytes) -> bool:
    return line.startswith((b"From ", b">From "))


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """Whether a known field follows within a few lines and before an empty one."""
    for _ in range(STRAY_LINES_MAX):
        if at >= end:
            return False
        if KNOWN_FIELD.match(raw, at, end):
            return True
        line, at = _line(raw, at, end)
        if not line.strip():
            return False
    return False


def _is_fold(raw: bytes, at: int, end: int) -> bool:
    """Whether a folded line stands at `at`, with a known field right behind it."""
    if raw[at : at + 1] not in (b" ", b"\t"):
        return False
    line, after = _line(raw, at, end)
    return bool(line.strip()) and KNOWN_FIELD.match(raw, after, end) is not None


def split_value(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset="utf-8"` → the value in lower case, and its parameters by lower-case name.

    RFC 2231 continuations and charsets, encoded words where they should not be, missing quotes and separators.
    """
    return _split_short(value) if len(value) <= SHORT_VALUE_BYTES else _split(value)


@lru_cache(maxsize=512)
def _split_short(value: bytes) -> tuple[str, dict[str, str]]:
    """The same few values come with every mail; the answer is shared, so nobody changes it."""
    return _split(value)


def _split(value: bytes) -> tuple[str, dict[str, str]]:
    text = unfold(value, hint=_hint(value))
    head, _, rest = text.partition(";")
    if "=" in head and "/" not in head and "=?" not in head and " " not in head.strip():
        # "Content-Disposition: filename=a.pdf": the word in front was left out.
        head, rest = "", text
    head = _without_comments(head).strip().strip("\"'").lower()
    if " " in head or "\t" in head:
        # A missing semicolon: "text/plain charset=utf-8".
        head, _, tail = head.partition(" ")
        rest = text[text.lower().find(head) + len(head) :] if "=" in tail else rest
    return head, _join_sections(_parameters(rest)) if rest else {}


def _hint(value: bytes) -> str:
    """The charset of a name that stands there as it is: the words of the field around it say nothing of it."""
    return "" if value.isascii() else guess(b" ".join(RAW_WORDS.findall(value)))


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    at, length = 0, len(text)
    while at < length:
        letter = text[at]
        if letter in "; \t\r\n,":
            at += 1
            continue
        if letter == "(":
            at = _comment_end(text, at)
            continue
        match = PARAMETER_NAME.match(text, at)
        if match is None:
            at += 1
            continue
        name, at = match[0].lower(), match.end()
        while at < length and text[at] in " \t":
            at += 1
        if at >= length or text[at] != "=":
            continue
        value, at = _value(text, at + 1)
        yield name, value


def _value(text: str, at: int) -> tuple[str, int]:
    while at < len(text) and text[at] in " \t":
        at += 1
    if at < len(text) and text[at] == '"':
        return _quoted(text, at + 1)
    match = BARE_VALUE.match(text, at)
    assert match is not None
    value = match[0]
    # "charset=utf-8 name=x": a second parameter behind a blank, where the semicolon is missing.
    blank = value.find(" ")
    if blank > 0 and "=" in value[blank:] and "=?" not in value:
        return value[:blank], at + blank
    return _without_comments(value).strip().strip("\"'"), match.end()


def _quoted(text: str, at: int) -> tuple[str, int]:
    """A quoted string. A backslash escapes quote and backslash only: Windows paths come with bare ones."""
    start = at
    pieces: list[str] = []
    while at < len(text):
        letter = text[at]
        if letter == '"':
            return "".join(pieces) + text[start:at], at + 1
        if letter == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            pieces.append(text[start:at])
            start, at = at + 1, at + 2
        else:
            at += 1
    return "".join(pieces) + text[start:], at


def _comment_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def _without_comments(text: str) -> str:
    start = text.find(" (")
    return text[:start] if start >= 0 and text.rstrip().endswith(")") else text


def _join_sections(parameters: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Plain parameters, and those of RFC 2231 put together; the encoded form of a name wins over the plain one."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in parameters:
        match = SECTION.match(name) if "*" in name else None
        if match is None:
            plain.setdefault(name, value)
        else:
            is_encoded = bool(match[3]) or match[2] is None
            sections.setdefault(match[1], {}).setdefault(int(match[2] or 0), (value, is_encoded))
    found = {name: decode_words(value) if "=?" in value else value for name, value in plain.items()}
    for name, parts in sections.items():
        found[name] = _extended(parts)
    return found


def _extended(parts: dict[int, tuple[str, bool]]) -> str:
    charset, content = "", b""
    for order, (value, is_encoded) in sorted(parts.items()):
        if is_encoded and order == min(parts) and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
            value = value.strip('"')
        content += unquote_to_bytes(value) if is_encoded else value.encode("utf-8", "replace")
    text = decode(content, charset if codec_name(charset) else "")
    return decode_words(text) if "=?" in text else text


def unfold_id(value: bytes) -> str:
    """A Content-ID without its angle brackets."""
    return unfold(value).strip("<> \t") if value else ""
