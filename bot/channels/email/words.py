"""Header text: RFC 2047 encoded words as mail really carries them, and raw 8-bit headers.

Broken words are read where their meaning is plain (spaces inside, missing padding, a letter split over two words)
and left as they stand where it is not. One pass, no backtracking, never raises.
"""

from __future__ import annotations

import binascii
import re

from bot.channels.email.charsets import decode

WORD_HEAD = re.compile(r"=\?([^?\s=]{1,60})\?([BbQq])\?")
FOLD = re.compile(r"[\r\n]+[ \t]?")
CONTROL = re.compile("[\\x00-\\x1f\\x7f]+")
SPACES = re.compile(r"[ \t]{2,}")
# An equals sign before another one stands for itself; the decoder would swallow it.
BARE_EQUALS = re.compile(rb"=(?==)")
HEX_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
HEADER_LETTERS_MAX = 100_000
WORD_LETTERS_MAX = 4000
CUT_OFF_LETTERS_MAX = 500
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
FROM_URL = bytes.maketrans(b"-_", b"+/")


def unfold(value: bytes, *, hint: str = "") -> str:
    """A header's value as one line of text, encoded words still encoded."""
    value = value[:HEADER_LETTERS_MAX]
    # An escape is the start of Japanese that was sent as it is.
    text = value.decode("ascii") if value.isascii() and b"\x1b" not in value else decode(value, hint=hint)
    if "\n" in text or "\r" in text:
        text = FOLD.sub(" ", text)
    return text.strip(" \t")


def readable(value: bytes, *, hint: str = "") -> str:
    """A header's value as a person reads it: unfolded, decoded, without control characters."""
    return tidy(decode_words(unfold(value, hint=hint)))


def tidy(text: str) -> str:
    """One line: control characters and runs of blanks become one space."""
    if not text.isprintable():
        text = CONTROL.sub(" ", text)
    return SPACES.sub(" ", text).strip()


def decode_words(text: str) -> str:
    """Text with its encoded words decoded; blanks between two encoded words vanish, as the RFC says."""
    if "=?" not in text:
        return text
    out: list[str] = []
    charset, gathered = "", b""
    at = 0
    while (start := text.find("=?", at)) >= 0:
        word = _word(text, start)
        between = text[at:start]
        if word is None:
            out.append(_flush(gathered, charset) + between + "=?")
            charset, gathered, at = "", b"", start + 2
            continue
        word_charset, content, end = word
        # A letter may be cut in two by the end of a word, so words of one charset are joined before decoding.
        if gathered and (between.strip() or word_charset != charset):
            out.append(_flush(gathered, charset))
            gathered = b""
            between = between if between.strip() else ""
        elif gathered or (out and not between.strip() and charset):
            between = ""
        out.append(between)
        charset, gathered, at = word_charset, gathered + content, end
    out.append(_flush(gathered, charset) + text[at:])
    return "".join(out)


def _flush(content: bytes, charset: str) -> str:
    return decode(content, charset) if content else ""


def _word(text: str, start: int) -> tuple[str, bytes, int] | None:
    """The encoded word at `start`: its charset, its bytes, and where it ends."""
    head = WORD_HEAD.match(text, start)
    if head is None:
        return None
    charset, kind = head[1].partition("*")[0].lower(), head[2].lower()
    stop = head.end() + WORD_LETTERS_MAX
    end = text.find("?=", head.end(), stop)
    if kind == "q":
        # "what?=20now?=": a question mark that should have been encoded, then an encoded blank.
        while end >= 0 and HEX_PAIR.match(text, end + 2):
            end = text.find("?=", end + 2, stop)
    if end < 0:
        return _unfinished(text, head, charset, kind)
    return charset, _content(text[head.end() : end], kind), end + 2


def _unfinished(text: str, head: re.Match[str], charset: str, kind: str) -> tuple[str, bytes, int] | None:
    """A last word whose end was cut off is read; anything longer is not a word."""
    if len(text) - head.end() > CUT_OFF_LETTERS_MAX:
        return None
    rest = text[head.end() :]
    if " " in rest or "=?" in rest[:-2]:
        return None
    return charset, _content(rest.rstrip("?"), kind), len(text)


def _content(payload: str, kind: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if kind == "b":
        return base64_bytes(raw)
    raw = raw.replace(b"\n", b"")
    return binascii.a2b_qp(BARE_EQUALS.sub(b"=3D", raw) if b"==" in raw else raw, header=True)


def base64_bytes(content: bytes) -> bytes:
    """Base 64 without faith: junk skipped, padding anywhere or nowhere, a stray last letter dropped; also with the two
    letters that addresses on the net have instead of "+" and "/".
    """
    if (b"-" in content or b"_" in content) and b"+" not in content and b"/" not in content:
        content = content.translate(FROM_URL)
    padding = content.find(b"=")
    if padding < 0 or not content[padding:].strip(b"=\r\n \t"):
        try:
            return binascii.a2b_base64(content)
        except binascii.Error:
            pass
    pieces = [NOT_BASE64.sub(b"", piece) for piece in re.split(rb"=+", content)] if b"=" in content else [content]
    out = []
    for piece in pieces:
        letters = NOT_BASE64.sub(b"", piece)
        surplus = len(letters) % 4
        if surplus == 1:
            letters = letters[:-1]
        out.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(out)
