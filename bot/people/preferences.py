"""What a person has chosen for themselves, and what their chat account says of them where they chose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.queries import own as queries
from bot.sentences import sentence
from bot.store import Row, Tx

# Ranks of handles that were put in an order begin here; what was never named stays behind.
FIRST_RANK, RANK_STEP = 10, 1


@dataclass(frozen=True, slots=True)
class Preferences:
    """language: "" where nothing says one. zone: "" for a stranger. quiet_hours: "22:00-07:00", or ""."""

    language: str = ""
    zone: str = ""
    quiet_hours: str = ""


def of_handle(tx: Tx, handle_id: int) -> Preferences:
    """Of the person behind a handle.

    Language: the one they chose, else the one that their account is in, else their client's.
    """
    row = tx.one(queries.PERSON_OF_HANDLE, handle_id=handle_id)
    if row is None:
        return Preferences()
    language = row.consultant_language or row.contact_language or row.handle_language or row.client_language
    return Preferences(language, row.zone, row.quiet_hours)


def handles_of(tx: Tx, *, contact_id: int | None = None, consultant_id: int | None = None) -> list[Row]:
    """Every handle of a person, in the order in which they are tried."""
    if consultant_id is not None:
        return tx.all(queries.HANDLES_OF_CONSULTANT, consultant_id=consultant_id)
    return tx.all(queries.HANDLES_OF_CONTACT, contact_id=contact_id) if contact_id is not None else []


def order_channels(tx: Tx, handles: Sequence[Row], channels: Sequence[str]) -> None:
    """Try the handles of these channels first, in this order; the others after them, as they stood.

    Raises UserError for a channel that the person has no handle on.
    """
    known = {row.channel for row in handles}
    unknown = [channel for channel in channels if channel not in known]
    if unknown:
        has = ", ".join(sorted(known))
        raise UserError(sentence("answer channel unknown", what=", ".join(unknown), known=has))
    places = {channel: place for place, channel in enumerate(channels)}
    ordered = sorted(handles, key=lambda row: places.get(row.channel, len(places)))
    for place, row in enumerate(ordered):
        tx.run(queries.HANDLE_RANK, handle_id=row.id, rank=FIRST_RANK + place * RANK_STEP)
