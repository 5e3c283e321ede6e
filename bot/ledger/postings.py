"""Entries of the books as pure values: postings that sum to zero in cents and in units, or there is no entry.

Chart of accounts, each kept per client. A positive amount is a debit: what the client has or owes, what it cost.

    cents
      unbilled             + delivered and not invoiced: work per use, bundles; − invoiced ahead of delivery
      receivable           + invoiced and not paid
      unapplied            − paid and not (yet) for an invoice
      cash                 + received from the client, less what was refunded or paid out
      prepaid              − what its bought credit is still worth; earned as it is drawn or lapses
      deferred             − fees for service that is still to come; earned by the day
      revenue              − earned: per use, credit used, credit lapsed, fees
      opening              + what credit was worth that came from other books, where it was paid
      waived               + revenue given up by a manager's word
      write-off            + invoiced and given up as lost
      tax                  − charged for the state
      commission           + earned by the consultant who brought the client
      commission-payable   − owed to that consultant
      pay                  + earned by the consultants who worked for the client
      pay-payable          − owed to them

    units
      credit               + held in the client's grants; never below zero
      granted              − put into grants: bought, included or given
      used                 + billed work and contacts
      per-use              − the part of `used` that no grant paid
      lapsed               + lapsed in grants
      waived               − units of `used` that were given up again

Work that is covered by a plan or not billable makes an entry without postings: it moves nothing, and its evidence is
kept in the same chain. Entries are never edited, only reversed: the same postings with the other sign. The chart as an
accountant reads it stands in `chart` and docs/accounts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import LedgerError


class Commodity(StrEnum):
    CENTS = "cents"
    UNITS = "units"


class Account(StrEnum):
    UNBILLED = "unbilled"
    RECEIVABLE = "receivable"
    UNAPPLIED = "unapplied"
    CASH = "cash"
    PREPAID = "prepaid"
    DEFERRED = "deferred"
    OPENING = "opening"
    REVENUE = "revenue"
    WAIVED = "waived"
    WRITE_OFF = "write-off"
    TAX = "tax"
    COMMISSION = "commission"
    COMMISSION_PAYABLE = "commission-payable"
    PAY = "pay"
    PAY_PAYABLE = "pay-payable"
    CREDIT = "credit"
    GRANTED = "granted"
    USED = "used"
    PER_USE = "per-use"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Posting:
    """One amount on one account; `grant_id` on credit and prepaid says which parcel moved."""

    account: Account
    commodity: Commodity
    amount: int
    grant_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The postings of an entry before it is posted. Raises LedgerError unless they sum to zero in each commodity."""

    kind: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        for commodity in Commodity:
            total = sum(posting.amount for posting in self.postings if posting.commodity is commodity)
            if total:
                raise LedgerError(f"the postings of a {self.kind} sum to {total} {commodity}")


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units that moved in or out of one grant, and what they are worth of its price."""

    grant_id: int
    units: int
    cents: int


def grant_draft(parcel: Parcel, *, kind: str = "grant") -> Draft:
    """A grant is opened. kind: grant, bought on account or included (0 cents); gift; opening, paid in other books."""
    against = Account.OPENING if kind == "opening" else Account.UNBILLED
    return _draft(
        kind,
        _units(Account.CREDIT, parcel.units, parcel.grant_id),
        _units(Account.GRANTED, -parcel.units),
        _cents(against, parcel.cents),
        _cents(Account.PREPAID, -parcel.cents, parcel.grant_id),
    )


def charge_draft(parcels: Sequence[Parcel], *, per_use_units: int, due_cents: int) -> Draft:
    """Work or a contact is billed: credit is drawn, the rest is owed. All may be negative, where a day gives back."""
    used = per_use_units + sum(parcel.units for parcel in parcels)
    earned = due_cents + sum(parcel.cents for parcel in parcels)
    return _draft(
        "charge",
        *(_units(Account.CREDIT, -parcel.units, parcel.grant_id) for parcel in parcels),
        _units(Account.PER_USE, -per_use_units),
        _units(Account.USED, used),
        *(_cents(Account.PREPAID, parcel.cents, parcel.grant_id) for parcel in parcels),
        _cents(Account.UNBILLED, due_cents),
        _cents(Account.REVENUE, -earned),
    )


def return_draft(parcel: Parcel) -> Draft:
    """Bought credit is taken back at the price paid, which is the client's again: to be refunded, or for an invoice."""
    return _draft(
        "return",
        _units(Account.CREDIT, -parcel.units, parcel.grant_id),
        _units(Account.GRANTED, parcel.units),
        _cents(Account.PREPAID, parcel.cents, parcel.grant_id),
        _cents(Account.UNAPPLIED, -parcel.cents),
    )


def lapse_draft(parcel: Parcel) -> Draft:
    """What is left of a grant lapses: bought credit is earned, included units just end."""
    return _draft(
        "lapse",
        _units(Account.CREDIT, -parcel.units, parcel.grant_id),
        _units(Account.LAPSED, parcel.units),
        _cents(Account.PREPAID, parcel.cents, parcel.grant_id),
        _cents(Account.REVENUE, -parcel.cents),
    )


def invoice_draft(net_cents: int, tax_cents: int) -> Draft:
    """What was delivered, or is about to be, is invoiced; all negative for a credit note."""
    return _draft(
        "invoice",
        _cents(Account.RECEIVABLE, net_cents + tax_cents),
        _cents(Account.UNBILLED, -net_cents),
        _cents(Account.TAX, -tax_cents),
    )


def fee_draft(net_cents: int, tax_cents: int) -> Draft:
    """A plan's fee is invoiced, before the service that it pays for."""
    return _draft(
        "invoice",
        _cents(Account.RECEIVABLE, net_cents + tax_cents),
        _cents(Account.DEFERRED, -net_cents),
        _cents(Account.TAX, -tax_cents),
    )


def earn_draft(cents: int) -> Draft:
    """A part of a fee is earned, as its span goes by; negative where the fee became smaller."""
    return _draft("earn", _cents(Account.DEFERRED, cents), _cents(Account.REVENUE, -cents))


def credit_note_draft(net_cents: int, tax_cents: int, *, is_gift: bool) -> Draft:
    """An invoice is taken back in part. is_gift: the work stands and is given up; else it was taken back before."""
    against = Account.WAIVED if is_gift else Account.UNBILLED
    return _draft(
        "credit-note",
        _cents(against, net_cents),
        _cents(Account.TAX, tax_cents),
        _cents(Account.RECEIVABLE, -net_cents - tax_cents),
    )


def payment_draft(cents: int, net_cents: int, *, is_fee: bool, applied_cents: int = 0) -> Draft:
    """Cash comes in, or goes back where negative: an invoice's part settles it, a fee without one is deferred.

    applied_cents: the part that settles invoices; what is neither for them nor a fee waits unapplied.
    """
    rest = cents - applied_cents
    if not is_fee:
        return _draft(
            "payment",
            _cents(Account.CASH, cents),
            _cents(Account.RECEIVABLE, -applied_cents),
            _cents(Account.UNAPPLIED, -rest),
        )
    tax = cents - net_cents
    return _draft(
        "payment", _cents(Account.CASH, cents), _cents(Account.DEFERRED, -net_cents), _cents(Account.TAX, -tax)
    )


def apply_draft(cents: int) -> Draft:
    """What waited unapplied settles an invoice, or is set free again where negative."""
    return _draft("apply", _cents(Account.UNAPPLIED, cents), _cents(Account.RECEIVABLE, -cents))


def write_off_draft(net_cents: int, tax_cents: int) -> Draft:
    """What is left of an invoice is given up as lost; its tax is no longer owed to the state."""
    return _draft(
        "write-off",
        _cents(Account.WRITE_OFF, net_cents),
        _cents(Account.TAX, tax_cents),
        _cents(Account.RECEIVABLE, -net_cents - tax_cents),
    )


def pay_draft(cents: int) -> Draft:
    """A consultant's pay for work of the client accrues, or is taken back where negative."""
    return _draft("pay", _cents(Account.PAY, cents), _cents(Account.PAY_PAYABLE, -cents))


def payout_draft(pay_cents: int, commission_cents: int) -> Draft:
    """A payout settles what a consultant had earned with the client."""
    return _draft(
        "payout",
        _cents(Account.PAY_PAYABLE, pay_cents),
        _cents(Account.COMMISSION_PAYABLE, commission_cents),
        _cents(Account.CASH, -pay_cents - commission_cents),
    )


def commission_draft(cents: int) -> Draft:
    """A commission accrues, or is reversed where negative."""
    return _draft("commission", _cents(Account.COMMISSION, cents), _cents(Account.COMMISSION_PAYABLE, -cents))


def reversal_draft(postings: Iterable[Posting]) -> Draft:
    """The entry never was: the same postings with the other sign."""
    return _draft("reversal", *_mirrored(postings))


def waiver_draft(postings: Iterable[Posting]) -> Draft:
    """A charge is given up: credit and debt go back, but the use and the revenue stay in sight, against `waived`."""
    stands_for = {Account.REVENUE: Account.WAIVED, Account.USED: Account.WAIVED}
    mirrored = (
        Posting(stands_for.get(posting.account, posting.account), posting.commodity, posting.amount, posting.grant_id)
        for posting in _mirrored(postings)
    )
    return _draft("waive", *mirrored)


def part_waiver_draft(parcels: Sequence[Parcel], *, per_use_units: int, due_cents: int) -> Draft:
    """A part of a charge is given up. All amounts are negative: units that go back, cents no longer owed."""
    return waiver_draft(_mirrored(charge_draft(parcels, per_use_units=per_use_units, due_cents=due_cents).postings))


def _mirrored(postings: Iterable[Posting]) -> list[Posting]:
    return [Posting(posting.account, posting.commodity, -posting.amount, posting.grant_id) for posting in postings]


def _draft(kind: str, *postings: Posting) -> Draft:
    return Draft(kind, tuple(posting for posting in postings if posting.amount))


def _units(account: Account, amount: int, grant_id: int | None = None) -> Posting:
    return Posting(account, Commodity.UNITS, amount, grant_id)


def _cents(account: Account, amount: int, grant_id: int | None = None) -> Posting:
    return Posting(account, Commodity.CENTS, amount, grant_id)
