"""What a consultant earns with work: a share of its value at the client's tier, or cents an hour by billed priority."""

from __future__ import annotations

import pytest

from bot.ledger.pay import PayTerms, earned, pay_terms, value_cents
from bot.ledger.rates import STANDARD
from bot.ledger.units import Rows
from bot.triage.priority import Priority

P1, P2, P4 = Priority.P1, Priority.P2, Priority.P4


@pytest.mark.parametrize(
    ("drawn", "covered", "cents"),
    [
        ([("per-use", 16)], {}, 16_000),  # 16 units at $10.00
        ([("12h", 16)], {}, 12_000),  # at $7.50
        ([("40h", 16)], {}, 10_000),  # at $6.25
        ([("included", 16)], {}, 16_000),  # per use: they cost the client nothing of their own
        ([("12h", 7), ("per-use", 3)], {}, 8250),  # 7 × $7.50 + 3 × $10.00
        ([("per-use", -2)], {}, -2000),  # a day gave back
        ([], {P4: 1800}, 4000),  # half an hour covered: 2 quarters at P4, $20.00 each
        ([], {P4: 420}, 933),  # 7 min of $80.00 an hour = $9.333…: by real minutes, not by the quarter
        ([], {P1: 900}, 5000),
    ],
)
def test_value_is_the_rate_cards_at_the_clients_tier(drawn: list[tuple[str, int]], covered: Rows, cents: int) -> None:
    assert value_cents(drawn, covered, STANDARD) == cents


def test_share_of_the_value() -> None:
    pay = earned(PayTerms(5500), value=12_000, seconds={P2: 3000})
    assert (pay.cents, pay.why) == (6600, "55 % of $120.00")


def test_share_that_is_given_back_undoes_what_was_given() -> None:
    terms = PayTerms(3333)
    assert earned(terms, value=-1050, seconds={}).cents == -earned(terms, value=1050, seconds={}).cents


def test_cents_an_hour_by_billed_priority_count_real_minutes() -> None:
    terms = pay_terms(5000, '{"P1": 9000, "P4": 4000}')
    pay = earned(terms, value=99_999, seconds={P1: 600, P4: 1200, P2: 900})
    # 10 min at $90.00 = $15.00; 20 min at $40.00 = $13.33; no pay is agreed for P2
    assert (pay.cents, pay.why) == (2833, "10 min P1 at $90.00/h, 20 min P4 at $40.00/h")


def test_without_terms_nobody_is_paid() -> None:
    assert not pay_terms(0, "").is_any
