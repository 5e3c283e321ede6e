"""Every sentence in every language: complete, with the names it fills in, and nothing that English no longer says.

`python -m tests.unit.test_catalogues` writes the catalogues anew: translations stay, what is new stands untranslated
at its place, what is gone goes.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import notices
from bot.channels.telegram import menu
from bot.commands.forms import FORMS, Form
from bot.commands.parsing import GROUPS
from bot.notices import Reader, catalogues, moment
from bot.notices.catalogues import LANGUAGES, known_language, path_of, read, translated
from bot.notices.texts import ENGLISH, text_of
from bot.orders.about_quotes import QUOTED
from bot.triage.matching import MARK_WORDS, UNREAL_WORDS, WHOM
from bot.triage.signals import BOOKED, NO_WORDS, PRESSING
from tests.builders import a_ticket

RULES = Path(__file__).parents[2] / "config" / "triage.toml"
OTHERS = [language for language in LANGUAGES if language != "en"]
HEADER = """\
# What Holdline writes to people, in {name}. The msgid is the English sentence, as bot/notices/texts.py has it; names in
# braces are filled in, and what stands after "now", "buy" and the like are commands, which are the same everywhere.
msgid ""
msgstr ""
"Project-Id-Version: Holdline\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def sentences() -> dict[str, str]:
    """Every English sentence that has to be translated, with what it is called, in the order of the catalogues."""
    rules = tomllib.loads(RULES.read_text())["rule"]
    found: dict[str, str] = {}
    for key, sentence in ENGLISH.items():
        found.setdefault(sentence, key)
    for rule in rules:
        found.setdefault(rule["because"], f"a reason: {rule['name']}")
    doubts = (f"not counted, {word}" for word in UNREAL_WORDS.values())
    for words in (*MARK_WORDS.values(), *doubts, WHOM, BOOKED, NO_WORDS, PRESSING, QUOTED):
        found.setdefault(words, "a reason of triage")
    for name, text in (*menu.CLIENT, *menu.STAFF):
        found.setdefault(text, f"Telegram's menu: {name}")
    for form in FORMS.values():
        for words in words_of(form):
            found.setdefault(words, f"a form: {form.verb}")
    for words, verb in words_of_help():
        found.setdefault(words, f"help: {verb}")
    return found


def words_of_help() -> Iterator[tuple[str, str]]:
    """What `help` says of each verb, and the titles above them."""
    for title, entries in GROUPS:
        yield title, "a title"
        yield from ((entry.summary, entry.verb) for entry in entries)


def words_of(form: Form) -> Iterator[str]:
    """What people read of a form; an example of a time is the same everywhere."""
    yield from (form.title, form.submit)
    for question in form.questions:
        yield question.label
        yield from (label for _, label in question.choices)


def names_in(sentence: str) -> list[str]:
    """The names that a sentence fills in, sorted; a name may stand in it more than once."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(sentence) if name})


def catalogue(language: str) -> dict[str, str]:
    return dict(read(path_of(language).read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    assert list(catalogue(language)) == list(sentences()), "python -m tests.unit.test_catalogues; then translate"


@pytest.mark.parametrize("language", OTHERS)
def test_no_name_is_lost_or_made_up(language: str) -> None:
    wrong = {msgid: msgstr for msgid, msgstr in catalogue(language).items() if names_in(msgid) != names_in(msgstr)}
    assert wrong == {}


@pytest.mark.parametrize("language", OTHERS)
def test_commands_stay_what_they_are(language: str) -> None:
    """What a person is told to type is typed in every language alike."""
    verbs = ("accept {id}", "now {id}", "later {id}", "claim {id}", "pass {id}", "buy 12", "buy per-use", "link {code}")
    for msgid, msgstr in catalogue(language).items():
        for verb in verbs:
            if verb in msgid:
                assert verb in msgstr, msgid


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_what_gettext_reads(language: str) -> None:
    """Our reader knows a part of the format; here another one reads the same file."""
    with path_of(language).open("rb") as file:
        theirs = {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}
    assert theirs == catalogue(language)


def test_what_is_fuzzy_or_untranslated_reads_in_english() -> None:
    text = """\
msgid "a"
msgstr "ä"

#, fuzzy
msgid "b"
msgstr "bä"

msgid "c"
msgstr ""

msgid ""
"d\\n"
"e"
msgstr ""
"dä\\n"
"eä"
"""
    assert dict(read(text)) == {"a": "ä", "d\ne": "dä\neä"}


TAGS = [
    ("de", "de"),
    ("de-AT", "de"),
    ("pt_BR", "pt"),
    ("FR", "fr"),
    ("en-US", "en"),
    ("nl", ""),
    ("", ""),
    ("x/../y", ""),
]


@pytest.mark.parametrize(("tag", "language"), TAGS)
def test_a_tag_names_a_language_of_ours_or_none(tag: str, language: str) -> None:
    assert known_language(tag) == language


def test_a_language_without_a_catalogue_reads_in_english() -> None:
    assert text_of("nl", "button claim") == text_of("", "button claim") == text_of("en-GB", "button claim") == "Claim"
    assert translated("de", "a sentence of nobody") == "a sentence of nobody"
    assert catalogues.path_of("de").exists()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Wed 18 Nov, 14:30 CET"),
        ("de", "Mi 18. Nov., 14:30 CET"),
        ("es", "mié 18 nov, 14:30 CET"),
        ("fr", "mer. 18 nov., 14:30 CET"),
        ("pt", "qua 18 nov, 14:30 CET"),
    ],
)
def test_moments_in_each_language(language: str, told: str) -> None:
    assert moment(datetime(2026, 11, 18, 13, 30, tzinfo=UTC), Reader("Europe/Berlin", language)) == told


def test_a_whole_notice_in_german() -> None:
    reader = Reader("Europe/Berlin", "de")
    ticket = a_ticket(why=("device severely impaired: “printer is down”",))
    told = notices.received(ticket, reader, lead_name="Jo Diaz", opens_at=None)
    assert told.body.startswith(
        "Danke, Ihre Nachricht ist da. Sie ist Ticket #42, P2 (hoch), weil: Gerät stark beeinträchtigt: “printer is"
        " down”."
    )
    assert "Jo Diaz, zuständig für Sie, wird zuerst gefragt." in told.body


# ---------------------------------------------------------------- writing them anew


def quoted(text: str) -> Iterator[str]:
    """A string as lines of a catalogue, broken where the text breaks and where a line is long."""
    whole = "".join({"\\": "\\\\", '"': '\\"', "\n": "\\n"}.get(char, char) for char in text)
    if len(whole) <= 100:
        yield f'"{whole}"'
        return
    yield '""'
    line = ""
    for word in whole.split(" "):
        if line and len(line) + len(word) > 110:
            yield f'"{line} "'
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield f'"{line}"'


def written(language: str, known: dict[str, str]) -> str:
    """A catalogue, from the translations that there are."""
    entries = [HEADER.format(name=LANGUAGES[language], code=language)]
    for sentence, key in sentences().items():
        msgid, msgstr = "\n".join(quoted(sentence)), "\n".join(quoted(known.get(sentence, "")))
        entries.append(f"#. {key}\nmsgid {msgid}\nmsgstr {msgstr}\n")
    return "\n".join(entries)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_as_it_would_be_written(language: str) -> None:
    assert path_of(language).read_text(encoding="utf-8") == written(language, catalogue(language))


if __name__ == "__main__":
    for each in OTHERS:
        path_of(each).parent.mkdir(parents=True, exist_ok=True)
        kept = catalogue(each) if path_of(each).exists() else {}
        path_of(each).write_text(written(each, kept), encoding="utf-8")
        print(f"{each}: {len(sentences().keys() - kept.keys())} sentences are not translated")
