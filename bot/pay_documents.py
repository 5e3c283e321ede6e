"""What a consultant is sent on paper: a payout's statement, its receipt, a month's earnings; in their language.

The figures are those that the books settled; here they are only laid out, as a PDF shows them and as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from bot import books, letterhead
from bot.documents import labels
from bot.ledger.pay import basis_of
from bot.notices.figures import day_in, money_in, number_in
from bot.notices.paper import words, work_in
from bot.plain import one_line
from bot.policy import Policy
from bot.statement_text import CLOSING, OPENING, PART, StatedRow
from bot.store import Row

Document = Mapping[str, Any]
REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class _Paper:
    """Whose document it is, and how it writes words, amounts and dates."""

    policy: Policy
    person: Row
    language: str

    @property
    def said(self) -> Callable[..., str]:
        return partial(words, self.language)

    def money(self, cents: int) -> str:
        return money_in(self.language, cents, self.policy.currency)

    def day(self, on: date) -> str:
        return day_in(self.language, on)

    def made(self, kind: str, number: str, on: date, **more: object) -> Document:
        """A document with the desk's head, addressed to the consultant."""
        return {
            "title": self.said(kind),
            "number": number,
            "issued_on": on.isoformat(),
            "about": "",
            "seller": letterhead.seller(self.policy),
            "buyer": {"name": self.person.name, "address": []},
            "words": labels(self.language),
            "sections": [],
            "tables": [],
            **more,
        }


# ---------------------------------------------------------------- the documents


def payout_document(settled: books.Settled, person: Row, policy: Policy) -> Document:
    """The statement of a payout: what it comes to, then each piece of work and each commission that it settles."""
    paper, row = _Paper(policy, person, person.language), settled.payout
    said, total = paper.said, row.pay_cents + row.commission_cents
    rows: list[StatedRow] = [
        ("", said("work"), paper.money(row.pay_cents)),
        ("", said("commissions"), paper.money(row.commission_cents)),
        (CLOSING, said("paid out"), paper.money(total)),
        (PART, said("year so far", year=row.paid_on.year), paper.money(settled.year_cents)),
    ]
    facts = [
        (said("number"), row.number),
        (said("member"), person.member_number),
        (said("until"), paper.day(row.to_on)),
        (said("paid on"), paper.day(row.paid_on)),
        (said("account"), row.bank_account),
        (said("tax form"), person.tax_form),
        (said("paid out"), paper.money(total)),
    ]
    return paper.made(
        "payout", row.number, row.paid_on, facts=facts, strong=[said("number"), said("paid out")],
        sections=[{"title": said("summary"), "rows": rows}], tables=_tables(paper, settled.pay, settled.commissions),
    )  # fmt: skip


def receipt_document(row: Row, person: Row, policy: Policy, *, arrived_on: date) -> Document:
    """The consultant's word that a payout has arrived."""
    paper = _Paper(policy, person, person.language)
    said, total = paper.said, paper.money(row.pay_cents + row.commission_cents)
    facts = [
        (said("number"), row.number),
        (said("member"), person.member_number),
        (said("paid on"), paper.day(row.paid_on)),
        (said("account"), row.bank_account),
        (said("arrived on"), paper.day(arrived_on)),
        (said("paid out"), total),
    ]
    about = said("received", name=one_line(person.name, 80), amount=total, day=paper.day(row.to_on), number=row.number)
    return paper.made(
        "receipt", row.number, arrived_on, facts=facts, strong=[said("number"), said("paid out")], about=about
    )


def earnings_document(
    stated: books.Earnings, person: Row, policy: Policy, *, first_on: date, last_on: date, on: date
) -> Document:
    """A month of a consultant: owed before, work, commissions, paid, owed after."""
    paper = _Paper(policy, person, person.language)
    said = paper.said
    paid = [(PART, row.number, paper.money(-row.pay_cents - row.commission_cents)) for row in stated.payouts]
    rows: list[StatedRow] = [
        (OPENING, said("owed before"), paper.money(stated.opening_cents)),
        ("", said("work"), paper.money(sum(row.cents for row in stated.pay))),
        ("", said("commissions"), paper.money(sum(row.cents for row in stated.commissions))),
        ("", said("paid out"), paper.money(-sum(row.pay_cents + row.commission_cents for row in stated.payouts))),
        *paid,
        (CLOSING, said("owed after"), paper.money(stated.closing_cents)),
    ]
    facts = [
        (said("member"), person.member_number),
        (said("from"), paper.day(first_on)),
        (said("until"), paper.day(last_on)),
        (said("date"), paper.day(on)),
        (said("owed after"), paper.money(stated.closing_cents)),
    ]
    return paper.made(
        "earnings", f"{person.member_number} {first_on:%Y-%m}", on, facts=facts, strong=[said("owed after")],
        sections=[{"title": said("summary"), "rows": rows}], tables=_tables(paper, stated.pay, stated.commissions),
    )  # fmt: skip


# ---------------------------------------------------------------- their lines


def _tables(paper: _Paper, pay: Sequence[Row], commissions: Sequence[Row]) -> list[Mapping[str, object]]:
    said = paper.said
    heads = [said("date"), said("what"), said("amount")]
    found: list[Mapping[str, object]] = []
    if pay:
        found.append({"title": said("work"), "heads": heads, "rows": [_work(paper, row) for row in pay]})
    if commissions:
        rows = [_commission(paper, row) for row in commissions]
        found.append({"title": said("commissions"), "heads": heads, "rows": rows})
    return found


def _work(paper: _Paper, row: Row) -> Mapping[str, object]:
    kind = work_in(paper.language, "contact" if row.is_contact else row.kind)
    done = paper.said("line work", work=kind, count=row.minutes) if row.minutes else kind
    return {
        "on": paper.day(row.work_on),
        "text": paper.said("work of", client=row.code, id=row.ticket_id),
        "detail": "; ".join(part for part in (done, _basis(paper, row)) if part),
        "figures": [paper.money(row.cents)],
    }


def _basis(paper: _Paper, row: Row) -> str:
    """What a pay was reckoned from, by the evidence of its entry: a share, a wage, or why it was taken back."""
    evidence = json.loads(row.evidence_json)
    if "charge_entry_id" not in evidence:
        return paper.said("taken back", reason=one_line(row.why, REASON_MAX))
    basis = basis_of(evidence)
    if basis.wages:
        return ", ".join(
            paper.said("wage", count=seconds // 60, row=priority, amount=paper.money(cents))
            for priority, seconds, cents in basis.wages
        )
    share = number_in(paper.language, f"{basis.basis_points / 100:g}")
    return paper.said("share of", share=share, amount=paper.money(basis.value_cents))


def _commission(paper: _Paper, row: Row) -> Mapping[str, object]:
    return {
        "on": paper.day(row.accrued_on),
        "text": paper.said("commission of" if row.cents >= 0 else "commission back", client=row.code),
        "detail": "",
        "figures": [paper.money(row.cents)],
    }


# ---------------------------------------------------------------- as text


def as_text(document: Document) -> str:
    """The same document for a chat or the text of a mail, line by line."""
    parts = ["\n".join([f"{document['title']} {document['number']}", *_aligned(document["facts"])])]
    if document["about"]:
        parts.append(str(document["about"]))
    for section in document["sections"]:
        rows = [(f"{'  ' * (kind == PART)}{name}", amount) for kind, name, amount in section["rows"]]
        parts.append("\n".join([section["title"], *_aligned(rows)]))
    for table in document["tables"]:
        lines = [
            f"  {row['on']} {', '.join(part for part in (row['text'], row['detail']) if part)}: {row['figures'][-1]}"
            for row in table["rows"]
        ]
        parts.append("\n".join([table["title"], *lines]))
    return "\n\n".join(parts)


def _aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    wide = max(len(name) for name, _ in rows)
    return [f"  {name.ljust(wide)}  {value}" for name, value in rows]
