"""Invoices and credit notes as programs read them: Cross Industry Invoice in the profile of EN 16931, as Factur-X.

The kept document in, XML out. It states what the document shows, to the cent, and reckons nothing anew. Work per
use is stated as one piece a line, for the amount of a line follows from the ticket's whole day.
Source: EN 16931-1 (names BT-…), EN 16931-3-3 (CII), Factur-X 1.0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree

from bot.errors import ConfigError, Fault
from bot.letterhead import parts_of
from bot.notices.paper import line_in
from bot.policy import Policy
from bot.settings.tree import DeskSettings
from bot.store import Row

PROFILE = "urn:cen.eu:en16931:2017"
INVOICE, CREDIT_NOTE = "380", "381"
PIECE = "C62"  # UN/ECE Recommendation 20: one
TRANSFER, NOT_DEFINED = "58", "1"  # UNTDID 4461: SEPA credit transfer; instrument not defined
STANDARD_RATE, OUTSIDE = "S", "O"  # UNTDID 5305

_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,12}")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The place of each namespace in what is written.
for _prefix, _uri in (("rsm", _RSM), ("ram", _RAM), ("udt", _UDT)):
    ElementTree.register_namespace(_prefix, _uri)


def is_on(desk: DeskSettings) -> bool:
    """Whether the settings ask for it. Raises ConfigError where the desk lacks what such an invoice must state."""
    if desk.electronic_invoices == "none":
        return False
    lacking = [key for key in ("postal_address", "tax_number", "country") if not getattr(desk, key).strip()]
    if lacking:
        problem = f"an electronic invoice states {' and '.join(lacking)}, which is empty"
        fault = Fault("config/holdline.toml", "desk.electronic_invoices", problem, 'Set it, or write "none"')
        raise ConfigError([fault])
    return True


def factur_x(row: Row, policy: Policy, language: str = "en") -> str:
    """The XML of an invoice or credit note. row: as queries.invoices gives it, with its kept content.

    language: of the document that it stands in, so that both say the same words.
    """
    content = json.loads(row.content_json)
    root = ElementTree.Element(f"{{{_RSM}}}CrossIndustryInvoice")
    context = _under(root, "rsm:ExchangedDocumentContext")
    _text(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", PROFILE)
    document = _under(root, "rsm:ExchangedDocument")
    _text(document, "ram:ID", row.number)
    _text(document, "ram:TypeCode", INVOICE if row.kind == "invoice" else CREDIT_NOTE)
    _date(_under(document, "ram:IssueDateTime"), row.issued_on)
    deal = _under(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(content["lines"], 1):
        line_row = {**line, "text": line_in(language, line), "detail": line_in(language, line, "detail")}
        _line(deal, number, line_row, row, tax_basis_points=content["tax_basis_points"])
    _agreement(deal, content, policy)
    delivery = _under(deal, "ram:ApplicableHeaderTradeDelivery")
    latest = max(date.fromisoformat(line["on"]) for line in content["lines"])
    _date(_under(_under(delivery, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime"), latest)
    _settlement(deal, row, content, policy)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _line(deal: ElementTree.Element, number: int, line: Any, row: Row, *, tax_basis_points: int) -> None:
    # A price is never below zero (BR-27): what is taken off is a piece less.
    cents = _stated(row, line["cents"])
    item = _under(deal, "ram:IncludedSupplyChainTradeLineItem")
    _text(item, "ram:AssociatedDocumentLineDocument/ram:LineID", str(number))
    product = _under(item, "ram:SpecifiedTradeProduct")
    _text(product, "ram:Name", line["text"])
    if line["detail"]:
        _text(product, "ram:Description", line["detail"])
    _text(item, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", _amount(abs(cents)))
    quantity = _text(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "1" if cents >= 0 else "-1")
    quantity.set("unitCode", PIECE)
    settled = _under(item, "ram:SpecifiedLineTradeSettlement")
    _tax(settled, tax_basis_points)
    _text(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", _amount(cents))


def _agreement(deal: ElementTree.Element, content: Any, policy: Policy) -> None:
    agreement = _under(deal, "ram:ApplicableHeaderTradeAgreement")
    _text(agreement, "ram:BuyerReference", content["buyer"]["code"])
    is_vat = content["tax_basis_points"] and _VAT.fullmatch(policy.tax_number.replace(" ", ""))
    # A number that is not for VAT does not identify the seller by itself (BR-CO-26): it stands as its identifier, too.
    own_id = "" if is_vat else policy.tax_number
    address = parts_of(policy.postal_address)
    seller = _party(agreement, "Seller", policy.desk_name, address, country=policy.country, own_id=own_id)
    registered = policy.tax_number.replace(" ", "") if is_vat else policy.tax_number
    _text(seller, "ram:SpecifiedTaxRegistration/ram:ID", registered).set("schemeID", "VA" if is_vat else "FC")
    buyer = content["buyer"]
    _party(
        agreement, "Buyer", buyer["name"], parts_of(buyer["address"]), country=buyer.get("country") or policy.country
    )
    if content["po_number"]:
        _text(agreement, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", content["po_number"])


def _party(
    agreement: ElementTree.Element, who: str, name: str, lines: Sequence[str], *, country: str, own_id: str = ""
) -> ElementTree.Element:
    party = _under(agreement, f"ram:{who}TradeParty")
    if own_id:
        _text(party, "ram:ID", own_id)
    _text(party, "ram:Name", name)
    address = _under(party, "ram:PostalTradeAddress")
    # Addresses are kept as lines; the third takes what is more than three.
    shown = [*lines[:2], ", ".join(lines[2:])]
    for tag, line in zip(("LineOne", "LineTwo", "LineThree"), shown, strict=False):
        if line:
            _text(address, f"ram:{tag}", line)
    _text(address, "ram:CountryID", country)
    return party


def _settlement(deal: ElementTree.Element, row: Row, content: Any, policy: Policy) -> None:
    settlement = _under(deal, "ram:ApplicableHeaderTradeSettlement")
    _text(settlement, "ram:PaymentReference", row.number)
    _text(settlement, "ram:InvoiceCurrencyCode", policy.currency)
    means = _under(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    iban = _IBAN.search(policy.payment_details)
    _text(means, "ram:TypeCode", TRANSFER if iban else NOT_DEFINED)
    if iban:
        _text(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", iban[0].replace(" ", ""))
    net, tax = _stated(row, row.net_cents), _stated(row, row.tax_cents)
    _tax(settlement, content["tax_basis_points"], basis_cents=net, tax_cents=tax)
    terms = _under(settlement, "ram:SpecifiedTradePaymentTerms")
    if row.kind == "invoice":
        _date(_under(terms, "ram:DueDateDateTime"), row.due_on)
    else:
        _text(terms, "ram:Description", f"Taken off invoice {content['credits']}")
    sums = _under(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _text(sums, "ram:LineTotalAmount", _amount(net))
    _text(sums, "ram:TaxBasisTotalAmount", _amount(net))
    _text(sums, "ram:TaxTotalAmount", _amount(tax)).set("currencyID", policy.currency)
    _text(sums, "ram:GrandTotalAmount", _amount(net + tax))
    paid = row.paid_cents if row.kind == "invoice" else 0
    _text(sums, "ram:TotalPrepaidAmount", _amount(paid))
    _text(sums, "ram:DuePayableAmount", _amount(net + tax - paid))
    if row.kind != "invoice":
        _text(settlement, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID", content["credits"])


def _tax(above: ElementTree.Element, basis_points: int, *, basis_cents: int | None = None, tax_cents: int = 0) -> None:
    """The tax of a line, or the breakdown of the document, which states amounts, too."""
    tax = _under(above, "ram:ApplicableTradeTax")
    if basis_cents is not None:
        _text(tax, "ram:CalculatedAmount", _amount(tax_cents))
    _text(tax, "ram:TypeCode", "VAT")
    if basis_cents is not None and not basis_points:
        _text(tax, "ram:ExemptionReason", "Not subject to VAT")
    if basis_cents is not None:
        _text(tax, "ram:BasisAmount", _amount(basis_cents))
    _text(tax, "ram:CategoryCode", STANDARD_RATE if basis_points else OUTSIDE)
    if basis_points:
        _text(tax, "ram:RateApplicablePercent", f"{basis_points // 100}.{basis_points % 100:02d}")


def _stated(row: Row, cents: int) -> int:
    """A credit note is kept below zero, and stated above it: its type says what it is."""
    return cents if row.kind == "invoice" else -cents


def _amount(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _under(above: ElementTree.Element, name: str) -> ElementTree.Element:
    prefix, _, tag = name.partition(":")
    return ElementTree.SubElement(above, f"{{{_RSM if prefix == 'rsm' else _RAM}}}{tag}")


def _text(above: ElementTree.Element, path: str, text: str) -> ElementTree.Element:
    """The element at the end of a path of new ones, with that text."""
    for name in path.split("/"):
        above = _under(above, name)
    above.text = _NO_XML.sub("", text)
    return above


def _date(above: ElementTree.Element, on: date) -> None:
    # UNTDID 2379, 102: year, month and day without anything between.
    made = ElementTree.SubElement(above, f"{{{_UDT}}}DateTimeString", {"format": "102"})
    made.text = f"{on:%Y%m%d}"
