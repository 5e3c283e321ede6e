"""Text, cards and keyboards as Telegram takes them."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.markup import (
    CALLBACK_BYTES_MAX,
    PURPOSE,
    TEXT_UNITS_MAX,
    card_text,
    escape,
    keyboard,
    notice_parts,
    shorten,
    split,
    units,
)
from bot.messages import TELEGRAM, Action, CardView, Notice, Place
from bot.tokens import Signer
from tests.doubles.telegram.rules import resolve
from tests.doubles.telegram.rules import units as units_of_the_service

SIGNER = Signer({"a": b"a key for tests"}, "a")


def a_notice(body: str, subject: str = "Ticket 42") -> Notice:
    return Notice("received", subject, body)


def shown(part: str) -> str:
    """What Telegram shows of a part, refused if Telegram would refuse it."""
    return resolve(part, "HTML", TEXT_UNITS_MAX, "too long")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("abc", 3),
        ("ä", 1),
        ("🔥", 2),  # outside the first plane: a pair
        ("👩‍💻", 5),  # woman 2 + joiner 1 + laptop 2
    ],
)
def test_lengths_count_in_utf_16_units(text: str, count: int) -> None:
    assert units(text) == count == units_of_the_service(text)


def test_a_short_notice_is_one_message_with_its_subject_in_bold() -> None:
    assert notice_parts(a_notice("We have it.")) == ["<b>Ticket 42</b>\n\nWe have it."]


def test_a_subject_that_the_body_repeats_is_said_once() -> None:
    assert notice_parts(a_notice("Ticket 42\nWe have it.")) == ["<b>Ticket 42</b>\n\nWe have it."]
    assert notice_parts(a_notice("Ticket 42")) == ["<b>Ticket 42</b>"]


def test_words_from_outside_cannot_format_or_link() -> None:
    body = 'Click <a href="tg://user?id=1">here</a> & <b>now</b> <script>'
    part = notice_parts(a_notice(body))[0]
    assert body in shown(part)
    assert "<a" not in part


def test_an_empty_notice_is_still_a_message() -> None:
    assert notice_parts(Notice("x", "", " \n")) == ["…"]


def test_long_text_is_cut_between_paragraphs() -> None:
    paragraph = "word " * 399 + "end"  # 1998 units
    parts = split("\n\n".join([paragraph] * 5))
    # Two of them and the blank line are 3998; a third would not fit.
    assert [len(part) for part in parts] == [3998, 3998, 1998]


def test_text_without_a_space_is_cut_anyway() -> None:
    assert [units(part) for part in split("🔥" * 3000)] == [4096, 1904]  # 3000 pairs are 6000 units


def test_escapes_count_as_they_are_sent() -> None:
    parts = split("<" * 3000)
    assert [len(part) for part in parts] == [1024, 1024, 952]  # "&lt;" is 4 units: 1024 fit into 4096


TEXTS = st.text(st.sampled_from("ab <>&\n🔥ä\"'"), max_size=300).map(lambda text: text * 40)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.text(max_size=400))
def test_every_part_is_taken_and_nothing_is_lost(body: str, subject: str) -> None:
    parts = notice_parts(a_notice(body, subject))
    whole = "".join(shown(part) for part in parts)
    assert "".join(body.split()) in "".join(whole.split())
    assert all(units(part) <= TEXT_UNITS_MAX for part in parts)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_escaped_text_shows_itself(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not {"<", ">"} & set(escape(text))


def test_shortening_never_splits_a_pair() -> None:
    assert shorten("🔥🔥🔥", 4) == "🔥…"  # 2 + 1 = 3; a second flame would make 5
    assert shorten("abc", 3) == "abc"


# ---------------------------------------------------------------- buttons


def labels(actions: list[Action]) -> list[list[str]]:
    markup = keyboard(actions, SIGNER)
    return [[button["text"] for button in row] for row in markup["inline_keyboard"]] if markup else []


def test_a_button_carries_its_signed_command() -> None:
    markup = keyboard([Action("Claim", "claim 42", "primary")], SIGNER)
    assert markup is not None
    button = markup["inline_keyboard"][0][0]
    assert SIGNER.verify(PURPOSE, button["callback_data"]) == "claim 42"
    assert button["style"] == "primary"


def test_rows_hold_three_short_buttons_or_as_many_as_fit() -> None:
    short = [Action(label, f"{label.lower()} 42") for label in ("Claim", "Pass", "Why", "Log")]
    assert labels(short) == [["Claim", "Pass", "Why"], ["Log"]]
    long = [Action("Yes, work on it now", "now 42"), Action("At the next opening", "later 42")]
    assert labels(long) == [["Yes, work on it now"], ["At the next opening"]]  # 19 + 19 > 30


@pytest.mark.parametrize(("length", "rows"), [(46, 1), (47, 0)])
def test_a_command_too_long_for_64_bytes_gives_no_button(length: int, rows: int) -> None:
    # 46 + "." + key id + 16 characters of signature = 64
    command = "reply 42 ".ljust(length, "x")
    assert len(labels([Action("Send", command)])) == rows
    assert len(SIGNER.sign(PURPOSE, "x" * 46).encode()) == CALLBACK_BYTES_MAX


def test_no_actions_make_no_keyboard() -> None:
    assert keyboard([], SIGNER) is None


# ---------------------------------------------------------------- cards


def a_card(**changes: object) -> CardView:
    fields = (("Client", "Acme <Ltd>"), ("Priority", "P1: the shop is down"))
    values = {"ticket_id": 42, "version": 3, "title": "42 · The shop is down", "fields": fields, "status": "held"}
    return CardView(**{**values, "place": Place(TELEGRAM, "-100"), **changes})  # type: ignore[arg-type]


def test_a_card_reads_like_this() -> None:
    assert shown(card_text(a_card())).splitlines() == [
        "42 · The shop is down",
        "Client: Acme <Ltd>",
        "Priority: P1: the shop is down",
        "held",
    ]


def test_a_card_that_is_too_long_keeps_its_title_and_status() -> None:
    lines = shown(card_text(a_card(fields=tuple((f"Field {i}", "&" * 400) for i in range(50))))).splitlines()
    assert lines[0] == "42 · The shop is down"
    assert lines[-1] == "held"


def test_the_answer_to_a_command_has_no_title() -> None:
    assert notice_parts(Notice("answer", "Answer", "Nothing is open.", ())) == ["Nothing is open."]
    assert notice_parts(Notice("answer", "[#2]", "", ())) == ["[#2]"]
    assert notice_parts(Notice("claimed", "[#2] Printer", "Ann has it.", ())) == ["<b>[#2] Printer</b>\n\nAnn has it."]
