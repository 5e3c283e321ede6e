"""Electronic invoices: the XML states what the document shows, to the cent, in the order that its schema wants."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.electronic import FILE_NAME, factur_x
from bot.errors import ConfigError
from bot.paperwork import document
from bot.policy import Policy
from bot.queries import invoices as queries
from bot.rendering import draw_invoice
from bot.settings import load
from bot.store import Row
from bot.wiring import policy
from tests.desk import Desk
from tests.stories.cast import HOURS, Cast

NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
SELLER = {
    "postal_address": "Desk GmbH; Hauptstraße 1; 10115 Berlin", "tax_number": "DE 123456789", "country": "DE",
    "payment_details": "Bank of Example; IBAN DE02 1203 0000 0000 2020 51", "has_electronic_invoices": True,
}  # fmt: skip


class Read:
    """The XML of a document, by path."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text.encode())

    def all(self, path: str) -> list[str]:
        return [element.text or "" for element in self.root.findall(f".//{path}", NAMES)]

    def one(self, path: str) -> str:
        (only,) = self.all(path)
        return only

    def sums(self) -> dict[str, Decimal]:
        summed = self.root.find(".//ram:SpecifiedTradeSettlementHeaderMonetarySummation", NAMES)
        assert summed is not None
        return {element.tag.rpartition("}")[2]: Decimal(element.text or "") for element in summed}


async def a_document(desk: Desk, number: str) -> Row:
    await desk.settle()
    row = desk.store.read_sync(lambda tx: tx.one(queries.BY_NUMBER, number=number))
    assert row is not None
    return row


async def worked(desk: Desk, **terms: object) -> Cast:
    cast = Cast(desk, billing_address="Accounts; 1 Main & Co Street", holiday_region="DE-BE", **terms)
    await desk.say(cast.anna, HOURS)
    for line in ("claim 1", "log 1 50m travel", "log 1 37m", "resolve 1 -- done"):
        assert (await desk.do(cast.tom, line)).is_ok
    return cast


def a_policy(desk: Desk, **changes: object) -> Policy:
    return replace(desk.policy, **{**SELLER, **changes})  # type: ignore[arg-type]


def check_sums(read: Read, row: Row, tax_basis_points: int) -> None:
    """The rules of EN 16931 on totals (BR-CO-10 to 17), and that they are those of the books."""
    sums = read.sums()
    lines = [Decimal(text) for text in read.all("ram:LineTotalAmount")[:-1]]
    assert sum(lines) == sums["LineTotalAmount"] == sums["TaxBasisTotalAmount"] == Decimal(abs(row.net_cents)) / 100
    assert sums["TaxTotalAmount"] == Decimal(abs(row.tax_cents)) / 100
    tax = (sums["TaxBasisTotalAmount"] * tax_basis_points / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert sums["TaxTotalAmount"] == tax
    assert sums["GrandTotalAmount"] == sums["TaxBasisTotalAmount"] + sums["TaxTotalAmount"]
    assert sums["DuePayableAmount"] == sums["GrandTotalAmount"] - sums["TotalPrepaidAmount"]
    prices, counts = read.all("ram:ChargeAmount"), read.all("ram:BilledQuantity")
    assert [Decimal(price) * Decimal(count) for price, count in zip(prices, counts, strict=True)] == lines
    assert all(Decimal(price) >= 0 for price in prices)


async def test_invoice_states_its_figures_and_parties(desk: Desk) -> None:
    await worked(desk, tax_basis_points=1900, po_number="PO-4711")
    row = await a_document(desk, "INV-2026-0001")
    read = Read(factur_x(row, a_policy(desk)))
    # 50 min of travel are 4 quarters at P2; 37 min more make 2 at P4 of the day's 87: $160.00 + $40.00.
    assert row.net_cents == 20_000
    check_sums(read, row, 1900)
    assert read.one("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID") == "urn:cen.eu:en16931:2017"
    assert (read.one("rsm:ExchangedDocument/ram:ID"), read.one("rsm:ExchangedDocument/ram:TypeCode")) == (
        row.number,
        "380",
    )
    assert read.one("ram:IssueDateTime/udt:DateTimeString") == "20261118"
    assert read.one("ram:DueDateDateTime/udt:DateTimeString") == f"{row.due_on:%Y%m%d}"
    assert read.all("ram:CountryID") == ["DE", "DE"]
    assert read.all("ram:LineOne") == ["Desk GmbH", "Accounts"] and "1 Main & Co Street" in read.all("ram:LineTwo")
    assert read.one("ram:IBANID") == "DE02120300000000202051"
    assert read.one("ram:SpecifiedTaxRegistration/ram:ID") == "DE123456789"
    assert read.one("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == "PO-4711"
    assert set(read.all("ram:CategoryCode")) == {"S"} and set(read.all("ram:RateApplicablePercent")) == {"19.00"}


async def test_what_was_paid_ahead_is_prepaid_and_no_tax_is_outside_of_it(desk: Desk) -> None:
    cast = Cast(desk)
    assert (await desk.do(cast.maria, "received ACME 50 per-use T-1")).is_ok
    await desk.say(cast.anna, HOURS)
    for line in ("claim 1", "resolve 1 60m -- done"):
        assert (await desk.do(cast.tom, line)).is_ok
    row = await a_document(desk, "INV-2026-0001")
    read = Read(factur_x(row, a_policy(desk, payment_details="by cheque")))
    check_sums(read, row, 0)
    assert read.sums()["TotalPrepaidAmount"] == 50 and read.sums()["DuePayableAmount"] == 30
    assert set(read.all("ram:CategoryCode")) == {"O"} and read.all("ram:RateApplicablePercent") == []
    assert read.one("ram:ExemptionReason") == "Not subject to VAT"
    assert read.one("ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode") == "1"


async def test_credit_note_names_its_invoice_and_is_stated_above_zero(desk: Desk) -> None:
    cast = await worked(desk, tax_basis_points=1900)
    assert (await desk.do(cast.maria, "credit note INV-2026-0001 30 -- <goodwill> \x07")).is_ok
    row = await a_document(desk, "CRN-2026-0002")
    read = Read(factur_x(row, a_policy(desk)))
    check_sums(read, row, 1900)
    assert read.one("rsm:ExchangedDocument/ram:TypeCode") == "381"
    assert read.one("ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == "INV-2026-0001"
    assert "<goodwill>" in read.one("ram:SpecifiedTradeProduct/ram:Description")


async def test_pdf_holds_the_same_xml_and_says_what_it_is(desk: Desk, tmp_path: Path) -> None:
    await worked(desk, tax_basis_points=1900)
    row = await a_document(desk, "INV-2026-0001")
    shown: Mapping[str, object] = document(row, a_policy(desk))
    first, second = await draw_invoice(shown), await draw_invoice(shown)
    assert first.startswith(b"%PDF") and first == second
    for said in (b"<pdfaid:part>3<", b"/AFRelationship /Alternative", b"/GTS_PDFA1", b"<fx:ConformanceLevel>EN 16931<"):
        assert said in first
    (tmp_path / "invoice.pdf").write_bytes(first)
    target = tmp_path / FILE_NAME
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "invoice.pdf")], check=True)
    assert target.read_text(encoding="utf-8") == factur_x(row, a_policy(desk))
    # Without the option it is a plain PDF.
    assert b"pdfaid" not in await draw_invoice({**shown, "xml": ""})


def test_option_wants_what_the_xml_has_to_state() -> None:
    with pytest.raises(ConfigError, match="electronic_invoices"):
        policy(load({"HOLDLINE_DESK_ELECTRONIC_INVOICES": "factur-x"}))
