"""What a contact's commands are answered, and the books' line in notices, in the contact's language. Pure.

Use cases answer in English, and the staff read it so. An answer is known again by its form: it is one of the sentences
in `texts_of_answers` with values filled in, and is said with the same values in the other language. What has no such
form stays as it is: words of persons, tables, lines that were never translated.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from functools import lru_cache

from bot.notices.catalogues import ENGLISH, known_language, translated
from bot.texts_of_answers import ANSWERS

# Longer ones are words of persons; and the forms below are tried one by one.
LINE_LENGTH_MAX = 500
_ANYTHING = ".{1,200}?"
_FORMS: Mapping[str, str] = {
    "id": r"\d{1,12}",
    "count": r"-?\d{1,9}",
    "row": "P[1-4]",
    "hours": r"-?\d[\d.]{0,11}",
    "on": r"\d{4}-\d{2}-\d{2}",
    "code": "[A-Z0-9-]{1,20}",
    "amount": r"-?[^\s;]{1,20}",
    "state": "[^(),:]{1,80}?",
    "verb": "[^`”]{1,80}?",
    "other": "[^`]{1,40}",
    # A balance or a cost: whatever else stands behind a colon is somebody's words.
    "account": r"(?:-?[\d.]{1,12} h at P4 left|nothing due|-?\S{1,20} (?:due|paid ahead)|-?\d{1,9} units?)"
    r"(?:[,;][^\n]{0,200})?",
}
_LOGGED = re.compile(r"-?\d{1,6} min (?:→|kept)")


def in_language(language: str, text: str) -> str:
    """An answer of the desk in the language; line by line, what is known of it."""
    code = known_language(language)
    if code in ("", ENGLISH):
        return text
    return "\n".join(_line(code, line) for line in text.split("\n"))


def account_in(language: str, line: str) -> str:
    """The books' line, "50 min → 4 quarters at P2 (travel) = 16 units per use ($160.00)", in the language."""
    code = known_language(language)
    if code in ("", ENGLISH) or len(line) > 2 * LINE_LENGTH_MAX:
        return line
    for key, pattern in _patterns("cost "):
        line = pattern.sub(_again(code, key), line)
    return line


def _line(code: str, line: str) -> str:
    if len(line) > LINE_LENGTH_MAX:
        return line
    for key, pattern in _patterns("answer "):
        if (found := pattern.fullmatch(line)) is not None:
            return _again(code, key)(found)
    return account_in(code, line) if _LOGGED.match(line) else line


def _again(code: str, key: str) -> Callable[[re.Match[str]], str]:
    sentence = translated(code, ANSWERS[key])

    def say(found: re.Match[str]) -> str:
        return sentence.format_map({name: _value(code, name, value) for name, value in found.groupdict().items()})

    return say


def _value(code: str, name: str, value: str) -> str:
    """A value as it stands in the other sentence: words of ours are translated too."""
    if name == "state":
        return translated(code, value) if f"state {value}" in ANSWERS else value
    if name == "account":
        return account_in(code, value)
    if name == "who":
        first, sign, second = value.partition(" or ")
        either = translated(code, ANSWERS["who or"])
        return either.format(one=_who(code, first), other=_who(code, second)) if sign else _who(code, first)
    return value


def _who(code: str, words: str) -> str:
    return translated(code, words) if words in ANSWERS.values() else words


@lru_cache(maxsize=2)
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences of a kind, each as the form of what it reads like when it is filled."""
    is_whole = kind == "answer "
    return tuple((key, _pattern(each, is_whole=is_whole)) for key, each in ANSWERS.items() if key.startswith(kind))


def _pattern(sentence: str, *, is_whole: bool) -> re.Pattern[str]:
    pieces: list[str] = []
    seen: set[str] = set()
    for literal, name, _, _ in string.Formatter().parse(sentence):
        pieces.append(re.escape(literal))
        if name:
            pieces.append(f"(?P={name})" if name in seen else f"(?P<{name}>{_FORMS.get(name, _ANYTHING)})")
            seen.add(name)
    joined = "".join(pieces)
    return re.compile(joined if is_whole else rf"(?<!\w){joined}(?!\w)")
