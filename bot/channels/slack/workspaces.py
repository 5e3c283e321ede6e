"""Which token speaks to which workspace, where the app is installed in several.

Looked up once a workspace and kept for a minute: another process may have installed or removed the app meanwhile.
"""

from __future__ import annotations

import structlog

from bot.channels.port import Installation, Installations
from bot.channels.slack.payloads import Payload, part, string
from bot.clock import Clock

log = structlog.get_logger(__name__)

KEPT_SECONDS = 60.0


class Workspaces:
    """The installations, as the sender and the intake need them."""

    def __init__(self, installations: Installations, clock: Clock) -> None:
        self._installations, self._clock = installations, clock
        self._kept: dict[str, tuple[float, str]] = {}

    async def token(self, team: str) -> str:
        """The bot's token in a workspace; "" where the app is not installed."""
        now = self._clock.monotonic()
        kept = self._kept.get(team)
        if kept is not None and kept[0] > now:
            return kept[1]
        token = await self._installations.token(team)
        self._kept[team] = (now + KEPT_SECONDS, token)
        return token

    async def install(self, granted: Payload) -> str:
        """Keep what Slack granted (oauth.v2.access); returns the workspace's name. Raises Unreadable."""
        team = part(granted, "team", is_needed=True)
        installation = Installation(
            workspace=string(team, "id", is_needed=True),
            name=string(team, "name"),
            app_id=string(granted, "app_id"),
            bot_token=string(granted, "access_token", is_needed=True),
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
