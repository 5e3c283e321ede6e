"""Answers behind the sender's own name in brackets: whose count, and what they cost."""

from __future__ import annotations

import time

import pytest

from bot.channels.email.initialled import answers

WHOLE = "See inline.\n\nFrom: Desk\n\nWhich one?\n[Ann] Floor 2.\n[Tom] Floor 3.\n[AC:] Since Monday.\n"


@pytest.mark.parametrize(
    ("written", "author", "found"),
    [
        ("See inline.", "Ann Client", "[Ann] Floor 2.\n[AC:] Since Monday."),
        ("See inline.", "Tom Becker", "[Tom] Floor 3."),
        ("See inline.", "", ""),
        ("Floor 2.", "Ann Client", ""),
    ],
)
def test_the_senders_own_count_where_they_are_announced(written: str, author: str, found: str) -> None:
    assert answers(written, WHOLE, author) == found


@pytest.mark.parametrize("piece", ["[", "[Ann", "[Ann] ", "[Ann] x\n", "> [", "[[a a a]\n", " \t"])
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        found = []
        for _ in range(3):
            start = time.process_time()
            answers("see inline", text, "Ann Client")
            found.append(time.process_time() - start)
        return min(found)

    assert seconds(400_000) <= 16 * seconds(50_000) + 0.05
