"""Books that outsiders can check: hledger and beancount load them, and their balances are the desk's own."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.exporting import FORMATS, export, kept_balances
from bot.ledger.chart import CHART, client_names
from bot.ledger.postings import Account, Commodity
from bot.store import Query, Store
from tests import postgres
from tests.doubles.books import busy_books

ACCOUNTS = Path(__file__).parents[2] / "docs" / "accounts.md"
# Beancount's own balances, account by account, as JSON; errors of its loader first.
BEANCOUNT = """
import json, sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
found = [[real.account, position.units.currency, str(position.units.number)]
         for real in realization.iter_children(realization.realize(entries)) for position in real.balance]
print(json.dumps([[str(error.message) for error in errors], found]))
"""


@pytest.fixture(scope="session")
def beancount(run_folder: Path) -> str:
    """A folder that holds beancount, kept beside the environment: the desk itself does not need it."""
    folder = Path(sys.prefix) / "beancount"
    with postgres.locked(run_folder / "beancount.lock"):
        if not (folder / "ready").exists():
            pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            if subprocess.run([*pip, "--target", folder, "beancount"], capture_output=True, check=False).returncode:
                pytest.skip("no beancount: pip could not install it from PyPI")
            (folder / "ready").touch()
    return str(folder)


def loaded(beancount: str, journal: Path) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What beancount says of a file: its errors, and its own balances."""
    command = [sys.executable, "-c", BEANCOUNT, journal]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={"PYTHONPATH": beancount})
    errors, found = json.loads(done.stdout)
    return errors, found


@pytest.fixture
def hledger() -> str:
    found = shutil.which("hledger")
    if found is None:
        pytest.skip("no hledger: apt-get install hledger")
    return found


def written(store: Store, form: str, path: Path) -> Path:
    path.write_text("\n".join(store.read_sync(lambda tx: list(export(tx, form, currency="USD")))) + "\n", "utf-8")
    return path


def kept(store: Store) -> dict[tuple[str, str], str]:
    return {
        (one.account, one.commodity): one.quantity
        for one in store.read_sync(lambda tx: kept_balances(tx, currency="USD"))
    }


def test_hledger_loads_the_books_and_finds_the_same_balances(store: Store, hledger: str, tmp_path: Path) -> None:
    store.run_sync(busy_books)
    journal = written(store, "hledger", tmp_path / "books.journal")
    subprocess.run([hledger, "-f", journal, "check", "--strict"], check=True, capture_output=True)
    command = [hledger, "-f", journal, "balance", "--flat", "-N", "-O", "csv", "--layout=bare"]
    rows = csv.DictReader(io.StringIO(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    found = {(row["account"], row["commodity"]): row["balance"] for row in rows if float(row["balance"])}
    assert found == kept(store)


def test_beancount_loads_the_books_and_finds_the_same_balances(store: Store, beancount: str, tmp_path: Path) -> None:
    store.run_sync(busy_books)
    journal = written(store, "beancount", tmp_path / "books.beancount")
    errors, found = loaded(beancount, journal)
    assert errors == []
    assert {(account, commodity): number for account, commodity, number in found} == kept(store)


@pytest.mark.parametrize("spoiled", ["account", "posting"])
def test_both_refuse_books_in_which_one_cent_was_changed(
    store: Store, hledger: str, beancount: str, tmp_path: Path, spoiled: str
) -> None:
    spoil = {
        "account": "UPDATE account SET balance = balance + 1 WHERE name = 'cash'",
        "posting": "UPDATE posting SET amount = amount + 1 WHERE id = (SELECT MIN(p.id) FROM posting p"
        " JOIN account a ON a.id = p.account_id WHERE a.commodity = 'cents')",
    }
    store.run_sync(busy_books)
    store.run_sync(lambda tx: tx.run(Query(spoil[spoiled], scans="a test")))
    journal = written(store, "hledger", tmp_path / "books.journal")
    assert subprocess.run([hledger, "-f", journal, "check"], capture_output=True, check=False).returncode
    journal = written(store, "beancount", tmp_path / "books.beancount")
    assert loaded(beancount, journal)[0]


def test_a_spreadsheet_gets_every_posting_and_no_formula(store: Store) -> None:
    store.run_sync(busy_books)
    lines = store.read_sync(lambda tx: list(export(tx, "csv", currency="USD")))
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        assert not row["reason"].startswith(("=", "+", "-", "@"))
        if row["account"]:
            key = row["account"], row["commodity"]
            sums[key] = sums.get(key, 0) + int(row["amount"].replace(".", ""))
    found = store.read_sync(lambda tx: kept_balances(tx, currency="USD"))
    assert {key: amount for key, amount in sums.items() if amount} == {
        (one.account, one.commodity): one.amount for one in found
    }


@pytest.mark.parametrize("form", FORMATS)
def test_empty_books_are_books_too(store: Store, form: str) -> None:
    assert store.read_sync(lambda tx: list(export(tx, form, currency="USD")))


def test_the_chart_has_every_account_and_its_document_too() -> None:
    text = ACCOUNTS.read_text("utf-8")
    for account, commodity in CHART:
        assert f"`{CHART[account, commodity]}`" in text
    assert {account for account, _ in CHART} == set(Account)
    assert {commodity for _, commodity in CHART} == set(Commodity)


def test_clients_whose_names_meet_are_told_apart() -> None:
    assert client_names({1: "A_B", 2: "A-B", 3: "C-"}) == {1: "A-B", 2: "A-B-2", 3: "C"}


TOLD = (
    "Travel, 50 min of 2026-11-18, ticket 1", "Invoice INV-2026-0001, due 2026-12-07", "Payment R3, 2026-11-23",
    "Credit that lapsed on 2026-11-20", "Fee of 2026-11-01 to 2026-11-30, earned until 2026-11-21",
    "Pay, ticket 2, 50 % of $80.00", "12-hour credit, 42 units", "Taken back, ticket 1: wrong ticket",
)  # fmt: skip


@pytest.mark.parametrize("form", ["hledger", "beancount"])
def test_each_entry_says_what_it_is_about_and_which_invoice_it_concerns(store: Store, form: str) -> None:
    store.run_sync(busy_books)
    text = "\n".join(store.read_sync(lambda tx: list(export(tx, form, currency="USD"))))
    assert [told for told in TOLD if told not in text] == []
    link = "invoice:INV-2026-0001" if form == "hledger" else "^INV-2026-0001"
    # The invoice, and the payment that settles it.
    assert text.count(link) == 2


def test_balance_sheet_and_income_statement_come_to_the_same(store: Store, hledger: str, tmp_path: Path) -> None:
    store.run_sync(busy_books)
    journal = tmp_path / "books.journal"
    journal.write_text("\n".join(store.read_sync(lambda tx: list(export(tx, "hledger", currency="USD")))))

    def net(report: str) -> str:
        command = [hledger, "-f", str(journal), report, "cur:USD", "-O", "csv"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return list(csv.reader(io.StringIO(done.stdout)))[-1][-1]

    assert net("balancesheet") == net("incomestatement") != "0"
