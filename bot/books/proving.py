"""Holds each row of a client's books to the entry beside it: what the row says, its entry keeps in the hash chain.

Charges and pay are made again from the facts kept with them, by the code that made them first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.books.evidence import differences
from bot.ledger import proof
from bot.ledger.pay import earned_again
from bot.ledger.postings import Account, Commodity, Posting
from bot.queries import audit as queries
from bot.store import Query, Row, Tx


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry, what it keeps, and its postings."""

    row: Row
    evidence: Mapping[str, Any]
    postings: Sequence[Posting]

    def sum_of(self, account: Account, commodity: Commodity = Commodity.CENTS) -> int:
        return sum(one.amount for one in self.postings if one.account is account and one.commodity is commodity)


# A client's entries by id, in the order of the chain.
Book = dict[int, Posted]
Faults = Callable[[Row, Posted], list[str]]


def row_faults(tx: Tx, client_id: int, book: Book) -> list[str]:
    """Every row that is not what its entry keeps; [] where all of them are."""
    faults = _charges(tx, client_id, book) + _items(tx, client_id, book)
    beside: tuple[tuple[str, Query, Faults], ...] = (
        ("payment", queries.PAYMENTS_OF_CLIENT, _payment),
        ("commission", queries.COMMISSIONS_OF_CLIENT, _commission),
        ("pay", queries.PAYS_OF_CLIENT, _pay),
        ("contact", queries.CONTACTS_OF_CLIENT, _contact),
    )
    for name, query, look in beside:
        for row in tx.all(query, client_id=client_id):
            posted = book.get(row.entry_id)
            found = ["it has no entry"] if posted is None else look(row, posted)
            faults += [f"{name} {row.id}: {fault}" for fault in found]
    return faults + _settlements(tx, client_id, book) + _words(tx, client_id, book)


def pairs_of(*pairs: tuple[str, object, object]) -> list[str]:
    """ "units is 9, 8 was posted" for each name whose two values differ: what is kept, and what was posted."""
    return [f"{name} is {is_}, {was} was posted" for name, is_, was in pairs if is_ != was]


# ---------------------------------------------------------------- charges and their work


def _charges(tx: Tx, client_id: int, book: Book) -> list[str]:
    faults = []
    given_up, reversed_ = _given_up(book)
    disputed = {row.charge_id for row in tx.all(queries.DISPUTES_OF_CLIENT, client_id=client_id) if not row.outcome}
    listed = _invoiced(tx, client_id)
    for row in tx.all(queries.CHARGES_OF_CLIENT, client_id=client_id):
        posted = book.get(row.entry_id)
        name = f"charge {row.id} (entry {row.entry_id})"
        if posted is None:
            faults.append(f"{name}: it has no entry")
            continue
        made = proof.difference(posted.evidence)
        faults += [f"{name} does not follow from its evidence: {made}"] if made else []
        units = given_up[row.entry_id]
        said = pairs_of(
            *_as_charged(row, posted),
            ("waived_units", row.waived_units, units),
            # All of it was given up by one waiver, or part by part.
            ("is_waived", row.is_waived, row.entry_id in reversed_ or (units == row.units != 0)),
            ("is_disputed", row.is_disputed, row.id in disputed),
            ("invoice_id", row.invoice_id, listed.get(row.id)),
        )
        faults += [f"{name}: {fault}" for fault in said]
    return faults


def _as_charged(row: Row, posted: Posted) -> list[tuple[str, object, object]]:
    said, entry = posted.evidence, posted.row
    drawn = -posted.sum_of(Account.CREDIT, Commodity.UNITS) - posted.sum_of(Account.PER_USE, Commodity.UNITS)
    return [
        ("units", row.units, said.get("units")),
        ("due_cents", row.due_cents, said.get("due_cents")),
        ("day_quarters", _read(row.day_quarters_json), said.get("day_quarters")),
        ("draws", _read(row.draws_json), said.get("draws")),
        ("work_on", row.work_on.isoformat(), said.get("work_on")),
        ("work_on", row.work_on, entry.work_on),
        ("charged_at", row.charged_at, entry.posted_at),
        ("ticket", row.ticket_id, entry.ticket_id),
        ("work item", row.work_item_id, entry.work_item_id),
        ("cents posted", row.due_cents, posted.sum_of(Account.UNBILLED)),
        ("units posted", row.units, drawn),
    ]


def _given_up(book: Book) -> tuple[Counter[int], set[int]]:
    """Units that were given up of each charge, by its entry; and the entries of which a waiver gave up everything."""
    units: Counter[int] = Counter()
    whole = set()
    for posted in book.values():
        if posted.row.kind == "waive":
            units[posted.row.reverses_id] -= posted.sum_of(Account.WAIVED, Commodity.UNITS)
            if "units" not in posted.evidence:
                whole.add(posted.row.reverses_id)
    return units, whole


def _invoiced(tx: Tx, client_id: int) -> dict[int, int]:
    """The invoice on which each charge stands, by the charge."""
    return {
        line["charge_id"]: row.id
        for row in tx.all(queries.INVOICES_OF_CLIENT, client_id=client_id)
        for line in (_read(row.content_json) or {}).get("lines", ())
        if line.get("charge_id") is not None
    }


def _items(tx: Tx, client_id: int, book: Book) -> list[str]:
    """Work as it was when it was billed; it is taken back where its charge is."""
    taken_back = {one.row.reverses_id: one.row.posted_at for one in book.values() if one.row.kind == "reversal"}
    faults = []
    for row in tx.all(queries.ITEMS_OF_CLIENT, client_id=client_id):
        posted = book.get(row.entry_id)
        said = differences(row, posted.evidence.get("item")) if posted is not None else []
        said += pairs_of(("reversed_at", row.reversed_at, taken_back.get(row.entry_id)))
        faults += [f"work item {row.id}: {fault}" for fault in said]
    return faults


# ---------------------------------------------------------------- cash, pay, commissions, contacts


def _payment(row: Row, posted: Posted) -> list[str]:
    return differences(row, posted.evidence.get("row")) + pairs_of(("cents", row.cents, posted.sum_of(Account.CASH)))


def _commission(row: Row, posted: Posted) -> list[str]:
    made = pairs_of(("cents", row.cents, posted.sum_of(Account.COMMISSION)))
    return differences(row, posted.evidence.get("row")) + made


def _pay(row: Row, posted: Posted) -> list[str]:
    """Pay follows from its evidence; what was taken back is the mirror of what was earned."""
    said = posted.evidence
    again = earned_again(said) if "charge_entry_id" in said else said.get("cents")
    made = pairs_of(("cents", row.cents, posted.sum_of(Account.PAY)), ("cents", row.cents, again))
    return differences(row, said.get("row")) + made


def _contact(row: Row, posted: Posted) -> list[str]:
    """The clock readings on which a contact in closed time was billed."""
    said = posted.evidence
    names = ("period_start_at", "period_end_at", "notified_at", "answered_at", "chosen_at", "choice")
    kept = {name: said.get(name) for name in names} | {"received_at": said.get("started_at")}
    return differences(row, kept) + pairs_of(("charge_at", row.charge_at, None))


# ---------------------------------------------------------------- settlements, disputes, quotes


def _settlements(tx: Tx, client_id: int, book: Book) -> list[str]:
    """What was settled of invoices, beside what each entry says that it settles."""
    said = Counter(
        (entry_id, *part) for entry_id, posted in book.items() for part in posted.evidence.get("settles", ())
    )
    kept: Counter[tuple[object, ...]] = Counter()
    faults = []
    for row in tx.all(queries.SETTLEMENTS_OF_CLIENT, client_id=client_id):
        part = (row.entry_id, row.number, row.cents, row.how, row.settled_on.isoformat())
        kept[part] += 1
        if kept[part] > said[part]:
            faults.append(f"settlement {row.id} of {row.number} ({row.cents} cents on {row.settled_on}) was not posted")
    lost = said - kept
    return faults + [f"entry {part[0]} settled {part[2]} cents of {part[1]}, which is not kept" for part in lost]


def _words(tx: Tx, client_id: int, book: Book) -> list[str]:
    """Disputes and quotes: as they were opened, and as they were decided."""
    by_key = {posted.row.key: posted.evidence.get("row") for posted in book.values()}
    faults = []
    for name, query, end in (
        ("dispute", queries.DISPUTES_OF_CLIENT, "decision"),
        ("quote", queries.QUOTES_OF_CLIENT, "quote-answer"),
    ):
        for row in tx.all(query, client_id=client_id):
            opened, ending = by_key.get(f"{name}:{row.id}"), by_key.get(f"{end}:{row.id}")
            said = differences(row, opened)
            said += differences(row, _OPEN[name] if ending is None else ending)
            faults += [f"{name} {row.id}: {fault}" for fault in said]
    return faults


# What stands of a decision that nobody made.
_OPEN: Mapping[str, Mapping[str, object]] = {
    "dispute": {"outcome": "", "reason": "", "waived_units": 0, "decided_at": None, "decided_by_id": None},
    "quote": {"state": "open", "words": "", "decided_at": None, "decided_by_contact_id": None, "ticket_id": None},
}


def _read(text: str) -> Any:
    """JSON, or None where somebody wrote something else there."""
    try:
        return json.loads(text)
    except ValueError:
        return None
