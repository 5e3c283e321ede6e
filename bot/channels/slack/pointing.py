"""The thread of a message that somebody pointed at, by shortcut or reaction, read as the messages it is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.channels.slack import hurry
from bot.channels.slack.events import written
from bot.channels.slack.faults import SlackMissing
from bot.channels.slack.payloads import Heard, Payload, Pointed, Unreadable, parts, string
from bot.channels.slack.service import FETCH_SECONDS_MAX, Service
from bot.errors import DeliveryDelayed, DeliveryRefused

log = structlog.get_logger(__name__)

THREAD_LENGTH_MAX = 100


async def thread_of(service: Service, pointed: Pointed, now: datetime) -> list[Heard]:
    """The messages of persons in it, oldest first; the one pointed at alone, where the rest cannot be had.

    Raises DeliveryDelayed or TimeoutError where there is nothing yet, but may be later.
    """
    try:
        async with hurry.within(FETCH_SECONDS_MAX):
            messages = await _thread(service, pointed.channel, pointed.message_id)
    except (DeliveryDelayed, DeliveryRefused, TimeoutError) as error:
        log.warning("slack_thread_not_fetched", error=str(error))
        if pointed.found is None and not isinstance(error, DeliveryRefused | SlackMissing):
            raise
        messages = []
    if not messages and pointed.found is not None:
        messages = [pointed.found]
    return [heard for message in messages if (heard := _read(pointed, message, now)) is not None]


async def _thread(service: Service, channel: str, message_id: str) -> list[Payload]:
    """A message and, where it began or belongs to a thread, the whole of it, oldest first."""
    messages = await _replies(service, channel, message_id)
    first = string(messages[0], "thread_ts") if messages else ""
    return await _replies(service, channel, first) if first and first != message_id else messages


async def _replies(service: Service, channel: str, message_id: str) -> list[Payload]:
    asked = {"channel": channel, "ts": message_id, "limit": THREAD_LENGTH_MAX}
    return parts(await service.read("conversations.replies", asked), "messages")


def _read(pointed: Pointed, message: Payload, now: datetime) -> Heard | None:
    try:
        heard = written(message, team=pointed.team, channel=pointed.channel, now=now)
    except Unreadable as error:
        log.warning("slack_message_unreadable", reason=str(error))
        return None
    if not isinstance(heard, Heard):
        return None
    # It may have been heard already, when it was said. Naming itself, it then joins its ticket and opens no other.
    references = (heard.message.message_id, *heard.message.references)
    return Heard(replace(heard.message, references=references), heard.files)
