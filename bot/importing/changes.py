"""What an import would change, and why: pure. Refuses what contradicts the rows there are or the file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import readers as r
from bot.errors import ConfigError, Fault
from bot.importing.fields import Record
from bot.importing.present import STAFF_OF_CLIENT, Person, Present
from bot.ledger.plans import STANDARD

NOTE_OF_IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Change:
    """One row to add or change.

    kind:    consultant, client, contact, handle, domain or grant, in the order in which they must be written.
    key:     whom it is about, as `Present` names it.
    values:  what is written; only the keys that differ.
    reasons: each difference in words, "hold_minutes: 240 → 30".
    """

    kind: str
    key: tuple[Any, ...]
    is_new: bool
    values: Mapping[str, Any]
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        match self.kind:
            case "contact":
                return f"contact {self.values.get('name', self.key[2])} of {self.key[1]}"
            case "handle":
                return f"{self.key[0]} {self.key[1]} of {self.values['of']}"
            case "domain":
                return f"domain {self.key[1]} of {self.key[0]}"
            case "grant":
                return f"{self.key[1]} credit of {self.key[0]}, bought on {self.key[2]}"
        return f"{self.kind} {self.key[0]}"

    def __str__(self) -> str:
        sign = "+" if self.is_new else "~"
        return f"{sign} {self.name}" + (f": {'; '.join(self.reasons)}" if self.reasons else "")


def compare(records: Iterable[Record], rows: Present) -> list[Change]:
    """The changes that make the rows say what the file says; none when they do already.

    Raises ConfigError with every contradiction found.
    """
    return _Comparison(list(records), rows).changes()


class _Comparison:
    def __init__(self, records: list[Record], rows: Present) -> None:
        self._records = records
        self._rows = rows
        self._faults: list[Fault] = []
        self._seen: dict[tuple[Any, ...], str] = {}
        self._owners: dict[tuple[str, str], Person] = {}

    def changes(self) -> list[Change]:
        parts = {
            "consultant": self._consultant,
            "client": self._client,
            "contact": self._contact,
            "grant": self._grant,
        }
        found: list[Change] = []
        for kind, compare_one in parts.items():
            found += self._each(kind, compare_one)
        if self._faults:
            raise ConfigError(self._faults)
        # Handles and domains name people and clients, which must stand before them.
        order = ("consultant", "client", "contact", "handle", "domain", "grant")
        return sorted(found, key=lambda change: order.index(change.kind))

    def _each(self, kind: str, compare_one: Callable[[Record], list[Change]]) -> Iterable[Change]:
        for record in self._records:
            if record.kind == kind:
                yield from compare_one(record)

    def _consultant(self, record: Record) -> list[Change]:
        number = record.values["member_number"]
        if not self._is_first(record, ("consultant", number), "member_number"):
            return []
        wanted = {key: value for key, value in record.values.items() if key != "member_number"}
        changes = _differences("consultant", (number,), wanted, self._rows.consultants.get(number))
        return changes + self._handles(record, ("consultant", number))

    def _client(self, record: Record) -> list[Change]:
        code = record.values["code"]
        if not self._is_first(record, ("client", code), "code"):
            return []
        wanted = {key: value for key, value in record.values.items() if key not in ("code", "domains")}
        # A plan that is consent makes work chargeable by itself (mission, "Plan or agreement first").
        if "plan" in wanted and "is_chargeable" not in wanted:
            wanted["is_chargeable"] = STANDARD[wanted["plan"]].is_consent
        for role in STAFF_OF_CLIENT:
            if role in wanted:
                self._check_staff(record, role, wanted[role])
        changes = _differences("client", (code,), wanted, self._rows.clients.get(code))
        for domain in record.values.get("domains", ()):
            if (code, domain) not in self._rows.domains:
                changes.append(Change("domain", (code, domain), True, {}))
        return changes

    def _contact(self, record: Record) -> list[Change]:
        self._check_client(record)
        person = self._who(record)
        if not self._is_first(record, person, "name"):
            return []
        wanted = {key: value for key, value in record.values.items() if key != "client"}
        return _differences("contact", person, wanted, self._rows.contacts.get(person)) + self._handles(record, person)

    def _who(self, record: Record) -> Person:
        """The contact meant: whoever has one of the handles at that client, else whoever has the name."""
        code, name = record.values["client"], record.values["name"]
        for handle in record.handles:
            owner = self._rows.handles.get(handle, ())
            if owner[:2] == ("contact", code):
                return owner
        return ("contact", code, name.casefold())

    def _grant(self, record: Record) -> list[Change]:
        self._check_client(record)
        values = record.values
        key = (values["client"], values["tier"], values["bought_on"], values.get("reference") or NOTE_OF_IMPORT)
        is_first = self._is_first(record, ("grant", *key), "reference")
        return [Change("grant", key, True, {})] if is_first and key not in self._rows.grants else []

    def _handles(self, record: Record, person: Person) -> list[Change]:
        changes = []
        for rank, handle in enumerate(record.handles, 1):
            owner = self._rows.handles.get(handle) or self._owners.get(handle)
            if owner is not None and owner != person:
                problem = f"{handle[1]} belongs to {self._called(owner)} already"
                self._fault(record, handle[0], problem, "Take it from one of the two")
            elif owner is None:
                values = {"owner": person, "of": record.values["name"], "rank": rank * 10}
                changes.append(Change("handle", handle, True, values))
                self._owners[handle] = person
        return changes

    def _called(self, person: Person) -> str:
        """The name of somebody who is there, or stands in the file."""
        if person[0] == "consultant":
            return str(self._rows.consultants.get(person[1], {}).get("name", person[1]))
        return str(self._rows.contacts.get(person, {}).get("name", person[-1]))

    def _check_client(self, record: Record) -> None:
        code = record.values["client"]
        codes = [*self._rows.clients, *(one.values["code"] for one in self._records if one.kind == "client")]
        if code not in codes:
            near = r.nearest(code, codes)
            remedy = f"Did you mean {near}?" if near else "Add the client first, or in the same file"
            self._fault(record, "client", f"there is no client {code}", remedy)

    def _check_staff(self, record: Record, role: str, number: str) -> None:
        roles = {known: row["role"] for known, row in self._rows.consultants.items()}
        for one in self._records:
            if one.kind == "consultant":
                known = one.values["member_number"]
                roles[known] = one.values.get("role", roles.get(known, "consultant"))
        if number not in roles:
            near = r.nearest(number, roles)
            remedy = f"Did you mean {near}?" if near else "Add the consultant first, or in the same file"
            self._fault(record, role, f"nobody has the member number {number}", remedy)
        elif role == "manager" and roles[number] != "manager":
            self._fault(record, role, f"{number} is no manager", 'Give that consultant role = "manager"')

    def _is_first(self, record: Record, key: tuple[Any, ...], field: str) -> bool:
        before = self._seen.setdefault(key, record.place)
        if before != record.place:
            self._fault(record, field, f"it stands at {before} already", "Keep one of the two")
        return before == record.place

    def _fault(self, record: Record, field: str, problem: str, remedy: str) -> None:
        self._faults.append(Fault(record.place, f"{record.kind}.{field}", problem, remedy))


def _differences(
    kind: str, key: tuple[Any, ...], wanted: Mapping[str, Any], row: Mapping[str, Any] | None
) -> list[Change]:
    if row is None:
        return [Change(kind, key, True, wanted)]
    differing = {name: value for name, value in wanted.items() if row[name] != value}
    reasons = tuple(f"{name}: {_shown(row[name])} → {_shown(value)}" for name, value in differing.items())
    return [Change(kind, key, False, differing, reasons)] if differing else []


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in ("", None) else str(value)
