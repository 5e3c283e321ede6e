"""From rows to the values that the pure ledger bills by: a client's terms, and a ticket's day as it was billed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from bot.calendars import calendar_of
from bot.hours import local_day
from bot.ledger import units
from bot.ledger.credits import Draw, anniversary, give_back
from bot.ledger.days import Day, Rounding
from bot.ledger.work import Terms
from bot.plan_history import plan_on
from bot.pricelist import PriceList
from bot.queries import money as queries
from bot.store import Row, Tx
from bot.triage.priority import Priority


def terms_of(tx: Tx, client: Row, at: datetime, prices: PriceList) -> Terms:
    """What decides the client's bills around an instant: by the plan that it had on that day."""
    calendar = calendar_of(client, at)
    plan = prices.plans[plan_on(tx, client, local_day(calendar, at))]
    return Terms(calendar, plan, Rounding(client.rounding), prices.card, client.minimum_units)


def may_charge(tx: Tx, client: Row, at: datetime, prices: PriceList) -> bool:
    """Whether a plan that is in force on that day, or an agreement, makes work chargeable."""
    return bool(client.is_chargeable or terms_of(tx, client, at, prices).plan.is_consent)


def with_onsite(tx: Tx, terms: Terms, client: Row, work_on: date) -> Terms:
    """The terms with what is left of the included on-site time of the term that a day lies in."""
    if not client.onsite_minutes or not terms.plan.covers:
        return terms
    began_on = client.term_anchor_on or client.service_started_on or work_on.replace(day=1)
    from_on, to_on = term_around(began_on, client.term_months, work_on)
    used = 0
    for row in tx.all(queries.ONSITE_BETWEEN, client_id=client.id, from_on=from_on, to_on=to_on):
        for piece in json.loads(row.evidence_json)["pieces"]:
            span = datetime.fromisoformat(piece["to"]) - datetime.fromisoformat(piece["from"])
            used += int(span.total_seconds()) if piece["is_covered"] else 0
    return replace(terms, onsite_seconds_left=max(0, client.onsite_minutes * 60 - used))


def term_around(began_on: date, months: int, on: date) -> tuple[date, date]:
    """First day of the term that a day lies in, and of the next one; terms are counted from the first day."""
    terms = max(0, ((on.year - began_on.year) * 12 + on.month - began_on.month) // months - 1)
    while anniversary(began_on, (terms + 1) * months) <= on:
        terms += 1
    return anniversary(began_on, terms * months), anniversary(began_on, (terms + 1) * months)


def day_of(tx: Tx, ticket_id: int, work_on: date) -> Day:
    """A ticket's local day, from the charges of it that stand. The client's row is locked."""
    seconds: dict[Priority, int] = {}
    item_table: dict[Priority, int] = {}
    had_contact, forgiven = False, 0
    draws: list[Draw] = []
    for row in tx.all(queries.CHARGES_OF_DAY, ticket_id=ticket_id, work_on=work_on):
        evidence = json.loads(row.evidence_json)
        if evidence.get("contact"):
            had_contact = had_contact or not evidence["is_covered"]
        else:
            seconds = units.added(seconds, _rows(evidence["row_seconds"]))
            item_table = units.added(item_table, _rows(evidence["item_table"]))
        forgiven += row.waived_units
        draws += standing_draws(row)
    return Day(seconds, item_table, had_contact, tuple(draws), forgiven)


def standing_draws(row: Row) -> list[Draw]:
    """What a charge still draws after what was waived of it, as further draws: the last drawn was given back first."""
    drawn = [Draw(grant_id, amount) for grant_id, amount in json.loads(row.draws_json)]
    if row.is_waived:
        return []
    return [*drawn, *give_back(drawn, row.waived_units)] if row.waived_units else drawn


def _rows(table: dict[str, int]) -> dict[Priority, int]:
    return {Priority(row): amount for row, amount in table.items()}
