"""Credit that a manager gives: on credit it is invoiced, a gift is not, and both can be worked on at once."""

from __future__ import annotations

from datetime import date

from bot import books
from bot.queries import money
from tests.desk import Desk
from tests.stories.cast import HOURS, Cast
from tests.stories.test_invoices import accounts, refused, said


def kinds(desk: Desk, cast: Cast) -> list[str]:
    rows = desk.store.read_sync(lambda tx: tx.all(money.ENTRIES_OF_CLIENT, client_id=cast.acme.id))
    return [row.kind for row in rows]


async def test_a_grant_on_credit_is_usable_and_invoiced_on_the_clients_terms(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900, due_days=30, po_number="PO-7")
    told = await said(desk, cast.maria, "grant ACME 12h")
    # $720.00 and 19 % tax.
    assert told == (
        "Granted to Acme Ltd: 12h. Now 12 h at P4 left; $856.80 due\n"
        "Invoice INV-2026-0001 to Acme Ltd: $856.80, due 2026-12-18. It goes out by email."
    )
    assert accounts(desk, cast) == {"receivable": 85_680, "prepaid": -72_000, "tax": -13_680}
    await desk.settle()
    assert len(desk.told(cast.anna, "invoice_issued")) == 1
    await said(desk, cast.maria, "received INV-2026-0001 856.80")
    assert (desk.balance(cast.acme).left_units, desk.balance(cast.acme).owed_cents) == (96, 0)
    assert desk.faults_in_books(cast.acme) == []


async def test_a_part_of_a_bundle_costs_its_share_and_uses_what_was_paid_ahead(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "received ACME 100 credit T-1")
    # 40 of 96 units: $300.00.
    assert "INV-2026-0001 to Acme Ltd: $300.00, $100.00 of it paid ahead" in await said(
        desk, cast.maria, "grant ACME 12h 40 units"
    )
    assert desk.balance(cast.acme).owed_cents == 20_000


async def test_a_gift_is_credit_without_an_invoice_and_without_revenue(desk: Desk) -> None:
    cast = Cast(desk)
    assert await said(desk, cast.maria, 'grant 12 ACME gift "for the trouble last week"') == (
        "Granted to Acme Ltd: 12h as a gift. Now 12 h at P4 left"
    )
    assert kinds(desk, cast) == ["terms", "gift"]
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    assert "8 units from the 12-hour credit ($0.00)" in await said(desk, cast.tom, "log 1 60m")
    assert accounts(desk, cast) == {}
    assert (desk.balance(cast.acme).left_units, desk.balance(cast.acme).owed_cents) == (88, 0)
    assert await said(desk, cast.maria, "invoices ACME") == "There are no invoices."
    assert "given       12 h at P4 (96 units)" in await said(desk, cast.anna, "statement")
    # Nothing was paid for it, so there is nothing to take back.
    assert "No bought credit is left" in await refused(desk, cast.maria, "refund credit ACME")
    assert desk.faults_in_books(cast.acme) == []


async def test_a_gift_beside_an_order_leaves_the_order_alone(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.anna, "buy 12")
    await said(desk, cast.maria, "grant ACME 12h gift 8 units lapses 2026-12-31 -- a new client")
    assert desk.balance(cast.acme).grants[0].lapses_on == date(2026, 12, 31)
    assert "open" in await said(desk, cast.maria, "invoices ACME")
    await said(desk, cast.maria, "received INV-2026-0001 720")
    assert desk.balance(cast.acme).left_units == 104


async def test_a_gift_says_what_for_and_no_client_gives_itself_one(desk: Desk) -> None:
    cast = Cast(desk)
    assert "What is the gift for?" in await refused(desk, cast.maria, "grant ACME 12h gift")
    assert "Which credit?" in await refused(desk, cast.maria, "grant ACME gift -- hello")
    assert "manager" in await refused(desk, cast.anna, "grant ACME 12h gift -- please")


async def test_credit_of_an_import_was_paid_before_and_is_owed_by_nobody(desk: Desk) -> None:
    cast = Cast(desk)
    desk.store.run_sync(
        lambda tx: books.buy_credit(
            tx, client_id=cast.acme.id, tier="12h", bought_on=date(2026, 10, 1), note="paid", now=desk.now
        )
    )
    assert accounts(desk, cast) == {"opening": 72_000, "prepaid": -72_000}
    assert await said(desk, cast.maria, "balance ACME") == "Acme Ltd: 12 h at P4 left"
    assert desk.faults_in_books(cast.acme) == []


async def test_a_number_without_its_unit_is_never_all_of_the_credit(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "grant ACME 12h")
    for line in ("refund credit ACME 5", "refund credit ACME 5 -- sorry", "refund credit ACME 2h", "grant ACME 12h 40",
                 "grant ACME 40h 3h -- sorry"):  # fmt: skip
        answer = await desk.do(cast.maria, line)
        assert not answer.is_ok and "How many units?" in answer.text, line
    assert desk.balance(cast.acme).left_units == 96
    await said(desk, cast.maria, "refund credit ACME 5 units -- sorry")
    assert desk.balance(cast.acme).left_units == 91
