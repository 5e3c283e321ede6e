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
    "invoice dispute": "If a charge on it is not right, answer with: dispute CHARGE what is wrong",
    "credit note": "Credit note {number} takes {amount} off invoice {of}. It is attached.",
    "invoice reminder": "{left} of invoice {number} were due on {due} and have not arrived. If you have paid in the "
    "meantime, please ignore this.",
    "invoice overdue": "{left} of invoice {number} to {client} were due on {due}; three reminders were sent.",
    "paid out": "Your pay is on its way: {amount}, payout {number}.",
    "paid out how": "Once it has arrived, say so.",
    "title paid out": "Payout {number}: {amount}",
    "button arrived": "It has arrived",
    "title invoice": "Invoice {number}: {amount}",
    "title credit note": "Credit note {number}",
    "title reminder": "Reminder {count}: invoice {number}",
    "title overdue": "Invoice {number} is overdue",
    "button uphold": "It stands",
    "button waive": "Give it up",
}
