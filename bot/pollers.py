"""Bookmarks and leases of pollers, kept in the database, so that a second worker waits instead of fighting."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from bot.clock import Clock
from bot.errors import LeaseLost
from bot.queries import pollers as queries
from bot.store import Store

LEASE_SECONDS = 60


class StoredBookmarks:
    """One process's hold on the streams it reads; see `channels.port.Bookmarks`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        # Beside SQLite one process alone serves the desk: what it held when it was killed is its own at once.
        self._holder = secrets.token_hex(8) if store.dialect == "postgresql" else "the desk"

    async def take(self, name: str) -> bool:
        now = self._clock.now()
        until = now + timedelta(seconds=LEASE_SECONDS)
        taken = await self._store.run(
            lambda tx: tx.run(queries.TAKE, name=name, holder=self._holder, now=now, until=until)
        )
        return taken == 1

    async def give_back(self, name: str) -> None:
        await self._store.run(lambda tx: tx.run(queries.GIVE_BACK, name=name, holder=self._holder))

    async def position(self, name: str) -> dict[str, int | str]:
        row = await self._store.read(lambda tx: tx.one(queries.POSITION, name=name))
        return dict(json.loads(row.position_json)) if row is not None else {}

    async def save(self, name: str, position: dict[str, int | str]) -> None:
        saved = await self._store.run(
            lambda tx: tx.run(
                queries.SAVE, name=name, holder=self._holder, position_json=json.dumps(position, sort_keys=True)
            )
        )
        if saved != 1:
            raise LeaseLost(f"{name} is read by another process now")
