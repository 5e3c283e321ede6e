"""What a command answers, by who gives it: verbs as typed, remedies that help, and no other client's money."""

from __future__ import annotations

import pytest

from tests.desk import Desk
from tests.stories.cast import PRINTER, Cast

TWINS = [
    ("requester", "decline quote 1", "`accept quote` and `decline quote` are for an approver."),
    ("requester", "lead decline", "`lead confirm` and `lead decline` are for a consultant."),
    ("requester", "digest on", "`digest off` and `digest on` are for a consultant."),
    ("consultant", "later 1", "`now` and `later` are for a contact."),
    ("requester", "claim 1", "`claim` is for a consultant."),
]


@pytest.mark.parametrize(("role", "line", "told"), TWINS)
async def test_a_refusal_names_the_verb_that_was_typed(desk: Desk, role: str, line: str, told: str) -> None:
    cast = Cast(desk)
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    answer = await desk.do(rita if role == "requester" else cast.raj, line)
    assert answer.text.startswith(told)


async def test_who_does_not_have_a_ticket_is_told_whether_it_can_be_claimed(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    for line in ("priority 1 P2 many wait", "wait 1 for a part", "reply 1 We are on it", "split 1"):
        assert (await desk.do(cast.raj, line)).text == "Claim ticket 1 first: `claim 1`."
    await desk.do(cast.tom, "claim 1")
    for line in ("priority 1 P2 many wait", "reply 1 We are on it"):
        refused = await desk.do(cast.raj, line)
        assert refused.text == "Ticket 1 is another consultant's: that is for them, the lead or a manager to do."


async def test_what_a_client_pays_is_for_its_own_its_lead_and_managers(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "log 1 20m")
    for line in ("plan ACME", "quotes ACME", "balance ACME", "statement ACME"):
        assert (await desk.do(cast.raj, line)).text.startswith("Only the lead and the managers of Acme Ltd see its ")
        for person in (cast.tom, cast.maria, cast.anna):
            assert (await desk.do(person, line)).is_ok
    assert "is for who did the work" in (await desk.do(cast.raj, "why charge 1")).text
    assert "$" not in (await desk.do(cast.raj, "why 1")).text
    for person in (cast.tom, cast.maria, cast.anna):
        assert (await desk.do(person, "why charge 1")).is_ok
        assert "logged" in (await desk.do(person, "why 1")).text


async def test_a_consultant_sees_the_charges_of_own_work_for_any_client(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    await desk.do(cast.raj, "claim 1")
    await desk.do(cast.raj, "log 1 20m")
    assert (await desk.do(cast.raj, "why charge 1")).text.startswith("Charge 1 on ticket 1:")


async def test_nobody_is_sent_to_a_list_that_is_not_theirs(desk: Desk) -> None:
    cast = Cast(desk)
    assert "`accounts` shows them" in (await desk.do(cast.raj, "plan")).text
    assert "`client list` shows them" in (await desk.do(cast.maria, "plan")).text


async def test_a_client_that_names_no_time_is_shown_how_for_that_ticket(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    assert (await desk.do(cast.anna, "book 1")).text == "When? Write a day and a time: book 1 tuesday 10:00"


async def test_a_desk_without_a_catalogue_says_so(desk: Desk) -> None:
    cast = Cast(desk)
    assert (await desk.do(cast.maria, "quote ACME logo")).text == "This desk has no catalogue of components."
