"""The urgent off-hours contact: told, chosen, answered, billed once, or not at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot import books
from bot.books import BilledContact
from bot.books.looking import balance
from bot.calendars import calendar_of
from bot.errors import UserError
from bot.hours import closed_period
from bot.queries import money as queries
from bot.queries import people as people_queries
from bot.store import Query, Store, Tx
from bot.triage.priority import Priority
from tests.doubles.books import a_client, a_delivery, a_grant, a_ticket, log, ny, some_work

AT = ny("2026-11-18T23:10")
OPENING = ny("2026-11-19T09:00")
AGREE = Query("UPDATE client SET is_chargeable = TRUE WHERE id = :id")


class Night:
    """One urgent message at 23:10, as the doors would see it through."""

    def __init__(self, tx: Tx, at: datetime = AT, client: int | None = None, **columns: Any) -> None:
        self.tx = tx
        self.client = client or a_client(tx, **columns)
        self.ticket = a_ticket(tx, self.client, priority="P1")
        self.noted = self.note(at)

    def note(self, at: datetime) -> books.NotedContact | None:
        client = self.tx.one(people_queries.CLIENT_BY_ID, client_id=self.client)
        period = closed_period(calendar_of(client, at), at)
        return books.note_contact(self.tx, self.ticket, self.client, inbound_id=None, period=period, now=at)

    def told(self, at: datetime = AT, key: str = "notice") -> Night:
        assert self.noted is not None
        delivery = a_delivery(self.tx, self.ticket, key)
        books.contact_told(self.tx, delivery, now=at, grace_minutes=10)
        return self

    def answered(self, at: datetime) -> Night:
        books.answer_contact(self.tx, self.ticket, now=at)
        return self

    def row(self) -> Any:
        assert self.noted is not None
        return self.tx.one(queries.CONTACT, contact_id=self.noted.id)

    def tick(self, at: datetime) -> BilledContact | None:
        """What the scheduler does at that instant."""
        row = self.row()
        return books.settle_contact(self.tx, row, now=at) if row.charge_at and row.charge_at <= at else None


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_told_and_claimed_it_is_billed_when_the_grace_time_is_over(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told(AT + minutes(1)).answered(AT + minutes(5))
        assert night.noted is not None and (night.noted.cents_per_quarter, night.noted.needs_yes) == (5000, False)
        assert night.tick(AT + minutes(10)) is None  # a minute too early
        billed = night.tick(AT + minutes(11))
        assert billed is not None and (billed.units, billed.due_cents, billed.due) == (5, 5000, "$50.00")
        assert night.tick(AT + minutes(12)) is None  # once
        assert night.row().outcome == "billed"
        kept = books.evidence(tx, billed.charge_id)
        assert kept["notified_at"] == (AT + minutes(1)).isoformat()
        assert kept["answered_at"] == (AT + minutes(5)).isoformat()
        assert (kept["zone"], kept["calendar_version"]) == ("America/New_York", 1)
        assert books.audit(tx, night.client) == []

    store.run_sync(unit)


def test_claimed_after_the_grace_time_it_is_billed_at_once(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told()
        assert night.tick(AT + minutes(10)) is None
        assert night.row().charge_at == OPENING  # nobody answered yet: looked at again then, or when somebody does
        night.answered(AT + minutes(90))
        assert night.tick(AT + minutes(90)) is not None

    store.run_sync(unit)


def test_told_and_claimed_shortly_before_the_opening_it_is_billed_after_it(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told(OPENING - minutes(4)).answered(OPENING - minutes(2))
        assert night.tick(OPENING) is None
        assert night.tick(OPENING + minutes(6)) is not None

    store.run_sync(unit)


def test_nobody_answers_before_the_opening_nothing_is_billed(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told()
        night.tick(AT + minutes(10))
        night.answered(OPENING)  # the desk is open again: too late for the contact
        assert night.tick(OPENING) is None
        assert (night.row().outcome, night.row().charge_at) == ("unanswered", None)
        assert balance(tx, night.client).owed_cents == 0

    store.run_sync(unit)


def test_no_notice_delivered_nothing_is_billed(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).answered(AT + minutes(1))
        assert night.tick(AT + minutes(60)) is None
        assert night.tick(OPENING) is None
        assert night.row().outcome == "not-told"

    store.run_sync(unit)


def test_a_notice_that_arrives_after_the_opening_tells_nobody_in_time(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).answered(AT + minutes(1)).told(OPENING)
        assert night.tick(OPENING) is None
        assert night.row().outcome == "not-told"

    store.run_sync(unit)


def test_the_notice_may_have_moved_to_another_channel(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx)
        assert night.noted is not None
        books.contact_told(tx, a_delivery(tx, night.ticket, "dead+next"), now=AT + minutes(3))
        assert night.row().notified_at == AT + minutes(3)

    store.run_sync(unit)


def test_chosen_later_within_the_grace_time_it_is_an_ordinary_ticket(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told()
        text = books.choose_contact(tx, night.ticket, is_now=False, is_approver=False, now=AT + minutes(10))
        assert "costs nothing" in text
        night.answered(AT + minutes(20))
        assert night.tick(OPENING) is None
        assert night.row().outcome == "later"
        assert night.note(AT + minutes(30)) is None  # once a closed period, also when it was put off

    store.run_sync(unit)


def test_chosen_later_when_the_grace_time_is_over_is_refused(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told()
        with pytest.raises(UserError, match="10 minutes for that choice are over"):
            books.choose_contact(tx, night.ticket, is_now=False, is_approver=False, now=AT + minutes(11))

    store.run_sync(unit)


def test_there_must_be_something_to_choose(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told().answered(AT)
        night.tick(AT + minutes(10))
        with pytest.raises(UserError, match="waits for that choice"):
            books.choose_contact(tx, night.ticket, is_now=False, is_approver=True, now=AT + minutes(12))

    store.run_sync(unit)


def test_once_a_ticket_and_closed_period(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx)
        assert night.note(AT + minutes(30)) is None
        assert night.note(ny("2026-11-19T06:00")) is None  # the same night
        assert night.note(ny("2026-11-19T18:00")) is not None  # the next
        assert Night(tx, client=night.client).noted is not None  # another ticket

    store.run_sync(unit)


def test_a_weekend_is_one_closed_period(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx, at=ny("2026-11-20T18:00"))
        assert night.note(ny("2026-11-22T23:00")) is None
        assert night.row().period_end_at == ny("2026-11-23T09:00")

    store.run_sync(unit)


def test_it_is_the_first_p1_quarter_of_that_days_work(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx, at=ny("2026-11-18T22:00")).told(ny("2026-11-18T22:00")).answered(ny("2026-11-18T22:05"))
        assert night.tick(ny("2026-11-18T22:10")) is not None
        work = some_work("2026-11-18T22:10", 40, priority=Priority.P1, was_asked=True)
        logged = log(tx, night.ticket, work, key="a")
        assert (logged.units, dict(logged.day_quarters)) == (10, {Priority.P1: 3})
        assert balance(tx, night.client).owed_cents == 15_000

    store.run_sync(unit)


def test_it_is_drawn_from_credit_where_there_is_any(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        a_grant(tx, client, units=3, price_cents=2250)
        night = Night(tx, client=client).told().answered(AT)
        billed = night.tick(AT + minutes(10))
        assert billed is not None
        assert billed.due == "3 units from the 12-hour credit ($22.50) + 2 units per use ($20.00)"

    store.run_sync(unit)


def test_a_round_the_clock_plan_covers_it(store: Store) -> None:
    def unit(tx: Tx) -> None:
        assert Night(tx, plan="flat-24h").noted is None
        assert Night(tx, code="OTHER", plan="flat").noted is not None

    store.run_sync(unit)


# ---------------------------------------------------------------- consent


def test_without_plan_or_agreement_a_contacts_now_does_not_bill(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx, plan="subscription").told()
        assert night.noted is not None and night.noted.needs_yes
        text = books.choose_contact(tx, night.ticket, is_now=True, is_approver=False, now=AT + minutes(1))
        assert "approver" in text and f"accept {night.ticket}" in text
        night.answered(AT + minutes(5))
        assert night.tick(AT + minutes(10)) is None
        assert night.row().outcome == "needs-yes"
        assert night.tick(OPENING) is None
        # The approver's yes next morning is the agreement; the tick then bills it.
        tx.run(AGREE, id=night.client)
        books.accept_contact(tx, night.ticket, now=OPENING + minutes(30))
        assert night.tick(OPENING + minutes(30)) is not None

    store.run_sync(unit)


def test_an_approvers_now_is_the_yes(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx, plan="none").told()
        books.choose_contact(tx, night.ticket, is_now=True, is_approver=True, now=AT + minutes(1))
        night.answered(AT + minutes(5))
        assert night.tick(AT + minutes(10)) is not None

    store.run_sync(unit)


def test_a_yes_to_nothing_changes_nothing(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx).told().answered(AT)
        night.tick(AT + minutes(10))
        books.accept_contact(tx, night.ticket, now=AT + minutes(20))
        assert night.tick(AT + minutes(20)) is None
        assert balance(tx, night.client).owed_cents == 5000

    store.run_sync(unit)


# ---------------------------------------------------------------- waiving


def test_a_manager_waives_it_before_or_after_it_is_billed(store: Store) -> None:
    def unit(tx: Tx) -> None:
        billed = Night(tx).told().answered(AT)
        billed.tick(AT + minutes(10))
        waived = books.waive_contacts(tx, billed.ticket, reason="goodwill", now=AT + minutes(20))
        assert [(item.units, item.due_cents) for item in waived] == [(5, 5000)]
        assert balance(tx, billed.client).owed_cents == 0
        still_open = Night(tx, client=billed.client).told(key="second").answered(AT)
        assert books.waive_contacts(tx, still_open.ticket, reason="goodwill", now=AT + minutes(2)) == []
        assert still_open.tick(AT + minutes(10)) is None
        with pytest.raises(UserError, match="no off-hours contact"):
            books.waive_contacts(tx, still_open.ticket, reason="again", now=AT + minutes(3))
        assert books.audit(tx, billed.client) == []

    store.run_sync(unit)


def test_a_desk_that_never_opens_bills_a_ticket_once(store: Store) -> None:
    def unit(tx: Tx) -> None:
        night = Night(tx, hours="").told().answered(AT)
        assert night.tick(AT + minutes(10)) is not None
        assert night.note(AT + timedelta(days=30)) is None

    store.run_sync(unit)


def test_the_contact_belongs_to_the_date_on_which_it_came(store: Store) -> None:
    def unit(tx: Tx) -> None:
        at = ny("2026-11-18T23:55")
        night = Night(tx, at=at).told(at).answered(at)
        billed = night.tick(at + minutes(10))
        assert billed is not None
        charge = tx.one(queries.CHARGE, charge_id=billed.charge_id)
        assert charge is not None and charge.work_on == date(2026, 11, 18)

    store.run_sync(unit)
