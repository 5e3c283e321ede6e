"""Use case of the files on a ticket: what came with its messages, signature images too, and its mails as they came."""

from __future__ import annotations

from dataclasses import replace

from bot import notices
from bot.commands import Files
from bot.errors import NotFound, UserError
from bot.messages import Answer, Attachment
from bot.orders.cutting import rest
from bot.orders.usecase import UseCases, must_work_on, ticket_for
from bot.orders.wording import clock_time, reader_of
from bot.outbox import SendClass
from bot.people import Actor
from bot.plain import one_line
from bot.queries import blobs as blob_queries
from bot.queries import tickets as queries
from bot.scene import Scene
from bot.sentences import joined, sentence
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
        lines += rest(max(found, mails, key=len), LISTED_MAX)
        if not lines:
            return Answer(sentence("files none", id=ticket.id), ticket_id=ticket.id)
        ask = sentence("files ask" if found else "files ask mail", id=ticket.id)
        return Answer(joined("\n", [*lines, ask]), ticket_id=ticket.id)
    chosen = mails if command.is_mail else found
    if command.number > len(chosen):
        raise NotFound(sentence("files no such", id=ticket.id))
    file = _of_mail(command.number, chosen) if command.is_mail else _of_row(chosen[command.number - 1])
    if removed := _removed(chosen[command.number - 1], scene, actor):
        raise UserError(sentence("files removed", name=file.filename, removed=removed))
    # Whoever asks for it has it sent, also if it is to be removed in this very moment.
    scene.tx.run(blob_queries.PUT_AGAIN, sha256=file.sha256, put_at=scene.now)
    notice = notices.answer(file.filename, ticket_id=ticket.id)
    # A cause of its own within the cause, for the answer to the command goes to the same account.
    apart = replace(scene, cause=f"{scene.cause}:file")
    tell_handle(
        apart, actor.recipient, notice, ticket_id=ticket.id, send_class=SendClass.STAFF, place=None, files=(file,)
    )
    return Answer(sentence("files comes", name=file.filename), ticket_id=ticket.id)


def _file_line(number: int, row: Row, scene: Scene, actor: Actor) -> str:
    line = sentence(
        "files line folded" if row.is_folded else "files line",
        number=number,
        name=one_line(row.filename, NAME_MAX),
        kind=row.content_type,
        size=_size(row.size_bytes),
    )
    return _with_removal(line, row, scene, actor)


def _mail_line(number: int, row: Row, scene: Scene, actor: Actor) -> str:
    at = clock_time(row.written_at, scene, actor)
    line = sentence("files line mail", number=number, subject=one_line(row.subject, NAME_MAX), at=at)
    return _with_removal(line, row, scene, actor)


def _with_removal(line: str, row: Row, scene: Scene, actor: Actor) -> str:
    removed = _removed(row, scene, actor)
    return joined(", ", [line, removed]) if removed else line


def _removed(row: Row, scene: Scene, actor: Actor) -> str:
    """When retention took the bytes, and after how long; "" where they are there."""
    if row.removed_at is None:
        return ""
    removed_on = row.removed_at.astimezone(zone_named(reader_of(scene, actor).zone)).date()
    return sentence("page removed", on=removed_on, count=row.removed_after_days)


def _size(size_bytes: int) -> str:
    return sentence("files bytes", count=f"{size_bytes:,}") if size_bytes < 10_000 else f"{size_bytes // 1000:,} kB"


def _of_row(row: Row) -> Attachment:
    return Attachment(one_line(row.filename, NAME_MAX), row.content_type, row.size_bytes, sha256=row.sha256)


def _of_mail(number: int, mails: list[Row]) -> Attachment:
    return Attachment(f"mail-{number}.eml", "application/octet-stream", 0, sha256=mails[number - 1].raw_sha256)


USE_CASES: UseCases = {Files: files}
