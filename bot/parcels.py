"""What the courier carries: a leased delivery or card with all that its sender needs, read in the transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.addressing import delivery_token
from bot.blobs import Blobs
from bot.cards import card_view
from bot.messages import CardView, File, Handle, Outgoing, Place
from bot.outbox import CardLease, Lane, Lease, SendClass
from bot.policy import Policy
from bot.queries import tickets as ticket_queries
from bot.store import Tx

# Notices that answer one message, and the one whose readers may end it by a link.
RESPONSES, DIGEST = frozenset({"received", "answer"}), "digest"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased delivery with everything its sender needs."""

    lease: Lease
    outgoing: Outgoing

    @property
    def channel(self) -> str:
        return self.outgoing.to.channel


@dataclass(frozen=True, slots=True)
class CardParcel:
    """A leased card and what it shall show."""

    lease: CardLease
    view: CardView

    @property
    def channel(self) -> str:
        return self.lease.place.channel


def pack(tx: Tx, lease: Lease, *, policy: Policy, blobs: Blobs) -> Parcel:
    """A delivery with its files. Raises BlobMissing where one of them is gone."""
    row = lease.row
    references: tuple[str, ...] = ()
    token = ""
    if row.ticket_id is not None:
        seen = {"ticket_id": row.ticket_id, "channel": row.channel, "handle_id": row.handle_id}
        found = tx.all(ticket_queries.REFS_SEEN, **seen)
        references = tuple(ref.remote_id for ref in reversed(found))
        token = policy.signer.sign("reply", f"{row.ticket_id}-{row.handle_id}")
    outgoing = Outgoing(
        delivery_id=row.id,
        key=row.key,
        to=Handle(row.channel, row.address),
        notice=lease.notice,
        place=Place(row.channel, row.conversation, row.thread) if row.conversation else None,
        ticket_id=row.ticket_id,
        references=references,
        reply_token=token,
        token=delivery_token(policy.signer, row.id, row.created_at),
        opened_at=row.opened_at,
        is_automatic=row.send_class != SendClass.TYPED,
        is_page=row.lane == Lane.PAGE,
        role=row.role or "",
        is_response=row.kind in RESPONSES,
        is_bounce_wanted=row.send_class != SendClass.STRANGER,
        digest_token=policy.signer.sign(DIGEST, str(row.handle_id)) if row.kind == DIGEST else "",
        files=tuple(
            File(name, kind, blobs.get(tx, sha256), content_id)
            for name, kind, sha256, content_id in json.loads(row.files_json)
        ),
    )
    return Parcel(lease, outgoing)


def pack_card(tx: Tx, lease: CardLease, *, policy: Policy, now: datetime) -> CardParcel:
    """A card as it reads now."""
    read_as = {"zone": policy.zone, "currency": policy.currency, "language": policy.language}
    return CardParcel(lease, card_view(tx, lease.ticket_id, lease.place, lease.wanted_version, now=now, **read_as))
