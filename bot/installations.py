"""Where a chat app was installed by others: a token a workspace, in the database (`channels.port.Installations`).

Of slack_sdk's own store the columns that a bot needs; that store asks for a library of its own on this version of
SQLAlchemy, and would bring tables that no migration knows.
"""

from __future__ import annotations

from bot.channels.port import Installation, Token
from bot.clock import Clock
from bot.queries import installations as queries
from bot.store import Store


class StoredInstallations:
    """Installations of one app."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def token(self, workspace: str) -> Token | None:
        row = await self._store.read(lambda tx: tx.one(queries.TOKEN, workspace=workspace))
        return None if row is None else Token(row.bot_token, row.refresh_token, row.expires_at)

    async def keep(self, installed: Installation) -> None:
        now = self._clock.now()
        await self._store.run(
            lambda tx: tx.run(
                queries.KEEP,
                workspace=installed.workspace,
                name=installed.name,
                app_id=installed.app_id,
                bot_token=installed.token.bot_token,
                refresh_token=installed.token.refresh,
                expires_at=installed.token.expires_at,
                bot_user_id=installed.bot_user_id,
                scopes=installed.scopes,
                installer=installed.installer,
                now=now,
            )
        )

    async def rotate(self, workspace: str, new: Token, *, was: str) -> None:
        await self._store.run(
            lambda tx: tx.run(
                queries.ROTATE,
                workspace=workspace,
                bot_token=new.bot_token,
                refresh_token=new.refresh,
                expires_at=new.expires_at,
                was=was,
            )
        )

    async def remove(self, workspace: str) -> None:
        await self._store.run(lambda tx: tx.run(queries.REMOVE, workspace=workspace))
