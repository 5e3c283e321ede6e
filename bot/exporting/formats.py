"""A journal as text: what hledger and beancount load, and what a spreadsheet opens.

Both journals end with the balances that the desk keeps, as assertions: a program that loads them has checked them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot.exporting.journal import Booked, Kept, Move, booked, kept_balances
from bot.ledger.chart import UNIT
from bot.plain import cell, one_line
from bot.store import Tx

TEXT_MAX = 200


def export(tx: Tx, form: str, *, currency: str) -> Iterator[str]:
    """The whole of the books, line by line. form: one of FORMATS."""
    entries = sorted(booked(tx, currency=currency), key=lambda entry: (entry.on, entry.id))
    return FORMATS[form](entries, kept_balances(tx, currency=currency), currency)


def _hledger(entries: Sequence[Booked], kept: Sequence[Kept], currency: str) -> Iterator[str]:
    yield f"commodity 1000.00 {currency}"
    yield f"commodity 1000. {UNIT}"
    yield from (f"account {name}" for name in _accounts(entries))
    for entry in entries:
        yield ""
        # Work that moved nothing is in the chain, and here as a remark.
        mark = "" if entry.moves else "; "
        yield f"{mark}{entry.on} * ({entry.client}/{entry.number}) {_plain(entry.told)}"
        yield f"    ; {', '.join(_tags(entry))}"
        for move in entry.moves:
            grant = f"  ; grant:{move.grant_id}" if move.grant_id is not None else ""
            yield f"    {move.account}  {move.quantity} {move.commodity}{grant}"
    if entries:
        yield ""
        yield f"{entries[-1].on} * balances as the desk keeps them"
        for one in kept:
            yield f"    {one.account}  0 {one.commodity} = {one.quantity} {one.commodity}"


def _beancount(entries: Sequence[Booked], kept: Sequence[Kept], currency: str) -> Iterator[str]:
    yield 'option "title" "Books of the desk"'
    yield f'option "operating_currency" "{currency}"'
    first_on = entries[0].on if entries else None
    yield from (f"{first_on} open {name}" for name in _accounts(entries))
    for entry in entries:
        yield ""
        if not entry.moves:
            yield f"; {entry.on} {entry.client}/{entry.number} {_plain(entry.told)} moved nothing"
            continue
        links = "".join(f" ^{number}" for number in entry.invoices)
        yield f'{entry.on} * "{entry.client}" "{_quoted(entry.told)}"{links}'
        yield f'  kind: "{_quoted(entry.kind)}"'
        yield f'  key: "{_quoted(entry.key)}"'
        yield f"  number: {entry.number}"
        if entry.ticket_id:
            yield f"  ticket: {entry.ticket_id}"
        for move in entry.moves:
            yield f"  {move.account}  {move.quantity} {move.commodity}"
            if move.grant_id is not None:
                yield f"    grant: {move.grant_id}"
    yield ""
    # An assertion counts from the beginning of its day.
    after = _last(entries) + timedelta(days=1) if entries else None
    yield from (f"{after} balance {one.account}  {one.quantity} ~ 0 {one.commodity}" for one in kept)


def _csv(entries: Sequence[Booked], kept: Sequence[Kept], currency: str) -> Iterator[str]:
    yield _row("date", "client", "number", "entry", "kind", "key", "ticket", "reason", "account", "commodity",
               "amount", "grant")  # fmt: skip
    for entry in entries:
        for move in entry.moves or (Move("", "", 0, "", None),):
            yield _row(
                entry.on, entry.client, entry.number, entry.id, entry.kind, entry.key, entry.ticket_id, entry.reason,
                move.account, move.commodity, move.quantity, move.grant_id,
            )  # fmt: skip


Form = Callable[[Sequence[Booked], Sequence[Kept], str], Iterator[str]]
FORMATS: Mapping[str, Form] = {"hledger": _hledger, "beancount": _beancount, "csv": _csv}


def _accounts(entries: Sequence[Booked]) -> list[str]:
    return sorted({move.account for entry in entries for move in entry.moves})


def _last(entries: Sequence[Booked]) -> date:
    return entries[-1].on


def _tags(entry: Booked) -> list[str]:
    """The tags of an entry, as hledger has them; a tag ends at a comma."""
    tags = [f"kind:{entry.kind}", f"key:{_plain(entry.key).replace(',', ' ')}"]
    tags += [f"ticket:{entry.ticket_id}"] if entry.ticket_id else []
    return tags + [f"invoice:{number}" for number in entry.invoices]


def _plain(text: str) -> str:
    """Without the characters that begin a remark, a tag or a list of tags there."""
    return one_line(text, TEXT_MAX).replace(";", ",").replace("|", "/")


def _quoted(text: str) -> str:
    return one_line(text, TEXT_MAX).replace("\\", "/").replace('"', "'")


def _row(*values: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if value is None else cell(str(value)) for value in values])
    return out.getvalue()
