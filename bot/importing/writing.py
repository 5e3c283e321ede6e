"""Carries the changes of an import out, in the transaction of whoever calls.

Credit is bought as the caller says (`BuyCredit`); the terms of each client are kept in its books.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Protocol

from bot import books, people
from bot.importing.changes import Change
from bot.importing.present import STAFF_OF_CLIENT, Present
from bot.messages import Handle
from bot.plan_history import keep_plan
from bot.queries import importing as queries
from bot.store import Tx
from bot.zones import next_reading, zone_named

CALENDAR = frozenset({"zone", "hours", "holiday_region", "holidays"})


class BuyCredit(Protocol):
    """Posts a parcel of credit in the books."""

    def __call__(self, tx: Tx, *, client_id: int, tier: str, bought_on: date, note: str, now: datetime) -> None: ...


def write(
    tx: Tx,
    changes: Sequence[Change],
    rows: Present,
    *,
    now: datetime,
    buy_credit: BuyCredit,
    digest_time: time = time(7, 30),
    language: str = "en",
    source: str = "import",
) -> None:
    """Write the changes, with an event for each that says where it came from.

    rows: what the changes were made against, read in this same transaction. language: of whom the file says none for.
    """
    writing = _Writing(tx, rows, now, digest_time=digest_time, language=language)
    for change in changes:
        match change.kind:
            case "consultant":
                writing.consultant(change)
            case "client":
                writing.client(change)
                books.keep_terms(tx, rows.ids[("client", change.key[0])], now=now)
            case "contact":
                writing.contact(change)
            case "handle":
                writing.handle(change)
            case "domain":
                tx.insert("client_domain", client_id=rows.ids[("client", change.key[0])], domain=change.key[1])
            case "grant":
                code, tier, bought_on, note = change.key
                client_id = rows.ids[("client", code)]
                buy_credit(tx, client_id=client_id, tier=tier, bought_on=bought_on, note=note, now=now)
        if change.kind in ("consultant", "client", "contact"):
            writing.tell(change, source)


class _Writing:
    def __init__(self, tx: Tx, rows: Present, now: datetime, *, digest_time: time, language: str) -> None:
        self._tx = tx
        self._rows = rows
        self._now = now
        self._digest_time, self._language = digest_time, language

    def consultant(self, change: Change) -> None:
        number = change.key[0]
        before = self._rows.consultants.get(number, {})
        values = {**before, **change.values}
        columns = {**values, "expertise": ",".join(values.get("expertise", ()))}
        if values.get("role") == "manager" and not values.get("digest_at"):
            columns["digest_at"] = next_reading(values.get("zone", "UTC"), self._digest_time, self._now)
        if change.is_new:
            name = columns.pop("name")
            columns.setdefault("language", self._language)
            self._rows.ids[("consultant", number)] = people.add_consultant(
                self._tx, number, name, now=self._now, **columns
            )
        else:
            self._tx.run(queries.CONSULTANT_SET, id=self._rows.ids[("consultant", number)], **columns)

    def client(self, change: Change) -> None:
        code = change.key[0]
        values = {**self._rows.clients.get(code, {}), **change.values}
        if change.is_new and values.get("is_chargeable"):
            values["agreed_at"] = self._now
        columns = self._client_columns(values)
        if change.is_new:
            name = columns.pop("name")
            columns.setdefault("language", self._language)
            self._rows.ids[("client", code)] = people.add_client(self._tx, code, name, now=self._now, **columns)
            return
        row = people.client(self._tx, self._rows.ids[("client", code)])
        if values.get("plan", row.plan) != row.plan:
            today = self._now.astimezone(zone_named(row.zone)).date()
            keep_plan(self._tx, row, str(values["plan"]), from_on=today, today=today)
        columns["calendar_changes"] = int(bool(CALENDAR & change.values.keys()))
        self._tx.run(queries.CLIENT_SET, id=self._rows.ids[("client", code)], **columns)

    def _client_columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        columns = {name: value for name, value in values.items() if name not in ("holidays", *STAFF_OF_CLIENT)}
        if "holidays" in values:
            columns["holidays_json"] = json.dumps(sorted(day.isoformat() for day in values["holidays"]))
        for name, column in STAFF_OF_CLIENT.items():
            if name in values:
                columns[column] = self._rows.ids[("consultant", values[name])] if values[name] else None
        return columns

    def contact(self, change: Change) -> None:
        _, code, _ = change.key
        values = {"role": "requester", **self._rows.contacts.get(change.key, {}), **change.values}
        if change.is_new:
            client_id = self._rows.ids[("client", code)]
            columns = {"client_id": client_id, "created_at": self._now, **values}
            self._rows.ids[change.key] = self._tx.insert("contact", **columns)
        else:
            self._tx.run(queries.CONTACT_SET, id=self._rows.ids[change.key], **values)

    def handle(self, change: Change) -> None:
        owner, row_id = change.values["owner"], self._rows.ids[change.values["owner"]]
        owned = {"consultant_id": row_id} if owner[0] == "consultant" else {"contact_id": row_id}
        channel, address = change.key
        people.give_handle(self._tx, Handle(channel, address), now=self._now, rank=change.values["rank"], **owned)

    def tell(self, change: Change, source: str) -> None:
        kind, key = change.kind, change.key
        client = key[0] if kind == "client" else key[1] if kind == "contact" else ""
        self._tx.insert(
            "event",
            at=self._now,
            kind="imported",
            client_id=self._rows.ids[("client", client)] if client else None,
            consultant_id=self._rows.ids[("consultant", key[0])] if kind == "consultant" else None,
            actor="desk",
            reason=f"{source}: {change}"[:1000],
        )
