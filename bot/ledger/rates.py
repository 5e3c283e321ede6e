"""The rate card: what a quarter-hour costs in units, and what a unit costs in cents.

Every price is units times cents a unit, both whole numbers, so that no bill needs rounding. The twelve printed rates
stand beside the figures in config/rates.toml only to be compared with them; a difference is refused at the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.errors import ConfigError, Fault
from bot.triage.priority import Priority


class Tier(StrEnum):
    """At which price a unit is used."""

    PER_USE = "per-use"
    CREDIT_12H = "12h"
    CREDIT_40H = "40h"
    INCLUDED = "included"


# Those of the twelve rates: included units have no price.
PRINTED_TIERS = (Tier.PER_USE, Tier.CREDIT_12H, Tier.CREDIT_40H)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A parcel of credit that can be bought."""

    units: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class RateCard:
    """Units a quarter by row, cents a unit by tier, and the bundles on sale."""

    units_per_quarter: Mapping[Priority, int]
    unit_cents: Mapping[Tier, int]
    bundles: Mapping[Tier, Bundle]

    def cents_per_quarter(self, row: Priority, tier: Tier) -> int:
        """One of the twelve rates (sixteen with the included units, which are free)."""
        return self.units_per_quarter[row] * self.unit_cents[tier]

    def cents_per_use(self, units: int) -> int:
        return units * self.unit_cents[Tier.PER_USE]


# Source: mission, "Credit is counted in units"; config/rates.toml states the same.
STANDARD = RateCard(
    units_per_quarter=MappingProxyType({Priority.P1: 5, Priority.P2: 4, Priority.P3: 3, Priority.P4: 2}),
    unit_cents=MappingProxyType({Tier.PER_USE: 1000, Tier.CREDIT_12H: 750, Tier.CREDIT_40H: 625, Tier.INCLUDED: 0}),
    bundles=MappingProxyType({Tier.CREDIT_12H: Bundle(96, 72_000), Tier.CREDIT_40H: Bundle(320, 200_000)}),
)


def parse_rates(table: Mapping[str, object], file: str = "config/rates.toml") -> RateCard:
    """The card that a TOML table states. Raises ConfigError with every fault of it."""
    faults: list[Fault] = []
    known = ("bundles", "cents_per_quarter", "unit_cents", "units_per_quarter")
    printed = _part(table, "cents_per_quarter")
    faults += _unknown(table, known, "", file)
    faults += _unknown(_part(table, "bundles"), (Tier.CREDIT_12H, Tier.CREDIT_40H), "bundles.", file)
    faults += _unknown(printed, tuple(Priority), "cents_per_quarter.", file)
    for row in printed:
        faults += _unknown(_part(printed, row), PRINTED_TIERS, f"cents_per_quarter.{row}.", file)
    rows = _whole_numbers(table, "units_per_quarter", [row.value for row in Priority], 1, file=file, faults=faults)
    unit_cents = _whole_numbers(table, "unit_cents", [tier.value for tier in Tier], 0, file=file, faults=faults)
    bundles = {
        tier: Bundle(
            **_whole_numbers(_part(table, "bundles"), tier, ["units", "price_cents"], 1, file=file, faults=faults)
        )
        for tier in (Tier.CREDIT_12H, Tier.CREDIT_40H)
    }
    # Units that fall in the wrong order would let a day's bill shrink as it grows.
    if not faults and not rows["P1"] >= rows["P2"] >= rows["P3"] >= rows["P4"]:
        faults.append(Fault(file, "units_per_quarter", "a severer row is cheaper", "P1 ≥ P2 ≥ P3 ≥ P4."))
    if not faults:
        faults += _compare_with_print(printed, rows, unit_cents, file)
    if faults:
        raise ConfigError(faults)
    return RateCard(
        MappingProxyType({Priority(row): units for row, units in rows.items()}),
        MappingProxyType({Tier(tier): cents for tier, cents in unit_cents.items()}),
        MappingProxyType(bundles),
    )


def _unknown(part: Mapping[str, object], known: Sequence[str], place: str, file: str) -> list[Fault]:
    """A fault for each key that nothing reads."""
    extra = sorted(part.keys() - set(known))
    return [Fault(file, f"{place}{key}", "unknown key", f"Known are {', '.join(known)}.") for key in extra]


def _part(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    part = table.get(key)
    return part if isinstance(part, Mapping) else {}


def _whole_numbers(
    table: Mapping[str, object], section: str, keys: list[str], least: int, *, file: str, faults: list[Fault]
) -> dict[str, int]:
    """The numbers of a section; 0 in place of each one that is missing or wrong, with a fault."""
    part = _part(table, section)
    faults += _unknown(part, keys, f"{section}.", file)
    numbers = {}
    for key in keys:
        value = part.get(key)
        is_good = isinstance(value, int) and not isinstance(value, bool) and value >= least
        if not is_good:
            problem = "is missing" if value is None else f"is {value!r}"
            faults.append(Fault(file, f"{section}.{key}", problem, f"Write a whole number, {least} or more."))
        numbers[key] = value if is_good and isinstance(value, int) else 0
    return numbers


def _compare_with_print(
    card: Mapping[str, object], rows: Mapping[str, int], unit_cents: Mapping[str, int], file: str
) -> list[Fault]:
    faults = []
    for row, units in rows.items():
        printed = _part(card, row)
        for tier in PRINTED_TIERS:
            sum_cents = units * unit_cents[tier]
            if printed.get(tier) != sum_cents:
                problem = f"is {printed.get(tier)!r}, but {units} units at {unit_cents[tier]} cents are {sum_cents}"
                faults.append(Fault(file, f"cents_per_quarter.{row}.{tier}", problem, "Make both say the same."))
    return faults
