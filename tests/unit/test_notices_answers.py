"""Answers and costs in other languages: known by their form, said with the same values, and nobody's words touched."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices.answers import account_in, in_language
from bot.notices.catalogues import LANGUAGES, translated
from bot.texts_of_answers import ANSWERS

GERMAN = [
    ("There is no ticket 4.", "Ein Ticket 4 gibt es nicht."),
    (
        "Acme Ltd: 11.25 h at P4 left, 2 h of it until 2026-12-01; $720.00 due",
        "Acme Ltd: 11.25 h zu P4 übrig, davon 2 h bis 2026-12-01; $720.00 offen",
    ),
    (
        "`contact add` is for an owner or a manager. `help` shows what you can do.",
        "`contact add` ist für einen Inhaber oder einen Manager. `help` zeigt, was Sie tun können.",
    ),
    ("#1 P3 ACME (held, due 12:00 EST): It jams: no", "#1 P3 ACME (vorgemerkt, fällig 12:00 EST): It jams: no"),
    ("#1 P3 ACME (Tom Becker): It jams", "#1 P3 ACME (Tom Becker): It jams"),
    ("Which ticket? Write its number.\nFor example: claim 42", "Welches Ticket? Schreiben Sie seine Nummer.\n"
     "Zum Beispiel: claim 42"),
    (
        "50 min → 4 quarters at P2 (travel) = 16 units per use ($160.00); 3 h left at P4",
        "50 min → 4 Viertelstunden zu P2 (travel) = 16 Einheiten einzeln ($160.00); 3 h übrig zu P4",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("english", "german"), GERMAN)
def test_an_answer_is_said_in_the_contacts_language(english: str, german: str) -> None:
    assert in_language("de-AT", english) == german
    assert in_language("en", english) == in_language("nl", english) == english


COSTS = [
    ("1 quarter at P1 + 2 units per use", "1 Viertelstunde zu P1 + 2 Einheiten einzeln"),
    ("30 min kept, not billable", "30 min festgehalten, nicht berechnet"),
    ("90 min → covered by the flat plan", "90 min → vom Plan flat gedeckt"),
    ("given back: 6 units from the 12-hour credit ($45.00)", "zurückgegeben: 6 Einheiten aus dem 12-Stunden-Guthaben"
     " ($45.00)"),
    ("$50.00", "$50.00"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("english", "german"), COSTS)
def test_a_cost_is_said_in_the_contacts_language(english: str, german: str) -> None:
    assert account_in("de", english) == german


WORDS = [
    "→ Anna Kim, 10:00 EST, email",
    "    There is no ticket 4. That is what it said.",
    "Note: the units are on the table",
    "My office: 5 units per room, please",
    "The supplier said: nothing due before May",
]


@pytest.mark.parametrize("line", WORDS)
def test_words_of_a_person_stay_as_they_are(line: str) -> None:
    assert in_language("de", line) == line


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("key", [key for key in ANSWERS if key.startswith("answer ")])
def test_every_sentence_is_known_when_it_is_filled(language: str, key: str) -> None:
    """With values of the kind that it is filled with; the first form that fits is its own."""
    samples = {
        "id": "42", "count": "15", "row": "P3", "hours": "12", "on": "2026-12-01", "code": "ACME", "amount": "$7.50",
        "account": "nothing due", "number": "7", "state": "Tom Becker", "usage": "claim 42",
    }  # fmt: skip
    names = [name for _, name, _, _ in string.Formatter().parse(ANSWERS[key]) if name]
    values = {name: samples.get(name, "Jo Diaz") for name in names}
    wanted = translated(language, ANSWERS[key]).format_map(values | {"account": account_in(language, "nothing due")})
    assert in_language(language, ANSWERS[key].format_map(values)) == wanted


@given(st.text(max_size=700))
def test_any_text_has_as_many_lines_afterwards(text: str) -> None:
    assert in_language("de", text).count("\n") == text.count("\n")
