"""What consultants earn, and how a period is closed: pay, commissions, corrections, statement, bank file, receipt."""

from __future__ import annotations

import pytest

from bot import books
from bot.queries import money
from bot.store import Query
from tests.desk import Desk, Person, ny
from tests.stories.cast import HOURS, Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


async def refused(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert not answer.is_ok
    return answer.text


def accounts(desk: Desk, cast: Cast) -> dict[str, int]:
    rows = desk.store.read_sync(lambda tx: tx.all(money.ACCOUNTS, client_id=cast.acme.id))
    return {row.name: row.balance for row in rows if row.commodity == "cents" and row.balance}


async def a_paid_consultant(desk: Desk, cast: Cast, terms: str = "pay=50%") -> None:
    await said(desk, cast.maria, f"consultant set C-1 {terms} bank=DE02120300000000202051")
    await desk.say(cast.anna, HOURS)  # P4
    await said(desk, cast.tom, "claim 1")


async def test_share_accrues_with_each_charge_and_a_payout_settles_it(desk: Desk) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.tom, "log 1 50m travel")  # 4 quarters at P2: $160.00
    await said(desk, cast.tom, "log 1 15m")  # one quarter at P4 more: $20.00
    assert accounts(desk, cast)["pay-payable"] == -9000
    assert "owed after: $90.00" in await said(desk, cast.tom, "earnings")
    assert "tax form" in await refused(desk, cast.maria, "payout Tom")
    assert "is kept" in await said(desk, cast.maria, "tax form C-1 W-9")
    assert "it is kept" in await refused(desk, cast.maria, "tax form C-1 W-8BEN")
    assert "not over yet" in await refused(desk, cast.maria, "payout C-1 to 2026-11-18")
    assert "nothing to pay out" in await refused(desk, cast.maria, "payout C-1")  # up to yesterday nothing was earned
    await desk.until(ny("2026-12-01 09:00"))
    statement = await said(desk, cast.maria, "payout C-1 to 2026-11-30")
    assert statement.splitlines()[:-1] == [
        "Payout PAY-C-1-1 to Tom Becker (C-1), all that was earned up to 2026-11-30",
        "Work",
        "  2026-11-18 ACME ticket 1, travel 50 min: $80.00 (50 % of $160.00)",
        "  2026-11-18 ACME ticket 1, remote 15 min: $10.00 (50 % of $20.00)",
        "Work $90.00, commissions $0.00",
        "Paid on 2026-12-01 to DE02120300000000202051: $90.00",
        "Paid in 2026 so far: $90.00 (tax form W-9)",
    ]
    assert "pay-payable" not in accounts(desk, cast)
    assert accounts(desk, cast)["cash"] == -9000
    assert "nothing to pay out" in await refused(desk, cast.maria, "payout C-1 to 2026-11-30")
    assert await said(desk, cast.maria, "payout file 2026-12") == (
        "reference,name,account,amount,currency,date\n"
        "PAY-C-1-1,Tom Becker,DE02120300000000202051,90.00,USD,2026-12-01\n"
    )
    assert [one.actions[0].command for one in desk.told(cast.tom, "paid_out")] == ["payout arrived PAY-C-1-1"]
    assert "You have no payout" in await refused(desk, cast.ines, "payout arrived PAY-C-1-1")
    await said(desk, cast.tom, "payout arrived PAY-C-1-1")
    assert "before" in await refused(desk, cast.tom, "payout arrived PAY-C-1-1")
    assert await said(desk, cast.maria, "payouts 2026") == (
        "PAY-C-1-1 Tom Becker, up to 2026-11-30: $90.00, paid 2026-12-01, arrived\nTom Becker in 2026: $90.00"
    )
    assert "your own" in await refused(desk, cast.ines, "earnings C-1")
    assert desk.faults_in_books(cast.acme) == []


async def test_what_is_taken_back_after_a_payout_is_less_in_the_next(desk: Desk) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.maria, "tax form C-1 W-9")
    await said(desk, cast.tom, "log 1 60m")  # $80.00
    await desk.until(ny("2026-11-20 10:00"))
    await said(desk, cast.maria, "payout C-1")
    await said(desk, cast.tom, "reverse 1 -- wrong client")
    await said(desk, cast.tom, "log 1 15m")
    await desk.until(ny("2026-11-21 10:00"))
    assert "is owed -$30.00" in await refused(desk, cast.maria, "payout C-1")  # −$40.00 + $10.00
    assert "owed after: -$30.00" in await said(desk, cast.maria, "earnings C-1 2026-11")
    assert desk.faults_in_books(cast.acme) == []


async def test_waiver_cuts_no_pay_unless_the_manager_says_so(desk: Desk) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.tom, "log 1 60m")
    await said(desk, cast.maria, "waive charge 1 -- goodwill")
    assert accounts(desk, cast)["pay-payable"] == -4000
    await said(desk, cast.tom, "log 1 30m travel")  # 2 quarters at P2 more: $80.00
    await said(desk, cast.maria, "waive charge 2 unpaid -- it was our fault")
    assert accounts(desk, cast)["pay-payable"] == -4000
    assert desk.faults_in_books(cast.acme) == []


async def test_manager_who_corrects_a_charge_leaves_the_pay_with_whoever_did_the_work(desk: Desk) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.tom, "log 1 60m")  # 4 quarters: $80.00, half of it
    await said(desk, cast.maria, "correct 1 30m")
    assert accounts(desk, cast)["pay-payable"] == -2000
    assert "owed after: $20.00" in await said(desk, cast.tom, "earnings")
    assert "owed after: $0.00" in await said(desk, cast.maria, "earnings")
    assert desk.faults_in_books(cast.acme) == []


async def test_wage_is_by_billed_priority_and_real_minutes_also_under_a_flat_plan(desk: Desk) -> None:
    cast = Cast(desk, plan="flat")
    await a_paid_consultant(desk, cast, "wage=P1:90/P2:80/P3:70/P4:60")
    await said(desk, cast.tom, "log 1 10m")  # covered: 10 min at $60.00 an hour
    await said(desk, cast.tom, "log 1 15m travel")  # 15 min at $80.00
    await said(desk, cast.tom, "log 1 30m free it was our fault")
    assert accounts(desk, cast)["pay-payable"] == -(1000 + 2000)
    assert desk.faults_in_books(cast.acme) == []


async def test_correction_of_a_day_pays_whoever_did_the_work_that_stands(desk: Desk) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.maria, "consultant set C-2 pay=25%")
    await said(desk, cast.tom, "log 1 5m")  # the day's first quarter: $20.00
    await said(desk, cast.ines, "log 1 5m")  # the same quarter
    assert accounts(desk, cast)["pay-payable"] == -1000
    await said(desk, cast.tom, "reverse 1 -- wrong ticket")
    # The quarter is Ines' now: a quarter of $20.00.
    assert accounts(desk, cast)["pay-payable"] == -500
    assert "owed after: $0.00" in await said(desk, cast.tom, "earnings")
    assert "owed after: $5.00" in await said(desk, cast.ines, "commission")
    assert desk.faults_in_books(cast.acme) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    {
        "UPDATE payout SET pay_cents = pay_cents + 1": "payout PAY-C-1-1: pay_cents is 9001, 9000 was posted",
        "UPDATE payout SET commission_cents = 1": "payout PAY-C-1-1: commission_cents is 1, 0 was posted",
        "UPDATE payout SET paid_on = '2026-12-02'": "payout PAY-C-1-1: paid_on is",
        "UPDATE pay SET payout_id = NULL": "payout PAY-C-1-1: its entry keeps nothing of it",
    }.items(),
)
async def test_payout_that_was_changed_in_the_database_is_named(desk: Desk, spoil: str, found: str) -> None:
    cast = Cast(desk)
    await a_paid_consultant(desk, cast)
    await said(desk, cast.tom, "log 1 50m travel")
    await said(desk, cast.tom, "log 1 15m")
    await said(desk, cast.maria, "tax form C-1 W-9")
    await desk.until(ny("2026-12-01 09:00"))
    await said(desk, cast.maria, "payout C-1 to 2026-11-30")
    assert desk.store.read_sync(books.desk_faults) == []
    desk.store.run_sync(lambda tx: tx.run(Query(spoil, scans="a test")))
    assert desk.store.read_sync(books.desk_faults)[0].startswith(found)
