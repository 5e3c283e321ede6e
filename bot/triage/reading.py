"""A message as the rules see it: sentences of folded words, with what the lexicon found in each.

Left out are lines that quote another mail, unless it is forwarded, everything below a signature mark, sentences that a
mail program or a lawyer adds to every mail (lists `signature` and `boilerplate`), and characters past `LENGTH_MAX`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.triage.folding import fold, tokens_in, words_in
from bot.triage.lexicon import Lexicon, Phrases

# A help-desk message says what is wrong long before this; the rest is logs.
LENGTH_MAX = 8_000
# The work done for a sentence grows faster than its length, so lines are not joined to more than this.
SENTENCE_MAX, STRETCH_MAX = 400, 800
# A newline after a shorter line is meant; after a longer one a mail program may have wrapped the sentence.
WRAPPED_LINE_MIN = 45

# A quotation's kind ("the article") stands among this many words and characters before it.
TITLE_WORDS, TITLE_REACH = 3, 40

# How mail programs begin the subject of a forwarded mail.
_FORWARDS = ("fwd:", "fw:", "wg:", "tr:", "rv:", "enc:")
_BREAK = re.compile(r"[.!?…]++|\n\s*+")
_SENTENCE_END = re.compile(r"[.!?…]\s|\n\n")
_AFTER_SENTENCE = frozenset(" \n\t\"')]")
_QUOTED = re.compile(r'["“„«]([^"“”„«»\n]{2,120})["”“»]')
_URL_PATH = re.compile(r"(?<=://)([^\s/]+)(/\S*)")
_SIGNATURE = re.compile(r"\n--[ \t]?\n")


class Sentence:
    """One sentence: where it lies in the text, its folded words (commas included) and the phrases found in them.

    The phrases are looked up when they are first asked for: most sentences of a mail never are.
    """

    __slots__ = ("_hits", "_lexicon", "begin", "end", "is_question", "number", "words")

    def __init__(
        self, number: int, begin: int, end: int, *, is_question: bool, words: list[str], lexicon: Lexicon
    ) -> None:
        self.number = number
        self.begin = begin
        self.end = end
        self.is_question = is_question
        self.words = words
        self._lexicon = lexicon
        self._hits: Phrases | None = None

    @property
    def hits(self) -> Phrases:
        if self._hits is None:
            self._hits = self._lexicon.scan(self.words)
        return self._hits

    def touches(self, *lists: str) -> bool:
        """Whether a phrase of one of the lists may be in it: quick, and never False if one is."""
        return self._lexicon.touches(self.words, lists)


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
        begin = end = place = sentence.begin
        for n, word in enumerate(tokens_in(self.folded, place, sentence.end)[: span.end]):
            # A comma may stand for another mark; the words around it are found all the same.
            if word != ",":
                place = self.folded.index(word, place)
            begin = place if n == span.start else begin
            place = end = place + (len(word) if word != "," else 0)
        pieces = (piece.strip() for piece in self.text[begin:end].split("\n"))
        return " ".join(f'"{piece}"' for piece in pieces if piece)

    def opening_words(self, size: int = 60) -> str:
        """How the message begins, in quotes; empty for a message without a word."""
        line = next((line.strip() for line in self.text.splitlines() if line.strip()), "")
        return f'"{line[:size].rstrip()}"' if line else ""


def read(subject: str, body: str, lexicon: Lexicon) -> Reading:
    """Cut a message into sentences and look every word up in the lexicon."""
    subject = subject.strip()
    text = _legible(f"{subject}\n\n{body.strip()}")
    folded = _without_titles(fold(text), lexicon)
    if "://" in folded:
        # The host may be what fails; "/incidents/server-down" is the name of a page.
        folded = _URL_PATH.sub(lambda found: found[1] + " " * len(found[2]), folded)
    # What somebody forwards is what they want read.
    is_forwarded = subject[:4].casefold().startswith(_FORWARDS)
    return Reading(text, folded, tuple(_sentences(text, folded, lexicon, keeps_quotes=is_forwarded)))


def is_channels_own(line: str) -> bool:
    """ "[voice message, 0:07]": what a channel says in place of something that has no words."""
    return line.startswith("[") and line.endswith("]")


def words_read(text: str) -> list[str]:
    """The folded words of a text in one row, its sentences parted by a comma; for who only counts words."""
    text = _legible(text)
    if "\n>" in text or text.startswith(">"):
        text = "\n".join(line for line in text.split("\n") if not line.startswith(">"))
    return words_in(_SENTENCE_END.sub(" , ", fold(text)))


def _legible(text: str) -> str:
    text = text[:LENGTH_MAX]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    signature = _SIGNATURE.search(text)
    return text[: signature.start()] if signature else text


def _without_titles(folded: str, lexicon: Lexicon) -> str:
    """Blanks in place of what is quoted as a name or a wording: "the article 'Why servers go down'"."""
    if '"' not in folded and "“" not in folded and "«" not in folded:
        return folded
    pieces: list[str] = []
    end = 0
    for found in _QUOTED.finditer(folded):
        begin = found.start()
        prior = words_in(folded, max(end, begin - TITLE_REACH), begin)
        # "The team" is a phrase of its own, and "team" none of it.
        if any("titled" in lexicon.scan(prior[-n:]).places for n in (TITLE_WORDS, 1)):
            pieces += [folded[end : begin + 1], " " * len(found[1])]
            end = found.end(1)
    return "".join([*pieces, folded[end:]])


def _sentences(text: str, folded: str, lexicon: Lexicon, *, keeps_quotes: bool) -> Iterator[Sentence]:
    number, is_skipped = 0, False
    for begin, end, closing in _stretches(text, folded):
        words = words_in(folded, begin, end)
        if words and not is_skipped and (text[begin] != ">" or keeps_quotes):
            words = lexicon.spelt(words)
            sentence = Sentence(number, begin, end, is_question="?" in closing, words=words, lexicon=lexicon)
            added = _added_by_machine(sentence)
            is_skipped = added == "boilerplate"
            if not added:
                yield sentence
                number += 1
        if closing.count("\n") > 1:
            is_skipped = False


def _added_by_machine(sentence: Sentence) -> str:
    if not sentence.touches("boilerplate", "signature"):
        return ""
    return next((name for name in ("boilerplate", "signature") if name in sentence.hits.places), "")


def _stretches(text: str, folded: str) -> list[tuple[int, int, str]]:
    """Begin, end and closing characters of every sentence."""
    stretches: list[tuple[int, int, str]] = []
    begin = line = 0
    for found in _BREAK.finditer(folded):
        closing = found[0]
        start, end = found.span()
        if closing[0] == "\n":
            is_wrapped = start - line >= WRAPPED_LINE_MIN and closing.count("\n") == 1
            line = end
            if is_wrapped and line - begin < SENTENCE_MAX and text[line : line + 1].islower():
                continue
        elif end < len(folded) and folded[end] not in _AFTER_SENTENCE:
            # The dot of "example.com" ends nothing.
            continue
        if start - begin > STRETCH_MAX:
            stretches += _cut(folded, begin, start, closing)
        else:
            stretches.append((begin, start, closing))
        begin = end
    stretches += _cut(folded, begin, len(folded), "")
    return stretches


def _cut(folded: str, begin: int, end: int, closing: str) -> Iterator[tuple[int, int, str]]:
    """A stretch that no mark divides for long is divided anyway, between two words if there are any."""
    while end - begin > STRETCH_MAX:
        place = folded.find(" ", begin + SENTENCE_MAX, begin + STRETCH_MAX)
        place = place if place > 0 else begin + STRETCH_MAX
        yield begin, place, ""
        begin = place
    yield begin, end, closing
