"""Senders that keep what they are given, instead of sending it anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.messages import CardView, Outgoing, RemoteRef


@dataclass(slots=True)
class Recorder:
    """Implements port.Sender for one channel, in memory. Names of messages come from their keys: the same each time."""

    channel: str
    sent: list[Outgoing] = field(default_factory=list)
    shown: list[CardView] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        self.sent.append(outgoing)
        return self.ref_of(outgoing)

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        self.shown.append(card)
        return ref or RemoteRef(card.place.conversation, f"card-{card.ticket_id}")

    async def close(self) -> None:
        """There is nothing to let go."""

    def ref_of(self, outgoing: Outgoing) -> RemoteRef:
        """Where a message lies that this sender was given."""
        conversation = outgoing.place.conversation if outgoing.place is not None else outgoing.to.address
        return RemoteRef(conversation, f"<{outgoing.key}@rehearsal>")

    def last_to(self, address: str, ticket_id: int) -> Outgoing | None:
        """What an address was last sent about a ticket."""
        fits = (one for one in reversed(self.sent) if one.to.address == address and one.ticket_id == ticket_id)
        return next(fits, None)
