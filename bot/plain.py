"""Text from outside, made fit to be kept, shown and quoted.

Names, subjects and words of strangers are plain text: nothing here or later interprets them. Control characters,
marks that turn the writing direction, invisible marks and broken surrogates are taken out, in linear time.
"""

from __future__ import annotations

import re

# C0 and C1 controls but for tab and line feed, writing direction marks, soft hyphen, invisible marks. The joiners
# U+200C and U+200D stay: scripts and emoji need them.
_HARMFUL = dict.fromkeys(
    [
        *(code for code in range(0x20) if code not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        0xAD,
        0x061C,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ]
)
# A search costs a twentieth of translating text that is not ASCII, and mostly finds nothing.
_SUSPECT = re.compile("[^\\t\\n\\x20-\\x7e\\xa0-\\xac\\xae-\\u061b\\u061d-\\u200a]")
_BREAKS = {0x0D: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_SPACES = re.compile(r"\s+")
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")


def one_line(text: str, length_max: int = 200) -> str:
    """The text on one line, runs of white space as one blank, cut with "…" to at most `length_max` characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        # Nearly every text is like this, and has nothing to be taken out.
        return shortened(text[: length_max * 10].strip(), length_max)
    # Cut before the costly part too: white space may fold to a tenth, more than that is not looked at.
    return shortened(_SPACES.sub(" ", _cleaned(text[: length_max * 10])).strip(), length_max)


def many_lines(text: str, length_max: int = 100_000) -> str:
    """The text with its line breaks as line feeds, cut with "…" to at most `length_max` characters."""
    return shortened(_cleaned(text.replace("\r\n", "\n")).strip(), length_max)


def counted(count: int, word: str, plural: str = "") -> str:
    """ "1 client", "2 clients"; plural: where it is not the word and an s. English: for what is not translated."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def shortened(text: str, length_max: int) -> str:
    """The text, or its beginning and "…"."""
    return text if len(text) <= length_max else text[: length_max - 1].rstrip() + "…"


def cell(text: str) -> str:
    """The text as a cell that no spreadsheet reads as a formula; a number stays one."""
    return f"'{text}" if text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None else text


def _cleaned(text: str) -> str:
    if not text.isascii():
        if _SUSPECT.search(text) is None:
            return text
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.translate(_BREAKS).translate(_HARMFUL)
