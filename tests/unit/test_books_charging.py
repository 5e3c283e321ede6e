"""Work is logged and billed in the books: on both databases, once, with evidence, and reversibly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import books
from bot.books.days import day_of
from bot.books.entries import Cause, post
from bot.books.looking import balance, balance_line
from bot.errors import LedgerError, NotFound, UserError
from bot.ledger import units
from bot.ledger.days import Rounding
from bot.ledger.kinds import Kind
from bot.ledger.postings import Parcel, charge_draft
from bot.ledger.rates import STANDARD
from bot.ledger.wording import Source
from bot.queries import money as queries
from bot.store import Query, Store, Tx
from bot.triage.priority import Priority
from tests.doubles.books import a_client, a_grant, a_ticket, log, ny, prepaid_cents, some_work

SPOIL_POSTING = Query("UPDATE posting SET amount = amount + 1 WHERE id = 1")
SPOIL_EVIDENCE = Query("UPDATE entry SET evidence_json = '{}' WHERE id = 1")


def test_travel_from_a_12_hour_credit_in_one_line(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        a_grant(tx, client, units=42)
        logged = log(tx, ticket, some_work("2026-11-18T10:00", 50, kind=Kind.TRAVEL), key="a")
        assert logged.line == (
            "50 min → 4 quarters at P2 (travel) = 16 units from the 12-hour credit ($120.00); 3.25 h left at P4"
        )
        assert (logged.units, logged.due_cents, logged.left_units) == (16, 0, 26)
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_credit_that_runs_out_inside_a_quarter_asks_the_client(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        a_grant(tx, client, units=7)
        logged = log(tx, ticket, some_work("2026-11-18T10:00", 30, priority=Priority.P1), key="a")
        assert logged.sources == (Source("12h", 7, 5250), Source("per-use", 3, 3000))
        assert (logged.left_units, logged.is_credit_out, logged.is_past_limit) == (0, True, False)
        more = log(tx, ticket, some_work("2026-11-18T11:00", 90), key="b")
        # 30 min P1 and 90 min P4 of that day: 6 quarters at P4 more, 12 units, over 4 quarters of 2 units.
        assert (more.units, more.due_cents, more.is_past_limit) == (12, 12_000, True)
        standing = balance(tx, client)
        # The grant itself (7 units at $7.50) is owed as well.
        assert (standing.left_units, standing.owed_cents, prepaid_cents(tx, client)) == (0, 3000 + 12_000 + 5250, 0)
        assert balance_line(tx, client, now=ny("2026-11-18T12:00")) == "0 h at P4 left; $202.50 due"
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_logs_of_one_day_post_the_difference_to_what_it_had(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        first, second = a_ticket(tx, client), a_ticket(tx, client)
        billed = [
            log(tx, first, some_work(f"2026-11-18T{hour}:00", 3), key=str(hour)).units for hour in (10, 11, 12, 13, 14)
        ]
        assert billed == [2, 0, 0, 0, 0]
        assert log(tx, second, some_work("2026-11-18T15:00", 3), key="other").units == 2
        assert log(tx, first, some_work("2026-11-19T10:00", 3), key="next day").units == 2

    store.run_sync(unit)


def test_per_item_rounding_is_the_clients_option(store: Store) -> None:
    def unit(tx: Tx) -> None:
        ticket = a_ticket(tx, a_client(tx, rounding="item"))
        assert [log(tx, ticket, some_work(f"2026-11-18T{hour}:00", 3), key=str(hour)).units for hour in (10, 11)] == [
            2,
            2,
        ]

    store.run_sync(unit)


def test_the_same_log_is_billed_once(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        log(tx, ticket, some_work("2026-11-18T10:00", 15), key="inbound:55")
        with pytest.raises(UserError, match="logged before"):
            log(tx, ticket, some_work("2026-11-18T10:00", 15), key="inbound:55")
        assert balance(tx, client).owed_cents == 2000

    store.run_sync(unit)


@pytest.mark.parametrize(("plan", "is_chargeable"), [("none", True), ("subscription", True), ("managed", False)])
def test_a_plan_or_an_agreement_makes_work_chargeable(store: Store, plan: str, is_chargeable: bool) -> None:
    def unit(tx: Tx) -> None:
        ticket = a_ticket(tx, a_client(tx, plan=plan, is_chargeable=is_chargeable))
        assert log(tx, ticket, some_work("2026-11-18T10:00", 15), key="a").units == 2

    store.run_sync(unit)


@pytest.mark.parametrize("plan", ["none", "subscription"])
def test_without_plan_or_agreement_work_is_kept_and_billing_waits(store: Store, plan: str) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx, plan=plan)
        ticket = a_ticket(tx, client)
        logged = log(tx, ticket, some_work("2026-11-18T10:00", 50), key="a")
        assert (logged.charge_id, logged.units, logged.waits_for) == (None, 0, "agreement")
        assert logged.line == (
            "50 min kept, not billed yet: Acme Ltd has neither a plan nor agreed to chargeable work."
            f" An approver's `accept {ticket}` bills it."
        )
        assert balance(tx, client).owed_cents == 0
        # Nothing changes until somebody says yes.
        assert books.bill_waiting(tx, client_id=client, ticket_id=ticket, now=ny("2026-11-18T12:00")) == []
        tx.run(Query("UPDATE client SET is_chargeable = TRUE WHERE id = :id"), id=client)
        books.keep_terms(tx, client, now=ny("2026-11-18T12:00"))
        billed = books.bill_waiting(tx, client_id=client, ticket_id=ticket, now=ny("2026-11-18T12:00"))
        assert [item.units for item in billed] == [8]
        assert books.bill_waiting(tx, client_id=client, ticket_id=None, now=ny("2026-11-18T12:00")) == []
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_a_ticket_of_an_unconfirmed_sender_waits_for_an_approver(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client, is_billing_on_hold=True)
        assert log(tx, ticket, some_work("2026-11-18T10:00", 15), key="a").waits_for == "approver"
        free = log(tx, ticket, some_work("2026-11-18T11:00", 15, is_billable=False), key="b")
        assert (free.waits_for, free.line) == ("", "15 min kept, not billable")
        assert books.bill_waiting(tx, client_id=client, ticket_id=None, now=ny("2026-11-18T12:00")) == []
        tx.run(Query("UPDATE ticket SET is_billing_on_hold = FALSE WHERE id = :id"), id=ticket)
        billed = books.bill_waiting(tx, client_id=client, ticket_id=None, now=ny("2026-11-18T12:00"))
        assert [item.units for item in billed] == [2]

    store.run_sync(unit)


def test_covered_and_free_work_is_kept_with_evidence_and_moves_nothing(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx, plan="flat")
        ticket = a_ticket(tx, client)
        covered = log(tx, ticket, some_work("2026-11-18T10:00", 90), key="a")
        assert (covered.line, covered.units) == ("90 min → covered by the flat plan", 0)
        assert covered.charge_id is not None
        pieces = books.evidence(tx, covered.charge_id)["pieces"]
        assert isinstance(pieces, list) and pieces[0]["is_covered"] is True
        assert balance(tx, client) == books.Balance(client, None, (), 0)
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_work_that_cannot_be_is_refused(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        with pytest.raises(NotFound, match="no ticket 99"):
            log(tx, 99, some_work("2026-11-18T10:00", 15), key="a")
        with pytest.raises(UserError, match="no client"):
            log(tx, a_ticket(tx, None), some_work("2026-11-18T10:00", 15), key="a")
        with pytest.raises(UserError, match="future"):
            log(tx, a_ticket(tx, client), some_work("2026-11-18T10:00", 15), key="a", now=ny("2026-11-18T10:14"))

    store.run_sync(unit)


def test_the_cap_of_a_month_is_noticed(store: Store) -> None:
    def unit(tx: Tx) -> None:
        ticket = a_ticket(tx, a_client(tx, cap_cents_per_month=10_000))
        over = [
            log(tx, ticket, some_work(f"2026-11-{day}T10:00", 60), key=str(day)).is_over_cap for day in (17, 18, 19)
        ]
        assert over == [False, True, True]  # $80, $160, $240
        assert not log(tx, ticket, some_work("2026-12-01T10:00", 60), key="december").is_over_cap

    store.run_sync(unit)


# ---------------------------------------------------------------- taking back


def test_a_reversed_item_leaves_the_rest_of_its_day_billed_as_it_then_is(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        a_grant(tx, client, units=2)
        first = log(tx, ticket, some_work("2026-11-18T10:00", 3), key="a")
        log(tx, ticket, some_work("2026-11-18T11:00", 3), key="b")
        assert first.charge_id is not None
        books.reverse(tx, first.charge_id, reason="wrong ticket", now=ny("2026-11-18T12:00"))
        # The second 3 minutes still make one quarter: a correction bills it, from the credit that came back.
        assert balance(tx, client).left_units == 0
        assert books.audit(tx, client) == []
        assert log(tx, ticket, some_work("2026-11-18T13:00", 12), key="c").units == 0  # 15 minutes in all
        with pytest.raises(UserError, match="taken back already"):
            books.reverse(tx, first.charge_id, reason="again", now=ny("2026-11-18T12:00"))
        with pytest.raises(UserError, match="taken back already"):
            books.waive(tx, first.charge_id, reason="again", now=ny("2026-11-18T12:00"))

    store.run_sync(unit)


def test_a_waived_charge_goes_back_and_is_not_billed_by_the_next_log(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        grant = a_grant(tx, client, units=7)
        logged = log(tx, ticket, some_work("2026-11-18T10:00", 30, priority=Priority.P1), key="a")
        assert logged.charge_id is not None
        owed_before = balance(tx, client).owed_cents
        waived = books.waive(tx, logged.charge_id, reason="goodwill", now=ny("2026-11-18T12:00"))
        assert (waived.units, waived.due_cents) == (10, 3000)
        standing = balance(tx, client)
        assert (standing.left_units, standing.owed_cents) == (7, owed_before - 3000)
        assert standing.grants[0].id == grant
        assert log(tx, ticket, some_work("2026-11-18T13:00", 15), key="b").units == 2
        with pytest.raises(UserError, match="waived already"):
            books.waive(tx, logged.charge_id, reason="again", now=ny("2026-11-18T12:00"))
        assert books.audit(tx, client) == []

    store.run_sync(unit)


def test_an_unknown_charge_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="no charge 812"):
        store.run_sync(lambda tx: books.waive(tx, 812, reason="", now=ny("2026-11-18T12:00")))


# ---------------------------------------------------------------- proof


@pytest.mark.parametrize(("spoil", "found"), [(SPOIL_POSTING, "sums to 1"), (SPOIL_EVIDENCE, "hash differs")])
def test_one_cent_changed_in_the_database_is_found(store: Store, spoil: Query, found: str) -> None:
    def unit(tx: Tx) -> list[str]:
        client = a_client(tx)
        log(tx, a_ticket(tx, client), some_work("2026-11-18T10:00", 30), key="a")
        log(tx, a_ticket(tx, client), some_work("2026-11-18T10:00", 30), key="b")
        assert books.audit(tx, client) == []
        tx.run(spoil)
        return books.audit(tx, client)

    assert found in store.run_sync(unit)[0]


def test_a_statement_foots(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        a_grant(tx, client, "12h", units=20, now=ny("2026-11-02T10:00"))
        a_grant(tx, client, "included", units=24, now=ny("2026-10-02T10:00"), lapses_on=date(2026, 12, 1))
        log(tx, ticket, some_work("2026-11-18T10:00", 60), key="a")
        waived = log(tx, ticket, some_work("2026-11-19T10:00", 300, priority=Priority.P1), key="b")
        assert waived.charge_id is not None
        books.record_payment(
            tx, client_id=client, cents=5000, purpose="per-use", reference="R1",
            received_on=date(2026, 11, 20), now=ny("2026-11-20T10:00"),
        )  # fmt: skip
        books.waive(tx, waived.charge_id, reason="goodwill", now=ny("2026-11-21T10:00"))
        stated = books.statement(tx, client, first_on=date(2026, 11, 1), last_on=date(2026, 11, 30))
        # 24 before; bought 20; used 8 and 36; 36 given back.
        assert (stated.credit_units.opening, stated.credit_units.closing) == (24, 36)
        assert dict(stated.credit_units.lines) == {"bought": 20, "used": -44, "adjusted": 36}
        assert stated.credit_units.used_by_ticket == {ticket: -44}
        # 20 units bought at $7.50; 100 − 36 units per use; the same waived; $50 paid.
        assert dict(stated.owed_cents.lines) == {"bought": 15_000, "used": 64_000, "adjusted": -64_000, "paid": -5000}
        assert stated.owed_cents.closing == 10_000

    store.run_sync(unit)


def test_what_a_ticket_cost_in_all(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        a_grant(tx, client, units=18)
        assert books.cost_of(tx, ticket) == ""
        log(tx, ticket, some_work("2026-11-18T09:00", 15, is_billable=False), key="free")
        assert books.cost_of(tx, ticket) == "nothing to pay"
        log(tx, ticket, some_work("2026-11-18T10:00", 60), key="a")
        waived = log(tx, ticket, some_work("2026-11-19T10:00", 15), key="b")
        log(tx, ticket, some_work("2026-11-20T10:00", 75), key="c")
        assert waived.charge_id is not None
        books.waive(tx, waived.charge_id, reason="x", now=ny("2026-11-20T12:00"))
        # 8 + 8 of the credit, which held 8 when 10 were wanted; the waived 2 went back to it afterwards.
        cost = books.cost_of(tx, ticket)
        assert cost == "16 units from the 12-hour credit ($120.00) + 2 units per use ($20.00)"

    store.run_sync(unit)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "log", "log", "reverse", "waive", "grant", "lapse"]),
        st.integers(0, 5),
        st.integers(1, 120),
        st.sampled_from(list(Priority)),
    ),
    max_size=12,
)


@given(STEPS)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_books_stay_sound_whatever_happens(store: Store, steps: list[tuple[str, int, int, Priority]]) -> None:
    class Undo(Exception):
        """Every example begins with empty books."""

    def unit(tx: Tx) -> None:
        client = a_client(tx)
        ticket = a_ticket(tx, client)
        now, charges = ny("2026-11-18T20:00"), []
        for number, (step, index, minutes, priority) in enumerate(steps):
            now += timedelta(hours=1)
            if step == "log":
                work = some_work(f"2026-11-1{5 + index % 4}T1{index}:00", minutes, priority=priority, was_asked=True)
                logged = log(tx, ticket, work, key=str(number), now=now)
                charges.append(logged.charge_id)
            elif step == "grant":
                lapses_on = date(2026, 11, 16 + index) if index else None
                books.grant(
                    tx, client_id=client, tier="12h", units=minutes, key=f"g{number}", now=now,
                    bought_on=date(2026, 11, 14), lapses_on=lapses_on,
                )  # fmt: skip
            elif step == "lapse":
                for row in tx.all(queries.GRANTS, client_id=client):
                    books.lapse(tx, tx_row(row, client), now=now + timedelta(days=index))
            elif charges:
                undo = books.reverse if step == "reverse" else books.waive
                try:
                    undo(tx, charges[index % len(charges)], reason="x", now=now)
                except UserError:
                    continue
        assert books.audit(tx, client) == []
        accounts = {(row.name, row.commodity): row.balance for row in tx.all(queries.ACCOUNTS, client_id=client)}
        held = sum(row.balance_units for row in tx.all(queries.GRANTS, client_id=client))
        # granted = drawn + lapsed + held; and of each commodity everything sums to zero.
        assert accounts.get(("credit", "units"), 0) == held
        for commodity in ("units", "cents"):
            assert sum(amount for (_, kind), amount in accounts.items() if kind == commodity) == 0
        day_units(tx, ticket)
        raise Undo

    with pytest.raises(Undo):
        store.run_sync(unit)


def tx_row(row: Any, client: int) -> Any:
    """A due row as the tick hands it over."""
    return type("Due", (), {"id": row.id, "client_id": client})()


def day_units(tx: Tx, ticket: int) -> None:
    """Each day's charges come to what its table says."""
    for day in range(14, 19):
        so_far = day_of(tx, ticket, date(2026, 11, day))
        assert so_far.posted_units == units.units(so_far.table(Rounding.DAY), STANDARD)


def test_a_grant_never_falls_below_zero(store: Store) -> None:
    def unit(tx: Tx) -> None:
        client = a_client(tx)
        grant = a_grant(tx, client, units=5)
        cause = Cause("too much", client, ny("2026-11-18T10:00"))
        post(tx, charge_draft([Parcel(grant, 6, 0)], per_use_units=0, due_cents=0), cause)

    with pytest.raises(LedgerError, match="less than 6 units"):
        store.run_sync(unit)
