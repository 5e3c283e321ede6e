"""The round of statements, of documents of pay, and of charts of plans: each is drawn once, kept and sent.

Called by the scheduler. As with invoices, it is drawn between two transactions, and the second one keeps it, writes the
deliveries and ends the due time together. What it shows was kept when it was asked for: a later entry changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

import structlog

from bot import books, outbox, pay_papers, people
from bot.blobs import Blobs
from bot.clock import Clock
from bot.messages import EMAIL, Place
from bot.notices import Reader
from bot.notices.of_invoices import health_chart, statement_sent
from bot.outbox import Draft, SendClass
from bot.paperwork import BATCH, RETRY_AFTER, TRIES, Render, payers
from bot.people import Actor
from bot.policy import Policy
from bot.queries import statements as queries
from bot.scene import Scene
from bot.statement_text import statement_document, statement_text
from bot.store import Row, Store, Tx

log = structlog.get_logger()
STATEMENT, HEALTH = "statement", "health"


def ask_for(tx: Tx, client: Row, *, first_on: date, last_on: date, key: str, policy: Policy, now: datetime) -> str:
    """Keep a statement to be drawn and sent; returns its text in English. Raises LedgerError if it does not foot."""
    state = partial(statement_text, tx, client, first_on=first_on, last_on=last_on, currency=policy.currency)
    mailed = state(language=client.language)
    document = statement_document(tx, client, first_on=first_on, last_on=last_on, policy=policy, now=now)
    charges = books.stated_charges(tx, client.id, first_on=first_on, last_on=last_on)
    content = {"text": mailed, "document": document, "charge_id": charges[0].id if charges else None}
    month = f"{first_on:%Y-%m}"
    tx.run(
        queries.NEW, client_id=client.id, consultant_id=None, kind=STATEMENT, key=key, month=month,
        content=json.dumps(content), now=now,
    )  # fmt: skip
    return state()


def ask_for_chart(scene: Scene, actor: Actor, one: books.Health) -> None:
    """Keep the chart of a flat plan to be drawn, and sent to who asked, where they asked."""
    place = scene.place if scene.place is not None and scene.place.channel != EMAIL else None
    content = {
        "document": picture_of(one, scene.policy.currency),
        "to": [actor.consultant_id, actor.handle_id],
        "place": None if place is None else [place.channel, place.conversation, place.thread],
    }
    scene.tx.run(
        queries.NEW, client_id=one.client.id, consultant_id=None, kind=HEALTH, key=scene.cause,
        month=f"{one.months[-1].first_on:%Y-%m}", content=json.dumps(content), now=scene.now,
    )  # fmt: skip


def picture_of(one: books.Health, currency: str) -> Mapping[str, object]:
    """What the chart of a flat plan shows."""
    months = one.months
    return {
        "kind": "health",
        "title": f"{one.client.name}: hours a month, and what the fee comes to an hour",
        "months": [f"{month.first_on:%b %y}" for month in months],
        "reactive": [month.reactive / 60 for month in months],
        "proactive": [month.proactive / 60 for month in months],
        "rates": [None if month.rate_cents is None else month.rate_cents / 100 for month in months],
        "currency": currency,
    }


class Stating:
    """Draws and sends the statements that are due."""

    def __init__(
        self, store: Store, clock: Clock, blobs: Blobs, policy: Policy, *, render: Render, draw: Render
    ) -> None:
        self._store, self._clock, self._blobs, self._policy = store, clock, blobs, policy
        self._render, self._draw = render, draw

    async def run_once(self) -> int:
        """Every due statement; returns how many were looked at."""
        now = self._clock.now()
        due = await self._store.read(lambda tx: tx.all(queries.RENDERS_DUE, now=now, limit=BATCH))
        for row in due:
            draw = self._draw if row.kind == HEALTH else self._render
            drawn = await draw(json.loads(row.content_json)["document"])
            if drawn or row.failures + 1 >= TRIES:
                send = {STATEMENT: self._send, HEALTH: self._send_chart}.get(row.kind, self._send_pay)
                await self._store.run(partial(send, row=row, drawn=drawn, now=now), is_batch=True)
            else:
                log.warning("statement put off", statement=row.id)
                later = partial(_put_off, statement_id=row.id, again_at=now + RETRY_AFTER)
                await self._store.run(later, is_batch=True)
        return len(due)

    def _send(self, tx: Tx, *, row: Row, drawn: bytes, now: datetime) -> None:
        content = json.loads(row.content_json)
        client = people.client(tx, row.client_id)
        sha256 = self._blobs.put(tx, drawn) if drawn else ""
        tx.run(queries.RENDERED, statement_id=row.id, sha256=sha256)
        files = ((f"statement-{client.code}-{row.month}.pdf", "application/pdf", sha256, ""),) if drawn else ()
        for recipient in payers(tx, client.id):
            reader = Reader(recipient.zone, client.language)
            notice = statement_sent(reader, month=row.month, text=content["text"], charge_id=content["charge_id"])
            draft = Draft(notice, recipient, SendClass.MONEY, files=files)
            outbox.post(tx, [draft], cause=f"statement:{row.id}", ticket_id=None, now=now, limits=self._policy.limits)

    def _send_pay(self, tx: Tx, *, row: Row, drawn: bytes, now: datetime) -> None:
        sha256 = self._blobs.put(tx, drawn) if drawn else ""
        tx.run(queries.RENDERED, statement_id=row.id, sha256=sha256)
        scene = Scene(tx, self._policy, now, cause=f"{row.kind}:{row.id}")
        pay_papers.send(scene, row, sha256=sha256)

    def _send_chart(self, tx: Tx, *, row: Row, drawn: bytes, now: datetime) -> None:
        """To who asked. What could not be drawn is not sent: the answer held all figures."""
        sha256 = self._blobs.put(tx, drawn) if drawn else ""
        tx.run(queries.RENDERED, statement_id=row.id, sha256=sha256)
        content = json.loads(row.content_json)
        consultant_id, handle_id = content["to"]
        ways = people.recipients_of_consultant(tx, consultant_id)
        recipient = next((one for one in ways if one.handle_id == handle_id), None)
        if not drawn or recipient is None:
            return
        client, place = people.client(tx, row.client_id), content["place"]
        notice = health_chart(Reader(recipient.zone, recipient.language), client_name=client.name)
        files = ((f"health-{client.code}.png", "image/png", sha256, "chart"),)
        at = Place(*place) if place is not None else None
        draft = Draft(notice, recipient, SendClass.STAFF, place=at, files=files)
        outbox.post(tx, [draft], cause=f"health:{row.id}", ticket_id=None, now=now, limits=self._policy.limits)


def _put_off(tx: Tx, *, statement_id: int, again_at: datetime) -> int:
    return tx.run(queries.RENDER_LATER, statement_id=statement_id, again_at=again_at)
