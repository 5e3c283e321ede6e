"""What can go: how rows of each kind that are due are found, how one of them goes, and which blobs it named."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.queries import retention as queries
from bot.store import Query, Row, Tx


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run is, and for how many days its kind is kept."""

    now: datetime
    days: int

    @property
    def before(self) -> datetime:
        return self.now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what goes.

    name: its heading. key: its setting. last, due: the highest id, and what is due in a range of ids.
    remove: lets a row go; False where it has gone already. table: whose blobs are named no more; "" for none of it.
    names: the blobs that a row named. texts: columns whose words go.
    """

    name: str
    key: str
    last: Query
    due: Query
    remove: Callable[[Tx, Row, Moment], bool]
    table: str = ""
    names: Callable[[Row], Sequence[str]] = lambda row: ()
    texts: tuple[str, ...] = ()

    def text_bytes(self, row: Row) -> int:
        """How many bytes of words go with a row, in UTF-8."""
        return sum(len(str(getattr(row, name)).encode("utf-8", "surrogatepass")) for name in self.texts)


def files_in(files_json: str) -> list[str]:
    """The blobs that a delivery names."""
    return [sha256 for _, _, sha256, _ in json.loads(files_json)]


def _marked(query: Query) -> Callable[[Tx, Row, Moment], bool]:
    """A row that stays, and says when what belonged to it went."""
    return lambda tx, row, moment: tx.run(query, id=row.id, now=moment.now, days=moment.days) == 1


def _emptied(tx: Tx, row: Row, moment: Moment) -> bool:
    return tx.run(queries.EMPTY_DELIVERY, id=row.id) == 1


def _forgotten(tx: Tx, row: Row, moment: Moment) -> bool:
    return tx.run(queries.FORGET_KEY if row.is_key_alone else queries.FORGET_ANSWER, id=row.id) == 1


def _raw(row: Row) -> list[str]:
    return [row.raw_sha256]


KINDS: Sequence[Kind] = (
    Kind(
        "originals", "original_days", queries.LAST_INBOUND, queries.ORIGINALS,
        _marked(queries.REMOVE_ORIGINAL), "inbound", _raw,
    ),
    Kind(
        "attachments", "attachment_days", queries.LAST_ATTACHMENT, queries.ATTACHMENTS,
        _marked(queries.REMOVE_ATTACHMENT), "attachment", lambda row: [row.sha256],
    ),
    Kind(
        "messages", "message_days", queries.LAST_MESSAGE, queries.WORDS,
        _marked(queries.REMOVE_WORDS), texts=("subject", "text_written", "body_text"),
    ),
    Kind(
        "deliveries", "delivery_days", queries.LAST_DELIVERY, queries.DELIVERIES, _emptied,
        "delivery", lambda row: files_in(row.files_json), ("notice_json",),
    ),
    Kind(
        "quarantine", "quarantine_days", queries.LAST_INBOUND,
        queries.QUARANTINE, _marked(queries.REMOVE_ORIGINAL), "inbound", _raw,
    ),
    Kind(
        "inbound", "inbound_days", queries.LAST_INBOUND, queries.RECEIPTS, _forgotten,
        texts=("answer_json",),
    ),
)  # fmt: skip
