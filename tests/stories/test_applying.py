"""What a client paid ahead settles an invoice: by itself, by a command, and off it again."""

from __future__ import annotations

import json

from bot.commands.settable import CLIENT
from bot.queries import invoices as queries
from bot.queries import money
from bot.queries import people as people_queries
from bot.store import Tx
from tests.desk import Desk, ny
from tests.stories.cast import Cast
from tests.stories.test_invoices import a_resolved_ticket, accounts, refused, said


async def paid_ahead(desk: Desk, cast: Cast, line: str = "received ACME 150 per-use T-1") -> str:
    return await said(desk, cast.maria, line)


async def test_cash_paid_ahead_settles_the_next_invoice_by_itself_and_stands_on_it(desk: Desk) -> None:
    cast = Cast(desk)
    await paid_ahead(desk, cast)
    assert await said(desk, cast.maria, "balance ACME") == "Acme Ltd: $150.00 paid ahead"
    # 60 min at P4 per use: $80.00.
    await a_resolved_ticket(desk, cast)
    assert accounts(desk, cast) == {"cash": 15_000, "unapplied": -7_000, "revenue": -8_000}
    await desk.settle()
    assert "Paid from your balance: -$80.00" in desk.told(cast.anna, "invoice_issued")[0].body
    assert desk.faults_in_books(cast.acme) == []


async def test_held_cash_is_offered_applied_and_taken_off_again(desk: Desk) -> None:
    cast = Cast(desk, is_ahead_applied=False)
    await paid_ahead(desk, cast)
    await a_resolved_ticket(desk, cast)
    assert accounts(desk, cast) == {"cash": 15_000, "receivable": 8_000, "unapplied": -15_000, "revenue": -8_000}
    offer = "$150.00 that were paid ahead wait, and $80.00 are open of INV-2026-0001: `apply INV-2026-0001`"
    assert offer in await said(desk, cast.maria, "invoices ACME")
    assert offer in await said(desk, cast.maria, "invoices")
    assert "apply" not in await said(desk, cast.anna, "invoices")

    assert await said(desk, cast.maria, "apply 50 ACME to INV-2026-0001") == (
        "$50.00 paid ahead now settle INV-2026-0001: $30.00 of it are open, $100.00 paid ahead wait."
    )
    assert accounts(desk, cast) == {"cash": 15_000, "receivable": 3_000, "unapplied": -10_000, "revenue": -8_000}
    assert await said(desk, cast.maria, "apply INV-2026-0001") == (
        "$30.00 paid ahead now settle INV-2026-0001: it is settled, $70.00 paid ahead wait."
    )
    assert "settled" in await said(desk, cast.maria, "invoices ACME")
    assert await said(desk, cast.maria, "unapply 60 from INV-2026-0001 -- meant for the next one") == (
        "$60.00 are taken off INV-2026-0001 again: $60.00 of it are open, $130.00 paid ahead wait."
    )
    await said(desk, cast.maria, "unapply INV-2026-0001")
    assert accounts(desk, cast) == {"cash": 15_000, "receivable": 8_000, "unapplied": -15_000, "revenue": -8_000}
    assert desk.faults_in_books(cast.acme) == []


async def test_what_cannot_be_applied_is_refused_with_the_reason(desk: Desk) -> None:
    cast = Cast(desk, is_ahead_applied=False)
    desk.a_client("NORD")
    await a_resolved_ticket(desk, cast)
    assert "Acme Ltd has paid nothing ahead" in await refused(desk, cast.maria, "apply INV-2026-0001")
    await paid_ahead(desk, cast)
    over = await refused(desk, cast.maria, "apply 90 ACME to INV-2026-0001")
    assert "$150.00 of Acme Ltd wait, and $80.00 are open of INV-2026-0001" in over
    wrong = await refused(desk, cast.maria, "apply 50 NORD to INV-2026-0001")
    assert wrong.startswith("INV-2026-0001 is an invoice of ACME, not of NORD.")
    assert "There is no invoice INV-2026-0009." in await refused(desk, cast.maria, "apply 50 to INV-2026-0009")
    assert "Nothing stands against INV-2026-0001" in await refused(desk, cast.maria, "unapply INV-2026-0001")
    assert "Which invoice?" in await refused(desk, cast.maria, "apply 50 ACME")
    for person in (cast.anna, cast.tom):
        assert "manager" in (await refused(desk, person, "apply INV-2026-0001")).lower()
    await said(desk, cast.maria, "apply INV-2026-0001")
    assert "Nothing is open of INV-2026-0001." in await refused(desk, cast.maria, "apply INV-2026-0001")


async def test_an_order_of_credit_that_is_settled_from_the_balance_is_usable(desk: Desk) -> None:
    cast = Cast(desk, is_ahead_applied=False)
    await said(desk, cast.anna, "buy 12")
    offered = await paid_ahead(desk, cast, "received ACME 800 credit T-1")
    assert "$720.00 are open of INV-2026-0001: `apply INV-2026-0001`" in offered
    assert "The 12h credit is usable now." in await said(desk, cast.maria, "apply all ACME to INV-2026-0001")
    assert (desk.balance(cast.acme).left_units, desk.balance(cast.acme).owed_cents) == (96, -8_000)
    assert desk.faults_in_books(cast.acme) == []


async def test_a_statement_says_what_was_paid_ahead_and_the_client_chooses_its_use(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "client set ACME ahead=hold")
    await paid_ahead(desk, cast)
    await a_resolved_ticket(desk, cast)
    stated = await said(desk, cast.maria, "statement ACME")
    assert "closing             -$70.00" in stated and "of it paid ahead  -$150.00" in stated
    await said(desk, cast.maria, "client set ACME ahead=apply")
    await said(desk, cast.tom, "log 1 15m")
    assert "$20.00 of it paid ahead" in await said(desk, cast.maria, "invoice ACME")


async def test_a_fee_that_is_settled_from_the_balance_earns_its_commission_and_gives_it_back(desk: Desk) -> None:
    cast = Cast(desk, is_ahead_applied=False)
    await said(desk, cast.maria, "client set ACME brought_by=C-1 started=2026-11-18")
    await said(desk, cast.maria, "plan start ACME subscription")
    await desk.until(ny("2026-11-18 10:10"))
    await paid_ahead(desk, cast)
    await said(desk, cast.maria, "apply INV-2026-0001")
    assert accounts(desk, cast)["commission-payable"] == -600
    await said(desk, cast.maria, "unapply INV-2026-0001")
    assert "commission-payable" not in accounts(desk, cast)
    assert desk.faults_in_books(cast.acme) == []


async def test_what_is_applied_is_kept_with_its_entry(desk: Desk) -> None:
    cast = Cast(desk, is_ahead_applied=False)
    await a_resolved_ticket(desk, cast)
    await paid_ahead(desk, cast)
    await said(desk, cast.maria, "apply 25 to INV-2026-0001")

    def last(tx: Tx) -> tuple[dict[str, object], int]:
        row = tx.one(queries.BY_NUMBER, number="INV-2026-0001")
        assert row is not None
        return json.loads(tx.all(money.ENTRIES_OF_CLIENT, client_id=cast.acme.id)[-1].evidence_json), row.balance_cents

    assert desk.store.read_sync(last) == ({"settles": [["INV-2026-0001", 2500, "credit", "2026-11-18"]]}, 2500)


async def test_what_is_missing_or_too_much_is_said_in_amounts_and_words_that_people_type(desk: Desk) -> None:
    cast = Cast(desk)
    await a_resolved_ticket(desk, cast)
    for line in ("received INV-2026-0001", "apply", "received ACME", "plan start ACME flat fee"):
        assert "How much? Write the amount, such as 60 or 60.00." in await refused(desk, cast.maria, line)
    assert "received INV-YEAR-NUMBER AMOUNT" in await refused(desk, cast.maria, "received INV-2026-0001 abc")
    await paid_ahead(desk, cast)
    too_much = await refused(desk, cast.maria, "refund T-1 500 R-1")
    assert too_much == "Of T-1, $150.00 are left to refund."
    assert "holds $80.00 net" in await refused(desk, cast.maria, "credit note INV-2026-0001 900 -- x")
    assert await said(desk, cast.maria, "client set ACME po=7 ahead=hold") == "Changed at Acme Ltd: po, ahead."
    assert await said(desk, cast.maria, "consultant set C-1 bank=DE1") == "Changed for Tom Becker: bank."
    assert (await said(desk, cast.tom, "stop")).startswith("No clock of yours ran. You get no more notices here.")


def test_whatever_can_be_set_of_a_client_is_written() -> None:
    columns = {key.column for key in CLIENT.values()} - {"domains"}
    ids = {"lead", "manager", "assistant", "brought_by"}
    assert all(f" {column}{'_id' * (column in ids)} = :" in people_queries.CLIENT_SET.sql for column in columns)
