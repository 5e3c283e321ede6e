"""What became of a message or command, kept beside its record so that a replay finds the first outcome."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.messages import Action, Answer, InboundMessage, Receipt
from bot.queries import intake as queries
from bot.scene import Scene
from bot.store import Tx


def first_receipt(tx: Tx, channel: str, key: str) -> Receipt:
    """What became of it the first time."""
    first = tx.one(queries.FIRST_OUTCOME, channel=channel, key=key)
    assert first is not None
    return Receipt(first.outcome, first.id, first.ticket_id, is_replay=True, answer=_answer_from(first.answer_json))


def _answer_from(text: str) -> Answer | None:
    if not text:
        return None
    fields = json.loads(text)
    actions = tuple(Action(**action) for action in fields.pop("actions"))
    return Answer(**fields, actions=actions)


def settle_message(tx: Tx, receipt: Receipt, *, reason: str) -> None:
    """Keep the outcome of a message."""
    tx.run(
        queries.SETTLE,
        id=receipt.inbound_id,
        outcome=receipt.outcome,
        ticket_id=receipt.ticket_id,
        answer_json=_as_json(receipt.answer) if receipt.answer is not None else "",
        reason=reason,
    )


def settle_order(scene: Scene, inbound_id: int, answer: Answer) -> None:
    """Keep the answer to a command."""
    scene.tx.run(
        queries.SETTLE,
        id=inbound_id,
        outcome="obeyed",
        ticket_id=answer.ticket_id,
        answer_json=_as_json(answer),
        reason="" if answer.is_ok else "refused",
    )


def _as_json(answer: Answer) -> str:
    return json.dumps(asdict(answer), ensure_ascii=False)


def legible(message: InboundMessage) -> bytes:
    """A message without raw bytes, as JSON for the quarantine; attachments by name."""
    fields = asdict(message) | {"raw": "", "attachments": [file.filename for file in message.attachments]}
    return json.dumps(fields, ensure_ascii=False, default=str).encode("utf-8", "replace")
