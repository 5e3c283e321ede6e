"""Folds a text so that any two spellings of a word compare equal, and cuts it into words.

Folding keeps the length: character n of the folded text is character n of the text, hence what is found in the one
can be quoted from the other exactly as it was written. Case, accents and the many apostrophes are folded away;
"server's" becomes two words, "can't" one, the same as "cant". Every pattern is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata

# The s of "server's", the re of "we're", and the elided articles of French become words of their own.
_ELISION = re.compile(r"'(?:(?=(?:s|re|ve|ll|d|m)\b)|(?<=\b[ldnsjcmt]')|(?<=\bqu'))")
_OTHER = re.compile("[^\\x00-\\x7f]+|`")
_DOTTED = re.compile(r"\b(?:[ap]\.\s?m\b\.?|a\.s\.a\.p\b\.?)")


class _Fold(dict[int, str]):
    """Character by character: lower case without marks, always one for one."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKD", char.casefold())[:1] or char
        # Bounded, so that a message of every character there is does not stay in memory.
        if len(self) < 10_000:
            self[code] = folded
        return folded


def _fold_run(found: re.Match[str]) -> str:
    return found[0].translate(_FOLD)


class _Cut(dict[int, str]):
    """Character by character: what is no part of a word becomes a space, what parts a sentence a comma."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = char if char.isalnum() or char in "'.:" else "," if char in ",;()[]–—" else " "
        if len(self) < 10_000:
            self[code] = kept
        return kept


_CUT = _Cut()
_FOLD = _Fold({ord(mark): "'" for mark in "’‘ʼ´`′"})


def fold(text: str) -> str:
    """Lower case, no accents, one kind of apostrophe; exactly as long as the text, which must be in NFC."""
    # Nearly every letter is ASCII, and a table is slow for those.
    folded = (text if text.isascii() and "`" not in text else _OTHER.sub(_fold_run, text)).lower()
    if "'" in folded:
        folded = _ELISION.sub(" ", folded)
    if ".m" in folded or ". m" in folded or ".s.a" in folded:
        folded = _DOTTED.sub(_without_dots, folded)
    return folded


def tokens_in(folded: str, begin: int, end: int) -> list[str]:
    """The words of a stretch of folded text, in order, each exactly as it stands there; marks that part are ","."""
    stretch = folded[begin:end]
    if ":" in stretch:
        stretch = stretch.replace(": ", ", ")
    if " - " in stretch:
        stretch = stretch.replace(" - ", " , ")
    stretch = stretch.translate(_CUT)
    if "," in stretch:
        stretch = stretch.replace(",", " , ")
    words = stretch.split()
    if "'" in stretch or "." in stretch or ":" in stretch:
        # These belong to a word inside it ("can't", "15:00"), not at its ends.
        return [word for word in (word.strip("'.:") for word in words) if word]
    return words


def words_in(folded: str, begin: int = 0, end: int | None = None) -> list[str]:
    """The words of a stretch of folded text, without apostrophes; commas, brackets and dashes are ","."""
    words = tokens_in(folded, begin, len(folded) if end is None else end)
    if "'" in folded:
        return [word.replace("'", "") if "'" in word else word for word in words]
    return words


def words_of(text: str) -> list[str]:
    """The folded words of a short text, such as a phrase of a word list."""
    return words_in(fold(unicodedata.normalize("NFC", text)))


def _without_dots(found: re.Match[str]) -> str:
    """ "p.m." to "pm  ": the same length, one word, and no end of a sentence."""
    dotted = found[0]
    return "".join(char for char in dotted if char.isalpha()).ljust(len(dotted))
