"""Slash commands, buttons and the message shortcut → orders for the desk. Pure.

A button carries its command line, signed: Slack proves who pressed, the signature that the desk itself wrote what is
pressed. Whether the presser may is for the desk to say.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.mrkdwn import readable
from bot.channels.slack.payloads import (
    Given,
    Ignored,
    Payload,
    Pointed,
    Refused,
    Translation,
    Unreadable,
    digest,
    part,
    parts,
    string,
)
from bot.messages import SLACK, Handle, Order, Place
from bot.tokens import Signer

BUTTON = "slack-button"
# Names a field whose words are the rest of a command line; only these verbs are written so.
TYPED = "type:"
TYPED_VERBS = frozenset({"quiet", "zone", "hours"})
STALE_BUTTON = "That button is no longer valid. Write the command instead, for example /ticket queue."


def slash_command(form: Payload, config: SlackConfig, now: datetime) -> Given:
    """`/ticket VERB …`, `/claim 42` and their like as one command line. Raises Unreadable."""
    name = string(form, "command").lower()
    team, channel = string(form, "team_id", is_needed=True), string(form, "channel_id", is_needed=True)
    person, reply_url = string(form, "user_id", is_needed=True), string(form, "response_url")
    words = readable(string(form, "text")).strip()
    # Without a trigger nothing tells a repeat from a second wish: then the moment does.
    occasion = string(form, "trigger_id") or now.isoformat()
    order = Order(
        channel=SLACK,
        key=digest("command", occasion, team, channel, person, name, words, reply_url),
        sender=Handle(SLACK, f"{team}:{person}", string(form, "user_name")),
        text=f"{config.commands.get(name, '')} {words}".strip() or "help",
        given_at=now,
        place=Place(SLACK, f"{team}:{channel}"),
    )
    return Given(order, reply_url, trigger_id=string(form, "trigger_id"))


def press(payload: Payload, signer: Signer, now: datetime) -> Translation:
    """A pressed button: the command line it carries, or why it carries none. Raises Unreadable."""
    action = next(iter(parts(payload, "actions")), None)
    if action is None:
        raise Unreadable("a press without an action")
    reply_url = string(payload, "response_url")
    value = string(action, "value") or string(part(action, "selected_option"), "value")
    if not value:
        return Ignored("a button that only opens a page")
    before, sign, verb = string(action, "action_id").partition(TYPED)
    is_typed = string(action, "type") == "plain_text_input" and not before and sign and verb in TYPED_VERBS
    line = f"0 {verb} {readable(value)[:200]}" if is_typed else signer.verify(BUTTON, value)
    if line is None:
        return Refused(STALE_BUTTON, reply_url)
    ticket, _, command = line.partition(" ")
    person, container = part(payload, "user", is_needed=True), part(payload, "container")
    message = part(payload, "message")
    user_id = string(person, "id", is_needed=True)
    team = string(part(payload, "team"), "id") or string(person, "team_id", is_needed=True)
    channel = string(part(payload, "channel"), "id") or string(container, "channel_id") or user_id
    message_id = string(message, "ts") or string(container, "message_ts")
    occasion = string(payload, "trigger_id") or string(action, "action_ts") or now.isoformat()
    order = Order(
        channel=SLACK,
        key=digest("press", occasion, team, channel, user_id, message_id, value),
        sender=Handle(SLACK, f"{string(person, 'team_id') or team}:{user_id}", string(person, "username")),
        text=command,
        given_at=now,
        place=Place(SLACK, f"{team}:{channel}", string(message, "thread_ts") or message_id),
        ticket_id=int(ticket) or None,
    )
    return Given(order, reply_url, is_button=True, trigger_id=string(payload, "trigger_id"))


def shortcut(payload: Payload, config: SlackConfig) -> Translation:
    """The message shortcut: make a ticket of this message. Raises Unreadable."""
    if string(payload, "callback_id") != config.shortcut:
        return Ignored("a shortcut of another name")
    message = part(payload, "message", is_needed=True)
    return Pointed(
        team=string(part(payload, "team", is_needed=True), "id", is_needed=True),
        channel=string(part(payload, "channel", is_needed=True), "id", is_needed=True),
        message_id=string(message, "ts", is_needed=True),
        reply_url=string(payload, "response_url"),
        found=message,
    )
