"""A cursor over the words of one command line, and the readers that every verb shares.

Words are parted by white space; "…" keeps several together, also behind a key: hours="Mon-Fri 09:00-17:00". Reading
is linear in the length of the line. What a reader cannot place it refuses with the usage of the verb at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.commands import times
from bot.commands.refusal import BadCommand
from bot.errors import UserError
from bot.money import parse_cents
from bot.plain import one_line, shortened
from bot.readers import ADDRESS
from bot.sentences import sentence

REASON_MAX = 2_000
CENTS_MAX = 1_000_000_000
NAME_MAX = 120
# No pattern starts with what it may have passed over, so that none is tried twice from one place.
_WORD = re.compile(r'[^\s="]++="[^"]*"|"[^"]*"|\S+')
_TICKET = re.compile(r"(?P<mark>[#tT]-?)?(?P<number>[0-9]{1,12})[.,;!?]?(?P<colon>:)?")
_CLIENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}[.,]?")
_MEMBER = re.compile(r"#?(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{1,20}")
_KEY = re.compile(r"(?P<key>[A-Za-z_-]{1,30})=(?P<value>.*)", re.DOTALL)
# A phone or a chat turns two hyphens into one dash.
_MARKS = frozenset({"--", "—", "–", ":"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stood, and its value without quotes."""

    raw: str
    value: str
    start: int
    end: int

    @property
    def is_quoted(self) -> bool:
        return self.raw.startswith('"') and self.raw.endswith('"') and len(self.raw) > 1

    @property
    def is_mark(self) -> bool:
        return self.raw in _MARKS

    @property
    def lower(self) -> str:
        return self.value.lower()

    def __str__(self) -> str:
        return f"“{shortened(self.value, 40)}”"


@dataclass(slots=True)
class Line:
    """What follows the verb.

    said:      the whole line as it was given. ticket_id: the ticket at hand, where the number may be left out; 0 is
               one whose number the reader was not told.
    is_strict: read as the first line of a message that may be a sentence to somebody: nothing is guessed.
    """

    text: str
    said: str
    usage: str
    example: str
    ticket_id: int | None = None
    is_strict: bool = False
    has_number: bool = field(default=False)
    _at: int = field(default=0)
    _is_marked: bool = field(default=False)

    # ------------------------------------------------------------ words

    def words(self) -> Iterator[Word]:
        """The words that are left; looking does not take them."""
        for found in _WORD.finditer(self.text, self._at):
            raw = found[0]
            value = raw[1:-1] if raw.startswith('"') and raw.endswith('"') and len(raw) > 1 else raw
            yield Word(raw, one_line(value, 4_000), found.start(), found.end())

    def peek(self) -> Word | None:
        return next(self.words(), None)

    def take(self) -> Word | None:
        """The next word, which is then gone."""
        word = self.peek()
        if word is not None:
            self._at = word.end
        return word

    def take_if(self, *wanted: str) -> str:
        """Take the next word if it is one of these; the word in lower case, or ""."""
        word = self.peek()
        if word is None or word.is_quoted or word.lower.rstrip(".,:") not in wanted:
            return ""
        self._at = word.end
        return word.lower.rstrip(".,:")

    def next_values(self, count: int) -> list[str]:
        """The next few values, not taken, up to the first quoted word or dash."""
        values = []
        for word in islice(self.words(), count):
            if word.is_quoted or word.is_mark:
                break
            values.append(word.value)
        return values

    def skip(self, count: int) -> None:
        for _ in range(count):
            self.take()

    def rest(self) -> str:
        """Everything that is left, with its line breaks."""
        left = self.text[self._at :].strip()
        self._at = len(self.text)
        return left

    # ------------------------------------------------------------ refusals

    def bad(self, problem: str, *, meant: str = "") -> BadCommand:
        return BadCommand(problem, meant=meant, usage=self.usage, example=self.example)

    def end(self) -> None:
        """Refuse what is left over."""
        word = self.peek()
        if word is not None:
            raise self.bad(sentence("answer no place", word=str(word)))

    # ------------------------------------------------------------ arguments

    def ticket(self) -> int:
        """The ticket's number: 42, #42, T42; or the ticket at hand."""
        number = self.ticket_if_any()
        if number is None:
            raise self.bad(sentence("answer which ticket"))
        return number

    def ticket_if_any(self) -> int | None:
        words = list(islice(self.words(), 2))
        found = _TICKET.fullmatch(words[0].raw) if words else None
        if found is None or (not found["mark"] and len(words) > 1 and times.begins_unit(words[1].value)):
            return self.ticket_id
        number = int(found["number"])
        if number == 0:
            raise self.bad(sentence("answer no ticket", id=0))
        self.take()
        self.has_number = True
        self._is_marked = found["colon"] is not None
        return number

    def number(self, missing: str) -> int:
        """The number of something other than a ticket: a charge. missing: what is said where none stands here."""
        word = self.take()
        found = re.fullmatch(r"#?([0-9]{1,12})[.,]?", word.value) if word is not None else None
        if found is None:
            raise self.bad(missing)
        return int(found[1])

    def ticket_to_write_to(self) -> int:
        """As `ticket`, for words that go out: "reply 3 servers are up" in a ticket's thread must not go to ticket 3."""
        word = self.peek()
        if word is None or "\n" in self.text[self._at : word.start]:
            # The text begins on the next line, and a number there is part of it.
            if self.ticket_id is None:
                raise self.bad(sentence("answer which ticket"))
            return self.ticket_id
        number = self.ticket()
        if self.has_number and not word.raw.startswith("#") and self.ticket_id not in (None, 0, number):
            raise self.bad(sentence("bad ticket or number", number=number, id=self.ticket_id))
        return number

    def free_text(self, length_max: int = REASON_MAX, *, needs_mark: bool = False, was_marked: bool = False) -> str:
        """What is left as one line; "--", a colon or quotes may stand before it.

        needs_mark: a strict line wants that mark, because this verb is also how a sentence may begin.
        was_marked: a word before it was mark enough.
        """
        is_marked, text = self._marked_rest()
        if text and self.is_strict and not (is_marked or was_marked) and (needs_mark or not self.has_number):
            raise self.bad("Put -- before the reason.")
        return one_line(text, length_max)

    def lines_of_text(self, length_max: int) -> str:
        """What is left with its line breaks. Raises where nothing is, or more than that."""
        is_on_next_line = "\n" in self.text[self._at :].lstrip(" \t")[:1]
        is_marked, text = self._marked_rest()
        if self.is_strict and not (is_marked or is_on_next_line or self.has_number):
            raise self.bad("Put the ticket's number or a colon before the text.")
        if not text:
            raise self.bad(sentence("bad text missing"))
        if len(text) > length_max:
            raise self.bad(sentence("bad text too long", count=len(text), most=length_max))
        return text

    def _marked_rest(self) -> tuple[bool, str]:
        is_marked = self._is_marked
        word = self.peek()
        if word is not None and word.is_mark:
            self.take()
            return True, self.rest()
        if word is not None and word.is_quoted and not self.text[word.end :].strip():
            self.take()
            return True, word.raw[1:-1].strip()
        return is_marked, self.rest()

    def client(self) -> str:
        """A client's code, in upper case."""
        code = self.client_if_any()
        if not code:
            raise self.bad(sentence("bad which client"))
        return code

    def client_if_any(self) -> str:
        """A client's code, or "" where no more is said. A strict line wants it in upper case, as codes are shown."""
        word = self.peek()
        if word is None or word.is_quoted or word.is_mark or not _CLIENT.fullmatch(word.value):
            return ""
        if self.is_strict and not word.value.isupper():
            raise self.bad("Write the client's code in upper case.")
        self.take()
        return word.value.rstrip(".,").upper()

    def amount(self, *, cents_min: int = 1) -> int:
        """An amount of money in cents, at least so many."""
        word = self.take()
        if word is None or word.is_mark:
            raise self.bad(sentence("bad how much"))
        try:
            cents = parse_cents(word.value)
        except UserError as error:
            raise self.bad(str(error)) from None
        if not cents_min <= cents <= CENTS_MAX:
            raise self.bad(sentence("bad above zero" if cents < cents_min else "bad too much"))
        return cents

    def member_number(self) -> str:
        """A consultant's member number, in upper case: 1042, M-7."""
        word = self.peek()
        if word is None or not _MEMBER.fullmatch(word.value.rstrip(".,")):
            raise self.bad(sentence("answer which member"))
        self.take()
        return word.value.rstrip(".,").lstrip("#").upper()

    def name(self, whose: str) -> str:
        """A word, or several in quotes. whose: what it names, as in the keys of `texts_of_grammar`."""
        word = self.take()
        if word is None or not word.value or word.is_mark:
            raise self.bad(sentence("bad missing", what=sentence(f"name {whose}")))
        return one_line(word.value, NAME_MAX)

    def email(self, whose: str) -> str:
        """An email address, in lower case. whose: contact, person, consultant or own."""
        word = self.take()
        if word is None or len(word.value) > 254 or not ADDRESS.fullmatch(word.value):
            raise self.bad(sentence(f"bad email {whose}"))
        return word.value.lower()

    def length(self, *, has_days: bool = False) -> int | None:
        """A length of time in minutes, or None where none stands here."""
        try:
            found = times.read_length(self.next_values(4), has_days=has_days)
        except times.BadTime as error:
            raise self.bad(str(error)) from None
        if found is None:
            return None
        minutes, taken = found
        self.skip(taken)
        return minutes

    def key_value(self) -> tuple[Word, str, str] | None:
        """key=value, the key in lower case with "_" for "-"; None where the next word is none."""
        word = self.peek()
        found = _KEY.fullmatch(word.raw) if word is not None else None
        if word is None or found is None:
            return None
        self.take()
        value = found["value"]
        if len(value) > 1 and value.startswith('"') and value.endswith('"'):
            value = value[1:-1]
        return word, found["key"].lower().replace("-", "_"), one_line(value, REASON_MAX)


def nearest(word: str, known: Sequence[str], *, length_min: int = 3) -> str:
    """The known word that differs from this one by a slip of the fingers, or ""."""
    word = word.lower()
    if not length_min <= len(word) <= 40:
        return ""
    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=max(1, len(word) // 3))
    return str(found[0]) if found else ""
