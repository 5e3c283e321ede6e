"""What consultants earn, and how a period is closed: pay, commissions, corrections, statement, bank file, receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import books
from bot.documents import Document
from bot.queries import money
from bot.rendering import draw_statement
from bot.store import Query, Store
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


# ---------------------------------------------------------------- on paper


def a_drawing_desk(store: Store, tmp_path: Path, *, failing: int = 0, **choices: Any) -> tuple[Desk, list[Document]]:
    """A desk that keeps what it is asked to draw. failing: how many drawings fail first."""
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn" if len(asked) > failing else b""

    return Desk(store, tmp_path, render=render, **choices), asked


async def a_payout(desk: Desk, cast: Cast) -> str:
    await a_paid_consultant(desk, cast)
    await said(desk, cast.tom, "log 1 50m travel")  # 4 quarters at P2: $160.00, half of it $80.00
    await said(desk, cast.tom, "log 1 15m")  # $20.00, half of it $10.00
    await said(desk, cast.maria, "tax form C-1 W-9")
    await desk.until(ny("2026-12-01 09:00"))
    return await said(desk, cast.maria, "payout C-1 to 2026-11-30")


async def test_payout_goes_to_the_consultant_as_a_document_and_is_kept(store: Store, tmp_path: Path) -> None:
    desk, asked = a_drawing_desk(store, tmp_path, failing=1)
    cast = Cast(desk)
    await a_payout(desk, cast)
    # The first drawing failed: it is tried again, and nothing was sent meanwhile.
    assert desk.told(cast.tom, "paid_out") == []
    await desk.advance(minutes=6)
    (sent,) = [one for one in desk.sent_to(cast.tom) if one.notice.kind == "paid_out"]
    assert [(file.filename, file.content) for file in sent.files] == [("PAY-C-1-1.pdf", b"%PDF drawn")]
    assert ["Paid out", "$90.00"] in asked[-1]["facts"] and ["Tax form", "W-9"] in asked[-1]["facts"]
    assert [row["detail"] for row in asked[-1]["tables"][0]["rows"]] == [
        "travel, 50 min; 50 % of $160.00",
        "remote, 15 min; 50 % of $20.00",
    ]
    assert "  paid in 2026 so far  $90.00" in sent.notice.body
    kept = Query("SELECT pdf_sha256, render_at FROM statement WHERE kind = 'payout'", scans="a test")
    (row,) = store.read_sync(lambda tx: tx.all(kept))
    assert len(row.pdf_sha256) == 64 and row.render_at is None
    # What is drawn adds up: the lines are the sum, the sum is the payout.
    assert sum(ours(row["figures"][0]) for row in asked[-1]["tables"][0]["rows"]) == 9000


def ours(amount: str) -> int:
    """Cents of an amount as a document shows it."""
    return int(amount.replace("$", "").replace(".", "").replace(",", ""))


async def test_payout_that_cannot_be_drawn_is_told_all_the_same(store: Store, tmp_path: Path) -> None:
    desk, _ = a_drawing_desk(store, tmp_path, failing=9)
    cast = Cast(desk)
    await a_payout(desk, cast)
    await desk.advance(minutes=30)
    (sent,) = [one for one in desk.sent_to(cast.tom) if one.notice.kind == "paid_out"]
    assert sent.files == () and "ticket 1, travel, 50 min; 50 % of $160.00: $80.00" in sent.notice.body


async def test_receipt_goes_to_the_consultant_and_to_the_manager(store: Store, tmp_path: Path) -> None:
    desk, asked = a_drawing_desk(store, tmp_path)
    cast = Cast(desk)
    await a_payout(desk, cast)
    assert "receipt follows" in await said(desk, cast.tom, "payout arrived PAY-C-1-1")
    for person in (cast.tom, cast.maria):
        (sent,) = [one for one in desk.sent_to(person) if one.notice.kind == "payout_arrived"]
        assert [file.filename for file in sent.files] == ["receipt-PAY-C-1-1.pdf"]
        assert sent.notice.body == "Tom Becker says that payout PAY-C-1-1 over $90.00 has arrived."
    assert asked[-1]["title"] == "Receipt"
    assert "Tom Becker confirms: $90.00 have arrived." in asked[-1]["about"]


async def test_month_of_a_consultant_is_sent_as_a_document_that_foots(store: Store, tmp_path: Path) -> None:
    desk, asked = a_drawing_desk(store, tmp_path)
    cast = Cast(desk)
    await a_payout(desk, cast)
    assert "is sent it as a document" in await said(desk, cast.tom, "earnings 2026-12 send")
    (sent,) = [one for one in desk.sent_to(cast.tom) if one.notice.kind == "earnings_sent"]
    assert [file.filename for file in sent.files] == ["earnings-C-1-2026-12.pdf"]
    assert asked[-1]["sections"][0]["rows"] == [
        ["opening", "Owed before", "$90.00"],
        ["", "Work", "$0.00"],
        ["", "Commissions", "$0.00"],
        ["", "Paid out", "-$90.00"],
        ["part", "PAY-C-1-1", "-$90.00"],
        ["closing", "Owed after", "$0.00"],
    ]
    # A manager has it sent to the consultant, in whatever order it is typed; another consultant has not.
    for line in ("earnings C-1 2026-11 send", "earnings send 2026-11 C-1"):
        assert "Tom Becker is sent it" in await said(desk, cast.maria, line)
    assert "your own" in await refused(desk, cast.ines, "earnings C-1 send")


async def test_documents_of_pay_are_in_the_consultants_language_and_drawn_alike_each_time(
    store: Store, tmp_path: Path
) -> None:
    desk, asked = a_drawing_desk(store, tmp_path)
    cast = Cast(desk)
    await said(desk, cast.tom, "language de")
    await a_payout(desk, cast)
    shown = str(asked[-1]).replace("\\xa0", " ")
    assert asked[-1]["title"] == "Auszahlung"
    assert all(word in shown for word in ("Fahrt, 50 min; 50 % von 160,00 $", "Gezahlt am", "01.12.2026", "90,00 $"))
    first, second = await draw_statement(asked[-1]), await draw_statement(asked[-1])
    assert first.startswith(b"%PDF") and first == second


async def test_wage_and_what_was_taken_back_say_why(store: Store, tmp_path: Path) -> None:
    desk, asked = a_drawing_desk(store, tmp_path)
    cast = Cast(desk)
    await a_paid_consultant(desk, cast, "wage=P1:90/P2:80/P3:70/P4:60")
    await said(desk, cast.tom, "log 1 30m")  # $30.00
    await said(desk, cast.tom, "log 1 15m travel")  # $20.00
    await said(desk, cast.tom, "reverse 1 -- wrong client")
    await said(desk, cast.tom, "earnings send")
    assert [(row["detail"], row["figures"]) for row in asked[-1]["tables"][0]["rows"]] == [
        ("remote, 30 min; 30 min P4 at $60.00 an hour", ["$30.00"]),
        ("travel, 15 min; 15 min P2 at $80.00 an hour", ["$20.00"]),
        ("remote, 30 min; taken back: wrong client", ["-$30.00"]),
    ]
