"""Rows as the entry beside them keeps them: what a row says is in the evidence, and the evidence is in the hash chain.

Whoever writes a row of the books puts it into its entry; the audit holds the row to it, column by column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.clock import as_utc
from bot.store import Row


def kept(**values: object) -> dict[str, object]:
    """Columns of a row, fit for the evidence of its entry: dates and instants as text."""
    return {name: _plain(value) for name, value in values.items()}


def digest_of(text: str) -> str:
    """A long text by its SHA-256, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(row: Row, said: Mapping[str, Any] | None) -> list[str]:
    """Each column that is not what its entry keeps: "minutes is 51, 50 was posted"; one line where nothing is kept."""
    if said is None:
        return ["its entry keeps nothing of it"]
    return [
        f"{name} is {_plain(getattr(row, name))}, {value} was posted"
        for name, value in said.items()
        if _plain(getattr(row, name)) != value
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
