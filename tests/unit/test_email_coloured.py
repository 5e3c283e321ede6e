"""Answers in another colour are the person's where the words above announce them, and nowhere else."""

from __future__ import annotations

import pytest

from bot.channels.email import coloured
from bot.channels.email.coloured import answers
from bot.channels.email.pieces import Piece
from tests.yardstick import rods

OLDER = "<p>Which room?</p><p><span style='color:{}'>Twelve.</span></p><p>Which device?</p><p>The HP?</p>"
HOSTILE = [
    "<span style='color:red'>",
    "<font color=red>a</font>",
    "<span style='color:red'>a</p>",
    "<span color ",
    "color:color:color:red<a>",
    "<p style='color:rgb(255,0,0)'>a<br></span>",
    "<span style=" + "'color" * 300 + ">",
    "\ue0c0",
]


@pytest.mark.parametrize(
    ("above", "colour", "expected"),
    [
        ("See my answers in red.", "red", "Twelve."),
        ("See my answers in red.", "#c00000", "Twelve."),
        ("See my answers in red.", "rgb(192, 0, 0)", "Twelve."),
        ("See my answers in red.", "#00F", ""),
        ("Meine Antworten in Blau unten.", "#0070C0", "Twelve."),
        ("Mes réponses en vert.", "#00B050", "Twelve."),
        ("Answers inline.", "#7030A0", "Twelve."),
        ("Answers inline.", "blue", ""),
        ("Answers in a different colour.", "blue", "Twelve."),
        ("See my answers in blue.", "#1F497D", ""),
        ("It works.", "red", ""),
        ("See my answers in red. Twelve. That is all.", "red", ""),
    ],
)
def test_answers_are_found_in_the_colour_that_is_named(above: str, colour: str, expected: str) -> None:
    assert answers(above, [Piece(html=OLDER.format(colour))]) == expected


def test_lines_that_follow_one_another_stay_together() -> None:
    html = "<p>Which?</p><font color=red>Twelve,<br>and ten.</font><p>Since when?</p><p style='color:red'>Friday.</p>"
    assert answers("In red below", [Piece(html=html)]) == "Twelve,\nand ten.\n\nFriday."


def test_links_are_in_no_colour_of_a_persons() -> None:
    html = "<p><a href='https://desk.example'><span style='color:inherit'>our page</span></a></p>"
    assert answers("My answers in blue", [Piece(html=f"<div style='color:blue'>{html}</div>")]) == ""


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_time_is_linear_in_the_page(piece: str) -> None:
    html = piece * (200_000 // len(piece)) + " color"
    assert len(html) <= coloured.HTML_LETTERS_MAX
    assert rods(lambda: answers("My answers in red", [Piece(html=html)]), 60) < 60
