"""What `client add`, `contact set`, `consultant set` … may set, as key=value, and how each value is read.

The names on the right are the columns that the room writes. Values are typed here, so that a wrong one is refused
with the words of the configuration (bot.readers) before anything is looked up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot import readers
from bot.commands import times
from bot.commands.line import Line, nearest
from bot.readers import Reader, Wrong
from bot.sentences import joined, sentence

HOLD_MINUTES_MIN, HOLD_MINUTES_MAX = 30, 24 * 60
HOLD_RANGE = sentence("answer hold range")

# column → value; tuples of pairs, so that commands can be compared and kept.
Settings = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that may be set: the column it fills and the reader of its value."""

    column: str
    read: Callable[[str], object]


def _by(reader: Reader) -> Callable[[str], object]:
    return lambda value: reader(value, True)


def _hold(value: str) -> object:
    try:
        found = times.read_length(value.split()[:4], has_days=True)
    except times.BadTime as error:
        raise Wrong(str(error), sentence("write hold")) from None
    if found is None or found[1] != len(value.split()) or not HOLD_MINUTES_MIN <= found[0] <= HOLD_MINUTES_MAX:
        raise Wrong(sentence("wrong hold", word=value), sentence("write hold"))
    return found[0]


def _region(value: str) -> object:
    if value.lower() in ("", "none"):
        return ""
    if not re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?", value):
        raise Wrong(sentence("wrong region", word=repr(value)), sentence("write region"))
    return value.upper()


def _member(value: str) -> object:
    number = value.lstrip("#").upper()
    if number in ("", "NONE", "NOBODY"):
        return ""
    if not re.fullmatch(r"[A-Z0-9-]{1,20}", number):
        raise Wrong(sentence("wrong member", word=repr(value)), sentence("write member"))
    return number


def _cap(value: str) -> object:
    if value.lower() in ("", "none", "no"):
        return None
    found = re.fullmatch(r"\$?([0-9]{1,7})(?:\.([0-9]{2}))?", value)
    if found is None:
        raise Wrong(sentence("wrong amount", word=repr(value)), sentence("write amount"))
    return int(found[1]) * 100 + int(found[2] or 0)


def _share(value: str) -> object:
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?%?", value)
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= points <= 10_000:
        raise Wrong(sentence("wrong share", word=repr(value)), sentence("write share"))
    return points


def _wage(value: str) -> object:
    """ "60" for each priority, or "P1:90/P2:80/P3:70/P4:60": JSON of cents an hour, "" for none."""
    if value.lower() in ("", "none", "no"):
        return ""
    if ":" not in value:
        return json.dumps(dict.fromkeys(_ROWS, _cap(value)), separators=(",", ":"))
    rows = {row: _cap(amount) for row, _, amount in (part.partition(":") for part in value.upper().split("/"))}
    if rows.keys() != set(_ROWS) or None in rows.values():
        raise Wrong(sentence("wrong wage", word=repr(value)), sentence("write wage"))
    return json.dumps(rows, separators=(",", ":"))


_ROWS = ("P1", "P2", "P3", "P4")


def _minutes(value: str) -> object:
    if value.lower() in ("", "0", "none", "no"):
        return 0
    try:
        found = times.read_length(value.split()[:4], has_days=False)
    except times.BadTime as error:
        raise Wrong(str(error), sentence("write time")) from None
    if found is None or found[1] != len(value.split()) or not 0 < found[0] <= 100 * 60:
        raise Wrong(sentence("wrong time", word=value), sentence("write time or none"))
    return found[0]


def _minimum(value: str) -> object:
    """ "30m": what a ticket's day costs at least, as time at P4, in units."""
    minutes = _minutes(value)
    assert isinstance(minutes, int)
    return -(-minutes // 15) * 2


def _term(value: str) -> object:
    return {"monthly": 1, "yearly": 12}[str(_by(readers.one_of("monthly", "yearly"))(value))]


def _renews(value: str) -> object:
    tier = str(_by(readers.one_of("none", "12h", "40h"))(value))
    return "" if tier == "none" else tier


def _ahead(value: str) -> object:
    return _by(readers.one_of("apply", "hold"))(value) == "apply"


def _words(value: str) -> object:
    words = [" ".join(word.lower().split()) for word in value.split(",")]
    return ",".join(word for word in words if word)


_NAME = Key("name", _by(readers.text(may_be_empty=False, length_max=120)))
_ZONE = Key("zone", _by(readers.zone))
_HOURS = Key("hours", _by(readers.open_hours))
_ACTIVE = Key("is_active", _by(readers.yes_no))


def _language(value: str) -> object:
    if not re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z]{2})?", value):
        raise Wrong(sentence("wrong language", word=repr(value)), sentence("write language"))
    return value.lower()


_LANGUAGE = Key("language", _language)

CLIENT: Mapping[str, Key] = {
    "name": _NAME,
    "zone": _ZONE,
    "hours": _HOURS,
    "holidays": Key("holiday_region", _region),
    "language": _LANGUAGE,
    "hold": Key("hold_minutes", _hold),
    "lead": Key("lead", _member),
    "manager": Key("manager", _member),
    "assistant": Key("assistant", _member),
    "brought_by": Key("brought_by", _member),
    "started": Key("service_started_on", _by(readers.day)),
    "plan": Key("plan", _by(readers.one_of("none", "per-use", "managed", "flat", "flat-24h", "subscription"))),
    "rounding": Key("rounding", _by(readers.one_of("day", "item"))),
    "chargeable": Key("is_chargeable", _by(readers.yes_no)),
    "cap": Key("cap_cents_per_month", _cap),
    "address": Key("billing_address", _by(readers.text(length_max=300))),
    "po": Key("po_number", _by(readers.text(length_max=40))),
    "invoices": Key("invoicing", _by(readers.one_of("single", "monthly"))),
    "due": Key("due_days", _by(readers.whole(0, 120))),
    "tax": Key("tax_basis_points", _share),
    "ahead": Key("is_ahead_applied", _ahead),
    "fee": Key("fee_cents", _cap),
    "term": Key("term_months", _term),
    "onsite": Key("onsite_minutes", _minutes),
    "minimum": Key("minimum_units", _minimum),
    "renews": Key("renews", _renews),
    "domain": Key("domains", _by(readers.many(readers.domain))),
    "active": _ACTIVE,
}
CONTACT: Mapping[str, Key] = {
    "name": _NAME,
    "role": Key("role", _by(readers.one_of("requester", "approver", "owner"))),
    "language": _LANGUAGE,
    "active": _ACTIVE,
}
CONSULTANT: Mapping[str, Key] = {
    "name": _NAME,
    "role": Key("role", _by(readers.one_of("consultant", "assistant", "manager"))),
    "zone": _ZONE,
    "hours": _HOURS,
    "expertise": Key("expertise", _words),
    "status": Key("status", _by(readers.one_of("active", "suspended"))),
    "pay": Key("pay_basis_points", _share),
    "wage": Key("pay_cents_json", _wage),
    "bank": Key("bank_account", _by(readers.text(length_max=60))),
    "language": _LANGUAGE,
}
APPLICANT: Mapping[str, Key] = {"expertise": CONSULTANT["expertise"], "zone": _ZONE}


def keys_of(settings: Settings, keys: Mapping[str, Key]) -> str:
    """What was set, by the words that people type: "po, due" and not the names of columns."""
    names = {key.column: name for name, key in keys.items()}
    return ", ".join(names.get(column, column) for column, _ in settings)


def refused(wrong: Wrong) -> str:
    """What a person is told of a value that cannot be used: what is wrong, and what to write instead."""
    end = "" if wrong.remedy.endswith(("?", ".")) else "."
    return joined("", [wrong.problem, "" if wrong.problem.endswith(".") else ".", " ", wrong.remedy, end])


def read_settings(line: Line, keys: Mapping[str, Key], *, is_needed: bool = False) -> Settings:
    """The key=value words up to the end of the line, typed, each column once.

    Raises BadCommand for an unknown key or a wrong value, naming what to write.
    """
    settings: dict[str, object] = {}
    while (pair := line.key_value()) is not None:
        word, name, value = pair
        key = keys.get(name)
        if key is None:
            near = nearest(name, tuple(keys))
            hint = sentence("did you mean", what=near) if near else sentence("bad settings", what=", ".join(keys))
            raise line.bad(joined(" ", [sentence("bad setting", word=str(word)), hint]))
        if key.column in settings:
            raise line.bad(sentence("bad twice", name=name))
        try:
            settings[key.column] = key.read(value)
        except Wrong as wrong:
            raise line.bad(joined("", [name, ": ", refused(wrong)])) from None
    if is_needed and not settings:
        raise line.bad(sentence("bad settings which", what=", ".join(keys)))
    return tuple(settings.items())
