"""Sentences as values: filled wholly or not at all, and themselves wherever they are only read."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.messages import Answer
from bot.money import format_cents
from bot.notices.texts import ENGLISH
from bot.sentences import (
    SENTENCES,
    Amount,
    Figure,
    Joined,
    Sentence,
    joined,
    packed,
    read_again,
    sentence,
    unpacked,
    written,
)
from bot.texts_of_answers import ANSWERS
from bot.texts_of_grammar import GRAMMAR
from bot.texts_of_ledger import LEDGER
from bot.texts_of_orders import ORDERS
from bot.texts_of_pages import PAGES
from tests.unit.test_catalogues import names_in

HOUSE = Path(__file__).parents[2] / "bot"

WRONG = [
    ("answer no tickets", {"id": 4}),  # no such key
    ("answer no ticket", {}),  # a value is missing
    ("answer no ticket", {"number": 4}),  # another name
    ("answer no ticket", {"id": 4, "code": "ACME"}),  # one too many
    ("answer per use", {"id": 4}),
]


@pytest.mark.parametrize(("key", "values"), WRONG)
def test_a_sentence_that_is_not_wholly_filled_is_none(key: str, values: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        sentence(key, **values)


def test_a_sentence_reads_as_its_english_and_stays_itself_in_an_error_and_an_answer() -> None:
    told = sentence("answer no ticket", id=4)
    assert told == "There is no ticket 4."
    assert f"{told} Write another." == "There is no ticket 4. Write another."
    assert str(UserError(told)) is told
    assert Answer(told).text is told
    assert (told.key, told.values) == ("answer no ticket", {"id": 4})


def test_sentences_one_after_the_other_keep_what_they_are() -> None:
    parts = [sentence("answer nothing open"), "words of a person", sentence("answer no invoices")]
    told = joined("\n", parts)
    assert told == "Nothing is open. Just write what you need.\nwords of a person\nThere are no invoices."
    assert all(kept is part for kept, part in zip(told.parts, parts, strict=True))


def test_a_sentence_is_not_changed_and_is_copied_whole() -> None:
    told = sentence("answer no ticket", id=4)
    with pytest.raises(AttributeError):
        told.key = "answer no charge"
    for again in (copy.deepcopy(told), pickle.loads(pickle.dumps(told))):
        assert (again, again.key, again.values) == (told, told.key, told.values)


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(HOUSE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "sentence(" not in text or path.name == "sentences.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sentence":
                yield f"{path.relative_to(HOUSE.parent)}:{node.lineno}", node


def test_every_sentence_in_the_house_has_its_key_and_its_values() -> None:
    """Also on the ways that no test goes. A key that is put together stands for each that begins like it."""
    wrong = []
    for place, call in calls():
        assert len(call.args) == 1, place
        for key in keys_of(call.args[0]):
            names = sorted(keyword.arg or "**" for keyword in call.keywords)
            if key not in SENTENCES or names != names_in(SENTENCES[key]):
                wrong.append(f"{place}: {key}: {names}")
    assert wrong == []


def test_no_key_says_two_things() -> None:
    kinds = (ANSWERS, GRAMMAR, PAGES, ORDERS, LEDGER)
    assert len(SENTENCES) == sum(map(len, kinds))
    assert [key for key, text in SENTENCES.items() if ENGLISH[key] != text] == []


def said_of(texts: list[str]) -> str:
    """Texts as one: filled into a sentence, or one after the other; none is an amount, or a figure."""
    if not texts:
        return joined(" ", [format_cents(123456, "EUR"), Figure("3.25")])
    if len(texts) == 1:
        return sentence("answer no contact", address=texts[0])
    return joined(", ", texts)


def vars_of(text: str) -> dict[str, object]:
    return dict(vars(text)) if isinstance(text, Sentence | Joined | Amount) else {}


@given(st.recursive(st.text(max_size=20), lambda texts: st.lists(texts, max_size=4).map(said_of), max_leaves=12))
def test_what_is_kept_is_said_again_as_it_was(told: str) -> None:
    again = unpacked(json.loads(json.dumps(packed(told))))
    assert (again, type(again), vars_of(again)) == (told, type(told), vars_of(told))


def test_no_sentence_stands_unused() -> None:
    """Every key is named by somebody; where keys are put together, by what they begin with."""
    named = {key for _, call in calls() for key in keys_of(call.args[0])}
    assert sorted(SENTENCES.keys() - named) == []


def keys_of(written: ast.expr) -> list[str]:
    """The keys that an expression may give: a text, one of two, or all that begin with its first words."""
    if isinstance(written, ast.Constant):
        return [str(written.value)]
    if isinstance(written, ast.IfExp):
        return keys_of(written.body) + keys_of(written.orelse)
    assert isinstance(written, ast.JoinedStr), ast.unparse(written)
    first = written.values[0]
    assert isinstance(first, ast.Constant), ast.unparse(written)
    return [key for key in SENTENCES if key.startswith(str(first.value))] or [str(first.value)]


def test_a_sentence_in_a_column_is_read_again_and_words_of_others_stay() -> None:
    told = sentence("bank open", amount=format_cents(8000), what="INV-1")
    again = read_again(written(told))
    assert (again, vars_of(again)["key"]) == (told, "bank open")
    for words in ("interest", "", '{"key": "nothing of ours"}', "{no json"):
        assert (written(words), read_again(words)) == (words, words)
