"""Grants: the order they are drawn in, when they lapse, and what a part of one is worth."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LedgerError
from bot.ledger.credits import PER_USE, Draw, Grant, after, anniversary, draw, give_back, outstanding, value_cents

ON = date(2026, 11, 18)
JANUARY, JUNE = date(2026, 1, 5), date(2026, 6, 1)


def a_grant(name: str, units: int = 10, lapses_on: date | None = None, bought_on: date = JANUARY) -> Grant:
    return Grant(name, "12h", units, lapses_on, bought_on)


@pytest.mark.parametrize(
    ("grants", "order"),
    [
        ([a_grant("never"), a_grant("soon", lapses_on=date(2026, 12, 1))], "soon never"),
        ([a_grant("later", lapses_on=date(2027, 1, 1)), a_grant("soon", lapses_on=date(2026, 12, 1))], "soon later"),
        ([a_grant("new", bought_on=JUNE), a_grant("old")], "old new"),
        ([a_grant("first"), a_grant("second")], "first second"),  # a tie: as given
        ([a_grant("b", lapses_on=ON), a_grant("a")], "a"),  # not on its lapse date
        ([a_grant("tomorrow", bought_on=date(2026, 11, 19)), a_grant("today", bought_on=ON)], "today"),
        ([a_grant("empty", 0), a_grant("full")], "full"),
    ],
)
def test_soonest_lapse_first_then_oldest_then_as_given(grants: list[Grant], order: str) -> None:
    drawn = draw(grants, 100, on=ON)
    assert " ".join(str(item.grant_id) for item in drawn if item.grant_id is not PER_USE) == order


def test_the_rest_is_per_use() -> None:
    assert draw([a_grant("a", 7)], 10, on=ON) == (Draw("a", 7), Draw(PER_USE, 3))
    assert draw([], 0, on=ON) == ()


def test_a_grant_below_zero_stops_everything() -> None:
    with pytest.raises(LedgerError, match="holds -1"):
        draw([a_grant("a", -1)], 1, on=ON)


def test_the_last_drawn_is_given_back_first() -> None:
    drawn = [Draw("a", 5), Draw("b", 2), Draw(PER_USE, 1), Draw("b", 1)]
    assert give_back(drawn, 3) == (Draw("b", -2), Draw(PER_USE, -1))
    assert give_back(drawn, 100) == (Draw("b", -3), Draw(PER_USE, -1), Draw("a", -5))


@given(
    st.lists(st.builds(Draw, st.sampled_from(["a", "b", PER_USE]), st.integers(1, 9)), max_size=8), st.integers(0, 60)
)
def test_giving_back_never_exceeds_what_was_drawn(drawn: list[Draw], units: int) -> None:
    returned = give_back(drawn, units)
    total = sum(item.units for item in drawn)
    assert sum(item.units for item in returned) == -min(units, total)
    left = outstanding([*drawn, *returned])
    assert all(item.units > 0 for item in left)
    assert sum(item.units for item in left) == total - min(units, total)


def test_draws_leave_the_rest_in_the_grants() -> None:
    assert [grant.units for grant in after([a_grant("a"), a_grant("b")], [Draw("a", 4), Draw(PER_USE, 9)])] == [6, 10]


@pytest.mark.parametrize(
    ("began_on", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # clamped to the month's end
        (date(2026, 1, 31), 2, date(2026, 3, 31)),  # and back to the day it began on
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 18), 12, date(2027, 11, 18)),
        (date(2026, 11, 18), 2, date(2027, 1, 18)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_terms_end_on_the_anniversary_clamped_to_the_months_end(began_on: date, months: int, expected: date) -> None:
    assert anniversary(began_on, months) == expected


@given(st.integers(0, 10**6), st.integers(1, 400), st.data())
def test_parts_of_a_grant_are_worth_its_price_together(price: int, units: int, data: st.DataObject) -> None:
    drawn = worth = 0
    while drawn < units:
        part = data.draw(st.integers(1, units - drawn))
        cents = value_cents(price, units, drawn_before=drawn, units=part)
        assert value_cents(price, units, drawn_before=drawn + part, units=-part) == -cents
        drawn, worth = drawn + part, worth + cents
    assert worth == price


def test_a_grant_of_nothing_has_no_price_a_unit() -> None:
    with pytest.raises(LedgerError):
        value_cents(100, 0, drawn_before=0, units=1)
