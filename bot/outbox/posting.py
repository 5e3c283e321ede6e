"""What is to go out becomes a row, within the limits on what we send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from bot.invitations import Invitation
from bot.messages import Action, Notice, Place
from bot.queries import outbox as queries
from bot.queries.clockwork import SETTING
from bot.store import Row, Tx

# The setting that stands while the breaker is open; see breaker.
BREAKER = "breaker open"
QUIET = "waits for the end of quiet hours"
NO_FILES = "[]"
# Of the notices that a person got within a day: a busy one gets some dozens.
LOOKED_AT_MIN = 200


class SendClass(StrEnum):
    """Who is written to, and why: decides which limit counts (design, "What we send is bounded")."""

    STRANGER = "stranger"  # unproven or automatic sender
    CONTACT = "contact"  # proven contact, by the desk itself
    STAFF = "staff"
    TYPED = "typed"  # words of a person
    MONEY = "money"  # price notices and charges: pass every limit but the breaker


class Lane(StrEnum):
    """Deliveries of one lane keep their order; a page never waits behind conversation."""

    PAGE = "page"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the desk writes by itself to one person. Source: design, "What we send is bounded"."""

    stranger_per_thread_and_hour: int = 1
    stranger_per_day: int = 20
    contact_per_thread_and_day: int = 12
    coalesce_seconds: int = 120
    breaker_per_hour: int = 1000  # over all: see breaker


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person's handle, as people finds it."""

    handle_id: int
    channel: str
    address: str
    consultant_id: int | None = None
    contact_id: int | None = None
    display_name: str = ""
    zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice to one person that is not a row yet.

    place: conversation and thread to post in; None for a direct message to the person.
    not_before: the end of the person's quiet hours, where it can wait for that.
    expires_at: after it the notice is worth nothing (an offer dies with its hold) and is never sent late.
    file_names: (filename, content type, sha256 of the blob, content id) of files that go with it.
    """

    notice: Notice
    to: Recipient
    send_class: SendClass
    lane: Lane = Lane.CONVERSATION
    place: Place | None = None
    expires_at: datetime | None = None
    not_before: datetime | None = None
    files: tuple[tuple[str, str, str, str], ...] = ()


def post(
    tx: Tx, drafts: Sequence[Draft], *, cause: str, ticket_id: int | None, now: datetime, limits: Limits = Limits()
) -> list[int | None]:
    """Write drafts as deliveries. Returns their ids; None where the same cause was written before.

    cause: names what made us write ("inbound:55"), so that a repeat of the cause writes nothing twice.
    """
    return [_post_one(tx, draft, cause=cause, ticket_id=ticket_id, now=now, limits=limits) for draft in drafts]


def _post_one(tx: Tx, draft: Draft, *, cause: str, ticket_id: int | None, now: datetime, limits: Limits) -> int | None:
    due_at, held_because = _pace(tx, draft, ticket_id, now=now, limits=limits)
    is_quiet = due_at is not None and draft.not_before is not None and due_at < draft.not_before
    place = draft.place or Place(draft.to.channel, "")
    posted = tx.one(
        queries.POST,
        key=f"{cause}:{draft.notice.kind}:{draft.to.handle_id}",
        kind=draft.notice.kind,
        send_class=str(draft.send_class),
        lane=str(draft.lane),
        ticket_id=ticket_id,
        handle_id=draft.to.handle_id,
        consultant_id=draft.to.consultant_id,
        contact_id=draft.to.contact_id,
        channel=draft.to.channel,
        address=draft.to.address,
        conversation=place.conversation,
        thread=place.thread,
        notice_json=notice_to_json(draft.notice),
        files_json=json.dumps(draft.files) if draft.files else NO_FILES,
        state="held" if held_because else "pending",
        error=QUIET if is_quiet else held_because,
        due_at=draft.not_before if is_quiet else due_at,
        expires_at=draft.expires_at,
        created_at=now,
    )
    return None if posted is None else int(posted.id)


def _pace(tx: Tx, draft: Draft, ticket_id: int | None, *, now: datetime, limits: Limits) -> tuple[datetime | None, str]:
    """When to send, or why not: (due instant or None, reason for holding or "")."""
    if draft.send_class is not SendClass.TYPED and tx.one(SETTING, name=BREAKER) is not None:
        return None, f"{BREAKER}: the desk wrote too much within an hour"
    if draft.send_class not in (SendClass.STRANGER, SendClass.CONTACT):
        return now, ""
    recent = _recent(tx, draft, ticket_id, now=now, limits=limits)
    if recent.is_stopped:
        return None, "the person wants no notices here"
    if draft.send_class is SendClass.STRANGER:
        if (recent.lately_in_thread or 0) >= limits.stranger_per_thread_and_hour:
            return None, f"limit: {limits.stranger_per_thread_and_hour} automatic answer a thread and hour"
        if recent.counted >= limits.stranger_per_day:
            return None, f"limit: {limits.stranger_per_day} automatic answers a day"
        return now, ""
    if (recent.in_thread or 0) >= limits.contact_per_thread_and_day:
        return None, f"limit: {limits.contact_per_thread_and_day} notices a thread and day"
    if recent.waiting_in_thread_at is not None:
        # It goes out together with the one that waits.
        return max(now, recent.waiting_in_thread_at), ""
    if recent.last_in_thread_at is None:
        return now, ""
    return max(now, recent.last_in_thread_at + timedelta(seconds=limits.coalesce_seconds)), ""


def _recent(tx: Tx, draft: Draft, ticket_id: int | None, *, now: datetime, limits: Limits) -> Row:
    """What the person got of this class within a day: on this ticket, and for strangers on all."""
    since, send_class = now - timedelta(days=1), str(draft.send_class)
    to = draft.to.handle_id
    if draft.send_class is SendClass.CONTACT and ticket_id is not None:
        # Whoever asks much has many tickets, which do not matter here.
        found = tx.one(queries.RECENT_ON_TICKET, handle_id=to, ticket_id=ticket_id, send_class=send_class, since=since)
    else:
        found = tx.one(
            queries.RECENT_TO_HANDLE,
            handle_id=to,
            ticket_id=ticket_id or 0,
            send_class=send_class,
            since=since,
            lately_at=now - timedelta(hours=1),
            limit=LOOKED_AT_MIN + limits.stranger_per_day,
        )
    assert found is not None
    return found


# ---------------------------------------------------------------- notices as JSON

_NOTICE = tuple(field.name for field in fields(Notice) if field.name not in ("actions", "invitation"))
_ACTION = tuple(field.name for field in fields(Action))
_encode = json.JSONEncoder(ensure_ascii=False).encode


def notice_to_json(notice: Notice) -> str:
    # Field by field: `asdict` copies in depth, and every notice passes here.
    actions = [{name: getattr(action, name) for name in _ACTION} for action in notice.actions]
    made = {name: getattr(notice, name) for name in _NOTICE} | {"actions": actions}
    if notice.invitation is not None:
        made["invitation"] = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(notice.invitation).items()
        }
    return _encode(made)


def notice_from_json(text: str) -> Notice:
    fields = json.loads(text)
    actions = tuple(Action(**action) for action in fields.pop("actions"))
    invited = fields.pop("invitation", None)
    if invited is None:
        return Notice(**fields, actions=actions)
    instants = {name: datetime.fromisoformat(invited[name]) for name in ("starts_at", "ends_at", "stamped_at")}
    return Notice(**fields, actions=actions, invitation=Invitation(**(invited | instants)))


def release_held(tx: Tx, now: datetime) -> int:
    """Let go what the breaker held, but for what is worth nothing any more; returns how many."""
    return tx.run(queries.RELEASE_HELD, reason=f"{BREAKER}: the desk wrote too much within an hour", now=now)
