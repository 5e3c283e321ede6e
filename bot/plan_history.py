"""Which plan a client had on which day: one row a plan with its first day; the next one's first day ends it.

Work is billed by the plan of its own date, whenever it is logged. A plan that has not begun yet was never in force: a
second thought takes its row away. What was billed keeps the plan that billed it in its own evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.queries import fees as queries
from bot.store import Row, Tx

ALWAYS = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A plan from its first to its last day, both counted; last_on: None for the one that runs."""

    plan: str
    first_on: date
    last_on: date | None


def plan_on(tx: Tx, client: Row, on: date) -> str:
    """The plan of a client on a local day: the word that was said last about that day."""
    row = tx.one(queries.PLAN_ON, client_id=client.id, on=on)
    return str(row.plan if row is not None else client.plan)


def keep_plan(tx: Tx, client: Row, plan: str, *, from_on: date, today: date) -> None:
    """A client has a plan from a day on. client: the locked row as it was before."""
    if tx.one(queries.LAST_PLAN, client_id=client.id) is None:
        tx.insert("client_plan", client_id=client.id, plan=client.plan, from_on=ALWAYS)
    tx.run(queries.DROP_PLANS_AFTER, client_id=client.id, on=today)
    tx.insert("client_plan", client_id=client.id, plan=plan, from_on=from_on)


def retract_plan(tx: Tx, client: Row, *, today: date) -> str | None:
    """Take away a plan that has not begun; returns the one in force, or None where the client's plan has begun."""
    in_force = plan_on(tx, client, today)
    if in_force == client.plan or not tx.run(queries.DROP_PLANS_AFTER, client_id=client.id, on=today):
        return None
    return in_force


def amend_plan(tx: Tx, client: Row, plan: str) -> None:
    """The plan that a client has was another one from its first day on: what waited for an agreement has one now."""
    last = tx.one(queries.LAST_PLAN, client_id=client.id)
    if last is not None:
        tx.insert("client_plan", client_id=client.id, plan=plan, from_on=last.from_on)


def plans_of(tx: Tx, client: Row) -> list[Span]:
    """A client's plans, the first one first, each as far as it was in force."""
    spans: list[Span] = []
    for row in tx.all(queries.PLANS_OF_CLIENT, client_id=client.id):
        # A later word covers what was said of the same days before.
        spans = [span for span in spans if span.first_on < row.from_on]
        if spans:
            spans[-1] = Span(spans[-1].plan, spans[-1].first_on, row.from_on - timedelta(days=1))
        spans.append(Span(row.plan, row.from_on, None))
    return spans or [Span(client.plan, ALWAYS, None)]
