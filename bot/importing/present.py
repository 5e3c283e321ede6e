"""The people there are, as an import compares with them: keyed by what a file can name, never by row number."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.queries import importing as queries
from bot.store import Row, Tx

# A person as a file names it: ("consultant", "C-101") or ("contact", "ACME", "anna kim").
Person = tuple[str, ...]
STAFF_OF_CLIENT = {
    "lead": "lead_id",
    "manager": "manager_id",
    "assistant": "assistant_id",
    "brought_by": "brought_by_id",
}


@dataclass(slots=True)
class Present:
    """Rows there are. The values are in the file's own terms: member numbers for ids, lists for joined text.

    ids: row numbers by person, and by ("client", code).
    """

    consultants: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    contacts: dict[Person, dict[str, Any]] = field(default_factory=dict)
    handles: dict[tuple[str, str], Person] = field(default_factory=dict)
    domains: set[tuple[str, str]] = field(default_factory=set)
    grants: set[tuple[str, str, date, str]] = field(default_factory=set)
    ids: dict[Person, int] = field(default_factory=dict)


def present(tx: Tx) -> Present:
    """Read everybody."""
    found = Present()
    numbers: dict[int, str] = {}
    for row in tx.all(queries.CONSULTANTS):
        numbers[row.id] = row.member_number
        found.consultants[row.member_number] = _consultant(row)
        found.ids[("consultant", row.member_number)] = row.id
    codes: dict[int, str] = {}
    for row in tx.all(queries.CLIENTS):
        codes[row.id] = row.code
        found.clients[row.code] = _client(row, numbers)
        found.ids[("client", row.code)] = row.id
    people: dict[int, Person] = {}
    for row in tx.all(queries.CONTACTS):
        person = ("contact", codes[row.client_id], row.name.casefold())
        people[row.id] = person
        found.contacts[person] = _without(row, "id", "client_id")
        found.ids[person] = row.id
    for row in tx.all(queries.HANDLES):
        owner = people[row.contact_id] if row.contact_id else ("consultant", numbers[row.consultant_id])
        found.handles[(row.channel, row.address)] = owner
    found.domains = {(codes[row.client_id], row.domain) for row in tx.all(queries.DOMAINS)}
    found.grants = {(codes[row.client_id], row.tier, row.bought_on, row.note) for row in tx.all(queries.GRANTS)}
    return found


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name not in names}


def _consultant(row: Row) -> dict[str, Any]:
    values = _without(row, "id", "member_number", "expertise")
    return {**values, "expertise": tuple(word for word in row.expertise.split(",") if word)}


def _client(row: Row, numbers: dict[int, str]) -> dict[str, Any]:
    values = _without(row, "id", "code", "holidays_json", *STAFF_OF_CLIENT.values())
    values["holidays"] = tuple(date.fromisoformat(text) for text in json.loads(row.holidays_json))
    for name, column in STAFF_OF_CLIENT.items():
        values[name] = numbers.get(getattr(row, column), "")
    return values
