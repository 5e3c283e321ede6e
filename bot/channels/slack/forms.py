"""Forms as Slack's modals, both ways: a verb that leaves something open → a view; its submission → an order. Pure.

What the view is about is signed into it: Slack proves who sends it, the signature that the desk wrote it. A refusal
is shown in the form, which stays open; an answer takes the form's place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.slack.mrkdwn import escaped, split
from bot.channels.slack.orders import occasion_of
from bot.channels.slack.payloads import Given, Payload, Refused, Translation, digest, part, storable, string
from bot.channels.slack.render import SECTION_LENGTH_MAX, Page
from bot.commands.forms import FORMS, Form, Question, form_of, line_of, question_for
from bot.messages import SLACK, Answer, Handle, Order, Place
from bot.notices.catalogues import translated
from bot.notices.texts import text_of
from bot.tokens import Signer

CALLBACK = "holdline_form"
PURPOSE = "slack-form"
STALE_FORM = "This form is no longer valid. Write the command instead, for example /ticket queue."
TITLE_LENGTH_MAX, ERROR_LENGTH_MAX, TEXT_LENGTH_MAX, BLOCKS_MAX = 24, 2_000, 3_000, 100
View = dict[str, Any]


def form_view(form: Form, order: Order, ticket_id: int, signer: Signer, *, language: str = "") -> View:
    """The modal of a form, about a ticket, opened where `order` was given, in the language of who opened it."""
    about = json.dumps([form.verb, ticket_id, order.place.conversation, order.place.thread])
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": signer.sign(PURPOSE, about),
        "title": _plain(_about(translated(language, form.title), f" · #{ticket_id}")),
        "submit": _plain(translated(language, form.submit)),
        "close": _plain(text_of(language, "form close")),
        "blocks": [_input(question, language) for question in form.questions],
    }


def text_view(title: str, pages: list[Page], language: str = "") -> View:
    """An answer in a modal of its own, for a press that has no other place to be answered in."""
    blocks = [block for page in pages for block in page.blocks][:BLOCKS_MAX]
    return {
        "type": "modal",
        "title": _plain(title[:TITLE_LENGTH_MAX]),
        "close": _plain(text_of(language, "form close")),
        "blocks": blocks,
    }


def submission(payload: Payload, signer: Signer, now: datetime) -> Translation:
    """A form that was sent: the line that its answers make. Raises Unreadable."""
    view = part(payload, "view", is_needed=True)
    about = signer.verify(PURPOSE, string(view, "private_metadata"))
    if string(view, "callback_id") != CALLBACK or about is None:
        return Refused(STALE_FORM, "", is_form=True)
    verb, ticket_id, conversation, thread = json.loads(about)
    form, person = FORMS[verb], part(payload, "user", is_needed=True)
    answers = {question.name: _answer(view, question) for question in form.questions}
    line = line_of(form, ticket_id, answers)
    user_id = string(person, "id", is_needed=True)
    team = string(person, "team_id") or string(part(payload, "team"), "id", is_needed=True)
    # Each sending has a trigger of its own; a repeat by Slack has the same one.
    occasion = occasion_of({"action_ts": string(view, "hash"), **payload}, now)
    order = Order(
        channel=SLACK,
        key=digest("form", occasion, string(view, "id"), team, user_id, line),
        sender=Handle(SLACK, f"{team}:{user_id}", string(person, "username") or string(person, "name")),
        text=line,
        given_at=now,
        place=Place(SLACK, conversation, thread),
        ticket_id=ticket_id,
    )
    return Given(order, "", form=form)


def form_for(given: Given) -> tuple[Form, int] | None:
    """The form to open instead of obeying: of a button's bare verb, or of a typed line that lacks its words."""
    if given.form is not None or not given.trigger_id:
        return None
    return form_of(given.order.text) if given.is_button else question_for(given.order.text)


def answer_in(form: Form, answer: Answer, language: str = "") -> Mapping[str, Any]:
    """The acknowledgement of a form that was sent: why not, in the form; or what was done, in its place."""
    if not answer.is_ok:
        return refusal(form, answer.text, language)
    words = escaped(answer.text.strip()) or text_of(language, "form done")
    return replaced(translated(language, form.title), words, language)


def refusal(form: Form | None, text: str, language: str = "") -> Mapping[str, Any]:
    """The acknowledgement that keeps the form open and says why; how the command is typed helps nobody there."""
    if form is None:
        return replaced(text_of(language, "form invalid"), text, language)
    typed = tuple(text_of(language, key).partition("{")[0] for key in ("answer usage", "answer example"))
    told = "\n".join(line for line in text.split("\n") if not line.startswith(typed)) or text
    return {"response_action": "errors", "errors": {form.questions[0].name: told[:ERROR_LENGTH_MAX]}}


def replaced(title: str, words: str, language: str = "") -> Mapping[str, Any]:
    """The acknowledgement that puts words in the form's place. words: escaped, as mrkdwn takes them."""
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}}
        for piece in split(words, SECTION_LENGTH_MAX)
    ]
    close = _plain(text_of(language, "form close"))
    view = {"type": "modal", "title": _plain(title[:TITLE_LENGTH_MAX]), "close": close}
    return {"response_action": "update", "view": {**view, "blocks": sections[:BLOCKS_MAX]}}


def _about(title: str, ticket: str) -> str:
    """A title with its ticket's number, which is not cut."""
    return title[: TITLE_LENGTH_MAX - len(ticket)] + ticket


def _input(question: Question, language: str) -> View:
    return {
        "type": "input",
        "block_id": question.name,
        "optional": not question.is_needed,
        "label": _plain(translated(language, question.label)),
        "element": _choice(question, language) if question.choices else _text(question, language),
    }


def _text(question: Question, language: str) -> View:
    element: View = {"type": "plain_text_input", "action_id": "answer", "multiline": question.is_long}
    element["max_length"] = TEXT_LENGTH_MAX
    if question.hint:
        element["placeholder"] = _plain(translated(language, question.hint))
    return element


def _choice(question: Question, language: str) -> View:
    options = [{"text": _plain(translated(language, label)), "value": value} for value, label in question.choices]
    return {"type": "static_select", "action_id": "answer", "options": options}


def _answer(view: Payload, question: Question) -> str:
    given = part(part(part(part(view, "state"), "values"), question.name), "answer")
    if question.choices:
        return string(part(given, "selected_option"), "value")
    return storable(string(given, "value"))


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}
