"""What the person wrote. The styles of real clients are in tests/data/mail; here are the borders, and the time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email.reply import written, written_from_html
from tests.yardstick import rods

ATTRIBUTION = "On Mon, Jan 1, 2024 at 10:00 AM Ann Client <ann@client.example> wrote:"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Yes.\n\n{ATTRIBUTION}\n\n> old", "Yes."),
        (f"Yes.\n{ATTRIBUTION}\n> old\nNo.\n> older\nMaybe.", "Yes.\n\nNo.\n\nMaybe."),
        ("Yes.\n\nOn Mon, Jan 1, 2024 at 10:00 AM, Ann Client <\nann@client.example> wrote:\n\n> old", "Yes."),
        ("Yes.\n\nOn Tue, Apr 29, 2014 at 4:22 PM, Ann <ann@x.example>wrote:\n\n> old", "Yes."),
        ("Yes.\n\nOn 11-Apr-2011, at 6:54 PM, Ann <ann@x.example> sent:\n\n> old", "Yes."),
        ("Yes.\n\nBob wrote on 5/5/2024 10:00:\nold", "Yes."),
        ("Yes.\n\nCitizen said:\n> old", "Yes."),
        ("Yes.\n\nyou wrote:\n> old", "Yes."),
        ("Yes.\n\n------On 12/29/1987 17:32 PM, Julius Caesar wrote-----\n\nold", "Yes."),
        (">>>>> On Fri, 1 Jan 2010, Foo <f@x> said:\n\n    Foo> old\n\nyes", "yes"),
        ("In article <1@x>, foo@x.example (Foo) writes:\n|> old\n\nyes", "yes"),
        ("Foo (foo@x.example) wrote:\n: old\n: older\n\nyes", "yes"),
        (
            "I agree.\n\nJohn Smith\n10/22/2000 08:48 AM\nTo: Jane Doe/HOU/ECT@ECT\ncc:\nSubject: Re: foo\n\nold",
            "I agree.",
        ),
        ("Blah\n\nDate: Wed, 16 May 2012 00:15:02 -0600\nTo: ann@client.example\n\nold", "Blah"),
        (f"Yes.\n\n{ATTRIBUTION}\n> old\n\nThis email is confidential. If received in error, delete it.", "Yes."),
    ],
)
def test_older_mail_is_left_out(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On 5 May 2024 Bob wrote that the following things are broken:\n\n- a\n- b",
        "On 5 May 2024 we sent the following list:\n\n- a\n- b",
        "On your remote host you can run:\n\n    telnet 127.0.0.1 52698",
        "We travel:\n\nFrom: London\nTo: Paris\n\nPlease book.",
        "Invitation:\n\nDate: Wednesday 3, October 2011\nTime: 7:00am\nAddress: 130 Fox St\n\nBring your ID.",
        "Visit us...\n>>> >>>  http://www.domain.example <<<\nVisit our site by clicking the link above",
        "Here is another email\n\nSent from my desk, is much easier then my mobile phone.",
        "Cheers, that works perfectly for me now",
        "Please fix it.\n\nThis email is confidential: Bob will be dismissed; please lock his account at 5pm.",
        "Hi\n\nWarning: low toner\n\nWhat now?",
        "I have a question:\n\nTo unsubscribe from the newsletter I clicked the link but nothing happened. Why?",
        "I saw this:\n\nBest Option\nThe web server is down",
        "I use Outlook for iOS\n\nand it crashes",
        "Text\n\n---\n\n## Heading\n\nmore",
        "Please bring:\n\n- toner\n- a bucket\n- Ann",
        "diff:\n\n--\n+++ b/file\n+x",
        "Can you come?\n\nThanks,\nAnn",
    ],
)
def test_words_of_the_person_stay(text: str) -> None:
    assert written(text) == text


def test_forward_is_kept_whole_where_it_is_the_message() -> None:
    marked = "FYI\n\n---------- Forwarded message ---------\nFrom: Bob <b@x>\nSubject: x\n\nbody\n\nRegards,\nBob"
    unmarked = "See below.\n\nFrom: Bob <b@x>\nSent: Monday\nTo: Ann\nSubject: x\n\nbody"
    assert written(marked) == marked
    assert written(unmarked) == "See below."
    assert written(unmarked, is_forward=True) == unmarked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sent from my iPhone", ""),  # a picture, and no word
        (f"{ATTRIBUTION}\n\n> old", ""),  # an answer that says nothing
        ("Thanks,\nAnn", "Thanks,\nAnn"),
        ("Best regards,\nAnn", "Best regards,\nAnn"),
        ("> one\n> two", "> one\n> two"),
        (f"{ATTRIBUTION}\n\nold, or new below it, who knows", f"{ATTRIBUTION}\n\nold, or new below it, who knows"),
        ("", ""),
    ],
)
def test_when_cutting_would_leave_nothing(text: str, expected: str) -> None:
    assert written(text) == expected


def test_block_that_begins_with_the_author_is_a_signature() -> None:
    text = "Please come.\n\nAnn Client\nClient Ltd."
    assert written(text) == text
    assert written(text, author="Ann Client") == "Please come."


def test_html_quotes_are_cut_by_structure_whatever_the_language() -> None:
    html = "<div>Yes</div><blockquote type='cite'><div>qwerty uiop:</div><div>old</div></blockquote><div>No</div>"
    assert written_from_html(html) == "Yes\n\nNo"


def test_indented_block_without_an_announcement_is_own_text() -> None:
    html = "<p>He said:</p><blockquote style='border-left: 1px solid'>wise words</blockquote><p>So?</p>"
    assert written_from_html(html) == "He said:\n\nwise words\n\nSo?"


HOSTILE = [
    ">", "> ", ">\n", "> \n", " ", "\n", "\t", "On ", "On 1/1/20 10:00\n", "On 1/1/20 wrote\n", "On 1/1/20 wrote:\n",
    ":", ":\n", "From: a\n", "From: a@b\nTo: c\n", "Date: 1\nTo: a@b\n", "-", "--\n", "-----\n", "_____\n\n", "*",
    "*a*_b_", "<", "@", "a@", "1", "1 ", "1-", "1.1.", "Sent from my \n\n", "This email confidential\n\n",
    "Regards\n", "P.S. x\n\n", "[cid:", "-----Original Message-----\n", "----- Forwarded message -----\n",
    ">>> a 1 >>>\n", ">>> 1 1 1 1 1 1 1 1\n", "On 1/1/20 " + "wrote " * 60 + "\n", "X wrote:\n |a\n",
    "A/BB@\n1/1/20\nTo: x\n", "-- \n", "Thanks\nBob\n\n", "\u200b", "É", "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "~~~ http://x \n", "wrote: ", "(((((", "a|b|", "To unsubscribe http://x\n\n",
    "on 1 <" + "a" * 60 + "@" + "b" * 200 + "> \n", "on 1" + "1" * 240 + "> \n", "A <a@b.c> wrote:\n\tq\nx\n",
    "-----\nName Two\nTEL: 03-1234-5678\n", "From: 1 April 2025\nTo: x\nSubject: y:\n", "Ann // Client · Ltd | x\n\n",
    "____________________________\nhttp://x\n", "From: a@b Sent: 1/1/20 10:00 To: c Subject: d\n",
    "==== On 1/1/20 a@b wrote ====\n",
    "---- x y ----\n", "---- x y ----\nFrom: a@b\n", "Best\n\nof all\n\n", "Edit: x\n\n",
    "HRB 1, Amtsgericht x\n\n", "| |\n",
    "Quoting 1/1/20 x\n> q\n", "2025-03-03 A:\n> q\n", "a. On 1 wrote:\n", "--\nwhat is this?\n",
    "Received: from a\nDate: 1\nFrom: a@b\n",
    "[...]\n", "> q\n[...]\n", "##-\n", "-----\nAnn Client\n\n",
    "please put below:\n\nThis email confidential delete\n\nx\n\n",
    "> quoted\nown words wrote:\n", "> q\n\n> q\nown\n", "From: a@b\nTo: c\n\n> q\n", "To\nAnn\ncc\nSubject\n",
    "      To:  x\n", "\n      A  To\n      1/1/20\n", "|-->\n", "|-->\n| a: b: 1/1/20 |\n", "A ---1/1/20 10:00---\n",
    "= = = = = = = = = =\n", "external sender, do not click a link\n\n", "2025-03-03\nAnn Client\n\n", "a\n\n\n\n",
    "---- On 1/1/20 a@b\nwrote ---\n", "On 1/1/20 <a@b>\n\nwrote:\n\n",
    "Reply above this line -- \n", "--- above line ---\n",
    "--\nA sentence of a few words.\n", "--\nA sentence of a few words.\n\nTel: 1\n", "a:\n> 5 users\n",
    "from: a\nto: b\nsubject: c\n",
    "[EXTERNAL]\n\n", "Thanks, and a sentence.\n\nA\n\n", "Sent: 2025 10:00\nFrom: x\n",
    "Frohe Weihnachten,\n", "Thanks.\nTel 1 2 3 4 5 6 7 8\n", "Also: x\n\n", "Sent from Outlook, a b c.\n\n",
    "mit a b grüßen\n", "a@b.cc\n\n", "x\n\na@b.cc\nFrom: a\nSent: 2025 10:00\nTo: b\n",
]  # fmt: skip


# One second.
RODS_MAX = 60


def seconds(text: str, *, runs: int) -> float:
    """The least of some runs, for other work on the machine only ever adds."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        written(text)
        found.append(time.process_time() - start)
    return min(found)


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    small, large = (piece * (size // len(piece)) for size in (12_500, 50_000))
    # Four times the text: four times the time, with room for a busy machine. Anything quadratic takes minutes here.
    if seconds(large, runs=1) > 0.12:
        assert seconds(large, runs=2) < 12 * seconds(small, runs=2) + 0.02
        assert rods(lambda: written(large), RODS_MAX) < RODS_MAX


def test_a_log_of_any_length_is_kept_below_the_words() -> None:
    log = "\n".join(f"10:00:{second} service restarted" for second in range(30_000))
    assert written(f"Why does it do this?\n\n{log}") == f"Why does it do this?\n\n{log}"


def test_a_history_of_any_length_is_left_out() -> None:
    history = "\n".join("an old line without a mark" for _ in range(30_000))
    assert written(f"Yes.\n\n{ATTRIBUTION}\n\n{history}") == "Yes."


@given(st.lists(st.sampled_from([*HOSTILE, "Hello\n", ATTRIBUTION + "\n", "> old\n", "Best regards,\n"]), max_size=40))
@settings(max_examples=60)
def test_every_line_of_the_answer_stood_in_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    lines = {line.strip() for line in text.split("\n")}
    # Of "Done.On Monday Bob wrote:", which a program has joined, the words before "On" are the person's.
    lines |= {line[: end.end()].strip() for line in lines for end in re.finditer("[.!?] ?(?=On )", line)}
    assert all(line.strip() in lines for line in written(text).split("\n") if line)


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_html_is_read_without_a_fault(html: str) -> None:
    written_from_html(html).encode("utf-8", "surrogatepass")
