"""One cent, one date, one word changed in any column of the books is found: each column of each table in turn.

The columns are those of the table definitions. What is left out stands below, each with the reason why no amount and no
date of money hangs on it; a column or a table that is new is held to the audit without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer
from sqlalchemy.types import Date, DateTime

from bot import books, people
from bot.books import auditing
from bot.ledger.bankfiles import read_lines
from bot.ledger.estimates import estimate, find, parse_catalogues
from bot.ledger.kinds import Kind
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD
from bot.queries import people as people_queries
from bot.store import Query, Row, Store, Tx
from bot.tables import metadata
from bot.triage.priority import Priority
from tests.desk import CONFIG
from tests.doubles.books import a_delivery, a_ticket, busy_books, log, ny, some_work

LEDGER = (
    "work_item", "credit_grant", "account", "entry", "posting", "charge", "dispute", "invoice_series", "invoice",
    "settlement", "contact_charge", "payment", "fee", "quote", "bank_line", "chain_root", "commission", "pay", "payout",
    "client", "client_plan",
)  # fmt: skip
# Tables that hold amounts or dates and are not the books, and why.
NOT_LEDGER = {
    "consultant": "terms of pay to come; each pay keeps the terms by which it was earned",
    "timer": "a clock that runs: nothing is billed before it is logged as a work item",
    "statement": "a picture of the books that was asked for: it is made of them, and nothing is made of it",
    "ticket": "what was asked for; what it cost stands in charges",
    "offer": "who was asked",
    "card": "a picture of a ticket",
    "delivery": "what was sent",
    "attachment": "a file",
    "digest": "the days that a manager was written to about",
}
WHEN_LOOKED_AT = "when the tick looks next: it decides no amount, and what it does keeps its own dates"
COUNTS_FAILURES = "how often the tick failed: decides when it tries again"
EXEMPT = {
    "bank_line.read_at": "when the file was read: the line's own date is booked_on",
    "bank_line.reason": "what was said of a line that is not matched; of a matched one it is held",
    "bank_line.state": "whether somebody still looks at a line that is not matched; a matched one is held",
    "client.name": "who the client is: documents keep the name that they were sent under",
    "client.language": "in which words it is written to",
    "client.hold_minutes": "how long its lead is asked alone",
    "client.credit_told": "the share of its credit that was warned of",
    "client.is_active": "whether it is written to and its terms go on",
    "client.created_at": "when its row was made",
    "client.failures": COUNTS_FAILURES,
    "client.version": "how often its row was changed",
    "chain_root.made_at": "when the night's root was written: what it is held to are the ends of the chains",
    "chain_root.made_on": "the night's name: what it is held to are the ends of the chains",
    "contact_charge.failures": COUNTS_FAILURES,
    "contact_charge.outcome": "billed, or waived since: the waiver is an entry",
    "credit_grant.failures": COUNTS_FAILURES,
    "credit_grant.warn_at": WHEN_LOOKED_AT,
    "fee.earn_at": WHEN_LOOKED_AT,
    "fee.failures": COUNTS_FAILURES,
    "invoice.failures": COUNTS_FAILURES,
    "invoice.ordered": "struck out once it was granted; another word than the one that was ordered is found",
    "invoice.pdf_sha256": "the name of a picture that is drawn from the content",
    "invoice.remind_at": WHEN_LOOKED_AT,
    "invoice.reminders": "how often the client was reminded: no amount follows from it",
    "invoice.render_at": WHEN_LOOKED_AT,
    "payout.confirmed_at": "the consultant's word that it arrived: the payout was posted when it was made",
    "quote.told_percent": "the share of a budget that was warned of; a budget stops nothing",
}


def full_books(tx: Tx) -> list[int]:
    """Books with a row of every kind; returns the clients."""
    acme, nord = busy_books(tx)
    now = ny("2026-11-24T10:00")
    ticket = a_ticket(tx, acme)
    first = log(tx, ticket, some_work("2026-11-24T09:00", 60, priority=Priority.P2), key="d1")
    second = log(tx, ticket, some_work("2026-11-23T09:00", 30, kind=Kind.ONSITE), key="d2")
    assert first.charge_id is not None and second.charge_id is not None
    for charge_id, is_decided in ((first.charge_id, True), (second.charge_id, False)):
        books.dispute(tx, charge_id, contact_id=None, words="too dear", now=now)
        if is_decided:
            books.decide(tx, charge_id, outcome="part", units=3, by_id=None, reason="half", now=now)
    invoiced = books.invoice_work(tx, acme, key="work", now=now)
    assert invoiced is not None
    books.credit_invoice(tx, invoiced.number, 500, key="gift", reason="goodwill", now=now)
    books.pay_invoice(tx, invoiced.number, 1000, reference="P1", received_on=now.date(), now=now)
    ordered = books.invoice_bundle(tx, acme, Tier.CREDIT_12H, key="order", now=now, prices=STANDARD)
    books.record_payment(
        tx, client_id=acme, cents=5000, purpose="per-use", reference="P2", received_on=now.date(), now=now
    )
    books.apply_ahead(tx, ordered.number, 100, key="apply", now=now)
    books.refund_payment(tx, of_reference="R3", cents=700, reference="B3", received_on=now.date(), now=now)
    books.grant(tx, client_id=acme, tier="12h", key="present", now=now, units=4, kind="gift", note="sorry")
    books.grant(tx, client_id=acme, tier="included", key="later", now=now, lapses_on=date(2027, 1, 5), units=8)
    books.start_plan(tx, acme, plan="managed", fee_cents=45_000, term_months=1, from_on=date(2026, 11, 25), now=now)
    books.begin_term(tx, acme, now=ny("2026-11-25T00:01"), prices=STANDARD)
    a_contact(tx, acme)
    a_quote(tx, acme, is_answered=True)
    a_quote(tx, acme, is_answered=False)
    a_bank_file(tx, acme)
    later = ny("2026-11-26T10:00")
    worker = tx.one(people_queries.CONSULTANT_BY_NUMBER, member_number="C9")
    assert worker is not None
    people.set_consultant(tx, worker.id, {"bank_account": "DE1"})
    books.keep_tax_form(tx, people.consultant(tx, worker.id), "W-9", on=later.date())
    books.pay_out(tx, people.consultant(tx, worker.id), to_on=later.date(), paid_on=later.date(), now=later)
    books.write_off(tx, invoiced.number, reason="lost", now=later)
    books.keep_root(tx, on=later.date(), now=later)
    return [acme, nord]


def a_contact(tx: Tx, acme: int) -> None:
    """An urgent contact at night that was told the price, answered, chosen and billed."""
    ticket = a_ticket(tx, acme)
    at = ny("2026-11-24T22:00")
    noted = books.note_contact(
        tx, ticket, acme, inbound_id=None, period=(ny("2026-11-24T17:00"), ny("2026-11-25T09:00")), now=at
    )
    assert noted is not None
    delivery_id = a_delivery(tx, ticket)
    books.contact_told(tx, delivery_id, now=at + timedelta(minutes=1))
    books.choose_contact(tx, ticket, is_now=True, is_approver=True, now=at + timedelta(minutes=2))
    books.answer_contact(tx, ticket, now=at + timedelta(minutes=3))
    due = type("Due", (), {"id": noted.id, "client_id": acme})()
    assert books.settle_contact(tx, due, now=at + timedelta(minutes=20)) is not None


def a_quote(tx: Tx, acme: int, *, is_answered: bool) -> None:
    components = parse_catalogues((CONFIG / "estimates.csv").read_text())
    told = estimate([(find(components, "Standard Pages", catalogue="website"), 4)], STANDARD.card)
    now = ny("2026-11-24T12:00")
    quote_id = books.make_quote(tx, acme, told, title="Pages", by_id=None, now=now)
    if is_answered:
        ticket = a_ticket(tx, acme)
        books.decide_quote(tx, quote_id, state="accepted", contact_id=3, words="yes", now=now, ticket_id=ticket)


def a_bank_file(tx: Tx, acme: int) -> None:
    """Two lines of a bank: one for an invoice, one that nobody knows."""
    log(tx, a_ticket(tx, acme), some_work("2026-11-24T08:00", 400, priority=Priority.P1), key="bank")
    now = ny("2026-11-24T15:00")
    issued = books.invoice_work(tx, acme, key="banked", now=now)
    assert issued is not None
    left = (issued.gross_cents - issued.applied_cents) / 100
    text = f"date,amount,payer,reference\n2026-11-24,{left:.2f},Acme,{issued.number}\n2026-11-24,5.00,Who,hello\n"
    for line in read_lines(text):
        books.take_line(tx, line, now=now)


# ---------------------------------------------------------------- the columns


def held() -> Iterator[tuple[str, str]]:
    """Every column of the books that the audit has to hold: neither a key nor left out above."""
    for name in LEDGER:
        for column in metadata.tables[name].columns:
            is_reference = column.primary_key and name not in ("invoice_series",)
            if not is_reference and not column.foreign_keys and f"{name}.{column.name}" not in EXEMPT:
                yield name, column.name


def changed(column: Column[Any], value: Any) -> Any:
    """Another value of the same kind, as near as there is."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Date):
        return date(2026, 2, 1) if value is None else value + timedelta(days=1)
    if isinstance(kind, DateTime):
        return ny("2026-02-01T10:00") if value is None else value + timedelta(seconds=1)
    if isinstance(kind, Integer):
        # The places in a chain are taken one by one, and the database itself refuses a second of them.
        return 1 if value is None else value + (1_000 if column.name == "number" else 1)
    # Every other column is text.
    assert value is None or isinstance(value, str), kind
    return f"{value}x" if value is not None else "x"


def faults(tx: Tx, clients: list[int]) -> list[str]:
    found = [fault for client in clients for fault in auditing.audit(tx, client)]
    return found + books.desk_faults(tx) + books.root_faults(tx) + books.trial_faults(tx)


def rows_of(tx: Tx, table: str) -> list[Row]:
    order = metadata.tables[table].primary_key.columns.keys()[0]
    return tx.all(Query(f"SELECT * FROM {table} ORDER BY {order}", scans="a test"))


def is_in_books(table: str, row: Row) -> bool:
    """Whether a row is in the books already: a contact that was not billed is not."""
    return table != "contact_charge" or row.entry_id is not None


class Undo(Exception):
    """Takes one change back."""


def test_whatever_is_changed_in_any_column_of_the_books_is_named(store: Store) -> None:
    def unit(tx: Tx) -> None:
        clients = full_books(tx)
        assert faults(tx, clients) == []
        missed, tried = [], 0
        for table, name in held():
            column = metadata.tables[table].columns[name]
            rows = [row for row in rows_of(tx, table) if is_in_books(table, row)]
            assert rows, f"the books of this test have no {table}"
            for row in (rows[0], rows[len(rows) // 2], rows[-1]):
                if not _is_found(tx, clients, column, row):
                    missed.append(f"{table}.{name}")
                tried += 1
        assert missed == []
        assert tried > 300

    store.run_sync(unit)


def _is_found(tx: Tx, clients: list[int], column: Column[Any], row: Row) -> bool:
    table, key = column.table.name, column.table.primary_key.columns.keys()[0]
    change = Query(f"UPDATE {table} SET {column.name} = :value WHERE {key} = :key", scans="a test")
    found = False
    try:
        with tx.savepoint():
            tx.run(change, value=changed(column, getattr(row, column.name)), key=getattr(row, key))
            found = bool(faults(tx, clients))
            raise Undo
    except Undo:
        return found


REFERENCES = (
    "UPDATE charge SET invoice_id = NULL WHERE invoice_id IS NOT NULL",
    "UPDATE charge SET invoice_id = 1 WHERE invoice_id IS NULL",
    "UPDATE pay SET payout_id = NULL WHERE payout_id IS NOT NULL",
    "UPDATE posting SET account_id = (SELECT MIN(id) FROM account) WHERE id = (SELECT MAX(id) FROM posting)",
    "UPDATE posting SET grant_id = NULL WHERE grant_id IS NOT NULL",
    "DELETE FROM settlement WHERE id = (SELECT MIN(id) FROM settlement)",
    "DELETE FROM pay",
    "UPDATE settlement SET invoice_id = (SELECT MAX(id) FROM invoice)",
)


@pytest.mark.parametrize("change", REFERENCES)
def test_what_is_pointed_elsewhere_or_taken_away_is_named(store: Store, change: str) -> None:
    def unit(tx: Tx) -> list[str]:
        clients = full_books(tx)
        tx.run(Query(change, scans="a test"))
        return faults(tx, clients)

    assert store.run_sync(unit)


def test_every_table_with_amounts_is_in_the_books_or_says_why_not() -> None:
    counted = ("_cents", "_units", "amount", "minutes", "quarters", "balance", "_on")
    missing = [
        table.name
        for table in metadata.tables.values()
        if any(column.name.endswith(counted) for column in table.columns)
        and table.name not in LEDGER
        and table.name not in NOT_LEDGER
    ]
    assert missing == []


def test_whatever_is_left_out_is_a_column_that_there_is() -> None:
    known = {f"{table}.{column.name}" for table in LEDGER for column in metadata.tables[table].columns}
    assert EXEMPT.keys() <= known
    assert all(isinstance(reason, str) and len(reason) > 20 for reason in EXEMPT.values())


def test_money_is_never_left_out() -> None:
    assert not [name for name in EXEMPT if name.endswith(("_cents", "_units", ".amount", ".minutes", ".cents"))]
