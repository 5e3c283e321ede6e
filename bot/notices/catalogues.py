"""The languages that the desk writes to people in, from gettext catalogues beside this module.

`locale/LANGUAGE/LC_MESSAGES/holdline.po`: msgid is the English sentence, msgstr the same in that language. They are
read as they are, at the first sentence in that language; nothing is compiled. What a catalogue lacks reads in
English; a test holds every catalogue complete, and each sentence to the names that it fills in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

DOMAIN = "holdline"
FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"
# By code, as each calls itself.
LANGUAGES: Mapping[str, str] = {
    ENGLISH: "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "pt": "Português",
}


@lru_cache(maxsize=256)
def known_language(tag: str) -> str:
    """The language that a tag names ("pt-BR", "de_DE", "fr"); "" where it is none of ours."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else ""


def translated(language: str, sentence: str) -> str:
    """An English sentence in another language; itself where that is not known, or the catalogue lacks it."""
    code = known_language(language)
    return sentence if code in ("", ENGLISH) else _catalogue(code).get(sentence) or sentence


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> Mapping[str, str]:
    return dict(read(path_of(language).read_text(encoding="utf-8")))


def read(text: str) -> Iterator[tuple[str, str]]:
    """The sentences of a catalogue, without its header: msgid and msgstr, each over as many lines as it likes.

    Of gettext's format as far as it is used here: no plural forms and no contexts. What is marked as fuzzy counts as
    not translated.
    """
    entry: dict[str, str] = {}
    name, is_fuzzy, was_fuzzy = "", False, False
    for line in [*text.splitlines(), 'msgid ""']:
        word, _, rest = line.strip().partition(" ")
        if word == "#,":
            is_fuzzy = "fuzzy" in rest
        elif word in ("msgid", "msgstr"):
            if word == "msgid":
                if entry.get("msgid") and entry.get("msgstr") and not was_fuzzy:
                    yield entry["msgid"], entry["msgstr"]
                entry, was_fuzzy, is_fuzzy = {}, is_fuzzy, False
            name, entry[word] = word, _text(rest)
        elif word.startswith('"'):
            entry[name] += _text(line.strip())


def _text(quoted: str) -> str:
    """What stands between quotes; a literal is only read as one where something in it is escaped, which takes long."""
    return ast.literal_eval(quoted) if "\\" in quoted else quoted.removeprefix('"').removesuffix('"')
