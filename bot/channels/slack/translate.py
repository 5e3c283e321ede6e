"""What Slack sends, over either transport → what the desk understands. Pure: nothing is fetched or answered here.

What is not for the desk comes back as `Ignored` with the reason; what cannot be read at all raises `Unreadable`, and
the listener puts it into quarantine.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels.slack import events, forms, orders, unfurling
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.payloads import (
    NOBODY,
    Challenge,
    Identity,
    Ignored,
    Payload,
    Translation,
    Unreadable,
    completed,
    part,
    string,
)
from bot.tokens import Signer


def translate(
    payload: Payload, config: SlackConfig, signer: Signer, now: datetime, *, me: Identity = NOBODY
) -> Translation:
    """Read one payload: an event, a slash command or an interaction.

    now: when it was received, UTC. me: who we are, for payloads that do not say it. Raises Unreadable.
    """
    payload = completed(payload, me)
    if "command" in payload:
        return orders.slash_command(payload, config, now)
    kind = string(payload, "type")
    if kind == "url_verification":
        return Challenge(string(payload, "challenge"))
    if string(part(payload, "event"), "type") == "link_shared":
        team, key = string(payload, "team_id"), string(payload, "event_id")
        return unfurling.links_in(part(payload, "event"), config, team, key)
    if kind == "event_callback" or "event" in payload:
        return events.event_of(payload, config, now)
    if kind == "block_actions":
        return orders.press(payload, signer, now)
    if kind == "view_submission":
        return forms.submission(payload, signer, now)
    if kind == "message_action":
        return orders.shortcut(payload, config)
    if not kind and "ssl_check" not in payload:
        raise Unreadable("neither an event, nor a command, nor an interaction")
    return Ignored(f"{kind or 'ssl_check'} is of no concern to the desk")
