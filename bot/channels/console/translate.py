"""Console requests (one JSON object a line) ↔ messages. Pure.

    {"op": "say", "from": "anna", "text": "…", "subject": "…", "answers": "<id>", "key": "…"}
    {"op": "do", "as": "maria", "text": "claim 42", "ticket_id": 42, "key": "…"}

The socket belongs to the desk's own account (mode 0600): who can open it runs the desk, so names are believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import UserError
from bot.messages import CONSOLE, Answer, CardView, Handle, InboundMessage, Order, Outgoing, Place, Receipt, Trust

NAME_LENGTH_MAX = 80


def to_message(request: Mapping[str, Any], *, key: str, received_at: datetime) -> InboundMessage:
    """A contact's message. Raises UserError naming the field that is missing or wrong."""
    name = _name(request, "from")
    text = _text(request, "text")
    if not text.strip():
        raise UserError("The message is empty. Write what you need.")
    answers = _text(request, "answers")
    return InboundMessage(
        channel=CONSOLE,
        key=key,
        sender=Handle(CONSOLE, name, name),
        received_at=received_at,
        text=text.strip(),
        body_text=text,
        subject=" ".join(_text(request, "subject").split()),
        place=Place(CONSOLE, name),
        message_id=key,
        references=(answers,) if answers else (),
        trust=Trust.PROVEN,
        trust_reason="the console belongs to the desk's own account",
    )


def to_order(request: Mapping[str, Any], *, key: str, given_at: datetime) -> Order:
    """A command. Raises UserError naming the field that is missing or wrong."""
    name = _name(request, "as")
    ticket_id = request.get("ticket_id")
    if ticket_id is not None and (isinstance(ticket_id, bool) or not isinstance(ticket_id, int)):
        raise UserError("ticket_id is not a number.")
    return Order(
        channel=CONSOLE,
        key=key,
        sender=Handle(CONSOLE, name, name),
        text=_text(request, "text").strip(),
        given_at=given_at,
        place=Place(CONSOLE, name),
        ticket_id=ticket_id,
    )


def from_receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "outcome": receipt.outcome,
        "inbound_id": receipt.inbound_id,
        "ticket_id": receipt.ticket_id,
        "is_replay": receipt.is_replay,
        "answer": from_answer(receipt.answer) if receipt.answer else None,
    }


def from_answer(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "is_ok": answer.is_ok,
        "ticket_id": answer.ticket_id,
        "actions": [{"label": action.label, "command": action.command} for action in answer.actions],
    }


def delivery_text(outgoing: Outgoing) -> str:
    """A delivery as a person reads it, buttons as the commands they give."""
    about = f"[ticket {outgoing.ticket_id}] " if outgoing.ticket_id is not None else ""
    lines = [f"{about}{outgoing.notice.subject}".strip(), outgoing.notice.body.strip()]
    lines += [f"  {action.label}: {action.command}" for action in outgoing.notice.actions]
    lines += [f"  file: {file.filename} ({file.content_type}, {len(file.content)} bytes)" for file in outgoing.files]
    return "\n".join(line for line in lines if line)


def card_text(card: CardView) -> str:
    """A card as a person reads it."""
    lines = [f"[ticket {card.ticket_id}] {card.title} · {card.status}"]
    lines += [f"  {name}: {value}" for name, value in card.fields]
    lines += [f"  {action.label}: {action.command}" for action in card.actions]
    return "\n".join(lines)


def _name(request: Mapping[str, Any], field: str) -> str:
    name = _text(request, field).strip().lower()
    if not name or len(name) > NAME_LENGTH_MAX or any(c.isspace() or not c.isprintable() for c in name):
        raise UserError(f"{field} is no console name. Write one word, such as anna.")
    return name


def _text(request: Mapping[str, Any], field: str) -> str:
    value = request.get(field) or ""
    if not isinstance(value, str):
        raise UserError(f"{field} is not text.")
    return value
