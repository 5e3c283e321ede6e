"""What a client's plan pays for by itself, and whether having it is consent to chargeable work.

The flat maintenance plan covers remote kinds and checks at any priority in open hours, and in closed time only if it
is round the clock; on-site work, travel, bench and coding it does not cover. Source: mission, "Flat maintenance plan"
and "Plan or agreement first".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import ConfigError, Fault
from bot.ledger.kinds import Kind

REMOTE_KINDS = frozenset({Kind.REMOTE, Kind.CONSULTATION, Kind.REMOTE_UNSCHEDULED, Kind.CHECK})


@dataclass(frozen=True, slots=True)
class Plan:
    """Terms of one plan; see config/plans.toml for each key."""

    name: str
    is_consent: bool = False
    covers: frozenset[Kind] = frozenset()
    is_round_the_clock: bool = False
    included_units: int = 0
    fee_cents: int = 0

    def is_covering(self, kind: Kind, *, is_closed: bool) -> bool:
        """Whether the plan's own fee pays this work. `is_closed`: it counts as closed time (see charges)."""
        return kind in self.covers and (self.is_round_the_clock or not is_closed)

    @property
    def is_covering_contacts(self) -> bool:
        """Whether an urgent contact in closed time is paid by the plan: it is answered remotely."""
        return self.is_covering(Kind.REMOTE, is_closed=True)


# Source: mission; config/plans.toml states the same.
STANDARD: Mapping[str, Plan] = MappingProxyType(
    {
        plan.name: plan
        for plan in (
            Plan("per-use", is_consent=True),
            Plan("managed", is_consent=True, included_units=24),
            Plan("flat", is_consent=True, covers=REMOTE_KINDS),
            Plan("flat-24h", is_consent=True, covers=REMOTE_KINDS, is_round_the_clock=True),
            Plan("subscription", fee_cents=6000),
            Plan("none"),
        )
    }
)

_KEYS: Mapping[str, type] = {
    "is_consent": bool,
    "covers": list,
    "is_round_the_clock": bool,
    "included_units": int,
    "fee_cents": int,
}


def parse_plans(table: Mapping[str, object], file: str = "config/plans.toml") -> Mapping[str, Plan]:
    """The plans that a TOML table states. Raises ConfigError with every fault of it."""
    faults: list[Fault] = []
    plans = {name: _parse_plan(name, terms, file, faults) for name, terms in table.items()}
    faults += [
        Fault(file, name, "is missing", f"Keep a table [{name}], even an empty one.")
        for name in STANDARD.keys() - plans.keys()
    ]
    if faults:
        raise ConfigError(faults)
    return MappingProxyType(plans)


def _parse_plan(name: str, terms: object, file: str, faults: list[Fault]) -> Plan:
    if not isinstance(terms, Mapping):
        faults.append(Fault(file, name, f"is {terms!r}", f"Write a table: [{name}]."))
        return Plan(name)
    good: dict[str, object] = {}
    for key, value in terms.items():
        expected = _KEYS.get(key)
        if expected is None:
            faults.append(Fault(file, f"{name}.{key}", "unknown key", f"Known are {', '.join(_KEYS)}."))
        elif type(value) is not expected or (isinstance(value, int) and value < 0):
            faults.append(Fault(file, f"{name}.{key}", f"is {value!r}", f"Write a {expected.__name__}."))
        elif isinstance(value, list):
            good[key] = _parse_covers(name, value, file, faults)
        else:
            good[key] = value
    return Plan(name, **good)  # type: ignore[arg-type]


def _parse_covers(name: str, value: list[object], file: str, faults: list[Fault]) -> frozenset[Kind]:
    known = {kind.value: kind for kind in Kind}
    for kind in value:
        if kind not in known:
            faults.append(Fault(file, f"{name}.covers", f"{kind!r} is no kind", f"Known are {', '.join(known)}."))
    return frozenset(known[kind] for kind in value if isinstance(kind, str) and kind in known)
