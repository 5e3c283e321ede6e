"""A desk in memory, with the doors of the port: for testing the adapter alone. It folds replays by key."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import TemporaryError
from bot.messages import Answer, InboundMessage, Order, Receipt


def say_ok(order: Order) -> Answer:
    return Answer(f"ok: {order.text}")


class DeskInMemory:
    """Keeps what comes through its doors, in the order of commits.

    answer: what an order is answered with. is_busy: the doors raise TemporaryError. breaks_on: a word whose message
    raises an error nobody expected.
    """

    def __init__(self, answer: Callable[[Order], Answer] = say_ok) -> None:
        self.messages: list[InboundMessage] = []
        self.orders: list[Order] = []
        self.quarantined: list[tuple[bytes, str]] = []
        self.moves: list[tuple[str, str, str]] = []
        self.replays = 0
        self.is_busy = False
        self.busy_chats: set[str] = set()
        self.breaks_on = ""
        self._answer = answer
        self._answers: dict[str, Answer] = {}
        self._receipts: dict[str, Receipt] = {}

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def lines(self) -> list[str]:
        return [order.text for order in self.orders]

    async def receive(self, message: InboundMessage) -> Receipt:
        self._check(message.place.conversation)
        if self.breaks_on and self.breaks_on in message.text:
            raise ZeroDivisionError("a fault of our own")
        if message.key in self._receipts:
            self.replays += 1
            return self._receipts[message.key]
        self.messages.append(message)
        receipt = self._receipts[message.key] = Receipt("opened", len(self.messages))
        return receipt

    async def obey(self, order: Order) -> Answer:
        self._check(order.place.conversation)
        if order.key in self._answers:
            self.replays += 1
            return self._answers[order.key]
        self.orders.append(order)
        answer = self._answers[order.key] = self._answer(order)
        return answer

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        self._check("")
        if key not in self._receipts:
            self.quarantined.append((raw, reason))
            self._receipts[key] = Receipt("quarantined", 0)
        return self._receipts[key]

    async def hear_of(self, news: object) -> None:
        return None

    async def accepts(self, address: str) -> bool:
        return False

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        self.moves.append((channel, old, new))

    def _check(self, chat: str) -> None:
        if self.is_busy or chat in self.busy_chats:
            raise TemporaryError("the desk is busy")
