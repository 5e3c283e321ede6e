"""Documents in each client's language, with the desk's logo; amounts and dates are written as Babel writes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.books.invoicing import line_of
from bot.documents import Document
from bot.errors import ConfigError
from bot.ledger.kinds import Kind
from bot.letterhead import checked_logo
from bot.notices.catalogues import LANGUAGES
from bot.notices.figures import day_in, money_in, number_in
from bot.notices.paper import Phrase, line_in, phrase, work_in, written
from bot.rendering import draw_invoice, draw_statement
from bot.store import Query, Store
from tests.desk import Desk, ny
from tests.stories.cast import Cast
from tests.stories.test_invoices import a_resolved_ticket, said

OTHERS = [language for language in LANGUAGES if language != "en"]


def a_picture(path: Path, form: str, size: tuple[int, int] = (300, 90)) -> Path:
    from PIL import Image

    Image.new("RGB", size, (200, 60, 20)).save(path, form)
    return path


# ---------------------------------------------------------------- amounts and dates


@given(st.integers(-10_000_000_00, 10_000_000_00), st.sampled_from(["USD", "EUR", "GBP"]), st.sampled_from(OTHERS))
@settings(deadline=None)
def test_amounts_are_written_as_babel_writes_them(cents: int, currency: str, language: str) -> None:
    theirs = format_currency(Decimal(cents) / 100, currency, locale=language)
    assert money_in(language, cents, currency) == theirs


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(OTHERS))
@settings(deadline=None)
def test_dates_are_written_as_babel_writes_them(on: date, language: str) -> None:
    assert day_in(language, on) == format_date(on, "medium", locale=language)


@given(st.integers(0, 999_000), st.sampled_from(OTHERS))
@settings(deadline=None)
def test_hours_are_written_as_babel_writes_them(thousandths: int, language: str) -> None:
    hours = f"{thousandths / 1000:g}" if thousandths < 1000 else str(thousandths // 1000)
    assert number_in(language, hours) == format_decimal(Decimal(hours), locale=language)


def test_english_reads_alike_on_both_sides_of_the_atlantic() -> None:
    assert (money_in("en", -123_456, "USD"), day_in("en", date(2026, 12, 2))) == ("-$1,234.56", "2026-12-02")
    assert money_in("nl", 100, "EUR") == "€1.00"


# ---------------------------------------------------------------- kept lines

LINES = [
    ([phrase("ticket", id=1, subject="Printer: it jams")], "Ticket 1: Printer: it jams", "Ticket 1 : Printer: it jams"),
    ([phrase("work", work="onsite", count=95), phrase("day", rows={"P1": 2, "P2": 1})],
     "onsite, 95 min; the day comes to 2 quarters at P1 + 1 quarter at P2",
     "sur place, 95 min; la journée fait 2 quarts d'heure en P1 + 1 quart d'heure en P2"),
    ([phrase("credit", hours=12)], "12-hour credit", "Crédit de 12 heures"),
    ([phrase("units", count=96)], "96 units, good for any priority", "96 unités, valables pour toute priorité"),
    ([phrase("plan", plan="Managed")], "Managed plan", "plan Managed"),
    ([phrase("span", first="2026-12-01", last="2026-12-31")], "2026-12-01 to 2026-12-31",
     "du 1 déc. 2026 au 31 déc. 2026"),
    ([phrase("of", number="INV-2026-0001")], "Credit for invoice INV-2026-0001",
     "Avoir sur la facture INV-2026-0001"),
    ([phrase("subscription")], "Subscription", "Abonnement"),
    # A person's words, also such as read like a line of ours or like a place to fill in.
    ([written("goodwill; 12-hour credit {hours}")], "goodwill; 12-hour credit {hours}",
     "goodwill; 12-hour credit {hours}"),
    ([phrase("ticket", id=2, subject="Ticket 7: {id} contact")], "Ticket 2: Ticket 7: {id} contact",
     "Ticket 2 : Ticket 7: {id} contact"),
]  # fmt: skip


@pytest.mark.parametrize(("phrases", "kept", "shown"), LINES)
def test_a_line_is_shown_in_the_clients_language_from_what_it_is_made_of(
    phrases: list[Phrase], kept: str, shown: str
) -> None:
    line = line_of(date(2026, 12, 2), phrases[0], phrases, 100)
    assert line.detail == kept
    content = json.loads(json.dumps(asdict(line)))
    assert line_in("fr", content, "detail") == shown
    assert line_in("en", content, "detail") == kept and line_in("en", content) == line.text[:1].upper() + line.text[1:]
    assert not line_in("fr", content)[0].islower()


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_of_work_has_its_name(language: str) -> None:
    assert all(work_in(language, kind) for kind in Kind)


# ---------------------------------------------------------------- documents

WORDS = {
    "de": ("Rechnung", "Fällig am", "80,00 $", "Fernwartung, 60 min", "02.12.2026"),
    "es": ("Factura", "Vence el", "80,00 US$", "remoto, 60 min", "2 dic 2026"),
    "fr": ("Facture", "Échéance", "80,00 $US", "à distance, 60 min", "2 déc. 2026"),
    "pt": ("Fatura", "Vencimento", "US$ 80,00", "remoto, 60 min", "2 de dez. de 2026"),
}


@pytest.mark.parametrize("language", OTHERS)
async def test_invoice_mail_reminder_and_statement_are_in_the_clients_language(
    store: Store, tmp_path: Path, language: str
) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn"

    desk = Desk(store, tmp_path, render=render)
    cast = Cast(desk, language=language)
    await a_resolved_ticket(desk, cast)
    await desk.settle()
    title, due, amount, work, on = WORDS[language]
    shown = str(asked[-1]).replace("\\xa0", " ")
    assert asked[-1]["title"] == title
    assert all(word in shown for word in (due, amount, work, on))
    assert "quarter" not in shown and "charge" not in shown
    body = desk.told(cast.anna, "invoice_issued")[0].body.replace("\u00a0", " ")
    assert amount in body and on in body and "2026-12-02" not in body
    await desk.until(ny("2026-12-06 09:00"))
    reminder = desk.told(cast.anna, "invoice_reminder")[0].body.replace("\u00a0", " ")
    assert amount in reminder and on in reminder
    answer = await said(desk, cast.maria, "statement ACME 2026-11 send")
    assert "closing" in answer
    await desk.settle()
    mailed = desk.told(cast.anna, "statement_sent")[0].body.replace("\u00a0", " ")
    assert "closing" not in mailed and "$80.00" not in mailed and amount in mailed
    assert "closing" not in [row[1] for section in asked[-1]["sections"] for row in section["rows"]]
    await said(desk, cast.maria, "credit note INV-2026-0001 10 -- goodwill")
    await desk.settle()
    assert "Credit" not in str(asked[-1]["lines"]) and "goodwill" in str(asked[-1]["lines"])
    # What is kept is the English line, and what it is made of makes it again.
    contents = Query("SELECT content_json FROM invoice ORDER BY id", scans="a test")
    kept = [
        line for row in store.read_sync(lambda tx: tx.all(contents)) for line in json.loads(row.content_json)["lines"]
    ]
    assert [line["text"] for line in kept] == [line_in("en", line) for line in kept]
    assert [line["detail"] for line in kept] == [line_in("en", line, "detail") for line in kept]
    assert "goodwill" in kept[-1]["detail"] and desk.faults_in_books(cast.acme) == []


async def test_documents_with_a_logo_are_drawn_and_the_same_each_time(store: Store, tmp_path: Path) -> None:
    asked: list[Document] = []

    async def render(document: Document) -> bytes:
        asked.append(document)
        return b"%PDF drawn"

    logo = a_picture(tmp_path / "logo.png", "PNG")
    desk = Desk(store, tmp_path, render=render, logo=str(logo))
    cast = Cast(desk, language="de")
    await a_resolved_ticket(desk, cast)
    await desk.settle()
    invoice = asked[-1]
    first, second = await draw_invoice(invoice), await draw_invoice(invoice)
    assert first == second and first.startswith(b"%PDF") and b"/Subtype /Image" in first
    await said(desk, cast.maria, "statement ACME 2026-11 send")
    await desk.settle()
    assert b"/Subtype /Image" in await draw_statement(asked[-1])
    # Gone, or no picture any more: the document is drawn all the same, under the desk's name.
    logo.write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    assert b"/Subtype /Image" not in await draw_invoice(invoice)
    logo.unlink()
    assert (await draw_invoice(invoice)).startswith(b"%PDF")


# ---------------------------------------------------------------- the logo's file


def test_a_logo_is_a_png_or_jpeg_beside_the_settings_or_anywhere(tmp_path: Path) -> None:
    png, jpeg = a_picture(tmp_path / "logo.png", "PNG"), a_picture(tmp_path / "logo.jpg", "JPEG")
    assert checked_logo("", tmp_path) == ""
    assert checked_logo("logo.png", tmp_path) == str(png.resolve())
    assert checked_logo(str(jpeg), Path("/nowhere")) == str(jpeg.resolve())


def test_a_logo_that_cannot_be_shown_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    whole = a_picture(tmp_path / "whole.png", "PNG").read_bytes()
    a_picture(tmp_path / "wide.png", "PNG", (4_001, 2))
    (tmp_path / "part.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "bare.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    (tmp_path / "large.png").write_bytes(whole + b"\0" * 1_000_000)
    faults = {
        "missing.png": "there is no such file",
        "wide.png": "4001 × 2 pixels",
        "part.png": "only a part of one",
        "text.png": "no PNG or JPEG",
        "logo.svg": "an SVG",
        "empty.jpg": "no PNG or JPEG",
        "bare.jpg": "no PNG or JPEG",
        "large.png": "it has 1.0 MB",
        ".": "cannot be read",
    }
    for name, problem in faults.items():
        with pytest.raises(ConfigError, match=problem):
            checked_logo(name, tmp_path)
