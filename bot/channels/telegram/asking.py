"""Questions where Slack has forms: a button whose command lacks its words is answered with a question to reply to.

Nothing is remembered: the question's first line says what it asks, and Telegram hands our own message back with the
answer. No other message of ours begins with that mark, so that no words of a stranger can pass for a question.
"""

from __future__ import annotations

import re
from typing import Any

from bot.channels.telegram.content import Json, maybe
from bot.channels.telegram.envelope import is_by_the_bot
from bot.channels.telegram.markup import escape, shorten
from bot.commands.forms import FORMS, Form

MARK = "✎"
PLACEHOLDER_UNITS_MAX = 64
_FIRST_LINE = re.compile(rf"{MARK} (?P<title>[A-Za-z ]{{1,40}}) · #(?P<ticket>[0-9]{{1,12}})")
_BY_TITLE = {form.title: form for form in FORMS.values()}


def question(form: Form, ticket_id: int) -> dict[str, Any]:
    """The question as fields of sendMessage."""
    asked = "\n".join(_asked(form))
    text = f"{MARK} {form.title} · #{ticket_id}\n\n{asked}\n\nFor example: {form.example}"
    return {
        "text": escape(text),
        "parse_mode": "HTML",
        "reply_markup": {
            "force_reply": True,
            "selective": True,
            "input_field_placeholder": shorten(form.example, PLACEHOLDER_UNITS_MAX),
        },
    }


def _asked(form: Form) -> list[str]:
    lines = ["Answer this message:"]
    for each in form.questions:
        choices = ", ".join(value for value, _ in each.choices)
        told = each.hint or choices
        optional = "" if each.is_needed else " (if you like)"
        lines.append(f"- {each.label}{optional}{f': {told}' if told else ''}")
    return lines


def answered_question(answered: Json | None, bot_id: int, username: str = "") -> tuple[str, int] | None:
    """Verb and ticket of the question that a message answers; None where it answers none of ours."""
    if answered is None or not is_by_the_bot(answered, bot_id, username):
        return None
    first, _, _ = (maybe(answered, "text", str) or "").partition("\n")
    found = _FIRST_LINE.fullmatch(first.strip())
    form = _BY_TITLE.get(found["title"]) if found is not None else None
    return (form.verb, int(found["ticket"])) if form is not None and found is not None else None
