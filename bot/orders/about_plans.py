"""Use cases of plans: shown, begun, ended. What a term brings, the tick does (see dues)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot import books, people, plan_history
from bot.calendars import calendar_of
from bot.commands.about_plans import PlanEnd, PlanShow, PlanStart, ReturnCredit
from bot.hours import local_day
from bot.ledger.plans import Plan
from bot.messages import Answer
from bot.money import format_cents
from bot.orders.about_invoices import ahead_offer
from bot.orders.about_people import client_of
from bot.orders.usecase import UseCases, must_see_books
from bot.people import Actor
from bot.plain import one_line
from bot.queries import audit as audit_queries
from bot.queries import fees as queries
from bot.queries import people as people_queries
from bot.scene import Scene
from bot.sentences import joined, sentence
from bot.store import Row

AFTER_PLAN = "per-use"


def show(scene: Scene, actor: Actor, command: PlanShow) -> Answer:
    """Plan, fee, what it includes, the next term, and the terms that decide a bill."""
    client = client_of(scene, actor, command.client)
    must_see_books(actor, client, "plan")
    plan = scene.policy.prices.plans[client.plan]
    lines = [joined("", [client.name, ": ", *_plan(scene, client)]), *_terms(scene, client, plan)]
    spans = plan_history.plans_of(scene.tx, client)
    lines += [sentence("plan until", plan=span.plan, on=span.last_on) for span in spans if span.last_on is not None]
    lines += _agreement(scene, client)
    if client.renews:
        lines.append(sentence("plan renews", tier=client.renews))
    return Answer(joined("\n", lines))


def _agreement(scene: Scene, client: Row) -> Iterator[str]:
    """Who agreed to chargeable work, when, in which words and to which text."""
    row = scene.tx.one(audit_queries.TERMS_OF_CLIENT, client_id=client.id)
    if row is None or row.agreed_at is None or not row.agreed_words:
        # What an import says is agreed to has no words of its own.
        return
    by = scene.tx.one(people_queries.CONTACT_BY_ID, contact_id=row.agreed_by_contact_id)
    yield sentence(
        "plan agreed", on=local_day(calendar_of(client, row.agreed_at), row.agreed_at),
        name=by.name if by is not None else client.name, words=one_line(row.agreed_words, 200),
        text=row.agreed_text or "-",
    )  # fmt: skip


def _terms(scene: Scene, client: Row, plan: Plan) -> Iterator[str]:
    """What a plan includes and covers, when its next term begins, and what bounds a bill."""
    if plan.included_units:
        yield sentence("plan included", count=plan.included_units)
    if plan.covers:
        covered = ", ".join(sorted(plan.covers))
        yield sentence("plan covers any" if plan.is_round_the_clock else "plan covers open", what=covered)
    due = scene.tx.one(queries.TERM, client_id=client.id)
    if due is not None and due.term_at is not None:
        yield sentence("plan next", on=local_day(calendar_of(client, due.term_at), due.term_at))
    if client.onsite_minutes and plan.covers:
        yield sentence("plan onsite", hours=f"{client.onsite_minutes / 60:g}")
    if client.minimum_units:
        yield sentence("plan minimum", count=client.minimum_units)
    if client.cap_cents_per_month is not None:
        yield sentence("plan cap", amount=format_cents(client.cap_cents_per_month, scene.policy.currency))


def start(scene: Scene, actor: Actor, command: PlanStart) -> Answer:
    """The first term begins on the day named; its fee is invoiced and its units are granted then."""
    client = people.client_by_code(scene.tx, command.client)
    from_on = command.from_on or local_day(calendar_of(client, scene.now), scene.now)
    books.start_plan(
        scene.tx, client.id, plan=command.plan, fee_cents=command.fee_cents, term_months=command.term_months,
        from_on=from_on, now=scene.now,
    )  # fmt: skip
    scene.record("plan started", client_id=client.id, actor=actor.label, reason=command.plan, from_on=from_on)
    client = people.client_by_code(scene.tx, command.client)
    return Answer(sentence("plan started", client=client.name, plan=joined("", _plan(scene, client)), on=from_on))


def end(scene: Scene, actor: Actor, command: PlanEnd) -> Answer:
    client = people.client_by_code(scene.tx, command.client)
    today = local_day(calendar_of(client, scene.now), scene.now)
    before = plan_history.plan_on(scene.tx, client, today)
    after = books.end_plan(scene.tx, client.id, plan=AFTER_PLAN, now=scene.now)
    scene.record("plan ended", client_id=client.id, actor=actor.label, reason=client.plan)
    if before != client.plan:
        begins_not = sentence("plan begins not", plan=client.plan, client=client.name)
        return Answer(joined(" ", [begins_not, _stays(before, after, today)]))
    return Answer(sentence("plan ends", plan=client.plan, client=client.name, on=today, after=AFTER_PLAN))


def _stays(before: str, after: str, today: date) -> str:
    """What the client has instead of a plan that does not begin."""
    if after == "none":
        return sentence("plan still none") if after == before else sentence("plan none from", on=today)
    return sentence("plan as before", plan=after) if after == before else sentence("plan from", plan=after, on=today)


def return_credit(scene: Scene, actor: Actor, command: ReturnCredit) -> Answer:
    """What was paid for credit that is not used waits for the next invoice, or is paid out by `refund`."""
    client = people.client_by_code(scene.tx, command.client)
    returned = books.return_credit(
        scene.tx, client.id, units=command.units, key=f"return:{scene.cause}", reason=command.reason, now=scene.now
    )
    cents = format_cents(returned.cents, scene.policy.currency)
    scene.record("credit taken back", client_id=client.id, actor=actor.label, reason=command.reason, amount=cents)
    told = sentence(
        "credit back one" if returned.units == 1 else "credit back",
        count=returned.units,
        client=client.name,
        amount=cents,
    )
    return Answer(joined(" ", [told, *ahead_offer(scene, client.id)]))


def _plan(scene: Scene, client: Row) -> list[str]:
    """The plan's name, and its fee where it has one."""
    name = sentence("plan none") if client.plan == "none" else sentence("plan name", plan=client.plan)
    cents = books.fee_of(client, scene.policy.prices.plans[client.plan])
    if not cents:
        return [name]
    amount, months = format_cents(cents, scene.policy.currency), client.term_months
    if months in (1, 12):
        return [name, ", ", sentence("plan fee month" if months == 1 else "plan fee year", amount=amount)]
    return [name, ", ", sentence("plan fee months", amount=amount, count=months)]


USE_CASES: UseCases = {PlanShow: show, PlanStart: start, PlanEnd: end, ReturnCredit: return_credit}
