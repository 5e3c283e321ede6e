"""Posts what a pure charge says: draws on grants, debt, and the evidence beside the entry.

The client's row is locked by whoever calls. Every way to a charge (logged work, contacts, corrections) ends here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.books import credit, paying
from bot.books.entries import Cause, post
from bot.books.evidence import kept
from bot.ledger.charges import Charge
from bot.ledger.credits import PER_USE
from bot.ledger.postings import charge_draft
from bot.ledger.rates import Tier
from bot.ledger.wording import Source
from bot.queries import money
from bot.store import Tx


@dataclass(frozen=True, slots=True)
class Posted:
    """A charge as it was posted."""

    charge_id: int
    entry_id: int
    sources: tuple[Source, ...]


def post_charge(
    tx: Tx,
    charge: Charge,
    *,
    client_id: int,
    ticket_id: int,
    work_item_id: int | None,
    key: str,
    now: datetime,
    kind: str = "charge",
    reason: str = "",
) -> Posted:
    """Post what a charge costs, and keep it beside its entry. The client's row is locked."""
    credit.bring_back(tx, charge.draws, key=key, now=now)
    parcels, tiers = credit.parcels(tx, charge.draws)
    per_use = sum(draw.units for draw in charge.draws if draw.grant_id is PER_USE)
    cause = Cause(
        key,
        client_id,
        now,
        kind=kind,
        work_on=charge.work_on,
        ticket_id=ticket_id,
        work_item_id=work_item_id,
        reason=reason,
        evidence={**charge.evidence, **_item(tx, work_item_id)},
    )
    entry_id = post(tx, charge_draft(parcels, per_use_units=per_use, due_cents=charge.due_cents), cause)
    charge_id = tx.insert(
        "charge",
        entry_id=entry_id,
        client_id=client_id,
        ticket_id=ticket_id,
        work_item_id=work_item_id,
        work_on=charge.work_on,
        units=charge.units,
        due_cents=charge.due_cents,
        day_quarters_json=json.dumps({row.value: count for row, count in charge.day_quarters.items()}),
        draws_json=json.dumps([[draw.grant_id, draw.units] for draw in charge.draws]),
        charged_at=now,
    )
    sources = [Source(tier, parcel.units, parcel.cents) for tier, parcel in zip(tiers, parcels, strict=True)]
    if per_use:
        sources.append(Source(Tier.PER_USE, per_use, charge.due_cents))
    credit.lapse_again(tx, charge.draws, now=now)
    paying.accrue(
        tx, charge, sources, client_id=client_id, ticket_id=ticket_id, work_item_id=work_item_id,
        charge_entry_id=entry_id, now=now,
    )  # fmt: skip
    return Posted(charge_id, entry_id, tuple(sources))


def _item(tx: Tx, work_item_id: int | None) -> dict[str, object]:
    """The work item as it was when it was billed."""
    row = tx.one(money.WORK_ITEM, work_item_id=work_item_id) if work_item_id is not None else None
    if row is None:
        return {}
    values = row._asdict()
    return {"item": kept(**{name: values[name] for name in values if name not in ("id", "reversed_at")})}
