"""Addresses that nothing reaches, or that want no notices: marked with what the other side said, lifted by a person."""

from __future__ import annotations

from datetime import datetime

from bot.queries import bounces as queries
from bot.store import Tx

TROUBLE_LENGTH_MAX = 300


def mark_dead(tx: Tx, handle_id: int, trouble: str, *, now: datetime) -> bool:
    """Nothing is written to this handle any more. False where that was known."""
    return tx.run(queries.FOUND_DEAD, handle_id=handle_id, trouble=trouble[:TROUBLE_LENGTH_MAX], now=now) == 1


def stop_notices(tx: Tx, handle_id: int, trouble: str, *, now: datetime) -> bool:
    """This handle gets no notices any more, only what a person writes. False where it was so."""
    return tx.run(queries.COMPLAINED, handle_id=handle_id, trouble=trouble[:TROUBLE_LENGTH_MAX], now=now) == 1


def lift_trouble(tx: Tx, handle_id: int) -> bool:
    """The handle is written to like any other again. False where it was."""
    return tx.run(queries.LIFT, handle_id=handle_id) == 1


def lift_death(tx: Tx, handle_id: int) -> bool:
    """Something came from this handle, so it is alive. Notices that its owner did not want stay stopped."""
    return tx.run(queries.LIFT_DEATH, handle_id=handle_id) == 1


def want_digests(tx: Tx, handle_id: int, *, is_wanted: bool) -> bool:
    """Whether digests come to this handle from now on. False where that was so."""
    return tx.run(queries.DIGESTS, handle_id=handle_id, is_off=not is_wanted) == 1
