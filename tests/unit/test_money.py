"""Cents in and out, and shares of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.money import divide, format_cents, parse_cents, share


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("60", 6000),
        ("60.5", 6050),
        ("$1,234.50", 123450),
        ("1234567.89", 123456789),
        (" -$60.00 ", -6000),
        ("$-60", -6000),
        ("60 USD", 6000),
        ("eur 12.00", 1200),
        ("£0.01", 1),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text", ["", "$", "1,23", "1,2345", "1.234", "1.", "12,50", "--5", "-$-5", "1e3", "٣", "5 or 6"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no amount of money"):
        parse_cents(text)


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (123450, "USD", "$1,234.50"),
        (-6000, "USD", "-$60.00"),
        (5, "EUR", "€0.05"),
        (123456789, "GBP", "£1,234,567.89"),
        (900, "CHF", "CHF 9.00"),
    ],
)
def test_amounts_are_written_for_people(cents: int, currency: str, text: str) -> None:
    assert format_cents(cents, currency) == text


@pytest.mark.parametrize(
    ("cents", "basis_points", "expected"),
    [
        (6000, 1000, 600),  # 10 % of the $60 subscription
        (5, 1000, 1),  # half a cent goes away from zero
        (-5, 1000, -1),
        (4, 1000, 0),
        (72000, 3333, 23998),  # 23997.6
        (0, 1000, 0),
    ],
)
def test_shares_round_half_away_from_zero(cents: int, basis_points: int, expected: int) -> None:
    assert share(cents, basis_points) == expected


@given(st.integers(-(10**12), 10**12))
def test_writing_is_undone_by_reading(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@given(st.integers(-(10**12), 10**12), st.integers(0, 20_000))
def test_a_share_is_the_nearest_cent_and_the_same_back_again(cents: int, basis_points: int) -> None:
    part = share(cents, basis_points)
    assert abs(part - Fraction(cents * basis_points, 10_000)) <= Fraction(1, 2)
    assert share(-cents, basis_points) == -part


def test_dividing_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="divide"):
        divide(1, 0)
