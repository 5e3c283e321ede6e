"""What consultants earn accrues beside each charge, and goes back with it when the charge is taken back.

Pay is posted in the client's books, in the same transaction as the charge that it follows. A correction of a day goes
to whoever did the last work of that day that stands. Source: mission, "Money to people".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.books.entries import Cause, post
from bot.books.evidence import kept
from bot.errors import UserError
from bot.ledger.charges import Charge
from bot.ledger.pay import earned, pay_terms, value_cents
from bot.ledger.postings import pay_draft
from bot.ledger.rates import STANDARD, RateCard
from bot.ledger.units import added
from bot.ledger.wording import Source
from bot.queries import money
from bot.queries import payouts as queries
from bot.queries import people as people_queries
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.zones import zone_named


def accrue(
    tx: Tx,
    charge: Charge,
    sources: Sequence[Source],
    *,
    client_id: int,
    ticket_id: int,
    work_item_id: int | None,
    charge_entry_id: int,
    now: datetime,
    card: RateCard = STANDARD,
) -> None:
    """Post what a charge earns whoever did the work; nothing where nobody did it for pay."""
    item = _worker(tx, ticket_id, charge, work_item_id)
    if item is None or item.consultant_id is None:
        return
    worker = tx.one(queries.PAY_TERMS, consultant_id=item.consultant_id)
    terms = pay_terms(worker.pay_basis_points, worker.pay_cents_json) if worker is not None else None
    if terms is None or not terms.is_any:
        return
    drawn = [(source.tier, source.units) for source in sources]
    value = value_cents(drawn, charge.covered_rows, card)
    seconds = added(charge.row_seconds, charge.covered_rows)
    pay = earned(terms, value=value, seconds=seconds)
    if not pay.cents:
        return
    evidence = {
        "charge_entry_id": charge_entry_id,
        "consultant_id": item.consultant_id,
        "basis_points": terms.basis_points,
        "cents_per_hour": dict(terms.cents_per_hour),
        "drawn": drawn,
        "covered_seconds": dict(charge.covered_rows),
        "seconds": dict(seconds),
        "units_per_quarter": {row.value: count for row, count in card.units_per_quarter.items()},
        "unit_cents": {tier.value: cents for tier, cents in card.unit_cents.items()},
        "cents": pay.cents,
    }
    cause = Cause(
        f"pay:{charge_entry_id}", client_id, now, ticket_id=ticket_id, work_item_id=item.id, evidence=evidence
    )
    _post(tx, cause, consultant_id=item.consultant_id, work_item_id=item.id, cents=pay.cents, why=pay.why)


def take_back(tx: Tx, charge_entry_id: int, *, now: datetime, why: str) -> int:
    """Take back the pay that followed a charge; returns its cents, 0 where none stands."""
    row = tx.one(queries.PAY_OF_ENTRY, key=f"pay:{charge_entry_id}")
    key = f"pay-back:{charge_entry_id}"
    if row is None or tx.one(money.ENTRY_BY_KEY, key=key) is not None:
        return 0
    evidence = {"consultant_id": row.consultant_id, "cents": -row.cents}
    cause = Cause(
        key, row.client_id, now, work_item_id=row.work_item_id, reverses_id=row.entry_id, reason=why, evidence=evidence
    )
    _post(tx, cause, consultant_id=row.consultant_id, work_item_id=row.work_item_id, cents=-row.cents, why=why)
    return int(row.cents)


def cut(tx: Tx, charge_entry_id: int, *, now: datetime) -> int:
    """A manager's word that whoever did waived work is not paid for it. Raises UserError where no pay stands."""
    cents = take_back(tx, charge_entry_id, now=now, why="waived, and not paid")
    if not cents:
        raise UserError(sentence("waive nobody paid"))
    return cents


def _post(tx: Tx, cause: Cause, *, consultant_id: int, work_item_id: int, cents: int, why: str) -> None:
    client = tx.one(people_queries.CLIENT_BY_ID, client_id=cause.client_id)
    assert client is not None
    row: dict[str, object] = {"work_item_id": work_item_id, "consultant_id": consultant_id, "cents": cents, "why": why}
    row |= {"client_id": cause.client_id, "accrued_on": cause.now.astimezone(zone_named(client.zone)).date()}
    cause = replace(cause, evidence={**cause.evidence, "row": kept(**row)})
    tx.insert("pay", **row, entry_id=post(tx, pay_draft(cents), cause))


def _worker(tx: Tx, ticket_id: int, charge: Charge, work_item_id: int | None) -> Row | None:
    if work_item_id is not None:
        return tx.one(money.WORK_ITEM, work_item_id=work_item_id)
    return tx.one(queries.LAST_WORK_OF_DAY, ticket_id=ticket_id, work_on=charge.work_on)
