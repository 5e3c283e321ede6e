"""Bought credit as its people see it in their chats: asked for once, usable when paid or granted, and told then."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL, SLACK, TELEGRAM
from tests.desk import Desk
from tests.stories.cast import HOURS, PRINTER, Cast

CHATS = pytest.mark.parametrize("channel", [SLACK, TELEGRAM])


@CHATS
async def test_who_may_spend_hours_hears_that_paid_credit_can_be_used(desk: Desk, channel: str) -> None:
    cast = Cast(desk, contact_on=(channel,), language="de")
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    await desk.do(cast.anna, "buy 12")
    assert desk.told(cast.anna, "credit_usable") == []
    await desk.do(cast.maria, "received INV-2026-0001 720")
    (told,) = desk.sent_to(cast.anna)[-1:]
    assert (told.notice.kind, told.to.channel) == ("credit_usable", channel)
    assert told.notice.body == "Neues Guthaben von Acme Ltd ist ab jetzt nutzbar. Insgesamt übrig: 12 h zu P4."
    assert desk.told(rita, "credit_usable") == []


@pytest.mark.parametrize("line", ["grant ACME 12h", "grant ACME 12h gift 4 units -- welcome", "grant ACME 40h 8 units"])
async def test_so_do_they_when_a_manager_grants_it(desk: Desk, line: str) -> None:
    cast = Cast(desk)
    await desk.do(cast.maria, line)
    (told,) = desk.told(cast.anna, "credit_usable")
    assert "can be used from now on" in told.body and "at P4" in told.body


async def test_so_do_they_when_what_they_ordered_is_granted_before_it_is_paid(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.anna, "buy 40")
    await desk.do(cast.maria, "grant ACME 40h")
    assert [notice.body for notice in desk.told(cast.anna, "credit_usable")] == [
        "New credit of Acme Ltd can be used from now on. Left in all: 40 h at P4."
    ]


async def test_so_do_they_when_a_bank_line_pays_it(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.anna, "buy 12")
    await desk.do(cast.maria, "bank read\nDate,Amount,Payer,Reference\n2026-11-18,720.00,Acme,INV-2026-0001")
    assert len(desk.told(cast.anna, "credit_usable")) == 1


@CHATS
async def test_manager_is_asked_once_for_what_is_ordered_twice(desk: Desk, channel: str) -> None:
    """A button is pressed again: it is the same invoice, and no news."""
    cast = Cast(desk, contact_on=(channel,))
    answers = [(await desk.do(cast.anna, "buy 12")).text for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(desk.told(cast.maria, "credit_wanted")) == 1
    await desk.do(cast.anna, "buy 40")
    assert len(desk.told(cast.maria, "credit_wanted")) == 2


async def test_beyond_a_stop_whoever_logs_hears_of_it(desk: Desk) -> None:
    """A unit of credit was left when it began: it may be finished, at most 4 quarters of it per use."""
    cast = Cast(desk)
    desk.a_grant(cast.acme, units=1)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.anna, "buy stop")
    told = (await desk.do(cast.tom, "log 1 3h")).text
    assert "More than 4 quarters of it are per use, and Acme Ltd said stop; `waive charge 1` gives it up." in told


async def test_whoever_replies_hears_which_files_went_along(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(SLACK,), staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    files = (("guide.pdf", b"a guide"), ("plan.pdf", b"a plan"))
    receipt = await desk.say(cast.tom, "reply 1 As said.", files=files)
    assert receipt.answer is not None
    assert receipt.answer.text == "Sent to Anna Kim by slack, with guide.pdf, plan.pdf."
    assert (await desk.do(cast.tom, "reply 1 And so on.")).text == "Sent to Anna Kim by slack."


async def test_part_of_a_bundle_is_not_called_the_whole(desk: Desk) -> None:
    cast = Cast(desk)
    told = (await desk.do(cast.maria, "grant ACME 12h gift 6 units -- welcome")).text
    assert told == "Granted to Acme Ltd: 0.75 h at P4 (12h) as a gift. Now 0.75 h at P4 left"
    assert (await desk.do(cast.maria, "grant ACME 12h")).text.startswith("Granted to Acme Ltd: 12h. Now 12.75 h at P4")
