"""Cards, notices and answers as a person sees them, and Slack's limits for whatever is put into them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack import render
from bot.channels.slack.orders import BUTTON
from bot.messages import Action, Answer, CardView, Notice, Place
from tests.doubles.slack.blocks import faults, is_too_long
from tests.doubles.slack.picture import picture
from tests.unit.slack_ground import a_signer

PLACE = Place("slack", "T1:C1")
WORDS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=4_000)
ACTIONS = st.lists(
    st.builds(Action, st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=600), st.just("danger")),
    max_size=30,
).map(tuple)


def a_card(**more: object) -> CardView:
    values: dict[str, object] = {
        "ticket_id": 42,
        "version": 3,
        "title": "Ticket 42 · Printer is on fire",
        "fields": (
            ("Client", "Acme & Sons"),
            ("Priority", "P1: “on fire” within the hour"),
            ("Lead", "Lena (7)"),
            ("Respond by", "15:00 (your time)"),
        ),
        "status": "Offered to Lena alone: yours until 14:30 (your time)",
        "place": PLACE,
        "actions": (
            Action("Claim", "claim 42", "primary"),
            Action("Pass", "pass 42"),
            Action("Why", "why 42"),
            Action("Close", "close 42", "danger"),
        ),
    }
    return CardView(**(values | more))  # type: ignore[arg-type]


def test_a_card_reads_like_this() -> None:
    assert picture(render.card_page(a_card(), a_signer()).blocks) == (
        "*Ticket 42 · Printer is on fire*\n"
        "| *Client*: Acme &amp; Sons\n"
        "| *Priority*: P1: “on fire” within the hour\n"
        "| *Lead*: Lena (7)\n"
        "| *Respond by*: 15:00 (your time)\n"
        "~ Offered to Lena alone: yours until 14:30 (your time)\n"
        "[*Claim] [Pass] [Why] [!Close]"
    )


def test_a_notice_reads_like_this() -> None:
    notice = Notice(
        "offer",
        "Ticket 42: Printer",
        "P1, Acme.\nLog: https://logs.example/a?b=1&c=2.",
        (Action("Claim", "claim 42", "primary"),),
    )
    (page,) = render.notice_pages(notice, 42, a_signer())
    assert picture(page.blocks) == (
        "*Ticket 42: Printer*\nP1, Acme.\nLog: <https://logs.example/a?b=1&amp;c=2>.\n[*Claim]"
    )


def test_a_subject_that_begins_the_body_is_not_said_twice() -> None:
    (page,) = render.notice_pages(Notice("received", "Ticket 42", "Ticket 42 is received."), 42, a_signer())
    assert page.text == "Ticket 42 is received."


def test_a_stranger_rings_nobody_and_hides_no_address() -> None:
    hostile = "<!channel> <@U1> <https://evil.example|your bank> @here & https://evil.example/x|bank"
    pages = [
        *render.notice_pages(Notice("received", hostile, hostile), 42, a_signer()),
        *render.answer_pages(Answer(hostile), a_signer()),
        render.card_page(a_card(title=hostile, status=hostile, fields=((hostile, hostile),)), a_signer()),
    ]
    for page in pages:
        shown = page.text + picture(page.blocks)
        assert "<!" not in shown
        assert "<@" not in shown
        assert not any("|" in link.partition(">")[0] for link in shown.split("<http")[1:])
        texts = [block["text"] for block in page.blocks if "text" in block]
        # Else Slack would make a mention of "@here".
        assert all(text["verbatim"] for text in texts)


def test_a_button_carries_its_line_signed_and_a_name_of_its_own() -> None:
    blocks = render.card_page(a_card(actions=(Action("A", "why 42"), Action("B", "why 42"))), a_signer()).blocks
    buttons = blocks[-1]["elements"]
    assert [a_signer().verify(BUTTON, button["value"]) for button in buttons] == ["42 why 42", "42 why 42"]
    assert [button["action_id"] for button in buttons] == ["why:0", "why:1"]


def test_a_command_too_long_for_a_button_is_left_out() -> None:
    page = render.card_page(a_card(actions=(Action("Long", "reply 42 " + "x" * 2_000),)), a_signer())
    assert [block["type"] for block in page.blocks] == ["section", "section", "context"]


def test_a_short_answer_is_text_alone() -> None:
    (page,) = render.answer_pages(Answer("Ticket 42 is yours."), a_signer())
    assert render.ephemeral(page) == {
        "response_type": "ephemeral",
        "replace_original": False,
        "text": "Ticket 42 is yours.",
    }


@settings(deadline=None, max_examples=60)
@given(subject=WORDS, body=WORDS.map(lambda text: text * 12), actions=ACTIONS)
def test_every_notice_fits_slacks_limits(subject: str, body: str, actions: tuple[Action, ...]) -> None:
    for page in render.notice_pages(Notice("kind", subject, body, actions), 42, a_signer()):
        assert faults(list(page.blocks)) == []
        assert not is_too_long(list(page.blocks))
        assert 0 < len(page.text) <= 40_000


@settings(deadline=None, max_examples=60)
@given(title=WORDS, status=WORDS, fields=st.lists(st.tuples(WORDS, WORDS), max_size=30), actions=ACTIONS)
def test_every_card_fits_slacks_limits(
    title: str, status: str, fields: list[tuple[str, str]], actions: tuple[Action, ...]
) -> None:
    page = render.card_page(a_card(title=title, status=status, fields=tuple(fields), actions=actions), a_signer())
    assert faults(list(page.blocks)) == []
    assert not is_too_long(list(page.blocks))


def test_the_answer_to_a_command_has_no_title() -> None:
    (page,) = render.notice_pages(Notice("answer", "Answer", "Nothing is open.", ()), None, a_signer())
    assert page.text == "Nothing is open."
