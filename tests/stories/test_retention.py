"""Retention: what the owner lets go goes, what anything still needs stays, and everybody is told what was removed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from bot import legible
from bot.blobs import ROW_BYTES_MAX, held
from bot.channels.email.translate import Envelope, translate
from bot.messages import EMAIL, SLACK, InboundMessage, Trust
from bot.queries import clockwork
from bot.retention import LEFT_OVER, Count, Pruned, prune
from bot.retention.kinds import KINDS, Moment
from bot.retention.naming import NAMERS
from bot.retention.nightly import Nightly
from bot.retention.removing import remove_rows
from bot.settings.retention import Retention
from bot.store import Query
from bot.tables import metadata
from tests.desk import NEW_YORK, Desk, ny
from tests.stories.cast import PRINTER, Cast

BLOBS = Query("SELECT sha256 FROM blob ORDER BY sha256", scans="a test")
STANDING = Query(
    "SELECT (SELECT COUNT(*) FROM inbound) AS inbound, (SELECT COUNT(*) FROM message WHERE body_text <> '') AS words,"
    " (SELECT COUNT(*) FROM delivery WHERE notice_json <> '') AS notices, (SELECT COUNT(*) FROM event) AS events,"
    " (SELECT COUNT(*) FROM attachment WHERE removed_at IS NULL) AS files",
    scans="a test",
)
PRUNED = Query("SELECT reason, detail_json FROM event WHERE kind = 'pruned' ORDER BY id", scans="a test")
MONEY = Query("SELECT notice_json FROM delivery WHERE send_class = 'money' ORDER BY id", scans="a test")
KEYS = Query("SELECT channel, outcome, answer_json FROM inbound ORDER BY id", scans="a test")
A_YEAR = Retention(original_days=365, attachment_days=365)
EVERYTHING = Retention(365, 365, 365, 365, 365, 365)
LARGE = b"a large screenshot " * (ROW_BYTES_MAX // 10)


def a_mail(desk: Desk, cast: Cast, number: int, *, file: bytes = b"") -> InboundMessage:
    """A mail of Anna's as it comes over the wire."""
    words = f"{PRINTER} It is printer {number}."
    head = f"From: Anna <anna@acme.example>\nMessage-ID: <{number}@acme.example>\nSubject: Printer {number}\n"
    raw = f"{head}MIME-Version: 1.0\n\n{words}\n".encode()
    message = translate(raw, received_at=desk.now, envelope=Envelope("anna@acme.example"))
    files = desk.a_message(cast.anna, words, files=[("screen.txt", file)] if file else []).attachments
    return replace(message, trust=Trust.PROVEN, attachments=files)


async def a_closed_ticket(desk: Desk, cast: Cast, number: int, *, file: bytes = b"") -> int:
    receipt = await desk.stage.receive(a_mail(desk, cast, number, file=file))
    assert receipt.ticket_id is not None
    for line in ("claim {}", "reply {} We sent a new roll.", "resolve {} -- done", "close {}"):
        assert (await desk.do(cast.tom, line.format(receipt.ticket_id))).is_ok
    assert desk.ticket(receipt.ticket_id).state == "closed"
    return receipt.ticket_id


async def pruned(desk: Desk, retention: Retention = A_YEAR, *, is_applied: bool = True) -> Pruned:
    return await prune(desk.store, desk.stage.blobs, retention, now=desk.now, is_applied=is_applied)


def names(desk: Desk) -> set[str]:
    """Every blob there is, in rows and in files."""
    rows = desk.store.read_sync(lambda tx: tx.all(BLOBS))
    return {row.sha256 for row in rows} | {name for name, _ in desk.stage.blobs.files()}


def standing(desk: Desk) -> tuple[int, ...]:
    (row,) = desk.store.read_sync(lambda tx: tx.all(STANDING))
    return tuple(row)


def of(run: Pruned, name: str) -> Count:
    return next(count for count in run.counts if count.name == name)


def why(desk: Desk) -> list[str]:
    rows = desk.store.read_sync(lambda tx: tx.all(PRUNED))
    return [row.reason for row in rows]


async def test_original_of_a_closed_ticket_goes_after_its_days_and_a_younger_one_stays(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1, file=LARGE)
    desk.sleep(days=300)
    await a_closed_ticket(desk, cast, 2)
    before = names(desk)
    desk.sleep(days=65)
    assert (await pruned(desk)).rows == 0, "not a day too early"
    desk.sleep(days=1)
    run = await pruned(desk)
    assert (of(run, "originals").rows, of(run, "originals").blobs) == (1, 1)
    assert (of(run, "attachments").rows, of(run, "attachments").blobs) == (1, 1)
    assert of(run, "attachments").size_bytes == len(LARGE)
    assert len(before - names(desk)) == 2 and of(run, LEFT_OVER).blobs == 0
    listed = (await desk.do(cast.tom, "files 1")).text
    assert listed.count(", removed on 2027-11-19 after 365 days (retention)") == 2
    refused = await desk.do(cast.tom, "files 1 mail 1")
    assert not refused.is_ok and "mail-1.eml is removed on 2027-11-19 after 365 days (retention)" in refused.text
    assert "removed: mails as they came: 1, after 365 days (retention)" in (await desk.do(cast.tom, "why 1")).text
    assert "removed" not in (await desk.do(cast.tom, "files 2")).text
    await desk.do(cast.tom, "files 2 mail 1")
    await desk.settle()
    assert desk.sent_to(cast.tom)[-1].files[0].content.startswith(b"From: Anna")
    assert desk.events(1).count("removed") == 2 and desk.events(2).count("removed") == 0
    assert why(desk)[-1].startswith("2 rows and 2 blobs, ")


async def test_file_that_two_tickets_share_stays_while_one_of_them_needs_it(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1, file=LARGE)
    desk.sleep(days=300)
    await a_closed_ticket(desk, cast, 2, file=LARGE)
    desk.sleep(days=66)
    first = await pruned(desk)
    assert (of(first, "attachments").rows, of(first, "attachments").blobs) == (1, 0)
    await desk.do(cast.tom, "files 2 1")
    await desk.settle()
    assert desk.sent_to(cast.tom)[-1].files[0].content == LARGE
    desk.sleep(days=300)
    # What was sent to Tom is a delivery with that file: while it is kept, so is the file.
    second = await pruned(desk)
    assert (of(second, "attachments").rows, of(second, "attachments").blobs) == (1, 0)
    desk.sleep(days=100)
    third = await pruned(desk, EVERYTHING)
    # With the chart of a digest.
    assert of(third, "deliveries").blobs == 2
    assert hashlib.sha256(LARGE).hexdigest() not in names(desk)


async def test_dry_run_says_what_would_go_and_changes_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    for number in (1, 2):
        await a_closed_ticket(desk, cast, number, file=LARGE + b"%d" % number)
    await desk.stage.receive(a_mail(desk, cast, 3))
    desk.sleep(days=366)
    rows, blobs = standing(desk), names(desk)
    shown = await pruned(desk, EVERYTHING, is_applied=False)
    assert (standing(desk), names(desk)) == (rows, blobs)
    assert shown.rows > 10 and shown.blobs == 4
    done = await pruned(desk, EVERYTHING)
    assert done == shown
    assert standing(desk) != rows and len(blobs - names(desk)) == 4
    again = await pruned(desk, EVERYTHING)
    assert (again.rows, again.blobs) == (0, 0)


async def test_words_and_notices_go_and_the_ticket_still_tells_its_course(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1)
    desk.sleep(days=366)
    states = [row.state for row in desk.deliveries(ticket_id=1)]
    await pruned(desk, EVERYTHING)
    assert [row.state for row in desk.deliveries(ticket_id=1)] == states
    assert [words for _, words in desk.messages(1)] == ["", ""]
    shown = (await desk.do(cast.maria, "why 1")).text
    assert "words of messages: 2, after 365 days (retention)" in shown and "claimed" in shown
    assert desk.ticket(1).subject == "Printer 1"
    page = (await desk.do(cast.anna, "show 1")).text
    assert page.count("\n    (removed on 2027-11-19 after 365 days (retention))") == 2
    assert "Anna Kim" in page and PRINTER not in page


async def test_replay_after_pruning_opens_no_second_ticket(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(EMAIL, SLACK))
    mail = a_mail(desk, cast, 1)
    chat = desk.a_message(cast.anna, PRINTER, channel=SLACK)
    order = desk.an_order(cast.anna, "status", channel=SLACK)
    for message in (mail, chat):
        ticket = (await desk.stage.receive(message)).ticket_id
        for line in ("claim {}", "resolve {} -- done", "close {}"):
            await desk.do(cast.tom, line.format(ticket))
    await desk.stage.obey(order)
    desk.sleep(days=366)
    run = await pruned(desk, EVERYTHING)
    # The mailbox may hold a mail for years; a chat repeats for a day, and only what made a message stays known.
    assert of(run, "inbound").rows > 0
    keys = desk.store.read_sync(lambda tx: tx.all(KEYS))
    assert [row.channel for row in keys if row.channel != "console"] == [EMAIL, SLACK]
    assert not any(row.answer_json for row in keys)
    for message in (mail, chat):
        receipt = await desk.stage.receive(message)
        assert receipt.is_replay and receipt.ticket_id in (1, 2)
    assert not (await desk.do(cast.maria, "show 3")).is_ok, "there are two tickets"


@pytest.mark.parametrize("lines", [["log 1 60m"], ["log 1 60m", "dispute 1 too long"], ["log 1 60m", "invoice ACME"]])
async def test_nothing_goes_from_a_ticket_whose_money_is_open(desk: Desk, lines: list[str]) -> None:
    cast = Cast(desk, invoicing="monthly")
    await desk.stage.receive(a_mail(desk, cast, 1, file=LARGE))
    await desk.do(cast.tom, "claim 1")
    for line in lines:
        person = {"log": cast.tom, "dispute": cast.anna, "invoice": cast.maria}[line.split()[0]]
        assert (await desk.do(person, line)).is_ok
    assert (await desk.do(cast.tom, "resolve 1 -- done")).is_ok
    assert (await desk.do(cast.tom, "close 1")).is_ok
    desk.sleep(days=366)
    run = await pruned(desk, EVERYTHING)
    assert [of(run, name).rows for name in ("originals", "attachments", "messages")] == [0, 0, 0]
    assert "removed" not in desk.events(1)
    assert desk.messages(1)[0][1].startswith(PRINTER)


async def test_books_are_proven_after_everything_went(desk: Desk) -> None:
    cast = Cast(desk, tax_basis_points=1900)
    await desk.stage.receive(a_mail(desk, cast, 1, file=LARGE))
    for line in ("claim 1", "resolve 1 60m -- done", "close 1"):
        assert (await desk.do(cast.tom, line)).is_ok
    assert (await desk.do(cast.maria, "received INV-2026-0001 500")).is_ok
    money = desk.store.read_sync(lambda tx: tx.all(MONEY))
    statement = (await desk.do(cast.anna, "statement 2026-11")).text
    desk.sleep(days=400)
    run = await pruned(desk, EVERYTHING)
    assert [of(run, name).rows for name in ("originals", "attachments", "messages")] == [1, 1, 1]
    # The invoice's document is kept, and nothing but documents.
    assert names(desk) == _documents(desk)
    assert desk.faults_in_books(cast.acme) == []
    assert desk.store.read_sync(lambda tx: tx.all(MONEY)) == money, "what was told of money is kept"
    assert (await desk.do(cast.anna, "statement 2026-11")).text == statement
    assert (await desk.do(cast.tom, "why charge 1")).is_ok


def _documents(desk: Desk) -> set[str]:
    query = Query("SELECT pdf_sha256 FROM invoice UNION SELECT pdf_sha256 FROM statement", scans="a test")
    return {row.pdf_sha256 for row in desk.store.read_sync(lambda tx: tx.all(query))} - {""}


async def test_open_ticket_keeps_everything_however_old(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.stage.receive(a_mail(desk, cast, 1, file=LARGE))
    await desk.do(cast.tom, "claim 1")
    before = names(desk)
    desk.sleep(days=4000)
    await pruned(desk, EVERYTHING)
    assert names(desk) == before and desk.messages(1)[0][1].startswith(PRINTER)
    assert "removed" not in desk.events(1)


async def test_run_that_died_between_rows_and_blobs_is_ended_by_the_next(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1, file=LARGE)
    desk.sleep(days=366)
    before = names(desk)
    for kind in KINDS[:2]:
        async for _ in remove_rows(desk.store, kind, Moment(desk.now, 365)):
            pass
    assert names(desk) == before, "killed here"
    run = await pruned(desk, Retention())
    assert (run.rows, of(run, LEFT_OVER).blobs) == (0, 2)
    assert not names(desk)


async def test_bytes_that_came_within_the_hour_wait_for_their_row(desk: Desk) -> None:
    old, new = b"the same picture", b"another picture" * ROW_BYTES_MAX
    desk.store.run_sync(lambda tx: [desk.stage.blobs.put(tx, content) for content in (old, new)])
    desk.sleep(minutes=59)
    assert (await pruned(desk)).blobs == 0
    # It comes again, in a message that is not committed yet.
    desk.store.run_sync(lambda tx: desk.stage.blobs.put(tx, old))
    await desk.stage.blobs.stage([new])
    if desk.store.dialect != "sqlite":
        desk.store.run_sync(lambda tx: desk.stage.blobs.put(tx, new))
    desk.sleep(minutes=59)
    assert (await pruned(desk)).blobs == 0
    desk.sleep(minutes=2)
    assert (await pruned(desk)).blobs == 2
    assert not names(desk)
    # Removed or not, it can be kept again.
    sha256 = desk.store.run_sync(lambda tx: desk.stage.blobs.put(tx, new))
    assert desk.store.read_sync(lambda tx: desk.stage.blobs.get(tx, sha256)) == new


async def test_what_lies_in_quarantine_keeps_its_files_until_its_days_are_over(desk: Desk) -> None:
    cast = Cast(desk)
    broken = replace(
        desk.a_message(cast.anna, PRINTER, files=[("screen.txt", LARGE)]), received_at=desk.now.replace(tzinfo=None)
    )
    number = (await desk.stage.receive(broken)).inbound_id
    assert legible.from_bytes(legible.to_bytes(replace(broken, received_at=desk.now))) is not None
    before = names(desk)
    assert len(before) == 2
    desk.sleep(days=100)
    assert (await pruned(desk, Retention(original_days=30, quarantine_days=365))).blobs == 0
    desk.sleep(days=300)
    run = await pruned(desk, Retention(quarantine_days=365))
    assert of(run, "quarantine").rows == 1 and run.blobs == 2 and not names(desk)
    answer = await desk.do(cast.maria, f"requeue {number}")
    assert not answer.is_ok and "was removed on 2027-12-23 after 365 days in quarantine (retention)" in answer.text


# Beside PostgreSQL there are no files.
BESIDE_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@BESIDE_SQLITE
async def test_files_of_another_database_are_left_alone(desk: Desk) -> None:
    for number in range(30):
        await desk.stage.blobs.stage([LARGE + b"%d" % number])
    desk.sleep(days=2)
    run = await pruned(desk)
    assert (run.foreign, run.blobs, len(names(desk))) == (30, 0, 30)


@BESIDE_SQLITE
async def test_files_stay_while_a_backup_is_being_written(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1, file=LARGE)
    desk.sleep(days=366)
    folder = desk.stage.blobs.folder
    assert folder is not None
    with held(folder):
        run = await pruned(desk)
        assert (run.rows, run.held, len(desk.stage.blobs.files())) == (2, 1, 1)
    assert (of(await pruned(desk), LEFT_OVER).blobs, desk.stage.blobs.files()) == (1, [])


# ---------------------------------------------------------------- by night


def nightly(desk: Desk, retention: Retention = A_YEAR) -> Nightly:
    return Nightly(desk.store, desk.clock, desk.stage.blobs, retention, zone=NEW_YORK)


async def test_it_is_done_once_a_night_after_three(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1)
    desk.clock.move_to(ny("2027-11-20 02:59"))
    one, other = nightly(desk), nightly(desk)
    assert await one.run_once() == 0
    desk.sleep(minutes=2)
    assert (await one.run_once(), await one.run_once(), await other.run_once()) == (1, 0, 0)
    assert "removed" in desk.events(1)
    desk.sleep(days=1)
    assert (await other.run_once(), await one.run_once()) == (1, 0)
    assert len(why(desk)) == 2


async def test_it_is_never_done_where_no_period_is_set_or_the_clock_is_in_doubt(desk: Desk) -> None:
    cast = Cast(desk)
    await a_closed_ticket(desk, cast, 1)
    desk.clock.move_to(ny("2027-11-20 04:00"))
    assert await nightly(desk, Retention()).run_once() == 0
    value = json.dumps({"hours": 8800})
    desk.store.run_sync(lambda tx: tx.run(clockwork.SET, name="clock halted", value_json=value, now=desk.now))
    assert await nightly(desk).run_once() == 0
    assert why(desk) == [] and "removed" not in desk.events(1)


def test_every_column_that_names_a_blob_is_looked_at() -> None:
    columns = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    naming = {table for table, column in columns if "sha256" in column or column == "files_json"}
    assert naming - {"blob"} == {namer.table for namer in NAMERS}
