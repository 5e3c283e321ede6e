"""Who somebody is: managers add people from any channel, owners name their lead and set the hold, accounts link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot import people
from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM, Trust
from bot.queries.people import HANDLE_BY_ADDRESS
from bot.store import Query
from bot.tickets import State
from tests.desk import Desk, Person
from tests.stories.cast import HOURS, PRINTER, Cast

LINK_CODES = Query("SELECT id FROM link_code", scans="tests")

# ---------------------------------------------------------------- managers add people


@pytest.mark.parametrize("channel", [EMAIL, SLACK, TELEGRAM, CONSOLE])
async def test_manager_adds_a_client_and_its_people_from_any_channel(desk: Desk, channel: str) -> None:
    maria = desk.a_consultant("M-1", "Maria Rossi", role="manager", on=(channel,))
    lines = [
        'consultant add 1042 "Jo Diaz" jo@network.example expertise=printers zone=Europe/Madrid',
        'client add BETA "Beta Foods" zone=America/New_York hours="Mon-Fri 09:00-17:00" hold=1h plan=per-use lead=1042',
        'contact add BETA "Olga Ruiz" olga@beta.example role=owner',
    ]
    for line in lines:
        answer = await desk.do(maria, line)
        assert answer.is_ok, answer.text
    olga = Person("Olga Ruiz", {EMAIL: "olga@beta.example"})
    await desk.say(olga, PRINTER)
    ticket = desk.ticket()
    assert (ticket.state, ticket.client_id) == (State.HELD, 1)
    assert "offered" in desk.kinds(Person("Jo Diaz", {EMAIL: "jo@network.example"}))


async def test_only_managers_and_owners_add_people(desk: Desk) -> None:
    cast = Cast(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    line = 'contact add ACME "Zoe Last" zoe@acme.example'
    assert not (await desk.do(bob, line)).is_ok
    assert not (await desk.do(cast.tom, line)).is_ok
    assert (await desk.do(cast.anna, line)).is_ok
    assert not (await desk.do(cast.tom, 'client add BETA "Beta"')).is_ok
    other = 'contact add NORD "Zoe Last" zoe2@nord.example'
    desk.a_client("NORD")
    refused = await desk.do(cast.anna, other)
    assert not refused.is_ok and "NORD that you may see" in refused.text


async def test_person_has_several_handles_and_is_one_person(desk: Desk) -> None:
    cast = Cast(desk)
    assert (await desk.do(cast.maria, f"handle add {cast.anna.email} slack T1:UANNA")).is_ok
    chat = Person("Anna", {SLACK: "T1:UANNA"})
    await desk.say(chat, PRINTER)
    assert desk.ticket().contact_id == cast.anna.id
    assert desk.kinds(chat) == ["received"] and not desk.told(cast.anna)


# ---------------------------------------------------------------- lead and hold


async def test_owner_names_the_lead_by_member_number_alone_and_the_lead_confirms(desk: Desk) -> None:
    cast = Cast(desk)
    answer = await desk.do(cast.anna, "lead C-2")
    assert answer.is_ok and "has to confirm" in answer.text
    (proposed,) = desk.told(cast.ines, "lead_proposed")
    assert [action.command for action in proposed.actions] == ["lead confirm ACME", "lead decline ACME"]
    assert desk.client(cast.acme).lead_id == cast.tom.id, "until then nothing changes"
    assert (await desk.do(cast.ines, "lead confirm ACME")).is_ok
    assert desk.client(cast.acme).lead_id == cast.ines.id
    assert "Ines Duarte is now your lead" in desk.told(cast.anna, "lead_answered")[0].body
    assert desk.told(cast.tom, "lead_ended"), "who was lead before hears it"
    await desk.say(cast.anna, PRINTER)
    assert desk.kinds(cast.ines)[-1] == "offered" and "offered" not in desk.kinds(cast.tom)
    assert "ACME" in (await desk.do(cast.ines, "accounts")).text
    assert "No client has named you" in (await desk.do(cast.tom, "accounts")).text


async def test_lead_declines_and_the_owner_hears(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.anna, "lead C-2")
    assert (await desk.do(cast.ines, "lead decline")).is_ok
    assert desk.client(cast.acme).lead_id == cast.tom.id
    assert "cannot be your lead" in desk.told(cast.anna, "lead_answered")[0].body


async def test_lead_is_not_found_by_name_and_not_confirmed_by_another(desk: Desk) -> None:
    cast = Cast(desk)
    assert not (await desk.do(cast.anna, "lead Ines")).is_ok
    assert not (await desk.do(cast.anna, "lead C-99")).is_ok
    await desk.do(cast.anna, "lead C-2")
    refused = await desk.do(cast.kim, "lead confirm ACME")
    assert not refused.is_ok and desk.client(cast.acme).lead_id == cast.tom.id


@pytest.mark.parametrize("who", ["requester", "approver"])
async def test_only_the_owner_names_the_lead_and_sets_the_hold(desk: Desk, who: str) -> None:
    cast = Cast(desk)
    other = desk.a_contact(cast.acme, "Bob Ortiz", role=who)
    for line in ("lead C-2", "hold 2h"):
        assert not (await desk.do(other, line)).is_ok


@pytest.mark.parametrize(
    ("line", "minutes"),
    [("hold 30m", 30), ("hold 24h", 1440), ("hold 90m", 90), ("hold 29m", 0), ("hold 25h", 0), ("hold 2d", 0)],
)
async def test_owner_sets_the_hold_from_half_an_hour_to_a_day(desk: Desk, line: str, minutes: int) -> None:
    cast = Cast(desk, hold_minutes=120)
    answer = await desk.do(cast.anna, line)
    assert answer.is_ok == bool(minutes)
    assert desk.client(cast.acme).hold_minutes == (minutes or 120)
    if not minutes:
        assert "30 minutes to 24 hours" in answer.text


# ---------------------------------------------------------------- linking


async def linked(desk: Desk, stranger: Person, address: str, reader: Person) -> Any:
    """Ask for a code from a chat account, read it in the mail, type it in the chat."""
    await desk.do(stranger, f"link {address}")
    body = desk.told(reader, "link_code", channel=EMAIL)[-1].body
    code = re.search(r"[A-Z2-9]{10}", body)
    assert code is not None
    return await desk.do(stranger, f"link {code[0]}")


@pytest.mark.parametrize("channel", [SLACK, TELEGRAM])
async def test_chat_account_links_itself_by_a_code_sent_to_a_proven_address(desk: Desk, channel: str) -> None:
    cast = Cast(desk)
    chat = desk.a_stranger("Anna Chat", channel)
    assert not (await desk.do(chat, "balance")).is_ok
    answer = await linked(desk, chat, cast.anna.email, cast.anna)
    assert answer.is_ok and "you are Anna Kim" in answer.text
    assert (await desk.do(chat, "balance")).is_ok
    await desk.say(chat, PRINTER)
    assert desk.ticket().contact_id == cast.anna.id


async def test_ticket_of_a_stranger_goes_on_offer_once_they_link(desk: Desk) -> None:
    cast = Cast(desk)
    chat = desk.a_stranger("Anna Chat", TELEGRAM)
    await desk.say(chat, PRINTER)
    assert desk.ticket().state is State.UNVERIFIED
    await linked(desk, chat, cast.anna.email, cast.anna)
    assert (desk.ticket().state, desk.ticket().contact_id) == (State.HELD, cast.anna.id)
    (offer,) = desk.told(cast.tom, "offered")
    assert PRINTER in offer.body


async def test_code_works_once_and_only_for_a_quarter_of_an_hour(desk: Desk) -> None:
    cast = Cast(desk)
    chat, thief = desk.a_stranger("Anna Chat", TELEGRAM), desk.a_stranger("Theo Thief", TELEGRAM)
    await linked(desk, chat, cast.anna.email, cast.anna)
    used = re.search(r"[A-Z2-9]{10}", desk.told(cast.anna, "link_code")[0].body)
    assert used is not None
    assert "not valid" in (await desk.do(thief, f"link {used[0]}")).text
    await desk.do(thief, f"link {cast.anna.email}")
    fresh = re.search(r"[A-Z2-9]{10}", desk.told(cast.anna, "link_code")[1].body)
    assert fresh is not None
    await desk.advance(minutes=16)
    assert "not valid" in (await desk.do(thief, f"link {fresh[0]}")).text
    assert not (await desk.do(thief, "balance")).is_ok


async def test_desk_does_not_say_whose_addresses_it_knows(desk: Desk) -> None:
    cast = Cast(desk)
    chat = desk.a_stranger("Nosy Ned", TELEGRAM)
    known = await desk.do(chat, f"link {cast.anna.email}")
    unknown = await desk.do(chat, "link nobody@acme.example")
    assert known.text.replace(cast.anna.email, "") == unknown.text.replace("nobody@acme.example", "")


async def test_codes_are_not_asked_for_without_end(desk: Desk) -> None:
    cast = Cast(desk)
    chat = desk.a_stranger("Nosy Ned", TELEGRAM)
    answers = [await desk.do(chat, f"link {cast.anna.email}") for _ in range(6)]
    assert [answer.is_ok for answer in answers] == [True] * 5 + [False]


# ---------------------------------------------------------------- joining, introductions


async def test_person_asks_to_join_and_a_manager_invites(desk: Desk) -> None:
    cast = Cast(desk)
    jo = desk.a_stranger("Jo Diaz", TELEGRAM)
    assert (await desk.do(jo, 'join "Jo Diaz" jo@work.example expertise=printers zone=Europe/Madrid')).is_ok
    (asked,) = desk.told(cast.maria, "membership_asked")
    assert "Stated expertise: printers" in asked.body
    assert not (await desk.do(cast.tom, "membership invite 1 as 1042")).is_ok
    assert (await desk.do(cast.maria, "membership invite 1 as 1042")).is_ok
    member = Person("Jo Diaz", {EMAIL: "jo@work.example"})
    assert "member number 1042" in desk.told(member, "invited")[0].body
    assert not (await desk.do(cast.maria, "membership invite 1 as 1043")).is_ok, "decided once"


async def test_person_who_is_invited_at_an_address_that_nothing_reaches_is_told_by_the_manager(desk: Desk) -> None:
    cast = Cast(desk)
    jo = desk.a_stranger("Jo Diaz", EMAIL)
    await desk.say(jo, "Hello, I would like to join you.")
    row = desk.store.read_sync(lambda tx: tx.one(HANDLE_BY_ADDRESS, channel=EMAIL, address=jo.email))
    assert row is not None
    desk.store.run_sync(lambda tx: people.mark_dead(tx, row.id, "550 no such user", now=desk.now))
    chat = desk.a_stranger("Jo Diaz", TELEGRAM)
    assert (await desk.do(chat, f'join "Jo Diaz" {jo.email} expertise=printers zone=Europe/Madrid')).is_ok
    answer = await desk.do(cast.maria, "membership invite 1 as 1042")
    assert (answer.is_ok, answer.text) == (
        True,
        f"Jo Diaz is member 1042 now. Nothing reaches {jo.email}, so tell them yourself. `handle troubles` shows why.",
    )


async def test_assistant_is_introduced_before_they_first_answer(desk: Desk) -> None:
    aide = desk.a_consultant("A-1", "Ali Aide", role="assistant")
    cast = Cast(desk, assistant=aide)
    await desk.say(cast.anna, PRINTER)
    refused = await desk.do(aide, "reply 1 Good morning")
    assert not refused.is_ok and "introduce A-1" in refused.text
    assert (await desk.do(cast.maria, f"introduce A-1 to {cast.anna.email} by phone")).is_ok
    assert "Ali Aide assists Maria Rossi" in desk.told(cast.anna, "introduced")[0].body
    assert (await desk.do(aide, "reply 1 Good morning")).is_ok
    await desk.settle()
    assert "Good morning" in desk.told(cast.anna, "replied")[0].body


# ---------------------------------------------------------------- wrong lines


async def test_wrong_command_says_what_was_meant_and_how_to_write_it(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    answer = await desk.do(cast.tom, "clami 1")
    assert not answer.is_ok and "claim 1" in answer.text
    assert desk.ticket().claimant_id is None


async def test_help_shows_each_what_they_may_write(desk: Desk) -> None:
    cast = Cast(desk)
    stranger = desk.a_stranger("Nosy Ned", TELEGRAM)
    for person, has, lacks in (
        (cast.maria, "grant CODE", "now NUMBER"),
        (cast.tom, "claim NUMBER", "grant CODE"),
        (cast.anna, "buy 12", "claim NUMBER"),
        (stranger, "link ADDRESS", "balance"),
    ):
        text = (await desk.do(person, "help")).text
        assert has in text and lacks not in text


async def test_suspended_consultant_commands_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.maria, "consultant set C-1 status=suspended")
    assert not (await desk.do(cast.tom, "claim 1")).is_ok
    assert not (await desk.do(cast.tom, "show 1")).is_ok


async def test_mail_that_proves_nothing_commands_nothing(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    await desk.say(cast.anna, PRINTER)
    receipt = await desk.say(cast.tom, "claim 1", trust=Trust.UNPROVEN)
    assert desk.ticket().claimant_id is None
    assert receipt.answer is not None and not receipt.answer.is_ok
    await desk.say(cast.maria, "grant ACME 40h", trust=Trust.FAILED)
    assert desk.balance(cast.acme).left_units is None
    await desk.say(cast.anna, "lead C-2", trust=Trust.UNPROVEN)
    assert desk.client(cast.acme).proposed_lead_id is None


@pytest.mark.parametrize(
    "line",
    [
        "consultant set A-1 role=manager",
        "consultant set A-1 pay=90% bank=DE1",
        'consultant add C-9 "Al Ias" alias@network.example role=manager',
        "handle add M-1 email ali@elsewhere.example",
    ],
)
async def test_assistant_makes_nobody_a_manager_and_sets_nobodys_pay(desk: Desk, line: str) -> None:
    cast = Cast(desk)
    aide = desk.a_consultant("A-1", "Ali Aide", role="assistant")
    answer = await desk.do(aide, line)
    assert not answer.is_ok and "Only a manager" in answer.text
    assert (await desk.do(aide, "consultant set C-1 expertise=printers")).is_ok
    assert (await desk.do(cast.maria, line)).is_ok


async def test_owner_takes_no_address_of_another_client(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_client("NORD", domains=("nord.example",))
    answer = await desk.do(cast.anna, 'contact add "Nora Nord" nora@nord.example')
    assert not answer.is_ok and "another client" in answer.text
    assert (await desk.do(cast.anna, 'contact add "Zoe Last" zoe@acme.example')).is_ok


async def test_owner_who_knows_an_address_gets_nothing_that_was_written_from_it_before(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger("Sam Stone")
    await desk.say(sam, "Our server is down. I would rather not have Acme know.")
    assert (await desk.do(cast.anna, f'contact add "Sam Stone" {sam.email}')).is_ok
    assert desk.ticket().client_id is None
    assert not (await desk.do(cast.anna, "show 1")).is_ok


async def test_codes_that_ran_out_are_not_kept(desk: Desk) -> None:
    cast = Cast(desk)
    chat = desk.a_stranger(channel=TELEGRAM)
    for _ in range(5):
        await desk.do(chat, f"link {cast.anna.email}")
    assert "Too many codes" in (await desk.do(chat, f"link {cast.anna.email}")).text
    await desk.advance(hours=1)
    assert (await desk.do(chat, f"link {cast.anna.email}")).is_ok
    assert len(desk.store.read_sync(lambda tx: tx.all(LINK_CODES))) == 1
