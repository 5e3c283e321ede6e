"""Proves what is kept beside the postings: balances, grants, invoices, what was settled of them, fees."""

from __future__ import annotations

from collections import Counter

from bot.books.evidence import differences, digest_of
from bot.books.proving import Book, Posted, pairs_of
from bot.ledger.postings import Account
from bot.queries import audit as queries
from bot.queries import fees, money
from bot.store import Row, Tx


def kept_faults(tx: Tx, client_id: int, book: Book) -> list[str]:
    """Every kept figure of a client that its entries do not make; [] where all of them follow."""
    kept = {row.name: row.balance for row in tx.all(money.ACCOUNTS, client_id=client_id) if row.commodity == "cents"}
    return (
        _balance_faults(tx, client_id)
        + _grant_faults(tx, client_id, book)
        + _invoice_faults(tx, client_id, book, kept.get(Account.RECEIVABLE, 0))
        + _fee_faults(tx, client_id, book, -kept.get(Account.DEFERRED, 0))
    )


def _balance_faults(tx: Tx, client_id: int) -> list[str]:
    faults = []
    for row in tx.all(money.SUMS_OF_ACCOUNTS, client_id=client_id):
        if row.balance != row.posted:
            faults.append(f"account {row.name} keeps {row.balance} {row.commodity}, its postings are {row.posted}")
    for row in tx.all(money.SUMS_OF_GRANTS, client_id=client_id):
        if row.balance_units != row.posted:
            faults.append(f"grant {row.id} keeps {row.balance_units} units, its postings are {row.posted}")
    return faults


def _grant_faults(tx: Tx, client_id: int, book: Book) -> list[str]:
    given = {posted.evidence["grant_id"]: posted.evidence for posted in book.values() if "grant_id" in posted.evidence
             and "row" in posted.evidence}  # fmt: skip
    faults = []
    for row in tx.all(queries.GRANTS_OF_CLIENT, client_id=client_id):
        said = given.get(row.id, {})
        # It is null once the credit has lapsed, and later than it was where the lapse failed before.
        if row.lapse_at is None:
            is_due = row.lapses_on is not None and row.balance_units > 0
            found = ["lapse_at is null, and units are left that lapse"] if is_due else []
        else:
            found = [] if row.failures else differences(row, {"lapse_at": said.get("lapse_at")})
        faults += [f"grant {row.id}: {fault}" for fault in differences(row, said.get("row")) + found]
    return faults


# ---------------------------------------------------------------- invoices and fees


def _invoice_faults(tx: Tx, client_id: int, book: Book, receivable_cents: int) -> list[str]:
    """Each document as it was posted; what is open of all of them is the receivable."""
    settled: Counter[str] = Counter()
    for part in tx.all(queries.SETTLEMENTS_OF_CLIENT, client_id=client_id):
        settled[part.number] += part.cents
    faults, open_cents = [], 0
    for row in tx.all(queries.INVOICES_OF_CLIENT, client_id=client_id):
        posted = book.get(row.entry_id)
        said = ["it has no entry"] if posted is None else _document_faults(row, posted, settled[row.number])
        faults += [f"invoice {row.number}: {fault}" for fault in said]
        if row.kind == "invoice":
            open_cents += row.net_cents + row.tax_cents - row.paid_cents
    if open_cents != receivable_cents:
        faults.append(f"{open_cents} cents of invoices are open, receivable keeps {receivable_cents}")
    return faults


def _document_faults(row: Row, posted: Posted, settled_cents: int) -> list[str]:
    said = posted.evidence
    left = row.net_cents + row.tax_cents - row.paid_cents
    lines = sum(line["cents"] for line in said.get("lines", ()))
    return differences(row, said.get("row")) + pairs_of(
        ("net of its lines", lines, row.net_cents),
        ("content", digest_of(row.content_json), said.get("content")),
        ("paid_cents", row.paid_cents, settled_cents),
        ("state", row.state, "open" if row.kind == "invoice" and left else "settled"),
        # What was ordered is struck out once it was granted, or taken back.
        ("ordered", row.ordered in ("", said.get("ordered")), True),
    )


def _fee_faults(tx: Tx, client_id: int, book: Book, deferred_cents: int) -> list[str]:
    """Each fee by the invoice or the payments that made it, and what was earned of it by its entries."""
    earned: Counter[int] = Counter()
    for posted in book.values():
        if posted.row.kind == "earn":
            earned[posted.evidence.get("fee_id", 0)] -= posted.sum_of(Account.REVENUE)
    documents = {row.id: row for row in tx.all(queries.INVOICES_OF_CLIENT, client_id=client_id)}
    payments = tx.all(queries.PAYMENTS_OF_CLIENT, client_id=client_id)
    faults, left = [], 0
    for row in tx.all(fees.FEES_OF_CLIENT, client_id=client_id):
        if row.invoice_id is not None:
            document = documents.get(row.invoice_id)
            posted_ = book.get(document.entry_id) if document is not None else None
            span, net = (posted_.evidence.get("fee") if posted_ else None), document.net_cents if document else 0
        else:
            parts = [one for one in payments if row.payment_id in (one.id, one.refunds_id)]
            first = next((one for one in parts if one.id == row.payment_id), None)
            span = None if first is None else {
                "from_on": first.service_from_on.isoformat(), "to_on": first.service_to_on.isoformat()
            }  # fmt: skip
            net = sum(one.net_cents for one in parts)
        said = pairs_of(("net_cents", row.net_cents, net), ("earned_cents", row.earned_cents, earned[row.id]))
        faults += [f"fee {row.id}: {fault}" for fault in differences(row, span) + said]
        left += row.net_cents - row.earned_cents
    if left != deferred_cents:
        faults.append(f"{left} cents of fees are not earned, deferred keeps {deferred_cents}")
    return faults
