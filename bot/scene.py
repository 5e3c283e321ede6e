"""What a use case has in its hands: the open transaction, the rules, the time, and the cause it acts for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Attachment, Place
from bot.policy import Policy
from bot.sentences import Joined, Sentence, packed
from bot.store import Tx

# Made once: `json.dumps` would make an encoder for each event.
detail_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


def with_reason(detail: Mapping[str, object], reason: str) -> dict[str, object]:
    """What is kept of an event: its detail, and its reason as a sentence, where it is one, beside its English."""
    if isinstance(reason, Sentence | Joined):
        return {**detail, "said": packed(reason)}
    return dict(detail)


@dataclass(frozen=True, slots=True)
class Scene:
    """One transaction of a door.

    cause: names what set it off ("inbound:55", "step:42:2"); deliveries are keyed by it, so a repeat folds.
    files: what came with the command, kept as blobs under their sha256; read: what is in one of them. place: where it
    was written. is_nameless: the channel does not say which account gave the command, as in the name of a group.
    """

    tx: Tx
    policy: Policy
    now: datetime
    cause: str
    files: tuple[Attachment, ...] = ()
    place: Place | None = None
    read: Callable[[Attachment], bytes] | None = None
    is_nameless: bool = False

    def record(
        self,
        kind: str,
        *,
        ticket_id: int | None = None,
        client_id: int | None = None,
        actor: str = "desk",
        consultant_id: int | None = None,
        reason: str = "",
        **detail: object,
    ) -> None:
        """Append an event: what happened, and why."""
        self.tx.insert(
            "event",
            at=self.now,
            kind=kind,
            ticket_id=ticket_id,
            client_id=client_id,
            actor=actor,
            consultant_id=consultant_id,
            reason=reason,
            detail_json=detail_json(with_reason(detail, reason)),
        )
