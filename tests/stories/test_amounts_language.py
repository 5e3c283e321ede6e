"""Every amount that a person reads is written as their language writes it: in answers, notices, digests and pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.money import format_cents
from bot.pricelist import load
from bot.store import Store
from tests.desk import CONFIG, NIGHT, Desk, Person
from tests.stories.cast import SERVER, Cast
from tests.stories.test_contacts_language import LINES, _a_day
from tests.stories.test_staff_language import BOOKS_LINES, TOMS

# "$1,234.50" and "12.25 h": no other language of ours has a sign right before its figure, or hours with a point.
ENGLISH_FIGURE = re.compile(r"[$€£][0-9]|\b[0-9]+\.[0-9]+ h\b")


def english_figures(text: str) -> list[str]:
    """Where an amount stands in English, but for what is to be typed, and words that were kept."""
    text = re.sub(r"`[^`\n]*`|“[^”\n]*”", "", text)
    return [text[max(0, found.start() - 30) : found.end() + 12] for found in ENGLISH_FIGURE.finditer(text)]


class Eyes:
    """Gives lines, and keeps where an answer or anything that was sent has an amount in English."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.english = desk, list[tuple[str, list[str]]]()

    async def read(self, person: Person, lines: str) -> None:
        for line in lines.strip().replace("\n", "|").split("|"):
            told = (await self.desk.do(person, line)).text
            if found := english_figures(told):
                self.english.append((line, found))

    def read_what_was_sent(self) -> None:
        for one in self.desk.everything_sent():
            notice = one.notice
            words = " ".join((notice.subject, notice.body, *(action.label for action in notice.actions)))
            # A payout's statement is sent as it was kept.
            if notice.kind != "paid_out" and (found := english_figures(words)):
                self.english.append((notice.kind, found))


BANK = "bank read\nDate,Amount,Payer,Reference\n2026-11-20,70.00,Acme Ltd,INV-2026-0001\n2026-11-21,5.00,Bank,interest"
MONEYS = """
buy 12|balance|plan|statement|invoices|why charge 1|why charge 2|show 1|why 1|quotes|estimate "Secure Login"
"""
PAID = """
received INV-2026-0001 5|received INV-2026-0001 5000|apply INV-2026-0001|refund R-1 9000 R-5
earnings Tom|earnings|payouts|bank lines|health|invoices ACME|balance ACME|plan ACME|accounts|digest|why charge 1
"""


@pytest.mark.parametrize("language", ["de", "pt"])
async def test_no_amount_is_left_in_english(store: Store, tmp_path: Path, language: str) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast, eyes = Cast(desk, language=language, brought_by=None), Eyes(desk)
    for person in (cast.tom, cast.ines, cast.maria):
        await desk.do(person, f"language {language}")
    await desk.do(cast.maria, "consultant set C-1 pay=55%")
    await desk.do(cast.maria, "consultant set C-2 wage=60")
    await _a_day(desk, cast)
    await eyes.read(cast.anna, MONEYS)
    await eyes.read(cast.tom, TOMS)
    await eyes.read(cast.maria, BOOKS_LINES)
    await eyes.read(cast.anna, LINES)
    await desk.do(cast.maria, BANK)
    await eyes.read(cast.maria, PAID)
    await desk.until(NIGHT)
    number = (await desk.say(cast.anna, SERVER)).ticket_id
    await desk.do(cast.tom, f"claim {number}")
    await desk.advance(minutes=30)
    await eyes.read(cast.anna, f"why {number}|now {number}")
    await desk.advance(days=40)
    await eyes.read(cast.maria, PAID)
    eyes.read_what_was_sent()
    assert [f"{what}: {found}" for what, found in eyes.english] == []


async def test_amounts_in_notices_of_credit(desk: Desk) -> None:
    cast = Cast(desk, language="de")
    desk.a_grant(cast.acme, units=4)
    await desk.say(cast.anna, "Der Drucker druckt nur leere Seiten.")
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "log 1 50m")
    await desk.advance(minutes=5)
    (asked,) = desk.told(cast.anna, "credit_ran_out")
    assert "720,00\u00a0$" in asked.body and "2.000,00\u00a0$" in asked.body
    assert english_figures(asked.body) == []


def test_machine_formats_stay() -> None:
    """What is read by programs is the same in every language."""
    assert json.dumps({"amount": format_cents(123456)}) == '{"amount": "$1,234.56"}'
