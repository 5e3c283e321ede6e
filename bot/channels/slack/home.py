"""The app's home tab: what a person could ask for, asked for them.

It shows nothing that the commands would not: each part is the answer to one, with the person's own rights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.port import Desk
from bot.channels.slack.mrkdwn import cut, escaped, split
from bot.channels.slack.own import settings_blocks
from bot.channels.slack.payloads import HomeOpened, digest
from bot.channels.slack.render import SECTION_LENGTH_MAX, action_blocks
from bot.channels.slack.service import Service
from bot.clock import Clock
from bot.errors import TemporaryError
from bot.messages import SLACK, Action, Answer, Order, Place
from bot.notices.texts import text_of
from bot.notices.tongues import Tongues
from bot.tokens import Signer

log = structlog.get_logger(__name__)

SETTINGS = "settings"
# What is asked, in this order, and the key of its title; a part that the person may not ask for is left out.
PARTS: Sequence[tuple[str, str]] = (
    ("home you", "whoami"),
    ("home mine", "mine"),
    ("home accounts", "accounts"),
    ("home status", "status"),
    ("home balance", "balance"),
    ("home settings", SETTINGS),
)
# After one of these the tab is shown anew, and says so by itself.
VERBS = frozenset({"language", "quiet", "channels", "zone", "hours", "away", "back"})
BUTTONS_MAX, PIECES_MAX = 10, 6
_TICKET = re.compile(r"^#(\d{1,12}) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tab:
    """What showing the tab takes."""

    desk: Desk
    service: Service
    signer: Signer
    clock: Clock
    tongues: Tongues

    async def publish(self, opened: HomeOpened) -> None:
        """Show the tab to who opened it, from the answers to what they could have asked."""
        place, answers = Place(SLACK, opened.person.address), []
        try:
            for title, line in PARTS:
                now = self.clock.now()
                # A look is never a repeat: each shows what is so now.
                key = digest("home", opened.key, now.isoformat(), opened.person.address, line)
                answers.append((title, await self.desk.obey(Order(SLACK, key, opened.person, line, now, place))))
        except TemporaryError:
            log.warning("slack_home_delayed")
            return
        languages = [self.tongues.note(opened.person, answer) for _, answer in answers]
        view = home_view(answers, self.signer, languages[-1])
        await self.service.publish_home(opened.person.address.rpartition(":")[2], view)


def home_view(answers: Sequence[tuple[str, Answer]], signer: Signer, language: str = "") -> dict[str, Any]:
    """The tab, from the key of each part's title and its answer, in the person's language. Pure."""
    blocks: list[dict[str, Any]] = []
    is_staff = any(title == "home accounts" and answer.is_ok for title, answer in answers)
    for title, answer in answers:
        if not answer.is_ok:
            continue
        head = cut(text_of(language, title), 150)
        blocks.append({"type": "header", "text": {"type": "plain_text", "text": head, "emoji": True}})
        for piece in list(split(escaped(answer.text), SECTION_LENGTH_MAX))[:PIECES_MAX]:
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}})
        numbers = list(dict.fromkeys(_TICKET.findall(answer.text)))[:BUTTONS_MAX]
        blocks += action_blocks([Action(f"#{number}", f"show {number}") for number in numbers], None, signer)
        if title == PARTS[-1][0] and "\n" in answer.text:
            # More than the language: somebody the desk knows.
            blocks += settings_blocks(signer, language, is_staff=is_staff)
    # Of two parts with the same ticket Slack would refuse the second button's name.
    seen: set[str] = set()
    for block in blocks:
        for element in block.get("elements", ()):
            while element["action_id"] in seen:
                element["action_id"] += "+"
            seen.add(element["action_id"])
    return {"type": "home", "blocks": blocks}
