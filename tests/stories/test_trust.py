"""Mail that proves nothing opens a ticket and no more: it commands, spends and reads back nothing, and fools nobody."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL, Trust
from bot.tickets import State
from tests.desk import Desk, Person
from tests.stories.cast import PRINTER, Cast

URGENT = "The server is down and nobody can work. We need it within the hour."
UNPROVEN = (Trust.UNPROVEN, Trust.FAILED)


@pytest.mark.parametrize("trust", UNPROVEN)
async def test_forged_mail_of_a_consultant_commands_nothing(desk: Desk, trust: Trust) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER, subject="Printer")
    for line in ("claim 1", "resolve 1 done", "log 1 50m", "close 1", "priority 1 P4"):
        await desk.say(cast.tom, line, trust=trust)
    ticket = desk.ticket(1)
    assert (ticket.state, ticket.claimant_id) == (State.HELD, None)


@pytest.mark.parametrize("trust", UNPROVEN)
async def test_forged_mail_of_an_approver_spends_nothing(desk: Desk, trust: Trust) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, URGENT, subject="Server", trust=trust)
    ticket = desk.ticket(1)
    assert ticket.is_billing_on_hold
    await desk.say(cast.anna, "now 1", trust=trust)
    await desk.say(cast.anna, "accept 1", trust=trust)
    assert desk.ticket(1).is_billing_on_hold


@pytest.mark.parametrize("trust", UNPROVEN)
async def test_forged_mail_reads_nothing_back(desk: Desk, trust: Trust) -> None:
    cast = Cast(desk)
    secret = "The code of the safe is 4711, and the printer prints blank pages."
    await desk.say(cast.anna, secret, subject="Safe and printer")
    before = len(desk.told(cast.anna))
    for line in ("show 1", "why 1", "status", "balance"):
        await desk.say(cast.anna, line, trust=trust)
    assert not any("4711" in told for told in map(str, desk.told(cast.anna)[before:]))


@pytest.mark.parametrize(
    "name", ["Tom Becker", "tom becker", "Becker, Tom", "Tóm Bécker", "Тоm Весkеr", "T0m Becker", "  TOM   BECKER "]
)
async def test_stranger_who_calls_himself_as_a_consultant_does_is_flagged(desk: Desk, name: str) -> None:
    Cast(desk)
    await desk.say(Person(name, {EMAIL: "tom@becker-support.example"}), URGENT, subject="New bank account")
    assert "flagged" in desk.events(1)


@pytest.mark.parametrize("name", ["Tom Beckers", "Tom", "Anna Becker", ""])
async def test_other_names_are_nobodys(desk: Desk, name: str) -> None:
    Cast(desk)
    await desk.say(Person(name, {EMAIL: "tom@elsewhere.example"}), PRINTER)
    assert "flagged" not in desk.events(1)


async def test_staff_read_the_address_of_such_a_stranger_beside_the_name(desk: Desk) -> None:
    cast = Cast(desk)
    impostor = Person("Tom Becker", {EMAIL: "tom@becker-support.example"})
    await desk.say(impostor, URGENT, subject="New bank account")
    assert any("tom@becker-support.example" in str(told) for told in desk.told(cast.maria))


async def test_contact_who_shares_a_consultants_name_is_believed_once_proven(desk: Desk) -> None:
    cast = Cast(desk)
    namesake = desk.a_contact(cast.acme, "Tom Becker", on=(EMAIL,))
    await desk.say(namesake, PRINTER)
    assert "flagged" not in desk.events(1)
