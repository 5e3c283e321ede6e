"""Forms end in command lines: whatever is typed into them, the line is the form's own verb on its own ticket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import BadCommand, Book, LogTime, NoteOn, Reply, Resolve, SetPriority, parse
from bot.commands.forms import FORMS, form_of, line_of, question_for

GIVES = {
    "book": Book,
    "log": LogTime,
    "note": NoteOn,
    "priority": SetPriority,
    "reply": Reply,
    "resolve": Resolve,
}


@pytest.mark.parametrize(
    ("verb", "answers", "line"),
    [
        (
            "log",
            {"time": "50m", "kind": "travel", "wish": "own", "note": "to them"},
            "log 42 50m travel own -- to them",
        ),
        ("log", {"time": "17:20-18:10"}, "log 42 17:20-18:10"),
        ("reply", {"text": "Dear Anna,\nit is done -- really."}, "reply 42 Dear Anna,\nit is done -- really."),
        ("resolve", {}, "resolve 42"),
        ("book", {}, "book 42"),
        (
            "book",
            {"time": "tomorrow 14:00", "length": "90m", "kind": "onsite", "words": "a shelf"},
            "book 42 tomorrow 14:00 lasting 90m onsite -- a shelf",
        ),
        ("resolve", {"time": "50m", "note": "New rollers"}, "resolve 42 50m -- New rollers"),
        ("priority", {"priority": "P2", "reason": "it is down"}, "priority 42 P2 -- it is down"),
        # What nobody could have chosen was not chosen.
        ("priority", {"priority": "P2 -- x\nreply 7 hello"}, "priority 42"),
    ],
)
def test_answers_make_the_line_that_could_have_been_typed(verb: str, answers: dict[str, str], line: str) -> None:
    assert line_of(FORMS[verb], 42, answers) == line


@given(st.sampled_from(sorted(FORMS)), st.dictionaries(st.sampled_from(("time", "text", "note", "reason")), st.text()))
def test_no_answer_leads_to_another_verb_or_ticket(verb: str, answers: dict[str, str]) -> None:
    line = line_of(FORMS[verb], 42, answers | {"priority": "P1"})
    try:
        command = parse(line)
    except BadCommand:
        return
    assert isinstance(command, GIVES[verb])
    assert getattr(command, "ticket_id", None) == 42


def test_an_answer_that_is_no_length_of_time_is_no_word_of_what_the_slot_is_for() -> None:
    answers = {"time": "tomorrow 14:00", "length": "forever", "words": "a shelf"}
    with pytest.raises(BadCommand, match="“forever” is no length of time"):
        parse(line_of(FORMS["book"], 42, answers))
    command = parse(line_of(FORMS["book"], 42, answers | {"length": "1h30"}))
    assert isinstance(command, Book) and (command.minutes, command.words) == (90, "a shelf")


def test_only_a_bare_verb_asks() -> None:
    assert form_of("resolve 42") == (FORMS["resolve"], 42)
    assert question_for("resolve 42") is None
    assert question_for("/Log #42") == (FORMS["log"], 42)
    assert form_of("log 42 50m") is None
    assert form_of("claim 42") is None
