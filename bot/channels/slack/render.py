"""Notices, answers and cards → Block Kit, within Slack's limits by splitting, never by a refused post. Pure.

Limits (Slack's reference; the total was measured by others, bolt-js 2509 and 2867, and counts the containers too):
50 blocks a message, 3,000 characters a section, 2,000 a field, 10 fields a section, 25 elements an actions block,
2,000 characters a button's value, about 13,200 characters over all blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.channels.slack.mrkdwn import cut, escaped, split
from bot.channels.slack.orders import BUTTON
from bot.messages import ANSWER, Action, Answer, CardView, Notice
from bot.tokens import Signer

BLOCKS_MAX = 50
SECTION_LENGTH_MAX = 3_000
FIELDS_MAX = 10
BUTTONS_MAX = 25
BUTTON_VALUE_LENGTH_MAX = 2_000
LABEL_LENGTH_MAX = 75
# Below the 13,200 that Slack takes, for it counts containers in a way of its own.
PAGE_LENGTH_MAX = 12_000
BUTTONS_LENGTH_MAX = 5_000
FALLBACK_LENGTH_MAX = 3_000
# A card is one message, so its parts are shortened and not split: 20 fields of 300 stay far below the total.
CARD_FIELDS_MAX, CARD_FIELD_LENGTH_MAX = 20, 300
CARD_TITLE_LENGTH_MAX, CARD_STATUS_LENGTH_MAX = 300, 1_500

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One message of Slack's: `text` is what notifications and old clients show, escaped."""

    text: str
    blocks: tuple[Block, ...]


def notice_pages(notice: Notice, ticket_id: int | None, signer: Signer) -> list[Page]:
    """A notice in as many messages as it needs; its buttons close the last one.

    The answer to a command stands below it, and needs no title, as a mail does.
    """
    subject = escaped(" ".join(notice.subject.split())) if notice.kind != ANSWER else ""
    body = escaped(notice.body.strip())
    if subject and not body.startswith(subject):
        body = f"*{subject}*\n{body}".rstrip()
    return _pages(body or escaped(notice.kind), action_blocks(notice.actions, ticket_id, signer))


def answer_pages(answer: Answer, signer: Signer) -> list[Page]:
    """What a command answers, shown to the one who gave it."""
    return _pages(escaped(answer.text.strip()) or "Done.", action_blocks(answer.actions, answer.ticket_id, signer))


def card_page(card: CardView, signer: Signer) -> Page:
    """A ticket's card: one message, whatever is in it."""
    title, status = cut(card.title, CARD_TITLE_LENGTH_MAX), cut(card.status, CARD_STATUS_LENGTH_MAX)
    fields = [
        _mrkdwn(f"*{cut(name, LABEL_LENGTH_MAX)}*\n{cut(value, CARD_FIELD_LENGTH_MAX) or '–'}")
        for name, value in card.fields[:CARD_FIELDS_MAX]
    ]
    blocks = [_section(f"*{title}*")]
    blocks += [{"type": "section", "fields": some} for some in _batches(fields, FIELDS_MAX)]
    if status:
        blocks.append({"type": "context", "elements": [_mrkdwn(status)]})
    blocks += action_blocks(card.actions, card.ticket_id, signer)
    return Page(f"{title} – {status}" if status else title, tuple(blocks))


def ephemeral(page: Page) -> dict[str, Any]:
    """A page as the body of an acknowledgement or of a post to a response_url: seen by one person alone."""
    body: dict[str, Any] = {"response_type": "ephemeral", "replace_original": False, "text": page.text}
    if len(page.blocks) > 1:
        body["blocks"] = list(page.blocks)
    return body


def plain(sentence: str) -> Page:
    """One sentence of the channel's own."""
    return _pages(escaped(sentence), [])[0]


def _pages(text: str, buttons: list[Block]) -> list[Page]:
    """Escaped text and buttons as messages that Slack takes; the buttons close the last one."""
    pieces = list(split(text, SECTION_LENGTH_MAX)) or ["–"]
    if len(pieces) == 1:
        # Nearly always, and on the way of every acknowledgement: nothing to measure.
        return [Page(pieces[0], (_section(pieces[0]), *buttons))]
    pages: list[list[Block]] = [[]]
    room_whole = PAGE_LENGTH_MAX - _length(buttons)
    room = room_whole
    for piece in pieces:
        block = _section(piece)
        length = _length(block)
        if pages[-1] and (length > room or len(pages[-1]) == BLOCKS_MAX - len(buttons)):
            pages.append([])
            room = room_whole
        pages[-1].append(block)
        room -= length
    pages[-1] += buttons
    return [Page(_fallback(page), tuple(page)) for page in pages]


def _length(blocks: object) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def _fallback(page: Iterable[Block]) -> str:
    said = "\n".join(block["text"]["text"] for block in page if "text" in block)
    return next(split(said, FALLBACK_LENGTH_MAX), "")


def action_blocks(actions: Sequence[Action], ticket_id: int | None, signer: Signer) -> list[Block]:
    """Buttons, in as many blocks as they need."""
    elements: list[Block] = []
    room = BUTTONS_LENGTH_MAX
    for place, action in enumerate(actions):
        button = _button(action, place, ticket_id, signer)
        room -= _length(button)
        if button is not None and room > 0:
            elements.append(button)
    return [{"type": "actions", "elements": some} for some in _batches(elements, BUTTONS_MAX)]


def _button(action: Action, place: int, ticket_id: int | None, signer: Signer) -> Block | None:
    """A button that carries its command line, signed; None where the line is longer than Slack takes."""
    value = signer.sign(BUTTON, f"{ticket_id or 0} {action.command}")
    if len(value) > BUTTON_VALUE_LENGTH_MAX:
        return None
    verb = action.command.partition(" ")[0]
    button: Block = {
        "type": "button",
        # Unique within the message, as Slack asks, and readable in its logs.
        "action_id": f"{verb}:{place}"[:255],
        "text": {"type": "plain_text", "text": action.label[:LABEL_LENGTH_MAX], "emoji": True},
        "value": value,
    }
    if action.style in {"primary", "danger"}:
        button["style"] = action.style
    return button


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Mapping[str, Any]:
    # Verbatim: else Slack would make mentions of a stranger's "@channel". Our links are marked as such already.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
