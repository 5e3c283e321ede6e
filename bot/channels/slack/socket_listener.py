"""Slack by Socket Mode, for a desk without a public address: slack-bolt keeps the connection, we keep the promise.

Bolt runs with `process_before_response`, so that an envelope is acknowledged only after the desk's commit; whatever
is not acknowledged, Slack sends again. One middleware takes every payload to the intake, so that this transport and
the signed one cannot come to differ.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.port import Desk
from bot.channels.slack.acks import Ack
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.intake import Intake
from bot.channels.slack.payloads import REQUEST, Identity, raw_of
from bot.channels.slack.service import Service
from bot.clock import Clock
from bot.errors import ConfigError, DeliveryDelayed, Fault
from bot.tokens import Signer

log = structlog.get_logger(__name__)

# The type of an envelope that brings a slash command, and what tells one command from another but for its trigger.
COMMANDS = "slash_commands"
SAID = ("command", "text", "user_id", "channel_id")
STOP_SECONDS = 5.0
# How long a start waits for Slack before it goes on without: the desk's other roles are not to wait.
START_SECONDS, IDENTITY_SECONDS = 3.0, 1.5
DIAL_SECONDS_MAX = 15.0
DIAL_PAUSE_SECONDS_MAX = 60.0
# The client reconnects by itself, but clings to an address that Slack honours once; then we dial afresh.
LOOKS_BEFORE_DIALLING = 6


class SocketListener:
    """Holds a Socket Mode connection and opens it anew whenever it breaks."""

    name = "slack-socket"

    def __init__(self, config: SlackConfig, desk: Desk, *, signer: Signer, clock: Clock, service: Service) -> None:
        self._config = config
        self._service = service
        self._intake = Intake(config, desk, signer=signer, clock=clock, service=service)
        self._triggers = _Triggers()
        self._handler: _Handler | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect. Raises ConfigError for tokens that Slack refuses; while Slack cannot be reached, returns and
        keeps trying."""
        missing = [
            Fault("environment", key, "missing", f"Set the token that begins with {prefix}")
            for key, prefix, token in (
                ("SLACK_BOT_TOKEN", "xoxb-", self._config.bot_token or self._config.is_installed_by_oauth),
                ("SLACK_APP_TOKEN", "xapp-", self._config.app_token),
            )
            if not token
        ]
        if missing:
            raise ConfigError(missing)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._dial()
        except (DeliveryDelayed, TimeoutError) as error:
            log.warning("slack_not_reached", error=str(error) or "no answer in time")
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """Take no more envelopes, let what is under way end, hang up."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        await self._intake.close(STOP_SECONDS)
        await self._hang_up()

    @property
    def is_connected(self) -> bool:
        """Is a connection open at this moment?"""
        session = self._handler.client.current_session if self._handler is not None else None
        return session is not None and not session.closed

    async def _dial(self) -> None:
        """Open a connection. Raises ConfigError for good, DeliveryDelayed for now."""
        identity = await self._identity()
        url = await self._service.socket_url()
        if not url.startswith(("ws://", "wss://")):
            raise DeliveryDelayed("apps.connections.open names no address of a socket")
        await self._hang_up()
        handler = self._handler = _Handler(self._intake, self._config, self._service.client, self._triggers)
        handler.client.wss_uri = url
        try:
            async with asyncio.timeout(DIAL_SECONDS_MAX):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise DeliveryDelayed("Slack's socket did not open") from error
        log.info("slack_connected", team=identity.team)

    async def _identity(self) -> Identity:
        """Who we are, where the service tells; one that cannot tell just now may open a socket all the same."""
        try:
            async with asyncio.timeout(IDENTITY_SECONDS):
                return await self._service.identity()
        except (DeliveryDelayed, TimeoutError) as error:
            log.warning("slack_identity_unknown", error=str(error) or "no answer in time")
            return self._service.me

    async def _hang_up(self) -> None:
        handler, self._handler = self._handler, None
        if handler is not None:
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _keep(self) -> None:
        """Dial afresh, with longer and longer pauses, whenever the client has not come back by itself."""
        looks, pause = (0 if self.is_connected else LOOKS_BEFORE_DIALLING), self._config.ping_seconds
        while True:
            await asyncio.sleep(pause)
            looks = 0 if self.is_connected else looks + 1
            if looks < LOOKS_BEFORE_DIALLING:
                pause = self._config.ping_seconds
                continue
            try:
                await self._dial()
            except (DeliveryDelayed, ConfigError) as error:
                # A token that was good may be good again: a manager is at work on it.
                log.error("slack_not_reached", error=str(error))
                pause = min(pause * 2, DIAL_PAUSE_SECONDS_MAX)


class _Triggers:
    """Whether each command has a trigger of its own, as Slack's have; what stands in for Slack may give all the same.

    Until two commands are seen to share one, a trigger that comes again is a command that comes again.
    """

    def __init__(self) -> None:
        self._are_shared = False
        self._latest: tuple[object, list[object]] = (None, [])

    def are_shared_with(self, command: Mapping[str, Any]) -> bool:
        """Note a command; says whether only its envelope tells it from another."""
        trigger, said = command.get("trigger_id"), [command.get(name) for name in SAID]
        self._are_shared = self._are_shared or (trigger == self._latest[0] and said != self._latest[1])
        self._latest = (trigger, said)
        return self._are_shared


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, with a place for what Bolt itself cannot read."""

    def __init__(self, intake: Intake, config: SlackConfig, client: AsyncWebClient, triggers: _Triggers) -> None:
        self._intake, self._triggers = intake, triggers
        super().__init__(
            _app(intake, client),
            config.app_token,
            web_client=client,
            proxy=client.proxy,
            ping_interval=config.ping_seconds,
        )
        self.client.proxy = client.proxy
        self._wordless: set[str] = set()
        self.client.message_listeners.append(self._on_envelope)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        if req.type == COMMANDS and isinstance(req.payload, dict) and self._triggers.are_shared_with(req.payload):
            req.payload[REQUEST] = req.envelope_id
        try:
            response = await run_async_bolt_app(self.app, req)
        except Exception:
            log.exception("slack_envelope_failed")
            response = _response(await self._intake.quarantine(raw_of(req.payload), "Bolt failed to read it"))
        if req.envelope_id in self._wordless:
            self._wordless.discard(req.envelope_id)
            await self._answer_beside(req.payload, response)
        await send_async_response(client, req, response, 0.0)

    async def _answer_beside(self, payload: Any, response: BoltResponse) -> None:
        """The words of an acknowledgement that may have none, where they can go."""
        words, response.body = response.body, ""
        if words and isinstance(payload, dict) and response.status == 200:
            self._intake.answer_beside(payload, words)

    async def _on_envelope(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], raw: str | None = None
    ) -> None:
        """An envelope without an object in it would be dropped by the client, and sent by Slack again and again."""
        envelope_id = message.get("envelope_id")
        if isinstance(envelope_id, str) and message.get("accepts_response_payload") is False:
            self._wordless.add(envelope_id)
        if not isinstance(envelope_id, str) or isinstance(message.get("payload"), dict | str):
            return
        ack = await self._intake.quarantine(raw_of(message), "an envelope without a payload")
        if ack.status == 200:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope_id))


def _app(intake: Intake, client: AsyncWebClient) -> AsyncApp:
    """A Bolt application of one middleware, in front of all of Bolt's own.

    Bolt's authorisation would stumble over poison, and where its auth.test fails, it acknowledges an event that
    nobody has seen.
    """

    async def take(req: AsyncBoltRequest) -> BoltResponse:
        return _response(await intake.take(req.body))

    logger = logging.getLogger("bot.channels.slack.bolt")
    # Below errors Bolt says much, and may say it with tokens and texts.
    logger.setLevel(logging.ERROR)
    return AsyncApp(
        name="holdline",
        logger=logger,
        client=client,
        before_authorize=take,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )


def _response(ack: Ack) -> BoltResponse:
    return BoltResponse(status=ack.status, body=ack.body if isinstance(ack.body, str) else dict(ack.body))
