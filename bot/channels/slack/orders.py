"""Slash commands, buttons and the message shortcut → orders for the desk. Pure.

A button carries its command line, signed: Slack proves who pressed, the signature that the desk itself wrote what is
pressed. Whether the presser may is for the desk to say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.channels.slack.config import SlackConfig
from bot.channels.slack.mrkdwn import readable
from bot.channels.slack.payloads import (
    REQUEST,
    Given,
    Heard,
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
from bot.messages import SLACK, Handle, InboundMessage, Order, Place, Trust
from bot.tokens import Signer

BUTTON = "slack-button"
# These two carry a message instead of a command line.
NEW, URGENT = "new", "urgent"
# Names a field whose words are the rest of a command line; only these verbs are written so.
TYPED = "type:"
TYPED_VERBS = frozenset({"quiet", "zone", "hours"})
STALE_BUTTON = "That button is no longer valid. Write the command instead, for example /ticket queue."


def occasion_of(payload: Payload, now: datetime) -> str:
    """What tells a repeat from a second wish: its trigger, its instant, and the request or envelope that brought it.

    Without any nothing does but the moment. The trigger alone would not do: what stands in for Slack may give each
    command the same.
    """
    told = (string(payload, name) for name in ("trigger_id", "action_ts", REQUEST))
    return " ".join(filter(None, told)) or now.isoformat()


def slash_command(form: Payload, config: SlackConfig, now: datetime) -> Given | Heard:
    """`/ticket VERB …`, `/claim 42` and their like as one command line, `/ticket new …` as a message.

    Raises Unreadable.
    """
    name = string(form, "command").lower()
    team, person = string(form, "team_id", is_needed=True), string(form, "user_id", is_needed=True)
    # Slack always says where; what stands in for it may not, and a person's own id is a place to write to.
    channel, reply_url = string(form, "channel_id") or person, string(form, "response_url")
    words = readable(string(form, "text")).strip()
    occasion = occasion_of(form, now)
    order = Order(
        channel=SLACK,
        key=digest("command", occasion, team, channel, person, name, words, reply_url),
        sender=Handle(SLACK, f"{team}:{person}", string(form, "user_name")),
        text=f"{config.commands.get(name, '')} {words}".strip() or "help",
        given_at=now,
        place=Place(SLACK, f"{team}:{channel}"),
    )
    verb, _, said = order.text.partition(" ")
    is_urgent = verb.lower() == URGENT
    if is_urgent or (verb.lower() == NEW and said.strip()):
        # Who says no more than that it cannot wait is asked what it is by a person.
        return Heard(_new_ticket(order, said.strip() or verb, is_urgent=is_urgent), is_command=True)
    if verb.lower() == NEW:
        order = replace(order, text="help")
    return Given(order, reply_url, trigger_id=string(form, "trigger_id"))


def _new_ticket(order: Order, said: str, *, is_urgent: bool) -> InboundMessage:
    """What somebody typed as a command and means for the desk.

    A slash command may be typed where the bot is not: unless that is their own conversation with it, they are
    answered there.
    """
    is_direct = order.place.conversation.partition(":")[2].startswith(("D", "U", "W"))
    return InboundMessage(
        channel=SLACK,
        key=order.key,
        sender=order.sender,
        received_at=order.given_at,
        text=said,
        body_text=said,
        place=order.place if is_direct else Place(SLACK, ""),
        trust=Trust.PROVEN,
        trust_reason="Slack account",
        urgent_button=is_urgent,
        opens_new=True,
    )


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
        return Refused(STALE_BUTTON, reply_url, person=string(part(payload, "user"), "id"))
    ticket, _, command = line.partition(" ")
    person, container = part(payload, "user", is_needed=True), part(payload, "container")
    message = part(payload, "message")
    user_id = string(person, "id", is_needed=True)
    team = string(part(payload, "team"), "id") or string(person, "team_id", is_needed=True)
    channel = string(part(payload, "channel"), "id") or string(container, "channel_id") or user_id
    message_id = string(message, "ts") or string(container, "message_ts")
    occasion = occasion_of({"action_ts": string(action, "action_ts"), **payload}, now)
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
        person=string(part(payload, "user"), "id"),
    )
