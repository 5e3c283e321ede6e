"""The state of one Slack workspace: people, channels, messages, tokens, triggers and what each may do when."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock

TEAM, BOT_USER, BOT, APP = "T0TEAM", "U0BOT", "B0BOT", "A0APP"
TRIGGER_SECONDS = 3.0
POST_GAP_SECONDS = 1.0
RESPONSES_MAX = 5
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "reactions:read",
        "users:read",
    }
)


class Refusal(Exception):
    """What Slack answers instead: its error word, and perhaps a status, a header and messages."""

    def __init__(
        self, error: str, *, status: int = 200, retry_after: int | None = None, messages: Sequence[str] = ()
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.messages = tuple(messages)


@dataclass
class Channel:
    """kind: im, channel or group."""

    channel_id: str
    name: str
    kind: str
    members: set[str]
    is_archived: bool = False
    has_bot: bool = True


@dataclass
class Upload:
    """A file on its way to Slack or in it."""

    file_id: str
    filename: str
    length: int
    content: bytes | None = None
    channel: str = ""
    thread: str = ""

    def as_seen(self, base_url: str) -> dict[str, Any]:
        """The file as an event describes it."""
        return {
            "id": self.file_id,
            "name": self.filename,
            "mimetype": "text/plain",
            "size": self.length,
            "url_private_download": f"{base_url}/files/{self.file_id}",
            "permalink": f"https://double.slack.com/files/{self.file_id}",
        }


@dataclass
class Workspace:
    """Everything that Slack would remember."""

    clock: Clock
    bot_token: str = "xoxb-double"
    app_token: str = "xapp-double"
    signing_secret: str = "double-signing-secret"
    scopes: frozenset[str] = SCOPES
    is_revoked: bool = False
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    unfurls: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    view_opened: asyncio.Event = field(default_factory=asyncio.Event)
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    _posted_at: dict[str, float] = field(default_factory=dict)
    _triggers: dict[str, float] = field(default_factory=dict)
    _by_client_id: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        return next(iter(self._numbers))

    def new_ts(self) -> str:
        """A timestamp as Slack gives them: unique in the workspace, and only ever text."""
        return f"{int(self.clock.now().timestamp())}.{self.number():06d}"

    # ------------------------------------------------------------ people and places

    def add_person(self, name: str, team: str = TEAM) -> str:
        person = f"U0{name.upper()}"
        profile = {"real_name": name.title(), "display_name": name}
        self.people[person] = {"id": person, "name": name, "team_id": team, "deleted": False, "profile": profile}
        return person

    def add_channel(self, name: str, members: Iterable[str], *, is_private: bool, has_bot: bool) -> str:
        channel_id = f"{'G' if is_private else 'C'}0{name.upper()}"
        kind = "group" if is_private else "channel"
        self.channels[channel_id] = Channel(channel_id, name, kind, set(members), has_bot=has_bot)
        return channel_id

    def direct(self, person: str) -> str:
        """The direct conversation between a person and the bot."""
        channel_id = "D" + person[1:]
        self.channels.setdefault(channel_id, Channel(channel_id, "", "im", {person}))
        return channel_id

    def known(self, person: str) -> dict[str, Any]:
        if person not in self.people:
            raise Refusal("user_not_found")
        return self.people[person]

    def reachable(self, channel_id: str) -> Channel:
        """A channel that the bot may post in."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.is_archived:
            raise Refusal("is_archived")
        if not channel.has_bot:
            raise Refusal("not_in_channel" if channel.kind == "channel" else "channel_not_found")
        if channel.kind == "im" and any(self.people[person]["deleted"] for person in channel.members):
            raise Refusal("channel_not_found")
        return channel

    # ------------------------------------------------------------ messages

    def take_turn(self, channel_id: str) -> None:
        """About a post a second and channel."""
        now = self.clock.monotonic()
        if now - self._posted_at.get(channel_id, now - POST_GAP_SECONDS) < POST_GAP_SECONDS:
            raise Refusal("ratelimited", status=429, retry_after=1)
        self._posted_at[channel_id] = now

    def keep(self, channel_id: str, message: dict[str, Any]) -> str:
        ts = self.new_ts()
        self.messages[channel_id, ts] = {**message, "ts": ts, "channel": channel_id, "team": TEAM}
        return ts

    def posted_before(self, channel_id: str, client_id: str) -> str | None:
        """The message that was posted under this client_msg_id, which Slack does not post twice."""
        return self._by_client_id.get((channel_id, client_id))

    def remember_post(self, channel_id: str, client_id: str, ts: str) -> None:
        self._by_client_id[channel_id, client_id] = ts

    def message(self, channel_id: str, ts: object, error: str = "message_not_found") -> dict[str, Any]:
        found = self.messages.get((channel_id, str(ts)))
        if found is None:
            raise Refusal(error)
        return found

    # ------------------------------------------------------------ triggers

    def new_trigger(self) -> str:
        trigger = f"{self.number()}.{self.number()}.double"
        self._triggers[trigger] = self.clock.monotonic()
        return trigger

    def use_trigger(self, trigger: str) -> None:
        given_at = self._triggers.get(trigger)
        if given_at is None:
            raise Refusal("invalid_trigger_id")
        if given_at < 0:
            raise Refusal("exchanged_trigger_id")
        if self.clock.monotonic() - given_at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._triggers[trigger] = -1.0
