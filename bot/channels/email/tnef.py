"""winmail.dat (MS-OXTNEF): the files and the text that Outlook wraps when it does not speak MIME.

A reader of our own: the library for this loops four thousand million times over a forged count. Here every length and
count is held against the bytes that are there; what is cut off or forged ends the reading, and what was read stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.channels.email import rtf
from bot.channels.email.charsets import decode
from bot.channels.email.filenames import safe

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef", "application/x-tnef"})
SIGNATURE = b"\x78\x9f\x3e\x22"
# Attributes of the message and of its files.
BODY, TITLE, FILE_CONTENT, FILE_BEGINS, PROPERTIES, FILE_PROPERTIES, CODEPAGE = (
    0x800C,
    0x8010,
    0x800F,
    0x9002,
    0x9003,
    0x9005,
    0x9007,
)
# Properties inside PROPERTIES and FILE_PROPERTIES.
TEXT, HTML, RICH, FILENAME, LONG_FILENAME, DISPLAY_NAME, EMBEDDED, MIME_TYPE, CONTENT_ID = (
    0x1000,
    0x1013,
    0x1009,
    0x3704,
    0x3707,
    0x3001,
    0x3701,
    0x370E,
    0x3712,
)
EMBEDDED_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
FIXED_SIZES = {0x02: 4, 0x0B: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = frozenset({0x00, 0x0D, 0x1E, 0x1F, 0x102})
UNICODE = 0x1F
MANY = 0x1000
NAMED = 0x8000
FILES_MAX = 1000
NESTING_MAX = 5


@dataclass(slots=True)
class File:
    """A file of the parcel, as it is put together; content_type and content_id are "" where it has none."""

    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Parcel:
    """What a winmail.dat held."""

    files: list[File] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rich: bytes = b""

    def read_rich(self) -> None:
        """The text of a parcel that holds it as compressed RTF alone."""
        if self.rich and not (self.text or self.html):
            self.text, self.html = rtf.texts(rtf.unpack(self.rich))


def unpack(content: bytes, *, depth: int = 0) -> Parcel | None:
    """The contents, as far as they can be read; None where it is no TNEF. Never raises."""
    if not content.startswith(SIGNATURE) or depth > NESTING_MAX:
        return None
    parcel, charset = Parcel(), "cp1252"
    for name, body in _attributes(content):
        if name == CODEPAGE and len(body) >= 4:
            charset = f"cp{_number(body, 0, 4)}"
        elif name == FILE_BEGINS and len(parcel.files) < FILES_MAX:
            parcel.files.append(File())
        elif name == BODY:
            parcel.text = decode(body.rstrip(b"\0"), charset)
        elif name == PROPERTIES:
            _message_properties(parcel, body, charset)
        elif parcel.files and name in (TITLE, FILE_CONTENT, FILE_PROPERTIES):
            _file_attribute(parcel, name, body, charset, depth=depth)
    parcel.files = [file for file in parcel.files if file.name or file.content]
    return parcel


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every attribute: level, name, type, length, content, checksum."""
    at = 6
    while at + 9 <= len(content):
        name, length = _number(content, at + 1, 2), _number(content, at + 5, 4)
        yield name, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _message_properties(parcel: Parcel, body: bytes, charset: str) -> None:
    for name, kind, value in _properties(body):
        if name == TEXT:
            parcel.text = _text(value, kind, charset) or parcel.text
        elif name == HTML:
            parcel.html = _text(value, kind, "utf-8" if kind == 0x102 else charset)
        elif name == RICH:
            parcel.rich = value


def _file_attribute(parcel: Parcel, name: int, body: bytes, charset: str, *, depth: int) -> None:
    file = parcel.files[-1]
    if name == TITLE:
        file.name = file.name or safe(decode(body.rstrip(b"\0"), charset))
        return
    if name == FILE_CONTENT:
        file.content = body
        return
    for key, kind, value in _properties(body):
        if key == LONG_FILENAME or (key in (FILENAME, DISPLAY_NAME) and not file.name):
            file.name = safe(_text(value, kind, charset)) or file.name
        elif key == MIME_TYPE:
            file.content_type = _text(value, kind, charset).lower()
        elif key == CONTENT_ID:
            file.content_id = _text(value, kind, charset)
        elif key == EMBEDDED and value.startswith(EMBEDDED_MESSAGE):
            inner = unpack(value[len(EMBEDDED_MESSAGE) :], depth=depth + 1)
            file.content = value[len(EMBEDDED_MESSAGE) :]
            if inner is not None and len(parcel.files) + len(inner.files) < FILES_MAX:
                parcel.files[-1:-1] = inner.files
        elif key == EMBEDDED:
            file.content = value


def _properties(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every property as (name, type, first value). Ends where the bytes end or make no sense."""
    at, count = 4, _number(body, 0, 4)
    while count and at + 4 <= len(body):
        count -= 1
        kind, name = _number(body, at, 2), _number(body, at + 2, 2)
        at += 4
        if name >= NAMED:
            at = _after_name(body, at)
        values = 1
        if kind & MANY or kind in VARIABLE:
            values, at = _number(body, at, 4), at + 4
        kind &= ~MANY
        first: bytes | None = None
        while values and at < len(body):
            values -= 1
            size = FIXED_SIZES.get(kind, 0)
            if kind in VARIABLE:
                size, at = _number(body, at, 4), at + 4
            elif not size:
                return
            first = body[at : at + size] if first is None else first
            at += size + -size % 4
        if first is not None:
            yield name, kind, first


def _after_name(body: bytes, at: int) -> int:
    """Behind the name of a named property: a GUID, then a number or a text."""
    at += 16
    is_text = _number(body, at, 4) == 1
    at += 4
    if not is_text:
        return at + 4
    size = _number(body, at, 4)
    return at + 4 + size + -size % 4


def _text(value: bytes, kind: int, charset: str) -> str:
    text = value.decode("utf-16-le", "replace") if kind == UNICODE else decode(value, charset)
    return text.rstrip("\0")


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")
