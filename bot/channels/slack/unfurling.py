"""Links to tickets, shown as what they lead to: `https://DESK/t/42` becomes the ticket in short, with its buttons.

The desk is asked in the name of whoever wrote the link, with that person's rights; and only where everybody else may
read the answer too: in a conversation with the app alone, and among the staff.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import structlog

from bot.channels.port import Desk
from bot.channels.slack import render
from bot.channels.slack.config import SlackConfig
from bot.channels.slack.payloads import Ignored, Links, Payload, Translation, digest, parts, string
from bot.channels.slack.service import Service
from bot.clock import Clock
from bot.errors import DeliveryDelayed, DeliveryRefused, TemporaryError
from bot.messages import SLACK, Handle, Order, Place
from bot.tokens import Signer

log = structlog.get_logger(__name__)

LINKS_MAX = 5
_NUMBER = re.compile(r"[1-9][0-9]{0,11}")


def links_in(event: Payload, config: SlackConfig, team: str, key: str) -> Translation:
    """The tickets that a link_shared event leads to. Raises Unreadable."""
    channel = string(event, "channel", is_needed=True)
    if not config.ticket_url:
        return Ignored("no address of tickets is set")
    if not (channel.startswith("D") or channel == config.desk_channel.rpartition(":")[2]):
        return Ignored("a link where others may read the answer")
    found: dict[str, int] = {}
    for link in parts(event, "links")[:LINKS_MAX]:
        url = string(link, "url")
        number = url.removeprefix(config.ticket_url)
        if url.startswith(config.ticket_url) and _NUMBER.fullmatch(number):
            found[url] = int(number)
    if not found:
        return Ignored("links to something else than tickets")
    person = Handle(SLACK, f"{team}:{string(event, 'user', is_needed=True)}")
    where = {name: string(event, name) for name in ("unfurl_id", "source") if string(event, name)}
    if len(where) < 2:
        where = {"channel": channel, "ts": string(event, "message_ts", is_needed=True)}
    return Links(person, f"{team}:{channel}", found, where, key or string(event, "message_ts"))


async def unfurl(shared: Links, desk: Desk, service: Service, *, signer: Signer, clock: Clock) -> None:
    """Show the tickets below their links. A failure is logged: the link is still a link."""
    unfurls: dict[str, Mapping[str, Any]] = {}
    try:
        for url, ticket_id in shared.tickets.items():
            key = digest("link", shared.key, shared.person.address, url)
            order = Order(
                SLACK, key, shared.person, f"show {ticket_id}", clock.now(), Place(SLACK, shared.conversation)
            )
            answer = await desk.obey(order)
            if answer.is_ok:
                unfurls[url] = {"blocks": list(render.answer_pages(answer, signer)[0].blocks)}
        if unfurls:
            await service.asked(service.client.api_call("chat.unfurl", json={**shared.where, "unfurls": unfurls}))
    except (DeliveryDelayed, DeliveryRefused, TemporaryError) as error:
        log.warning("slack_link_not_shown", error=str(error))
