"""Answers and costs in other languages: the same sentences with the same values, and nobody's words touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import BadCommand, parse
from bot.ledger.statements import hours_at_p4
from bot.ledger.wording import Source, rows_line, sources_line
from bot.messages import TELEGRAM, Handle, Order, Place
from bot.money import format_cents
from bot.notices.answers import in_language
from bot.notices.catalogues import LANGUAGES, translated
from bot.receipts import done_already, failed
from bot.sentences import SENTENCES, joined, sentence
from bot.triage.priority import Priority
from tests.unit.test_catalogues import names_in

ACCOUNT = joined("; ", [
    joined(", ", [
        sentence("cost at left", hours=hours_at_p4(90), row="P4"),
        sentence("cost until", hours="2", on="2026-12-01"),
    ]),
    sentence("cost due", amount=format_cents(72000)),
])  # fmt: skip
EITHER = sentence("either", one=sentence("who owner"), other=sentence("who manager"))
HELD = sentence("state held")

GERMAN = [
    (sentence("answer no ticket", id=4), "There is no ticket 4.", "Ein Ticket 4 gibt es nicht."),
    (
        sentence("answer balance", client="Acme Ltd", account=ACCOUNT),
        "Acme Ltd: 11.25 h at P4 left, 2 h of it until 2026-12-01; $720.00 due",
        "Acme Ltd: 11,25 h zu P4 übrig, davon 2 h bis 2026-12-01; 720,00\u00a0$ offen",
    ),
    (
        sentence("answer right", verb="contact add", who=EITHER),
        "`contact add` is for an owner or a manager. `help` shows what you can do.",
        "`contact add` ist für einen Inhaber oder einen Manager. `help` zeigt, was Sie tun können.",
    ),
    (
        sentence("answer line due", id=1, row="P3 ACME", state=HELD, at="12:00 EST", subject="It jams: no"),
        "#1 P3 ACME (held, due 12:00 EST): It jams: no",
        "#1 P3 ACME (vorgemerkt, fällig 12:00 EST): It jams: no",
    ),
    (
        sentence("answer line", id=1, row="P3 ACME", state="Tom Becker", subject="It jams"),
        "#1 P3 ACME (Tom Becker): It jams",
        "#1 P3 ACME (Tom Becker): It jams",
    ),
    (
        joined("\n", [sentence("answer which ticket"), sentence("answer example", usage="claim 42")]),
        "Which ticket? Write its number.\nFor example: claim 42",
        "Welches Ticket? Schreiben Sie seine Nummer.\nZum Beispiel: claim 42",
    ),
]


@pytest.mark.parametrize(("told", "english", "german"), GERMAN)
def test_an_answer_is_said_in_the_contacts_language(told: str, english: str, german: str) -> None:
    assert in_language("de-AT", told) == german
    assert in_language("en", told) == in_language("nl", told) == told == english


COSTS = [
    (
        joined(" + ", [rows_line({Priority.P1: 1}), sources_line([Source("per-use", 2, 0)], "USD")]),
        "1 Viertelstunde zu P1 + 2 Einheiten einzeln (0,00\u00a0$)",
    ),
    (sentence("cost kept", count=30), "30 min festgehalten, nicht berechnet"),
    (joined("", ["90 min → ", sentence("cost covered", plan="flat")]), "90 min → vom Plan flat gedeckt"),
    (
        joined(": ", [sentence("cost back"), sources_line([Source("12h", 6, 4500)], "USD")]),
        "zurückgegeben: 6 Einheiten aus dem 12-Stunden-Guthaben (45,00\u00a0$)",
    ),
    (format_cents(5000), "50,00\u00a0$"),
    ("$50.00", "$50.00"),
    ("", ""),
]


@pytest.mark.parametrize(("told", "german"), COSTS)
def test_a_cost_is_said_in_the_contacts_language(told: str, german: str) -> None:
    assert in_language("de", told) == german


WORDS = [
    "→ Anna Kim, 10:00 EST, email",
    "There is no ticket 4.",  # written by a person, who said it in English
    "Note: the units are on the table",
    "My office: 5 units per room, please",
    "The supplier said: nothing due before May",
]


@pytest.mark.parametrize("line", WORDS)
def test_words_of_a_person_stay_as_they_are(line: str) -> None:
    assert in_language("de", line) == line
    told = sentence("answer status", id=1, state=HELD, row="P3", subject=line)
    assert in_language("de", told) == f"Ticket 1 ist vorgemerkt, P3: {line}"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_said_with_its_values(language: str, key: str) -> None:
    """Also where a value holds what stands for names elsewhere: it is filled in, and never read."""
    values = dict.fromkeys(names_in(SENTENCES[key]), "{id} {0} {}")
    told = sentence(key, **values)
    assert in_language(language, told) == translated(language, SENTENCES[key]).format_map(values)


def test_a_line_that_was_not_understood_is_refused_in_the_contacts_language() -> None:
    with pytest.raises(BadCommand) as refused:
        parse("claim")
    told = in_language("fr", str(refused.value))
    assert told == "Quel ticket ? Écrivez son numéro.\nÉcrivez-le ainsi : claim NUMBER\nPar exemple : claim 42"


def test_what_failed_by_a_fault_of_ours_is_said_in_the_language_of_the_account() -> None:
    place, at = Place(TELEGRAM, "7"), datetime(2026, 11, 18, tzinfo=UTC)
    order = Order(TELEGRAM, "update-1", Handle(TELEGRAM, "7", "Anna", "pt-BR"), "status", at, place)
    assert failed(order, "ab12", language="en").text.startswith(
        "Isso falhou do nosso lado e não mudou nada (erro ab12)."
    )
    assert not failed(order, "ab12", language="en").is_ok
    assert done_already(order, language="en").text == "Isso já foi feito."
    silent = replace(order, sender=replace(order.sender, language=""))
    assert done_already(silent, language="pt").text == "Isso já foi feito.", "the desk's, where the account tells none"
    assert failed(silent, "ab12", language="pt").text.startswith("Isso falhou")


@given(st.text(max_size=700))
def test_any_text_of_others_is_said_as_it_is(text: str) -> None:
    assert in_language("de", text) == text
