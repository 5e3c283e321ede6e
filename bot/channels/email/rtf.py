"""The text of Outlook's rich text: compressed RTF (MS-OXRTFCP), and the HTML that may be wrapped in it (MS-OXRTFEX).

Only what is needed to read it: letters, lines, charsets, and which groups are no text. Every length is held against
the bytes that are there, and what comes out is capped. Linear, and never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.channels.email.charsets import decode

RTF_BYTES_MAX = 512 * 1024
COMPRESSED, PLAIN = b"LZFu", b"MELA"
HEAD_BYTES = 16
WINDOW = 4096
# What the window holds before the first byte.
BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.IGNORECASE
)
# Groups that hold no text.
SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote listtable "
    b"listoverridetable generator themedata datastore xmlnstbl latentstyles rsidtbl fldinst mhtmltag".split()
)
LETTERS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": "\n",
    b"cell": "\t",
    b"tab": "\t",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}
SIGNS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# The code pages of fonts, by \fcharset.
FONT_PAGES = {128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257}
FONT_PAGES |= {204: 1251, 222: 874, 238: 1250, 0: 0}
GROUPS_MAX = 10_000


def unpack(content: bytes) -> bytes:
    """RTF from its compressed form, at most RTF_BYTES_MAX of it; b"" where it is none."""
    kind, packed = content[8:12], content[HEAD_BYTES:]
    if kind == PLAIN:
        return packed[:RTF_BYTES_MAX]
    if kind != COMPRESSED:
        return b""
    out, at = bytearray(BEFORE), 0
    while at < len(packed) and len(out) < RTF_BYTES_MAX:
        flags, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            token, at = int.from_bytes(packed[at : at + 2], "big"), at + 2
            back = (len(out) - (token >> 4)) % WINDOW
            start = len(out) - back
            if not back or start < 0:
                return bytes(out[len(BEFORE) :])
            for place in range(start, start + (token & 0xF) + 2):
                out.append(out[place])
    return bytes(out[len(BEFORE) :])


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a group until it ends. page: the code page of the font, 0 for that of the document."""

    is_silent: bool = False
    is_markup: bool = False  # HTML as it was
    is_rtf_only: bool = False  # RTF's own, left out of the HTML
    page: int = 0
    fallback: int = 1


class _Reader:
    """One document, token by token."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.bytes = bytearray()
        self.page = 1252
        self.fonts: dict[int, int] = {}
        self.font = 0
        self.is_html = False
        self.is_fonts = False
        self.skip = 0
        self.now = _Group()
        self.stack: list[_Group] = []

    def read(self, rtf: bytes) -> str:
        for word, number, code, sign, brace, text in TOKEN.findall(rtf):
            if brace:
                self._brace(brace)
            elif code:
                self._letter(bytes([int(code, 16)]))
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif sign == b"*":
                self.now = replace(self.now, is_silent=True)
            elif sign in SIGNS:
                self._say(SIGNS[sign])
            elif text:
                kept, self.skip = text[self.skip :], max(0, self.skip - len(text))
                self._letters(kept)
        self._flush()
        return "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.skip = 0
        if brace == b"{" and len(self.stack) < GROUPS_MAX:
            self.stack.append(self.now)
        elif brace == b"}" and self.stack:
            self.now = self.stack.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        if word in LETTERS:
            self._say(LETTERS[word])
        elif word == b"u" and number is not None:
            self._say(chr(number % 0x10000))
            self.skip = self.now.fallback
        elif word == b"uc":
            self.now = replace(self.now, fallback=min(number or 0, 8))
        elif word == b"htmltag":
            self.now = replace(self.now, is_silent=False, is_markup=True)
        elif word == b"htmlrtf":
            self.now = replace(self.now, is_rtf_only=number != 0)
        elif word == b"fromhtml":
            self.is_html = True
        elif word == b"ansicpg" and number:
            self.page = number
        elif word == b"f" and number is not None:
            self._flush()
            self.font = number
            self.now = replace(self.now, page=self.fonts.get(number, 0))
        elif word == b"fcharset" and number is not None:
            self.fonts[self.font] = FONT_PAGES.get(number, 0)
        elif word in SILENT:
            self.now = replace(self.now, is_silent=True)

    def _letter(self, letter: bytes) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self._letters(letter)

    def _letters(self, letters: bytes) -> None:
        if self._is_heard():
            self.bytes += letters

    def _say(self, text: str) -> None:
        self._flush()
        if self._is_heard():
            self.out.append(text)

    def _is_heard(self) -> bool:
        return not self.now.is_silent and not (self.is_html and self.now.is_rtf_only and not self.now.is_markup)

    def _flush(self) -> None:
        if self.bytes:
            self.out.append(decode(bytes(self.bytes), f"cp{self.now.page or self.page}"))
            self.bytes.clear()


def texts(rtf: bytes) -> tuple[str, str]:
    """The text and the HTML of a document: one of them is "", both where it is no RTF."""
    if not rtf.startswith(b"{\\rtf"):
        return "", ""
    reader = _Reader()
    text = reader.read(rtf).strip("\n\0 ")
    return ("", text) if reader.is_html else (text, "")
