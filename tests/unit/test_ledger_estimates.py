"""Components by whatever name, hours as printed, and what they would cost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.ledger.estimates import estimate, find, parse_catalogues
from bot.ledger.rates import STANDARD, Tier
from bot.triage.priority import Priority

COMPONENTS = parse_catalogues((Path(__file__).parents[2] / "config" / "estimates.csv").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "found", "hours"),
    [
        ("Standard Pages", "Standard Pages", "1.88"),
        ("standard page", "Standard Pages", "1.88"),
        ("secure login", "Secure Login", "2.00"),
        ("passwrd reset", "Password Reset", "0.25"),
        ("OS reinstall", "Re-installation: OS", "4.00"),
        ("create email account", "Create Email Accounts", "0.15"),
    ],
)
def test_a_component_is_found_however_it_is_spelt(name: str, found: str, hours: str) -> None:
    component = find(COMPONENTS, name)
    assert (component.name, str(component.hours)) == (found, hours)  # 1.88 stays 1.88


def test_every_component_is_found_by_its_own_name() -> None:
    for component in COMPONENTS:
        assert find(COMPONENTS, component.name, catalogue=component.catalogue) == component


def test_a_name_that_is_near_nothing_is_asked_back() -> None:
    with pytest.raises(UserError, match="nearest"):
        find(COMPONENTS, "wibble wobble")
    with pytest.raises(UserError, match="no catalogue"):
        find(COMPONENTS, "Secure Login", catalogue="garden")


def test_an_estimate_rounds_once_and_prices_every_tier() -> None:
    pages, login = find(COMPONENTS, "Standard Pages"), find(COMPONENTS, "Secure Login")
    total = estimate([(pages, 4), (login, 1)], STANDARD)
    assert total.hours == Decimal("9.52")  # 4 × 1.88 + 2.00
    assert total.quarters == 39  # 9.52 × 4 = 38.08
    assert total.units == 78
    assert total.cents_by_tier == {
        Tier.PER_USE: 78_000,  # 39 × $20.00
        Tier.CREDIT_12H: 58_500,  # 39 × $15.00
        Tier.CREDIT_40H: 48_750,  # 39 × $12.50
    }


def test_another_row_costs_its_own_rate() -> None:
    travel = find(COMPONENTS, "Travel Time (Extended)")
    assert estimate([(travel, 1)], STANDARD, row=Priority.P2).cents_by_tier[Tier.PER_USE] == 32_000  # 8 × $40.00


def test_nothing_printed_is_on_request_and_never_free() -> None:
    total = estimate([(find(COMPONENTS, "Email Campaigns"), 2)], STANDARD)
    assert total.on_request == ("Email Campaigns",)


def test_a_count_below_one_is_refused() -> None:
    with pytest.raises(UserError, match="from 1 up"):
        estimate([(COMPONENTS[0], 0)], STANDARD)
