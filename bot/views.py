"""What people look at, read fresh: lists of tickets, a ticket's page, its decisions. Only reads, plain values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.messages import EMAIL, Trust
from bot.queries import outbox as outbox_queries
from bot.queries import people as people_queries
from bot.queries import tickets as ticket_queries
from bot.queries import views as queries
from bot.sentences import sentence, unpacked
from bot.store import Query, Row, Tx

LIST_MAX = 50
OPEN_STATES = ("unverified", "held", "offered", "claimed", "waiting")
UNCLAIMED_STATES = ("unverified", "held", "offered")
# Which command takes a decision back.
REVERSALS = {
    "triaged": "priority {ticket} P1|P2|P3|P4",
    "priority raised": "priority {ticket} P1|P2|P3|P4",
    "priority lowered": "priority {ticket} P1|P2|P3|P4",
    "claimed": "release {ticket}",
    "resolved": "reopen {ticket}",
    "closed": "reopen {ticket}",
    "contact billed": "waive {ticket}",
    "booked": "cancel {ticket}",
    "joined to another": "split {ticket}",
}


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One line of a list. due_at: what comes first for the desk, the end of the hold or its promise to the client."""

    ticket_id: int
    priority: str
    state: str
    subject: str
    client_code: str
    claimant_name: str
    due_at: datetime | None
    promise_at: datetime | None = None
    is_mine_to_claim: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """One event of a ticket, with the command that takes it back, or "". is_by_client: done by somebody outside.

    reason: a sentence, where it was kept as one. detail: what else was kept.
    """

    at: datetime
    kind: str
    by: str
    about: str
    reason: str
    reversal: str
    is_by_client: bool = False
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a ticket, as it is shown. direction: in, out or note.

    automatic: the class of mail that no person wrote, or "". is_doubtful: nothing proves that it is from its author.
    removed_at: when retention took the words, after so many days.
    """

    at: datetime
    direction: str
    author: str
    channel: str
    text: str
    files: tuple[str, ...]
    automatic: str = ""
    is_doubtful: bool = False
    folded: int = 0
    removed_at: datetime | None = None
    removed_after_days: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery that was held, died, bounced or came too late. again_at: when it is sent again."""

    kind: str
    channel: str
    state: str
    reason: str
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What a ticket's page tells of before: the ticket that it goes on from, and who is away until which day."""

    refers_to: int | None
    away: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A client in its lead's list."""

    client_id: int
    code: str
    name: str
    hold_minutes: int
    open_tickets: int


def queue(tx: Tx, *, consultant_id: int | None, client_id: int | None = None) -> list[TicketLine]:
    """What waits to be claimed, most severe and oldest first: of one client, or of all. At most LIST_MAX of a state."""
    mine = _offered(tx, consultant_id)
    query = queries.OF_STATE if client_id is None else queries.OF_STATE_AT_CLIENT
    of = {} if client_id is None else {"client_id": client_id}
    rows = [row for state in UNCLAIMED_STATES for row in tx.all(query, state=state, limit=LIST_MAX, **of)]
    return [_line(row, mine) for row in sorted(rows, key=lambda row: (row.priority, row.opened_at))]


def mine(tx: Tx, consultant_id: int) -> list[TicketLine]:
    """What a consultant has claimed, and what is on offer to them."""
    # Asked on two rungs, it is one ticket.
    offered = {row.id: row for row in tx.all(queries.ON_OFFER_TO, consultant_id=consultant_id)}
    claimed = [row for state in ("claimed", "waiting") for row in _all(tx, queries.OF_CLAIMANT, consultant_id, state)]
    return [_line(row, frozenset(offered)) for row in (*claimed, *offered.values())]


def _all(tx: Tx, query: Query, consultant_id: int, state: str) -> list[Row]:
    return tx.all(query, consultant_id=consultant_id, state=state)


def tickets_of_contact(tx: Tx, *, contact_id: int | None, client_id: int | None) -> list[TicketLine]:
    """A requester's own open tickets, or all of a client for its approvers and owners, newest first.

    LIST_MAX of them, and one more where there are more.
    """
    if contact_id is not None:
        rows = tx.all(queries.OPEN_OF_CONTACT, contact_id=contact_id, limit=LIST_MAX + 1)
    else:
        rows = tx.all(queries.OPEN_OF_CLIENT, client_id=client_id, limit=LIST_MAX + 1)
    return [_line(row, frozenset()) for row in rows]


def accounts(tx: Tx, consultant_id: int) -> list[AccountLine]:
    """The clients whose lead a consultant is, with how many of their tickets are open."""
    lines = []
    for client in tx.all(people_queries.CLIENTS_OF_LEAD, consultant_id=consultant_id):
        counts = tx.all(queries.STATES_OF_CLIENT, client_id=client.id)
        many = sum(row.many for row in counts if row.state in OPEN_STATES)
        lines.append(AccountLine(client.id, client.code, client.name, client.hold_minutes, many))
    return lines


def decisions(tx: Tx, ticket_id: int) -> list[Decision]:
    """Every decision on a ticket, oldest first."""
    return [_decision(tx, row, ticket_id) for row in tx.all(queries.DECISIONS, ticket_id=ticket_id)]


def _decision(tx: Tx, row: Row, ticket_id: int) -> Decision:
    detail = json.loads(row.detail_json)
    try:
        reason = unpacked(detail["said"]) if "said" in detail else row.reason
    except KeyError:
        # It was said in other words then: in English they are kept.
        reason = row.reason
    return Decision(
        at=row.at,
        kind=row.kind,
        by=_actor_name(tx, row.actor),
        about=row.consultant_name or "",
        reason=reason,
        reversal=REVERSALS.get(row.kind, "").format(ticket=ticket_id),
        is_by_client=row.actor.partition(":")[0] in ("contact", "handle"),
        detail=detail,
    )


def conversation(tx: Tx, ticket_id: int, *, with_notes: bool) -> list[Said]:
    """What was written on a ticket, oldest first; notes only for the staff."""
    files: dict[int, list[str]] = {}
    folded: Counter[int] = Counter()
    for row in tx.all(ticket_queries.ATTACHMENTS, ticket_id=ticket_id):
        if row.is_folded:
            folded[row.message_id] += 1
        else:
            name = sentence("page file removed", name=row.filename) if row.removed_at is not None else row.filename
            files.setdefault(row.message_id, []).append(name)
    return [
        Said(
            row.written_at,
            row.direction,
            row.consultant_name or row.contact_name or row.display_name or row.address or sentence("the desk"),
            row.channel,
            row.text_written or row.body_text,
            tuple(files.get(row.id, ())),
            automatic="" if row.automatic == "aside" else row.automatic,
            is_doubtful=row.channel == EMAIL and row.direction == "in" and row.trust not in ("", Trust.PROVEN),
            folded=folded[row.id],
            removed_at=row.removed_at,
            removed_after_days=row.removed_after_days,
        )
        for row in tx.all(ticket_queries.MESSAGES, ticket_id=ticket_id)
        if with_notes or row.direction != "note"
    ]


def troubles(tx: Tx, ticket_id: int) -> list[Trouble]:
    """What of a ticket's notices did not arrive."""
    return [
        Trouble(row.kind, row.channel, row.state, row.error, row.due_at)
        for row in tx.all(outbox_queries.TROUBLED_OF_TICKET, ticket_id=ticket_id)
        # An offer that somebody's claim made void was no trouble.
        if row.error != "no longer on offer"
    ]


def past(tx: Tx, ticket_id: int, *, on: date) -> Past:
    """What came before; who is away on that day or later, by the last that each said."""
    refers_to, away = None, dict[str, date]()
    for row in tx.all(queries.PAST, ticket_id=ticket_id):
        detail = json.loads(row.detail_json)
        if row.kind == "opened":
            refers_to = detail.get("refers_to")
        else:
            away[_actor_name(tx, row.actor)] = date.fromisoformat(detail["until_on"])
    return Past(refers_to, tuple((name, until) for name, until in away.items() if until >= on))


def _offered(tx: Tx, consultant_id: int | None) -> frozenset[int]:
    if consultant_id is None:
        return frozenset()
    return frozenset(row.ticket_id for row in tx.all(queries.OFFERS_OF, consultant_id=consultant_id))


def _line(row: Row, offered: frozenset[int]) -> TicketLine:
    return TicketLine(
        ticket_id=row.id,
        priority=row.priority,
        state=row.state,
        subject=row.subject,
        client_code=row.client_code or "",
        claimant_name=row.claimant_name or "",
        due_at=row.hold_until_at or row.promise_at,
        promise_at=row.promise_at,
        is_mine_to_claim=row.id in offered,
    )


def _actor_name(tx: Tx, actor: str) -> str:
    """Events keep ids; people read names."""
    kind, _, number = actor.partition(":")
    if not number.isdigit():
        return actor
    if kind == "consultant":
        row = tx.one(queries.NAME_OF_CONSULTANT, id=int(number))
    elif kind == "contact":
        row = tx.one(queries.NAME_OF_CONTACT, id=int(number))
    else:
        row = tx.one(queries.NAME_OF_HANDLE, id=int(number))
        return (row.display_name or row.address) if row is not None else actor
    return str(row.name) if row is not None else actor
