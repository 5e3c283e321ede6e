"""Slack's events → messages for the desk. Pure.

Slack vouches for who wrote: it delivers over a signed request or a socket that we opened, so every message is proven.
Refused, with the reason: our own posts, other bots, joins and topics, edits that leave the words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.mrkdwn import readable
from bot.channels.slack.payloads import (
    Heard,
    HomeOpened,
    Ignored,
    Payload,
    Pointed,
    RemoteFile,
    Told,
    Translation,
    digest,
    enterprise_of,
    is_ours,
    part,
    parts,
    string,
)
from bot.messages import SLACK, Handle, InboundMessage, News, Place, Trust

# As the manifest names them: message.* arrive as type "message".
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_left",
    "group_archive",
    "group_left",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "tokens_revoked",
    "user_change",
)
_CLOSED = {
    "channel_archive": "the channel is archived",
    "channel_left": "the bot was removed from the channel",
    "group_archive": "the channel is archived",
    "group_left": "the bot was removed from the channel",
}
TRUST_REASON = "Slack vouches for the sender"
SLACKBOT = "USLACKBOT"
_SLACKS_MOMENT = re.compile(r"[0-9]{10}\.[0-9]{6}")
_WRITTEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})


def event_of(payload: Payload, config: SlackConfig, now: datetime) -> Translation:
    """An event callback: a message, its edit or deletion, or a reaction. Raises Unreadable."""
    event = part(payload, "event", is_needed=True)
    kind = string(event, "type", is_needed=True)
    if kind in {"message", "app_mention"}:
        return _message(payload, event, now)
    if kind == "reaction_added":
        return _reaction(payload, event, config)
    if kind == "app_home_opened":
        return _home_opened(payload, event)
    return _news(payload, event, kind)


def _home_opened(payload: Payload, event: Payload) -> Translation:
    if string(event, "tab") not in {"", "home"}:
        return Ignored("another tab than home")
    team, person = _team(payload, event), string(event, "user", is_needed=True)
    return HomeOpened(Handle(SLACK, f"{team}:{person}"), string(payload, "event_id"))


def _news(payload: Payload, event: Payload, kind: str) -> Translation:
    """What Slack tells of people, channels and ourselves."""
    team, key = _team(payload, event), _news_key(payload, event)
    if kind == "app_uninstalled" or (kind == "tokens_revoked" and part(event, "tokens").get("bot")):
        return Told(News(SLACK, key, "cut off", kind.replace("_", " ")), enterprise_of(payload) or team)
    if kind in _CLOSED:
        channel = string(event, "channel", is_needed=True)
        return Told(News(SLACK, key, "closed", _CLOSED[kind], place=Place(SLACK, f"{team}:{channel}")))
    if kind == "user_change":
        person = part(event, "user", is_needed=True)
        if person.get("deleted") is True:
            name = string(person, "real_name") or string(person, "name")
            address = f"{string(person, 'team_id') or team}:{string(person, 'id', is_needed=True)}"
            return Told(News(SLACK, key, "gone", "the account is deactivated", handle=Handle(SLACK, address, name)))
    return Ignored(f"the desk does not follow {kind}")


def _message(payload: Payload, event: Payload, now: datetime) -> Translation:
    subtype = string(event, "subtype")
    if subtype == "message_changed":
        return _changed(payload, event, now)
    if subtype == "message_deleted":
        return _revised(payload, event, part(event, "previous_message"), None, now=now)
    bot_id, said = _bot(payload), string(event, "text")
    if is_ours(event, bot_id):
        return Ignored("written by the desk itself")
    team, channel = _team(payload, event), string(event, "channel", is_needed=True)
    is_named = string(event, "type") == "app_mention" or (bot_id != "" and f"<@{bot_id}" in said)
    calm = {**event, "text": _unnamed(said, bot_id, event)}
    heard = written(calm, team=team, channel=channel, now=now, mark=_mark(event))
    if isinstance(heard, Ignored):
        return heard
    # A message that names the bot is told twice, as message and as app_mention, under two event ids. So where
    # anybody is named, the key stays what it is in a fetched thread too: the message's place and time. Not so where
    # we cannot tell that the first of the two names us: the second one then says so.
    is_told_twice = "<@" in said and bot_id != ""
    own = f"{heard.message.key}:mention" if string(event, "type") == "app_mention" else heard.message.key
    key = heard.message.key if is_told_twice else _told_as(payload, event) or own
    is_direct = string(event, "channel_type") == "im" or channel.startswith("D")
    place = replace(heard.message.place, is_shared=not is_direct)
    return Heard(replace(heard.message, key=key, place=place, is_addressed=is_direct or is_named), heard.files)


def _unnamed(said: str, bot_id: str, event: Payload) -> str:
    """Without the mention at the beginning that only calls the bot."""
    if not said.startswith("<@"):
        return said
    called, _, rest = said[2:].partition(">")
    is_call = called.partition("|")[0] == bot_id or (not bot_id and string(event, "type") == "app_mention")
    return rest.lstrip(" ,:") if is_call else said


def written(event: Payload, *, team: str, channel: str, now: datetime, mark: str | None = None) -> Heard | Ignored:
    """One message as somebody wrote it, from an event or out of a fetched thread.

    Its key is its place and time, which is the same however often and by whichever way it comes.
    mark: see `_mark`, where the words are not as they came.
    """
    subtype = string(event, "subtype")
    if string(event, "bot_id") or subtype == "bot_message" or string(event, "user") == SLACKBOT or is_ours(event, ""):
        return Ignored("written by a bot")
    if subtype not in _WRITTEN:
        return Ignored(f"{subtype} is not a message by a person")
    message_id = string(event, "ts") or string(event, "event_ts", is_needed=True)
    person = string(event, "user", is_needed=True)
    thread = string(event, "thread_ts")
    said = readable(string(event, "text"))
    shared = _shared(event)
    message = InboundMessage(
        channel=SLACK,
        key=f"{team}:{channel}:{message_id}{_mark(event) if mark is None else mark}",
        sender=Handle(SLACK, f"{_home(event, team)}:{person}", _display_name(event)),
        received_at=now,
        text=said or shared,
        body_text=f"{said}\n\n{shared}".strip() if shared else said,
        place=Place(SLACK, f"{team}:{channel}", thread or message_id),
        message_id=message_id,
        references=(thread,) if thread and thread != message_id else (),
        trust=Trust.PROVEN,
        trust_reason=TRUST_REASON,
    )
    return Heard(message, tuple(_files(event)))


def _changed(payload: Payload, event: Payload, now: datetime) -> Translation:
    after, before = part(event, "message", is_needed=True), part(event, "previous_message")
    if string(after, "subtype") == "tombstone":
        return _revised(payload, event, before, None, now=now)
    if string(after, "text") == string(before, "text"):
        return Ignored("an edit that left the words as they were")
    return _revised(payload, event, after, string(after, "text"), now=now)


def _revised(payload: Payload, event: Payload, message: Payload, after: str | None, *, now: datetime) -> Translation:
    """An edit or a deletion, as a message that says so and answers the one it changes."""
    if string(message, "bot_id") or not string(message, "user") or is_ours(message, _bot(payload)):
        return Ignored("a bot's own message was changed")
    team, channel = _team(payload, message), string(event, "channel", is_needed=True)
    changed_id = string(message, "ts", is_needed=True)
    thread = string(message, "thread_ts") or changed_id
    edited = part(message, "edited")
    revised_id = string(event, "event_ts") or string(event, "ts") or string(edited, "ts") or f"{changed_id}:revised"
    # The deleted words are not said again: they may have been deleted because they should not be there.
    said = f"(edited) {readable(after)}" if after is not None else f"(deleted {_written_at(changed_id)} in Slack)"
    return Heard(
        InboundMessage(
            channel=SLACK,
            key=_told_as(payload, {**message, "ts": revised_id}) or f"{team}:{channel}:{changed_id}:{revised_id}",
            sender=Handle(SLACK, f"{_home(message, team)}:{string(message, 'user')}", _display_name(message)),
            received_at=now,
            text=said,
            body_text=said,
            place=Place(SLACK, f"{team}:{channel}", thread),
            message_id=revised_id,
            references=tuple(dict.fromkeys((changed_id, thread))),
            trust=Trust.PROVEN,
            trust_reason=TRUST_REASON,
            is_addressed=False,
        )
    )


def _reaction(payload: Payload, event: Payload, config: SlackConfig) -> Translation:
    item = part(event, "item", is_needed=True)
    emoji = string(event, "reaction").partition("::")[0]
    if emoji != config.emoji:
        return Ignored(f"only :{config.emoji}: makes a ticket")
    if string(item, "type") != "message" or string(event, "user") == _bot(payload):
        return Ignored("a reaction to something else than a person's message")
    return Pointed(
        team=string(payload, "team_id", is_needed=True),
        channel=string(item, "channel", is_needed=True),
        message_id=string(item, "ts", is_needed=True),
    )


# ---------------------------------------------------------------- what tells one event from another


def _told_as(payload: Payload, event: Payload) -> str:
    """The event's own id, which is the same in each repeat; "" without one.

    With what it tells of, for what stands in for Slack may begin to count anew, or give every event the same id.
    """
    event_id = string(payload, "event_id")
    if not event_id:
        return ""
    return f"{event_id}:{digest(string(event, 'ts'), string(event, 'user'), string(event, 'text'))[:12]}"


def _mark(event: Payload) -> str:
    """What tells apart two messages of one moment, where moments are not Slack's, of which no two are alike."""
    if _SLACKS_MOMENT.fullmatch(string(event, "ts")):
        return ""
    return f":{digest(string(event, 'user'), string(event, 'text'))[:12]}"


def _written_at(message_id: str) -> str:
    """Which message it was, for who cannot look: by its time, where that is Slack's."""
    if not _SLACKS_MOMENT.fullmatch(message_id):
        return "an earlier message"
    at = datetime.fromtimestamp(int(message_id.partition(".")[0]), UTC)
    return f"the message of {at:%H:%M} UTC"


def _news_key(payload: Payload, event: Payload) -> str:
    about = event.get("user")
    words = about.get("id") if isinstance(about, Mapping) else event.get("channel")
    return f"{string(payload, 'event_id')}:{string(event, 'type')}:{words or ''}:{string(event, 'event_ts')}".strip(":")


# ---------------------------------------------------------------- parts of an event


def _team(payload: Payload, event: Payload) -> str:
    """The workspace that the bot lives in."""
    return string(payload, "team_id") or string(event, "team", is_needed=True)


def _home(event: Payload, team: str) -> str:
    """The author's own workspace: another one for a guest of a shared channel."""
    return string(event, "user_team") or string(event, "source_team") or string(event, "team") or team


def _bot(payload: Payload) -> str:
    """The bot's own user id, which Slack sends with every event; "" where it does not."""
    return next((string(row, "user_id") for row in parts(payload, "authorizations")), "")


def _display_name(event: Payload) -> str:
    profile = part(event, "user_profile")
    return string(profile, "real_name") or string(profile, "display_name")


def _shared(event: Payload) -> str:
    """The words of messages that this one passes on."""
    shared = [row for row in parts(event, "attachments") if row.get("is_share") or row.get("is_msg_unfurl")]
    return "\n\n".join(readable(string(row, "text") or string(row, "fallback")) for row in shared[:10]).strip()


def _files(event: Payload) -> Iterator[RemoteFile]:
    for row in parts(event, "files"):
        if string(row, "mode") in {"tombstone", "hidden_by_limit"}:
            continue
        file_id, size = string(row, "id"), row.get("size")
        yield RemoteFile(
            file_id=file_id,
            filename=string(row, "name") or string(row, "title") or file_id or "file",
            content_type=string(row, "mimetype") or "application/octet-stream",
            size_bytes=size if isinstance(size, int) else 0,
            url=string(row, "url_private_download") or string(row, "url_private"),
            permalink=string(row, "permalink"),
        )
