"""Folding, phrases and times: how a message is read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.folding import fold, tokens_in, words_of
from bot.triage.lexicon import Lexicon, expand
from bot.triage.moments import duration_at, moment_at
from bot.triage.reading import Span, read

# Wednesday evening.
NOW = datetime(2026, 11, 18, 23, 10, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can’t, can't, CAN`T", ["cant", ",", "cant", ",", "cant"]),
        ("The server's off-line", ["the", "server", "s", "off", "line"]),
        ("L'imprimante n'est pas là", ["l", "imprimante", "n", "est", "pas", "la"]),
        ("by 3 p.m. or 15:00", ["by", "3", "pm", "or", "15:00"]),
        ("it is 'down' (again)", ["it", "is", "down", ",", "again", ","]),
        ("Straße, ÉTÉ, año", ["strase", ",", "ete", ",", "ano"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=200))
def test_folding_keeps_the_length_of_the_text(text: str) -> None:
    lexicon = Lexicon({})
    for sentence in read("", text, lexicon).sentences:
        assert sentence.words
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(word == "," or word in folded for word in tokens_in(folded, 0, len(folded)))


@given(st.text(max_size=300))
def test_every_word_can_be_quoted(text: str) -> None:
    reading = read("", text, Lexicon({}))
    for sentence in reading.sentences:
        for n in range(len(sentence.words)):
            reading.quote(Span(sentence, n, n + 1))


def test_a_phrase_stands_for_all_its_alternatives() -> None:
    assert set(expand("won't/does_not start/boot")) == {
        ("wont", "start"),
        ("wont", "boot"),
        ("does", "not", "start"),
        ("does", "not", "boot"),
    }


def test_the_longest_phrase_is_found_with_fillers_gaps_and_misspellings() -> None:
    lexicon = Lexicon(
        {
            "down": ["down", "not working"],
            "idiom": ["scroll down"],
            "filler": ["currently"],
            "code": ["write … script"],
        },
        misspelt=["working"],
    )

    def found(text: str) -> list[str]:
        return [hit.phrase for hit in lexicon.scan(lexicon.spelt(words_of(text)))]

    assert found("not currently wroking") == ["not working"]
    assert found("scroll down, down") == ["scroll down", ",", "down"]
    assert found("write us a nice script") == ["write … script"]
    assert found("write us a very nice long script") == []


LETTERS = ["a", "b", "c", "d", "not", "x", "y", "z"]
PHRASES = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3).map(" ".join)


@given(st.lists(PHRASES, min_size=1, max_size=6), st.lists(st.sampled_from([*LETTERS, "q"]), max_size=15))
def test_a_phrase_that_is_found_touches_its_list(phrases: list[str], words: list[str]) -> None:
    lexicon = Lexicon({"one": phrases}, common=["a", "b"])
    if any("one" in hit.kinds for hit in lexicon.scan(words)):
        assert lexicon.touches(words, ("one",))


DURATIONS = [
    ("30 minutes", 30),
    ("half an hour", 30),
    ("the next hour", 60),
    ("2h", 120),
    ("90 min", 90),
    ("einer stunde", 60),
    ("media hora", 30),
    ("den nächsten 20 minuten", 20),
    ("a couple of hours", 120),
    ("3 people", None),
    ("the office", None),
]


@pytest.mark.parametrize(("text", "minutes"), DURATIONS)
def test_a_time_span_is_read(text: str, minutes: int | None) -> None:
    duration = duration_at(words_of(text), 0)
    assert (None if duration is None else duration.minutes) == minutes


MOMENTS = [
    # received on Wednesday 18 November at 23:10
    ("8am", "19 08:00"),
    ("8", "19 08:00"),
    ("7:30", "19 07:30"),
    ("17 uhr", "19 17:00"),
    ("15:00 tomorrow", "19 15:00"),
    ("tomorrow", "19 23:59"),
    ("tomorrow at 5", "19 17:00"),
    ("tomorrow morning", "19 08:00"),
    ("noon", "19 12:00"),
    ("friday", "20 23:59"),
    ("wednesday", "25 23:59"),  # the next one
    ("the weekend", "22 23:59"),
    ("tonight", "18 23:59"),
    ("end of the day", "18 23:59"),
    ("mañana por la mañana", "19 08:00"),
    ("demain matin", "19 08:00"),
    ("5 people", None),
    ("the manager", None),
]


@pytest.mark.parametrize(("text", "wanted"), MOMENTS)
def test_a_moment_is_read(text: str, wanted: str | None) -> None:
    moment = moment_at(words_of(text), 0, NOW)
    assert (None if moment is None else moment.at.strftime("%d %H:%M")) == wanted


def test_before_a_day_is_its_beginning() -> None:
    moment = moment_at(words_of("monday"), 0, NOW, is_start=True)
    assert moment is not None
    assert moment.at.strftime("%d %H:%M") == "23 00:00"
