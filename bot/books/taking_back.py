"""Charges are taken back by a reversal, or given up by a waiver; never edited, never deleted.

Source: design, "Money"; mission, "Urgent off-hours contact" (a manager can waive).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from bot.books import credit, paying
from bot.books.charging import post_charge
from bot.books.days import day_of, standing_draws, terms_of
from bot.books.entries import Cause, lock_client, post, postings_of
from bot.books.invoicing import credit_note
from bot.errors import NotFound, UserError
from bot.hours import midnight
from bot.ledger.charges import settle_day
from bot.ledger.credits import PER_USE, Draw, give_back
from bot.ledger.postings import part_waiver_draft, reversal_draft, waiver_draft
from bot.ledger.work import Terms
from bot.pricelist import STANDARD, PriceList
from bot.queries import money as queries
from bot.sentences import sentence
from bot.store import Row, Tx


@dataclass(frozen=True, slots=True)
class Waived:
    """A charge that a manager gave up: the units that went back, and the cents no longer owed."""

    charge_id: int
    ticket_id: int
    client_id: int
    units: int
    due_cents: int


def reverse(tx: Tx, charge_id: int, *, reason: str, now: datetime, prices: PriceList = STANDARD) -> None:
    """Take a charge back as if its work had never been logged; the rest of that day's work is billed as it then is.

    Posts the mirror of the charge and, where the day's other work now makes more or less than what stays posted, one
    correction. Raises UserError if it was reversed or waived before.
    """
    row = _live_charge(tx, charge_id)
    client = lock_client(tx, row.client_id)
    row = _live_charge(tx, charge_id)
    if row.is_waived:
        raise UserError(sentence("charge was waived", id=charge_id))
    # What was given up of it in part goes back with it: the mirror is of everything that stands.
    parts = [part.id for part in tx.all(queries.REVERSALS, entry_id=row.entry_id) if part.kind == "waive"]
    standing = [posting for entry_id in (row.entry_id, *parts) for posting in postings_of(tx, entry_id)]
    cause = _cause_against(row, f"reversal:{row.entry_id}", reason=reason, now=now)
    post(tx, reversal_draft(standing), cause)
    paying.take_back(tx, row.entry_id, now=now, why=reason)
    _credit(tx, row, _standing_cents(row), reason=reason, now=now)
    if row.work_item_id is not None:
        tx.run(queries.REVERSE_WORK, work_item_id=row.work_item_id, now=now)
    credit.lapse_again(tx, _draws(row), now=now)
    terms = terms_of(tx, client, midnight(client.zone, row.work_on), prices)
    _correct(tx, client, terms, row, now=now)


def _correct(tx: Tx, client: Row, terms: Terms, reversed_charge: Row, *, now: datetime) -> None:
    day = day_of(tx, reversed_charge.ticket_id, reversed_charge.work_on)
    grants = tuple(credit.grants_for(tx, client.id, reversed_charge.work_on).values())
    correction = settle_day(terms, day, grants, reversed_charge.work_on)
    if correction.units:
        key = f"correction:{reversed_charge.entry_id}"
        post_charge(
            tx, correction, client_id=client.id, ticket_id=reversed_charge.ticket_id, work_item_id=None, key=key,
            now=now, kind="correction", reason=f"charge {reversed_charge.id} was taken back",
        )  # fmt: skip


def waive(tx: Tx, charge_id: int, *, reason: str, now: datetime) -> Waived:
    """Give a charge up: credit goes back, debt goes, and the use stays in sight. A later log does not bill it again.

    Raises UserError if it was waived or reversed before.
    """
    row = _live_charge(tx, charge_id)
    lock_client(tx, row.client_id)
    row = _live_charge(tx, charge_id)
    if row.is_waived:
        raise UserError(sentence("charge waived already", id=charge_id))
    if row.waived_units:
        rest = sum(draw.units for draw in standing_draws(row))
        return waive_part(tx, charge_id, units=rest, reason=reason, now=now)
    cause = _cause_against(row, f"waive:{row.entry_id}", reason=reason, now=now)
    post(tx, waiver_draft(postings_of(tx, row.entry_id)), cause)
    _credit(tx, row, row.due_cents, reason=reason, now=now)
    tx.run(queries.WAIVE_CHARGE, charge_id=charge_id)
    credit.lapse_again(tx, _draws(row), now=now)
    return Waived(row.id, row.ticket_id, row.client_id, row.units, row.due_cents)


def waive_part(tx: Tx, charge_id: int, *, units: int, reason: str, now: datetime) -> Waived:
    """Give up so many units of a charge, the last drawn first: per use before credit. Raises UserError for too many."""
    row = _live_charge(tx, charge_id)
    lock_client(tx, row.client_id)
    row = _live_charge(tx, charge_id)
    held = sum(draw.units for draw in standing_draws(row))
    if not 0 < units <= held:
        raise UserError(sentence("charge holds", id=charge_id, count=held))
    back = give_back(standing_draws(row), units)
    parcels, _ = credit.parcels(tx, back)
    per_use = sum(draw.units for draw in back if draw.grant_id is PER_USE)
    evidence = json.loads(row.evidence_json)
    cents = per_use * evidence["cents_per_unit"]
    draft = part_waiver_draft(parcels, per_use_units=per_use, due_cents=cents)
    cause = _cause_against(row, f"waive:{row.entry_id}:{row.waived_units + units}", reason=reason, now=now)
    evidence = {"units": units, "draws": [[draw.grant_id, draw.units] for draw in back]}
    post(tx, draft, replace(cause, evidence=evidence))
    _credit(tx, row, -cents, reason=reason, now=now)
    tx.run(queries.WAIVE_PART, charge_id=charge_id, units=units)
    if units == held:
        tx.run(queries.WAIVE_CHARGE, charge_id=charge_id)
    credit.lapse_again(tx, back, now=now)
    return Waived(row.id, row.ticket_id, row.client_id, units, -cents)


def _live_charge(tx: Tx, charge_id: int) -> Row:
    row = tx.one(queries.CHARGE, charge_id=charge_id)
    if row is None:
        raise NotFound(sentence("answer no charge", id=charge_id))
    if any(reversal.kind == "reversal" for reversal in tx.all(queries.REVERSALS, entry_id=row.entry_id)):
        raise UserError(sentence("charge back already", id=charge_id))
    return row


def _cause_against(row: Row, key: str, *, reason: str, now: datetime) -> Cause:
    """Why an entry is posted that takes back a charge, or a part of it."""
    return Cause(
        key,
        row.client_id,
        now,
        work_on=row.work_on,
        ticket_id=row.ticket_id,
        work_item_id=row.work_item_id,
        reverses_id=row.entry_id,
        reason=reason,
    )


def _credit(tx: Tx, row: Row, cents: int, *, reason: str, now: datetime) -> None:
    """What was on an invoice goes off it by a credit note; before the invoice, the mirror entry is all."""
    if row.invoice_id is not None and cents > 0:
        key = f"credit:{row.entry_id}:{row.waived_units}"
        credit_note(tx, row.invoice_id, cents, key=key, reason=reason, now=now)


def _standing_cents(row: Row) -> int:
    """What is still owed of a charge per use, after what was given up of it."""
    per_use = sum(draw.units for draw in standing_draws(row) if draw.grant_id is PER_USE)
    return int(per_use * json.loads(row.evidence_json)["cents_per_unit"])


def _draws(row: Row) -> list[Draw]:
    return [Draw(grant_id, units) for grant_id, units in json.loads(row.draws_json)]
