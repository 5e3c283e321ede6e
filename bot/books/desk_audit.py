"""Proves what belongs to no client alone: payouts, lines of the bank, the numbers of documents."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from bot.books.evidence import differences
from bot.books.proving import pairs_of
from bot.ledger.bankfiles import key_of
from bot.queries import audit as queries
from bot.queries import money
from bot.store import Row, Tx

_NUMBER = re.compile(r"(?:INV|CRN)-(?P<year>[0-9]{4})-(?P<number>[0-9]{4,9})")
SAME_LINES_MAX = 200  # of one day, amount, payer and text


def desk_faults(tx: Tx) -> list[str]:
    """Every payout, line of the bank and series of numbers that does not agree with what was posted; [] if all do."""
    return _payout_faults(tx) + _bank_faults(tx) + _number_faults(tx)


def _payout_faults(tx: Tx) -> list[str]:
    """Each payout beside its entries, and the pay and commissions that it settled."""
    faults = []
    for row in tx.all(queries.PAYOUTS):
        keys = [f"payout:{row.number}:{one.client_id}" for one in tx.all(queries.CLIENTS_OF_PAYOUT, payout_id=row.id)]
        entries = [entry for key in keys for entry in tx.all(money.ENTRY_BY_KEY, key=key)]
        said = [json.loads(entry.evidence_json).get("row") for entry in entries] or [None]
        found = [fault for one in said for fault in differences(row, one)]
        found += pairs_of(
            ("pay_cents", row.pay_cents, row.pay_settled),
            ("commission_cents", row.commission_cents, row.commission_settled),
        )
        faults += [f"payout {row.number}: {fault}" for fault in dict.fromkeys(found)]
    return faults


def _bank_faults(tx: Tx) -> list[str]:
    """Each line of the bank by its own key, and by the payments that were booked of it."""
    faults = []
    for row in tx.all(queries.BANK_LINES):
        keys = (key_of(row.booked_on, row.cents, row.payer, row.reference, nth=nth) for nth in range(1, SAME_LINES_MAX))
        if row.key not in keys:
            faults.append(f"bank line {row.id} is not what the bank's file said: its key differs")
        if row.state == "matched":
            faults += [f"bank line {row.id}: {fault}" for fault in _booked_faults(tx, row)]
    return faults


def _booked_faults(tx: Tx, row: Row) -> list[str]:
    paid = [
        payment
        for number in row.reason.split(", ")
        for payment in tx.all(money.PAYMENT_BY_REFERENCE, reference=f"BANK-{row.id}/{number}")
    ]
    days = {payment.received_on for payment in paid}
    return pairs_of(("cents", row.cents, sum(payment.cents for payment in paid)), ("booked_on", {row.booked_on}, days))


def _number_faults(tx: Tx) -> list[str]:
    """Numbers without a gap: as many documents a year as were counted."""
    numbers: dict[int, list[int]] = defaultdict(list)
    faults = []
    for row in tx.all(queries.NUMBERS):
        found = _NUMBER.fullmatch(row.number)
        if found is None:
            faults.append(f"{row.number} is no number of a document")
        else:
            numbers[int(found["year"])].append(int(found["number"]))
    for row in tx.all(queries.SERIES):
        if sorted(numbers.pop(row.year, [])) != list(range(1, row.last + 1)):
            faults.append(f"the numbers of {row.year} are not 1 to {row.last}, each once")
    return faults + [f"documents of {year} have numbers that were never counted" for year in numbers]
