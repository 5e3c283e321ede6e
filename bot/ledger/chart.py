"""The chart of accounts as outsiders read it: each kept balance has one full name in every export.

The kept names are short ("receivable"); hledger, beancount and spreadsheets want a root that says which side of the
books an account stands on. What each one means stands in docs/accounts.md, which a test holds complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.ledger.postings import Account, Commodity

# What hours are counted in, as a commodity beside the desk's currency.
UNIT = "UNIT"

CHART: Mapping[tuple[Account, Commodity], str] = MappingProxyType(
    {
        (Account.CASH, Commodity.CENTS): "Assets:Cash",
        (Account.RECEIVABLE, Commodity.CENTS): "Assets:Receivable",
        (Account.UNBILLED, Commodity.CENTS): "Assets:Unbilled",
        (Account.PREPAID, Commodity.CENTS): "Liabilities:Prepaid",
        (Account.UNAPPLIED, Commodity.CENTS): "Liabilities:Unapplied",
        (Account.TAX, Commodity.CENTS): "Liabilities:Tax",
        (Account.COMMISSION_PAYABLE, Commodity.CENTS): "Liabilities:Commission",
        (Account.PAY_PAYABLE, Commodity.CENTS): "Liabilities:Pay",
        (Account.DEFERRED, Commodity.CENTS): "Liabilities:Deferred",
        (Account.OPENING, Commodity.CENTS): "Equity:Opening",
        (Account.REVENUE, Commodity.CENTS): "Income:Revenue",
        (Account.WAIVED, Commodity.CENTS): "Income:Waived",
        (Account.WRITE_OFF, Commodity.CENTS): "Expenses:WriteOff",
        (Account.COMMISSION, Commodity.CENTS): "Expenses:Commission",
        (Account.PAY, Commodity.CENTS): "Expenses:Pay",
        (Account.CREDIT, Commodity.UNITS): "Assets:Hours:Credit",
        (Account.GRANTED, Commodity.UNITS): "Equity:Hours:Granted",
        (Account.USED, Commodity.UNITS): "Expenses:Hours:Used",
        (Account.PER_USE, Commodity.UNITS): "Equity:Hours:PerUse",
        (Account.LAPSED, Commodity.UNITS): "Expenses:Hours:Lapsed",
        (Account.WAIVED, Commodity.UNITS): "Equity:Hours:Waived",
    }
)


def full_name(name: str, commodity: str, client: str) -> str:
    """ "Assets:Receivable:ACME". client: as `client_names` gives it. Raises KeyError for an account that is none."""
    return f"{CHART[Account(name), Commodity(commodity)]}:{client}"


def client_names(codes: Mapping[int, str]) -> dict[int, str]:
    """Each client's part of an account's name: its code, without what beancount refuses; told apart where two meet."""
    plain = {client_id: code.replace("_", "-").rstrip("-") for client_id, code in codes.items()}
    taken: dict[str, int] = {}
    for client_id in sorted(plain):
        taken.setdefault(plain[client_id], client_id)
    return {client_id: name if taken[name] == client_id else f"{name}-{client_id}" for client_id, name in plain.items()}
