"""Reads an import file, TOML or CSV, into records; every fault is noted with its line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import readers as r
from bot.errors import ConfigError, Fault
from bot.importing.fields import HANDLES, KINDS, Record

FILE_BYTES_MAX = 20_000_000
_HEADER = re.compile(r"\s*\[\[\s*([A-Za-z_.]+)\s*\]\]")


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as written: its values bare text (CSV) or typed by TOML."""

    kind: str
    place: str
    values: Mapping[str, Any]
    is_bare: bool


def read_file(path: Path) -> list[Record]:
    """The records of a .toml or .csv file. Raises ConfigError with every fault found in it."""
    records, faults = read_records(path)
    if faults:
        raise ConfigError(faults)
    return records


def read_records(path: Path) -> tuple[list[Record], list[Fault]]:
    """The records that have what they need, and every fault found. Raises ConfigError for a file that is none."""
    name = path.name
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ConfigError([Fault(name, "size", "the file is over 20 MB", "Split it")])
        # Spreadsheets begin their CSV with a byte-order mark.
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = f"it cannot be read ({error.strerror})"
        raise ConfigError([Fault(name, "file", problem, "Name a readable file")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(name, "file", f"it is not UTF-8 ({error})", "Save it as UTF-8")]) from error
    faults: list[Fault] = []
    raws = list(_csv(name, text, faults) if path.suffix.lower() == ".csv" else _toml(name, text, faults))
    records = [record for raw in raws if (record := _record(raw, faults)).is_whole]
    if not raws and not faults:
        faults.append(Fault(name, "file", "it holds no record", "Write [[client]] and the keys below it"))
    return records, faults


def _toml(name: str, text: str, faults: list[Fault]) -> Iterator[Raw]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(name, "file", f"it is not TOML: {error}", "Correct that line"))
        return
    lines = _lines_of_tables(text)
    for kind, rows in tables.items():
        if kind not in KINDS or not isinstance(rows, list):
            near = r.nearest(kind, KINDS) or "client"
            faults.append(Fault(name, kind, "it is no kind of record", f"Did you mean [[{near}]]?"))
            continue
        for row in rows:
            place = f"{name}, line {next(lines.get(kind, iter(())), '?')}"
            if not isinstance(row, dict):
                faults.append(Fault(place, kind, "it is not a table", f"Write [[{kind}]] and the keys below it"))
                continue
            own = {key: value for key, value in row.items() if not (kind == "client" and key in ("contact", "grant"))}
            yield Raw(kind, place, own, is_bare=False)
            for part in ("contact", "grant"):
                if kind != "client" or part not in row:
                    continue
                for inner in row[part] if isinstance(row[part], list) else [row[part]]:
                    inner_place = f"{name}, line {next(lines.get(f'client.{part}', iter(())), '?')}"
                    values = inner if isinstance(inner, dict) else {"name": inner}
                    yield Raw(part, inner_place, {"client": row.get("code", ""), **values}, is_bare=False)


def _lines_of_tables(text: str) -> dict[str, Iterator[int]]:
    """Line numbers of [[kind]] headers, in order; TOML's own reader keeps none."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(line):
            found.setdefault(match[1], []).append(number)
    return {kind: iter(numbers) for kind, numbers in found.items()}


def _csv(name: str, text: str, faults: list[Fault]) -> Iterator[Raw]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        heads = [head.strip().lower() for head in reader.fieldnames or ()]
        reader.fieldnames = heads
        kind = _kind_of(heads)
        if not kind:
            remedy = "Begin with member_number,name (consultants), code,name (clients), client,name (contacts) …"
            faults.append(Fault(f"{name}, line 1", "columns", "they fit no kind of record", remedy))
            return
        for row in reader:
            place = f"{name}, line {reader.line_num}"
            if row.get(None):
                faults.append(Fault(place, "columns", "the line has more cells than the first one", "Quote commas"))
            yield Raw(kind, place, {key: cell for key, cell in row.items() if key and cell and cell.strip()}, True)
    except csv.Error as error:
        faults.append(Fault(f"{name}, line {reader.line_num}", "file", f"it is not CSV: {error}", "Correct that line"))


def _kind_of(heads: list[str]) -> str:
    """Which kind the columns of a CSV file make; the one that needs most of them."""
    fits = [kind for kind in KINDS.values() if set(kind.needed) <= set(heads)]
    return max(fits, key=lambda kind: len(kind.needed)).name if fits else ""


def _record(raw: Raw, faults: list[Fault]) -> Record:
    kind = KINDS[raw.kind]
    values: dict[str, Any] = {}
    handles: list[tuple[str, str]] = []
    for key, value in raw.values.items():
        try:
            if key in kind.fields:
                values[key] = kind.fields[key](value, raw.is_bare)
            elif kind.has_handles and key in HANDLES:
                items = r.many(HANDLES[key])(value if isinstance(value, list) or raw.is_bare else [value], raw.is_bare)
                handles += [(key, address) for address in items]
            else:
                near = r.nearest(key, kind.keys)
                remedy = f"Did you mean {near}?" if near else f"A {kind.name} has {', '.join(kind.keys)}"
                faults.append(Fault(raw.place, f"{kind.name}.{key}", "this key is not known", remedy))
        except r.Wrong as wrong:
            faults.append(Fault(raw.place, f"{kind.name}.{key}", wrong.problem, wrong.remedy))
    for key in kind.needed:
        if key not in raw.values:
            faults.append(Fault(raw.place, f"{kind.name}.{key}", "it is missing", f"Write {key}"))
    return Record(raw.kind, raw.place, values, tuple(handles))
