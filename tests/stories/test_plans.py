"""Plans by the term: fees invoiced on their day, deferred and earned, units granted and lapsed, warnings, renewal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot import people
from bot.notices import agreements
from bot.paperwork import Document
from bot.queries import fees, money
from bot.rendering import draw_statement
from bot.statement_text import statement_document
from bot.store import Query, Store, Tx
from tests.desk import EVENTS, Desk, Person, ny
from tests.stories.cast import HOURS, Cast


async def refused(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert not answer.is_ok
    return answer.text


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


def accounts(desk: Desk, cast: Cast) -> dict[str, int]:
    rows = desk.store.read_sync(lambda tx: tx.all(money.ACCOUNTS, client_id=cast.acme.id))
    return {row.name: row.balance for row in rows if row.commodity == "cents" and row.balance}


def events(desk: Desk, kind: str) -> list[str]:
    return [row.reason for row in desk.store.read_sync(lambda tx: tx.all(EVENTS)) if row.kind == kind]


async def test_plan_bills_no_work_of_the_days_before_it(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    await said(desk, cast.maria, "plan start ACME flat fee 450 from 2026-11-23")
    # A second thought before it begins: what came before is per use, as it was.
    await said(desk, cast.maria, "plan start ACME flat-24h fee 450 from 2026-11-23")
    await desk.until(ny("2026-11-18 16:00"))
    assert "per use" in await said(desk, cast.tom, "log 1 14:00-15:00 remote")
    await desk.until(ny("2026-11-24 16:00"))
    assert "per use" not in await said(desk, cast.tom, "log 1 14:00-15:00 remote")
    assert "per use" in await said(desk, cast.tom, "log 1 2026-11-20 10:00-10:30 remote")


async def test_work_is_billed_by_the_plan_of_its_day_however_many_came_since(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-20 12:00"))
    await said(desk, cast.maria, "plan start ACME flat fee 450")  # from Friday
    await desk.until(ny("2026-11-24 12:00"))
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-11-26")
    # Thought over before it begins: it was never in force.
    await said(desk, cast.maria, "plan start ACME flat-24h fee 600 from 2026-11-25")
    await desk.until(ny("2026-11-27 12:00"))
    assert "from 2026-11-27 on is billed per-use" in await said(desk, cast.maria, "plan end ACME")
    await desk.until(ny("2026-11-30 12:00"))
    await said(desk, cast.maria, "client set ACME plan=flat")
    await desk.until(ny("2026-12-01 12:00"))
    shown = await said(desk, cast.maria, "plan ACME")
    for span in ("per-use until 2026-11-19", "flat until 2026-11-24", "flat-24h until 2026-11-26",
                 "per-use until 2026-11-29"):  # fmt: skip
        assert span in shown
    assert "managed" not in shown
    days = {
        "2026-11-19": "per use", "2026-11-20": "covered by the flat plan", "2026-11-24": "covered by the flat plan",
        "2026-11-25": "covered by the flat-24h plan", "2026-11-27": "per use", "2026-11-30": "covered by the flat plan",
    }  # fmt: skip
    for on, billed in days.items():
        assert billed in await said(desk, cast.tom, f"log 1 {on} 10:00-10:30 remote"), on
    assert desk.faults_in_books(cast.acme) == []


async def test_managed_plan_is_invoiced_and_its_units_granted_each_term(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await said(desk, cast.maria, "client set ACME brought_by=C-1")
    assert await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-11-30") == (
        "Acme Ltd: managed plan, $450.00 a month net from 2026-11-30."
    )
    await desk.until(ny("2026-11-30 00:05"))
    assert "next term from 2026-12-30" in await said(desk, cast.anna, "plan")
    assert desk.balance(cast.acme).left_units == 24
    assert "INV-2026-0001 ACME 2026-11-30 $535.50" in await said(desk, cast.maria, "invoices ACME")
    assert accounts(desk, cast) == {"receivable": 53_550, "deferred": -45_000, "tax": -8550}
    # One of November's and December's 30 days is earned as December begins; then all but 29 January's.
    await desk.until(ny("2026-12-01 00:05"))
    assert accounts(desk, cast)["revenue"] == -1500
    # Paid in two parts: 10 % of the net fee, $45.00, accrues with the cash.
    await said(desk, cast.maria, "received INV-2026-0001 100")
    assert accounts(desk, cast)["commission-payable"] == -840  # 10 % of $84.03 net, 8.403 → 8.40
    await said(desk, cast.maria, "received INV-2026-0001 435.50 T-2")
    assert accounts(desk, cast)["commission-payable"] == -4500
    await desk.until(ny("2026-12-30 00:05"))
    # The old units lapsed as the new ones came; the old fee is earned, the new one deferred.
    assert desk.balance(cast.acme).left_units == 24
    assert accounts(desk, cast) == {
        "cash": 53_550, "receivable": 53_550, "deferred": -45_000, "revenue": -45_000, "tax": -17_100,
        "commission": 4500, "commission-payable": -4500,
    }  # fmt: skip
    # Counted from the first day: 30 January, then 28 February, then 30 March.
    await desk.until(ny("2027-03-01 00:05"))
    assert "next term from 2027-03-30" in await said(desk, cast.maria, "plan ACME")
    assert events(desk, "term begun")[-1].startswith("2027-02-28 to 2027-03-30")
    await said(desk, cast.maria, "plan end ACME")
    await desk.until(ny("2027-05-01 00:05"))
    assert len(events(desk, "term begun")) == 4
    assert "deferred" not in accounts(desk, cast)
    assert desk.faults_in_books(cast.acme) == []


async def test_a_desk_that_was_off_makes_up_for_each_term_once(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME subscription from 2026-12-01")
    await desk.until(ny("2026-12-01 00:05"))
    for _ in range(3):
        await desk.settle()
    assert "$60.00" in await said(desk, cast.maria, "invoices ACME")
    assert accounts(desk, cast) == {"receivable": 6000, "deferred": -6000}


async def test_refund_of_a_fee_paid_without_an_invoice_shrinks_what_is_earned(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "received ACME 60 subscription 2026-11-01..2026-12-01 T-1")
    # 17 of 30 days are over on the 18th: $34.00.
    assert accounts(desk, cast) == {"cash": 6000, "deferred": -2600, "revenue": -3400}
    await said(desk, cast.maria, "refund T-1 30 R-1")
    assert accounts(desk, cast) == {"cash": 3000, "deferred": -1300, "revenue": -1700}
    await desk.until(ny("2026-12-01 00:05"))
    assert accounts(desk, cast) == {"cash": 3000, "revenue": -3000}
    assert desk.faults_in_books(cast.acme) == []


async def test_approvers_hear_30_and_7_days_before_credit_lapses(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "grant ACME 12h lapses 2027-03-01")
    await desk.until(ny("2027-01-30 08:00"))
    assert not desk.told(cast.anna, "credit_lapses")
    await desk.until(ny("2027-01-30 09:05"))
    assert len(desk.told(cast.anna, "credit_lapses")) == 1
    await desk.until(ny("2027-02-22 09:05"))
    assert "12 h at P4" in desk.told(cast.anna, "credit_lapses")[1].body
    await desk.until(ny("2027-03-02 09:05"))
    assert len(desk.told(cast.anna, "credit_lapses")) == 2
    assert desk.balance(cast.acme).left_units == 0


async def test_monthly_units_are_warned_of_once_and_spent_ones_never(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "grant ACME included 24 units lapses 2026-12-18")
    await said(desk, cast.maria, "grant ACME included 2 units lapses 2026-12-17")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 15m")
    await desk.until(ny("2026-12-19 09:05"))
    assert len(desk.told(cast.anna, "credit_lapses")) == 1


async def test_credit_that_runs_low_is_ordered_again_by_itself_once(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "client set ACME renews=12h")
    await said(desk, cast.maria, "grant ACME 12h 20 units")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 2h")  # 16 of 20 units
    await said(desk, cast.tom, "log 1 30m")  # the rest
    # The 20 units that were granted on credit, and the bundle that was ordered once.
    assert (await said(desk, cast.maria, "invoices ACME")).count("INV-") == 2
    assert "usable now" in await said(desk, cast.maria, "received INV-2026-0002 720")
    assert desk.balance(cast.acme).left_units == 96


async def test_minimum_charge_of_a_day_is_billed_once(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "client set ACME minimum=1h")  # 8 units
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 10m")
    assert accounts(desk, cast) == {"unbilled": 8000, "revenue": -8000}
    await said(desk, cast.tom, "log 1 50m")
    assert accounts(desk, cast)["unbilled"] == 8000
    await said(desk, cast.tom, "log 1 15m")
    assert accounts(desk, cast)["unbilled"] == 10_000
    assert desk.faults_in_books(cast.acme) == []


async def test_credit_is_refunded_at_the_price_paid_and_the_statement_says_so(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.anna, "buy 12")
    await said(desk, cast.maria, "received INV-2026-0001 720 T-1")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 4h")  # 32 of 96 units
    # 64 units at $7.50.
    assert "64 units of Acme Ltd are taken back: $480.00" in await said(desk, cast.maria, "refund credit ACME -- moved")
    await said(desk, cast.maria, "refund T-1 480 R-1")
    assert accounts(desk, cast) == {"cash": 24_000, "revenue": -24_000}
    assert (await said(desk, cast.anna, "statement 2026-11")).splitlines()[2:] == [
        "Credit",
        "  opening     0 h at P4 (0 units)",
        "  bought      12 h at P4 (96 units)",
        "  used        -4 h at P4 (-32 units)",
        "    ticket 1  -4 h at P4 (-32 units)",
        "  refunded    -8 h at P4 (-64 units)",
        "  closing     0 h at P4 (0 units)",
        "",
        "Due",
        "  opening   $0.00",
        "  bought    $720.00",
        "  refunded  $480.00",
        "  adjusted  -$480.00",
        "  paid      -$720.00",
        "  closing   $0.00",
        "",
        "Work",
        "  2026-11-18 charge 1, ticket 1: remote, 240 min, 32 units",
    ]
    assert desk.faults_in_books(cast.acme) == []


async def test_statement_tells_fees_tax_and_refunds_apart(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await said(desk, cast.maria, "plan start ACME subscription")
    await desk.settle()
    await said(desk, cast.maria, "received INV-2026-0001 71.40 T-1")
    await said(desk, cast.maria, "refund T-1 11.40 R-1")
    assert (await said(desk, cast.anna, "statement 2026-11")).split("\n\n")[2].splitlines() == [
        "Due",
        "  opening   $0.00",
        "  fees      $60.00",
        "  refunded  $11.40",
        "  tax       $11.40",
        "  paid      -$71.40",
        "  closing   $11.40",
    ]


async def test_statement_goes_to_those_who_pay_with_a_document_of_the_same_figures(
    store: Store, tmp_path: Path
) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn" if len(asked) > 1 else b""

    desk = Desk(store, tmp_path, render=render)
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 60m")
    assert "It goes to anna@" in await said(desk, cast.maria, "statement ACME 2026-11 send")
    # What is logged before it is drawn changes nothing of it; the first drawing fails.
    await said(desk, cast.tom, "log 1 60m")
    await desk.advance(minutes=6)
    sent = next(one for one in desk.sent_to(cast.anna) if one.notice.kind == "statement_sent")
    assert sent.notice.subject == "Statement for 2026-11"
    assert "used        $80.00" in sent.notice.body and "closing     $80.00" in sent.notice.body
    assert "charge 1, ticket 1: remote, 60 min, 8 units, $80.00 per use" in sent.notice.body
    assert "dispute 1 what is wrong" in sent.notice.body
    assert [(file.filename, file.content) for file in sent.files] == [("statement-ACME-2026-11.pdf", b"%PDF drawn")]
    assert "['Due', '$80.00']" in str(asked[-1]["facts"])
    assert len(desk.told(cast.anna, "statement_sent")) == 1


async def test_statement_is_drawn_as_a_pdf_of_the_same_bytes_each_time(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    for _ in range(40):
        await said(desk, cast.tom, "log 1 60m")

    def made(tx: Tx) -> Document:
        client, policy = people.client(tx, cast.acme.id), desk.policy
        first_on, last_on = date(2026, 11, 1), date(2026, 11, 30)
        return statement_document(tx, client, first_on=first_on, last_on=last_on, policy=policy, now=desk.now)

    document = desk.store.read_sync(made)
    first, second = await draw_statement(document), await draw_statement(document)
    assert first.startswith(b"%PDF") and first == second


async def test_included_on_site_hours_come_first_then_the_rows(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME flat fee 450")
    await said(desk, cast.maria, "client set ACME onsite=2h")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await desk.until(ny("2026-11-20 12:00"))
    assert "covered by the flat plan" in await said(desk, cast.tom, "log 1 90m onsite at 2026-11-19 09:00")
    # 30 of 60 minutes are left of the two hours; the rest is 2 quarters at P2. Travel is never included.
    told = await said(desk, cast.tom, "log 1 60m onsite at 2026-11-19 13:00")
    assert "2 quarters at P2 (onsite) = 8 units per use ($80.00), 30 min covered by the flat plan" in told
    assert "4 units per use ($40.00)" in await said(desk, cast.tom, "log 1 15m travel at 2026-11-19 12:30")
    # Taken back, the time is there again; and the next term has its own.
    await said(desk, cast.tom, "reverse 1 -- wrong day")
    assert "60 min → covered" in await said(desk, cast.tom, "log 1 60m onsite at 2026-11-20 09:00")
    await desk.until(ny("2026-12-21 12:00"))
    assert "120 min → covered" in await said(desk, cast.tom, "log 1 2h onsite at 2026-12-21 09:00")
    assert desk.faults_in_books(cast.acme) == []


async def test_bundle_that_was_paid_ahead_is_usable_at_once(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "received ACME 720 credit T-1")
    assert "usable now: $720.00 were paid ahead" in await said(desk, cast.anna, "buy 12")
    standing = desk.balance(cast.acme)
    assert (standing.left_units, standing.owed_cents) == (96, 0)
    assert desk.faults_in_books(cast.acme) == []


async def test_term_that_failed_for_a_day_begins_on_its_own_day_all_the_same(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-11-30")
    # As the tick sets a failing row aside.
    desk.store.run_sync(lambda tx: tx.run(fees.TERM_FAILED, id=cast.acme.id, again_at=ny("2026-12-01 05:00")))
    await desk.until(ny("2026-12-01 05:05"))
    assert events(desk, "term begun")[0].startswith("2026-11-30 to 2026-12-30")
    await desk.until(ny("2026-12-30 00:05"))
    assert events(desk, "term begun")[1].startswith("2026-12-30 to 2027-01-30")
    assert desk.faults_in_books(cast.acme) == []


async def test_plan_is_not_begun_again_on_a_day_that_is_charged(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME managed fee 45")
    await desk.settle()
    answer = await desk.do(cast.maria, "plan start ACME managed fee 450")
    assert not answer.is_ok and "is charged already" in answer.text
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-11-19")
    await desk.until(ny("2026-11-19 00:05"))
    assert [reason[:10] for reason in events(desk, "term begun")] == ["2026-11-18", "2026-11-19"]
    assert desk.faults_in_books(cast.acme) == []


SPOILT_TERMS = {
    "UPDATE client_plan SET plan = 'flat' WHERE id = (SELECT MAX(id) FROM client_plan)": "plans are",
    "UPDATE client_plan SET from_on = '2026-11-19' WHERE id = (SELECT MAX(id) FROM client_plan)": "plans are",
    "DELETE FROM client_plan": "plans are []",
    "UPDATE client SET plan = 'flat'": "plan is flat, managed was posted",
    "UPDATE client SET fee_cents = fee_cents - 1": "fee_cents is 44999, 45000 was posted",
    "UPDATE client SET term_months = 12": "term_months is 12, 1 was posted",
    "UPDATE client SET term_anchor_on = '2026-11-19'": "term_anchor_on is",
    "UPDATE client SET term_at = created_at": "term_at is",
    "UPDATE client SET tax_basis_points = 0": "tax_basis_points is 0, 1900 was posted",
    "UPDATE client SET agreed_words = 'never'": "agreed_words is never,",
    "UPDATE client SET brought_by_id = NULL": "brought_by_id is None,",
}


@pytest.mark.parametrize(("spoil", "found"), SPOILT_TERMS.items())
async def test_a_term_that_was_changed_in_the_database_is_named(desk: Desk, spoil: str, found: str) -> None:
    cast = Cast(desk, plan="none")
    await said(desk, cast.maria, "client set ACME tax=19 brought_by=C-1")
    await said(desk, cast.anna, "accept")
    await said(desk, cast.maria, "plan start ACME managed fee 450")
    await said(desk, cast.anna, "buy per-use")
    await desk.until(ny("2026-12-19 10:00"))
    await said(desk, cast.maria, "close month 2026-11 ACME")
    assert desk.faults_in_books(cast.acme) == []
    desk.store.run_sync(lambda tx: tx.run(Query(spoil, scans="a test")))
    assert desk.faults_in_books(cast.acme)[0].startswith(f"terms of the client: {found}")


async def test_terms_that_stay_what_they_are_are_posted_once(desk: Desk) -> None:
    cast = Cast(desk)

    def posted() -> int:
        count = Query("SELECT id FROM entry WHERE kind = 'terms'", scans="a test")
        return len(desk.store.read_sync(lambda tx: tx.all(count)))

    assert posted() == 1
    await said(desk, cast.maria, "client set ACME tax=19")
    await said(desk, cast.maria, "client set ACME tax=19")
    await said(desk, cast.maria, 'client set ACME name="Acme Limited" hold=3h')
    assert posted() == 2
    assert desk.faults_in_books(cast.acme) == []


async def test_plan_that_has_not_begun_is_taken_back_and_what_was_in_force_stays(desk: Desk) -> None:
    cast = Cast(desk, plan="none")
    assert "no plan that could end" in await refused(desk, cast.maria, "plan end ACME")
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-12-01")
    told = await said(desk, cast.maria, "plan end ACME")
    assert told == "The managed plan of Acme Ltd does not begin: it has no plan, as before."
    assert await said(desk, cast.maria, "plan ACME") == "Acme Ltd: no plan"
    await desk.until(ny("2026-12-02 09:00"))
    assert desk.balance(cast.acme).owed_cents == 0
    # Work still waits for a plan or a yes.
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    assert "not billed yet" in await said(desk, cast.tom, "log 1 15m")
    await said(desk, cast.maria, "client set ACME plan=per-use")
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2027-01-01")
    assert "work is billed per-use, as before" in await said(desk, cast.maria, "plan end ACME")
    assert "no plan that could end" in await refused(desk, cast.maria, "plan end ACME")
    assert desk.faults_in_books(cast.acme) == []


async def test_plan_that_begins_later_is_no_consent_to_work_before_it(desk: Desk) -> None:
    cast = Cast(desk, plan="none")
    await said(desk, cast.maria, "plan start ACME managed fee 450 from 2026-12-01")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    assert "not billed yet" in await said(desk, cast.tom, "log 1 15m")
    # The approver's yes is kept as the agreement, and bills what waited.
    assert "agreed to chargeable work" in await said(desk, cast.anna, "accept")
    assert desk.charges() == [(2, 2000)]
    assert desk.client(cast.acme).agreed_at is not None
    assert desk.faults_in_books(cast.acme) == []


async def test_another_plan_does_not_swallow_the_next_term_of_the_one_that_runs(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME managed fee 450")  # from 18 November
    told = await refused(desk, cast.maria, "plan start ACME flat fee 900 from 2027-01-01")
    assert "next term of Acme Ltd's managed plan begins on 2026-12-18" in told
    await said(desk, cast.maria, "plan start ACME flat fee 900 from 2026-12-18")
    await desk.until(ny("2026-12-18 09:00"))
    assert await said(desk, cast.maria, "invoices ACME") == (
        "INV-2026-0001 ACME 2026-11-18 $450.00: $450.00 open, due 2026-12-02\n"
        "INV-2026-0002 ACME 2026-12-18 $900.00: $900.00 open, due 2027-01-01"
    )
    assert desk.faults_in_books(cast.acme) == []


async def test_an_agreement_keeps_the_words_the_text_the_person_and_the_time(desk: Desk) -> None:
    cast = Cast(desk, plan="none")
    assert "agreed" not in await said(desk, cast.anna, "plan")
    await said(desk, cast.anna, "accept")
    told = "chargeable work was agreed to on 2026-11-18 by Anna Kim: “accept” (text: agreement 1)"
    assert told in await said(desk, cast.anna, "plan")
    assert told in await said(desk, cast.maria, "plan ACME")
    row = desk.client(cast.acme)
    assert (row.agreed_words, row.agreed_text) == ("accept", agreements.AGREEMENT)
    assert desk.faults_in_books(cast.acme) == []
    # What was brought with an import has no words, and nothing is said of it.
    nord = desk.a_client("NORD", agreed_at=desk.now, is_chargeable=True)
    assert "agreed" not in await said(desk, cast.maria, "plan NORD")
    assert desk.faults_in_books(nord) == []
    # Changed in the database, it is found.
    desk.store.run_sync(lambda tx: tx.run(Query("UPDATE client SET agreed_text = 'agreement 2'", scans="a test")))
    assert desk.faults_in_books(cast.acme) == [
        "terms of the client: agreed_text is agreement 2, agreement 1 was posted"
    ]


def test_a_text_that_is_agreed_to_gets_another_number_when_its_words_change() -> None:
    # Where this fails, the words of the text were changed: give it the next number in bot/notices/agreements.py.
    assert {text: agreements.digest(text)[:16] for text in agreements.SENTENCES} == {
        "agreement 1": "8a86ca8cddd50f22",
        "urgent 1": "6bcd5da6d7f493cf",
    }
