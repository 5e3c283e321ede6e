"""The round of documents: each invoice and credit note is drawn once, kept, and sent to who pays.

The PDF is drawn between two transactions, in a child process; the second one keeps it, writes the delivery and ends
the due time together, so that a crash anywhere repeats the whole and sends it once. Called by the scheduler.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot import outbox, people
from bot.blobs import Blobs
from bot.books import open_cents
from bot.clock import Clock
from bot.documents import Document, document, totals
from bot.messages import EMAIL
from bot.notices import Reader
from bot.notices.figures import money_in
from bot.notices.of_invoices import credit_note_issued, invoice_issued
from bot.notices.paper import line_in
from bot.outbox import Draft, Recipient, SendClass
from bot.policy import Policy
from bot.queries import invoices as queries
from bot.store import Row, Store, Tx

log = structlog.get_logger()
BATCH = 20
RETRY_AFTER = timedelta(minutes=5)
TRIES = 3

Render = Callable[[Document], Awaitable[bytes]]
# Opens what draws a pile of documents.
Drawing = Callable[[], AbstractAsyncContextManager[Render]]


class Round(Protocol):
    """Something the scheduler calls, as the tick; it waits for a child process between two transactions."""

    async def run_once(self) -> int:
        """Do what is due; returns how many things were done."""


class Paperwork:
    """Draws and sends the documents that are due."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, *, drawing: Drawing) -> None:
        self._store, self._clock, self._blobs, self._policy, self._drawing = store, clock, blobs, policy, drawing

    async def run_once(self) -> int:
        """Every due document; returns how many were looked at."""
        now = self._clock.now()
        due = await self._store.read(lambda tx: _due(tx, now))
        if not due:
            return 0
        async with self._drawing() as render:
            for row, language in due:
                await self._keep(row, await render(document(row, self._policy, language)), now)
        return len(due)

    async def _keep(self, row: Row, pdf: bytes, now: datetime) -> None:
        """Send what was drawn; what was not is tried again, and sent without its PDF at last."""
        if pdf or row.failures + 1 >= TRIES:
            await self._store.run(partial(self._send, row=row, pdf=pdf, now=now), is_batch=True)
        else:
            log.warning("document put off", invoice=row.id)
            put_off = partial(_put_off, invoice_id=row.id, again_at=now + RETRY_AFTER)
            await self._store.run(put_off, is_batch=True)

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
        money = partial(money_in, reader.language, currency=self._policy.currency)
        amount = money(abs(row.net_cents + row.tax_cents))
        content = json.loads(row.content_json)
        if row.kind != "invoice":
            return credit_note_issued(reader, number=row.number, of_number=content["credits"], amount=amount)
        sums = totals(row, content["tax_basis_points"], reader.language, self._policy.currency)
        charges = [line["charge_id"] for line in content["lines"] if line["charge_id"] is not None]
        # A ticket's subject may end as a sentence does.
        named = [(line_in(reader.language, line).rstrip(".:;, "), money(line["cents"])) for line in content["lines"]]
        lines = [f"{name}: {amount}" for name, amount in named]
        return invoice_issued(
            reader, number=row.number, amount=amount, due_on=row.due_on, lines=lines, totals=sums,
            left=money(open_cents(row)) if row.paid_cents else "", is_settled=not open_cents(row),
            payment=self._policy.payment_details, charge_id=charges[0] if charges else None,
        )  # fmt: skip


def _due(tx: Tx, now: datetime) -> list[tuple[Row, str]]:
    """The documents that are due, each with the language of its client."""
    rows = tx.all(queries.RENDERS_DUE, now=now, limit=BATCH)
    return [(row, people.client(tx, row.client_id).language) for row in rows]


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


def _put_off(tx: Tx, *, invoice_id: int, again_at: datetime) -> int:
    return tx.run(queries.RENDER_LATER, invoice_id=invoice_id, again_at=again_at)
