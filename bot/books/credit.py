"""Credit: grants are opened, drawn on, lapse at their local midnight, and come back where late work needs them.

Source: mission, "Credit is counted in units".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.books.entries import Cause, lock_client, post, postings_of
from bot.books.evidence import kept
from bot.errors import UserError
from bot.ledger.credits import PER_USE, Draw, Grant, anniversary, value_cents
from bot.ledger.postings import Account, Commodity, Parcel, grant_draft, lapse_draft, return_draft, reversal_draft
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD, PriceList
from bot.queries import fees as fee_queries
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.zones import first_reading, midnight, zone_named

WARN_DAYS = (30, 7)
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Units that lapsed in a grant."""

    grant_id: int
    client_id: int
    tier: str
    units: int


# ---------------------------------------------------------------- opening a grant


def grant(
    tx: Tx,
    *,
    client_id: int,
    tier: str,
    key: str,
    now: datetime,
    units: int | None = None,
    price_cents: int | None = None,
    bought_on: date | None = None,
    lapses_on: date | None = None,
    granted_by_id: int | None = None,
    note: str = "",
    kind: str = "grant",
    prices: PriceList = STANDARD,
) -> int:
    """Give a client credit; returns the grant's id. What it costs waits to be invoiced (see bundles).

    kind: "gift" for one that costs nothing, "opening" for one that was paid before these books began.

    units, price_cents: those of the bundle, or of the plan's included hours, where not said; fewer or more units of a
    bundle cost their share of its price. lapses_on: included units lapse on the next monthly anniversary of the
    client's first day of service where not said; bought ones never. Raises UserError for what makes no sense.
    """
    client = lock_client(tx, client_id)
    bought_on = bought_on or now.astimezone(zone_named(client.zone)).date()
    units, price_cents = _size(tier, units, 0 if kind == "gift" else price_cents, prices)
    if lapses_on is None and tier == Tier.INCLUDED:
        lapses_on = next_anniversary(client.service_started_on or bought_on, bought_on)
    if lapses_on is not None and lapses_on <= bought_on:
        raise UserError(sentence("grant lapse", on=bought_on, until=lapses_on))
    row: dict[str, object] = {"client_id": client_id, "tier": tier, "units": units, "price_cents": price_cents}
    row |= {"bought_on": bought_on, "lapses_on": lapses_on, "granted_by_id": granted_by_id, "note": note}
    lapse_at = midnight(client.zone, lapses_on) if lapses_on is not None else None
    warn_at = first_warning_at(client.zone, bought_on, lapses_on) if lapses_on is not None else None
    grant_id = tx.insert("credit_grant", **row, balance_units=0, lapse_at=lapse_at, warn_at=warn_at)
    evidence = {"row": kept(**row), **kept(grant_id=grant_id, lapse_at=lapse_at)}
    cause = Cause(key, client_id, now, reason=note, evidence=evidence)
    post(tx, grant_draft(Parcel(grant_id, units, price_cents), kind=kind), cause)
    return grant_id


def first_warning_at(zone: str, bought_on: date, lapses_on: date, *, after: datetime | None = None) -> datetime | None:
    """When a client is told next that credit will lapse: 30 and 7 days before, in the morning; None if never again.

    Credit that runs for a month or two is warned of once: at 30 days it has just begun.
    """
    days = WARN_DAYS if (lapses_on - bought_on).days > 2 * WARN_DAYS[0] else WARN_DAYS[1:]
    for ahead in days:
        on = lapses_on - timedelta(days=ahead)
        at = first_reading(zone, datetime.combine(on, MORNING))
        if on > bought_on and (after is None or at > after):
            return at
    return None


def lapse_told(tx: Tx, row: Row, *, now: datetime) -> None:
    """A warning of a lapse went out: the next one, if there is one, is due later."""
    client = lock_client(tx, row.client_id)
    next_at = first_warning_at(client.zone, row.bought_on, row.lapses_on, after=now)
    tx.run(fee_queries.WARNED, grant_id=row.id, warn_at=next_at)


def buy_credit(tx: Tx, *, client_id: int, tier: str, bought_on: date, note: str, now: datetime) -> None:
    """A bundle at its list price that was bought before these books began, as an import brings it; once."""
    lock_client(tx, client_id)
    key = f"grant:{client_id}:{tier}:{bought_on.isoformat()}:{note}"
    if tx.one(queries.ENTRY_BY_KEY, key=key) is None:
        grant(tx, client_id=client_id, tier=tier, key=key, now=now, bought_on=bought_on, note=note, kind="opening")


def next_anniversary(began_on: date, after_on: date) -> date:
    """The first monthly anniversary of a day that lies after another, clamped to the month's end."""
    months = (after_on.year - began_on.year) * 12 + after_on.month - began_on.month
    ends = (anniversary(began_on, months + step) for step in (0, 1, 2))
    return next(end for end in ends if end > after_on)


def _size(tier: str, units: int | None, price_cents: int | None, prices: PriceList) -> tuple[int, int]:
    """Units and price of a grant. Raises UserError where the tier is not one that can be granted."""
    if tier == Tier.INCLUDED:
        included = max((plan.included_units for plan in prices.plans.values()), default=0)
        units, price_cents = units or included, price_cents or 0
    elif tier in (Tier.CREDIT_12H, Tier.CREDIT_40H):
        bundle = prices.card.bundles[Tier(tier)]
        units = units if units is not None else bundle.units
        price_cents = price_cents if price_cents is not None else bundle.price_cents * units // bundle.units
    else:
        raise UserError(sentence("grant tier", word=repr(tier)))
    if units <= 0 or price_cents < 0:
        raise UserError(sentence("grant units", count=units, price=price_cents))
    return units, price_cents


@dataclass(frozen=True, slots=True)
class Returned:
    """Bought credit that was taken back: units, and what was paid for them."""

    units: int
    cents: int


def return_credit(tx: Tx, client_id: int, *, units: int | None, key: str, reason: str, now: datetime) -> Returned:
    """Take bought credit back at the price paid, the newest first; None for all that is left of it.

    What was paid for it waits for the next invoice, or is refunded. Raises UserError for more than is left.
    """
    lock_client(tx, client_id)
    rows = [row for row in tx.all(queries.GRANTS, client_id=client_id) if row.balance_units and row.price_cents]
    held = sum(row.balance_units for row in rows)
    wanted = held if units is None else units
    if not 0 < wanted <= held:
        raise UserError(sentence("credit back most", count=held) if held else sentence("credit back none"))
    left, cents = wanted, 0
    for row in sorted(rows, key=lambda row: (row.bought_on, row.id), reverse=True):
        taken = min(left, row.balance_units)
        if not taken:
            break
        worth, _ = parcels(tx, [Draw(row.id, taken)])
        evidence = {"grant_id": row.id, "units": taken, "cents": worth[0].cents}
        post(tx, return_draft(worth[0]), Cause(f"{key}:{row.id}", client_id, now, reason=reason, evidence=evidence))
        left, cents = left - taken, cents + worth[0].cents
    return Returned(wanted, cents)


# ---------------------------------------------------------------- drawing on grants


def grants_for(tx: Tx, client_id: int, on: date) -> dict[int, Grant]:
    """The grants that work of a date may draw on, by id, oldest first, with what each can still give.

    One that has lapsed since is among them, with what lapsed in it: work dated before the lapse may use it, however
    late it is logged, until the month is closed.
    """
    usable = {}
    closed_to_on = lock_client(tx, client_id).closed_to_on
    is_closed = closed_to_on is not None and on < closed_to_on
    for row in tx.all(queries.GRANTS, client_id=client_id):
        may_come_back = row.lapses_on is not None and not is_closed
        units = row.balance_units + (lapsed_units(tx, row.id) if may_come_back else 0)
        candidate = Grant(row.id, row.tier, units, row.lapses_on, row.bought_on)
        if units > 0 and candidate.is_usable_on(on):
            usable[row.id] = candidate
    return usable


def lapsed_units(tx: Tx, grant_id: int) -> int:
    """What lapsed in a grant and was not brought back."""
    return sum(
        -posting.amount
        for entry in tx.all(queries.LAPSES_OF_GRANT, grant_id=grant_id)
        for posting in postings_of(tx, entry.id)
        if posting.account is Account.CREDIT and posting.commodity is Commodity.UNITS
    )


def bring_back(tx: Tx, draws: Sequence[Draw], *, key: str, now: datetime) -> None:
    """Reverse the lapse of grants that late work draws more from than they hold; what stays unused lapses again."""
    for draw in draws:
        row = tx.one(queries.GRANT, grant_id=draw.grant_id) if draw.grant_id is not PER_USE else None
        if row is None or draw.units <= row.balance_units:
            continue
        for entry in tx.all(queries.LAPSES_OF_GRANT, grant_id=row.id):
            cause = Cause(
                f"unlapse:{entry.id}:{key}", row.client_id, now, reverses_id=entry.id, reason="late work of that term"
            )
            post(tx, reversal_draft(postings_of(tx, entry.id)), cause)


def lapse_again(tx: Tx, draws: Sequence[Draw], *, now: datetime) -> None:
    """Where a day drew from, or gave back to, a grant whose lapse date is past: what is left in it lapses at once."""
    for draw in draws:
        row = tx.one(queries.GRANT, grant_id=draw.grant_id) if draw.grant_id is not PER_USE else None
        if row is not None and row.lapses_on is not None and row.lapse_at is None and row.balance_units:
            tx.run(queries.SET_LAPSE_AT, grant_id=row.id, lapse_at=now)
            lapse(tx, row, now=now)


def parcels(tx: Tx, draws: Sequence[Draw]) -> tuple[list[Parcel], list[str]]:
    """The draws from grants with what each is worth of its grant's price, and their tiers in the same order."""
    worth, tiers = [], []
    for draw in draws:
        if draw.grant_id is PER_USE:
            continue
        row = tx.one(queries.GRANT, grant_id=draw.grant_id)
        assert row is not None
        cents = value_cents(row.price_cents, row.units, drawn_before=row.units - row.balance_units, units=draw.units)
        worth.append(Parcel(row.id, draw.units, cents))
        tiers.append(row.tier)
    return worth, tiers


def left_units(tx: Tx, client_id: int) -> int | None:
    """What a client's grants hold together; None if it never had one."""
    rows = tx.all(queries.GRANTS, client_id=client_id)
    return sum(row.balance_units for row in rows) if rows else None


# ---------------------------------------------------------------- lapse


def lapse(tx: Tx, due: Row, *, now: datetime) -> Lapsed | None:
    """Lapse what is left of a grant that is due; None if it was not, or holds nothing.

    due: a row with id and client_id. The grant is read again under the client's lock, for two ticks may see it due.
    """
    lock_client(tx, due.client_id)
    row = tx.one(queries.GRANT, grant_id=due.id)
    if row is None or row.lapse_at is None or row.lapse_at > now:
        return None
    tx.run(queries.SET_LAPSE_AT, grant_id=row.id, lapse_at=None)
    if not row.balance_units:
        return None
    last = tx.one(queries.LAST_ENTRY, client_id=row.client_id)
    assert last is not None
    cents = value_cents(row.price_cents, row.units, drawn_before=row.units - row.balance_units, units=row.balance_units)
    cause = Cause(
        f"lapse:{row.id}:{last.number}",
        row.client_id,
        now,
        evidence={"lapses_on": row.lapses_on.isoformat(), "lapse_at": row.lapse_at.isoformat(), "tier": row.tier},
    )
    post(tx, lapse_draft(Parcel(row.id, row.balance_units, cents)), cause)
    return Lapsed(row.id, row.client_id, row.tier, row.balance_units)
