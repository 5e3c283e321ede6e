"""The calls of Slack's Web API, as the sender and the intake need them, with Slack's errors in the desk's words.

Nothing is tried twice here: what goes out is repeated by the outbox, what comes in by Slack itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.slack import hurry
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.echoes import Echoes
from bot.channels.slack.faults import SlackMissing, SlackSilent, fault_of
from bot.channels.slack.payloads import NOBODY, Identity, Payload, part, string
from bot.channels.slack.stand_in import SLACK_HOSTS, PatientClient, Ways, is_stand_in
from bot.errors import ConfigError, DeliveryDelayed, DeliveryRefused, Fault

if TYPE_CHECKING:
    from bot.channels.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)
# The workspace that the present task is about. Tasks that it begins inherit it.
_TEAM: ContextVar[str] = ContextVar("slack_team", default="")

CALL_SECONDS_MAX, POST_SECONDS_MAX, OPEN_SECONDS_MAX = 15.0, 6.0, 3.0
# Of what is asked for before an acknowledgement; see `hurry`.
FETCH_SECONDS_MAX, TOKEN_SECONDS_MAX = 2.0, 1.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Service:
    """The Web API of one workspace, or of all that installed us.

    Connections are opened at the first call and kept until `close`.
    """

    def __init__(self, config: SlackConfig, workspaces: Workspaces | None = None) -> None:
        self._config, self._workspaces = config, workspaces
        self._session: aiohttp.ClientSession | None = None
        self._me: dict[str, Identity] = {}
        self._tokens: dict[str, str] = {}
        self._clients: dict[str, AsyncWebClient] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        if workspaces is not None:
            workspaces.exchange = self._exchange
        self._is_stand_in, self._ways = is_stand_in(config.api_url), Ways()
        self.echoes = Echoes(is_marked=not self._is_stand_in)

    @property
    def client(self) -> AsyncWebClient:
        """The client of the present workspace; only within the running loop."""
        return self._client_of(self.token)

    def _client_of(self, token: str) -> AsyncWebClient:
        client = self._clients.get(token)
        if client is None:
            options: dict[str, Any] = {"token": token, "base_url": self._config.api_url, "retry_handlers": []}
            client = PatientClient(ways=self._ways, **options) if self._is_stand_in else AsyncWebClient(**options)
            if urlsplit(self._config.api_url).hostname in _LOOPBACK:
                # The client takes a proxy from the environment, whatever the environment exempts from it.
                client.proxy = None
            self._clients[token] = client
        client.session = self.open_session()
        return client

    @property
    def me(self) -> Identity:
        """Who we are in the present workspace, as far as it is known: told by the service, or seen in our own words."""
        told = self._me.get(self._place, NOBODY)
        return told if told.user or self._workspaces is not None else replace(told, user=self.echoes.user)

    @property
    def is_introduced(self) -> bool:
        """Has the service told us who we are?"""
        return self._place in self._me

    @property
    def is_asking_who(self) -> bool:
        """Is the question under way?"""
        return self._who in self._asking

    @property
    def _who(self) -> str:
        return f"who {self._place}"

    @property
    def _place(self) -> str:
        return _TEAM.get() if self._workspaces is not None else ""

    @property
    def token(self) -> str:
        """The bot's token in the present workspace."""
        return self._tokens.get(_TEAM.get()) or self._config.bot_token

    async def enter(self, team: str, enterprise: str = "", *, is_needed: bool = True) -> None:
        """From here on, within this task, calls go to that workspace, by the token that it gave us.

        Where the app is installed in one workspace alone, there is one token, and nothing to do. Raises DeliveryDelayed
        where its token cannot be had now, if it is needed: what comes in is heard all the same. enterprise: the
        organisation that installed the app for all of its workspaces, where a payload says so.
        """
        if self._workspaces is None or not team:
            return
        _TEAM.set(team)
        if is_needed:
            await self._take_token(self._workspaces, team, enterprise)
            return
        try:
            async with hurry.within(TOKEN_SECONDS_MAX):
                # Not broken off: a refresh token that Slack has taken is good for this one answer.
                await self._once(f"token {team}", self._take_token(self._workspaces, team, enterprise))
        except (DeliveryDelayed, TimeoutError) as error:
            log.warning("slack_token_unknown", team=team, error=str(error) or type(error).__name__)

    async def _take_token(self, workspaces: Workspaces, team: str, enterprise: str) -> None:
        if enterprise:
            await workspaces.cover(team, enterprise)
        self._tokens[team] = await workspaces.token(team)

    async def _once(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Wait for work that goes on where nobody waits for it any longer; who comes meanwhile waits for the same."""
        task = self._asking.get(what)
        if task is None:
            task = self._asking[what] = asyncio.create_task(work)
            task.add_done_callback(lambda ended: self._forget(what, ended))
        else:
            work.close()
        await asyncio.shield(task)

    def _forget(self, what: str, ended: asyncio.Task[None]) -> None:
        self._asking.pop(what, None)
        if not ended.cancelled():
            # Looked at, for there may be nobody left to whom it matters.
            ended.exception()

    async def leave(self, team: str) -> None:
        """A workspace has put us out."""
        if self._workspaces is not None and team:
            await self._workspaces.remove(team)
            self._tokens.pop(team, None)

    async def granted(self, code: str, redirect_url: str) -> Payload:
        """What Slack grants for the code that an installation brought back. Raises as `asked` does."""
        return await self._access(code=code, redirect_uri=redirect_url)

    async def _access(self, **given: str) -> Payload:
        """A token for a code or a refresh token; the app's own secret proves who asks, and no token does."""
        ours, client = self._config, self._client_of("")
        call = client.oauth_v2_access(client_id=ours.client_id, client_secret=ours.client_secret, **given)
        return await self.asked(call)

    async def _exchange(self, refresh_token: str) -> Payload:
        return await self._access(grant_type="refresh_token", refresh_token=refresh_token)

    def open_session(self) -> aiohttp.ClientSession:
        """The connections; only within the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS_MAX))
        return self._session

    async def close(self) -> None:
        """Let the connections go."""
        for task in list(self._asking.values()):
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def identity(self) -> Identity:
        """Who the bot token says we are; kept as `me`, and NOBODY where the service cannot tell.

        Raises ConfigError where it will never do, DeliveryDelayed for now.
        """
        if not self.token:
            # Installed by OAuth alone: each workspace has its own token, and none is everybody's.
            return NOBODY
        try:
            said = await self.asked(self.client.auth_test())
        except SlackMissing as error:
            log.warning("slack_identity_unknown", error=str(error))
            return self.me
        except DeliveryRefused as error:
            raise _bad_token("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions", error) from error
        self._me[self._place] = Identity(*(string(said, name) for name in ("team_id", "user_id", "bot_id")))
        return self._me[self._place]

    async def know_ourselves(self) -> None:
        """Ask who we are, if that is not known; whatever fails is logged, and asked again another time."""
        if self.is_introduced:
            return
        try:
            async with hurry.within(FETCH_SECONDS_MAX):
                await self._once(self._who, self._introduce())
        except (ConfigError, DeliveryDelayed, TimeoutError, ValueError) as error:
            log.warning("slack_identity_unknown", error=str(error) or "no answer in time")

    async def _introduce(self) -> None:
        async with asyncio.timeout(FETCH_SECONDS_MAX):
            await self.identity()

    async def socket_url(self) -> str:
        """Where a Socket Mode connection may be opened, once. Raises as `identity` does."""
        try:
            said = await self.asked(self.client.apps_connections_open(app_token=self._config.app_token))
        except DeliveryRefused as error:
            raise _bad_token("SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens", error) from error
        return string(said, "url")

    async def read(self, method: str, arguments: Mapping[str, Any]) -> Payload:
        """Ask something, as Slack's client does, by GET; by POST, which Slack takes too, where GET is not known."""
        try:
            return await self.asked(self.client.api_call(method, http_verb="GET", params=dict(arguments)))
        except SlackMissing:
            return await self.asked(self.client.api_call(method, data=dict(arguments)))

    async def direct_channel(self, person: str) -> str:
        """The conversation of two with a person; "" where the service cannot open one. Raises as `asked` does."""
        asked = {"users": person}
        # Both in the query, as Slack's client sends it, and in the body, where others look.
        call = self.client.api_call("conversations.open", params=asked, json=asked)
        try:
            async with asyncio.timeout(OPEN_SECONDS_MAX):
                opened = await self.asked(call, is_direct=True)
        except (SlackMissing, SlackSilent, TimeoutError) as error:
            log.warning("slack_conversation_not_opened", error=str(error) or "no answer in time")
            return ""
        return string(part(opened, "channel"), "id")

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> bool:
        """Open a modal. Too late or refused is logged, and told: the person presses again, or types the line."""
        try:
            await self.asked(self.client.views_open(trigger_id=trigger_id, view=dict(view)))
        except (DeliveryDelayed, DeliveryRefused) as error:
            log.warning("slack_view_not_opened", error=str(error))
            return False
        return True

    async def publish_home(self, person: str, view: Mapping[str, Any]) -> None:
        """Show a person's home tab. A failure is logged: it is made anew when they open it again."""
        try:
            await self.asked(self.client.views_publish(user_id=person, view=dict(view)))
        except (DeliveryDelayed, DeliveryRefused) as error:
            log.warning("slack_home_not_shown", error=str(error))

    async def post(self, *, text: str, is_direct: bool = False, **given: Any) -> Payload:
        """Post a message; returns what Slack answered. Raises as `asked` does."""
        with self.echoes.posting(text):
            call = asyncio.wait_for(self.client.chat_postMessage(text=text, **given), POST_SECONDS_MAX)
            answer = await self.asked(call, is_direct=is_direct)
            self.echoes.posted(text, answer)
        return answer

    async def asked(self, call: Awaitable[AsyncSlackResponse], *, is_direct: bool = False) -> Payload:
        """What Slack answered to one call. Raises SlackDelayed or SlackRefused."""
        try:
            response = await call
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise fault_of(error, is_direct=is_direct) from error
        return response.data if isinstance(response.data, dict) else {}

    async def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Post to a response_url. A failure is logged and no more: the order itself is committed."""
        # An answer bears no token, and whoever gave the address signed it: a stand-in may name itself otherwise here.
        if not (self.is_slack(url) or (self._is_stand_in and url.startswith(("http://", "https://")))):
            log.warning("slack_response_url_not_slacks")
            return
        try:
            async with self.open_session().post(url, json=body) as response:
                if response.status >= 400:
                    log.warning("slack_response_refused", status=response.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("slack_response_failed", error=type(error).__name__)

    def is_slack(self, url: str) -> bool:
        """Only Slack is shown our token; an emulator is Slack, under the address that it was configured with."""
        try:
            asked, api = urlsplit(url), urlsplit(self._config.api_url)
        except ValueError:
            return False
        if asked.netloc == api.netloc and asked.scheme == api.scheme:
            return True
        host, home = asked.hostname or "", api.hostname or ""
        # What stands in for Slack may give links on another port of its own machine.
        is_near = self._is_stand_in and (host == home or (home in _LOOPBACK and host in _LOOPBACK))
        return is_near or (asked.scheme == "https" and (host == "slack.com" or host.endswith(SLACK_HOSTS)))


def _bad_token(key: str, prefix: str, page: str, error: DeliveryRefused) -> ConfigError:
    remedy = f"Copy the token that begins with {prefix} from the app's page at Slack, {page}"
    return ConfigError([Fault("environment", key, f"Slack refuses it ({error})", remedy)])
