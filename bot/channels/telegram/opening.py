"""Puts the channel together: what wiring calls, and nothing else. Import it late: it loads the Telegram client."""

from __future__ import annotations

import asyncio

from bot.channels.port import Bookmarks, Desk
from bot.channels.telegram.client import BotClient
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.sender import Moved, Sleep, TelegramSender
from bot.channels.telegram.translate import Reading
from bot.channels.telegram.webhook import TelegramWebhook
from bot.clock import Clock
from bot.tokens import Signer


def open_sender(
    config: TelegramConfig,
    signer: Signer,
    clock: Clock,
    *,
    on_moved: Moved | None = None,
    sleep: Sleep = asyncio.sleep,
) -> TelegramSender:
    """The outgoing half. A bad token shows at the first send."""
    return TelegramSender(BotClient(config), signer, clock, on_moved=on_moved, sleep=sleep)


def open_listener(
    config: TelegramConfig, desk: Desk, signer: Signer, clock: Clock, *, bookmarks: Bookmarks | None = None
) -> TelegramPoller | TelegramWebhook:
    """The incoming half: a webhook where a secret is set (mount it at `webhook.PATH`), else a poller.

    A bad token or secret shows at `start`, so that it stops no other channel.
    """
    client = BotClient(config)
    reading = Reading(
        bot_id=config.bot_id,
        # Telegram tells the name at the start; until then the bot answers to its number alone.
        username="",
        signer=signer,
        staff_chat=config.staff_chat or "",
        reads_all_in_groups=config.read_all_in_groups,
    )
    intake = Intake(client, desk, reading, clock)
    if config.webhook_secret:
        return TelegramWebhook(client, intake, config)
    return TelegramPoller(client, intake, config, bookmarks=bookmarks)
