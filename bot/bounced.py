"""What follows when a mail system reports on a mail of ours: a bounce, a delay, a complaint. Never a ticket.

The delivery is found by what the desk itself signed: the return path, the envelope's id, our header field or
Message-ID in what came back, the token of the reply address. A bounce for good marks the address, is shown on the
ticket and told to who works on it; one that may pass is sent again, three times at most; a delay is noted. Every
report leaves an event, also one of a mail that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from bot import books, notices, outbox, people
from bot.addressing import delivery_named, token_in_message_id
from bot.intake import Arrival
from bot.messages import EMAIL, Failure, InboundMessage, MailReport
from bot.outbox import Lane
from bot.plain import one_line
from bot.queries import bounces as queries
from bot.queries import people as people_queries
from bot.queries import tickets as ticket_queries
from bot.scene import Scene
from bot.settling import PRICE_NOTICE, not_reached
from bot.store import Row
from bot.telling import tell_managers

# After a full mailbox or a server that is away: when the same mail goes out again.
RETRY_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# Mail systems give up after five days; what is said of an older mail marks nobody.
AGE_MAX = timedelta(days=30)
# An address that sends everything back for a week, for whatever reason, is written to no more.
BOUNCES_MAX, BOUNCES_SPAN = 3, timedelta(days=7)
LOOK_UPS_MAX = 20


def take(scene: Scene, arrival: Arrival) -> int | None:
    """Act on a report; returns the ticket it concerns."""
    message = arrival.message
    assert message.report is not None
    row = delivery_of(scene, message)
    if row is None:
        scene.record(
            "report of nothing known",
            actor=arrival.actor.label,
            reason=f"{message.report.what}: no mail of the desk is named in it",
            inbound_id=arrival.inbound_id,
            subject=message.subject[:200],
        )
        return None
    failure = _failure_of(row, message.report)
    if message.report.what == "delayed":
        _note(scene, arrival, row, "delivery delayed", failure=failure)
    elif message.report.what == "complaint":
        _complained(scene, arrival, row, failure)
    elif row.state not in ("sent", "leased") or scene.now - row.created_at > AGE_MAX:
        _note(scene, arrival, row, "bounced again", failure=failure)
    else:
        _failed(scene, arrival, row, failure)
    return int(row.ticket_id) if row.ticket_id is not None else None


# ---------------------------------------------------------------- which delivery


def delivery_of(scene: Scene, message: InboundMessage) -> Row | None:
    """The delivery that a mail follows, locked; None where it names none of ours."""
    return next((row for row in _candidates(scene, message) if row is not None), None)


def _candidates(scene: Scene, message: InboundMessage) -> Iterator[Row | None]:
    report = message.report or MailReport("", ())
    named = report.message_ids[:LOOK_UPS_MAX]
    yield named_by(scene, message.return_token)
    for token in (*report.tokens[:LOOK_UPS_MAX], *map(token_in_message_id, named)):
        yield named_by(scene, token)
    for message_id in named:
        ref = scene.tx.one(ticket_queries.REF, channel=EMAIL, remote_id=message_id, conversation="")
        if ref is not None:
            yield scene.tx.one(queries.OF_TICKET_BY_NAME, ticket_id=ref.ticket_id, remote_id=message_id)
    yield _last_answered_to(scene, message)


def named_by(scene: Scene, token: str) -> Row | None:
    """The delivery that a signed token names, locked."""
    name = delivery_named(scene.policy.signer, token) if token else None
    row = scene.tx.one(queries.DELIVERY, id=name.id) if name is not None else None
    # Of another second: the database was put back since, and the number given out again.
    return row if row is not None and name is not None and int(row.created_at.timestamp()) == name.seconds else None


def _last_answered_to(scene: Scene, message: InboundMessage) -> Row | None:
    """Sent to a reply address: about what was last sent to the person that the address was made for."""
    payload = scene.policy.signer.verify("reply", message.reply_token) if message.reply_token else None
    ticket, _, handle = (payload or "").partition("-")
    if not (ticket.isdigit() and handle.isdigit()):
        return None
    return scene.tx.one(queries.LAST_TO, ticket_id=int(ticket), handle_id=int(handle), channel=EMAIL)


def _failure_of(row: Row, report: MailReport) -> Failure:
    """What is said of the delivery's own address; else of the first one."""
    return next((one for one in report.failures if one.address == row.address), report.failures[0])


# ---------------------------------------------------------------- what follows


def _failed(scene: Scene, arrival: Arrival, row: Row, failure: Failure) -> None:
    reason = _words(failure)
    # What is urgent goes to the next channel at once; what is worth nothing any more goes nowhere.
    is_worth_it = row.lane != Lane.PAGE and (row.expires_at is None or row.expires_at > scene.now)
    if failure.is_passing and row.bounces < len(RETRY_AFTER) and is_worth_it:
        due_at = scene.now + RETRY_AFTER[row.bounces]
        scene.tx.run(queries.CAME_BACK, id=row.id, due_at=due_at, now=scene.now, error=reason)
        _note(scene, arrival, row, "bounced for now", failure=failure, again_at=due_at)
        return
    scene.tx.run(queries.CAME_BACK, id=row.id, due_at=None, now=scene.now, error=reason)
    if row.kind == PRICE_NOTICE and row.ticket_id is not None and books.contact_untold(scene.tx, row.ticket_id):
        reason = f"{reason}; a contact was billed on this notice, to take that back: waive {row.ticket_id}"
    notice = outbox.notice_from_json(row.notice_json)
    is_dead = _is_dead(scene, row, failure)
    not_reached(scene, row, notice, reason, is_address_dead=is_dead, event="bounced", actor=arrival.actor.label)


def _is_dead(scene: Scene, row: Row, failure: Failure) -> bool:
    """Whether nothing reaches the delivery's own address: one behind it, to which it is forwarded, does not count."""
    if failure.is_address_dead and failure.address in ("", row.address):
        return True
    since = scene.now - BOUNCES_SPAN
    counted = scene.tx.one(queries.CAME_BACK_SINCE, handle_id=row.handle_id, since=since)
    return counted is not None and counted.many >= BOUNCES_MAX


def _complained(scene: Scene, arrival: Arrival, row: Row, failure: Failure) -> None:
    """The desk writes there no more by itself; a manager hears once."""
    _note(scene, arrival, row, "complaint", failure=failure)
    trouble = f"complaint: {failure.detail or 'abuse'}"
    if row.handle_id is None or not people.stop_notices(scene.tx, row.handle_id, trouble, now=scene.now):
        return
    handle = scene.tx.one(people_queries.HANDLE_BY_ID, handle_id=row.handle_id)
    name, kind = handle.display_name if handle is not None else "", failure.detail or "abuse"
    told = partial(notices.complained, row.ticket_id, name=name, address=row.address, kind=kind)
    tell_managers(scene, told, ticket_id=row.ticket_id)


def _note(
    scene: Scene, arrival: Arrival, row: Row, kind: str, *, failure: Failure, again_at: datetime | None = None
) -> None:
    """Keep what was said as an event, by the mail system: its words may name the address."""
    scene.record(
        kind,
        ticket_id=row.ticket_id,
        consultant_id=row.consultant_id,
        actor=arrival.actor.label,
        reason=f"{row.kind.replace('_', ' ')}: {_words(failure)}",
        delivery=row.id,
        inbound_id=arrival.inbound_id,
        again_at=again_at,
    )


def _words(failure: Failure) -> str:
    """What the other side said, on one line."""
    has_status = bool(failure.status) and failure.status not in failure.detail
    return one_line(f"{failure.status if has_status else ''} {failure.detail}".strip() or "it came back", 300)
