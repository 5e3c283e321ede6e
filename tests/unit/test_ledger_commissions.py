"""Ten per cent of the net fee, for the first twelve months, by the day, and back again when it is refunded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LedgerError
from bot.ledger.commissions import commission_cents, commission_change

BEGAN = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("net", "start", "end", "cents"),
    [
        (6000, date(2026, 2, 15), date(2026, 3, 15), 600),  # all of it in the first year
        (6000, date(2026, 12, 15), date(2027, 1, 15), 600),  # to the last day of it
        (6000, date(2027, 1, 1), date(2027, 2, 1), 271),  # 14 of 31 days: 600 × 14 / 31 = 270.97
        (6000, date(2027, 1, 15), date(2027, 2, 15), 0),  # the second year
        (72000, date(2026, 1, 15), date(2027, 1, 15), 7200),  # a year at once
        (72000, date(2026, 7, 15), date(2027, 7, 15), 3630),  # 184 of 365 days: 7200 × 184 / 365 = 3629.59
        (6000, date(2026, 1, 1), date(2026, 2, 1), 329),  # 17 of 31 days after service began: 329.03
        (-6000, date(2026, 2, 15), date(2026, 3, 15), -600),
        (5, date(2026, 2, 15), date(2026, 3, 15), 1),  # half a cent goes away from zero
    ],
)
def test_commission_by_the_day(net: int, start: date, end: date, cents: int) -> None:
    assert commission_cents(net, start, end, began_on=BEGAN) == cents


def test_a_client_that_began_on_a_leap_day_has_its_year() -> None:
    assert commission_cents(6000, date(2029, 2, 27), date(2029, 3, 1), began_on=date(2028, 2, 29)) == 300  # 1 of 2 days


def test_a_span_without_a_day_is_refused() -> None:
    with pytest.raises(LedgerError, match="no day"):
        commission_cents(6000, BEGAN, BEGAN, began_on=BEGAN)


@given(st.integers(1, 10**7), st.integers(-400, 400), st.integers(1, 400), st.lists(st.integers(1, 10**6), max_size=6))
def test_refunds_in_parts_take_back_exactly_what_was_given(net: int, start: int, days: int, parts: list[int]) -> None:
    span = BEGAN + timedelta(days=start), BEGAN + timedelta(days=start + days)
    accrued, left = commission_change(0, net, *span, began_on=BEGAN), net
    for part in [*parts, net]:
        taken = min(part, left)
        accrued += commission_change(left, left - taken, *span, began_on=BEGAN)
        left -= taken
    assert (left, accrued) == (0, 0)
