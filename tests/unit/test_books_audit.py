"""One cent, one minute, one word changed in the database is found, and named."""

from __future__ import annotations

from datetime import date

import pytest

from bot import books
from bot.ledger import proof
from bot.queries import audit as audit_queries
from bot.queries import money
from bot.store import Query, Row, Store, Tx
from tests.doubles.books import busy_books, ny

# What is changed behind the desk's back → what the audit says first.
SPOILS = {
    "UPDATE posting SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM posting)": "sums to 1",
    "UPDATE posting SET amount = amount + amount": "hash differs",
    "UPDATE account SET balance = balance - 1 WHERE name = 'revenue'": "account revenue keeps",
    "UPDATE credit_grant SET balance_units = balance_units + 1": "grant 1 keeps",
    "UPDATE credit_grant SET price_cents = price_cents + 1": "grant 1: price_cents is",
    "UPDATE charge SET due_cents = due_cents + 1 WHERE id = 3": "charge 3 (entry 7): due_cents is",
    "UPDATE charge SET units = units + 1 WHERE id = 3": "charge 3 (entry 7): units is",
    "UPDATE charge SET draws_json = '[]' WHERE id = 1": "charge 1 (entry 5): draws is",
    "UPDATE work_item SET minutes = minutes + 1 WHERE id = 3": "work item 3: minutes is",
    "UPDATE work_item SET kind = 'bench' WHERE id = 3": "work item 3: kind is bench, remote was posted",
    "UPDATE work_item SET was_asked = NOT was_asked WHERE id = 1": "work item 1: was_asked is",
    "UPDATE payment SET cents = cents + 1 WHERE id = 1": "payment 1: cents is 7141, 7140 was posted",
    "UPDATE commission SET cents = cents + 1": "commission 1: cents is 601, 600 was posted",
    "UPDATE invoice SET net_cents = net_cents + 1": "net_cents is",
    "UPDATE charge SET waived_units = waived_units + 1 WHERE id = 3": "charge 3 (entry 7): waived_units is",
    "UPDATE payment SET service_to_on = '2027-01-01' WHERE id = 1": "payment 1: service_to_on is 2027-01-01",
    "UPDATE credit_grant SET lapses_on = '2030-01-01'": "grant 1: lapses_on is 2030-01-01",
    "UPDATE invoice SET due_on = '2030-01-01'": "due_on is 2030-01-01",
    "UPDATE invoice SET paid_cents = paid_cents + 1": "paid_cents is",
    "UPDATE invoice SET content_json = REPLACE(content_json, '2026-11-23', '2026-11-22')": "content is",
    "UPDATE settlement SET cents = cents - 1": "was not posted",
    "UPDATE pay SET cents = cents + 1": "pay 1: cents is",
    "UPDATE pay SET consultant_id = 1": "pay 1: consultant_id is",
    "UPDATE fee SET earned_cents = earned_cents + 1": "fee 1: earned_cents is",
    "UPDATE entry SET reason = 'other' WHERE kind = 'waive'": "gives a reason",
    "UPDATE entry SET evidence_json = '{}' WHERE id = 3": "hash differs",
    "UPDATE entry SET work_on = '2026-11-17' WHERE id = 3": "hash differs",
}


@pytest.mark.parametrize(("spoil", "found"), SPOILS.items(), ids=list(SPOILS.values()))
def test_what_was_changed_in_the_database_is_named(store: Store, spoil: str, found: str) -> None:
    def unit(tx: Tx) -> list[str]:
        clients = busy_books(tx)
        assert [books.audit(tx, client) for client in clients] == [[], []]
        tx.run(Query(spoil, scans="a test"))
        return [fault for client in clients for fault in books.audit(tx, client)]

    assert found in store.run_sync(unit)[0]


def test_a_charge_whose_chain_was_written_anew_still_has_to_follow_from_its_evidence(store: Store) -> None:
    def unit(tx: Tx) -> None:
        clients = busy_books(tx)
        checked = 0
        for client in clients:
            for row in tx.all(audit_queries.CHARGES_OF_CLIENT, client_id=client):
                kept = books.evidence(tx, row.id)
                assert proof.difference(kept) == ""
                # Other opening hours make another bill, where closed time was asked for.
                other = {**kept, "weekly": [[[0, 1440]] for _ in range(7)]}
                changes = bool(kept.get("was_asked"))
                assert bool(proof.difference(other)) == (changes or proof.difference(other).startswith("pieces"))
                assert proof.difference({**kept, "units": row.units + 1}).startswith("units is")
                checked += 1
        assert checked == 10

    store.run_sync(unit)


def test_the_root_changes_with_every_entry(store: Store) -> None:
    def unit(tx: Tx) -> None:
        assert books.root(tx).clients == 0
        clients = busy_books(tx)
        before = books.root(tx)
        assert (before.clients, before.entries) == (2, sum(len(_entries(tx, client)) for client in clients))
        books.grant(tx, client_id=clients[1], tier="12h", key="x", now=_entries(tx, clients[1])[-1].posted_at)
        assert books.root(tx).hash != before.hash

    store.run_sync(unit)


def _entries(tx: Tx, client: int) -> list[Row]:
    return tx.all(money.ENTRIES_OF_CLIENT, client_id=client)


def test_books_that_were_written_anew_as_a_whole_differ_from_the_root_of_the_night(store: Store) -> None:
    def unit(tx: Tx) -> None:
        acme = busy_books(tx)[0]
        assert books.keep_root(tx, on=date(2026, 11, 24), now=ny("2026-11-24T00:05"))
        assert not books.keep_root(tx, on=date(2026, 11, 24), now=ny("2026-11-24T00:06"))
        assert books.root_faults(tx) == []
        assert books.trial_faults(tx) == []
        last = tx.one(money.LAST_ENTRY, client_id=acme)
        assert last is not None
        tx.run(Query("UPDATE entry SET hash = 'anew' WHERE hash = :hash", scans="a test"), hash=last.hash)
        assert books.root_faults(tx) == [
            f"entry {last.number} of client {acme} was {last.hash} on 2026-11-24, and is anew now"
        ]
        tx.run(Query("UPDATE chain_root SET hash = 'other'", scans="a test"))
        assert books.root_faults(tx)[0].startswith("the root of 2026-11-24 is other")
        tx.run(Query("UPDATE posting SET amount = amount + 1 WHERE id = 1", scans="a test"))
        assert "not 0" in books.trial_faults(tx)[0]

    store.run_sync(unit)
