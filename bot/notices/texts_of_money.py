"""The sentences of disputes, invoices and credit, in English; the others stand in texts."""

from __future__ import annotations

from collections.abc import Mapping

MONEY: Mapping[str, str] = {
    "charge disputed": "{name} disputes charge {charge} ({cost}) on ticket #{id}:",
    "dispute how": "It stays off invoices until you decide: decide {charge} uphold, decide {charge} waive, or "
    "decide {charge} part UNITS",
    "dispute upheld": "Charge {charge} was looked at again and stands.",
    "dispute part": "Charge {charge} was looked at again: {cost} of it are given up.",
    "invoice": "Invoice {number} over {amount} is attached. It is due on {due}.",
    "invoice pay": "Please name {number} when you pay.{how}",
    "invoice left": "A part of it was paid ahead: {left} is left to pay.",
    "invoice settled": "What you had paid ahead covers it: nothing is left to pay.",
    "invoice dispute": "If a charge on it is not right, answer with its number, such as: dispute {charge} what is "
    "wrong",
    "credit note": "Credit note {number} takes {amount} off invoice {of}. It is attached.",
    "invoice reminder": "{left} of invoice {number} were due on {due} and have not arrived. If you have paid in the "
    "meantime, please ignore this.",
    "invoice overdue": "{left} of invoice {number} to {client} were due on {due}; three reminders were sent.",
    "quotation": "What you asked for, “{title}”, as an estimate:",
    "quotation how": "Answer with: accept quote {id}, or decline quote {id}.",
    "quote accepted": "{name} accepted quote {id}.",
    "quote declined": "{name} declined quote {id}.",
    "title quotation": "Quote {id}: {title}",
    "title quote answered": "Quote {id} to {client}",
    "button accept quote": "Accept",
    "button decline quote": "Decline",
    "budget near": "{used} of the {budget} that were quoted for ticket #{id} are used.",
    "budget used": "The {budget} that were quoted for ticket #{id} are used up: {used} so far. Work goes on unless you "
    "say otherwise; the quote was an average.",
    "paid out": "Your pay is on its way: {amount}, payout {number}.",
    "paid out how": "Once it has arrived, say so.",
    "title paid out": "Payout {number}: {amount}",
    "button arrived": "It has arrived",
    "paid out receipt": "{name} says that payout {number} over {amount} has arrived.",
    "title paid out receipt": "Receipt for payout {number}",
    "earnings sent": "Your month: work, commissions, what was paid and what is owed.",
    "title earnings sent": "Your earnings of {month}",
    "title invoice": "Invoice {number}: {amount}",
    "title credit note": "Credit note {number}",
    "statement": "Your statement: credit in hours at the lowest rate, and what is due.",
    "health chart": "Hours a month, and what the fee of {client} comes to an hour.",
    "title health chart": "The plan of {client}",
    "title statement": "Statement for {month}",
    "title reminder": "Reminder {count}: invoice {number}",
    "title overdue": "Invoice {number} is overdue",
    "button uphold": "It stands",
    "button waive": "Give it up",
}
