"""Socket Mode: tokens, broken lines, envelopes without sense, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.service import Service
from bot.channels.slack.socket_listener import SocketListener
from bot.errors import ConfigError
from bot.messages import Answer, Order
from tests.unit.slack_ground import Ground, RecordingDesk, a_ground, a_signer, over


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    async with over("socket") as ground:
        yield ground


def a_listener(ground: Ground, config: SlackConfig, service: Service) -> SocketListener:
    return SocketListener(config, ground.desk, signer=a_signer(), clock=ground.clock, service=service)


@pytest.mark.parametrize(
    ("tokens", "key"),
    [
        ({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"app_token": "xoxb-double"}, "SLACK_APP_TOKEN"),
        ({"bot_token": ""}, "SLACK_BOT_TOKEN"),
        ({"app_token": ""}, "SLACK_APP_TOKEN"),
    ],
    ids=["bot token refused", "app token refused", "a bot token in its place", "no bot token", "no app token"],
)
async def test_a_bad_token_is_named_at_the_start(tokens: dict[str, str], key: str) -> None:
    async with a_ground() as ground:
        config = replace(ground.config, **tokens)
        service = Service(config)
        with pytest.raises(ConfigError, match=key):
            await a_listener(ground, config, service).start()
        await service.close()


async def test_a_slack_that_cannot_be_reached_does_not_hold_up_the_start() -> None:
    async with a_ground() as ground:
        ground.slack.refuse("apps.connections.open", "internal_error", status=503)
        listener = a_listener(ground, ground.config, ground.service)
        await listener.start()
        assert not listener.is_connected
        await ground.slack.sockets.connected()
        ann = ground.slack.person("ann")
        assert (await ground.slack.says(ann, "Printer is on fire")).is_acknowledged
        await listener.stop()


async def test_it_comes_back_when_slack_asks_it_to(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    await ground.slack.says(ann, "before")
    await ground.slack.sockets.ask_to_reconnect()
    await ground.slack.sockets.connected(2)
    await ground.slack.says(ann, "after")
    assert ground.desk.texts == ["before", "after"]


async def test_it_comes_back_when_the_line_is_cut(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    await ground.slack.sockets.drop()
    await ground.slack.sockets.connected(2)
    assert (await ground.slack.says(ann, "after")).is_acknowledged


async def test_it_dials_afresh_where_the_client_clings_to_a_dead_address(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.slack.api.dead_addresses = 1
    await ground.slack.sockets.drop()
    await ground.slack.sockets.connected(2)
    assert (await ground.slack.says(ann, "after")).is_acknowledged


@pytest.mark.parametrize("payload", [None, [], "words", 7], ids=str)
async def test_an_envelope_without_an_object_is_kept_and_acknowledged(ground: Ground, payload: object) -> None:
    attempt = await ground.slack.sockets.deliver("event", payload, 0)
    assert attempt.is_acknowledged
    assert len(ground.desk.quarantined) == 1


class SlowDesk(RecordingDesk):
    """Commits only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may_end = asyncio.Event(), asyncio.Event()

    async def obey(self, order: Order) -> Answer:
        self.began.set()
        await self.may_end.wait()
        return await super().obey(order)


async def test_what_is_under_way_ends_before_the_line_is_closed() -> None:
    async with a_ground() as ground:
        desk = SlowDesk()
        listener = SocketListener(ground.config, desk, signer=a_signer(), clock=ground.clock, service=ground.service)
        await listener.start()
        command = asyncio.create_task(ground.slack.commands(ground.slack.person("ann"), "/claim 42"))
        await desk.began.wait()
        stopping = asyncio.create_task(listener.stop())
        await asyncio.sleep(0)
        desk.may_end.set()
        assert (await command).body["text"] == "Done."
        await stopping


async def test_nothing_is_left_running_after_the_end() -> None:
    before = len(asyncio.all_tasks())
    async with over("socket") as ground:
        await ground.slack.says(ground.slack.person("ann"), "hello")
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before
