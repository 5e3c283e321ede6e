"""Use case of the files on a ticket: what came with its messages, signature images too, and its mails as they came."""

from __future__ import annotations

from dataclasses import replace

from bot import notices
from bot.commands import Files
from bot.errors import NotFound, UserError
from bot.messages import Answer, Attachment
from bot.orders.usecase import UseCases, must_work_on, ticket_for
from bot.orders.wording import clock_time, reader_of
from bot.outbox import SendClass
from bot.people import Actor
from bot.plain import counted, one_line
from bot.queries import blobs as blob_queries
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.store import Row
from bot.telling import tell_handle
from bot.zones import zone_named

LISTED_MAX = 60
NAME_MAX = 100


def files(scene: Scene, actor: Actor, command: Files) -> Answer:
    """The list, or one of it sent to who asks. For those who may read what was written."""
    ticket = ticket_for(scene, actor, command.ticket_id)
    must_work_on(ticket, actor)
    found = scene.tx.all(queries.ATTACHMENTS, ticket_id=ticket.id)
    mails = scene.tx.all(queries.ORIGINALS, ticket_id=ticket.id)
    if not command.number:
        lines = [_file_line(number, row, scene, actor) for number, row in enumerate(found[:LISTED_MAX], start=1)]
        lines += [_mail_line(number, row, scene, actor) for number, row in enumerate(mails[:LISTED_MAX], start=1)]
        if not lines:
            return Answer(f"No file came with ticket {ticket.id}.", ticket_id=ticket.id)
        ask = f"To get one: files {ticket.id} 1" if found else f"To get one: files {ticket.id} mail 1"
        return Answer("\n".join([*lines, ask]), ticket_id=ticket.id)
    chosen = mails if command.is_mail else found
    if command.number > len(chosen):
        raise NotFound(f"Ticket {ticket.id} has no such file: `files {ticket.id}` lists them.")
    file = _of_mail(command.number, chosen) if command.is_mail else _of_row(chosen[command.number - 1])
    if removed := _removed(chosen[command.number - 1], scene, actor):
        raise UserError(f"{file.filename} was {removed}. Only a backup from before may hold it still.")
    # Whoever asks for it has it sent, also if it is to be removed in this very moment.
    scene.tx.run(blob_queries.PUT_AGAIN, sha256=file.sha256, put_at=scene.now)
    notice = notices.answer(file.filename, ticket_id=ticket.id)
    # A cause of its own within the cause, for the answer to the command goes to the same account.
    apart = replace(scene, cause=f"{scene.cause}:file")
    tell_handle(
        apart, actor.recipient, notice, ticket_id=ticket.id, send_class=SendClass.STAFF, place=None, files=(file,)
    )
    return Answer(f"{file.filename} comes in a message of its own.", ticket_id=ticket.id)


def _file_line(number: int, row: Row, scene: Scene, actor: Actor) -> str:
    folded = ", signature image" if row.is_folded else ""
    line = f"{number}. {one_line(row.filename, NAME_MAX)} ({row.content_type}, {_size(row.size_bytes)}{folded})"
    return _with_removal(line, row, scene, actor)


def _mail_line(number: int, row: Row, scene: Scene, actor: Actor) -> str:
    line = f"mail {number}. “{one_line(row.subject, NAME_MAX)}” of {clock_time(row.written_at, scene, actor)}"
    return _with_removal(line, row, scene, actor)


def _with_removal(line: str, row: Row, scene: Scene, actor: Actor) -> str:
    removed = _removed(row, scene, actor)
    return f"{line}, {removed}" if removed else line


def _removed(row: Row, scene: Scene, actor: Actor) -> str:
    """When retention took the bytes, and after how long; "" where they are there."""
    if row.removed_at is None:
        return ""
    days = counted(row.removed_after_days, "day")
    removed_on = row.removed_at.astimezone(zone_named(reader_of(scene, actor).zone)).date()
    return f"removed on {removed_on} after {days} (retention)"


def _size(size_bytes: int) -> str:
    return f"{size_bytes:,} bytes" if size_bytes < 10_000 else f"{size_bytes // 1000:,} kB"


def _of_row(row: Row) -> Attachment:
    return Attachment(one_line(row.filename, NAME_MAX), row.content_type, row.size_bytes, sha256=row.sha256)


def _of_mail(number: int, mails: list[Row]) -> Attachment:
    return Attachment(f"mail-{number}.eml", "application/octet-stream", 0, sha256=mails[number - 1].raw_sha256)


USE_CASES: UseCases = {Files: files}
