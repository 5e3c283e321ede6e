"""The round of statements: each that was asked for is drawn once, kept, and sent to who pays. Called by the tick.

As with invoices, the PDF is drawn between two transactions, and the second one keeps it, writes the deliveries and ends
the due time together. What it shows was kept when it was asked for: a later entry changes nothing of it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial

import structlog

from bot import books, outbox, people
from bot.blobs import Blobs
from bot.clock import Clock
from bot.notices import Reader
from bot.notices.of_invoices import statement_sent
from bot.outbox import Draft, SendClass
from bot.paperwork import BATCH, RETRY_AFTER, TRIES, Render, payers
from bot.policy import Policy
from bot.queries import statements as queries
from bot.statement_text import statement_document, statement_text
from bot.store import Row, Store, Tx

log = structlog.get_logger()


def ask_for(tx: Tx, client: Row, *, first_on: date, last_on: date, key: str, policy: Policy, now: datetime) -> str:
    """Keep a statement to be drawn and sent; returns its text. Raises LedgerError if it does not foot."""
    text = statement_text(tx, client, first_on=first_on, last_on=last_on, currency=policy.currency)
    document = statement_document(tx, client, first_on=first_on, last_on=last_on, policy=policy, now=now)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    content = {"text": text, "document": document, "charge_id": charges[0].id if charges else None}
    month = f"{first_on:%Y-%m}"
    tx.run(queries.NEW, client_id=client.id, key=key, month=month, content=json.dumps(content), now=now)
    return text


class Stating:
    """Draws and sends the statements that are due."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, render: Render) -> None:
        self._store, self._clock, self._blobs, self._policy, self._render = store, clock, blobs, policy, render

    async def run_once(self) -> int:
        """Every due statement; returns how many were looked at."""
        now = self._clock.now()
        due = await self._store.read(lambda tx: tx.all(queries.RENDERS_DUE, now=now, limit=BATCH))
        for row in due:
            pdf = await self._render(json.loads(row.content_json)["document"])
            if pdf or row.failures + 1 >= TRIES:
                await self._store.run(partial(self._send, row=row, pdf=pdf, now=now), is_batch=True)
            else:
                log.warning("statement put off", statement=row.id)
                later = partial(_put_off, statement_id=row.id, again_at=now + RETRY_AFTER)
                await self._store.run(later, is_batch=True)
        return len(due)

    def _send(self, tx: Tx, *, row: Row, pdf: bytes, now: datetime) -> None:
        content = json.loads(row.content_json)
        client = people.client(tx, row.client_id)
        sha256 = self._blobs.put(tx, pdf) if pdf else ""
        tx.run(queries.RENDERED, statement_id=row.id, sha256=sha256)
        files = ((f"statement-{client.code}-{row.month}.pdf", "application/pdf", sha256, ""),) if pdf else ()
        for recipient in payers(tx, client.id):
            reader = Reader(recipient.zone, client.language)
            notice = statement_sent(reader, month=row.month, text=content["text"], charge_id=content["charge_id"])
            draft = Draft(notice, recipient, SendClass.MONEY, files=files)
            outbox.post(tx, [draft], cause=f"statement:{row.id}", ticket_id=None, now=now, limits=self._policy.limits)


def _put_off(tx: Tx, *, statement_id: int, again_at: datetime) -> int:
    return tx.run(queries.RENDER_LATER, statement_id=statement_id, again_at=again_at)
