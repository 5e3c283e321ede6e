"""What must hold for a client's books whatever happens to them, reckoned from the rows and from the balances apart.

Work, waivers, reversals, credit, lapses, fees, invoices, payments in parts, refunds, credit notes, write-offs, pay and
payouts come in any order. Cash, hours and claims are then added up twice: from what people did, and from the accounts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import books, people
from bot.errors import UserError
from bot.ledger.rates import Tier
from bot.pricelist import STANDARD
from bot.queries import invoices as invoice_queries
from bot.queries import money
from bot.queries import people as people_queries
from bot.statement_text import statement_text
from bot.store import Query, Row, Store, Tx
from bot.triage.priority import Priority
from tests.doubles.books import LONG_AGO, a_client, a_ticket, ny, some_work

PAYMENTS = Query("SELECT * FROM payment WHERE client_id = :client_id ORDER BY id")
PAYOUTS = Query("SELECT * FROM payout ORDER BY id", scans="tests")
CHARGES = Query("SELECT * FROM charge WHERE client_id = :client_id ORDER BY id")
LAPSED = Query(
    "SELECT COALESCE(SUM(p.amount), 0) AS units FROM posting p JOIN account a ON a.id = p.account_id"
    " WHERE a.client_id = :client_id AND a.name = 'lapsed'"
)

Step = Callable[["World", int, int], None]


class World:
    """One client's books, and a clock that only runs on."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.now, self.count = tx, ny("2026-11-16T18:00"), 0
        self.worker = people.add_consultant(tx, "C-1", "Tom Becker", now=LONG_AGO, pay_basis_points=5500)
        people.set_consultant(tx, self.worker, {"bank_account": "DE1"})
        books.keep_tax_form(tx, people.consultant(tx, self.worker), "W-9", on=date(2026, 1, 5))
        self.id = a_client(tx, tax_basis_points=1900, brought_by_id=self.worker, service_started_on=date(2026, 1, 15))
        self.ticket = a_ticket(tx, self.id)
        self.charges: list[int] = []
        self.returned_units = 0

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def client(self) -> Row:
        return self.tx.one(people_queries.CLIENT_BY_ID, client_id=self.id)

    def invoices(self) -> list[Row]:
        return [row for row in self.tx.all(invoice_queries.OF_CLIENT, client_id=self.id) if row.kind == "invoice"]


def work(world: World, a: int, b: int) -> None:
    begin = world.now - timedelta(hours=1 + a)
    item = some_work("2026-11-16T10:00", 1 + b, priority=list(Priority)[a % 4], was_asked=bool(b % 2))
    item = type(item)(item.priority, item.kind, begin, min(item.minutes, 59), item.was_asked)
    logged = books.log_time(
        world.tx, item, ticket_id=world.ticket, consultant_id=world.worker, key=world.key(), now=world.now
    )
    assert logged.charge_id is not None
    world.charges.append(logged.charge_id)


def waive(world: World, a: int, b: int) -> None:
    books.waive(world.tx, world.charges[a % len(world.charges)], reason="x", now=world.now)


def waive_part(world: World, a: int, b: int) -> None:
    books.waive_part(world.tx, world.charges[a % len(world.charges)], units=1 + b % 6, reason="x", now=world.now)


def reverse(world: World, a: int, b: int) -> None:
    books.reverse(world.tx, world.charges[a % len(world.charges)], reason="x", now=world.now)


def give(world: World, a: int, b: int) -> None:
    lapses_on = (world.now + timedelta(days=2 + a)).date() if a else None
    tier = "included" if a == 1 else "12h"
    books.grant(
        world.tx, client_id=world.id, tier=tier, units=1 + b, key=world.key(), now=world.now, lapses_on=lapses_on,
        bought_on=world.now.date() - timedelta(days=1),
    )  # fmt: skip


def give_away(world: World, a: int, b: int) -> None:
    books.grant(
        world.tx, client_id=world.id, tier="12h", units=1 + b, key=world.key(), now=world.now, note="x",
        kind="gift" if a else "opening",
    )  # fmt: skip


def grant_on_credit(world: World, a: int, b: int) -> None:
    books.grant_on_credit(
        world.tx, world.id, "12h", units=1 + b, lapses_on=None, key=world.key(), note="", by_id=None, now=world.now,
        prices=STANDARD,
    )  # fmt: skip


def order(world: World, a: int, b: int) -> None:
    books.invoice_bundle(world.tx, world.id, Tier.CREDIT_12H, key=world.key(), now=world.now, prices=STANDARD)


def lapse(world: World, a: int, b: int) -> None:
    for row in world.tx.all(money.GRANTS, client_id=world.id):
        books.lapse(world.tx, type("Due", (), {"id": row.id, "client_id": world.id})(), now=world.now)


def give_back(world: World, a: int, b: int) -> None:
    done = books.return_credit(
        world.tx, world.id, units=None if b % 3 else 1 + b, key=world.key(), reason="", now=world.now
    )
    world.returned_units += done.units


def begin_plan(world: World, a: int, b: int) -> None:
    on = world.now.astimezone(ny("2026-11-16T10:00").tzinfo).date() + timedelta(days=1 + a)
    books.start_plan(world.tx, world.id, plan="managed", fee_cents=6000 + b, term_months=1, from_on=on, now=world.now)


def invoice(world: World, a: int, b: int) -> None:
    books.invoice_work(world.tx, world.id, key=world.key(), now=world.now)


def pay(world: World, a: int, b: int) -> None:
    row = world.invoices()[a % len(world.invoices())]
    cents = (row.net_cents + row.tax_cents) // (1 + b % 3) + b
    books.pay_invoice(world.tx, row.number, cents, reference=world.key(), received_on=world.now.date(), now=world.now)


def pay_fee(world: World, a: int, b: int) -> None:
    first_on = world.now.date() + timedelta(days=a - 3)
    books.record_payment(
        world.tx, client_id=world.id, cents=7140 + b, net_cents=6000, purpose="subscription", reference=world.key(),
        received_on=world.now.date(), now=world.now, service_from_on=first_on,
        service_to_on=first_on + timedelta(days=30),
    )  # fmt: skip


def refund(world: World, a: int, b: int) -> None:
    paid = [row for row in world.tx.all(PAYMENTS, client_id=world.id) if row.cents > 0]
    one = paid[a % len(paid)]
    books.refund_payment(
        world.tx, of_reference=one.reference, cents=max(1, one.cents // (1 + b % 4)), reference=world.key(),
        received_on=world.now.date(), now=world.now,
    )  # fmt: skip


def hold(world: World, a: int, b: int) -> None:
    people.set_client(world.tx, world.id, {"is_ahead_applied": bool(b % 2)})
    books.keep_terms(world.tx, world.id, now=world.now)


def apply(world: World, a: int, b: int) -> None:
    row = world.invoices()[a % len(world.invoices())]
    books.apply_ahead(world.tx, row.number, 100 * b or None, key=world.key(), now=world.now)


def unapply(world: World, a: int, b: int) -> None:
    row = world.invoices()[a % len(world.invoices())]
    books.take_off(world.tx, row.number, 100 * b or None, key=world.key(), reason="", now=world.now)


def credit(world: World, a: int, b: int) -> None:
    row = world.invoices()[a % len(world.invoices())]
    cents = max(1, row.net_cents // (2 + b % 3))
    books.credit_invoice(world.tx, row.number, cents, key=world.key(), reason="x", now=world.now)


def write_off(world: World, a: int, b: int) -> None:
    books.write_off(world.tx, world.invoices()[a % len(world.invoices())].number, reason="x", now=world.now)


def pay_out(world: World, a: int, b: int) -> None:
    consultant = people.consultant(world.tx, world.worker)
    books.pay_out(world.tx, consultant, to_on=world.now.date(), paid_on=world.now.date(), now=world.now)


def close(world: World, a: int, b: int) -> None:
    books.close_month(world.tx, world.id, date(2026, 10, 1), now=world.now)


STEPS: tuple[Step, ...] = (
    work, work, work, waive, waive_part, reverse, give, order, lapse, give_back, begin_plan, invoice, invoice, pay, pay,
    pay_fee, refund, credit, write_off, pay_out, close, hold, apply, unapply,
    give_away, grant_on_credit,
)  # fmt: skip


def tick(world: World, hours: int) -> None:
    world.now += timedelta(hours=hours)
    books.begin_term(world.tx, world.id, now=world.now, prices=STANDARD)
    for row in world.tx.all(FEES, client_id=world.id):
        books.earn(world.tx, row.id, world.id, now=world.now)
    lapse(world, 0, 0)


FEES = Query("SELECT id FROM fee WHERE client_id = :client_id ORDER BY id")


A_STEP = st.tuples(st.sampled_from(STEPS), st.integers(0, 4), st.integers(0, 59), st.integers(1, 400))


@given(st.lists(A_STEP, min_size=6, max_size=30))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cash_hours_and_claims_add_up_twice(store: Store, steps: list[tuple[Step, int, int, int]]) -> None:
    class Undo(Exception):
        """Every example begins with empty books."""

    def unit(tx: Tx) -> None:
        world = World(tx)
        for step, a, b, hours in steps:
            tick(world, hours)
            try:
                with tx.savepoint():
                    step(world, a, b)
            except (UserError, ZeroDivisionError):
                # Refused, or nothing there to do it with.
                continue
        check(world)
        raise Undo

    with pytest.raises(Undo):
        store.run_sync(unit)


def check(world: World) -> None:
    tx, client_id = world.tx, world.id
    assert books.audit(tx, client_id) == []
    kept = {(row.name, row.commodity): row.balance for row in tx.all(money.ACCOUNTS, client_id=client_id)}

    def cents(name: str) -> int:
        return int(kept.get((name, "cents"), 0))

    def units(name: str) -> int:
        return int(kept.get((name, "units"), 0))

    payments = sum(row.cents for row in tx.all(PAYMENTS, client_id=client_id))
    payouts = sum(row.pay_cents + row.commission_cents for row in tx.all(PAYOUTS))
    # Cash in less refunds = Δ(prepaid + deferred + unapplied + tax) + revenue, less what was given up or lost of it,
    # less Δ claims; what consultants were paid left the same till.
    assert cents("cash") == payments - payouts
    # What was paid in other books came with its credit, and not with cash.
    liabilities = -sum(cents(name) for name in ("prepaid", "deferred", "unapplied", "tax", "opening"))
    earned = -cents("revenue") - cents("waived") - cents("write-off")
    assert payments == liabilities + earned - cents("receivable") - cents("unbilled")
    owed = -cents("commission-payable") - cents("pay-payable")
    assert cents("commission") + cents("pay") == payouts + owed
    check_hours(world, units)
    check_claims(world, cents)
    assert statement_text(
        tx, world.client(), first_on=date(2026, 11, 1), last_on=world.now.date() + timedelta(days=1), currency="USD"
    )


def check_hours(world: World, units: Callable[[str], int]) -> None:
    """Granted = drawn + lapsed + returned + held; drawn is what charges that stand took of grants."""
    grants = world.tx.all(money.GRANTS, client_id=world.id)
    given, held = sum(row.units for row in grants), sum(row.balance_units for row in grants)
    assert held == units("credit")
    lapsed = sum(row.units for row in world.tx.all(LAPSED, client_id=world.id))
    drawn = units("used") + units("per-use") + units("waived")
    assert given == drawn + lapsed + world.returned_units + held
    for row in grants:
        assert 0 <= row.balance_units <= row.units
    # Nothing is used of a grant on or after its lapse date.
    for row in world.tx.all(CHARGES, client_id=world.id):
        lapses = {grant.id: grant.lapses_on for grant in grants}
        drawn_of = [pair[0] for pair in json.loads(row.draws_json) if pair[0] is not None and pair[1] > 0]
        assert all(lapses[one] is None or row.work_on < lapses[one] for one in drawn_of)


def check_claims(world: World, cents: Callable[[str], int]) -> None:
    """Receivable = invoiced − paid − credited − written off; no invoice is more than paid; prepaid = what is held."""
    rows = world.invoices()
    assert cents("receivable") == sum(row.net_cents + row.tax_cents - row.paid_cents for row in rows)
    assert all(0 <= row.paid_cents <= row.net_cents + row.tax_cents for row in rows)
    assert all((row.state == "settled") == (books.open_cents(row) == 0) for row in rows)
    assert cents("unapplied") <= 0
    grants = world.tx.all(money.GRANTS, client_id=world.id)
    worth = sum(
        row.price_cents - row.price_cents * (row.units - row.balance_units) // row.units for row in grants if row.units
    )
    assert -cents("prepaid") == worth
