"""Proves the books of a client: the chain is whole, charges follow from their evidence, kept figures from postings.

Nothing is mended here: a fault is named, with what stands there and what should.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

from bot.books.entries import postings_of
from bot.books.kept import kept_faults
from bot.ledger import proof
from bot.ledger.chain import link
from bot.ledger.pay import earned_again
from bot.ledger.postings import Account, Commodity, Posting
from bot.queries import audit as queries
from bot.queries import money
from bot.store import Row, Tx


def audit(tx: Tx, client_id: int) -> list[str]:
    """Every fault in a client's books, the first in the chain first; [] if they are sound."""
    faults: list[str] = []
    previous_hash = ""
    waived: Counter[int] = Counter()
    charges = {row.entry_id: row for row in tx.all(queries.CHARGES_OF_CLIENT, client_id=client_id)}
    given_up = {row.entry_id: row for row in charges.values()}
    payments = {row.entry_id: row for row in tx.all(queries.PAYMENTS_OF_CLIENT, client_id=client_id)}
    commissions = {row.entry_id: row for row in tx.all(queries.COMMISSIONS_OF_CLIENT, client_id=client_id)}
    pays = {row.entry_id: row for row in tx.all(queries.PAYS_OF_CLIENT, client_id=client_id)}
    for number, row in enumerate(tx.all(money.ENTRIES_OF_CLIENT, client_id=client_id), 1):
        postings = postings_of(tx, row.id)
        faults += _entry_faults(row, postings, number, previous_hash)
        previous_hash = row.hash
        if row.kind == "waive":
            waived[row.reverses_id] -= _sum(postings, Account.WAIVED, Commodity.UNITS)
        if row.id in charges:
            faults += _charge_faults(charges.pop(row.id), row, postings)
        if row.id in payments:
            faults += _cash_faults(payments.pop(row.id), row, postings)
        if row.id in commissions:
            faults += _commission_faults(commissions.pop(row.id), postings)
        if row.id in pays:
            faults += _pay_faults(pays.pop(row.id), row, postings)
    strays = (("charge", charges), ("payment", payments), ("commission", commissions), ("pay", pays))
    faults += [f"{name} {row.id} has no entry" for name, rows in strays for row in rows.values()]
    faults += [
        f"charge {row.id}: waived_units is {row.waived_units}, {waived[entry_id]} were given up"
        for entry_id, row in given_up.items()
        if row.waived_units != waived[entry_id]
    ]
    return faults + kept_faults(tx, client_id)


def trial_balance(tx: Tx) -> list[Row]:
    """Every account of every client: its kept balance beside the sum of its postings. The sums come to zero."""
    return tx.all(queries.TRIAL_BALANCE)


def trial_faults(tx: Tx) -> list[str]:
    """Where the trial balance does not come to zero, or a kept balance is not the sum of its postings."""
    sums: Counter[str] = Counter()
    faults = []
    for row in trial_balance(tx):
        sums[row.commodity] += row.posted
        if row.balance != row.posted:
            faults.append(f"client {row.client_id}, {row.name}: {row.balance} kept, {row.posted} posted")
    return [f"all postings come to {total} {name}, not 0" for name, total in sums.items() if total] + faults


# ---------------------------------------------------------------- one entry


def _entry_faults(row: Row, postings: list[Posting], number: int, previous_hash: str) -> list[str]:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.commodity] += posting.amount
    faults = [f"entry {row.id} sums to {total} {commodity}" for commodity, total in sums.items() if total]
    if row.number != number:
        faults.append(f"entry {row.id} is number {row.number}, {number} was expected")
    expected = link(
        previous_hash,
        client_id=row.client_id,
        number=row.number,
        key=row.key,
        kind=row.kind,
        posted_at=row.posted_at,
        work_on=row.work_on,
        about=(row.ticket_id, row.work_item_id, row.reverses_id),
        evidence_json=row.evidence_json,
        postings=postings,
    )
    if row.previous_hash != previous_hash or row.hash != expected:
        faults.append(f"entry {row.id} is not what was posted: its hash differs")
    if row.reason != json.loads(row.evidence_json).get("reason", ""):
        faults.append(f"entry {row.id} gives a reason that it was not posted with")
    return faults


def _charge_faults(charge: Row, entry: Row, postings: list[Posting]) -> list[str]:
    """The charge beside its entry: evidence that makes it again, the same figures, the same work item."""
    evidence = json.loads(entry.evidence_json)
    name = f"charge {charge.id} (entry {entry.id})"
    made = proof.difference(evidence)
    faults = [f"{name} does not follow from its evidence: {made}"] if made else []
    due = _sum(postings, Account.UNBILLED, Commodity.CENTS)
    drawn = -_sum(postings, Account.CREDIT, Commodity.UNITS) - _sum(postings, Account.PER_USE, Commodity.UNITS)
    pairs = [
        ("units", charge.units, evidence.get("units")),
        ("due_cents", charge.due_cents, evidence.get("due_cents")),
        ("day_quarters", json.loads(charge.day_quarters_json), evidence.get("day_quarters")),
        ("draws", json.loads(charge.draws_json), evidence.get("draws")),
        ("work_on", charge.work_on.isoformat(), evidence.get("work_on")),
        ("cents posted", due, charge.due_cents),
        ("units posted", drawn, charge.units),
    ]
    if charge.minutes is not None and not charge.is_contact:
        pairs += [
            ("minutes of its work", charge.minutes, evidence.get("minutes")),
            ("kind of its work", charge.work_kind, evidence.get("kind")),
            ("start of its work", charge.started_at.isoformat(), evidence.get("started_at")),
            ("priority of its work", charge.priority, evidence.get("ticket_priority")),
            ("asking of its work", charge.was_asked, evidence.get("was_asked")),
            ("booking of its work", charge.is_booked, evidence.get("is_booked")),
            ("billing of its work", charge.is_billable, evidence.get("is_billable")),
        ]
    return faults + [f"{name}: {what} is {kept}, {made} was charged" for what, kept, made in pairs if kept != made]


def _cash_faults(payment: Row, entry: Row, postings: list[Posting]) -> list[str]:
    evidence = json.loads(entry.evidence_json)
    pairs = [
        ("cents", payment.cents, _sum(postings, Account.CASH, Commodity.CENTS)),
        ("net_cents", payment.net_cents, evidence.get("net_cents")),
        ("reference", payment.reference, evidence.get("reference")),
        ("received_on", payment.received_on.isoformat(), evidence.get("received_on")),
        ("service_from_on", _day(payment.service_from_on), evidence.get("service_from_on")),
        ("service_to_on", _day(payment.service_to_on), evidence.get("service_to_on")),
    ]
    return [f"payment {payment.id}: {what} is {kept}, {made} was posted" for what, kept, made in pairs if kept != made]


def _commission_faults(commission: Row, postings: list[Posting]) -> list[str]:
    posted = _sum(postings, Account.COMMISSION, Commodity.CENTS)
    if commission.cents == posted:
        return []
    return [f"commission {commission.id} is {commission.cents} cents, {posted} were posted"]


def _pay_faults(pay: Row, entry: Row, postings: list[Posting]) -> list[str]:
    """Pay follows from its evidence; what was taken back is the mirror of what was earned."""
    evidence = json.loads(entry.evidence_json)
    pairs = [
        ("cents", pay.cents, _sum(postings, Account.PAY, Commodity.CENTS)),
        ("cents", pay.cents, earned_again(evidence) if "charge_entry_id" in evidence else evidence.get("cents")),
        ("consultant", pay.consultant_id, evidence.get("consultant_id")),
    ]
    return [f"pay {pay.id}: {what} is {kept}, {made} was earned" for what, kept, made in pairs if kept != made]


def _day(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None


def _sum(postings: list[Posting], account: Account, commodity: Commodity) -> int:
    return sum(one.amount for one in postings if one.account is account and one.commodity is commodity)
