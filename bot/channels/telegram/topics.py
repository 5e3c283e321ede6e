"""Forum topics of the staff's group: one is made for a ticket's card, closed when the ticket is done, opened again.

Everything here is a convenience: a group without topics, a bot without the right to them, or a server without the
methods gets its cards all the same.
"""

from __future__ import annotations

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from bot.channels.telegram.client import BotClient
from bot.channels.telegram.markup import clean, shorten
from bot.channels.telegram.pacing import is_group
from bot.channels.telegram.wire import MethodMissing

log = structlog.get_logger(__name__)

TOPIC_UNITS_MAX = 128
KEPT_MAX = 5_000


class Topics:
    """Knows which groups have none, which topics it closed, and which still wait for their card."""

    def __init__(self, client: BotClient) -> None:
        self._client = client
        self._flat: set[str] = set()
        self._silent: set[str] = set()
        self._closed: dict[tuple[str, int], bool] = {}
        self._waiting: dict[tuple[str, int], int] = {}

    def can_be_in(self, chat: str) -> bool:
        """May the chat have topics, as far as we know?"""
        return is_group(chat) and chat not in self._flat

    def waiting(self, chat: str, ticket_id: int) -> int | None:
        """The topic that was made for a ticket's card, where the card could not be posted in it yet."""
        return self._waiting.get((chat, ticket_id))

    def taken(self, chat: str, ticket_id: int) -> None:
        """The ticket's card stands in its topic."""
        self._waiting.pop((chat, ticket_id), None)

    async def make(self, chat: str, title: str, ticket_id: int) -> int | None:
        """A topic of that title for a ticket; None where the chat has none, or we may not make one.

        It is kept until it is taken: a card that has to wait for its turn finds it again.
        Raises TelegramError for what may pass, and ChatMigrated.
        """
        try:
            name = shorten(clean(title), TOPIC_UNITS_MAX)
            made = await self._client.call("createForumTopic", chat_id=chat, name=name)
            self._silent.discard(chat)
            topic = int(made["message_thread_id"])
            if len(self._waiting) >= KEPT_MAX:
                self._waiting.clear()
            self._waiting[chat, ticket_id] = topic
            return topic
        except TimedOut:
            if chat not in self._silent:
                self._silent.add(chat)
                raise
            # Twice is enough: the ticket's card is not to wait for a method that never answers.
            log.warning("telegram_no_topics", chat=chat, reason="no answer in time")
            self._flat.add(chat)
            return None
        except (BadRequest, Forbidden, MethodMissing, KeyError, TypeError, ValueError) as error:
            # Asked once and no more: a group that becomes a forum is one from the next start on.
            log.info("telegram_no_topics", chat=chat, reason=str(error))
            self._flat.add(chat)
            return None

    async def settle(self, chat: str, topic: int, *, is_done: bool) -> None:
        """Close the topic of a ticket that is done, and open that of one that is not. A failure is logged."""
        if self._closed.get((chat, topic)) is is_done:
            return
        method = "closeForumTopic" if is_done else "reopenForumTopic"
        try:
            await self._client.call(method, chat_id=chat, message_thread_id=topic)
        except (BadRequest, Forbidden, MethodMissing) as error:
            # Mostly that it is so already.
            log.debug("telegram_topic_not_settled", chat=chat, topic=topic, reason=str(error))
        except TelegramError as error:
            log.warning("telegram_topic_not_settled", chat=chat, topic=topic, reason=str(error))
            return
        if len(self._closed) >= KEPT_MAX:
            self._closed.clear()
        self._closed[chat, topic] = is_done
