"""Electronic invoices: the XML states what the document shows, to the cent, in the order that its schema wants."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.documents import document
from bot.electronic import factur_x
from bot.errors import ConfigError
from bot.policy import Policy
from bot.queries import invoices as queries
from bot.queries.people import CLIENTS
from bot.rendering import draw_invoice
from bot.settings import load
from bot.store import Row, Tx
from bot.wiring import policy
from tests.desk import Desk
from tests.en16931 import broken
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
    target = tmp_path / "factur-x.xml"
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "invoice.pdf")], check=True)
    assert target.read_text(encoding="utf-8") == factur_x(row, a_policy(desk))
    # Without the option it is a plain PDF.
    assert b"pdfaid" not in await draw_invoice({**shown, "xml": ""})


def test_option_wants_what_the_xml_has_to_state() -> None:
    with pytest.raises(ConfigError, match="electronic_invoices"):
        policy(load({"HOLDLINE_DESK_ELECTRONIC_INVOICES": "factur-x"}))


# ---------------------------------------------------------------- the rules of the standard


async def documents(desk: Desk) -> list[Row]:
    """Every document of the desk, as it stands."""
    await desk.settle()

    def found(tx: Tx) -> list[Row]:
        rows = [row for client in tx.all(CLIENTS) for row in tx.all(queries.OF_CLIENT, client_id=client.id)]
        return sorted(rows, key=lambda row: str(row.number[3:]))

    return desk.store.read_sync(found)


@pytest.mark.parametrize("tax", [0, 700, 1900, 2550])
async def test_every_document_keeps_the_rules_of_the_standard(desk: Desk, tax: int) -> None:
    cast = await worked(desk, tax_basis_points=tax, po_number="PO-4711")
    lines = (
        "received INV-2026-0001 37.11 T-1",  # in part
        "credit note INV-2026-0001 33.33 -- goodwill",
        "credit note INV-2026-0001 0.01 -- a cent",
        "credit note INV-2026-0001 all -- the rest, of which a part was paid",
        "grant ACME 12h 7 units",  # $52.50, settled in part by what was paid
        "received ACME 1000 credit T-2",
        "grant ACME 40h",
        "plan start ACME managed fee 333.33",
    )
    for line in lines:
        answer = await desk.do(cast.maria, line)
        assert answer.is_ok, answer.text
    rows = await documents(desk)
    assert [row.kind for row in rows].count("credit-note") == 3 and len(rows) == 7
    for row in rows:
        for details in ("Bank of Example; IBAN DE02 1203 0000 0000 2020 51", "by cheque"):
            for number in ("DE 123456789", "12/345/67890"):
                xml = factur_x(row, a_policy(desk, payment_details=details, tax_number=number))
                assert broken(xml) == [], row.number
    # Notes in parts take back, together, exactly the tax that the invoice charged.
    notes = [row for row in rows if row.kind == "credit-note"]
    assert sum(row.tax_cents for row in notes) == -rows[0].tax_cents


SPOILS = {
    "BR-01": ("urn:cen.eu:en16931:2017", ""),
    "BR-CO-10": ("<ram:LineTotalAmount>200.00", "<ram:LineTotalAmount>200.01"),
    "BR-CO-15": ("<ram:GrandTotalAmount>238.00", "<ram:GrandTotalAmount>238.01"),
    "BR-CO-16": ("<ram:DuePayableAmount>238.00", "<ram:DuePayableAmount>237.00"),
    "BR-CO-14": (">38.00</ram:TaxTotalAmount>", ">38.01</ram:TaxTotalAmount>"),
    "BR-CO-17": ("<ram:CalculatedAmount>38.00", "<ram:CalculatedAmount>38.02"),
    "BR-S-08": ("<ram:BasisAmount>200.00", "<ram:BasisAmount>199.99"),
    "BR-24": ("<ram:ChargeAmount>160.00", "<ram:ChargeAmount>160.01"),
    "BR-27": ("<ram:ChargeAmount>160.00", "<ram:ChargeAmount>-160.00"),
    "BR-CO-26": ('schemeID="VA"', 'schemeID="FC"'),
    "BR-61": ("IBANID>DE02120300000000202051<", "IBANID><"),
    "BR-DEC": ("<ram:GrandTotalAmount>238.00", "<ram:GrandTotalAmount>238.000"),
    "BR-09": ("<ram:CountryID>DE", "<ram:CountryID>"),
}


@pytest.mark.parametrize("rule", SPOILS)
async def test_a_rule_that_is_broken_is_named(desk: Desk, rule: str) -> None:
    await worked(desk, tax_basis_points=1900)
    xml = factur_x(await a_document(desk, "INV-2026-0001"), a_policy(desk))
    before, after = SPOILS[rule]
    assert broken(xml) == [] and before in xml
    assert rule in broken(xml.replace(before, after, 1))
