"""The books as a journal: entries with full account names and dates, and the balances that the desk keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.exporting.narration import invoices_in, narrated
from bot.ledger.chart import UNIT, client_names, full_name
from bot.ledger.postings import Commodity
from bot.queries import audit as queries
from bot.queries import money
from bot.queries import people as people_queries
from bot.store import Row, Tx
from bot.zones import zone_named


@dataclass(frozen=True, slots=True)
class Move:
    """One posting. amount: whole cents or units; quantity: the same as text, "-12.50" or "16"."""

    account: str
    commodity: str
    amount: int
    quantity: str
    grant_id: int | None


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry on the client's local date. moves: none where covered or unbilled work moved nothing.

    told: what it is about, in words. invoices: the documents that it issues or settles.
    """

    id: int
    on: date
    client: str
    number: int
    kind: str
    key: str
    reason: str
    ticket_id: int | None
    moves: tuple[Move, ...]
    told: str = ""
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A balance as the desk keeps it."""

    account: str
    commodity: str
    amount: int
    quantity: str


def booked(tx: Tx, *, currency: str) -> Iterator[Booked]:
    """Every entry, client by client in the order of its chain."""
    clients = tx.all(people_queries.CLIENTS)
    names = client_names({row.id: row.code for row in clients})
    for client in clients:
        zone = zone_named(client.zone)
        rows = tx.all(queries.BOOKED_OF_CLIENT, client_id=client.id)
        for _, group in groupby(rows, key=lambda row: row.id):
            lines = list(group)
            first = lines[0]
            moves = tuple(_move(row, names[client.id], currency) for row in lines if row.name is not None)
            yield Booked(
                first.id, first.posted_at.astimezone(zone).date(), client.code, first.number, first.kind, first.key,
                first.reason, first.ticket_id, moves, narrated(first), invoices_in(first),
            )  # fmt: skip


def kept_balances(tx: Tx, *, currency: str, client_id: int | None = None) -> list[Kept]:
    """Every kept balance that is not zero, by full name; of one client, or of all."""
    clients = tx.all(people_queries.CLIENTS)
    names = client_names({row.id: row.code for row in clients})
    kept = []
    for client in clients:
        if client_id is not None and client.id != client_id:
            continue
        for row in tx.all(money.ACCOUNTS, client_id=client.id):
            if row.balance:
                name = full_name(row.name, row.commodity, names[client.id])
                kept.append(Kept(name, *_quantity(row.balance, row.commodity, currency)))
    return sorted(kept, key=lambda one: one.account)


def _move(row: Row, client: str, currency: str) -> Move:
    commodity, amount, quantity = _quantity(row.amount, row.commodity, currency)
    return Move(full_name(row.name, row.commodity, client), commodity, amount, quantity, row.grant_id)


def _quantity(amount: int, commodity: str, currency: str) -> tuple[str, int, str]:
    if commodity == Commodity.UNITS:
        return UNIT, amount, str(amount)
    sign, whole = "-" if amount < 0 else "", abs(amount)
    return currency, amount, f"{sign}{whole // 100}.{whole % 100:02d}"
