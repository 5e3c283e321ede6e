"""The round of documents: each invoice and credit note is drawn once, kept, and sent to who pays. Called by the tick.

The PDF is drawn between two transactions, in a child process; the second one keeps it, writes the delivery and ends
the due time together, so that a crash anywhere repeats the whole and sends it once.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot import electronic, letterhead, outbox, people
from bot.blobs import Blobs
from bot.books import open_cents
from bot.clock import Clock
from bot.messages import EMAIL
from bot.money import format_cents
from bot.notices import Reader
from bot.notices.of_invoices import credit_note_issued, invoice_issued
from bot.outbox import Draft, Recipient, SendClass
from bot.policy import Policy
from bot.queries import invoices as queries
from bot.store import Row, Store, Tx

log = structlog.get_logger()
BATCH = 20
RETRY_AFTER = timedelta(minutes=5)
TRIES = 3

Document = Mapping[str, object]
Render = Callable[[Document], Awaitable[bytes]]


class Round(Protocol):
    """Something the tick does that waits for a child process between two transactions."""

    async def run_once(self) -> int:
        """Do what is due; returns how many things were done."""


class Rounds:
    """Several rounds, one after the other."""

    def __init__(self, *rounds: Round) -> None:
        self._rounds = rounds

    async def run_once(self) -> int:
        return sum([await one.run_once() for one in self._rounds])


class Paperwork:
    """Draws and sends the documents that are due."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, render: Render) -> None:
        self._store, self._clock, self._blobs, self._policy, self._render = store, clock, blobs, policy, render

    async def run_once(self) -> int:
        """Every due document; returns how many were looked at."""
        now = self._clock.now()
        due = await self._store.read(lambda tx: tx.all(queries.RENDERS_DUE, now=now, limit=BATCH))
        for row in due:
            pdf = await self._render(document(row, self._policy))
            if pdf or row.failures + 1 >= TRIES:
                await self._store.run(partial(self._send, row=row, pdf=pdf, now=now), is_batch=True)
            else:
                log.warning("document put off", invoice=row.id)
                put_off = partial(_put_off, invoice_id=row.id, again_at=now + RETRY_AFTER)
                await self._store.run(put_off, is_batch=True)
        return len(due)

    def _send(self, tx: Tx, *, row: Row, pdf: bytes, now: datetime) -> None:
        sha256 = self._blobs.put(tx, pdf) if pdf else ""
        tx.run(queries.RENDERED, invoice_id=row.id, sha256=sha256)
        client = people.client(tx, row.client_id)
        files = ((f"{row.number}.pdf", "application/pdf", sha256, ""),) if pdf else ()
        for recipient in payers(tx, client.id):
            notice = self._notice(row, Reader(recipient.zone, client.language))
            draft = Draft(notice, recipient, SendClass.MONEY, files=files)
            outbox.post(tx, [draft], cause=f"invoice:{row.id}", ticket_id=None, now=now, limits=self._policy.limits)

    def _notice(self, row: Row, reader: Reader) -> Any:
        currency = self._policy.currency
        amount = format_cents(abs(row.net_cents + row.tax_cents), currency)
        content = json.loads(row.content_json)
        if row.kind != "invoice":
            return credit_note_issued(reader, number=row.number, of_number=content["credits"], amount=amount)
        totals = _totals(row, content["tax_basis_points"], partial(format_cents, currency=currency))
        charges = [line["charge_id"] for line in content["lines"] if line["charge_id"] is not None]
        lines = [f"{line['text']}: {format_cents(line['cents'], currency)}" for line in content["lines"]]
        return invoice_issued(
            reader, number=row.number, amount=amount, due_on=row.due_on, lines=lines, totals=totals,
            left=format_cents(open_cents(row), currency) if row.paid_cents else "", is_settled=not open_cents(row),
            payment=self._policy.payment_details, charge_id=charges[0] if charges else None,
        )  # fmt: skip


def payers(tx: Tx, client_id: int) -> list[Recipient]:
    """Who of a client is sent invoices: its owners, else its approvers, by email where they have any."""
    approvers = people.approvers(tx, client_id)
    chosen = [row for row in approvers if row.role == "owner"] or approvers
    found = []
    for row in chosen:
        ways = people.recipients_of_contact(tx, row.id)
        way = next((one for one in ways if one.channel == EMAIL), next(iter(ways), None))
        if way is not None:
            found.append(way)
    return found


def document(row: Row, policy: Policy) -> Document:
    """What a document shows, as texts: everything that was kept with it, and who the desk is."""
    content = json.loads(row.content_json)
    money = partial(format_cents, currency=policy.currency)
    is_note = row.kind != "invoice"
    gross = row.net_cents + row.tax_cents
    rate = content["tax_basis_points"]
    facts = [("Number", row.number), ("Date", row.issued_on.isoformat())]
    facts += [("Due", row.due_on.isoformat())] if not is_note else [("For invoice", content["credits"])]
    facts += [("Your order", content["po_number"])] if content["po_number"] else []
    left = abs(gross) if is_note else open_cents(row)
    has_work = any(line["charge_id"] is not None for line in content["lines"])
    facts += [("Client", content["buyer"]["code"]), ("Credited" if is_note else "Amount due", money(left))]
    return {
        "title": "Credit note" if is_note else "Invoice",
        "number": row.number,
        "issued_on": row.issued_on.isoformat(),
        "about": "Work is billed by the quarter-hour, all of a ticket's day together." if has_work else "",
        "seller": letterhead.seller(policy),
        "buyer": {"name": content["buyer"]["name"], "address": letterhead.parts_of(content["buyer"]["address"])},
        "facts": facts,
        "lines": [
            {"on": line["on"], "text": line["text"], "detail": _detail(line), "amount": money(line["cents"])}
            for line in content["lines"]
        ],
        "totals": _totals(row, rate, money),
        "payment": [] if is_note else _payment(row, policy, money),
        "xml": electronic.factur_x(row, policy) if policy.has_electronic_invoices else "",
    }


def _detail(line: Mapping[str, Any]) -> str:
    """What stands below a line. With the number of its charge, for it is disputed by that."""
    charge = f"charge {line['charge_id']}" if line["charge_id"] is not None else ""
    return "; ".join(part for part in (charge, line["detail"]) if part)


def _totals(row: Row, tax_basis_points: int, money: Callable[[int], str]) -> list[tuple[str, str]]:
    totals = [("Net", money(row.net_cents))]
    totals += [(f"Tax {tax_basis_points / 100:g} %", money(row.tax_cents))] if tax_basis_points else []
    totals += [("Total", money(row.net_cents + row.tax_cents))]
    if row.kind == "invoice" and row.paid_cents:
        ahead = min(row.balance_cents, row.paid_cents)
        totals += [("Paid from your balance", money(-ahead))] if ahead > 0 else []
        totals += [("Paid", money(ahead - row.paid_cents))] if row.paid_cents > ahead else []
        totals += [("Amount due", money(open_cents(row)))]
    return totals


def _payment(row: Row, policy: Policy, money: Callable[[int], str]) -> list[str]:
    if not open_cents(row):
        return ["Nothing is left to pay."]
    please = f"Please pay {money(open_cents(row))} by {row.due_on.isoformat()} with the reference {row.number}."
    return [please, *letterhead.parts_of(policy.payment_details)]


def _put_off(tx: Tx, *, invoice_id: int, again_at: datetime) -> int:
    return tx.run(queries.RENDER_LATER, invoice_id=invoice_id, again_at=again_at)
