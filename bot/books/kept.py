"""Proves what is kept beside the postings: balances, grants, invoices, what was settled of them, fees."""

from __future__ import annotations

import json

from bot.books.entries import postings_of
from bot.ledger.postings import Account
from bot.queries import audit as queries
from bot.queries import fees, money
from bot.store import Tx

_COMMISSION = Account.COMMISSION_PAYABLE


def kept_faults(tx: Tx, client_id: int) -> list[str]:
    """Every kept figure of a client that its entries do not make; [] where all of them follow."""
    return _balance_faults(tx, client_id) + _grant_faults(tx, client_id) + _invoice_faults(tx, client_id)


def payout_faults(tx: Tx) -> list[str]:
    """Every payout beside what it settled and what was posted for it; [] where all of them agree."""
    faults = []
    for row in tx.all(queries.PAYOUTS):
        keys = [f"payout:{row.number}:{one.client_id}" for one in tx.all(queries.CLIENTS_OF_PAYOUT, payout_id=row.id)]
        entries = [entry for key in keys for entry in tx.all(money.ENTRY_BY_KEY, key=key)]
        posted = [posting for entry in entries for posting in postings_of(tx, entry.id)]
        said = [json.loads(entry.evidence_json) for entry in entries]
        pairs = [
            ("pay_cents", row.pay_cents, row.pay_settled),
            ("commission_cents", row.commission_cents, row.commission_settled),
            ("pay_cents", row.pay_cents, sum(p.amount for p in posted if p.account is Account.PAY_PAYABLE)),
            ("commission_cents", row.commission_cents, sum(p.amount for p in posted if p.account is _COMMISSION)),
            ("to_on", {row.to_on.isoformat()}, {one.get("to_on") for one in said}),
            ("paid_on", {row.paid_on.isoformat()}, {one.get("paid_on") for one in said}),
        ]
        faults += [f"payout {row.number}: {what} is {is_}, {was} was paid" for what, is_, was in pairs if is_ != was]
    return faults


def _balance_faults(tx: Tx, client_id: int) -> list[str]:
    faults = []
    for row in tx.all(money.SUMS_OF_ACCOUNTS, client_id=client_id):
        if row.balance != row.posted:
            faults.append(f"account {row.name} keeps {row.balance} {row.commodity}, its postings are {row.posted}")
    for row in tx.all(money.SUMS_OF_GRANTS, client_id=client_id):
        if row.balance_units != row.posted:
            faults.append(f"grant {row.id} keeps {row.balance_units} units, its postings are {row.posted}")
    return faults


def _grant_faults(tx: Tx, client_id: int) -> list[str]:
    faults = []
    for row in tx.all(queries.GRANTS_AS_GIVEN, client_id=client_id):
        given = json.loads(row.evidence_json)
        kept = {"tier": row.tier, "units": row.units, "price_cents": row.price_cents}
        kept["bought_on"] = row.bought_on.isoformat()
        kept["lapses_on"] = row.lapses_on.isoformat() if row.lapses_on is not None else None
        faults += [
            f"grant {row.id}: {key} is {value}, {given.get(key)} was given"
            for key, value in kept.items()
            if given.get(key) != value
        ]
    return faults


def _invoice_faults(tx: Tx, client_id: int) -> list[str]:
    """Each document as it was posted; what is open of all of them is the receivable; fees that are not earned, too."""
    faults, open_cents = [], 0
    for row in tx.all(queries.INVOICES_OF_CLIENT, client_id=client_id):
        said = json.loads(row.evidence_json)
        lines = sum(line["cents"] for line in json.loads(row.content_json)["lines"])
        pairs = [
            ("number", row.number, said.get("number")),
            ("issued_on", row.issued_on.isoformat(), said.get("issued_on")),
            ("due_on", row.due_on.isoformat(), said.get("due_on")),
            ("net_cents", row.net_cents, said.get("net_cents")),
            ("net of its lines", lines, row.net_cents),
            ("tax_cents", row.tax_cents, said.get("tax_cents")),
            ("lines", json.loads(row.content_json)["lines"], said.get("lines")),
            ("paid_cents", row.paid_cents, row.settled_cents),
        ]
        faults += [f"invoice {row.number}: {what} is {is_}, {was} was issued" for what, is_, was in pairs if is_ != was]
        if row.kind == "invoice":
            open_cents += row.net_cents + row.tax_cents - row.paid_cents
    kept = {row.name: row.balance for row in tx.all(money.ACCOUNTS, client_id=client_id) if row.commodity == "cents"}
    if open_cents != kept.get(Account.RECEIVABLE, 0):
        faults.append(f"{open_cents} cents of invoices are open, receivable keeps {kept.get(Account.RECEIVABLE, 0)}")
    deferred = sum(row.net_cents - row.earned_cents for row in tx.all(fees.FEES_OF_CLIENT, client_id=client_id))
    if deferred != -kept.get(Account.DEFERRED, 0):
        faults.append(f"{deferred} cents of fees are not earned, deferred keeps {-kept.get(Account.DEFERRED, 0)}")
    return faults
