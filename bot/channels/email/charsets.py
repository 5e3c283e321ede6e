"""Bytes to text, when the charset is right, wrong, missing or mixed.

A declared charset is believed unless the bytes contradict it. Nothing here raises: text that cannot be told is
shown as well as it can be, for the original bytes are always kept.
"""

from __future__ import annotations

import codecs
import re

from bot.channels.email.charset_names import ALIASES, codec_name
from bot.channels.email.guessing import central, guess
from bot.channels.email.japanese import decode_jis
from bot.channels.email.late import library

WESTERN = frozenset({"ascii", "cp1252", "cp1254", "iso8859-15"})
# Codecs in which bytes below 0x80 do not always mean ASCII.
SHIFTING = frozenset({"iso2022_jp_ext", "iso2022_jp", "iso2022_kr", "hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be"})
# Charsets whose letters take several bytes each, and how many at least.
WIDE = {"utf-16": 2, "utf-16-le": 2, "utf-16-be": 2, "utf-32": 4, "utf-32-le": 4, "utf-32-be": 4}
GUESS_BYTES_MAX = 8192
GUESS_BYTES_MIN = 24
# What each byte means where it breaks UTF-8: the Windows letter, or the mark for what cannot be read.
BROKEN_BYTES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
WINDOWS_LETTERS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
CONTROL = re.compile("[\x80-\x9f]")
# Charsets that go by the same name and hold more letters: numbers in circles, letters of Hong Kong.
WIDER = {"euc_jp": ("euc_jis_2004",), "cp932": ("shift_jis_2004",), "cp950": ("big5hkscs",)}
SURROGATE_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes, charset: str = "", *, hint: str = "") -> str:
    """The text that the bytes most probably mean. Never raises.

    charset: as declared, or "". hint: the charset of another part of the same mail, tried before guessing.
    """
    codec = codec_name(charset) if charset else ""
    if content.isascii() and codec not in SHIFTING:
        # Declared as nothing, or as something without escapes, and yet full of them.
        codec = guess(content) if b"\x1b" in content or b"~{" in content else ""
        if not codec:
            return content.decode("ascii")
    for mark, named in BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode("utf-8", "replace") if named == "utf-8" else _loose(content, named)
    if codec in WIDE:
        if b"\0" not in content and _is_utf8(content):
            return content.decode("utf-8")
        # Without a mark in front: of Latin letters the empty halves show which half comes first.
        is_big = codec == "utf-16" and content[:GUESS_BYTES_MAX:2].count(0) > content[1:GUESS_BYTES_MAX:2].count(0)
        return _loose(content, "utf-16-be" if is_big else codec)
    if codec in WESTERN or not codec:
        return _western(content, codec, hint)
    try:
        text = _whole(content.decode(codec))
    except (UnicodeDecodeError, UnicodeError):
        return _contradicted(content, codec, hint)
    # Quotes and dashes of Windows under the name of an ISO charset, which has control characters in their place.
    return text.translate(WINDOWS_LETTERS) if codec.startswith("iso8859") and CONTROL.search(text) else text


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def newlines(text: str) -> str:
    """The text with every kind of line end as one "\\n", and without NULs and a leading byte-order mark."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text.removeprefix("\ufeff")


def _western(content: bytes, codec: str, hint: str) -> str:
    """Declared as Latin or as nothing: such labels are wrong so often that good UTF-8 outweighs them."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if codec in ("", "ascii"):
        return _guess(content, hint)
    if _is_foreign(content):
        return _guess(content, hint if codec_name(hint) not in WESTERN else "")
    if codec == "cp1252" and (better := central(content)):
        return _loose(content, better)
    return content.decode(codec, "replace").translate(WINDOWS_LETTERS) if codec != "cp1252" else _windows(content)


def _is_foreign(content: bytes) -> bool:
    """Whether a text that says it is Western has more letters with accents than any Western language."""
    # A row of quotation marks is no text.
    look = content[:GUESS_BYTES_MAX].translate(None, b"\xab\xbb")
    high = sum(byte > 0x7F for byte in look) if len(look) >= GUESS_BYTES_MIN else 0
    return high >= GUESS_BYTES_MIN and high * 5 >= len(look) * 2 and bool(guess(content))


def _windows(content: bytes) -> str:
    """Windows-1252, with its five holes read as Latin-1 control characters, as browsers do."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1").translate(WINDOWS_LETTERS)


def _contradicted(content: bytes, codec: str, hint: str) -> str:
    if codec.startswith("iso2022_jp"):
        return decode_jis(content)
    if codec != "utf-8":
        for wider in ("utf-8", *WIDER.get(codec, ())):
            try:
                return _whole(content.decode(wider))
            except UnicodeDecodeError:
                continue
        return _loose(content, codec)
    if SURROGATE_PAIR.search(content):
        # Letters past the first plane as two halves of three bytes each, as some phones and databases write them.
        content = SURROGATE_PAIR.sub(_whole_letter, content)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    loose = content.decode("utf-8", "surrogateescape")
    sound_letters = loose.encode("utf-8", "ignore").decode("utf-8")
    broken = len(loose) - len(sound_letters)
    if len(sound_letters) - len(sound_letters.encode("ascii", "ignore")) >= broken:
        return loose.translate(BROKEN_BYTES)
    return _guess(content, hint)


def _whole_letter(pair: re.Match[bytes]) -> bytes:
    return pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _loose(content: bytes, codec: str) -> str:
    if codec in WIDE:
        # A line end in bytes and not in letters, which the transport added.
        content = content.removesuffix(b"\r\n")
        content = content[: len(content) - len(content) % WIDE[codec]]
    try:
        return _whole(content.decode(codec, "replace"))
    except (UnicodeDecodeError, UnicodeError, LookupError):
        return content.decode("utf-8", "replace")


def _guess(content: bytes, hint: str) -> str:
    """Not UTF-8 and not declared: the hint, else statistics over the first bytes, else Windows-1252."""
    codec = codec_name(hint) if hint else ""
    if codec and codec not in ("ascii", "utf-8"):
        try:
            return _whole(content.decode(codec))
        except (UnicodeDecodeError, UnicodeError):
            pass
    codec = guess(content)
    if codec:
        return _loose(content, codec)
    if sum(byte > 0x7F for byte in content[:GUESS_BYTES_MAX]) >= GUESS_BYTES_MIN:
        found = library("charset_normalizer").from_bytes(content[:GUESS_BYTES_MAX]).best()
        if found is not None and found.encoding not in ("ascii", "utf_8", "cp949", "johab", "big5hkscs", "utf_16"):
            return _loose(content, ALIASES.get(found.encoding.replace("_", "-"), found.encoding))
    return _windows(content)


def _whole(text: str) -> str:
    """Text without halves of surrogate pairs, which UTF-7 and UTF-16 can smuggle in."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
