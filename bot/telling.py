"""Who is told: finds the person's channel and writes the notice into the outbox. Wording is notices' business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import outbox, people
from bot.messages import EMAIL, Attachment, Notice, Place
from bot.notices import Reader, watched
from bot.outbox import QUIET, Draft, Lane, Recipient, SendClass
from bot.people import preferences
from bot.queries import own as own_queries
from bot.queries import people as people_queries
from bot.quiet import quiet_until
from bot.scene import Scene
from bot.store import Row
from bot.tickets import UNCLAIMED, Ticket

# Answers to what a person has just done: they are awake.
_PROMPT = frozenset({"received", "answer", "link_code", "invited", "digest"})
# What those who watch a ticket hear of it, when its requester does.
_WATCHED = frozenset({"claimed", "replied", "resolved", "closed", "reopened_for_you", "priority_changed", "widened"})
# An offer that would die before the quiet hours end is no use afterwards: it goes out.
_USEFUL = timedelta(minutes=10)

# What makes the notice for a reader, who has a zone and a language; or one that is made already, and goes out as it is.
Told = Notice | Callable[[Reader], Notice]


def tell_consultant(
    scene: Scene,
    consultant_id: int | None,
    told: Told,
    *,
    ticket_id: int | None,
    is_page: bool = False,
    expires_at: datetime | None = None,
    files: Sequence[Attachment] = (),
) -> int | None:
    """A notice to a consultant on their first channel, files with it; None where no living channel is there."""
    if consultant_id is None:
        return None
    recipient = people.recipient_of_consultant(scene.tx, consultant_id)
    if recipient is None:
        scene.record("unreachable", ticket_id=ticket_id, consultant_id=consultant_id, reason="no living channel")
        return None
    notice = told if isinstance(told, Notice) else told(Reader(recipient.zone, recipient.language))
    lane = Lane.PAGE if is_page else Lane.CONVERSATION
    draft = Draft(notice, recipient, SendClass.STAFF, lane=lane, expires_at=expires_at, files=_kept(files))
    return _post(scene, draft, ticket_id)


def tell_managers(
    scene: Scene, told: Told, *, ticket_id: int | None, is_page: bool = False, files: Sequence[Attachment] = ()
) -> None:
    """A notice to the configured manager, or to every manager of the desk where none is."""
    rows = people.managers(scene.tx)
    chosen = [row for row in rows if row.member_number == scene.policy.manager] or rows
    for row in chosen:
        tell_consultant(scene, row.id, told, ticket_id=ticket_id, is_page=is_page, files=files)


def tell_requester(
    scene: Scene,
    ticket: Ticket,
    notice: Notice,
    send_class: SendClass = SendClass.CONTACT,
    *,
    files: Sequence[Attachment] = (),
) -> int | None:
    """A notice to who asked, in the channel and thread they wrote in; files go with it."""
    recipient = requester_of(scene, ticket)
    if recipient is None:
        if ticket.handle_id is not None:
            told = notice.kind.replace("_", " ")
            scene.record("unreachable", ticket_id=ticket.id, reason=f"{told}: the requester has no living channel")
        return None
    if recipient.contact_id is None and send_class is SendClass.CONTACT:
        send_class = SendClass.STRANGER
    draft = Draft(notice, recipient, send_class, place=_place_of(ticket, recipient), files=_kept(files))
    posted = _post(scene, draft, ticket.id)
    if notice.kind in _WATCHED:
        tell_watchers(scene, ticket, notice, but_for=recipient)
    return posted


def tell_watchers(scene: Scene, ticket: Ticket, notice: Notice, *, but_for: Recipient | None = None) -> None:
    """What the requester hears or writes, for those who watch the ticket: contacts as it is, staff as a quotation.

    Before a claim, consultants other than the lead learn no words and no names. Source: mission, "Who may claim".
    """
    for row in scene.tx.all(own_queries.WATCHERS, ticket_id=ticket.id):
        if row.consultant_id is not None:
            if but_for is None or row.consultant_id != but_for.consultant_id:
                may_read = ticket.state not in UNCLAIMED or row.is_manager or row.consultant_id == ticket.lead_id
                told = watched(ticket, Reader(row.zone, row.language), told=notice if may_read else None)
                # Of one cause several things may be told, and each once.
                apart = replace(scene, cause=f"{scene.cause}:{notice.kind}")
                tell_consultant(apart, row.consultant_id, told, ticket_id=ticket.id)
        elif row.contact_id != ticket.contact_id and (but_for is None or row.contact_id != but_for.contact_id):
            tell_contact(scene, row.contact_id, notice, ticket_id=ticket.id)


def requester_reader(scene: Scene, ticket: Ticket, client: Row | None = None) -> Reader:
    """Who asked, as a reader: in the client's zone, and the language that they chose, or that their account is in."""
    if client is None and ticket.client_id is not None:
        client = people.client(scene.tx, ticket.client_id)
    chosen = preferences.of_handle(scene.tx, ticket.handle_id).language if ticket.handle_id is not None else ""
    if client is None:
        return Reader(scene.policy.zone, chosen or scene.policy.language)
    return Reader(client.zone, chosen or client.language)


def contact_reader(scene: Scene, contact: Row, client: Row) -> Reader:
    """A contact as a reader: in the language that they chose, or that the account is in at which they are told."""
    language = contact.language
    if not language and (recipient := _first_of_contact(scene, contact.id)) is not None:
        language = preferences.of_handle(scene.tx, recipient.handle_id).language
    return Reader(client.zone, language or client.language)


def _first_of_contact(scene: Scene, contact_id: int) -> Recipient | None:
    return next(iter(people.recipients_of_contact(scene.tx, contact_id)), None)


def tell_contact(
    scene: Scene, contact_id: int, notice: Notice, *, ticket_id: int | None, send_class: SendClass = SendClass.CONTACT
) -> int | None:
    """A notice to a contact on their first channel."""
    recipient = _first_of_contact(scene, contact_id)
    return None if recipient is None else _post(scene, Draft(notice, recipient, send_class), ticket_id)


def tell_handle(
    scene: Scene,
    to: Recipient,
    notice: Notice,
    *,
    ticket_id: int | None,
    send_class: SendClass,
    place: Place | None,
    files: Sequence[Attachment] = (),
) -> int | None:
    """A notice to exactly this handle: the answer to a command, a code, an acknowledgement; files go with it."""
    return _post(scene, Draft(notice, to, send_class, place=place, files=_kept(files)), ticket_id)


def _kept(files: Sequence[Attachment]) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((file.filename, file.content_type, file.sha256, file.content_id) for file in files)


def requester_of(scene: Scene, ticket: Ticket) -> Recipient | None:
    """The handle that a ticket is answered at; another channel of the same contact where that one is dead."""
    if ticket.handle_id is None:
        return None
    row = scene.tx.one(people_queries.HANDLE_BY_ID, handle_id=ticket.handle_id)
    assert row is not None
    if row.is_dead:
        others = people.recipients_of_contact(scene.tx, row.contact_id) if row.contact_id is not None else []
        return next(iter(others), None)
    return Recipient(row.id, row.channel, row.address, None, row.contact_id, row.display_name)


def _place_of(ticket: Ticket, recipient: Recipient) -> Place | None:
    if ticket.channel == EMAIL or recipient.channel != ticket.channel:
        return None
    return Place(ticket.channel, ticket.conversation, ticket.thread)


def _after_quiet_hours(scene: Scene, draft: Draft, ticket_id: int | None) -> Draft:
    """A notice that can wait waits; pages, prices and words typed by a person do not, nor do answers."""
    if draft.send_class in (SendClass.TYPED, SendClass.MONEY):
        scene.tx.run(
            own_queries.QUIET_ENDS,
            ticket_id=ticket_id or 0,
            handle_id=draft.to.handle_id,
            reason=QUIET,
            now=scene.now,
        )
        return draft
    if draft.lane is Lane.PAGE or draft.send_class is SendClass.STRANGER or draft.notice.kind in _PROMPT:
        return draft
    person = preferences.of_handle(scene.tx, draft.to.handle_id)
    until = quiet_until(person.quiet_hours, person.zone or scene.policy.zone, scene.now)
    is_late = until is not None and draft.expires_at is not None and until > draft.expires_at - _USEFUL
    return draft if until is None or is_late else replace(draft, not_before=until)


def _post(scene: Scene, draft: Draft, ticket_id: int | None) -> int | None:
    draft = _after_quiet_hours(scene, draft, ticket_id)
    limits = scene.policy.limits
    posted = outbox.post(scene.tx, [draft], cause=scene.cause, ticket_id=ticket_id, now=scene.now, limits=limits)
    return posted[0]
