"""Every card, form and question as Slack and Telegram show it, drawn in characters that a person can read.

Written by `python -m tests.unit.test_chat_pictures` into snapshots/slack.txt and telegram.txt and, for what chats
say by themselves in the other languages, snapshots/labels.LANGUAGE.txt; read what changed before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.channels.slack.forms import form_view, text_view
from bot.channels.slack.home import PARTS, home_view
from bot.channels.slack.render import answer_pages, card_page, notice_pages
from bot.channels.telegram.asking import answered_question, question
from bot.channels.telegram.compose import compose, compose_card
from bot.channels.telegram.markup import CALLBACK_BYTES_MAX, plain
from bot.commands.forms import FORMS
from bot.messages import Action, Answer, Handle, Order, Outgoing, Place
from bot.notices.catalogues import ENGLISH, LANGUAGES
from bot.tokens import Signer
from tests.doubles.slack.blocks import faults
from tests.doubles.slack.picture import modal, picture
from tests.unit.test_notices import CARDS, NOTICES

FOLDER = Path(__file__).parent / "snapshots"
SIGNER = Signer({"a": b"a key of at least thirty-two bytes"}, "a")
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
PRESSED = Order("slack", "k", Handle("slack", "T1:U1"), "log 42", NOW, Place("slack", "T1:C1", "1.1"))
SHOWN = ("offered", "price_told", "credit_ran_out", "resolved", "received", "dispute_opened", "appointment_wished")
ANSWERS = {
    "whoami": "You are Jo Diaz, consultant, member C-3. Times are shown in America/New_York.",
    "mine": "#42 P2 ACME (yours until 14:30 EST): Printer is down",
    "accounts": "ACME Acme Ltd: 1 open, hold 2 hours, 3.25 h left at P4",
    "settings": "Language: English (`language`)\nChannels, first one first: slack, email (`channels`)\n"
    "Quiet hours: none (`quiet`)",
}
CONTACTS_ANSWERS = {
    "whoami": "You are Anna Kim, owner at Acme Ltd. Times are shown in America/New_York.",
    "status": "#42 P2 ACME (held, due 14:30 EST): Printer is down\n#40 P4 ACME (Jo Diaz): New opening hours",
    "balance": "Acme Ltd: 3.25 h at P4 left, 1 h of it until 2026-12-01; $40.00 due",
    "settings": ANSWERS["settings"],
}
SHOW = "Ticket 42: Printer is down\nP2, held, opened 10:00 EST\nheld for Jo Diaz until 12:00 EST"


def few() -> Iterator[tuple[str, Any]]:
    """One of each kind of notice that carries buttons or is read most."""
    seen: set[str] = set()
    for name, notice in NOTICES:
        if notice.kind in SHOWN and notice.kind not in seen:
            seen.add(notice.kind)
            yield name, notice


def on_slack() -> str:
    parts = [("card: " + name, picture(card_page(card, SIGNER).blocks)) for name, card in CARDS]
    for name, notice in few():
        pages = notice_pages(notice, 42, SIGNER)
        parts.append(("notice: " + name, "\n".join(picture(page.blocks) for page in pages)))
    parts += [("form: " + verb, modal(form_view(form, PRESSED, 42, SIGNER))) for verb, form in sorted(FORMS.items())]
    answers = [(title, Answer(ANSWERS.get(line, "no"), is_ok=line in ANSWERS)) for title, line in PARTS]
    parts.append(("home tab of a consultant", picture(home_view(answers, SIGNER)["blocks"])))
    asked = CONTACTS_ANSWERS
    answers = [(title, Answer(asked.get(line, "no"), is_ok=line in asked)) for title, line in PARTS]
    parts.append(("home tab of a contact", picture(home_view(answers, SIGNER)["blocks"])))
    shown = answer_pages(Answer(SHOW, ticket_id=42, actions=(Action("Claim", "claim 42", "primary"),)), SIGNER)
    parts.append(("a ticket below a link to it, and the answer to `show`", picture(shown[0].blocks)))
    parts.append(("that answer in a form of its own, where it has no other place", modal(text_view("Holdline", shown))))
    return drawn(parts)


def on_telegram() -> str:
    parts = [("card: " + name, message(compose_card(card, SIGNER))) for name, card in CARDS]
    for name, notice in few():
        outgoing = Outgoing(1, "k", Handle("telegram", "7"), notice, ticket_id=42, role="owner")
        parts.append(("notice: " + name, "\n".join(message(part) for part in compose(outgoing, SIGNER))))
    for verb, form in sorted(FORMS.items()):
        asked = question(form, 42)
        hint = asked["reply_markup"]["input_field_placeholder"]
        parts.append(("question: " + verb, f"{plain(asked['text'])}\n(answer: {hint})"))
    return drawn(parts)


def message(part: Any) -> str:
    """The text with its marks of bold and italic, and the keyboard row by row."""
    text = part.text.replace("<b>", "*").replace("</b>", "*").replace("<i>", "_").replace("</i>", "_")
    keyboard = part.keyboard or {}
    rows = keyboard.get("inline_keyboard") or keyboard.get("keyboard") or []
    drawn_rows = [" ".join(f"[{'*' if button.get('style') else ''}{button['text']}]" for button in row) for row in rows]
    return "\n".join([plain(text), *drawn_rows])


def drawn(parts: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"═══ {name}\n{text}" for name, text in parts) + "\n"


def labels(language: str) -> str:
    """What chats say by themselves, in another language: the home tab, every form, every question."""
    answers = [(title, Answer(ANSWERS.get(line, "no"), is_ok=line in ANSWERS)) for title, line in PARTS]
    tab = home_view(answers, SIGNER, language)
    parts = [("home tab of a consultant", picture(tab["blocks"]))]
    for verb, form in sorted(FORMS.items()):
        parts.append(("form: " + verb, modal(form_view(form, PRESSED, 42, SIGNER, language=language))))
        parts.append(("question: " + verb, plain(question(form, 42, language)["text"])))
    return drawn(parts)


OTHERS = [language for language in LANGUAGES if language != ENGLISH]
PICTURES: dict[str, Callable[[], str]] = {
    "slack": on_slack,
    "telegram": on_telegram,
    **{f"labels.{language}": partial(labels, language) for language in OTHERS},
}


@pytest.mark.parametrize("channel", PICTURES)
def test_what_is_shown_looks_as_it_was_agreed(channel: str) -> None:
    assert PICTURES[channel]() == (FOLDER / f"{channel}.txt").read_text(encoding="utf-8")


def test_slack_takes_every_card_notice_and_form() -> None:
    for _, card in CARDS:
        assert list(faults(list(card_page(card, SIGNER).blocks))) == []
    for _, notice in NOTICES:
        for page in notice_pages(notice, 42, SIGNER):
            assert list(faults(list(page.blocks))) == []
    for form in FORMS.values():
        assert list(faults(form_view(form, PRESSED, 42, SIGNER)["blocks"], blocks_max=100)) == []


def test_telegram_takes_every_button_of_every_card_and_notice() -> None:
    """A command that is too long for a button would lose it silently."""
    lost = []
    for name, card in CARDS:
        buttons = [b for row in (compose_card(card, SIGNER).keyboard or {}).get("inline_keyboard", []) for b in row]
        assert all(len(button["callback_data"].encode()) <= CALLBACK_BYTES_MAX for button in buttons)
        lost += [name] * (len(buttons) != len(card.actions))
    for name, notice in NOTICES:
        (*_, last) = compose(Outgoing(1, "k", Handle("telegram", "7"), notice, ticket_id=42), SIGNER)
        count = sum(map(len, (last.keyboard or {}).get("inline_keyboard", [])))
        lost += [name] * (count != len(notice.actions))
    assert lost == []


def test_no_text_of_ours_rings_a_whole_channel() -> None:
    assert not re.search(r"<!(?:channel|here|everyone)", on_slack())


@pytest.mark.parametrize("language", OTHERS)
def test_slack_takes_the_labels_of_every_language(language: str) -> None:
    for form in FORMS.values():
        view = form_view(form, PRESSED, 123_456, SIGNER, language=language)
        assert list(faults(view["blocks"], blocks_max=100)) == []
        assert len(view["title"]["text"]) <= 24 and view["title"]["text"].endswith(" · #123456")
        assert len(view["submit"]["text"]) <= 24 and len(view["close"]["text"]) <= 24
    answers = [(title, Answer(ANSWERS[line])) for title, line in PARTS if line in ANSWERS]
    assert list(faults(home_view(answers, SIGNER, language)["blocks"], blocks_max=100)) == []


def test_every_question_is_known_again_in_every_language() -> None:
    """Telegram hands our own words back: no title may mean two forms."""
    for language in LANGUAGES:
        for verb, form in FORMS.items():
            asked = {"from": {"id": 7, "is_bot": True}, "text": plain(question(form, 42, language)["text"])}
            assert answered_question(asked, 7) == (verb, 42)


if __name__ == "__main__":
    for each, draw in PICTURES.items():
        (FOLDER / f"{each}.txt").write_text(draw(), encoding="utf-8")
