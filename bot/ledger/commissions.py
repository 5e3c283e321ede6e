"""What the consultant who brought a client earns of its subscription.

10 % of the net subscription fee, on cash received, for service in the client's first 12 months, by the day; refunds
reverse it. A later change of lead moves nothing. Source: mission, "Money to people".
"""

from __future__ import annotations

from datetime import date

from bot.errors import LedgerError
from bot.ledger.credits import anniversary
from bot.money import BASIS_POINTS, divide

SHARE_BASIS_POINTS = 1000
FIRST_MONTHS = 12


def commission_cents(
    net_cents: int,
    service_from_on: date,
    service_to_on: date,
    *,
    began_on: date,
    basis_points: int = SHARE_BASIS_POINTS,
) -> int:
    """The commission on cash received for a span of service; negative for a refund.

    net_cents:       received without tax, or what is left of it after refunds.
    service_…_on:    the span paid for, the end exclusive. began_on: the client's first day of service.
    Rounded once, half away from zero, so that a full refund takes back exactly what the payment gave.
    """
    days = (service_to_on - service_from_on).days
    if days <= 0:
        raise LedgerError(f"service from {service_from_on} to {service_to_on} has no day in it")
    counted_to = min(service_to_on, anniversary(began_on, FIRST_MONTHS))
    counted = max(0, (counted_to - max(service_from_on, began_on)).days)
    return divide(net_cents * basis_points * counted, BASIS_POINTS * days)


def commission_change(
    net_cents_before: int,
    net_cents_after: int,
    service_from_on: date,
    service_to_on: date,
    *,
    began_on: date,
    basis_points: int = SHARE_BASIS_POINTS,
) -> int:
    """What to post when the cash held for one span changes: by a payment, or by a refund of a part of it.

    Taken as a difference, so that refunds in several parts take back neither a cent more nor less than the whole.
    """

    def on(net_cents: int) -> int:
        return commission_cents(net_cents, service_from_on, service_to_on, began_on=began_on, basis_points=basis_points)

    return on(net_cents_after) - on(net_cents_before)
