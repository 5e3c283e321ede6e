"""Text from outside made fit to be shown, and counted words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.plain import cell, counted, many_lines, one_line, shortened


@pytest.mark.parametrize(
    ("count", "word", "plural", "said"),
    [
        (0, "client", "", "0 clients"),
        (1, "client", "", "1 client"),
        (2, "client", "", "2 clients"),
        (1, "entry", "entries", "1 entry"),
        (1200, "entry", "entries", "1,200 entries"),
    ],
)
def test_a_count_agrees_with_its_word(count: int, word: str, plural: str, said: str) -> None:
    assert counted(count, word, plural) == said


def test_what_turns_or_hides_text_is_taken_out() -> None:
    assert one_line("a\u202eb\u200b c\x00\x1b[31m\r\nd") == "ab c[31m d"
    assert many_lines("a\r\nb\u2028c\x07") == "a\nb\nc"
    assert one_line("half \ud800") == "half ?"


@given(some.text(some.sampled_from("ab é\t\n\0\u202e"), max_size=40), some.integers(1, 20))
def test_plain_text_is_read_as_any_other(text: str, length_max: int) -> None:
    # What is taken out anyway keeps a text from being taken for a plain one.
    assert one_line(text, length_max) == one_line(text + "\0", length_max)
    assert one_line(text, length_max) == one_line("\u202e" + text, length_max) or len(text) >= 10 * length_max


def test_a_long_text_is_cut_with_a_sign() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdef", 5) == "abcd…"
    assert one_line("word " * 100, 9) == "word wor…"


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1 hour", "@SUM(A1)", "\t=1+1", "\r=1+1", "-", "--5", "-1.2.3"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-12", "-12.50", "7", "Acme = good", "2026-11-22"])
def test_figures_and_words_stay_what_they_are(text: str) -> None:
    assert cell(text) == text
