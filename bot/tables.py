"""Every table, as rows without behaviour. Imported by migrations and tests only: the running desk speaks SQL.

Column names carry their type, here as everywhere: `…_at` and `…_by` are instants (aware, UTC), `…_on` is a local
date, `is_…` and `was_…` are booleans, `…_json` is JSON text, `…_cents` and `…_units` are integers. On SQLite the
declared types UTC_TEXT, DAY_TEXT and BOOLEAN tell the driver what to return (see store).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DefaultClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import Date, DateTime, TypeEngine
from sqlmodel import Field, SQLModel


class Instant(DateTime):
    """An aware instant in UTC: timestamptz on PostgreSQL, ISO text of fixed width on SQLite."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)


class Day(Date):
    """A local date, without zone: date on PostgreSQL, ISO text on SQLite."""

    cache_ok = True


@compiles(Instant, "sqlite")
def _instant_on_sqlite(type_: TypeEngine[datetime], compiler: object, **_: object) -> str:
    return "UTC_TEXT"


@compiles(Day, "sqlite")
def _day_on_sqlite(type_: TypeEngine[date], compiler: object, **_: object) -> str:
    return "DAY_TEXT"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# BIGINT would cost SQLite its rowid alias.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class Row(SQLModel):
    """Base of all rows: one metadata, with names for every constraint."""

    metadata = metadata


def key() -> Any:
    return Field(default=None, primary_key=True, sa_type=BigKey)


def ref(table: str, *, nullable: bool = False, index: bool = False) -> Any:
    return Field(
        default=None, foreign_key=f"{table}.id", nullable=nullable, index=index, sa_type=BigKey, ondelete="RESTRICT"
    )


def instant(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, nullable=nullable, index=index, sa_type=Instant)


def day(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, nullable=nullable, index=index, sa_type=Day)


def text(default: str = "") -> Any:
    return Field(default=default, nullable=False, sa_type=Text)


def big(default: int = 0) -> Any:
    return Field(default=default, nullable=False, sa_type=BigInteger)


def partial_index(name: str, *columns: str, condition: str) -> Index:
    return Index(name, *columns, sqlite_where=sql(condition), postgresql_where=sql(condition))


def known_index(name: str, column: str, *more: str) -> Index:
    """An index by a column that many rows lack: to write those costs nothing."""
    return partial_index(name, column, *more, condition=f"{column} IS NOT NULL")


def due_index(name: str, column: str) -> Index:
    """An index over the few rows whose `…_at` is still to come: what a tick reads."""
    return known_index(name, column)


# ---------------------------------------------------------------- people


class Consultant(Row, table=True):
    """Claims and works tickets; a manager and an assistant are consultants with that role."""

    id: int | None = key()
    member_number: str = Field(unique=True)
    name: str = text()
    role: str = text("consultant")  # consultant, assistant, manager
    zone: str = text("UTC")
    hours: str = text("Mon-Fri 09:00-17:00")
    expertise: str = text()  # comma-separated words, lower case
    status: str = text("active")  # active, suspended
    away_until_at: datetime | None = instant()
    pay_basis_points: int = 0  # share of the rate-card value
    pay_cents_json: str = text()  # or cents an hour by billed priority: {"P1": 9000, …}
    bank_account: str = text()  # where payouts go, as the bank file names it
    tax_form: str = text()  # "W-9", "W-8BEN": kept once, before the first payout
    tax_form_on: date | None = day()
    language: str = text("en")
    quiet_hours: str = text()  # "22:00-07:00" in the own zone: notices that can wait, wait
    digest_at: datetime | None = instant(index=True)  # next morning digest; managers only
    failures: int = 0  # of its digest
    created_at: datetime | None = instant(nullable=False)
    version: int = 1


class Client(Row, table=True):
    """A company. Its row is the lock under which its tickets open and its books change."""

    id: int | None = key()
    code: str = Field(unique=True)  # short, upper case: ACME
    name: str = text()
    zone: str = text("UTC")
    hours: str = text("Mon-Fri 09:00-17:00")
    holiday_region: str = text()  # "US" or "DE-BY"; "" = none
    holidays_json: str = text("[]")  # extra dates, ISO
    calendar_version: int = 1
    language: str = text("en")
    lead_id: int | None = ref("consultant", nullable=True, index=True)
    proposed_lead_id: int | None = ref("consultant", nullable=True)  # named by the owner, not confirmed yet
    hold_minutes: int = 240
    manager_id: int | None = ref("consultant", nullable=True)
    assistant_id: int | None = ref("consultant", nullable=True)
    brought_by_id: int | None = ref("consultant", nullable=True)  # earns the commission
    service_started_on: date | None = day()
    plan: str = text("none")  # none, per-use, managed, flat, flat-24h, subscription
    rounding: str = text("day")  # day, item
    is_chargeable: bool = False  # a plan or an agreement stands
    agreed_at: datetime | None = instant()
    agreed_by_contact_id: int | None = Field(default=None, sa_type=BigKey)
    agreed_words: str = text()
    agreed_text: str = text()  # which text was agreed to: agreement 1, urgent 1, quote 3
    cap_cents_per_month: int | None = Field(default=None, sa_type=BigInteger)
    when_credit_out: str = text()  # an approver's standing choice: "", per-use, stop
    billing_address: str = text()  # as it stands on invoices, lines parted by ";"
    po_number: str = text()
    invoicing: str = text("single")  # single: each ticket on resolution; monthly: one invoice a month
    due_days: int = 14
    tax_basis_points: int = 0
    is_ahead_applied: bool = True  # what it paid ahead settles a new invoice by itself
    closed_to_on: date | None = day()  # first day after the last closed month; nothing dated before it is posted
    credit_told: int = 100  # the lowest share of credit, in per cent, that the client was warned of
    fee_cents: int | None = Field(default=None, sa_type=BigInteger)  # net, a term; null: the plan's own
    term_months: int = 1  # 1: monthly, 12: yearly
    term_anchor_on: date | None = day()  # the plan's first day; terms are counted from it
    term_at: datetime | None = instant()  # when the next term begins: its fee and its included units
    onsite_minutes: int = 0  # included on-site time a term, of a flat plan
    minimum_units: int = 0  # what a ticket's billed day costs at least
    renews: str = text()  # a bundle that is ordered by itself when credit runs low: "", 12h, 40h
    is_active: bool = True
    created_at: datetime | None = instant(nullable=False)
    failures: int = 0  # of its next term
    version: int = 1
    __table_args__ = (due_index("ix_client_term_at", "term_at"),)


class ClientPlan(Row, table=True):
    """A client had a plan from a day on; of two about one day the later word counts. No row: its plan, always."""

    __tablename__ = "client_plan"
    id: int | None = key()
    client_id: int | None = ref("client")
    plan: str = text()
    from_on: date | None = day(nullable=False)
    __table_args__ = (Index("ix_client_plan_client", "client_id", "id"),)


class ClientDomain(Row, table=True):
    """A mail domain that is known to be a client's; a proven sender from it is that client's."""

    __tablename__ = "client_domain"
    id: int | None = key()
    domain: str = Field(index=True)
    client_id: int | None = ref("client", index=True)
    __table_args__ = (UniqueConstraint("domain", "client_id"),)


class Contact(Row, table=True):
    """A person at a client who may ask for work. What it may see ends at its client."""

    id: int | None = key()
    client_id: int | None = ref("client", index=True)
    name: str = text()
    role: str = text("requester")  # requester, approver, owner
    language: str = text()
    quiet_hours: str = text()  # as a consultant's, in the client's zone
    is_managed: bool = True  # False: wrote from the client's domain, an approver has not said yes yet
    is_active: bool = True
    created_at: datetime | None = instant(nullable=False)


class HandleRow(Row, table=True):
    """A person on one channel. Unknown senders have a handle too, of nobody."""

    __tablename__ = "handle"
    id: int | None = key()
    channel: str
    address: str
    display_name: str = text()
    language: str = text()  # as the service tells it; what the person chose stands with the person
    contact_id: int | None = ref("contact", nullable=True, index=True)
    consultant_id: int | None = ref("consultant", nullable=True, index=True)
    verified_at: datetime | None = instant()
    rank: int = 100  # order in which the person's channels are tried
    is_dead: bool = False  # nothing reaches it: hard bounce, blocked, deactivated
    is_stopped: bool = False  # the person wants no notices here, only answers
    is_digest_off: bool = False  # digests do not come here; everything else does
    trouble: str = text()  # why nothing reaches it, or why notices were stopped: what the other side said
    trouble_at: datetime | None = instant()
    created_at: datetime | None = instant(nullable=False)
    __table_args__ = (UniqueConstraint("channel", "address"), due_index("ix_handle_trouble_at", "trouble_at"))


class MembershipRequest(Row, table=True):
    """Somebody asks to become a consultant; a manager validates the expertise and invites, or declines."""

    __tablename__ = "membership_request"
    id: int | None = key()
    name: str = text()
    address: str = text()
    expertise: str = text()
    zone: str = text("UTC")
    handle_id: int | None = ref("handle", nullable=True)
    asked_at: datetime | None = instant(nullable=False)
    outcome: str = text()  # "", invited, declined
    decided_by_id: int | None = ref("consultant", nullable=True)
    decided_at: datetime | None = instant()


class LinkCode(Row, table=True):
    """A one-time code sent to a proven address; whoever types it in a chat is that person."""

    __tablename__ = "link_code"
    id: int | None = key()
    digest: str = Field(unique=True)
    handle_id: int | None = ref("handle")  # the proven handle it was sent to
    requested_by_handle_id: int | None = ref("handle", nullable=True)
    expires_at: datetime | None = instant(nullable=False)
    used_at: datetime | None = instant()


class PlaceRow(Row, table=True):
    """A conversation that belongs to a client (its request channel or group) or to the staff."""

    __tablename__ = "place"
    id: int | None = key()
    channel: str
    conversation: str
    client_id: int | None = ref("client", nullable=True)  # null: a staff place, where cards stand
    __table_args__ = (UniqueConstraint("channel", "conversation"),)


class Introduction(Row, table=True):
    """An assistant was introduced to a contact, before it first answers it: by whom, how and when."""

    id: int | None = key()
    contact_id: int | None = ref("contact", index=True)
    consultant_id: int | None = ref("consultant")
    introduced_by_id: int | None = ref("consultant")
    how: str = text()
    introduced_at: datetime | None = instant(nullable=False)
    __table_args__ = (UniqueConstraint("contact_id", "consultant_id"),)


# ---------------------------------------------------------------- tickets


class InboundRow(Row, table=True):
    """Every message and command that came in, once; a replay finds its first outcome here."""

    __tablename__ = "inbound"
    id: int | None = key()
    channel: str
    key: str
    received_at: datetime | None = instant(nullable=False)
    outcome: str = text()  # opened, joined, obeyed, recorded, quarantined
    ticket_id: int | None = Field(default=None, sa_type=BigKey)
    answer_json: str = text()
    raw_sha256: str = text()
    error_id: str = text()
    reason: str = text()
    removed_at: datetime | None = instant()  # when the bytes under raw_sha256 went, by retention; the name stays
    removed_after_days: int = 0
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        partial_index("ix_inbound_quarantined", "id", condition="outcome = 'quarantined'"),
    )


class TicketRow(Row, table=True):
    """A piece of work that somebody asked for."""

    __tablename__ = "ticket"
    id: int | None = key()
    client_id: int | None = ref("client", nullable=True)
    contact_id: int | None = ref("contact", nullable=True)
    handle_id: int | None = ref("handle", nullable=True)  # who is answered, and in which channel
    channel: str = text()
    conversation: str = text()  # the place it was written in
    thread: str = text()
    subject: str = text()
    state: str = text()  # unverified, held, offered, claimed, waiting, resolved, closed
    priority: str = text("P4")
    priced_priority: str = text("P4")  # what work started now is priced by; follows `priority` after notice
    rule: str = text()
    why_json: str = text("[]")
    expertise: str = text()
    lead_id: int | None = ref("consultant", nullable=True)
    claimant_id: int | None = ref("consultant", nullable=True)
    opened_at: datetime | None = instant(nullable=False)
    hold_until_at: datetime | None = instant()
    step: int = 0  # 0 the lead's hold, then the rungs of the ladder
    step_at: datetime | None = instant()  # when the present rung ends
    respond_by: datetime | None = instant()
    promise_at: datetime | None = instant()  # when the open promise is missed, unless answered
    responded_at: datetime | None = instant()
    claimed_at: datetime | None = instant()
    resolved_at: datetime | None = instant()
    closed_at: datetime | None = instant()
    close_at: datetime | None = instant()  # when a resolved ticket closes by itself
    remind_at: datetime | None = instant()  # unverified: when the manager is told again
    is_booked: bool = False
    is_direct: bool = False
    is_billing_on_hold: bool = False  # waits for an approver's yes
    chasers: int = 0
    sequence: int = 0  # last delivery sequence given out
    joined_to_id: int | None = ref("ticket", nullable=True)  # what was written here is part of that ticket
    failures: int = 0  # of due steps
    version: int = 1
    __table_args__ = (
        due_index("ix_ticket_step_at", "step_at"),
        due_index("ix_ticket_promise_at", "promise_at"),
        due_index("ix_ticket_close_at", "close_at"),
        due_index("ix_ticket_remind_at", "remind_at"),
        known_index("ix_ticket_client", "client_id", "opened_at"),
        known_index("ix_ticket_lead", "lead_id", "state"),
        known_index("ix_ticket_claimant", "claimant_id", "state"),
        Index("ix_ticket_state", "state", "priority", "opened_at"),
        Index("ix_ticket_handle", "handle_id", "opened_at"),
        known_index("ix_ticket_contact", "contact_id", "opened_at"),
        Index("ix_ticket_thread", "channel", "conversation", "thread"),
        Index("ix_ticket_opened", "opened_at"),
    )


class Watch(Row, table=True):
    """Somebody wants to hear how a ticket goes on: a contact or a consultant."""

    id: int | None = key()
    ticket_id: int | None = ref("ticket")
    contact_id: int | None = ref("contact", nullable=True, index=True)
    consultant_id: int | None = ref("consultant", nullable=True, index=True)
    since_at: datetime | None = instant(nullable=False)
    __table_args__ = (
        UniqueConstraint("ticket_id", "consultant_id"),
        UniqueConstraint("ticket_id", "contact_id"),
    )


class MessageRow(Row, table=True):
    """One message on a ticket: what came in, what a person answered, or an internal note."""

    __tablename__ = "message"
    id: int | None = key()
    ticket_id: int | None = ref("ticket", index=True)
    inbound_id: int | None = ref("inbound", nullable=True)
    direction: str = text("in")  # in, out, note
    channel: str = text()
    handle_id: int | None = ref("handle", nullable=True)
    consultant_id: int | None = ref("consultant", nullable=True)
    remote_id: str = text()
    subject: str = text()
    text_written: str = text()
    body_text: str = text()
    trust: str = text()
    automatic: str = text()  # a class of automatic mail, or "aside": an edit, or talk that was not addressed to us
    written_at: datetime | None = instant(nullable=False)
    removed_at: datetime | None = instant()  # when its words went, by retention
    removed_after_days: int = 0
    # Ids rise, so it is written at its end; without it nothing could be removed from `inbound`.
    __table_args__ = (known_index("ix_message_inbound_id", "inbound_id"),)


class MessageRef(Row, table=True):
    """Channel names of messages (Message-ID, ts, message_id), to find the ticket an answer belongs to."""

    __tablename__ = "message_ref"
    id: int | None = key()
    channel: str
    conversation: str = text()
    remote_id: str
    ticket_id: int | None = ref("ticket", index=True)
    is_ours: bool = False
    __table_args__ = (Index("ix_message_ref_remote", "channel", "remote_id", "conversation"),)


class AttachmentRow(Row, table=True):
    __tablename__ = "attachment"
    id: int | None = key()
    message_id: int | None = ref("message", index=True)
    filename: str = text()
    content_type: str = text()
    size_bytes: int = big()
    sha256: str = text()
    is_inline: bool = False
    is_folded: bool = False  # a signature's image: kept, and told by number
    removed_at: datetime | None = instant()  # when its bytes went, by retention; their name stays
    removed_after_days: int = 0
    __table_args__ = (Index("ix_attachment_sha256", "sha256"),)


class Blob(Row, table=True):
    """Bytes by SHA-256; beside SQLite the large ones are files."""

    sha256: str = Field(primary_key=True)
    put_at: datetime | None = instant(nullable=False)  # lately; what was put just now may be named by no row yet
    content: bytes = Field(sa_type=LargeBinary)


class EventRow(Row, table=True):
    """What happened and why; appended to, never changed."""

    __tablename__ = "event"
    id: int | None = key()
    at: datetime | None = instant(nullable=False)
    kind: str
    ticket_id: int | None = ref("ticket", nullable=True)
    client_id: int | None = ref("client", nullable=True)
    actor: str = text()  # "consultant:7", "contact:3", "handle:9", "desk"
    consultant_id: int | None = Field(
        default=None, sa_type=BigKey
    )  # whom it is about: offered to, lapsed for, claimed by
    reason: str = text()
    detail_json: str = text("{}")
    __table_args__ = (
        Index("ix_event_ticket", "ticket_id", "id"),
        Index("ix_event_kind_at", "kind", "at"),
        known_index("ix_event_client_at", "client_id", "at"),
    )


class Offer(Row, table=True):
    """A ticket was offered to a consultant; only those may claim it."""

    id: int | None = key()
    ticket_id: int | None = ref("ticket")
    consultant_id: int | None = ref("consultant")
    step: int = 0
    offered_at: datetime | None = instant(nullable=False)
    answer: str = text()  # "", passed, claimed, lapsed
    __table_args__ = (
        UniqueConstraint("ticket_id", "consultant_id"),
        Index("ix_offer_consultant", "consultant_id", "answer"),
    )


# ---------------------------------------------------------------- outbox


class DeliveryRow(Row, table=True):
    """One message to one person, written with its cause and sent after the commit."""

    __tablename__ = "delivery"
    id: int | None = key()
    key: str = Field(unique=True)
    kind: str = text()  # the notice's kind
    send_class: str = text("contact")  # stranger, contact, staff, typed, money
    lane: str = text("conversation")  # page, conversation, card
    ticket_id: int | None = ref("ticket", nullable=True)
    handle_id: int | None = ref("handle", nullable=True)
    consultant_id: int | None = Field(default=None, sa_type=BigKey)
    contact_id: int | None = Field(default=None, sa_type=BigKey)
    sequence: int = 0
    channel: str = text()
    address: str = text()
    conversation: str = text()
    thread: str = text()
    notice_json: str = text()
    files_json: str = text("[]")
    state: str = text("pending")  # pending, leased, sent, held, dead, expired, folded, bounced
    due_at: datetime | None = instant()  # null once settled
    expires_at: datetime | None = instant()
    lease_token: str = text()
    attempts: int = 0
    bounces: int = 0  # how often it came back after it was sent
    first_tried_at: datetime | None = instant()
    settled_at: datetime | None = instant()
    error: str = text()
    remote_conversation: str = text()
    remote_id: str = text()
    created_at: datetime | None = instant(nullable=False)
    __table_args__ = (
        Index(
            "ix_delivery_due_at",
            "channel",
            "due_at",
            sqlite_where=sql("due_at IS NOT NULL"),
            postgresql_where=sql("due_at IS NOT NULL"),
        ),
        Index("ix_delivery_ticket", "ticket_id", "handle_id", "lane", "sequence"),
        Index("ix_delivery_handle_at", "handle_id", "created_at"),
        Index("ix_delivery_state", "state", "created_at"),
    )


class CardRow(Row, table=True):
    """A ticket's card in one place; the courier posts or edits it until shown = wanted."""

    __tablename__ = "card"
    id: int | None = key()
    ticket_id: int | None = ref("ticket")
    channel: str
    conversation: str
    thread: str = text()
    wanted_version: int = 1
    shown_version: int = 0
    remote_conversation: str = text()
    remote_id: str = text()
    due_at: datetime | None = instant()
    lease_token: str = text()
    attempts: int = 0
    error: str = text()
    __table_args__ = (
        UniqueConstraint("ticket_id", "channel", "conversation"),
        due_index("ix_card_due_at", "due_at"),
    )


# ---------------------------------------------------------------- books


class WorkItem(Row, table=True):
    """Real minutes of one consultant on one ticket; what they cost stands in its charge."""

    __tablename__ = "work_item"
    id: int | None = key()
    ticket_id: int | None = ref("ticket")
    client_id: int | None = ref("client")
    consultant_id: int | None = ref("consultant", nullable=True)
    kind: str = text("remote")
    started_at: datetime | None = instant(nullable=False)
    minutes: int = 0
    work_on: date | None = day(nullable=False)  # the client's local date on which it started
    priority: str = text("P4")  # in force when the work started
    was_asked: bool = False
    is_booked: bool = False
    booked_until_at: datetime | None = instant()  # end of the booked slot; null: the slot covers all of it
    is_billable: bool = True
    is_contact: bool = False  # the off-hours contact itself: one P1 quarter, no minutes
    note: str = text()
    logged_at: datetime | None = instant(nullable=False)
    reversed_at: datetime | None = instant()
    __table_args__ = (
        Index("ix_work_item_day", "ticket_id", "work_on"),
        Index("ix_work_item_client", "client_id", "work_on"),
        Index("ix_work_item_consultant", "consultant_id", "work_on"),
    )


class GrantRow(Row, table=True):
    """A parcel of credit, in units."""

    __tablename__ = "credit_grant"
    id: int | None = key()
    client_id: int | None = ref("client", index=True)
    tier: str = text()  # 12h, 40h, included
    units: int = 0
    balance_units: int = 0
    price_cents: int = big()
    bought_on: date | None = day(nullable=False)
    lapses_on: date | None = day()
    lapse_at: datetime | None = instant()  # the instant of that local midnight; null once lapsed
    warn_at: datetime | None = instant()  # when the client is told next that it will lapse; null once told
    failures: int = 0  # of its lapse
    granted_by_id: int | None = Field(default=None, sa_type=BigKey)
    note: str = text()
    __table_args__ = (
        CheckConstraint("balance_units >= 0", name="balance"),
        due_index("ix_credit_grant_lapse_at", "lapse_at"),
        due_index("ix_credit_grant_warn_at", "warn_at"),
    )


class Account(Row, table=True):
    """A kept balance per client, account name and commodity; `audit` proves it equals its postings."""

    id: int | None = key()
    client_id: int | None = ref("client", nullable=True)
    name: str
    commodity: str  # "cents" or "units"
    balance: int = big()
    __table_args__ = (UniqueConstraint("client_id", "name", "commodity"),)


class Entry(Row, table=True):
    """A transaction of the books: postings that sum to zero in each commodity. Never edited, only reversed."""

    id: int | None = key()
    client_id: int | None = ref("client", nullable=True)
    number: int = 0  # 1, 2, … within the client: its place in the hash chain
    key: str = Field(unique=True)
    kind: str = text()  # grant, charge, contact, lapse, waive, payment, commission, reversal
    posted_at: datetime | None = instant(nullable=False)
    work_on: date | None = day()
    ticket_id: int | None = Field(default=None, sa_type=BigKey)
    work_item_id: int | None = Field(default=None, sa_type=BigKey)
    reverses_id: int | None = ref("entry", nullable=True)
    reason: str = text()
    evidence_json: str = text("{}")
    previous_hash: str = text()
    hash: str = text()
    # Mostly null: without the nulls, a planner that has counted them does not take these indexes for useless.
    __table_args__ = (
        UniqueConstraint("client_id", "number"),
        known_index("ix_entry_ticket_id", "ticket_id"),
        known_index("ix_entry_work_item_id", "work_item_id"),
        known_index("ix_entry_reverses_id", "reverses_id"),
    )


class Posting(Row, table=True):
    id: int | None = key()
    entry_id: int | None = ref("entry", index=True)
    account_id: int | None = ref("account")
    grant_id: int | None = Field(default=None, sa_type=BigKey)
    amount: int = big()
    # With the amount in it, sums of an account are read from the index alone.
    __table_args__ = (
        Index("ix_posting_account_id", "account_id", "amount"),
        known_index("ix_posting_grant_id", "grant_id"),
    )


class Charge(Row, table=True):
    """What one work item or off-hours contact cost, beside the entry that posted it."""

    id: int | None = key()
    entry_id: int | None = ref("entry", index=True)
    client_id: int | None = ref("client")
    ticket_id: int | None = ref("ticket")
    work_item_id: int | None = ref("work_item", nullable=True, index=True)
    work_on: date | None = day(nullable=False)
    units: int = 0
    due_cents: int = big()
    day_quarters_json: str = text("{}")
    draws_json: str = text("[]")
    charged_at: datetime | None = instant(nullable=False)
    is_waived: bool = False
    waived_units: int = 0
    is_disputed: bool = False  # kept off invoices until a manager decides
    invoice_id: int | None = Field(default=None, sa_type=BigKey, index=True)
    __table_args__ = (
        Index("ix_charge_day", "ticket_id", "work_on"),
        Index("ix_charge_client", "client_id", "charged_at"),
        Index("ix_charge_charged_at", "charged_at"),
        partial_index("ix_charge_uninvoiced", "client_id", condition="invoice_id IS NULL AND due_cents <> 0"),
    )


class Timer(Row, table=True):
    """Time that a consultant's clock is running for; logged when it stops."""

    id: int | None = key()
    consultant_id: int | None = ref("consultant")
    ticket_id: int | None = ref("ticket")
    started_at: datetime | None = instant(nullable=False)
    stopped_at: datetime | None = instant()
    __table_args__ = (
        Index(
            "ix_timer_running", "consultant_id", unique=True,
            sqlite_where=sql("stopped_at IS NULL"), postgresql_where=sql("stopped_at IS NULL"),
        ),
    )  # fmt: skip


class Dispute(Row, table=True):
    """A client disputes a charge; a manager decides."""

    id: int | None = key()
    charge_id: int | None = ref("charge", index=True)
    contact_id: int | None = ref("contact", nullable=True)
    words: str = text()
    opened_at: datetime | None = instant(nullable=False)
    outcome: str = text()  # "", upheld, waived, part
    waived_units: int = 0
    decided_by_id: int | None = ref("consultant", nullable=True)
    decided_at: datetime | None = instant()
    reason: str = text()


class InvoiceSeries(Row, table=True):
    """The last number given out in a year: the last of all locks, so that numbers have no gap."""

    __tablename__ = "invoice_series"
    year: int = Field(primary_key=True)
    last: int = 0


class Invoice(Row, table=True):
    """An invoice, or a credit note to one, as it was issued: everything that stands on it is kept with it."""

    id: int | None = key()
    number: str = Field(unique=True)  # INV-2026-0007
    client_id: int | None = ref("client")
    kind: str = text("invoice")  # invoice, credit-note
    credits_id: int | None = ref("invoice", nullable=True, index=True)  # the invoice that a credit note takes from
    key: str = text()  # identity of what made it
    issued_on: date | None = day(nullable=False)
    due_on: date | None = day(nullable=False)
    net_cents: int = big()
    tax_cents: int = big()
    paid_cents: int = big()  # payments, credit notes and write-offs so far
    state: str = text("open")  # open, settled
    ordered: str = text()  # tier of a bundle that becomes usable when this is paid; "" once granted
    content_json: str = text("{}")  # seller, buyer, lines: what the document shows
    entry_id: int | None = ref("entry", nullable=True)
    pdf_sha256: str = text()
    render_at: datetime | None = instant()  # when its document is made and sent; null once it was
    remind_at: datetime | None = instant()  # when the client is reminded next; null once settled
    reminders: int = 0
    failures: int = 0
    __table_args__ = (
        Index("ix_invoice_key", "key", unique=True),
        Index("ix_invoice_client", "client_id", "issued_on"),
        due_index("ix_invoice_render_at", "render_at"),
        due_index("ix_invoice_remind_at", "remind_at"),
    )


class Settlement(Row, table=True):
    """A part of an invoice was settled: by a payment, by what was paid ahead, a credit note or a write-off."""

    id: int | None = key()
    invoice_id: int | None = ref("invoice", index=True)
    payment_id: int | None = ref("payment", nullable=True, index=True)
    cents: int = big()
    how: str = text("payment")  # payment, credit, credit-note, write-off, refund
    entry_id: int | None = ref("entry", nullable=True)
    settled_on: date | None = day(nullable=False)


class ContactCharge(Row, table=True):
    """An urgent off-hours contact: price told, choice awaited, billed at most once a ticket and closed period."""

    __tablename__ = "contact_charge"
    id: int | None = key()
    ticket_id: int | None = ref("ticket")
    client_id: int | None = ref("client")
    inbound_id: int | None = ref("inbound", nullable=True)
    period_start_at: datetime | None = instant(nullable=False)  # the closed period
    period_end_at: datetime | None = instant(nullable=False)  # the next opening
    received_at: datetime | None = instant(nullable=False)
    notified_at: datetime | None = instant()
    choice: str = text()  # "", now, later
    chosen_at: datetime | None = instant()
    answered_at: datetime | None = instant()  # a person of the desk claimed or answered in that period
    charge_at: datetime | None = instant()  # when the tick looks again; null once settled
    outcome: str = text()  # "", billed, later, unanswered, not-told, waived, needs-yes
    entry_id: int | None = ref("entry", nullable=True)
    failures: int = 0
    __table_args__ = (
        UniqueConstraint("ticket_id", "period_start_at"),
        due_index("ix_contact_charge_charge_at", "charge_at"),
        known_index("ix_contact_charge_inbound_id", "inbound_id"),
        Index("ix_contact_charge_client", "client_id", "received_at"),
    )


class Payment(Row, table=True):
    """Cash received, or refunded where negative."""

    id: int | None = key()
    client_id: int | None = ref("client", index=True)
    kind: str = text()  # subscription, credit, per-use
    cents: int = big()
    net_cents: int = big()
    received_on: date | None = day(nullable=False)
    service_from_on: date | None = day()
    service_to_on: date | None = day()  # exclusive
    reference: str = Field(unique=True)
    entry_id: int | None = ref("entry", nullable=True)
    refunds_id: int | None = ref("payment", nullable=True)


class Fee(Row, table=True):
    """A plan's fee for a span of service: deferred when it is charged, earned by the day as the span goes by."""

    id: int | None = key()
    client_id: int | None = ref("client", index=True)
    invoice_id: int | None = ref("invoice", nullable=True)  # null: paid without an invoice
    payment_id: int | None = ref("payment", nullable=True)
    from_on: date | None = day(nullable=False)
    to_on: date | None = day(nullable=False)  # exclusive
    net_cents: int = big()  # less what was refunded or credited
    earned_cents: int = big()
    earn_at: datetime | None = instant()  # when more of it is earned; null once all is
    failures: int = 0
    __table_args__ = (
        due_index("ix_fee_earn_at", "earn_at"),
        Index("ix_fee_invoice", "invoice_id"),
        Index("ix_fee_payment", "payment_id"),
    )


class Statement(Row, table=True):
    """What is drawn once, sent and kept: a client's statement, a plan's chart, a consultant's payout or month."""

    id: int | None = key()
    client_id: int | None = ref("client", nullable=True, index=True)  # null for what belongs to a consultant
    consultant_id: int | None = ref("consultant", nullable=True, index=True)
    key: str = Field(unique=True)  # of what asked for it
    kind: str = text("statement")  # statement, health, payout, receipt, earnings
    month: str = text()  # such as 2026-11
    content_json: str = text("{}")  # what it shows: its text, its document, one of its charges
    pdf_sha256: str = text()
    render_at: datetime | None = instant()  # null once it is drawn and sent
    failures: int = 0
    __table_args__ = (due_index("ix_statement_render_at", "render_at"),)


class Quote(Row, table=True):
    """An estimate sent to a client; accepted, it is the budget of a ticket."""

    id: int | None = key()
    client_id: int | None = ref("client", index=True)
    made_by_id: int | None = ref("consultant", nullable=True)
    ticket_id: int | None = ref("ticket", nullable=True)
    title: str = text()
    lines_json: str = text("[]")  # catalogue, component, count, hours as printed
    quarters: int = 0
    state: str = text("open")  # open, accepted, declined
    made_at: datetime | None = instant(nullable=False)
    decided_at: datetime | None = instant()
    decided_by_contact_id: int | None = Field(default=None, sa_type=BigKey)
    words: str = text()
    told_percent: int = 0  # the highest share of the budget that was warned of
    __table_args__ = (Index("ix_quote_ticket", "ticket_id"), Index("ix_quote_state", "state", "decided_at"))


class BankLine(Row, table=True):
    """A line of a bank's file: matched to an invoice, or shown until somebody does."""

    __tablename__ = "bank_line"
    id: int | None = key()
    key: str = Field(unique=True)  # identity of the line: a file read twice books nothing twice
    booked_on: date | None = day(nullable=False)
    cents: int = big()
    payer: str = text()
    reference: str = text()
    state: str = text("unmatched")  # unmatched, matched, set aside
    reason: str = text()
    payment_id: int | None = ref("payment", nullable=True)
    read_at: datetime | None = instant(nullable=False)
    __table_args__ = (Index("ix_bank_line_state", "state", "booked_on"),)


class ChainRoot(Row, table=True):
    """The hash over all chains as it stood in a night: what was written before it cannot be written anew unseen."""

    __tablename__ = "chain_root"
    made_on: date | None = Field(default=None, primary_key=True, sa_type=Day)
    made_at: datetime | None = instant(nullable=False)
    clients: int = 0
    entries: int = big()
    hash: str = text()
    ends_json: str = text("[]")  # client, number and hash of each chain's last link


class Commission(Row, table=True):
    id: int | None = key()
    payment_id: int | None = ref("payment", nullable=True, index=True)
    invoice_id: int | None = ref("invoice", nullable=True, index=True)  # the fee that was paid, where it was invoiced
    consultant_id: int | None = ref("consultant", index=True)
    client_id: int | None = ref("client")
    cents: int = big()
    accrued_on: date | None = day(nullable=False)
    entry_id: int | None = ref("entry", nullable=True)
    payout_id: int | None = Field(default=None, sa_type=BigKey, index=True)
    __table_args__ = (Index("ix_commission_client", "client_id"),)


class Pay(Row, table=True):
    """What a consultant earned with one work item, beside the entry that accrued it."""

    id: int | None = key()
    work_item_id: int | None = ref("work_item", index=True)
    consultant_id: int | None = ref("consultant")
    client_id: int | None = ref("client")
    cents: int = big()
    accrued_on: date | None = day(nullable=False)
    why: str = text()  # "50 % of $160.00"
    entry_id: int | None = ref("entry", nullable=True)
    payout_id: int | None = Field(default=None, sa_type=BigKey, index=True)
    __table_args__ = (
        Index("ix_pay_consultant", "consultant_id", "payout_id"),
        Index("ix_pay_entry", "entry_id"),
        Index("ix_pay_client", "client_id"),
    )


class Payout(Row, table=True):
    """A period closed for a consultant: what was paid, for what."""

    id: int | None = key()
    consultant_id: int | None = ref("consultant", index=True)
    number: str = Field(unique=True)  # PAY-C-101-3
    pay_cents: int = big()
    commission_cents: int = big()
    to_on: date | None = day(nullable=False)  # the last day of the period that it closes
    paid_on: date | None = day(nullable=False)
    bank_account: str = text()
    statement: str = text()
    confirmed_at: datetime | None = instant()  # the consultant said that it arrived
    __table_args__ = (Index("ix_payout_paid_on", "paid_on"),)


# ---------------------------------------------------------------- the diary


class Appointment(Row, table=True):
    """A slot in a consultant's diary, on a ticket; at most one of a ticket is asked or booked."""

    id: int | None = key()
    ticket_id: int | None = ref("ticket", index=True)
    consultant_id: int | None = ref("consultant", nullable=True)  # null while it is only asked for
    state: str = text("booked")  # asked, booked, over, cancelled
    starts_at: datetime | None = instant(nullable=False)
    ends_at: datetime | None = instant(nullable=False)
    kind: str = text("remote")
    words: str = text()
    due_at: datetime | None = instant()  # the next reminder, then its end
    failures: int = 0  # of that
    created_at: datetime | None = instant(nullable=False)
    __table_args__ = (
        due_index("ix_appointment_due_at", "due_at"),
        Index("ix_appointment_consultant", "consultant_id", "ends_at"),
    )


# ---------------------------------------------------------------- the desk itself


class Poller(Row, table=True):
    """Where a mailbox or an update stream was read to, and who may read it now."""

    name: str = Field(primary_key=True)
    position_json: str = text("{}")
    holder: str = text()
    lease_until_at: datetime | None = instant()


class Digest(Row, table=True):
    """A digest went to a manager for a local date: never twice."""

    id: int | None = key()
    consultant_id: int | None = ref("consultant")
    local_on: date | None = day(nullable=False)
    made_at: datetime | None = instant(nullable=False)
    __table_args__ = (UniqueConstraint("consultant_id", "local_on"),)


class SlackInstallation(Row, table=True):
    """A workspace or an organisation that installed the Slack app, and the token it gave, sealed."""

    __tablename__ = "slack_installation"
    workspace: str = Field(primary_key=True)
    enterprise: str = text()  # the organisation whose token speaks in this workspace; then it has none of its own
    name: str = text()
    app_id: str = text()
    bot_token: str = text()
    bot_user_id: str = text()
    scopes: str = text()
    installer: str = text()
    refresh_token: str = text()
    expires_at: datetime | None = instant()
    installed_at: datetime | None = instant(nullable=False)


class Setting(Row, table=True):
    """Small facts the desk keeps about itself: last tick, clock guard, breaker."""

    name: str = Field(primary_key=True)
    value_json: str = text("{}")
    changed_at: datetime | None = instant(nullable=False)


def _defaults_into_schema() -> None:
    """Give every column its default in the schema too, for SQL that names only the columns it means."""
    for table in metadata.tables.values():
        for column in table.columns:
            default = getattr(column.default, "arg", None)
            if default is None or callable(default) or column.server_default is not None:
                continue
            literal = {True: "true", False: "false"}[default] if isinstance(default, bool) else repr(default)
            column.server_default = DefaultClause(sql(literal))


_defaults_into_schema()
