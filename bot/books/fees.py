"""A plan's fee: deferred when it is charged or paid, earned by the day while the span it pays for goes by.

What is earned is posted when a local month ends and when the span does. Whatever is refunded of a fee that was paid
without an invoice makes it smaller, for the days gone by as for those to come. Source: design, "Money".
"""

from __future__ import annotations

from datetime import date, datetime

from bot.books.commissions import follow_cash
from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import kept
from bot.books.invoicing import Issued, issue, line_of
from bot.ledger.credits import anniversary
from bot.ledger.postings import earn_draft, fee_draft
from bot.money import BASIS_POINTS, divide
from bot.notices.paper import Phrase, phrase
from bot.queries import fees as queries
from bot.store import Row, Tx
from bot.zones import midnight, zone_named


def invoice_fee(
    tx: Tx, client: Row, *, text: Phrase, net_cents: int, from_on: date, to_on: date, key: str, now: datetime
) -> Issued:
    """Charge a fee for a span of service, the end exclusive. The client's row is locked."""
    last_on = date.fromordinal(to_on.toordinal() - 1)
    span_of = phrase("span", first=from_on.isoformat(), last=last_on.isoformat())
    line = line_of(from_on, text, [span_of], net_cents)
    tax = divide(net_cents * client.tax_basis_points, BASIS_POINTS)
    span = {"fee": kept(from_on=from_on, to_on=to_on)}
    issued = issue(tx, client, [line], key=key, now=now, draft=fee_draft(net_cents, tax), evidence=span)
    keep_fee(tx, client, net_cents=net_cents, from_on=from_on, to_on=to_on, now=now, invoice_id=issued.id)
    if issued.applied_cents:
        on = now.astimezone(zone_named(client.zone)).date()
        follow_cash(tx, client, issued.id, on=on, now=now)
    return issued


def keep_fee(
    tx: Tx,
    client: Row,
    *,
    net_cents: int,
    from_on: date,
    to_on: date,
    now: datetime,
    invoice_id: int | None = None,
    payment_id: int | None = None,
) -> None:
    """Keep what was deferred, and earn at once what of its span is past."""
    fee_id = tx.insert(
        "fee", client_id=client.id, invoice_id=invoice_id, payment_id=payment_id, from_on=from_on, to_on=to_on,
        net_cents=net_cents, earn_at=now,
    )  # fmt: skip
    earn(tx, fee_id, client.id, now=now)


def shrink_fee(tx: Tx, client: Row, payment_id: int, *, net_cents: int, now: datetime) -> None:
    """A part of a fee paid without an invoice went back."""
    fee = tx.one(queries.FEE_OF_PAYMENT, payment_id=payment_id)
    assert fee is not None
    tx.run(queries.SHRINK, fee_id=fee.id, net_cents=net_cents, earn_at=now)
    earn(tx, fee.id, client.id, now=now)


def earn(tx: Tx, fee_id: int, client_id: int, *, now: datetime) -> int:
    """Post what of a fee is earned by now and was not posted; returns its cents, negative where it became smaller."""
    client = lock_client(tx, client_id)
    fee = tx.one(queries.FEE, fee_id=fee_id)
    if fee is None or fee.earn_at is None or fee.earn_at > now:
        return 0
    today = now.astimezone(zone_named(client.zone)).date()
    reached = _earned(fee, today)
    cents = reached - fee.earned_cents
    next_on = min(anniversary(today.replace(day=1), 1), fee.to_on)
    begins_at = midnight(client.zone, fee.from_on)
    later_at = begins_at if now < begins_at else midnight(client.zone, next_on)
    tx.run(queries.EARNED, fee_id=fee.id, earned_cents=reached, earn_at=None if today >= fee.to_on else later_at)
    if cents:
        last = tx.one(queries.EARNINGS_OF_FEE, client_id=client.id)
        evidence = {
            "fee_id": fee.id,
            "net_cents": fee.net_cents,
            "from_on": fee.from_on.isoformat(),
            "to_on": fee.to_on.isoformat(),
            "earned_to_on": today.isoformat(),
            "earned_before_cents": fee.earned_cents,
        }
        key = f"earn:{fee.id}:{last.number if last is not None else 0}"
        post(tx, earn_draft(cents), Cause(key, client.id, now, evidence=evidence))
    return int(cents)


def _earned(fee: Row, today: date) -> int:
    """By the day: the days of the span that are over, of all its days."""
    days = (fee.to_on - fee.from_on).days
    gone = max(0, min((today - fee.from_on).days, days))
    return int(fee.net_cents * gone // days)
