"""A message as the rules see it: sentences of folded words, with what the lexicon found in each.

Left out are lines that quote another mail, everything below a signature mark, sentences that a mail program or a
lawyer adds to every mail (lists `signature` and `boilerplate`), and characters past `LENGTH_MAX`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.triage.folding import WORD, fold, words_in
from bot.triage.lexicon import Hit, Lexicon

# A help-desk message says what is wrong long before this; the rest is logs.
LENGTH_MAX = 20_000
# A newline after a shorter line is meant; after a longer one a mail program may have wrapped the sentence.
WRAPPED_LINE_MIN = 45

_BREAK = re.compile(r"(?<![.!?…])[.!?…]++(?=[\s\"')\]]|\Z)|\n\s*+")
_SIGNATURE = re.compile(r"\n--[ \t]?\n")


@dataclass(slots=True, eq=False)
class Sentence:
    """One sentence: where it lies in the text, its folded words (commas included) and the phrases found in them."""

    number: int
    begin: int
    end: int
    is_question: bool
    words: list[str]
    hits: list[Hit]


class Span(NamedTuple):
    """Words [start, end) of a sentence."""

    sentence: Sentence
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Subject, blank line, body."""

    text: str
    folded: str
    sentences: tuple[Sentence, ...]

    def quote(self, span: Span) -> str:
        """The words of a span exactly as they were written, in quotes; a line break splits the quotation."""
        sentence = span.sentence
        words = list(WORD.finditer(self.folded, sentence.begin, sentence.end))
        begin, end = words[span.start].start(), words[span.end - 1].end()
        pieces = (piece.strip() for piece in self.text[begin:end].split("\n"))
        return " ".join(f'"{piece}"' for piece in pieces if piece)

    def opening_words(self, size: int = 60) -> str:
        """How the message begins, in quotes; empty for a message without a word."""
        line = next((line.strip() for line in self.text.splitlines() if line.strip()), "")
        return f'"{line[:size].rstrip()}"' if line else ""


def read(subject: str, body: str, lexicon: Lexicon) -> Reading:
    """Cut a message into sentences and look every word up in the lexicon."""
    text = f"{subject.strip()}\n\n{body.strip()}"[:LENGTH_MAX]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    signature = _SIGNATURE.search(text)
    if signature:
        text = text[: signature.start()]
    folded = fold(text)
    return Reading(text, folded, tuple(_sentences(text, folded, lexicon)))


def _sentences(text: str, folded: str, lexicon: Lexicon) -> Iterator[Sentence]:
    number, is_skipped = 0, False
    for begin, end, closing in _stretches(text, folded):
        words = words_in(folded, begin, end)
        if words and not is_skipped and text[begin] != ">":
            hits = lexicon.scan(words)
            is_skipped = any("boilerplate" in hit.kinds for hit in hits)
            if not is_skipped and not any("signature" in hit.kinds for hit in hits):
                yield Sentence(number, begin, end, "?" in closing, words, hits)
                number += 1
        if closing.count("\n") > 1:
            is_skipped = False


def _stretches(text: str, folded: str) -> Iterator[tuple[int, int, str]]:
    """Begin, end and closing characters of every sentence."""
    begin = line = 0
    for found in _BREAK.finditer(folded):
        closing = found[0]
        if closing[0] == "\n":
            is_wrapped = found.start() - line >= WRAPPED_LINE_MIN and closing.count("\n") == 1
            line = found.end()
            if is_wrapped and text[line : line + 1].islower():
                continue
        yield begin, found.start(), closing
        begin = found.end()
    yield begin, len(folded), ""
