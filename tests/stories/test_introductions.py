"""An assistant is introduced to each contact before they first answer: who may be, to whom, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.messages import EMAIL, SLACK, TELEGRAM, Handle
from tests.desk import Desk, Person
from tests.stories.cast import PRINTER, Cast


def aided(desk: Desk, *, contact_on: Any = (EMAIL,), **client: Any) -> tuple[Person, Cast]:
    """ACME, whose assistant is Ali Aide."""
    aide = desk.a_consultant("A-1", "Ali Aide", role="assistant")
    return aide, Cast(desk, contact_on=contact_on, assistant=aide, **client)


# ---------------------------------------------------------------- who


async def test_who_is_no_assistant_of_the_client_is_not_introduced(desk: Desk) -> None:
    _, cast = aided(desk)
    desk.a_consultant("A-2", "Oda Other", role="assistant")
    for number, name in (("C-1", "Tom Becker"), ("M-1", "Maria Rossi"), ("A-2", "Oda Other")):
        answer = await desk.do(cast.maria, f"introduce {number} to {cast.anna.email}")
        assert (answer.is_ok, answer.text) == (
            False,
            f"{name} is not the assistant of Acme Ltd. `client set ACME assistant={number}` makes them so.",
        )
    assert desk.told(cast.anna) == []
    await desk.do(cast.maria, "client set ACME assistant=A-2")
    assert (await desk.do(cast.maria, f"introduce A-2 to {cast.anna.email}")).is_ok


async def test_assistant_of_the_desk_is_introduced_where_a_client_has_none_of_its_own(desk: Desk) -> None:
    desk.a_consultant("A-1", "Ali Aide", role="assistant")
    cast = Cast(desk)
    assert (await desk.do(cast.maria, f"introduce A-1 to {cast.anna.email}")).is_ok
    assert "assistant=C-1" in (await desk.do(cast.maria, f"introduce C-1 to {cast.anna.email}")).text


async def test_nobody_introduces_themself_nor_somebody_suspended(desk: Desk) -> None:
    aide, cast = aided(desk)
    answer = await desk.do(aide, f"introduce A-1 to {cast.anna.email}")
    assert (answer.is_ok, answer.text) == (False, "Nobody introduces themself: a manager does it.")
    await desk.do(cast.maria, "consultant set A-1 status=suspended")
    answer = await desk.do(cast.maria, f"introduce A-1 to {cast.anna.email}")
    assert not answer.is_ok and "consultant set A-1 status=active" in answer.text
    assert desk.told(cast.anna) == []


# ---------------------------------------------------------------- to whom


@pytest.mark.parametrize("channel", [SLACK, TELEGRAM])
async def test_contact_who_is_known_in_a_chat_alone_is_named_and_told_there(desk: Desk, channel: str) -> None:
    _, cast = aided(desk, contact_on=(channel,))
    answer = await desk.do(cast.maria, f"introduce A-1 to {channel} {cast.anna.handles[channel]} by phone")
    assert (answer.is_ok, answer.text) == (True, "Ali Aide is introduced to Anna Kim, who is told so.")
    (told,) = desk.sent_to(cast.anna)
    assert told.to.channel == channel and "Maria Rossi introduces Ali Aide to you." in told.notice.body


@pytest.mark.parametrize("line", ['ACME "Anna Kim"', "ACME Anna", '"anna kim" by phone', "Anna Kim by phone", "anna"])
async def test_contact_is_named_by_name_where_one_fits_at_the_client(desk: Desk, line: str) -> None:
    aide, cast = aided(desk, contact_on=(TELEGRAM,))
    other = desk.a_client("OTHER")
    desk.a_contact(other, "Anna Kimberley")
    assert (await desk.do(cast.maria, f"introduce A-1 to {line}")).is_ok
    await desk.say(cast.anna, PRINTER)
    assert (await desk.do(aide, "reply 1 Good morning")).is_ok


async def test_name_that_fits_nobody_or_several_is_refused_with_the_names(desk: Desk) -> None:
    _, cast = aided(desk)
    desk.a_contact(cast.acme, "Anna Karst", on=(TELEGRAM,))
    answer = await desk.do(cast.maria, "introduce A-1 to ACME Anna")
    assert (answer.is_ok, answer.text) == (
        False,
        "Anna fits Anna Kim, Anna Karst. Write the whole name, or an address.",
    )
    answer = await desk.do(cast.maria, "introduce A-1 to ACME Bert")
    assert (answer.is_ok, answer.text) == (False, "No contact of Acme Ltd is called Bert.")
    answer = await desk.do(cast.maria, "introduce A-1 to Bert")
    assert not answer.is_ok and "No contact of a client that Ali Aide assists is called Bert." in answer.text
    answer = await desk.do(cast.maria, "introduce A-1 to by phone")
    assert not answer.is_ok and "Which contact?" in answer.text
    assert (await desk.do(cast.maria, "introduce A-1 to ACME Anna Kim")).is_ok


async def test_whole_name_counts_before_the_start_of_a_longer_one(desk: Desk) -> None:
    _, cast = aided(desk)
    longer = desk.a_contact(cast.acme, "Anna Kimura", on=(TELEGRAM,))
    assert (await desk.do(cast.maria, 'introduce A-1 to ACME "Anna Kim"')).is_ok
    assert desk.kinds(cast.anna) == ["introduced"] and desk.told(longer) == []


# ---------------------------------------------------------------- what is said


async def test_contact_is_told_by_whom_and_whose_assistant_it_is(desk: Desk) -> None:
    _, cast = aided(desk)
    boss = desk.a_consultant("M-0", "Bea Boss", role="manager")
    await desk.do(boss, f"introduce A-1 to {cast.anna.email}")
    assert desk.told(cast.anna, "introduced")[0].body == (
        "Bea Boss introduces Ali Aide to you. Ali Aide assists Maria Rossi and may answer you when Maria Rossi is not"
        " there."
    )


async def test_contact_is_told_in_the_language_that_their_account_is_in(desk: Desk) -> None:
    _, cast = aided(desk, contact_on=(TELEGRAM,))
    german = Handle(TELEGRAM, cast.anna.handles[TELEGRAM], "Anna Kim", language="de-DE")
    await desk.stage.receive(replace(desk.a_message(cast.anna, PRINTER), sender=german))
    await desk.do(cast.maria, "introduce A-1 to ACME Anna")
    assert "Maria Rossi stellt Ihnen Ali Aide vor." in desk.told(cast.anna, "introduced")[0].body


async def test_contact_whom_nothing_reaches_is_told_by_the_manager(desk: Desk) -> None:
    _, cast = aided(desk, contact_on=())
    answer = await desk.do(cast.maria, "introduce A-1 to ACME Anna")
    assert (answer.is_ok, answer.text) == (
        True,
        "Ali Aide is introduced to Anna Kim. Nothing of ours reaches Anna Kim, so tell them yourself.",
    )
