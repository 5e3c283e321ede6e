"""The console's outgoing half: every delivery is a paragraph in var/console.log, and on the person's open sessions."""

from __future__ import annotations

import asyncio
import os
import textwrap
from collections.abc import Callable
from pathlib import Path

from bot.channels.console.translate import card_text, delivery_text
from bot.clock import Clock
from bot.errors import DeliveryDelayed
from bot.messages import CONSOLE, CardView, Outgoing, RemoteRef

Show = Callable[[str], None]


class Sessions:
    """Who sits at the console now; a delivery is shown to each session of its person."""

    def __init__(self) -> None:
        self._shows: dict[str, list[Show]] = {}

    def attach(self, name: str, show: Show) -> Callable[[], None]:
        """Show deliveries for `name`; returns what ends it."""
        shows = self._shows.setdefault(name, [])
        shows.append(show)
        return lambda: shows.remove(show)

    def show(self, name: str, text: str) -> None:
        for show in tuple(self._shows.get(name, ())):
            show(text)


class ConsoleSender:
    """Writes deliveries down; implements port.Sender."""

    channel = CONSOLE

    def __init__(self, log: Path, clock: Clock, sessions: Sessions) -> None:
        self._log = log
        self._clock = clock
        self._sessions = sessions

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        await self._write(outgoing.to.address, delivery_text(outgoing))
        return RemoteRef(outgoing.to.address, outgoing.key)

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        await self._write(card.place.conversation, card_text(card))
        return ref or RemoteRef(card.place.conversation, f"card-{card.ticket_id}")

    async def close(self) -> None:
        """Nothing is kept open between deliveries."""

    async def _write(self, name: str, text: str) -> None:
        at = self._clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")
        paragraph = f"{at} → {name}\n{textwrap.indent(text, '    ')}\n"
        try:
            await asyncio.to_thread(_append, self._log, paragraph)
        except OSError as error:
            raise DeliveryDelayed(f"{self._log.name} cannot be written: {error.strerror}") from error
        self._sessions.show(name, text)


def _append(path: Path, paragraph: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Notices quote clients: only the desk's own account reads them.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(paragraph)
