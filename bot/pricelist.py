"""What work costs here: config/rates.toml, config/plans.toml and config/estimates.csv, read once at the start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import InvalidOperation
from pathlib import Path

from bot.errors import ConfigError, Fault
from bot.ledger import plans as standard_plans
from bot.ledger import rates as standard_rates
from bot.ledger.estimates import Component, parse_catalogues
from bot.ledger.plans import Plan, parse_plans
from bot.ledger.rates import RateCard, parse_rates


@dataclass(frozen=True, slots=True)
class PriceList:
    card: RateCard
    plans: Mapping[str, Plan]
    components: tuple[Component, ...] = ()


# As the mission states it; what the files hold unless the operator changed them.
STANDARD = PriceList(standard_rates.STANDARD, standard_plans.STANDARD)


def load(config_folder: Path) -> PriceList:
    """Read all three files. Raises ConfigError with every fault of all of them."""
    faults: list[Fault] = []
    card = plans = None
    try:
        card = parse_rates(_read_toml(config_folder / "rates.toml"))
    except ConfigError as error:
        faults += error.faults
    try:
        plans = parse_plans(_read_toml(config_folder / "plans.toml"))
    except ConfigError as error:
        faults += error.faults
    components: tuple[Component, ...] = ()
    try:
        components = parse_catalogues((config_folder / "estimates.csv").read_text("utf-8"))
    except (OSError, KeyError, InvalidOperation, TypeError) as error:
        remedy = "Keep the columns catalogue, component, hours, and a number of hours in each line"
        problem = f"it cannot be read ({error.strerror})" if isinstance(error, OSError) else "a line is not whole"
        faults.append(Fault("estimates.csv", "file", problem, remedy))
    if faults or card is None or plans is None:
        # The rules name a file alone; which folder it lies in, this place knows.
        raise ConfigError([replace(fault, file=str(config_folder / Path(fault.file).name)) for fault in faults])
    return PriceList(card, plans, components)


def _read_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        problem = f"it cannot be read ({error.strerror})" if isinstance(error, OSError) else f"it is not TOML: {error}"
        fault = Fault(file.name, "file", problem, "Correct that line, or restore the file from the release")
        raise ConfigError([fault]) from error
