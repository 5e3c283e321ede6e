"""The people import: what a file changes, what it refuses, and that a second run changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.importing import EXAMPLE, Change, compare, import_file, read_file, seed_example
from bot.importing.fields import Record
from bot.importing.present import Present
from bot.settings.reading import SHIPPED_CONFIG
from bot.store import Query, Store, Tx
from bot.zones import next_reading

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
COUNTS = Query(
    "SELECT (SELECT COUNT(*) FROM client) AS clients, (SELECT COUNT(*) FROM consultant) AS consultants,"
    " (SELECT COUNT(*) FROM contact) AS contacts, (SELECT COUNT(*) FROM handle) AS handles,"
    " (SELECT COUNT(*) FROM client_domain) AS domains, (SELECT COUNT(*) FROM credit_grant) AS grants",
    scans="a test",
)
CLIENT = Query("SELECT * FROM client WHERE code = :code")
CONSULTANT = Query("SELECT * FROM consultant WHERE member_number = :number")
CONTACTS = Query("SELECT * FROM contact ORDER BY id", scans="a test")
HANDLE = Query("SELECT * FROM handle WHERE channel = :channel AND address = :address")
EVENTS = Query("SELECT reason FROM event ORDER BY id", scans="a test")


def buy_credit(tx: Tx, *, client_id: int, tier: str, bought_on: date, note: str, now: datetime) -> None:
    tx.insert("credit_grant", client_id=client_id, tier=tier, units=96, bought_on=bought_on, note=note)


def run_import(store: Store, path: Path, *, is_applied: bool = True, now: datetime = NOW) -> list[Change]:
    return import_file(store, path, now=now, is_applied=is_applied, buy_credit=buy_credit, digest_time=time(7, 30))


def a_file(folder: Path, text: str, name: str = "desk.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path, store: Store | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        run_import(store, path) if store else compare(read_file(path), Present())
    return [str(fault) for fault in caught.value.faults]


def test_example_desk_has_two_clients_three_consultants_and_a_manager(store: Store) -> None:
    def seed() -> bool:
        return seed_example(store, SHIPPED_CONFIG, now=NOW, buy_credit=buy_credit, digest_time=time(7, 30))

    assert seed()
    counts = store.read_sync(lambda tx: tx.one(COUNTS))
    # 4 consultants and 4 contacts, each with an email address and a console name.
    assert tuple(counts) == (2, 4, 4, 16, 2, 1)
    acme = store.read_sync(lambda tx: tx.one(CLIENT, code="ACME"))
    tom = store.read_sync(lambda tx: tx.one(CONSULTANT, number="C-101"))
    assert (acme.lead_id, acme.hold_minutes, acme.is_chargeable, acme.zone) == (tom.id, 30, True, "America/New_York")
    assert tom.expertise == "networks,printers,email"
    assert not seed()  # people are there: left alone


def test_dry_run_shows_what_would_change_and_writes_nothing(store: Store) -> None:
    changes = run_import(store, SHIPPED_CONFIG / EXAMPLE, is_applied=False)
    assert "+ client ACME" in map(str, changes)
    assert "+ 12h credit of ACME, bought on 2026-11-02" in map(str, changes)
    assert store.read_sync(lambda tx: tx.one(COUNTS)).clients == 0


def test_second_import_of_the_same_file_changes_nothing(store: Store) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    assert run_import(store, SHIPPED_CONFIG / EXAMPLE) == []


def test_a_change_is_told_with_before_and_after(store: Store, tmp_path: Path) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    path = a_file(
        tmp_path,
        '[[client]]\ncode = "acme"\nname = "Acme Dental"\nhold_minutes = 60\nlead = "C-102"\nholidays = [2026-12-24]\n',
    )
    before = store.read_sync(lambda tx: tx.one(CLIENT, code="ACME"))
    (change,) = run_import(store, path)
    assert str(change) == (
        "~ client ACME: lead: C-101 → C-102; hold_minutes: 30 → 60; holidays: none → 2026-12-24"
    ) or set(change.reasons) == {"lead: C-101 → C-102", "hold_minutes: 30 → 60", "holidays: none → 2026-12-24"}
    after = store.read_sync(lambda tx: tx.one(CLIENT, code="ACME"))
    assert (after.hold_minutes, after.holidays_json) == (60, '["2026-12-24"]')
    # Charges keep the version of the calendar that made them.
    assert after.calendar_version == before.calendar_version + 1
    assert after.plan == before.plan
    assert "hold_minutes: 30 → 60" in store.read_sync(lambda tx: tx.all(EVENTS))[-1].reason


def test_keys_left_out_keep_their_value(store: Store, tmp_path: Path) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    path = a_file(tmp_path, '[[consultant]]\nmember_number = "C-101"\nname = "Tom Becker"\nstatus = "suspended"\n')
    run_import(store, path)
    tom = store.read_sync(lambda tx: tx.one(CONSULTANT, number="C-101"))
    assert (tom.status, tom.expertise, tom.pay_basis_points) == ("suspended", "networks,printers,email", 5000)


def test_a_contact_is_known_by_a_handle_and_may_be_renamed(store: Store, tmp_path: Path) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    path = a_file(
        tmp_path, "client;name;email;telegram\nACME;Anna Kim-Lee;anna@acme-dental.example;123456\n", "contacts.csv"
    )
    changes = run_import(store, path)
    assert [str(change) for change in changes] == [
        "~ contact Anna Kim-Lee of ACME: name: Anna Kim → Anna Kim-Lee",
        "+ telegram 123456 of Anna Kim-Lee",
    ]
    assert len(store.read_sync(lambda tx: tx.all(CONTACTS))) == 4
    handle = store.read_sync(lambda tx: tx.one(HANDLE, channel="telegram", address="123456"))
    assert (handle.contact_id, handle.verified_at) == (1, NOW)


def test_csv_from_a_spreadsheet_is_read(store: Store, tmp_path: Path) -> None:
    head = "\ufeffMember_Number,Name,Role,Zone,Expertise,Email"
    text = f'{head}\r\nC-9,Ada Byron,,Europe/London,"networks, email",ada@n.example\r\n'
    run_import(store, a_file(tmp_path, text, "people.CSV"))
    ada = store.read_sync(lambda tx: tx.one(CONSULTANT, number="C-9"))
    assert (ada.name, ada.role, ada.zone, ada.expertise) == (
        "Ada Byron",
        "consultant",
        "Europe/London",
        "networks,email",
    )


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        """[[client]]
code = "A"
name = "A"
hold_minutes = 10

[[client]]
code = "B"
zone = "Berlin"
colour = "red"
hours = "Mo-Fr 9-5"
holiday_region = "XX"

  [[client.contact]]
  name = "X"
  role = "boss"
  email = "nobody"
""",
    )
    found = faults(path)
    assert len(found) == 8, found
    assert found[0] == (
        "desk.toml, line 1: client.hold_minutes: 10 is out of range. A hold lasts from 30 minutes to 24 hours: "
        "write 30 to 1440"
    )
    assert found[-1].startswith("desk.toml, line 13: contact.email")
    assert any("client.name: it is missing" in one for one in found)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[client]]\ncode="A"\nname="A"\nlead="C-7"', "client.lead: nobody has the member number C-7"),
        (
            '[[client]]\ncode="A"\nname="A"\n[[client]]\ncode="a"\nname="B"',
            "client.code: it stands at desk.toml, line 1",
        ),
        ('[[contact]]\nclient="ACMO"\nname="X"', "contact.client: there is no client ACMO"),
        (
            '[[consultant]]\nmember_number="C-1"\nname="X"\n[[client]]\ncode="A"\nname="A"\nmanager="C-1"',
            "client.manager: C-1 is no manager",
        ),
        (
            '[[client]]\ncode="A"\nname="A"\n[[client.contact]]\nname="X"\nemail="x@a.example"\n'
            '[[client.contact]]\nname="Y"\nemail="X@A.example"',
            "contact.email: x@a.example belongs to x already",
        ),
        ('[[client]]\ncode="A"\nname="A"\nplan="flt"', "client.plan: 'flt' is not known. Did you mean flat?"),
        ('[[cliant]]\ncode="A"', "cliant: it is no kind of record. Did you mean [[client]]?"),
        ("", "it holds no record"),
        ("[[client]", "it is not TOML"),
        ('client = "A"', "it is no kind of record"),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(a_file(tmp_path, text))
    assert any(fault in one for one in found), found


def test_a_fault_anywhere_leaves_everything_as_it_was(store: Store, tmp_path: Path) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    path = a_file(
        tmp_path,
        '[[client]]\ncode="NEW"\nname="New"\n[[client.contact]]\nname="Spy"\nemail="anna@acme-dental.example"\n',
    )
    assert "belongs to Anna Kim already" in faults(path, store)[0]
    assert store.read_sync(lambda tx: tx.one(CLIENT, code="NEW")) is None


def test_a_plan_that_is_consent_makes_work_chargeable(store: Store, tmp_path: Path) -> None:
    run_import(store, a_file(tmp_path, "code,name,plan\nA,A,managed\nB,B,subscription\nC,C,\n", "clients.csv"))
    rows = [store.read_sync(lambda tx, code=code: tx.one(CLIENT, code=code)) for code in "ABC"]
    assert [row.is_chargeable for row in rows] == [True, False, False]


def test_a_strangers_handle_becomes_the_contacts(store: Store, tmp_path: Path) -> None:
    store.run_sync(lambda tx: tx.insert("handle", channel="email", address="x@a.example", created_at=NOW))
    run_import(
        store, a_file(tmp_path, '[[client]]\ncode="A"\nname="A"\n[[client.contact]]\nname="X"\nemail="x@a.example"')
    )
    assert store.read_sync(lambda tx: tx.one(HANDLE, channel="email", address="x@a.example")).contact_id == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-20T11:00+00:00", "2026-11-20T12:30+00:00"),  # 06:00 in New York → 07:30 the same day
        ("2026-11-20T12:30+00:00", "2026-11-21T12:30+00:00"),  # 07:30 has come → tomorrow
        ("2026-10-31T20:00+00:00", "2026-11-01T12:30+00:00"),  # the clocks go back that night
    ],
)
def test_a_managers_first_digest_is_due_at_the_next_morning_of_their_zone(now: str, due: str) -> None:
    found = next_reading("America/New_York", time(7, 30), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(due)


def test_new_manager_has_a_digest_due_and_others_have_none(store: Store) -> None:
    run_import(store, SHIPPED_CONFIG / EXAMPLE)
    numbers = ("M-1", "C-103", "C-101")
    rows = [store.read_sync(lambda tx, number=number: tx.one(CONSULTANT, number=number)) for number in numbers]
    assert [row.digest_at for row in rows] == [datetime(2026, 11, 21, 12, 30, tzinfo=UTC), None, None]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_never_fails(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("x.toml", "x.csv"):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        try:
            assert all(isinstance(record, Record) for record in read_file(path))
        except ConfigError as error:
            assert error.faults


def test_faults_of_reading_and_of_comparing_are_told_together(store: Store, tmp_path: Path) -> None:
    text = """
[[consultant]]
member_number = "C-1"
name = "Kim"
zone = "Europe/Nowhere"
[[consultant]]
member_number = "C-1"
name = "Kim again"
[[client]]
code = "ACME"
name = "Acme"
lead = "C-77"
"""
    told = faults(a_file(tmp_path, text), store)
    assert [part for part in ("Nowhere", "stands at", "C-77") if any(part in fault for fault in told)] == [
        "Nowhere",
        "stands at",
        "C-77",
    ]
