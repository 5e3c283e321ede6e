"""Where a chat app was installed by others: a token a workspace, in the database (`channels.port.Installations`).

Of slack_sdk's own store the columns that a bot needs; that store asks for a library of its own on this version of
SQLAlchemy, and would bring tables that no migration knows.
"""

from __future__ import annotations

from bot.channels.port import Installation
from bot.clock import Clock
from bot.queries import installations as queries
from bot.store import Store


class StoredInstallations:
    """Installations of one app."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def token(self, workspace: str) -> str:
        row = await self._store.read(lambda tx: tx.one(queries.TOKEN, workspace=workspace))
        return str(row.bot_token) if row is not None else ""

    async def keep(self, installed: Installation) -> None:
        now = self._clock.now()
        await self._store.run(
            lambda tx: tx.run(
                queries.KEEP,
                workspace=installed.workspace,
                name=installed.name,
                app_id=installed.app_id,
                bot_token=installed.bot_token,
                bot_user_id=installed.bot_user_id,
                scopes=installed.scopes,
                installer=installed.installer,
                now=now,
            )
        )

    async def remove(self, workspace: str) -> None:
        await self._store.run(lambda tx: tx.run(queries.REMOVE, workspace=workspace))
