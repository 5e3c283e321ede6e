"""What an invoice or credit note shows, as texts in the client's language; the paper itself is drawn elsewhere.

Everything was kept with the document when it was issued: nothing is reckoned here but what is still open of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from bot import electronic, letterhead
from bot.books import open_cents
from bot.notices.figures import day_in, money_in, number_in
from bot.notices.paper import line_in, words
from bot.policy import Policy
from bot.store import Row

Document = Mapping[str, Any]
_LABELS = ("addressed", "date", "what", "amount", "payment", "work", "units", "per use")


def document(row: Row, policy: Policy, language: str = "en") -> Document:
    """What a document shows, as texts: everything that was kept with it, and who the desk is.

    row: as queries.invoices gives it.
    """
    content = json.loads(row.content_json)
    money, said = partial(money_in, language, currency=policy.currency), partial(words, language)
    has_work = any(line["charge_id"] is not None for line in content["lines"])
    return {
        "title": said("credit note" if row.kind != "invoice" else "invoice"),
        "number": row.number,
        "issued_on": row.issued_on.isoformat(),
        "about": said("about work") if has_work else "",
        "seller": letterhead.seller(policy),
        "buyer": letterhead.buyer(content["buyer"]["name"], content["buyer"]["address"]),
        "words": labels(language),
        "strong": [said("number"), said("amount due")],
        "facts": _facts(row, content, language, money),
        "lines": [
            {
                "on": day_in(language, date.fromisoformat(line["on"])),
                "text": line_in(language, line),
                "detail": _detail(line, language),
                "amount": money(line["cents"]),
            }
            for line in content["lines"]
        ],
        "totals": totals(row, content["tax_basis_points"], language, policy.currency),
        "payment": [] if row.kind != "invoice" else _payment(row, policy, language, money),
        "xml": electronic.factur_x(row, policy, language) if policy.has_electronic_invoices else "",
    }


def labels(language: str) -> dict[str, str]:
    """The words that stand on every document, by what they name."""
    page = words(language, "page", page="{page}", pages="{pages}")
    return {**{key: words(language, key) for key in _LABELS}, "page": page}


def totals(row: Row, tax_basis_points: int, language: str, currency: str) -> list[tuple[str, str]]:
    """Net, tax, total; what was settled of it so far, and what is left."""
    money, said = partial(money_in, language, currency=currency), partial(words, language)
    share = number_in(language, f"{tax_basis_points / 100:g}")
    shown = [(said("net"), money(row.net_cents))]
    shown += [(said("tax", share=share), money(row.tax_cents))] if tax_basis_points else []
    shown += [(said("total"), money(row.net_cents + row.tax_cents))]
    if row.kind == "invoice" and row.paid_cents:
        ahead = min(row.balance_cents, row.paid_cents)
        shown += [(said("from balance"), money(-ahead))] if ahead > 0 else []
        shown += [(said("paid"), money(ahead - row.paid_cents))] if row.paid_cents > ahead else []
        shown += [(said("amount due"), money(open_cents(row)))]
    return shown


def _facts(row: Row, content: Any, language: str, money: Callable[[int], str]) -> list[tuple[str, str]]:
    said, is_note = partial(words, language), row.kind != "invoice"
    facts = [(said("number"), row.number), (said("date"), day_in(language, row.issued_on))]
    of = (said("for invoice"), content["credits"]) if is_note else (said("due on"), day_in(language, row.due_on))
    facts.append(of)
    facts += [(said("order"), content["po_number"])] if content["po_number"] else []
    left = money(abs(row.net_cents + row.tax_cents) if is_note else open_cents(row))
    return [*facts, (said("client"), content["buyer"]["code"]), (said("credited" if is_note else "amount due"), left)]


def _detail(line: Mapping[str, Any], language: str) -> str:
    """What stands below a line. With the number of its charge, for it is disputed by that."""
    charge = words(language, "line charge", charge=line["charge_id"]) if line["charge_id"] is not None else ""
    return "; ".join(part for part in (charge, line_in(language, line, "detail")) if part)


def _payment(row: Row, policy: Policy, language: str, money: Callable[[int], str]) -> list[str]:
    if not open_cents(row):
        return [words(language, "nothing left")]
    due = day_in(language, row.due_on)
    please = words(language, "please", amount=money(open_cents(row)), due=due, number=row.number)
    return [please, *letterhead.parts_of(policy.payment_details)]
