"""The room of the books: work and contacts are billed, credit is granted and lapses, payments come in.

Functions take `tx` first and never commit; the doors decide who may call them. Each one locks the client's row before
it reads what it changes, posts entries that balance, and keeps the evidence. Order of locks: ticket, consultant, client
(several of them by id, all before the first number is taken), grant, the counter of documents.
Refuses to post twice for one cause, to draw more than a grant holds, and to edit anything: mistakes are reversed.
Source: mission, Rules; design, "Money".
"""

from bot.books.applying import Applied, apply_ahead, open_invoices, take_off
from bot.books.auditing import audit, trial_balance, trial_faults
from bot.books.bank import Matched, match_line, set_line_aside, take_line
from bot.books.bundles import fulfil, grant_on_credit, order_bundle
from bot.books.closing import Closed, close_month, is_over
from bot.books.contacts import (
    BilledContact,
    NotedContact,
    accept_contact,
    answer_contact,
    choose_contact,
    contact_told,
    note_contact,
    settle_contact,
    waive_contacts,
)
from bot.books.credit import Lapsed, Returned, buy_credit, grant, lapse, lapse_told, return_credit
from bot.books.days import may_charge
from bot.books.desk_audit import desk_faults
from bot.books.disputes import Decided, charge_of, decide, dispute
from bot.books.entries import lock_clients
from bot.books.fees import earn
from bot.books.flat_health import (
    CLIENTS_OF_MEASURE,
    HOURS_OF_MEASURE,
    Health,
    Month,
    flat_clients,
    health,
    weekly_hours,
)
from bot.books.giving_up import credit_invoice, write_off
from bot.books.going_on import may_go_on
from bot.books.invoicing import Issued, invoice_bundle, invoice_work
from bot.books.logging_time import Logged, bill_waiting, log_time
from bot.books.looking import (
    CHARGES_MAX,
    Balance,
    OpenGrant,
    balance,
    balance_line,
    cost_of,
    evidence,
    overlapping,
    stated_charges,
    statement,
)
from bot.books.paying import cut
from bot.books.payments import (
    Paid,
    PaidInvoice,
    pay_invoice,
    record_payment,
    refund_payment,
)
from bot.books.payouts import (
    Earnings,
    PaidOut,
    Settled,
    bank_file,
    commission_line,
    confirm_payout,
    earnings,
    keep_tax_form,
    pay_line,
    pay_out,
    payout_numbered,
    settled_by,
)
from bot.books.quotes import (
    Spent,
    budget_mark,
    budget_of,
    compared,
    compared_lines,
    decide_quote,
    make_quote,
    open_quote,
)
from bot.books.roots import Root, keep_root, root, root_faults
from bot.books.settlements import ahead_cents, invoice_numbered, open_cents
from bot.books.standing_terms import keep_terms
from bot.books.taking_back import Waived, reverse, waive, waive_part
from bot.books.terms import Term, begin_term, end_plan, fee_of, start_plan
from bot.books.untold import contact_untold
from bot.books.warning import credit_mark

__all__ = [
    "CHARGES_MAX",
    "CLIENTS_OF_MEASURE",
    "HOURS_OF_MEASURE",
    "Applied",
    "Balance",
    "BilledContact",
    "Closed",
    "Decided",
    "Earnings",
    "Health",
    "Issued",
    "Lapsed",
    "Logged",
    "Matched",
    "Month",
    "NotedContact",
    "OpenGrant",
    "Paid",
    "PaidInvoice",
    "PaidOut",
    "Returned",
    "Root",
    "Settled",
    "Spent",
    "Term",
    "Waived",
    "accept_contact",
    "ahead_cents",
    "answer_contact",
    "apply_ahead",
    "audit",
    "balance",
    "balance_line",
    "bank_file",
    "begin_term",
    "bill_waiting",
    "budget_mark",
    "budget_of",
    "buy_credit",
    "charge_of",
    "choose_contact",
    "close_month",
    "commission_line",
    "compared",
    "compared_lines",
    "confirm_payout",
    "contact_told",
    "contact_untold",
    "cost_of",
    "credit_invoice",
    "credit_mark",
    "cut",
    "decide",
    "decide_quote",
    "desk_faults",
    "dispute",
    "earn",
    "earnings",
    "end_plan",
    "evidence",
    "fee_of",
    "flat_clients",
    "fulfil",
    "grant",
    "grant_on_credit",
    "health",
    "invoice_bundle",
    "invoice_numbered",
    "invoice_work",
    "is_over",
    "keep_root",
    "keep_tax_form",
    "keep_terms",
    "lapse",
    "lapse_told",
    "lock_clients",
    "log_time",
    "make_quote",
    "match_line",
    "may_charge",
    "may_go_on",
    "note_contact",
    "open_cents",
    "open_invoices",
    "open_quote",
    "order_bundle",
    "overlapping",
    "pay_invoice",
    "pay_line",
    "pay_out",
    "payout_numbered",
    "record_payment",
    "refund_payment",
    "return_credit",
    "reverse",
    "root",
    "root_faults",
    "set_line_aside",
    "settle_contact",
    "settled_by",
    "start_plan",
    "stated_charges",
    "statement",
    "take_line",
    "take_off",
    "trial_balance",
    "trial_faults",
    "waive",
    "waive_contacts",
    "waive_part",
    "weekly_hours",
    "write_off",
]
