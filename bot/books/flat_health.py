"""Whether a flat plan pays: its fee against the hours it took, remote and on site, reactive and proactive.

Flat rate works when it is proactive; four small clients in 10 to 12 hours a week is the measure. Reads only.
Source: mission, "Also" (B).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.ledger.credits import anniversary
from bot.ledger.kinds import Kind
from bot.ledger.plans import Plan
from bot.money import divide
from bot.queries import fees as fee_queries
from bot.queries import flat as queries
from bot.store import Row, Tx

MONTHS = 12
# Source B: four small clients in 10 to 12 hours a week.
CLIENTS_OF_MEASURE, HOURS_OF_MEASURE = 4, (10, 12)
ONSITE = frozenset({Kind.ONSITE, Kind.TRAVEL})
MONITORED = frozenset({"alert", "alerts"})


@dataclass(slots=True)
class Month:
    """One local month of a client: the fee of its days, and minutes of work that stands."""

    first_on: date
    fee_cents: int = 0
    minutes: int = 0
    onsite: int = 0
    proactive: int = 0

    @property
    def reactive(self) -> int:
        return self.minutes - self.proactive

    @property
    def remote(self) -> int:
        return self.minutes - self.onsite

    @property
    def rate_cents(self) -> int | None:
        """What the fee comes to an hour; None where nothing was done."""
        return divide(self.fee_cents * 60, self.minutes) if self.minutes else None


@dataclass(frozen=True, slots=True)
class Health:
    """A client's last months, oldest first, and what they come to."""

    client: Row
    months: tuple[Month, ...] = field(default=())

    @property
    def total(self) -> Month:
        parts = (sum(values) for values in zip(*(_figures(month) for month in self.months), strict=True))
        return Month(self.months[0].first_on, *parts)


def flat_clients(tx: Tx, plans: Mapping[str, Plan]) -> list[Row]:
    """The active clients whose plan covers work by its fee."""
    return [row for row in tx.all(queries.ACTIVE) if plans[row.plan].covers]


def health(tx: Tx, client: Row, *, today: date) -> Health:
    """The running month and the eleven before it."""
    first_month = today.replace(day=1)
    first = anniversary(first_month, 1 - MONTHS)
    months = {on: Month(on) for on in (anniversary(first, step) for step in range(MONTHS))}
    for row in tx.all(queries.WORK, client_id=client.id, first_on=first, last_on=today):
        month = months[row.work_on.replace(day=1)]
        month.minutes += row.minutes
        month.onsite += row.minutes * (row.kind in ONSITE)
        month.proactive += row.minutes * (row.kind == Kind.CHECK or row.channel in MONITORED)
    for fee in tx.all(fee_queries.FEES_OF_CLIENT, client_id=client.id):
        for month in months.values():
            end_on = min(anniversary(month.first_on, 1), today + timedelta(days=1))
            month.fee_cents += _share(fee, month.first_on, end_on)
    return Health(client, tuple(months.values()))


def weekly_hours(found: list[Health]) -> float:
    """What all of them took a week over the last three months, in hours."""
    minutes = sum(month.minutes for one in found for month in one.months[-3:])
    return minutes / 60 / 13


def _share(fee: Row, from_on: date, to_on: date) -> int:
    """What of a fee falls to the days from … to, the end exclusive."""
    days = (min(fee.to_on, to_on) - max(fee.from_on, from_on)).days
    return int(divide(fee.net_cents * days, (fee.to_on - fee.from_on).days)) if days > 0 else 0


def _figures(month: Month) -> tuple[int, int, int, int]:
    return month.fee_cents, month.minutes, month.onsite, month.proactive
