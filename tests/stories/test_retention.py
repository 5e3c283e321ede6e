"""Retention: what the owner lets go goes, what anything still needs stays, and everybody is told what was removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.blobs import ROW_BYTES_MAX, Blobs
from bot.channels.email.translate import Envelope, translate
from bot.messages import EMAIL, InboundMessage, Trust
from bot.retention import LEFT_OVER, Count, Pruned, prune
from bot.settings.retention import Retention
from bot.store import Query
from tests.desk import Desk
from tests.stories.cast import PRINTER, Cast

BLOBS = Query("SELECT sha256 FROM blob ORDER BY sha256", scans="a test")
ROWS = Query(
    "SELECT (SELECT COUNT(*) FROM inbound) AS inbound, (SELECT COUNT(*) FROM message WHERE body_text <> '') AS words,"
    " (SELECT COUNT(*) FROM delivery WHERE notice_json <> '') AS notices, (SELECT COUNT(*) FROM event) AS events",
    scans="a test",
)
PRUNED = Query("SELECT reason, detail_json FROM event WHERE kind = 'pruned' ORDER BY id", scans="a test")
A_YEAR = Retention(original_days=365, attachment_days=365)
EVERYTHING = Retention(365, 365, 365, 365, 365, 365)
LARGE = b"a large screenshot " * (ROW_BYTES_MAX // 10)


def a_mail(desk: Desk, words: str, *, number: int, file: bytes = b"") -> InboundMessage:
    """A mail of Anna's as it comes over the wire."""
    head = f"From: Anna <anna@acme.example>\nMessage-ID: <{number}@acme.example>\nSubject: Printer {number}\n"
    raw = head.encode() + b"MIME-Version: 1.0\n\n" + words.encode() + b"\n"
    message = translate(raw, received_at=desk.now, envelope=Envelope("anna@acme.example"))
    files = desk.a_message(_anna(message), words, files=[("screen.txt", file)] if file else []).attachments
    return replace(message, trust=Trust.PROVEN, attachments=files)


def _anna(message: InboundMessage) -> Any:
    from tests.desk import Person

    return Person("Anna Kim", {EMAIL: message.sender.address})


async def a_closed_ticket(desk: Desk, cast: Cast, *, number: int, file: bytes = b"") -> int:
    receipt = await desk.stage.receive(a_mail(desk, f"{PRINTER} It is printer {number}.", number=number, file=file))
    assert receipt.ticket_id is not None
    await desk.do(cast.tom, f"claim {receipt.ticket_id}")
    await desk.do(cast.tom, f"resolve {receipt.ticket_id} -- done")
    await desk.do(cast.tom, f"close {receipt.ticket_id}")
    assert desk.ticket(receipt.ticket_id).state == "closed"
    return receipt.ticket_id


def blobs_of(desk: Desk) -> Blobs:
    return desk.stage.blobs


async def pruned(desk: Desk, retention: Retention = A_YEAR, *, is_applied: bool = True) -> Pruned:
    return await prune(desk.store, blobs_of(desk), retention, now=desk.now, is_applied=is_applied)


def names(desk: Desk) -> set[str]:
    """Every blob there is, in rows and in files."""
    rows = desk.store.read_sync(lambda tx: tx.all(BLOBS))
    return {row.sha256 for row in rows} | {name for name, _ in blobs_of(desk).files()}


def of(run: Pruned, name: str) -> Count:
    return next(count for count in run.counts if count.name == name)


async def test_original_of_a_closed_ticket_goes_after_its_days_and_a_younger_one_stays(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, number=1, file=LARGE)
    await desk.advance(days=300)
    await a_closed_ticket(desk, cast, number=2)
    before = names(desk)
    await desk.advance(days=66)
    run = await pruned(desk)
    assert (of(run, "originals").rows, of(run, "originals").blobs) == (1, 1)
    assert (of(run, "attachments").rows, of(run, "attachments").blobs) == (1, 1)
    assert of(run, "attachments").size_bytes == len(LARGE)
    assert len(before - names(desk)) == 2 and of(run, LEFT_OVER).blobs == 0
    told = (await desk.do(cast.tom, "files 1")).text
    assert told.count("removed on") == 2 and "after 365 days (retention)" in told
    assert "removed on" not in (await desk.do(cast.tom, "files 2")).text
    await desk.do(cast.tom, "files 2 mail 1")
    await desk.settle()
    assert desk.sent_to(cast.tom)[-1].files[0].content.startswith(b"From: Anna")
