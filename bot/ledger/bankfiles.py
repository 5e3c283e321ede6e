"""A bank's CSV as lines of cash: date, amount, payer and the words that came with it. Pure; nothing is matched here.

Banks agree on nothing: the separator is found, columns by their names in English or German, amounts in either way of
writing them. A file that cannot be read is refused whole, with the line that is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.errors import UserError
from bot.sentences import sentence

SIZE_MAX, LINES_MAX, TEXT_MAX = 5_000_000, 20_000, 300
# Column → the names that banks give it.
COLUMNS = {
    "on": ("date", "booking date", "value date", "posted", "transaction date", "buchungstag", "datum", "valuta"),
    "amount": ("amount", "credit", "betrag", "umsatz", "value", "sum"),
    "payer": ("payer", "name", "counterparty", "from", "auftraggeber", "beguenstigter/zahlungspflichtiger"),
    "reference": ("reference", "description", "details", "purpose", "memo", "text", "verwendungszweck"),
}
_NUMBER = re.compile(r"\b(INV|CRN)[ _/-]?([0-9]{4})[ _/-]?([0-9]{4,6})\b", re.IGNORECASE)
_ENGLISH = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{1,2})?|[+-]?[0-9]+(?:\.[0-9]{1,2})?")
_GERMAN = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2}|[+-]?[0-9]+,[0-9]{1,2}")
_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%m/%d/%Y")


@dataclass(frozen=True, slots=True)
class BankLine:
    """key: identity of the line, the same when the file is read again. cents: negative where cash went out."""

    key: str
    on: date
    cents: int
    payer: str
    reference: str


def read_lines(text: str) -> list[BankLine]:
    """The lines of a bank's CSV. Raises UserError naming the line and what it should say."""
    if len(text) > SIZE_MAX:
        raise UserError(sentence("bank large"))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_separator(text)))
    if len(rows) < 2 or len(rows) > LINES_MAX:
        raise UserError(sentence("bank head", most=LINES_MAX, count=len(rows)))
    places = _places(rows[0])
    seen: Counter[tuple[object, ...]] = Counter()
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        on, cents = _date(cells["on"], number), _cents(cells["amount"], number)
        payer, reference = cells.get("payer", "")[:TEXT_MAX], cells.get("reference", "")[:TEXT_MAX]
        identity = (on.isoformat(), cents, payer, reference)
        seen[identity] += 1
        lines.append(BankLine(key_of(on, cents, payer, reference, nth=seen[identity]), on, cents, payer, reference))
    return lines


def key_of(on: date, cents: int, payer: str, reference: str, *, nth: int) -> str:
    """Identity of a line: all that it says, and that it is the nth of its file that says so."""
    said = "\x1f".join((on.isoformat(), str(cents), payer, reference, str(nth)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def text_of(raw: bytes) -> str:
    """A bank's file as text: UTF-8 or UTF-16 where it is that, else the Latin letters of Windows, as banks write it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def numbers_in(reference: str) -> list[str]:
    """The invoices that a reference names, each once: "inv 2026 0007" is INV-2026-0007."""
    found = [f"{kind.upper()}-{year}-{number}" for kind, year, number in _NUMBER.findall(reference)]
    return list(dict.fromkeys(found))


def _separator(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _places(head: list[str]) -> dict[str, int]:
    names = [cell.strip().lower().strip('"') for cell in head]
    places = {
        column: next(names.index(name) for name in known if name in names)
        for column, known in COLUMNS.items()
        if any(name in names for name in known)
    }
    for column in ("on", "amount", "reference"):
        if column not in places:
            wanted = ", ".join(COLUMNS[column])
            raise UserError(sentence(f"bank lacks {_SAID[column]}", what=wanted))
    return places


_SAID = {"on": "date column", "amount": "amount column", "reference": "reference column"}


def _date(cell: str, number: int) -> date:
    for form in _FORMS:
        try:
            return datetime.strptime(cell, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise UserError(sentence("bank date", number=number, word=repr(cell[:40])))


def _cents(cell: str, number: int) -> int:
    plain = re.sub(r"[$€£\s]|USD|EUR|GBP", "", cell)
    if _ENGLISH.fullmatch(plain):
        whole, _, part = plain.replace(",", "").partition(".")
    elif _GERMAN.fullmatch(plain):
        whole, _, part = plain.replace(".", "").partition(",")
    else:
        raise UserError(sentence("bank amount", number=number, word=repr(cell[:40])))
    cents = int(whole.lstrip("+-") or 0) * 100 + int(part.ljust(2, "0") or 0)
    return -cents if whole.startswith("-") else cents
