"""Where a chat app was installed by others: a token a workspace, in the database (`channels.port.Installations`).

Of slack_sdk's own store the columns that a bot needs (`docs/decisions/slack.md` says why not that store itself). The
tokens are sealed: the table alone lets nobody write as the app.
"""

from __future__ import annotations

from bot.channels.port import Installation, Seal, Token
from bot.clock import Clock
from bot.queries import installations as queries
from bot.store import Row, Store, Tx


class StoredInstallations:
    """Installations of one app. seal: opens and closes what is kept."""

    def __init__(self, store: Store, clock: Clock, seal: Seal) -> None:
        self._store, self._clock, self._seal = store, clock, seal

    async def token(self, workspace: str) -> Token | None:
        """The token there. Raises ConfigError where the desk's secret does not open it."""
        row = await self._store.read(lambda tx: _speaking(tx, workspace))
        if row is None:
            return None
        bot_token = self._seal.open(_bot(row.workspace), row.bot_token)
        refresh = self._seal.open(_refresh(row.workspace), row.refresh_token)
        return Token(bot_token, refresh, row.expires_at, row.workspace)

    async def cover(self, workspace: str, enterprise: str) -> None:
        now = self._clock.now()
        await self._store.run(lambda tx: tx.run(queries.COVER, workspace=workspace, enterprise=enterprise, now=now))

    async def keep(self, installed: Installation) -> None:
        now, workspace = self._clock.now(), installed.workspace
        bot_token = self._seal.close(_bot(workspace), installed.token.bot_token)
        refresh_token = self._seal.close(_refresh(workspace), installed.token.refresh)
        await self._store.run(
            lambda tx: tx.run(
                queries.KEEP,
                workspace=workspace,
                name=installed.name,
                app_id=installed.app_id,
                bot_token=bot_token,
                refresh_token=refresh_token,
                expires_at=installed.token.expires_at,
                bot_user_id=installed.bot_user_id,
                scopes=installed.scopes,
                installer=installed.installer,
                now=now,
            )
        )

    async def rotate(self, workspace: str, new: Token, *, was: str) -> None:
        bot_token = self._seal.close(_bot(workspace), new.bot_token)
        refresh_token = self._seal.close(_refresh(workspace), new.refresh)

        def exchange(tx: Tx) -> None:
            row = tx.one(queries.TOKEN, workspace=workspace)
            # No two seals are alike, so the token is compared here, and its seal in the statement.
            if row is None or self._seal.open(_refresh(workspace), row.refresh_token) != was:
                return
            tx.run(
                queries.ROTATE,
                workspace=workspace,
                bot_token=bot_token,
                refresh_token=refresh_token,
                expires_at=new.expires_at,
                was=row.refresh_token,
            )

        await self._store.run(exchange)

    async def remove(self, workspace: str) -> None:
        await self._store.run(lambda tx: tx.run(queries.REMOVE, workspace=workspace))


def _speaking(tx: Tx, workspace: str) -> Row | None:
    """The row whose token speaks in a workspace: its own, or its organisation's."""
    row = tx.one(queries.TOKEN, workspace=workspace)
    return tx.one(queries.TOKEN, workspace=row.enterprise) if row is not None and row.enterprise else row


def _bot(workspace: str) -> str:
    return f"bot token of Slack workspace {workspace}"


def _refresh(workspace: str) -> str:
    return f"refresh token of Slack workspace {workspace}"
