"""The rules of EN 16931-1 that can be checked from a Cross Industry Invoice alone, each by its name in the standard.

Sums are reckoned anew from the lines. `broken` names every rule that an XML breaks; rules on what our documents never
hold (allowances, charges, payment cards, payees, representatives, periods) are met by their absence, which is checked.
BR-CO-17 and BR-S-09 allow a cent: a credit note in parts takes back exactly what its invoice charged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
CENT = Decimal("0.01")
DEAL = "rsm:SupplyChainTradeTransaction"
AGREEMENT, SETTLEMENT = f"{DEAL}/ram:ApplicableHeaderTradeAgreement", f"{DEAL}/ram:ApplicableHeaderTradeSettlement"
SELLER, BUYER = f"{AGREEMENT}/ram:SellerTradeParty", f"{AGREEMENT}/ram:BuyerTradeParty"
SUMS, TAX = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation", f"{SETTLEMENT}/ram:ApplicableTradeTax"
LINE = f"{DEAL}/ram:IncludedSupplyChainTradeLineItem"
MEANS = f"{SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
# What has to be there, once, and not empty.
NEEDED = {
    "BR-01": "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    "BR-02": "rsm:ExchangedDocument/ram:ID",
    "BR-03": "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
    "BR-04": "rsm:ExchangedDocument/ram:TypeCode",
    "BR-05": f"{SETTLEMENT}/ram:InvoiceCurrencyCode",
    "BR-06": f"{SELLER}/ram:Name",
    "BR-07": f"{BUYER}/ram:Name",
    "BR-08": f"{SELLER}/ram:PostalTradeAddress",
    "BR-09": f"{SELLER}/ram:PostalTradeAddress/ram:CountryID",
    "BR-10": f"{BUYER}/ram:PostalTradeAddress",
    "BR-11": f"{BUYER}/ram:PostalTradeAddress/ram:CountryID",
    "BR-12": f"{SUMS}/ram:LineTotalAmount",
    "BR-13": f"{SUMS}/ram:TaxBasisTotalAmount",
    "BR-14": f"{SUMS}/ram:GrandTotalAmount",
    "BR-15": f"{SUMS}/ram:DuePayableAmount",
}
NEEDED_OF_LINE = {
    "BR-21": "ram:AssociatedDocumentLineDocument/ram:LineID",
    "BR-22": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
    "BR-24": "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    "BR-25": "ram:SpecifiedTradeProduct/ram:Name",
    "BR-26": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
    "BR-CO-04": "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode",
}
# Met by their absence: what these would be about never stands in our documents.
ABSENT = {
    "BR-17": f"{SETTLEMENT}/ram:PayeeTradeParty",
    "BR-18": f"{AGREEMENT}/ram:SellerTaxRepresentativeTradeParty",
    "BR-29": f"{SETTLEMENT}/ram:BillingSpecifiedPeriod",
    "BR-31": f"{SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge",
    "BR-41": f"{LINE}/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge",
    "BR-51": f"{MEANS}/ram:ApplicableTradeSettlementFinancialCard",
    "BR-52": f"{AGREEMENT}/ram:AdditionalReferencedDocument",
    "BR-53": f"{SETTLEMENT}/ram:TaxCurrencyCode",
    "BR-54": f"{LINE}/ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic",
    "BR-62": f"{SELLER}/ram:URIUniversalCommunication",
    "BR-63": f"{BUYER}/ram:URIUniversalCommunication",
    "BR-64": f"{LINE}/ram:SpecifiedTradeProduct/ram:GlobalID",
    "BR-65": f"{LINE}/ram:SpecifiedTradeProduct/ram:DesignatedProductClassification",
}


def broken(xml: str) -> list[str]:
    """The rules that a document breaks, in the order of this module; [] for one that is sound."""
    root = ElementTree.fromstring(xml.encode())
    return [rule for check in (_presence, _lines, _totals, _taxes, _parties, _codes) for rule in check(root)]


def _texts(above: ElementTree.Element, path: str) -> list[str]:
    return [(one.text or "").strip() for one in above.findall(path, NAMES)]


def _amount(above: ElementTree.Element, path: str) -> Decimal:
    found = _texts(above, path)
    return Decimal(found[0]) if found else Decimal(0)


def _presence(root: ElementTree.Element) -> Iterator[str]:
    for rule, path in NEEDED.items():
        found = root.findall(path, NAMES)
        if len(found) != 1 or not ((found[0].text or "").strip() or len(found[0])):
            yield rule
    if not root.findall(LINE, NAMES):
        yield "BR-16"
    yield from (rule for rule, path in ABSENT.items() if root.findall(path, NAMES))


def _lines(root: ElementTree.Element) -> Iterator[str]:
    numbers = []
    for line in root.findall(LINE, NAMES):
        for rule, path in NEEDED_OF_LINE.items():
            if len(_texts(line, path)) != 1 or not _texts(line, path)[0]:
                yield rule
        quantity = line.find(NEEDED_OF_LINE["BR-22"], NAMES)
        if quantity is None or not quantity.get("unitCode"):
            yield "BR-23"
        price = _amount(line, NEEDED_OF_LINE["BR-26"])
        if price < 0:
            yield "BR-27"
        # The net amount of a line is its price by its quantity (BT-131).
        if _amount(line, NEEDED_OF_LINE["BR-24"]) != price * _amount(line, NEEDED_OF_LINE["BR-22"]):
            yield "BR-24"
        numbers += _texts(line, NEEDED_OF_LINE["BR-21"])
    if len(set(numbers)) != len(numbers):
        yield "BR-21"


def _totals(root: ElementTree.Element) -> Iterator[str]:
    lines = [_amount(line, NEEDED_OF_LINE["BR-24"]) for line in root.findall(LINE, NAMES)]
    total, basis = _amount(root, NEEDED["BR-12"]), _amount(root, NEEDED["BR-13"])
    tax, grand = _amount(root, f"{SUMS}/ram:TaxTotalAmount"), _amount(root, NEEDED["BR-14"])
    paid, due = _amount(root, f"{SUMS}/ram:TotalPrepaidAmount"), _amount(root, NEEDED["BR-15"])
    if sum(lines) != total:
        yield "BR-CO-10"
    if basis != total:
        yield "BR-CO-13"
    if tax != sum((Decimal(text) for text in _texts(root, f"{TAX}/ram:CalculatedAmount")), Decimal(0)):
        yield "BR-CO-14"
    if grand != basis + tax:
        yield "BR-CO-15"
    if due != grand - paid:
        yield "BR-CO-16"
    terms = f"{SETTLEMENT}/ram:SpecifiedTradePaymentTerms"
    if due > 0 and not (
        _texts(root, f"{terms}/ram:DueDateDateTime/udt:DateTimeString") or _texts(root, f"{terms}/ram:Description")
    ):
        yield "BR-CO-25"
    amounts = [one.text or "" for one in root.iter() if one.tag.endswith("Amount")]
    if any(not re.fullmatch(r"-?\d+(\.\d{1,2})?", text) for text in amounts):
        yield "BR-DEC"


def _taxes(root: ElementTree.Element) -> Iterator[str]:
    breakdown = root.findall(TAX, NAMES)
    if not breakdown:
        yield "BR-CO-18"
    for tax in breakdown:
        category, rates = _texts(tax, "ram:CategoryCode"), _texts(tax, "ram:RateApplicablePercent")
        for rule, tag in (("BR-45", "BasisAmount"), ("BR-46", "CalculatedAmount"), ("BR-47", "CategoryCode")):
            if len(_texts(tax, f"ram:{tag}")) != 1:
                yield rule
        basis, amount = _amount(tax, "ram:BasisAmount"), _amount(tax, "ram:CalculatedAmount")
        if basis != sum(_net for _category, _rates, _net in _taxed(root) if (_category, _rates) == (category, rates)):
            yield "BR-S-08" if category == ["S"] else "BR-O-08"
        if category == ["S"]:
            yield from _standard(tax, basis, amount, rates)
        else:
            yield from _outside(root, tax, amount, rates)


def _taxed(root: ElementTree.Element) -> list[tuple[list[str], list[str], Decimal]]:
    """Category, rate and net amount of each line."""
    tax = "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
    return [
        (
            _texts(line, f"{tax}/ram:CategoryCode"),
            _texts(line, f"{tax}/ram:RateApplicablePercent"),
            _amount(line, NEEDED_OF_LINE["BR-24"]),
        )
        for line in root.findall(LINE, NAMES)
    ]


def _standard(tax: ElementTree.Element, basis: Decimal, amount: Decimal, rates: list[str]) -> Iterator[str]:
    if len(rates) != 1 or Decimal(rates[0]) <= 0:
        yield "BR-48"
        return
    due = (basis * Decimal(rates[0]) / 100).quantize(CENT, ROUND_HALF_UP)
    if abs(due - amount) > CENT:
        yield "BR-CO-17"
    if _texts(tax, "ram:ExemptionReason"):
        yield "BR-S-10"


def _outside(root: ElementTree.Element, tax: ElementTree.Element, amount: Decimal, rates: list[str]) -> Iterator[str]:
    if rates or any(line_rates for _, line_rates, _ in _taxed(root)):
        yield "BR-O-05"
    if amount:
        yield "BR-O-09"
    if not any(_texts(tax, "ram:ExemptionReason")):
        yield "BR-O-10"
    if len(root.findall(TAX, NAMES)) != 1:
        yield "BR-O-11"
    if root.findall(f"{SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']", NAMES):
        yield "BR-O-02"


def _parties(root: ElementTree.Element) -> Iterator[str]:
    vat = _texts(root, f"{SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']")
    if any(not re.match("[A-Z]{2}", number) for number in vat):
        yield "BR-CO-09"
    known = (*vat, *_texts(root, f"{SELLER}/ram:ID"), *_texts(root, f"{SELLER}/ram:SpecifiedLegalOrganization/ram:ID"))
    if not any(known):
        yield "BR-CO-26"
    registered = _texts(root, f"{SELLER}/ram:SpecifiedTaxRegistration/ram:ID")
    if "S" in _texts(root, f"{TAX}/ram:CategoryCode") and not any(registered):
        yield "BR-S-02"
    for means in root.findall(MEANS, NAMES):
        code = _texts(means, "ram:TypeCode")
        if not any(code):
            yield "BR-49"
        if code in (["30"], ["58"]) and not any(_texts(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID")):
            yield "BR-61"
    for referenced in root.findall(f"{SETTLEMENT}/ram:InvoiceReferencedDocument", NAMES):
        if not any(_texts(referenced, "ram:IssuerAssignedID")):
            yield "BR-55"


def _codes(root: ElementTree.Element) -> Iterator[str]:
    kind = _texts(root, NEEDED["BR-04"])
    if kind not in (["380"], ["381"]):
        yield "BR-CL-01"
    if not all(re.fullmatch("[A-Z]{3}", one) for one in _texts(root, NEEDED["BR-05"])):
        yield "BR-CL-04"
    if any(one not in ("S", "O") for one in _texts(root, f"{TAX}/ram:CategoryCode")):
        yield "BR-CL-17"
    if any(not re.fullmatch("[A-Z]{2}", one) for one in _texts(root, NEEDED["BR-09"]) + _texts(root, NEEDED["BR-11"])):
        yield "BR-CL-14"
    dates = [one.text or "" for one in root.iter(f"{{{NAMES['udt']}}}DateTimeString") if one.get("format") == "102"]
    if not dates or not all(re.fullmatch(r"\d{8}", one) for one in dates):
        yield "BR-03"
    if kind == ["381"] and not root.findall(f"{SETTLEMENT}/ram:InvoiceReferencedDocument", NAMES):
        yield "BR-55"
