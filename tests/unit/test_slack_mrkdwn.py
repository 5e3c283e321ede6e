"""Slack's markup: readable on the way in, harmless on the way out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.mrkdwn import cut, escaped, readable, split
from tests.yardstick import rods


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("hello", "hello"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U123|ann> and <@U456>", "@ann and @U456"),
        ("<#C123|general>", "#general"),
        ("<!here> <!subteam^S1|@ops> <!channel|channel>", "@here @ops @channel"),
        ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
        ("<http://a.example>", "http://a.example"),
        ("<http://a.example|a.example>", "http://a.example"),
        ("<https://a.example/x|the page>", "the page (https://a.example/x)"),
        ("<mailto:ann@a.example|ann@a.example>", "ann@a.example"),
        ("<mailto:ann@a.example|write me>", "write me (ann@a.example)"),
        ("<tel:+15551234|+1 555 1234>", "+1 555 1234 (+15551234)"),
        ("<unknown>", "unknown"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_it_reads_as_a_person_would(sent: str, read: str) -> None:
    assert readable(sent) == read


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("<!channel> & <b>", "&lt;!channel&gt; &amp; &lt;b&gt;"),
        ("see https://a.example/x?a=1&b=2.", "see <https://a.example/x?a=1&amp;b=2>."),
        ("(https://a.example)", "(<https://a.example>)"),
        ("https://a.example|click", "<https://a.example>|click"),
        ("https://", "https://"),
        ("https://" + "a" * 2_000, "https://" + "a" * 2_000),
    ],
)
def test_it_leaves_as_words_and_bare_links(text: str, sent: str) -> None:
    assert escaped(text) == sent


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00")))
def test_what_was_escaped_reads_as_it_was_meant(text: str) -> None:
    assert readable(escaped(text)) == text


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["word ", "line\n", "&", "<", "https://a.example/abc ", "x" * 40, "  "])).map("".join),
    st.integers(30, 90),
)
def test_pieces_lose_nothing_but_white_space_and_break_no_entity(text: str, length_max: int) -> None:
    pieces = list(split(escaped(text), length_max))
    assert all(0 < len(piece) <= length_max for piece in pieces)
    assert re.sub(r"\s", "", "".join(readable(piece) for piece in pieces)) == re.sub(r"\s", "", text)
    assert all(piece.count("<") == piece.count(">") for piece in pieces)


@pytest.mark.parametrize(
    ("text", "length_max", "short"),
    [
        ("abc", 3, "abc"),
        ("abcdef", 4, "abc…"),
        ("a&b", 6, "a…"),
        ("", 5, ""),
        ("see https://a.example/x", 12, "see https:/…"),
    ],
)
def test_a_cut_text_ends_with_an_ellipsis(text: str, length_max: int, short: str) -> None:
    assert cut(text, length_max) == short


@pytest.mark.parametrize("unit", ["<", "<@", "&", "https://", "<http://a|", "&lt;", "<!date^"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    assert rods(lambda: (readable(text), list(split(escaped(text), 3_000))), 120) < 120
