"""HTML to lines: what is shown, what is skipped, and the time that hostile markup takes."""

from __future__ import annotations

import pytest

from bot.channels.email import structure
from bot.channels.email.markup import join, lines
from tests.yardstick import rods


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<b>o</b>n<i>e</i>  two\n three", "one two three"),
        ("<ul><li>one<li>two</ul>", "* one\n* two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d"),
        ("<style>x{}</style><script>y</script><title>z</title>text", "text"),
        ("<!-- <p>no</p> -->text<!DOCTYPE x><?xml y?>", "text"),
        ("<!--[if mso]><p>no</p><![endif]-->text", "text"),
        ('<a title="a > b">link</a>', "link"),
        ('<a title="a < b">link</a>', "link"),
        ("2 < 3 and 4 <5", "2 < 3 and 4 <5"),
        ("<div style='display:none'>preheader</div>text", "text"),
        ("text<unknown>more", "textmore"),
        ("unclosed <b", "unclosed <b"),
        ("<style>never closed", ""),
        ("<title>never closed, text", "never closed, text"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_sees_it(html: str, text: str) -> None:
    assert join(lines(html)) == text


def test_marks_end_with_their_elements() -> None:
    quotes = "<blockquote type=cite>q<blockquote cite=x>qq</blockquote></blockquote>"
    html = f'<div class="gmail_attr">A wrote:</div>{quotes}own'
    found = [(line.text, line.depth, line.mark) for line in lines(html) if line.text]
    assert found == [("A wrote:", 0, structure.ATTRIBUTION), ("q", 1, ""), ("qq", 2, ""), ("own", 0, "")]


def test_history_begins_and_never_ends() -> None:
    marks = [line.mark for line in lines('<div>own</div><div><div id="divRplyFwdMsg">From</div></div>old') if line.mark]
    assert marks == [structure.HISTORY]


HOSTILE = [
    "<div>", "</div>", "<a", '<a "', "<", "<!--", "<![", "<style>", "<title>", "<svg>", "<object>", "<div><span>",
    "&lt", "&#", "<a b=<", '<a x=" >', "<a =<", "<div " + "a=b " * 50, "<div " + "x" * 300 + ">", "<pre>\n",
    "<td>", "<li>", "<div class='a b c' style='border:none;border-top:solid'>",
]  # fmt: skip


# Two seconds: of quadratic work there would be many.
RODS_MAX = 120


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_markup_is_read_in_time(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + ">"
    assert rods(lambda: lines(text), RODS_MAX) < RODS_MAX
