"""Entries balance or are none, reversals undo, statements foot, and the chain notices every change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LedgerError
from bot.ledger.chain import link
from bot.ledger.postings import (
    Account,
    Commodity,
    Draft,
    Parcel,
    Posting,
    charge_draft,
    commission_draft,
    grant_draft,
    lapse_draft,
    payment_draft,
    reversal_draft,
    waiver_draft,
)
from bot.ledger.statements import Line, Move, figures, hours_at_p4


def balances(*drafts: Draft) -> dict[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for draft in drafts:
        for posting in draft.postings:
            sums[posting.account.value, posting.commodity.value] += posting.amount
    return {key: amount for key, amount in sums.items() if amount}


def test_postings_that_do_not_balance_are_no_entry() -> None:
    with pytest.raises(LedgerError, match="sum to 5 cents"):
        Draft("charge", (Posting(Account.RECEIVABLE, Commodity.CENTS, 5),))


def test_units_do_not_balance_cents() -> None:
    with pytest.raises(LedgerError):
        Draft(
            "charge",
            (Posting(Account.RECEIVABLE, Commodity.CENTS, 5), Posting(Account.USED, Commodity.UNITS, -5)),
        )


def test_a_bundle_is_bought_used_and_lapses() -> None:
    bought = grant_draft(Parcel(1, 96, 72_000))
    # 100 units: 90 from the credit at $7.50, 10 per use at $10.00; the last 6 lapse.
    charged = charge_draft([Parcel(1, 90, 67_500)], per_use_units=10, due_cents=10_000)
    lapsed = lapse_draft(Parcel(1, 6, 4_500))
    assert balances(bought, charged, lapsed) == {
        ("unbilled", "cents"): 82_000,
        ("revenue", "cents"): -82_000,
        ("granted", "units"): -96,
        ("used", "units"): 100,
        ("per-use", "units"): -10,
        ("lapsed", "units"): 6,
    }


def test_a_waived_charge_shows_what_was_given_up() -> None:
    charged = charge_draft([Parcel(1, 7, 5_250)], per_use_units=3, due_cents=3_000)
    waived = waiver_draft(charged.postings)
    assert balances(charged, waived) == {
        ("used", "units"): 10,
        ("waived", "units"): -10,
        ("revenue", "cents"): -8_250,
        ("waived", "cents"): 8_250,
    }


def test_cash_settles_what_is_owed_and_a_fee_is_deferred() -> None:
    # $500.00 of it settle an invoice, $220.00 wait for the next.
    assert balances(payment_draft(72_000, 72_000, is_fee=False, applied_cents=50_000)) == {
        ("cash", "cents"): 72_000,
        ("receivable", "cents"): -50_000,
        ("unapplied", "cents"): -22_000,
    }
    assert balances(payment_draft(7_140, 6_000, is_fee=True)) == {
        ("cash", "cents"): 7_140,
        ("deferred", "cents"): -6_000,
        ("tax", "cents"): -1_140,
    }


def test_an_entry_may_move_nothing() -> None:
    assert charge_draft([], per_use_units=0, due_cents=0).postings == ()


parcels = st.lists(st.builds(Parcel, st.integers(1, 5), st.integers(-50, 50), st.integers(-9999, 9999)), max_size=4)


@given(parcels, st.integers(-50, 50), st.integers(-9999, 9999))
def test_a_reversal_undoes_its_entry_and_both_balance(drawn: list[Parcel], per_use: int, due: int) -> None:
    draft = charge_draft(drawn, per_use_units=per_use, due_cents=due)
    assert balances(draft, reversal_draft(draft.postings)) == {}
    assert all(posting.amount for posting in draft.postings)
    waiver_draft(draft.postings)  # balances, or raises


@given(st.integers(-(10**9), 10**9))
def test_commissions_are_owed_as_they_are_earned(cents: int) -> None:
    assert sum(posting.amount for posting in commission_draft(cents).postings) == 0


# ---------------------------------------------------------------- statements


def test_a_statement_that_foots() -> None:
    moves = [
        Move(Line.BOUGHT, 96),
        Move(Line.INCLUDED, 24),
        Move(Line.USED, -16, 42),
        Move(Line.USED, -5, 43),
        Move(Line.USED, -3, 42),
        Move(Line.LAPSED, -20),
    ]
    stated = figures(10, moves, 86)  # 10 + 96 + 24 - 24 - 20
    assert stated.lines == {Line.BOUGHT: 96, Line.INCLUDED: 24, Line.USED: -24, Line.LAPSED: -20}
    assert stated.used_by_ticket == {42: -19, 43: -5}


def test_a_statement_that_does_not_foot_is_refused() -> None:
    with pytest.raises(LedgerError, match="does not foot"):
        figures(10, [Move(Line.USED, -3)], 8)


@pytest.mark.parametrize(
    ("units", "hours"), [(26, "3.25"), (96, "12"), (320, "40"), (1, "0.125"), (0, "0"), (-4, "-0.5")]
)
def test_units_are_shown_as_hours_at_p4(units: int, hours: str) -> None:
    assert hours_at_p4(units) == hours


# ---------------------------------------------------------------- the chain

ENTRY: dict[str, Any] = {
    "client_id": 1,
    "number": 1,
    "key": "work:7",
    "kind": "charge",
    "posted_at": datetime(2026, 11, 18, 15, tzinfo=UTC),
    "work_on": date(2026, 11, 18),
    "about": (42, 7, None),
    "evidence_json": "{}",
    "postings": [Posting(Account.USED, Commodity.UNITS, 2), Posting(Account.PER_USE, Commodity.UNITS, -2)],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("client_id", 2),
        ("number", 2),
        ("key", "work:8"),
        ("kind", "waive"),
        ("posted_at", datetime(2026, 11, 18, 15, 0, 0, 1, tzinfo=UTC)),
        ("work_on", None),
        ("about", (42, 7, 1)),
        ("evidence_json", '{"a":1}'),
        ("postings", ENTRY["postings"][::-1]),
        ("postings", [replace(ENTRY["postings"][0], amount=3), *ENTRY["postings"][1:]]),
        ("postings", [replace(ENTRY["postings"][0], grant_id=1), *ENTRY["postings"][1:]]),
    ],
)
def test_any_change_of_an_entry_changes_its_hash(key: str, value: object) -> None:
    assert link("", **ENTRY) == link("", **ENTRY)
    assert link("", **ENTRY) != link("", **(ENTRY | {key: value}))
    assert link("", **ENTRY) != link("0", **ENTRY)
