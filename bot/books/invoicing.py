"""Invoices and credit notes: what was delivered is put on paper, once, under a number without a gap.

Order of locks: the client's row, then whatever hangs on it, and the counter of numbers last. What a document shows is
kept with it, so that it can be drawn again at any time, exactly as it was. Source: design, "Money".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta

from bot.books.commissions import follow_cash
from bot.books.entries import Cause, lock_client, post
from bot.books.evidence import digest_of, kept
from bot.books.losses import take_back_loss
from bot.books.settlements import Part, ahead_cents, evidence_of, first_reminder_at, open_cents, settle
from bot.errors import UserError
from bot.ledger.credits import PER_USE
from bot.ledger.postings import Draft, apply_draft, credit_note_draft, invoice_draft
from bot.ledger.rates import Tier
from bot.money import BASIS_POINTS, divide, format_cents
from bot.notices import paper
from bot.notices.catalogues import ENGLISH
from bot.notices.paper import Phrase, phrase, written
from bot.pricelist import PriceList
from bot.queries import invoices as queries
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.zones import zone_named

FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document: as it reads in English, and what its text and its detail are made of."""

    on: str
    text: str
    detail: str
    cents: int
    charge_id: int | None = None
    made_of: Mapping[str, object] = field(default_factory=dict)


def line_of(on: date, text: Phrase, detail: Sequence[Phrase], cents: int, *, charge_id: int | None = None) -> Line:
    """A line from its phrases."""
    made_of = {"text": paper.kept([text]), "detail": paper.kept(detail)}
    english, small = paper.said_in(ENGLISH, [text]), paper.said_in(ENGLISH, detail)
    return Line(on.isoformat(), english, small, cents, charge_id, made_of)


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as it was issued. applied_cents: of what the client had paid ahead."""

    id: int
    number: str
    net_cents: int
    tax_cents: int
    due_on: date
    entry_id: int
    applied_cents: int = 0

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.tax_cents


# ---------------------------------------------------------------- issuing


def invoice_work(
    tx: Tx, client_id: int, *, key: str, now: datetime, ticket_id: int | None = None, before_on: date = FAR
) -> Issued | None:
    """Put the work per use that waits on an invoice: of one ticket, or all of the client dated before a day.

    Disputed charges stay off. Returns None where nothing is to be invoiced, and what was issued before for that key.
    """
    client = lock_client(tx, client_id)
    known = tx.one(queries.BY_KEY, key=key)
    if known is not None:
        return _issued(known)
    if ticket_id is not None:
        rows = tx.all(queries.UNINVOICED_OF_TICKET, client_id=client_id, ticket_id=ticket_id)
    else:
        rows = tx.all(queries.UNINVOICED, client_id=client_id, before_on=before_on)
    lines = [_line(row) for row in rows if row.cents]
    if sum(line.cents for line in lines) <= 0:
        return None
    return issue(tx, client, lines, key=key, now=now)


def invoice_bundle(tx: Tx, client_id: int, tier: Tier, *, key: str, now: datetime, prices: PriceList) -> Issued:
    """Invoice a bundle that becomes usable when it is paid. One that was ordered and not paid is not ordered twice."""
    client = lock_client(tx, client_id)
    known = tx.one(queries.BY_KEY, key=key) or tx.one(queries.ORDERED, client_id=client_id, tier=tier.value)
    if known is not None:
        return _issued(known)
    bundle = prices.card.bundles[tier]
    line = credit_line(_today(client, now), tier, bundle.units, bundle.price_cents)
    return issue(tx, client, [line], key=key, now=now, ordered=tier.value)


def credit_line(on: date, tier: Tier, units: int, cents: int) -> Line:
    """The line of a bundle, or of a part of one."""
    hours = int(tier.value.removesuffix("h"))
    return line_of(on, phrase("credit", hours=hours), [phrase("units", count=units)], cents)


def credit_note(
    tx: Tx, invoice_id: int, net_cents: int, *, key: str, reason: str, now: datetime, is_gift: bool = False,
    currency: str = "USD",
) -> Issued:  # fmt: skip
    """Take a net amount off an invoice. is_gift: the work stands and is given up; else it was taken back before.

    What was paid of it beyond the rest waits for the next invoice. A bundle that was ordered and is not usable yet
    gets cheaper, and where nothing is left of its price the order is off. Raises UserError for more than the invoice
    holds.
    """
    row = _invoice(tx, invoice_id)
    client = lock_client(tx, row.client_id)
    row = _invoice(tx, invoice_id)
    before = tx.one(queries.CREDITED, invoice_id=invoice_id)
    assert before is not None
    left = row.net_cents + before.net_cents
    if not 0 < net_cents <= left:
        raise UserError(sentence("credit note most", number=row.number, amount=format_cents(left, currency)))
    # Tax as the difference of totals, so that credit notes in parts take back exactly what the invoice charged.
    kept = divide(row.tax_cents * (left - net_cents), row.net_cents)
    tax_cents = row.tax_cents + before.tax_cents - kept
    line = line_of(_today(client, now), phrase("of", number=row.number), [written(reason)] * bool(reason), -net_cents)
    content = _content(client, [line], now) | {"credits": row.number}
    # Nothing of an order was delivered, so that nothing of it can be given up.
    draft = credit_note_draft(net_cents, tax_cents, is_gift=is_gift and not row.ordered)
    gross = net_cents + tax_cents
    # Nobody paid what was written off: a credit note takes that back before it gives anything.
    take_back_loss(tx, client, row.number, gross - open_cents(row), key=key, on=_today(client, now), now=now)
    row = _invoice(tx, invoice_id)
    part = Part(row.number, min(gross, open_cents(row)), "credit-note", _today(client, now))
    note = _document(
        tx, client, draft=draft, content=content, key=key, now=now, net_cents=-net_cents, tax_cents=-tax_cents,
        kind="credit-note", credits_id=row.id, evidence=evidence_of(part),
    )  # fmt: skip
    if row.ordered and net_cents == left:
        tx.run(queries.ORDER_ENDED, invoice_id=row.id)
    follow_cash(tx, client, row.id, on=part.on, now=now)
    settle(tx, part, entry_id=note.entry_id)
    if gross > part.cents:
        # It was paid already: that part is the client's again.
        cause = Cause(f"{key}:paid", client.id, now, kind="apply", reason=f"{row.number} was paid")
        post(tx, apply_draft(-(gross - part.cents)), cause)
    return note


def _invoice(tx: Tx, invoice_id: int) -> Row:
    row = tx.one(queries.INVOICE, invoice_id=invoice_id)
    assert row is not None
    return row


# ---------------------------------------------------------------- making a document


def issue(
    tx: Tx,
    client: Row,
    lines: Sequence[Line],
    *,
    key: str,
    now: datetime,
    ordered: str = "",
    draft: Draft | None = None,
    evidence: Mapping[str, object] | None = None,
) -> Issued:
    """Issue an invoice; what the client paid ahead settles it at once, unless it is to be held.

    draft: None where it is for what is unbilled.
    """
    net = sum(line.cents for line in lines)
    tax = divide(net * client.tax_basis_points, BASIS_POINTS)
    issued = _document(
        tx, client, draft=draft or invoice_draft(net, tax), content=_content(client, lines, now), key=key, now=now,
        net_cents=net, tax_cents=tax, ordered=ordered, evidence=evidence,
    )  # fmt: skip
    for line in lines:
        if line.charge_id is not None:
            tx.run(queries.PUT_ON, invoice_id=issued.id, charge_id=line.charge_id)
    ahead = min(ahead_cents(tx, client.id), issued.gross_cents) if client.is_ahead_applied else 0
    if ahead > 0:
        part = Part(issued.number, ahead, "credit", _today(client, now))
        cause = Cause(f"apply:{issued.number}", client.id, now, evidence=evidence_of(part))
        settle(tx, part, entry_id=post(tx, apply_draft(ahead), cause))
    return replace(issued, applied_cents=max(0, ahead))


def _document(
    tx: Tx, client: Row, *, draft: Draft, content: dict[str, object], key: str, now: datetime, net_cents: int,
    tax_cents: int, kind: str = "invoice", credits_id: int | None = None, ordered: str = "",
    evidence: Mapping[str, object] | None = None,
) -> Issued:  # fmt: skip
    on = _today(client, now)
    due_on = on + timedelta(days=client.due_days if kind == "invoice" else 0)
    counted = tx.one(queries.NEXT_NUMBER, year=on.year)
    assert counted is not None
    number = f"{'INV' if kind == 'invoice' else 'CRN'}-{on.year}-{counted.last:04d}"
    content_json = json.dumps(content)
    row: dict[str, object] = {"number": number, "client_id": client.id, "kind": kind, "credits_id": credits_id}
    row |= {"key": key, "issued_on": on, "due_on": due_on, "net_cents": net_cents, "tax_cents": tax_cents}
    said = {"row": kept(**row), "lines": content["lines"], "content": digest_of(content_json), "ordered": ordered}
    entry_id = post(tx, draft, Cause(key, client.id, now, kind=kind, evidence={**said, **(evidence or {})}))
    invoice_id = tx.insert(
        "invoice", **row, ordered=ordered, content_json=content_json, entry_id=entry_id, render_at=now,
        state="open" if kind == "invoice" else "settled",
        remind_at=first_reminder_at(client, due_on) if kind == "invoice" else None,
    )  # fmt: skip
    return Issued(invoice_id, number, net_cents, tax_cents, due_on, entry_id)


def _line(row: Row) -> Line:
    rows = json.loads(row.day_quarters_json)
    detail = [phrase("work", work=row.kind, count=row.minutes)] if row.minutes else []
    detail += [phrase("day", rows=rows)] if rows else []
    # Nothing else explains the amount of work that credit paid in part.
    units = sum(units for grant_id, units in json.loads(row.draws_json) if grant_id is PER_USE)
    detail += [phrase("per use", count=row.cents * units // row.due_cents)] if units else []
    text = phrase("ticket", id=row.ticket_id, subject=row.subject)
    return line_of(row.work_on, text, detail, row.cents, charge_id=row.id)


def _content(client: Row, lines: Sequence[Line], now: datetime) -> dict[str, object]:
    return {
        "buyer": {
            "name": client.name,
            "address": client.billing_address,
            "code": client.code,
            # "DE-BE" is in DE.
            "country": client.holiday_region[:2],
        },
        "po_number": client.po_number,
        "tax_basis_points": client.tax_basis_points,
        # Not by `asdict`, which copies every value to its depth: a quarter of a month's close.
        "lines": [{each.name: getattr(line, each.name) for each in fields(line)} for line in lines],
    }


def _today(client: Row, now: datetime) -> date:
    return now.astimezone(zone_named(client.zone)).date()


def _issued(row: Row) -> Issued:
    return Issued(row.id, row.number, row.net_cents, row.tax_cents, row.due_on, row.entry_id)
