"""What asks for nothing, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.triage.pleasantries import asks_nothing, is_thanks


@pytest.mark.parametrize(
    "text",
    ["Thanks!", "thank you so much", "Thx 👍", "Vielen Dank für die schnelle Hilfe!", "Merci beaucoup",
     "¡Muchas gracias!", "Muito obrigada!", "Ok, thanks", "Super, danke!", "👍", "🙏🙏"],
)  # fmt: skip
def test_thanks_are_thanks(text: str) -> None:
    assert is_thanks(text) and asks_nothing(text)


@pytest.mark.parametrize(
    "text", ["Hi all", "Good morning everybody", "Guten Morgen zusammen", "Bonjour à tous", "Buenos días", "Bom dia!",
             "[sticker 🎉]", "[dice 🎲 3]", "😀", "ok"],
)  # fmt: skip
def test_greetings_ask_nothing_and_thank_nobody(text: str) -> None:
    assert asks_nothing(text)
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "text",
    ["Thanks, but it is still broken", "Thank you?", "Thanks, nothing works", "No thanks, take it away", "Printer",
     "?", "!!!", "", "911", "[voice message, 0:07]", "[photo]", "[location 1.0, 2.0]", "Danke, der Drucker geht nicht",
     "Gracias, no funciona", "Hi, help", "thanks " * 20, "Thanks\nThe server is down"],
)  # fmt: skip
def test_whatever_else_is_said_counts(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "text", ["?", "!!!", "", "Printer", "911", "[voice message, 0:07]", "Hi, printer!", "Help", "again"]
)
def test_what_may_ask_is_heard(text: str) -> None:
    assert not asks_nothing(text)


def test_whoever_helped_may_be_named() -> None:
    assert not is_thanks("Thanks Tom!")
    assert is_thanks("Thanks Tom!", ["Tom Becker"])
    assert is_thanks("Danke, Tómas", ["Tómas Müller"])
    assert not is_thanks("Tom?", ["Tom Becker"])
    assert not is_thanks("Tom", ["Tom Becker"])
