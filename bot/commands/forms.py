"""What is asked for where a button or a bare verb leaves something open: a form in Slack, a question in Telegram.

A form ends in a command line like any other: it adds no way of doing something, only a way of writing it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.plain import many_lines, one_line

Choices = tuple[tuple[str, str], ...]
_BARE = re.compile(r"(?P<verb>[a-z]+) #?(?P<ticket>[0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Question:
    """One field. mark: written before what was typed, where the grammar asks for it. choices: value and label."""

    name: str
    label: str
    hint: str = ""
    is_needed: bool = True
    is_long: bool = False
    mark: str = ""
    choices: Choices = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one verb, in the order in which the line names their answers."""

    verb: str
    title: str
    submit: str
    questions: tuple[Question, ...]
    example: str

    @property
    def is_needed(self) -> bool:
        """Is the bare verb no command yet?"""
        return any(question.is_needed for question in self.questions)


_KINDS: Choices = (
    ("remote", "Remote, agreed beforehand"),
    ("consultation", "Consultation"),
    ("remote-unscheduled", "Remote, unscheduled"),
    ("bench", "Bench work"),
    ("onsite", "On site"),
    ("travel", "Travel"),
    ("planned-coding", "Planned coding"),
    ("production-coding", "Coding in production"),
    ("check", "Maintenance check"),
)
_WISHES: Choices = (("asked", "The client asked for it then"), ("own", "My own choice"))
_PRIORITIES: Choices = (("P1", "P1 urgent"), ("P2", "P2 high"), ("P3", "P3 medium"), ("P4", "P4 low"))
_KIND = Question("kind", "Kind of work", is_needed=False, choices=_KINDS)
_WISH = Question("wish", "If it was in closed time", is_needed=False, choices=_WISHES)
_TIME_HINT = "50m, 1h30 or 17:20-18:10"

FORMS: Mapping[str, Form] = {
    form.verb: form
    for form in (
        Form(
            "log",
            "Log time",
            "Log",
            (
                Question("time", "How long, or from when to when", _TIME_HINT),
                _KIND,
                _WISH,
                Question("note", "What was done", is_needed=False, mark="--"),
            ),
            "50m travel",
        ),
        Form(
            "reply",
            "Reply",
            "Send",
            (Question("text", "To the person who asked", is_long=True),),
            "We are on our way.",
        ),
        Form("note", "Note", "Keep", (Question("text", "For the desk alone", is_long=True),), "The key is with Jo."),
        Form(
            "resolve",
            "Resolve",
            "Resolve",
            (
                Question("time", "Time to log with it", _TIME_HINT, is_needed=False),
                _KIND,
                _WISH,
                Question("note", "What was done; the client reads it", is_needed=False, mark="--"),
            ),
            "50m new rollers",
        ),
        # Empty, it agrees to the time that was asked for: the bare verb is a command too.
        Form(
            "book",
            "Book",
            "Book",
            (
                Question("time", "When; empty: the time they asked for", "tomorrow 14:00", is_needed=False),
                Question("length", "How long", "90m", is_needed=False, mark="lasting"),
                _KIND,
                Question("words", "What for", is_needed=False, mark="--"),
            ),
            "tomorrow 14:00 90m onsite",
        ),
        Form(
            "priority",
            "Priority",
            "Change",
            (
                Question("priority", "How fast we answer from now on", choices=_PRIORITIES),
                Question("reason", "Why; the client reads it", is_needed=False, mark="--"),
            ),
            "P2 -- printing is down",
        ),
    )
}


def form_of(line: str) -> tuple[Form, int] | None:
    """The form of a line that is a verb and a ticket's number and nothing else; None for every other line."""
    found = _BARE.fullmatch(one_line(line, 60).lower().removeprefix("/"))
    form = FORMS.get(found["verb"]) if found is not None else None
    return (form, int(found["ticket"])) if form is not None and found is not None else None


def question_for(line: str) -> tuple[Form, int] | None:
    """As `form_of`, for a line that is no command without an answer."""
    found = form_of(line)
    return found if found is not None and found[0].is_needed else None


def line_of(form: Form, ticket_id: int, answers: Mapping[str, str]) -> str:
    """The command line that the answers make. What is a choice was chosen, whatever was sent."""
    words = [form.verb, str(ticket_id)]
    for question in form.questions:
        answer = _read(question, answers.get(question.name, ""))
        if answer:
            words += [question.mark, answer] if question.mark else [answer]
    return " ".join(words)


def _read(question: Question, answer: str) -> str:
    if question.choices:
        return answer if answer in _values(question.choices) else ""
    return many_lines(answer) if question.is_long else one_line(answer, 1_000)


def _values(choices: Choices) -> Sequence[str]:
    return [value for value, _ in choices]
