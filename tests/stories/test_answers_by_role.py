"""What a command answers, by who gives it: verbs as typed, remedies that help, and no other client's money."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bot.commands import ENTRIES
from bot.notices.catalogues import translated
from bot.orders import USE_CASES
from bot.texts_of_answers import ANSWERS
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


async def test_a_ticket_is_taken_up_again_by_who_had_it_and_who_asked(desk: Desk) -> None:
    cast = Cast(desk)
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    await desk.say(rita, PRINTER)
    await desk.do(cast.tom, "pass 1")
    await desk.do(cast.ines, "claim 1")
    for person in (cast.ines, cast.tom, cast.maria, rita, cast.anna):
        await desk.do(cast.ines, "resolve 1")
        refused = await desk.do(cast.raj, "reopen 1")
        assert refused.text == "Only the consultant who had ticket 1, its lead or a manager takes it up again."
        assert (await desk.do(person, "reopen 1")).is_ok, person.name


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


def test_every_command_that_can_be_done_stands_in_the_grammar() -> None:
    """With its verb, by which it is allowed and refused: also one that another verb gives."""
    given = {command for entry in ENTRIES for command in (entry.gives, entry.gives_too)}
    assert [command.__name__ for command in USE_CASES if command not in given] == []


async def test_a_payout_is_asked_for_by_its_number(desk: Desk) -> None:
    cast = Cast(desk)
    assert (await desk.do(cast.maria, "payout PAY-C-1-1")).text == "There is no payout PAY-C-1-1. `payouts` lists them."
    assert (await desk.do(cast.tom, "payout PAY-C-1-1")).text.startswith("`payout` is for a manager.")


ANNAS = """
show 99|status 1|status|reopen 1|now 1|later 1|accept|watching|watch 1|watching|unwatch 1|unwatch 1|close 1|reopen 1
book 1 tomorrow 14:00 1h|book tuesday 10:00 new laptop|book 1|book 1 yesterday 10:00|cancel 1|cancel 1|balance
balance NORD|invoices|quotes|accept quote 9|why charge 9|dispute 9 it is wrong|buy per-use|buy stop|buy 12|lead C-2
hold 1h|hold 10m|link|link abc|link a@b@c|link ABCDE23456|language xx|channels pigeon|quiet 25:00|buy
contact add "Zed Z" zed@acme.example|contact set zed@acme.example role=approver|settings
quiet 22:00-07:00|settings|quiet off|channels email|stop|start|link me@acme.example|whoami|claim 1|claim|hepl|xyzzy
book 1 today 08:00|book 1 2029-11-01 10:00|book 1 tomorrow|balance ACME please|client foo|why charge|decline quote
dispute 9|lead|lead C-99|contact set nobody@acme.example role=owner|hold|quiet|quiet 22:00-22:00|channels slack
close 1|book 1 tomorrow 14:00|reopen 1
"""
RITAS = "lead decline|decline quote 1|watch 1|buy 12"
# What is in every language alike, or a person's words.
ALIKE = ("#1 ", "#2 ")


async def test_contacts_and_staff_are_answered_in_their_language(desk: Desk) -> None:
    """Each answer is asked for in both languages; a sentence that is worded anew reads alike in both, and fails."""
    cast = Cast(desk)
    rita = desk.a_contact(cast.acme, "Rita Req", role="requester")
    await desk.say(cast.anna, PRINTER)
    given = [(cast.anna, line) for line in ANNAS.strip().replace("\n", "|").split("|")]
    given += [(rita, line) for line in RITAS.split("|")]
    for person in (cast.anna, rita, cast.tom):
        await desk.do(person, "language de")
    english = []
    for person, line in given:
        for said in (await desk.do(person, line)).text.split("\n"):
            is_known = said in GERMAN or any(pattern.fullmatch(said) for pattern in GERMAN_FORMS)
            if not is_known and not said.startswith(ALIKE):
                english.append((line, said))
    assert english == []
    assert (await desk.do(cast.tom, "claim 99")).text == "Ein Ticket 99 gibt es nicht."
    assert (await desk.do(cast.raj, "claim 99")).text == "There is no ticket 99."


def _form(sentence: str) -> re.Pattern[str]:
    pieces = (re.escape(literal) + (".{1,200}" if name else "") for literal, name, _, _ in Formatter().parse(sentence))
    return re.compile("".join(pieces))


GERMAN = {translated("de", sentence) for key, sentence in ANSWERS.items() if key.startswith("answer ")}
GERMAN_FORMS = [_form(sentence) for sentence in GERMAN if sentence != "{client}: {account}"]
GERMAN_FORMS.append(re.compile(".+: .*(?:übrig zu|zu P4 übrig|nichts offen|offen).*"))
