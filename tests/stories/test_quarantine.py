"""What nobody can read is kept, the manager is told, and nothing behind it waits; after an upgrade it is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.messages import EMAIL, TELEGRAM, InboundMessage
from tests.desk import Desk
from tests.stories.cast import PRINTER, Cast


def poison(message: InboundMessage) -> InboundMessage:
    """A message that breaks the desk from inside: a translation forgot the time zone."""
    return replace(message, received_at=message.received_at.replace(tzinfo=None), raw=b"the mail as it came")


async def test_message_that_breaks_the_desk_is_kept_and_the_manager_is_told(desk: Desk) -> None:
    cast = Cast(desk)
    receipt = await desk.stage.receive(poison(desk.a_message(cast.anna, PRINTER)))
    assert (receipt.outcome, receipt.ticket_id) == ("quarantined", None)
    (told,) = desk.told(cast.maria)
    assert (told.kind, told.actions[0].command) == ("quarantined", f"requeue {receipt.inbound_id}")
    behind = await desk.say(cast.anna, "The next one", subject="Next")
    assert (behind.outcome, behind.ticket_id) == ("opened", 1)


async def test_after_an_upgrade_it_is_read_again_from_any_channel(desk: Desk) -> None:
    cast = Cast(desk)
    good = desk.a_message(cast.anna, PRINTER)
    receipt = await desk.stage.receive(poison(good))

    async def reread(raw: bytes, received_at: datetime) -> InboundMessage:
        assert raw == b"the mail as it came"
        return good

    line = f"requeue {receipt.inbound_id}"
    assert "cannot be read again" in (await desk.do(cast.maria, line)).text
    desk.reception.rereaders[EMAIL] = reread
    assert not (await desk.do(cast.tom, line)).is_ok, "a manager's command"
    order = desk.an_order(cast.maria, line)
    answer = await desk.stage.obey(order)
    assert answer.is_ok and "ticket 1" in answer.text
    assert desk.kinds(cast.anna) == ["received"]
    assert await desk.stage.obey(order) == answer, "a replay reads nothing again"
    assert "not in quarantine" in (await desk.do(cast.maria, line)).text


async def test_what_became_of_it_is_told_in_the_managers_language(desk: Desk) -> None:
    cast = Cast(desk)
    good = desk.a_message(cast.anna, PRINTER)
    receipt = await desk.stage.receive(poison(good))
    line = f"requeue {receipt.inbound_id}"
    await desk.do(cast.maria, "language de")

    async def reread(raw: bytes, received_at: datetime) -> InboundMessage:
        return good

    told = (await desk.do(cast.maria, line)).text
    assert told == "Nachrichten von email können nicht noch einmal gelesen werden; Nachricht 1 bleibt in Quarantäne."
    desk.reception.rereaders[EMAIL] = reread
    assert (await desk.do(cast.maria, line)).text == "Nachricht 1 wurde gelesen; sie steht in Ticket 1."
    assert (await desk.do(cast.maria, line)).text == "Nachricht 1 ist nicht in Quarantäne."


async def test_what_still_breaks_stays_in_quarantine(desk: Desk) -> None:
    cast = Cast(desk)
    bad = poison(desk.a_message(cast.anna, PRINTER))
    receipt = await desk.stage.receive(bad)

    async def reread(raw: bytes, received_at: datetime) -> InboundMessage:
        return bad

    desk.reception.rereaders[EMAIL] = reread
    answer = await desk.do(cast.maria, f"requeue {receipt.inbound_id}")
    assert not answer.is_ok and "still cannot be read" in answer.text
    assert [row.outcome for row in desk.inbound()].count("quarantined") == 1
    assert len(desk.told(cast.maria)) == 1


async def test_bytes_that_no_translation_reads_are_kept_once(desk: Desk) -> None:
    cast = Cast(desk)
    first = await desk.reception.quarantine(TELEGRAM, b"\xff\xfe", "no update", key="update-7")
    again = await desk.reception.quarantine(TELEGRAM, b"\xff\xfe", "no update", key="update-7")
    await desk.settle()
    assert first.inbound_id == again.inbound_id
    assert desk.kinds(cast.maria) == ["quarantined"]
