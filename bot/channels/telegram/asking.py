"""Questions where Slack has forms: a button whose command lacks its words is answered with a question to reply to.

Nothing is remembered: the question's first line says what it asks, and Telegram hands our own message back with the
answer. No other message of ours begins with that mark, so that no words of a stranger can pass for a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.channels.telegram.content import Json, maybe
from bot.channels.telegram.envelope import is_by_the_bot
from bot.channels.telegram.markup import escape, shorten
from bot.commands.forms import FORMS, Form
from bot.notices.catalogues import LANGUAGES, translated
from bot.notices.texts import text_of

MARK = "✎"
PLACEHOLDER_UNITS_MAX = 64
_FIRST_LINE = re.compile(rf"{MARK} (?P<title>[^·\n]{{1,60}}) · #(?P<ticket>[0-9]{{1,12}})")


def question(form: Form, ticket_id: int, language: str = "") -> dict[str, Any]:
    """The question as fields of sendMessage, in the language of who is asked."""
    example = text_of(language, "answer example").format(usage=form.example)
    lines = [_first_line(form, ticket_id, language), "", *_asked(form, language), "", example]
    if not form.is_needed:
        lines.append(text_of(language, "form bare").format(example=f"/{form.verb} {ticket_id}"))
    text = "\n".join(lines)
    return {
        "text": escape(text),
        "parse_mode": "HTML",
        "reply_markup": {
            "force_reply": True,
            "selective": True,
            "input_field_placeholder": shorten(form.example, PLACEHOLDER_UNITS_MAX),
        },
    }


def _first_line(form: Form, ticket_id: int, language: str) -> str:
    return f"{MARK} {translated(language, form.title)} · #{ticket_id}"


def _asked(form: Form, language: str) -> Iterator[str]:
    yield text_of(language, "form answer this")
    for each in form.questions:
        choices = ", ".join(value for value, _ in each.choices)
        told = translated(language, each.hint) if each.hint else choices
        optional = "" if each.is_needed else f" {text_of(language, 'form optional')}"
        yield f"- {translated(language, each.label)}{optional}{f': {told}' if told else ''}"


@lru_cache(maxsize=1)
def _by_title() -> Mapping[str, Form]:
    """Every form by its title in every language; a test holds them apart."""
    return {translated(language, form.title): form for language in LANGUAGES for form in FORMS.values()}


def answered_question(answered: Json | None, bot_id: int, username: str = "") -> tuple[str, int] | None:
    """Verb and ticket of the question that a message answers; None where it answers none of ours."""
    if answered is None or not is_by_the_bot(answered, bot_id, username):
        return None
    first, _, _ = (maybe(answered, "text", str) or "").partition("\n")
    found = _FIRST_LINE.fullmatch(first.strip())
    form = _by_title().get(found["title"]) if found is not None else None
    return (form.verb, int(found["ticket"])) if form is not None and found is not None else None
