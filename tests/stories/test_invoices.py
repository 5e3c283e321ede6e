"""From work to an invoice to cash: issued on resolution, paid in parts, corrected by credit notes, never in gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from bot import books
from bot.documents import Document, labels
from bot.messages import EMAIL
from bot.queries import invoices as queries
from bot.queries import money
from bot.rendering import draw_invoice
from bot.store import Store, Tx
from tests.desk import Desk, Person, ny
from tests.doubles.books import LONG_AGO, a_client, a_ticket, log, some_work
from tests.stories.cast import HOURS, Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


async def refused(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert not answer.is_ok
    return answer.text


async def a_resolved_ticket(desk: Desk, cast: Cast) -> str:
    await desk.say(cast.anna, HOURS)  # P4
    await said(desk, cast.tom, "claim 1")
    return await said(desk, cast.tom, "resolve 1 60m -- done")


def accounts(desk: Desk, cast: Cast) -> dict[str, int]:
    rows = desk.store.read_sync(lambda tx: tx.all(money.ACCOUNTS, client_id=cast.acme.id))
    return {row.name: row.balance for row in rows if row.commodity == "cents" and row.balance}


async def test_work_per_use_is_invoiced_on_completion_with_tax_and_paid_in_parts(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900, due_days=30)
    # 60 min P4 = 8 units per use, $80.00; 19 % tax $15.20.
    assert "Invoice INV-2026-0001 over $95.20 goes out." in await a_resolved_ticket(desk, cast)
    assert accounts(desk, cast) == {"receivable": 9520, "tax": -1520, "revenue": -8000}
    assert await said(desk, cast.maria, "invoices ACME") == (
        "INV-2026-0001 ACME 2026-11-18 $95.20: $95.20 open, due 2026-12-18"
    )
    assert await said(desk, cast.maria, "received INV-2026-0001 50") == (
        "$50.00 booked for INV-2026-0001: $45.20 of it are open."
    )
    assert await said(desk, cast.maria, "received INV-2026-0001 60.00 on 2026-11-20 T-9") == (
        "$60.00 booked for INV-2026-0001: it is settled, $14.80 more wait for the next one."
    )
    assert accounts(desk, cast) == {"cash": 11_000, "unapplied": -1480, "tax": -1520, "revenue": -8000}
    assert "booked before" in await refused(desk, cast.maria, "received INV-2026-0001 1 T-9")
    # The next invoice takes up what was paid ahead: $80.00 and tax, less $14.80.
    await said(desk, cast.tom, "log 1 60m")
    assert "$95.20, $14.80 of it paid ahead" in await said(desk, cast.maria, "invoice ACME")
    assert "Nothing of Acme Ltd waits" in await refused(desk, cast.maria, "invoice ACME")
    assert desk.balance(cast.acme).owed_cents == 9520 - 1480
    assert desk.faults_in_books(cast.acme) == []


async def test_what_is_taken_back_after_its_invoice_is_a_credit_note(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await a_resolved_ticket(desk, cast)
    await said(desk, cast.tom, "reverse 1 -- wrong client")
    assert "CRN-2026-0002 ACME 2026-11-18 -$95.20: credit note" in await said(desk, cast.maria, "invoices ACME")
    assert accounts(desk, cast) == {}
    assert desk.faults_in_books(cast.acme) == []


async def test_credit_note_of_a_paid_invoice_waits_for_the_next_or_goes_back(desk: Desk) -> None:
    cast = Cast(desk)
    await a_resolved_ticket(desk, cast)
    await said(desk, cast.maria, "received INV-2026-0001 80 T-1")
    await said(desk, cast.maria, "credit note INV-2026-0001 30 -- goodwill")
    assert accounts(desk, cast) == {"cash": 8000, "unapplied": -3000, "revenue": -8000, "waived": 3000}
    assert "cannot be credited" in await refused(desk, cast.maria, "credit note INV-2026-0001 60 -- more")
    await said(desk, cast.maria, "refund T-1 30 R-1")
    assert accounts(desk, cast) == {"cash": 5000, "revenue": -8000, "waived": 3000}
    # A refund of what settled the invoice opens it again.
    await said(desk, cast.maria, "refund T-1 50 R-2")
    assert accounts(desk, cast) == {"receivable": 5000, "revenue": -8000, "waived": 3000}
    assert "$50.00 open" in await said(desk, cast.maria, "invoices ACME")
    assert (
        await said(desk, cast.maria, "write off INV-2026-0001 -- insolvent")
        == "$50.00 of INV-2026-0001 are written off."
    )
    assert accounts(desk, cast) == {"write-off": 5000, "revenue": -8000, "waived": 3000}
    assert desk.faults_in_books(cast.acme) == []


async def test_what_was_written_off_is_no_money_of_the_client_when_its_work_is_taken_back(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await a_resolved_ticket(desk, cast)  # $80.00 and $15.20 tax
    await said(desk, cast.maria, "received INV-2026-0001 20.20 T-1")
    await said(desk, cast.maria, "write off INV-2026-0001 -- insolvent")
    assert accounts(desk, cast)["write-off"] == 6303  # of $75.00; $11.97 of it are tax
    # Taken back: of $95.20, $75.00 were never paid; what was paid is the client's again.
    assert "$20.20 paid ahead" in await said(desk, cast.tom, "reverse 1 -- wrong client")
    assert accounts(desk, cast) == {"cash": 2020, "unapplied": -2020}
    assert desk.faults_in_books(cast.acme) == []


async def test_a_gift_after_a_write_off_in_parts_takes_back_exactly_what_was_lost(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=700)
    await a_resolved_ticket(desk, cast)  # $80.00 and $5.60 tax
    await said(desk, cast.maria, "write off INV-2026-0001")
    for cents in ("0.01", "33.33", "all"):
        await said(desk, cast.maria, f"credit note INV-2026-0001 {cents} -- goodwill")
    assert accounts(desk, cast) == {"revenue": -8000, "waived": 8000}
    assert desk.faults_in_books(cast.acme) == []


async def test_bundle_is_invoiced_on_purchase_and_usable_when_paid(desk: Desk) -> None:
    cast = Cast(desk)
    told = await said(desk, cast.anna, "buy 12")
    assert "Invoice INV-2026-0001: $720.00" in told
    # Asked twice, ordered once.
    assert "INV-2026-0001" in await said(desk, cast.anna, "buy 12")
    assert desk.balance(cast.acme).left_units is None
    assert "usable" not in await said(desk, cast.maria, "received INV-2026-0001 700")
    assert "The 12h credit is usable now." in await said(desk, cast.maria, "received INV-2026-0001 20")
    standing = desk.balance(cast.acme)
    assert (standing.left_units, standing.owed_cents) == (96, 0)
    assert accounts(desk, cast)["prepaid"] == -72_000
    assert desk.faults_in_books(cast.acme) == []


async def test_bundle_that_a_manager_grants_on_credit_is_usable_at_once_and_once(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.anna, "buy 40")
    assert "invoiced as INV-2026-0001" in await said(desk, cast.maria, "grant ACME 40h")
    await said(desk, cast.maria, "received INV-2026-0001 2000")
    standing = desk.balance(cast.acme)
    assert (standing.left_units, standing.owed_cents) == (320, 0)


async def test_month_is_closed_once_and_what_comes_later_goes_to_the_next(desk: Desk) -> None:
    cast = Cast(desk, invoicing="monthly")
    assert "goes out" not in await a_resolved_ticket(desk, cast)
    assert "not over yet" in await refused(desk, cast.maria, "close-month 2026-11")
    await desk.until(ny("2026-12-01 09:00"))
    assert "Invoice INV-2026-0001 to Acme Ltd: $80.00" in await said(desk, cast.maria, "close-month 2026-11")
    assert await said(desk, cast.maria, "close month 2026-11") == "2026-11 is closed for 1 client."
    await said(desk, cast.tom, "log 1 30m at 2026-11-20 10:00")
    assert "INV-2026-0002 to Acme Ltd: $40.00" in await said(desk, cast.maria, "invoice ACME")
    assert desk.faults_in_books(cast.acme) == []


async def test_month_is_closed_only_where_it_is_over_for_every_client(desk: Desk) -> None:
    cast = Cast(desk, invoicing="monthly")
    desk.a_client("WAVES", zone="Pacific/Honolulu")
    await desk.until(ny("2026-12-01 00:30"))
    assert "2026-11 is not over yet for WAVES." in await refused(desk, cast.maria, "close month 2026-11")
    assert "closed for 1 client" in await said(desk, cast.maria, "close month 2026-11 ACME")


async def test_disputed_charge_stays_off_the_invoice(desk: Desk) -> None:
    cast = Cast(desk, invoicing="monthly")
    await a_resolved_ticket(desk, cast)
    await said(desk, cast.anna, "dispute 1 never asked for")
    assert "Nothing of Acme Ltd waits" in await refused(desk, cast.maria, "invoice ACME")
    await said(desk, cast.maria, "decide 1 uphold")
    assert "$80.00" in await said(desk, cast.maria, "invoice ACME")


# ---------------------------------------------------------------- documents and reminders


async def test_document_goes_by_email_to_the_owner_once_and_reminders_follow(store: Store, tmp_path: Path) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn" if len(asked) > 1 else b""

    desk = Desk(store, tmp_path, render=render)
    cast = Cast(desk, tax_basis_points=1900, po_number="PO-4711", billing_address="Accounts payable; 1 Main Street")
    desk.a_contact(cast.acme, "Bob Ortiz", role="approver")
    await a_resolved_ticket(desk, cast)
    await desk.advance(minutes=4)
    assert desk.told(cast.anna, "invoice_issued") == []  # the first drawing failed
    await desk.advance(minutes=1)
    assert len(desk.told(cast.anna, "invoice_issued")) == 1 and len(asked) == 2
    sent = next(one for one in desk.sent_to(cast.anna) if one.notice.kind == "invoice_issued")
    assert (sent.notice.subject, sent.to.channel) == ("Invoice INV-2026-0001: $95.20", EMAIL)
    assert [(file.filename, file.content) for file in sent.files] == [("INV-2026-0001.pdf", b"%PDF drawn")]
    assert asked[-1]["totals"] == [("Net", "$80.00"), ("Tax 19 %", "$15.20"), ("Total", "$95.20")]
    assert ("Your order", "PO-4711") in asked[-1]["facts"]
    # Due on 2 December; reminded on the 5th, 12th and 26th, then the manager hears.
    await desk.until(ny("2027-01-15 09:00"))
    titles = [one.subject for one in desk.told(cast.anna, "invoice_reminder")]
    assert titles == [f"Reminder {count}: invoice INV-2026-0001" for count in (1, 2, 3)]
    assert "three reminders were sent" in desk.told(cast.maria, "invoice_overdue")[0].body


async def test_invoice_says_what_was_paid_ahead_and_by_what_number_a_line_is_disputed(
    store: Store, tmp_path: Path
) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn"

    desk = Desk(store, tmp_path, render=render)
    cast = Cast(desk, tax_basis_points=1900)
    await said(desk, cast.maria, "received ACME 50 per-use T-1")
    await a_resolved_ticket(desk, cast)
    await desk.settle()
    # $80.00 and 19 % tax, less $50.00.
    assert asked[-1]["totals"] == [
        ("Net", "$80.00"), ("Tax 19 %", "$15.20"), ("Total", "$95.20"), ("Paid from your balance", "-$50.00"),
        ("Amount due", "$45.20"),
    ]  # fmt: skip
    assert asked[-1]["payment"] == ["Please pay $45.20 by 2026-12-02 with the reference INV-2026-0001."]
    body = desk.told(cast.anna, "invoice_issued")[0].body
    assert "Total: $95.20\nPaid from your balance: -$50.00\nAmount due: $45.20" in body
    assert "$45.20 is left to pay" in body and "dispute 1 what is wrong" in body
    assert "charge 1; remote, 60 min" in str(asked[-1]["lines"])
    await said(desk, cast.maria, "received ACME 200 per-use T-2")
    await said(desk, cast.tom, "log 1 60m")
    await said(desk, cast.maria, "invoice ACME")
    await desk.settle()
    assert asked[-1]["payment"] == ["Nothing is left to pay."]
    assert "nothing is left to pay" in desk.told(cast.anna, "invoice_issued")[1].body


async def test_paid_invoice_is_not_reminded_of(desk: Desk) -> None:
    cast = Cast(desk)
    await a_resolved_ticket(desk, cast)
    await said(desk, cast.maria, "received INV-2026-0001 80")
    await desk.until(ny("2027-01-15 09:00"))
    assert desk.told(cast.anna, "invoice_reminder") == []


async def test_invoice_that_a_refund_opens_again_is_reminded_of_in_the_morning(desk: Desk) -> None:
    cast = Cast(desk)
    await a_resolved_ticket(desk, cast)
    await said(desk, cast.maria, "received INV-2026-0001 80 T-1")
    await desk.until(ny("2026-12-20 09:00"))
    await said(desk, cast.maria, "refund T-1 80 R-1")
    await desk.until(ny("2026-12-23 08:59"))
    assert desk.told(cast.anna, "invoice_reminder") == []
    await desk.until(ny("2026-12-23 09:01"))
    assert len(desk.told(cast.anna, "invoice_reminder")) == 1


async def test_invoice_is_drawn_as_a_pdf_of_the_same_bytes_each_time() -> None:
    lines = [{"on": "2026-11-18", "text": "Ticket 1: Größe “x” ;", "detail": "", "amount": "$80.00"}] * 60
    document = {
        "title": "Invoice", "number": "INV-2026-0001", "issued_on": "2026-11-18", "about": "", "lines": lines,
        "seller": {"name": "Desk", "address": [], "email": "support@desk.example", "tax_number": ""},
        "buyer": {"name": "Acme", "address": []}, "facts": [("Number", "INV-2026-0001")],
        "words": labels("en"), "strong": ["Number"],
        "totals": [("Total", "$80.00")], "payment": [],
    }  # fmt: skip
    first, second = await draw_invoice(document), await draw_invoice(document)
    assert first.startswith(b"%PDF") and first == second


# ---------------------------------------------------------------- numbers


def test_numbers_have_no_gap_under_twenty_writers_and_failures(fresh_store: Store) -> None:
    class Crash(Exception):
        """The transaction ends before its commit."""

    def prepare(tx: Tx) -> list[int]:
        clients = [a_client(tx, f"C{number}") for number in range(20)]
        for number, client in enumerate(clients):
            for item in range(3):
                ticket = a_ticket(tx, client)
                log(tx, ticket, some_work("2026-11-18T10:00", 15), key=f"{number}:{item}")
        return clients

    clients = fresh_store.run_sync(prepare)

    def issue(place: int) -> None:
        for item in range(3):
            ticket = 3 * place + item + 1

            def unit(tx: Tx, is_crashing: bool = False, item: int = item, ticket: int = ticket) -> None:
                books.invoice_work(tx, clients[place], key=f"{place}:{item}", now=LONG_AGO, ticket_id=ticket)
                if is_crashing:
                    raise Crash

            if item == 1:
                with pytest.raises(Crash):
                    fresh_store.run_sync(partial(unit, is_crashing=True))
            fresh_store.run_sync(unit)
            fresh_store.run_sync(unit)  # a replay issues nothing

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(issue, range(20)))

    def check(tx: Tx) -> None:
        numbers = sorted(row.number for client in clients for row in tx.all(queries.OF_CLIENT, client_id=client))
        assert numbers == [f"INV-2026-{number:04d}" for number in range(1, 61)]
        for client in clients:
            assert books.audit(tx, client) == []
            rows = tx.all(queries.OF_CLIENT, client_id=client)
            assert sum(row.net_cents for row in rows) == 6000

    fresh_store.read_sync(check)


async def test_order_that_nobody_paid_is_taken_back_and_never_written_off(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await said(desk, cast.anna, "buy 40")
    assert "`credit note INV-2026-0001 all -- REASON`" in await refused(desk, cast.maria, "write off INV-2026-0001")
    told = await said(desk, cast.maria, "credit note INV-2026-0001 all -- ordered by mistake")
    assert told.endswith("off INV-2026-0001. The order of the 40h credit is off.")
    # Nothing was delivered and nothing is owed: no income, no loss, no debt.
    assert accounts(desk, cast) == {}
    assert "INV-2026-0003" in await said(desk, cast.anna, "buy 40")
    assert desk.faults_in_books(cast.acme) == []


async def test_order_that_became_cheaper_is_granted_at_the_price_paid(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await said(desk, cast.anna, "buy 12")
    await said(desk, cast.maria, "received INV-2026-0001 785.40")
    assert "$71.40 open" in await said(desk, cast.maria, "invoices ACME")
    # $60.00 and 19 % tax are all that was open: the bundle is usable, at $660.00.
    told = await said(desk, cast.maria, "credit note INV-2026-0001 60 -- a good client")
    assert told.endswith("$71.40 off INV-2026-0001. The 12h credit is usable now.")
    assert accounts(desk, cast) == {"cash": 78_540, "prepaid": -66_000, "tax": -12_540}
    assert desk.faults_in_books(cast.acme) == []


async def test_a_line_says_how_much_of_it_is_per_use_and_a_name_stands_once(store: Store, tmp_path: Path) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn"

    desk = Desk(store, tmp_path, render=render)
    cast = Cast(desk, billing_address="acme ltd; 1 Main St; Springfield")
    await said(desk, cast.maria, "grant ACME 12h 6 units gift -- sorry")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 60m")  # 8 units: 6 from the credit, 2 per use
    await said(desk, cast.tom, "resolve 1 done")
    await desk.settle()
    (line,) = asked[-1]["lines"]
    assert line["amount"] == "$20.00"
    assert line["detail"] == "charge 1; remote, 60 min; the day comes to 4 quarters at P4; 2 units per use"
    assert asked[-1]["buyer"] == {"name": "Acme Ltd", "address": ["1 Main St", "Springfield"]}


async def test_line_of_a_ticket_whose_subject_is_a_sentence_has_no_stop_before_its_colon(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS, subject="The label printer is dead.")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 60m New rollers")
    (invoice,) = desk.told(cast.anna, "invoice_issued")
    assert "Ticket 1: The label printer is dead: $120.00" in invoice.body
