"""Expertise found in a message, and consultants ranked by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.cases import default_table
from bot.triage.routing import Candidate

VOCABULARY = default_table().vocabulary

MESSAGES = [
    ("Printer jammed", "It prints blank pages", "printer"),
    ("", "Outlook does not send emails", "email"),
    ("", "el correo no funciona", "email"),
    ("VPN", "the vpn drops", "network"),
    ("Question", "Restore a backup please", "backup"),
    ("", "our WordPress site shows an error", "website"),
    ("MacBook", "does not start", "mac"),
    ("", "nginx on the ubuntu box", "linux"),
]


@pytest.mark.parametrize(("subject", "body", "first"), MESSAGES)
def test_words_call_for_expertise(subject: str, body: str, first: str) -> None:
    assert VOCABULARY.expertise_of(subject, body)[0] == first


def test_a_message_about_nothing_calls_for_none() -> None:
    assert VOCABULARY.expertise_of("Hello", "Happy new year!") == ()


def test_the_subject_weighs_more_than_the_body() -> None:
    assert VOCABULARY.expertise_of("Printer", "It prints emails badly since the network change")[0] == "printer"


def test_own_words_are_read_through_the_lists() -> None:
    assert VOCABULARY.canonical(["E-Mail", "WLAN", "juggling"]) == ("email", "network", "juggling")


def ranked(wanted: list[str], *candidates: Candidate) -> list[str]:
    return [row.candidate.member_number for row in VOCABULARY.rank(candidates, wanted)]


def test_the_best_match_comes_first() -> None:
    both = Candidate(1, "M3", ("email", "network"))
    first = Candidate(2, "M2", ("email",))
    second = Candidate(3, "M1", ("network",))
    none = Candidate(4, "M0", ("printer",))
    assert ranked(["email", "network"], none, second, first, both) == ["M3", "M2", "M1", "M0"]


def test_equal_matches_are_ordered_by_narrowness_work_and_number() -> None:
    generalist = Candidate(1, "M1", ("email", "printer", "backup"))
    busy = Candidate(2, "M2", ("email",), open_tickets=3)
    free = Candidate(3, "M4", ("email",))
    other = Candidate(4, "M3", ("email",))
    assert ranked(["email"], generalist, busy, free, other) == ["M3", "M4", "M2", "M1"]


@given(st.permutations([Candidate(n, f"M{n}", ("email", "network")[: n % 3]) for n in range(6)]))
def test_the_order_of_asking_changes_nothing(candidates: list[Candidate]) -> None:
    assert ranked(["network", "email"], *candidates) == ["M2", "M5", "M1", "M4", "M0", "M3"]


def test_matched_expertise_is_told() -> None:
    rows = VOCABULARY.rank([Candidate(1, "M1", ("wifi", "mail")), Candidate(2, "M2", ())], ["email", "network"])
    assert [row.matched for row in rows] == [("email", "network"), ()]
