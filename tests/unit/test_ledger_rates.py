"""The twelve rates over every kind of work and circumstance, for an accountant to read; and what a bad card is told."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError
from bot.hours import parse_calendar
from bot.ledger import plans
from bot.ledger.charges import charge_work
from bot.ledger.credits import Grant, value_cents
from bot.ledger.days import Day
from bot.ledger.kinds import Kind
from bot.ledger.rates import STANDARD, Bundle, Tier, parse_rates
from bot.ledger.work import Terms, Work
from bot.pricelist import load
from bot.triage.priority import Priority

CONFIG = Path(__file__).parents[2] / "config"
P1, P2, P3, P4 = Priority

# Dollars an hour as printed: per use, from a 12-hour credit, from a 40-hour credit.
TWELVE_RATES = [
    (P4, 80, 60, 50),  # 8 units × $10.00, $7.50, $6.25
    (P3, 120, 90, 75),  # 12 units
    (P2, 160, 120, 100),  # 16 units
    (P1, 200, 150, 125),  # 20 units
]


@pytest.mark.parametrize(("row", "per_use", "credit_12h", "credit_40h"), TWELVE_RATES)
def test_the_twelve_rates_come_out_exact(row: Priority, per_use: int, credit_12h: int, credit_40h: int) -> None:
    dollars = [
        STANDARD.cents_per_quarter(row, tier) * 4 / 100 for tier in (Tier.PER_USE, Tier.CREDIT_12H, Tier.CREDIT_40H)
    ]
    assert dollars == [per_use, credit_12h, credit_40h]


def test_a_bundle_costs_its_units_at_its_price() -> None:
    assert STANDARD.bundles[Tier.CREDIT_12H] == Bundle(96, 96 * 750)  # $720.00
    assert STANDARD.bundles[Tier.CREDIT_40H] == Bundle(320, 320 * 625)  # $2,000.00


OPEN, NIGHT, HOLIDAY = "2026-11-18T10:00-05:00", "2026-11-18T20:00-05:00", "2026-11-26T10:00-05:00"
OWN, ASKED, BOOKED = {}, {"was_asked": True}, {"was_asked": True, "is_booked": True}

# One hour of work on a P4 ticket: 4 quarters. Row by kind and circumstance.
KINDS = [
    # kind                  open  night, own choice  night, asked for  holiday, asked for  booked at night
    (Kind.REMOTE, P4, P4, P1, P1, P4),
    (Kind.CONSULTATION, P4, P4, P1, P1, P4),
    (Kind.CHECK, P4, P4, P1, P1, P4),
    (Kind.REMOTE_UNSCHEDULED, P3, P3, P1, P1, P3),
    (Kind.BENCH, P3, P3, P1, P1, P3),
    (Kind.ONSITE, P2, P2, P1, P1, P2),
    (Kind.TRAVEL, P2, P2, P1, P1, P2),
    (Kind.PLANNED_CODING, P2, P2, P1, P1, P2),
    (Kind.PRODUCTION_CODING, P1, P1, P1, P1, P1),
]
CIRCUMSTANCES = [(OPEN, OWN), (NIGHT, OWN), (NIGHT, ASKED), (HOLIDAY, ASKED), (NIGHT, BOOKED)]

# 4 quarters: units, dollars per use, from a 12-hour credit, from a 40-hour credit.
AN_HOUR = {
    P4: (8, 80_00, 60_00, 50_00),  # 4 × 2 units
    P3: (12, 120_00, 90_00, 75_00),  # 4 × 3
    P2: (16, 160_00, 120_00, 100_00),  # 4 × 4
    P1: (20, 200_00, 150_00, 125_00),  # 4 × 5
}

TABLE = [
    (kind, at, changes, priority, rows[index] if changes is BOOKED else min(rows[index], priority))
    for kind, *rows in KINDS
    for index, (at, changes) in enumerate(CIRCUMSTANCES)
    for priority in Priority  # of the ticket: booked work drops it
]


@pytest.mark.parametrize(("kind", "at", "changes", "priority", "row"), TABLE)
def test_an_hour_of_every_kind_in_every_circumstance_at_every_price(
    kind: Kind, at: str, changes: dict[str, bool], priority: Priority, row: Priority
) -> None:
    calendar = parse_calendar("Mon-Fri 09:00-17:00", "America/New_York", ["2026-11-26"])
    terms = Terms(calendar, plans.STANDARD["per-use"])
    work = Work(priority, kind, datetime.fromisoformat(at), 60, **changes)
    units, *prices = AN_HOUR[row]
    per_use = charge_work(terms, work, Day(), ())
    assert (per_use.day_quarters, per_use.units, per_use.due_cents) == ({row: 4}, units, prices[0])
    for tier, price in zip((Tier.CREDIT_12H, Tier.CREDIT_40H), prices[1:], strict=True):
        bundle = STANDARD.bundles[tier]
        grant = Grant("a", tier, bundle.units, None, date(2026, 1, 5))
        charge = charge_work(terms, work, Day(), (grant,))
        assert charge.due_cents == 0
        assert value_cents(bundle.price_cents, bundle.units, drawn_before=0, units=charge.units) == price


# ---------------------------------------------------------------- the files


def test_the_files_state_what_the_code_takes_as_standard() -> None:
    prices = load(CONFIG)
    assert prices.card == STANDARD
    assert dict(prices.plans) == dict(plans.STANDARD)
    assert len(prices.components) == 78 + 26


@pytest.mark.parametrize(
    ("section", "key", "value", "named"),
    [
        ("units_per_quarter", "P1", 6, "cents_per_quarter.P1.per-use"),
        ("unit_cents", "12h", 751, "cents_per_quarter.P4.12h"),
        ("units_per_quarter", "P4", "2", "units_per_quarter.P4"),
        ("units_per_quarter", "P5", 1, "units_per_quarter.P5"),
        ("unit_cents", "per-use", -1, "unit_cents.per-use"),
        ("units_per_quarter", "P4", 9, "a severer row is cheaper"),
        ("extra", "x", 1, "extra"),
        ("bundles", "60h", {"units": 480, "price_cents": 300_000}, "bundles.60h"),
        ("cents_per_quarter", "P5", {"per-use": 1000}, "cents_per_quarter.P5"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused_by_name(section: str, key: str, value: object, named: str) -> None:
    table: dict[str, Any] = copy.deepcopy(tomllib.loads((CONFIG / "rates.toml").read_text("utf-8")))
    table.setdefault(section, {})[key] = value
    with pytest.raises(ConfigError) as refused:
        parse_rates(table)
    assert named in str(refused.value)


def test_an_empty_card_names_every_missing_number() -> None:
    with pytest.raises(ConfigError) as refused:
        parse_rates({})
    assert len(refused.value.faults) == 4 + 4 + 4


@pytest.mark.parametrize(
    ("plan", "terms", "named"),
    [
        ("flat", {"covers": ["gardening"]}, "gardening"),
        ("flat", {"covers": "remote"}, "Write a list"),
        ("flat", {"is_consent": 1}, "Write a bool"),
        ("managed", {"included_units": -24}, "Write a int"),
        ("managed", {"price": 5}, "unknown key"),
        ("managed", 7, "Write a table"),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused_by_name(plan: str, terms: object, named: str) -> None:
    table = tomllib.loads((CONFIG / "plans.toml").read_text("utf-8"))
    with pytest.raises(ConfigError) as refused:
        plans.parse_plans(table | {plan: terms})
    assert named in str(refused.value)


def test_files_that_are_missing_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path)
    assert [fault.file for fault in refused.value.faults] == [
        str(tmp_path / name) for name in ("rates.toml", "plans.toml", "estimates.csv")
    ]
