"""What the desk asks of a channel, and what a channel may call. The whole border stands here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.messages import Answer, CardView, InboundMessage, News, Order, Outgoing, Receipt, RemoteRef


class Sender(Protocol):
    """The outgoing half of a channel. Called by the courier alone, outside of any transaction.

    Both methods raise DeliveryDelayed (try again, perhaps after a named time) or DeliveryRefused (never again).
    Any other error is taken as temporary.
    """

    channel: str

    async def send(self, outgoing: Outgoing) -> RemoteRef:
        """Send one delivery; returns where it lies."""

    async def show(self, card: CardView, ref: RemoteRef | None) -> RemoteRef:
        """Post a card (no ref) or edit it in place; returns where it lies now."""

    async def close(self) -> None:
        """Let connections go."""


class Listener(Protocol):
    """The incoming half of a channel: a socket, a poller or a webhook."""

    name: str

    async def start(self) -> None:
        """Begin to accept; returns once it does. Raises ConfigError where it never will."""

    async def stop(self) -> None:
        """Accept no more, let what is under way end."""


class Desk(Protocol):
    """The doors that a channel knocks at (`reception.Reception`). Each call is one transaction."""

    async def receive(self, message: InboundMessage) -> Receipt:
        """Record a message. Returns after the commit. Raises TemporaryError when it should be tried again.

        An unknown fault is quarantined here and still returns a Receipt: never raise it at the sender.
        """

    async def obey(self, order: Order) -> Answer:
        """Carry out a command. A fault of the person is an Answer with is_ok False, never an exception."""

    async def quarantine(self, channel: str, raw: bytes, reason: str, *, key: str = "") -> Receipt:
        """Keep bytes that no translation could read, tell the manager, and move on."""

    async def conversation_moved(self, channel: str, old: str, new: str) -> None:
        """A conversation has another id from now on; may be told more than once."""

    async def hear_of(self, news: News) -> None:
        """The channel learned something of itself that a manager should know; may be told more than once."""

    async def accepts(self, address: str) -> bool:
        """Is this one of the desk's own mail addresses, with or without a reply token?"""


class Bookmarks(Protocol):
    """Where pollers keep how far they have read, and take turns (`pollers.StoredBookmarks`).

    A lease lasts 60 seconds; its holder renews it at 20 and stops reading when that fails.
    """

    async def take(self, name: str) -> bool:
        """Take or renew the lease of this stream. False: another process holds it; wait."""

    async def give_back(self, name: str) -> None:
        """Let another process have it at once."""

    async def position(self, name: str) -> dict[str, int | str]:
        """What was last saved; empty at first."""

    async def save(self, name: str, position: dict[str, int | str]) -> None:
        """Save how far this stream was read. Raises LeaseLost when another process holds it now."""


class Staging(Protocol):
    """Where large contents lie before anything is committed (`blobs.Blobs`)."""

    def open_staging(self) -> Path | None:
        """The folder for files named TOKEN.SHA256, made if need be; None where all are rows. Raises TemporaryError."""

    async def adopt(self, token: str, names: Sequence[str]) -> None:
        """Keep those of this token by their SHA-256, remove its others. Raises TemporaryError."""

    async def sweep(self, now: datetime) -> None:
        """Remove what nobody adopted, an hour after it was laid there."""


class Seal(Protocol):
    """Seals secrets of others before they are kept (`sealing.Seal`). purpose: what they are and of whom."""

    def close(self, purpose: str, words: str) -> str:
        """The words, sealed; no two seals of the same words are alike."""

    def open(self, purpose: str, sealed: str) -> str:
        """What was sealed for this purpose. Raises ConfigError where the desk's secret does not open it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bot's token. refresh: what the next one is exchanged for; "" and None where it does not end.

    installed: the workspace or organisation that gave it; "" before it is kept.
    """

    bot_token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None
    installed: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """A workspace that installed the app: its id and name, and what the app may do there by which token."""

    workspace: str
    name: str
    app_id: str
    token: Token
    bot_user_id: str = ""
    scopes: str = ""
    installer: str = ""


class Installations(Protocol):
    """Where the tokens of workspaces are kept (`installations.StoredInstallations`)."""

    async def token(self, workspace: str) -> Token | None:
        """The bot's token there; None where the app is not installed. Raises ConfigError where it cannot be opened."""

    async def cover(self, workspace: str, enterprise: str) -> None:
        """An organisation's token speaks in this workspace too, unless it has its own."""

    async def keep(self, installed: Installation) -> None:
        """Keep a token, in place of any before it."""

    async def rotate(self, workspace: str, new: Token, *, was: str) -> None:
        """Keep a new token in place of the one whose refresh token `was`; no other is replaced."""

    async def remove(self, workspace: str) -> None:
        """Forget the token of a workspace."""
