"""Which token speaks to which workspace, where the app is installed in several.

Looked up once a workspace and kept for a minute: another process may have installed or removed the app meanwhile.
Where the app's tokens are rotated, each is exchanged two hours before its end. Slack takes a refresh token once, so of
two processes one comes too late; it uses what the other one kept.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.channels.port import Installation, Installations, Token
from bot.channels.slack.payloads import Payload, Unreadable, part, string
from bot.clock import Clock
from bot.errors import ConfigError, DeliveryDelayed, DeliveryRefused

log = structlog.get_logger(__name__)

KEPT_SECONDS = 60.0
# A token lives for twelve hours.
EXCHANGED_BEFORE = timedelta(hours=2)
# Asks Slack for the next token, by the refresh token. Raises as `Service.asked` does.
Exchange = Callable[[str], Awaitable[Payload]]


class Workspaces:
    """The installations, as the sender and the intake need them. exchange: set by the service."""

    def __init__(self, installations: Installations, clock: Clock) -> None:
        self._installations, self._clock = installations, clock
        self._kept: dict[str, tuple[float, str]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.exchange: Exchange | None = None

    async def token(self, team: str) -> str:
        """The bot's token in a workspace; "" where the app is not installed. Raises DeliveryDelayed."""
        now = self._clock.monotonic()
        kept = self._kept.get(team)
        if kept is not None and kept[0] > now:
            return kept[1]
        async with self._locks[team]:
            found = await self._stored(team)
            if found is not None and self._is_ending(found):
                found = await self._exchanged(team, found)
        token = found.bot_token if found is not None else ""
        self._kept[team] = (now + KEPT_SECONDS, token)
        return token

    async def _stored(self, team: str) -> Token | None:
        """The token that is kept. Raises DeliveryDelayed where the desk's secret does not open it: that is mended."""
        try:
            return await self._installations.token(team)
        except ConfigError as error:
            log.error("slack_token_sealed", team=team, error=str(error))
            raise DeliveryDelayed(str(error)) from error

    def _is_ending(self, token: Token) -> bool:
        ends_at = token.expires_at
        return bool(token.refresh) and ends_at is not None and self._clock.now() >= ends_at - EXCHANGED_BEFORE

    async def _exchanged(self, team: str, ending: Token) -> Token:
        """The token that follows; the one that is ending where Slack gives none now: it is asked again in a minute."""
        if self.exchange is None:
            return ending
        try:
            new = _token(await self.exchange(ending.refresh), self._clock.now())
        except (DeliveryDelayed, DeliveryRefused, Unreadable) as error:
            log.error("slack_token_not_exchanged", team=team, error=str(error))
            # Another process may have been first.
            return await self._stored(team) or ending
        await self._installations.rotate(ending.installed or team, new, was=ending.refresh)
        log.info("slack_token_exchanged", team=team)
        return new

    async def cover(self, team: str, enterprise: str) -> None:
        """A payload says that an organisation's installation, which is known, speaks in this workspace too."""
        if team != enterprise and not await self.token(team) and await self.token(enterprise):
            await self._installations.cover(team, enterprise)
            self._kept.pop(team, None)
            log.info("slack_covered", team=team, enterprise=enterprise)

    async def install(self, granted: Payload) -> str:
        """Keep what Slack granted (oauth.v2.access); returns the workspace's name. Raises Unreadable."""
        # A whole organisation (Enterprise Grid) gives one token for all of its workspaces, and names none.
        team = part(granted, "team") or part(granted, "enterprise", is_needed=True)
        installation = Installation(
            workspace=string(team, "id", is_needed=True),
            name=string(team, "name"),
            app_id=string(granted, "app_id"),
            token=_token(granted, self._clock.now()),
            bot_user_id=string(granted, "bot_user_id"),
            scopes=string(granted, "scope"),
            installer=string(part(granted, "authed_user"), "id"),
        )
        await self._installations.keep(installation)
        self._kept.pop(installation.workspace, None)
        log.info("slack_installed", team=installation.workspace)
        return installation.name or installation.workspace

    async def remove(self, team: str) -> None:
        """The app was taken out of a workspace, or its token withdrawn."""
        await self._installations.remove(team)
        self._kept.pop(team, None)
        log.info("slack_removed", team=team)


def _token(granted: Payload, now: datetime) -> Token:
    """The token in what Slack granted. Raises Unreadable where there is none."""
    refresh, seconds = string(granted, "refresh_token"), string(granted, "expires_in")
    if refresh and not seconds.isdigit():
        raise Unreadable("expires_in is no number of seconds")
    ends_at = now + timedelta(seconds=int(seconds)) if refresh else None
    return Token(string(granted, "access_token", is_needed=True), refresh, ends_at)
