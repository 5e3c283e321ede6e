"""A bank's file: what leaves no doubt is booked, the rest is shown and settled by a person, nothing is booked twice."""

from __future__ import annotations

from datetime import date

import pytest

from bot import books
from bot.errors import UserError
from bot.ledger.bankfiles import numbers_in, read_lines
from tests.desk import Desk, Person
from tests.stories.cast import HOURS, Cast

FILE = """Date,Amount,Payer,Reference
2026-11-20,80.00,Acme Ltd,"Invoice inv 2026 0001, thank you"
2026-11-20,70.00,Acme Ltd,INV-2026-0002
2026-11-21,5.00,Savings,interest
2026-11-21,-12.00,Rent,office
"""


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


def read(desk: Desk, text: str) -> list[books.Matched]:
    return [
        desk.store.run_sync(lambda tx, line=line: books.take_line(tx, line, now=desk.now))  # type: ignore[misc]
        for line in read_lines(text)
    ]


async def test_lines_are_matched_by_number_and_amount_and_the_rest_is_shown(desk: Desk) -> None:
    cast = Cast(desk)
    for number in (1, 2):
        await desk.say(cast.anna, HOURS)
        await said(desk, cast.tom, f"claim {number}")
        await said(desk, cast.tom, f"resolve {number} 60m -- done")
    done = read(desk, FILE)
    assert [(len(one.paid), one.reason) for one in done] == [
        (1, ""),
        (0, "$80.00 is open of INV-2026-0002"),
        (0, "names no invoice"),
        (0, "cash that went out"),
    ]
    assert [one.reason for one in read(desk, FILE)] == ["was read before"] * 4
    assert (await said(desk, cast.maria, "bank lines")).splitlines() == [
        "line 2: 2026-11-20 $70.00 from Acme Ltd, “INV-2026-0002”: $80.00 is open of INV-2026-0002",
        "line 3: 2026-11-21 $5.00 from Savings, “interest”: names no invoice",
    ]
    assert "$10.00 of it are open" in await said(desk, cast.maria, "bank match 2 INV-2026-0002")
    assert "matched: INV-2026-0002" in (await desk.do(cast.maria, "bank match 2 INV-2026-0002")).text
    await said(desk, cast.maria, "bank aside 3 -- interest")
    assert await said(desk, cast.maria, "bank lines") == "Every bank line is matched or set aside."
    assert not (await desk.do(cast.tom, "bank lines")).is_ok
    assert desk.balance(cast.acme).owed_cents == 1000
    assert desk.faults_in_books(cast.acme) == []


async def test_manager_sends_the_file_or_its_lines_in_any_channel(desk: Desk) -> None:
    cast = Cast(desk)
    for number in (1, 2):
        await desk.say(cast.anna, HOURS)
        await said(desk, cast.tom, f"claim {number}")
        await said(desk, cast.tom, f"resolve {number} 60m -- done")
    head = "Buchungstag;Betrag;Auftraggeber;Verwendungszweck\n"
    raw = f"{head}20.11.2026;80,00;Müller GmbH;INV-2026-0001\n20.11.2026;5,00;Bank;Zinsen\n".encode("cp1252")
    receipt = await desk.say(cast.maria, "bank read", files=[("umsatz.csv", raw)])
    assert receipt.answer is not None and receipt.answer.text.splitlines() == [
        "2026-11-20 $80.00: INV-2026-0001 is settled",
        "line 2: 2026-11-20 $5.00 from Bank, “Zinsen”: names no invoice",
        "1 matched, 1 not, 0 read before, 0 went out.",
        "`bank match LINE INVOICE` books one, `bank aside LINE -- REASON` sets one aside.",
    ]
    # Pasted, and with the first line again: booked once.
    text = f"bank read\n{head}20.11.2026;80,00;Müller GmbH;INV-2026-0001\n21.11.2026;80,00;Acme;INV-2026-0002"
    receipt = await desk.say(cast.maria, text)
    assert receipt.answer is not None and receipt.answer.text.splitlines() == [
        "2026-11-21 $80.00: INV-2026-0002 is settled",
        "1 matched, 0 not, 1 read before, 0 went out.",
    ]
    assert desk.balance(cast.acme).owed_cents == 0
    assert "Attach the bank's CSV" in (await desk.do(cast.maria, "bank read")).text
    receipt = await desk.say(cast.maria, "bank read", files=[("photo.png", b"\x89PNG not a file of a bank")])
    assert receipt.answer is not None and not receipt.answer.is_ok
    # Nobody else's file is read: from a client it is a message like any other.
    assert (await desk.say(cast.anna, "bank read", files=[("umsatz.csv", raw)])).answer is None
    assert desk.faults_in_books(cast.acme) == []


async def test_one_transfer_pays_several_invoices(desk: Desk) -> None:
    cast = Cast(desk)
    for number in (1, 2):
        await desk.say(cast.anna, HOURS)
        await said(desk, cast.tom, f"claim {number}")
        await said(desk, cast.tom, f"resolve {number} 60m -- done")
    done = read(desk, "Buchungstag;Betrag;Verwendungszweck\n20.11.2026;160,00;INV-2026-0001 + INV-2026-0002\n")
    assert [paid.number for paid in done[0].paid] == ["INV-2026-0001", "INV-2026-0002"]
    assert desk.balance(cast.acme).owed_cents == 0


def test_amounts_and_dates_are_read_as_banks_write_them() -> None:
    text = "\ufeffdate\tamount\tmemo\n11/18/2026\t$1,234.50\ta\n18.11.2026\t1.234,5 €\ta\n2026-11-18\t+7\tb\n\n"
    assert [(line.on, line.cents) for line in read_lines(text)] == [
        (date(2026, 11, 18), 123_450),
        (date(2026, 11, 18), 123_450),
        (date(2026, 11, 18), 700),
    ]


def test_two_equal_lines_of_one_file_are_two() -> None:
    text = "date,amount,memo\n2026-11-18,5,x\n2026-11-18,5,x\n"
    assert len({line.key for line in read_lines(text)}) == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "head and 1 to"),
        ("when,how much\n1,2\n", "no column for the date"),
        ("date,amount,memo\n2026-11-31,5,x\n", "Line 2: '2026-11-31' is no date"),
        ("date,amount,memo\n2026-11-30,five,x\n", "Line 2: 'five' is no amount"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, what: str) -> None:
    with pytest.raises(UserError, match=what):
        read_lines(text)


def test_numbers_are_found_however_they_are_written() -> None:
    assert numbers_in("Inv 2026/0007, INV-2026-0007; inv20260011 and 2026-0009") == ["INV-2026-0007", "INV-2026-0011"]
