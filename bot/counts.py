"""What one process has done since it started, counted for /metrics; lost at its end, as counters are.

`CountedDesk` and `CountedSender` stand around the doors and the senders, so that neither knows it is counted.
"""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from bot.channels.port import Desk, Sender
from bot.errors import BotError, DeliveryDelayed, DeliveryRefused, TemporaryError
from bot.messages import Answer, CardView, InboundMessage, News, Order, Outgoing, Receipt, RemoteRef


class Counts:
    """Messages by channel and outcome, commands by channel and outcome, sends by channel and state."""

    def __init__(self) -> None:
        self.inbound: Counter[tuple[str, str]] = Counter()
        self.commands: Counter[tuple[str, str]] = Counter()
        self.deliveries: Counter[tuple[str, str]] = Counter()


class Doors(Desk, Protocol):
    """The desk with the doors that no channel knocks at: the operator's, and that of a link in a digest."""

    async def end_digests(self, token: str) -> bool:
        """End the digests of the address that the token was made for; False for a token that is none of ours."""

    async def requeue(self, number: int) -> Receipt:
        """Receive a quarantined message again."""


class CountedDesk:
    """The desk, with everything that comes through its doors counted; implements port.Desk."""

    def __init__(self, desk: Doors, counts: Counts) -> None:
        self._desk = desk
        self._counts = counts

    async def receive(self, message: InboundMessage) -> Receipt:
        try:
            receipt = await self._desk.receive(message)
        except TemporaryError:
            self._counts.inbound[message.channel, "delayed"] += 1
            raise
        self._counts.inbound[message.channel, "replayed" if receipt.is_replay else receipt.outcome] += 1
        return receipt

    async def obey(self, order: Order) -> Answer:
        try:
            answer = await self._desk.obey(order)
        except TemporaryError:
            self._counts.commands[order.channel, "delayed"] += 1
            raise
        self._counts.commands[order.channel, "done" if answer.is_ok else "refused"] += 1
        return answer

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        receipt = await self._desk.quarantine(channel, raw, reason, key=key)
        self._counts.inbound[channel, "quarantined"] += 1
        return receipt

    async def requeue(self, number: int) -> Receipt:
        receipt = await self._desk.requeue(number)
        self._counts.inbound["requeued", receipt.outcome] += 1
        return receipt

    async def end_digests(self, token: str) -> bool:
        return await self._desk.end_digests(token)

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        await self._desk.conversation_moved(channel, old, new)

    async def hear_of(self, news: News) -> None:
        await self._desk.hear_of(news)

    async def accepts(self, address: str) -> bool:
        return await self._desk.accepts(address)


class CountedSender:
    """A sender with what became of each send counted; implements port.Sender."""

    def __init__(self, sender: Sender, counts: Counts) -> None:
        self.channel = sender.channel
        self._sender = sender
        self._counts = counts

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        try:
            ref = await self._sender.send(outgoing)
        except BotError as error:
            self._counts.deliveries[self.channel, _state(error)] += 1
            raise
        self._counts.deliveries[self.channel, "sent"] += 1
        return ref

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        try:
            shown = await self._sender.show(card, ref)
        except BotError as error:
            self._counts.deliveries[self.channel, f"card {_state(error)}"] += 1
            raise
        self._counts.deliveries[self.channel, "card shown"] += 1
        return shown

    async def close(self) -> None:
        await self._sender.close()


def _state(error: BotError) -> str:
    match error:
        case DeliveryRefused():
            return "refused"
        case DeliveryDelayed() | TemporaryError():
            return "delayed"
    return "failed"
