"""What a plan brings each term: its fee on an invoice, its included units, which lapse when the term ends.

Terms are counted from the plan's first day, so that one short month does not shift the later ones. A term begins once,
however often the tick looks. Source: mission, "Credit is counted in units"; an included unit lapses at 00:00 local on
the term's anniversary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.books import credit
from bot.books.days import term_around
from bot.books.entries import lock_client
from bot.books.fees import invoice_fee
from bot.books.invoicing import Issued
from bot.books.standing_terms import keep_terms
from bot.errors import UserError
from bot.ledger.credits import anniversary
from bot.ledger.plans import Plan
from bot.ledger.rates import Tier
from bot.notices.paper import phrase
from bot.plan_history import keep_plan, plan_on, retract_plan
from bot.pricelist import PriceList
from bot.queries import fees as queries
from bot.queries import money
from bot.sentences import sentence
from bot.store import Row, Tx
from bot.zones import midnight, zone_named

FEE, INCLUDED = "fee", "included"


@dataclass(frozen=True, slots=True)
class Term:
    """A term that began. to_on: the first day of the next one."""

    client_id: int
    from_on: date
    to_on: date
    issued: Issued | None
    included_units: int


def fee_of(client: Row, plan: Plan) -> int:
    """Net cents a term: the client's own fee, or the plan's for each month of it."""
    return int(client.fee_cents if client.fee_cents is not None else plan.fee_cents * client.term_months)


def start_plan(
    tx: Tx, client_id: int, *, plan: str, fee_cents: int | None, term_months: int, from_on: date, now: datetime
) -> None:
    """Put a client on a plan from a day on; its first term begins then. A term that runs is not cut.

    Work of the days before is billed by the plan that the client had on each, whenever it is logged.

    Raises UserError for a day that is past, or on which a term was charged already.
    """
    client = lock_client(tx, client_id)
    today = now.astimezone(zone_named(client.zone)).date()
    if from_on < today:
        raise UserError(sentence("plan early", on=from_on))
    next_at = client.term_at
    if next_at is not None and plan_on(tx, client, today) == client.plan and midnight(client.zone, from_on) > next_at:
        next_on = next_at.astimezone(zone_named(client.zone)).date()
        raise UserError(sentence("plan next term", client=client.name, plan=client.plan, on=next_on))
    key = _key(client_id, from_on)
    if any(tx.one(money.ENTRY_BY_KEY, key=f"{key}:{part}") is not None for part in (FEE, INCLUDED)):
        raise UserError(sentence("plan charged", client=client.name, on=from_on))
    keep_plan(tx, client, plan, from_on=from_on, today=today)
    tx.run(
        queries.START_PLAN, client_id=client_id, plan=plan, fee_cents=fee_cents, term_months=term_months,
        from_on=from_on, term_at=midnight(client.zone, from_on),
        service_started_on=client.service_started_on or from_on,
    )  # fmt: skip
    keep_terms(tx, client_id, now=now)


def end_plan(tx: Tx, client_id: int, *, plan: str, now: datetime) -> str:
    """No further term begins; work from today on is billed by another plan, what was done before by the one ended.

    A plan that has not begun is taken back: what it was to follow stays, where that has no terms of its own. Returns
    the plan that is in force now. Raises UserError where the client has none that could end.
    """
    client = lock_client(tx, client_id)
    today = now.astimezone(zone_named(client.zone)).date()
    if client.plan in ("none", plan):
        raise UserError(sentence("plan none ends", client=client.name))
    before = retract_plan(tx, client, today=today)
    if before not in ("none", plan):
        keep_plan(tx, client, plan, from_on=today, today=today)
        before = plan
    tx.run(queries.END_PLAN, client_id=client_id, plan=before)
    keep_terms(tx, client_id, now=now)
    return before


def begin_term(tx: Tx, client_id: int, *, now: datetime, prices: PriceList) -> Term | None:
    """Begin the term that is due; None where none is, or another tick was first."""
    client = lock_client(tx, client_id)
    due = tx.one(queries.TERM, client_id=client_id)
    if due is None or due.term_at is None or due.term_at > now or due.term_anchor_on is None:
        return None
    # A term that failed is due later than it begins: on the day of the month that the plan began on.
    from_on, _ = term_around(due.term_anchor_on, 1, due.term_at.astimezone(zone_named(client.zone)).date())
    to_on = _next(due.term_anchor_on, client.term_months, from_on)
    plan = prices.plans[client.plan]
    fee = fee_of(client, plan)
    key = _key(client.id, from_on)
    issued = None
    if fee:
        is_plan = plan.name != "subscription"
        text = phrase("plan", plan=plan.name.capitalize()) if is_plan else phrase("subscription")
        issued = invoice_fee(
            tx, client, text=text, net_cents=fee, from_on=from_on, to_on=to_on, key=f"{key}:{FEE}", now=now
        )
    if plan.included_units:
        credit.grant(
            tx, client_id=client.id, tier=Tier.INCLUDED, key=f"{key}:{INCLUDED}", now=now, units=plan.included_units,
            bought_on=from_on, lapses_on=to_on, prices=prices,
        )  # fmt: skip
    tx.run(queries.NEXT_TERM, client_id=client.id, term_at=midnight(client.zone, to_on))
    keep_terms(tx, client.id, now=now)
    return Term(client.id, from_on, to_on, issued, plan.included_units)


def _key(client_id: int, from_on: date) -> str:
    """What the entries of a term are known by."""
    return f"term:{client_id}:{from_on.isoformat()}"


def _next(anchor_on: date, months: int, from_on: date) -> date:
    """The first anniversary of the plan's first day that lies after a day."""
    terms = max(0, ((from_on.year - anchor_on.year) * 12 + from_on.month - anchor_on.month) // months - 1)
    while (end := anniversary(anchor_on, terms * months)) <= from_on:
        terms += 1
    return end
