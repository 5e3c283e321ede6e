"""What people set for themselves: their language, when they are left alone, where they are told things, what they
watch. Told at the real desk, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import DeliveryRefused
from bot.messages import CONSOLE, EMAIL, TELEGRAM
from tests.desk import Desk, Person, ny
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast

IN_GERMAN = "Ab jetzt schreibt Ihnen der Desk auf Deutsch."


async def says_in(desk: Desk, person: Person, language: str, text: str) -> None:
    """A new matter of somebody whose account is in that language."""
    message = desk.a_message(person, text, opens_new=True)
    await desk.stage.receive(replace(message, sender=replace(message.sender, language=language)))


# ---------------------------------------------------------------- language


async def test_each_person_of_a_client_is_written_to_in_the_language_they_chose(desk: Desk) -> None:
    cast = Cast(desk)
    bob = desk.a_contact(cast.acme, "Bob Ortiz")
    assert (await desk.do(cast.anna, "language de")).text == IN_GERMAN
    await desk.say(cast.anna, PRINTER)
    await desk.say(bob, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "claim 2")
    await desk.advance(minutes=5)
    to_anna, to_bob = desk.told(cast.anna), desk.told(bob)
    assert to_anna[-2].body.startswith("Danke, Ihre Nachricht ist da. Sie ist Ticket #1, P3 (mittel), weil: ")
    assert to_anna[-1].body.startswith("Tom Becker hat Ihr Ticket #1 übernommen")
    assert to_bob[-1].body.startswith("Tom Becker has taken your ticket #2")


async def test_a_consultants_offers_come_in_their_language(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.tom, "language português")
    await desk.say(cast.anna, PRINTER)
    (offer,) = desk.told(cast.tom, "offered")
    assert "Seu até" in offer.body
    assert [action.label for action in offer.actions] == ["Assumir", "Passar", "Porquê"]


async def test_what_a_consultant_hears_of_a_claimed_ticket_comes_in_their_language(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.tom, "language português")
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.say(cast.anna, "It is the one upstairs.", answers=1)
    (added,) = desk.told(cast.tom, "message_added")
    assert [action.label for action in added.actions] == ["Ver"]
    await desk.do(cast.tom, "resolve 1 -- cleaned")
    await desk.do(cast.anna, "reopen 1")
    (reopened,) = desk.told(cast.tom, "reopened")
    assert "O ticket #1 está aberto de novo." in reopened.body
    await desk.do(cast.tom, "resolve 1 -- cleaned again")
    await desk.say(cast.anna, "Still dirty", answers=1)
    assert "Anna Kim escreveu: Still dirty" in desk.told(cast.tom, "reopened")[-1].body


async def test_who_chose_nothing_is_written_to_in_the_language_of_their_account(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM, EMAIL), language="fr")
    await desk.say(cast.anna, PRINTER)
    assert "Merci, nous avons reçu" in desk.told(cast.anna)[-1].body, "the client's"
    await says_in(desk, cast.anna, "es-419", HOURS)
    assert "Gracias, hemos recibido" in desk.told(cast.anna)[-1].body, "the account's"
    await desk.do(cast.anna, "language de")
    await says_in(desk, cast.anna, "es-419", HOURS)
    assert "Danke, Ihre Nachricht" in desk.told(cast.anna)[-1].body, "her own"


async def test_a_stranger_is_thanked_in_the_language_of_their_account(desk: Desk) -> None:
    Cast(desk)
    sam = desk.a_stranger("Sam Stone", TELEGRAM)
    await says_in(desk, sam, "pt-BR", PRINTER)
    assert "Obrigado, a sua mensagem chegou. É o ticket #1." in desk.told(sam)[-1].body


@pytest.mark.parametrize("line", ["language", "language klingon", "language 12"])
async def test_a_language_that_is_none_of_ours_is_refused_with_those_that_are(desk: Desk, line: str) -> None:
    cast = Cast(desk)
    answer = await desk.do(cast.anna, line)
    assert not answer.is_ok
    assert "de (Deutsch)" in answer.text


# ---------------------------------------------------------------- quiet hours


async def test_notices_wait_for_the_end_of_quiet_hours_and_words_of_a_person_do_not(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    await desk.do(cast.anna, "quiet 20:00-07:30")
    await desk.until(ny("2026-11-18 21:00"))
    await desk.say(cast.anna, HOURS)
    # She has just written, so she hears that it arrived.
    assert desk.kinds(cast.anna) == ["received"]
    await desk.do(cast.maria, "claim 1")
    await desk.advance(hours=2)
    assert desk.kinds(cast.anna) == ["received"]
    await desk.until(ny("2026-11-19 07:31"))
    assert desk.kinds(cast.anna) == ["received", "claimed"]


async def test_a_reply_ends_the_silence_and_takes_along_what_was_said_before_it(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    await desk.do(cast.anna, "quiet 20:00-07:30")
    await desk.until(ny("2026-11-18 21:00"))
    await desk.say(cast.anna, HOURS)
    await desk.do(cast.maria, "claim 1")
    await desk.advance(hours=1)
    await desk.do(cast.maria, "reply 1 Which hours?")
    assert desk.kinds(cast.anna) == ["received", "claimed", "replied"]


async def test_pages_and_prices_pass(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    for person in (cast.anna, cast.tom):
        await desk.do(person, "quiet 20:00-07:30")
    await desk.until(ny("2026-11-18 23:10"))
    await desk.say(cast.anna, SERVER)
    assert "price_told" in desk.kinds(cast.anna)
    assert desk.kinds(cast.tom) == ["offered"]


async def test_an_offer_that_would_die_in_the_night_is_not_kept_back(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.tom, "quiet 09:00-17:00")
    await desk.say(cast.anna, PRINTER)
    assert desk.kinds(cast.tom) == ["offered"]
    assert desk.deliveries(kind="offered")[0].error == ""


async def test_quiet_hours_end(desk: Desk) -> None:
    cast = Cast(desk, contact_on=(TELEGRAM,))
    assert "Quiet from 20:00 to 07:30" in (await desk.do(cast.anna, "quiet 20:00-7:30")).text
    assert "Quiet hours: 20:00-07:30" in (await desk.do(cast.anna, "settings")).text
    assert "no quiet hours" in (await desk.do(cast.anna, "quiet off")).text
    assert "Quiet hours: none" in (await desk.do(cast.anna, "settings")).text


# ---------------------------------------------------------------- channels


async def test_the_channel_named_first_is_tried_first_and_the_next_where_it_fails(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(CONSOLE, TELEGRAM, EMAIL))
    answer = await desk.do(cast.tom, "channels telegram, email")
    assert answer.text.startswith("You are told things by telegram then email first")
    await desk.say(cast.anna, PRINTER)
    assert [one.to.channel for one in desk.sent_to(cast.tom)] == [TELEGRAM]
    # The account is gone: the next one is told, once.
    desk.posts[TELEGRAM].down[cast.tom.handles[TELEGRAM]] = DeliveryRefused("blocked", is_address_dead=True)
    await desk.say(cast.anna, HOURS)
    await desk.advance(minutes=5)
    told = [(one.to.channel, one.ticket_id) for one in desk.sent_to(cast.tom) if one.notice.kind == "offered"]
    assert told == [(TELEGRAM, 1), (EMAIL, 2)]


async def test_a_channel_that_the_person_is_not_on_is_refused(desk: Desk) -> None:
    cast = Cast(desk)
    answer = await desk.do(cast.tom, "channels slack")
    assert (answer.is_ok, "You are not known on slack" in answer.text) == (False, True)
    assert not (await desk.do(cast.tom, "channels pigeon")).is_ok


# ---------------------------------------------------------------- zone and hours


async def test_a_consultant_sets_own_zone_and_hours(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.do(cast.tom, "zone Europe/Berlin")
    await desk.do(cast.tom, "hours Mon-Thu 08:00-16:00")
    told = (await desk.do(cast.tom, "settings")).text
    assert "Zone: Europe/Berlin" in told
    assert "Working hours: Mon-Thu 08:00-16:00" in told
    for line in ("zone Mars/Olympus", "hours whenever", "zone", "hours"):
        assert not (await desk.do(cast.tom, line)).is_ok, line
    assert not (await desk.do(cast.anna, "zone Europe/Berlin")).is_ok


# ---------------------------------------------------------------- watching


async def test_a_watcher_hears_how_a_ticket_goes_on(desk: Desk) -> None:
    cast = Cast(desk)
    eve = desk.a_contact(cast.acme, "Eve Lane", role="approver")
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.ines, "watch 1")
    await desk.do(eve, "watch 1")
    assert "#1 P3 held" in (await desk.do(eve, "watching")).text
    await desk.do(cast.tom, "claim 1")
    await desk.advance(minutes=5)
    await desk.do(cast.tom, "reply 1 Is it the roller?")
    await desk.say(cast.anna, "Yes, the roller", answers=1)
    await desk.do(cast.ines, "unwatch 1")
    await desk.do(cast.tom, "resolve 1 New rollers are in")
    await desk.advance(minutes=5)
    assert [notice.body.splitlines()[0] for notice in desk.told(cast.ines, "watched")] == [
        "You watch ticket #1. This was said on it:"
    ] * 3
    assert "> Is it the roller?" in desk.told(cast.ines, "watched")[1].body
    assert "> Yes, the roller" in desk.told(cast.ines, "watched")[2].body.replace("> >", ">")
    assert any("Tom Becker has resolved your ticket #1" in notice.body for notice in desk.told(eve))
    # Whoever asked hears each thing once.
    assert desk.kinds(cast.anna).count("resolved") == 1


async def test_watchers_hear_of_a_message_that_nobody_has_claimed_and_read_it_if_they_may(desk: Desk) -> None:
    cast = Cast(desk)
    eve = desk.a_contact(cast.acme, "Eve Lane", role="approver")
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "pass 1")
    for person in (cast.leo, cast.tom, cast.maria, eve):
        await desk.do(person, "watch 1")
    await desk.advance(minutes=5)
    await desk.say(cast.anna, "The code of the door is 4711", answers=1)
    await desk.advance(minutes=5)
    assert desk.ticket().state == "offered"
    heard = [notice.body for notice in desk.told(cast.leo, "watched")]
    assert heard[0].startswith("You watch ticket #1, and something was said on it.")
    assert "4711" not in str(heard)
    assert "Anna" not in str(heard)
    for person in (cast.tom, cast.maria):
        assert "4711" in str([notice.body for notice in desk.told(person, "watched")])
    assert "4711" in str(desk.told(eve)), desk.kinds(eve)


async def test_only_those_who_may_see_a_ticket_watch_it(desk: Desk) -> None:
    cast = Cast(desk)
    nord = desk.a_client("NORD")
    otto = desk.a_contact(nord, "Otto Ober")
    bob = desk.a_contact(cast.acme, "Bob Ortiz", role="requester")
    await desk.say(cast.anna, PRINTER)
    assert (await desk.do(otto, "watch 1")).text == "There is no ticket 1."
    assert not (await desk.do(bob, "watch 1")).is_ok
    assert not (await desk.do(cast.tom, "unwatch 1")).is_ok


# ---------------------------------------------------------------- who one is

ROLES = {
    "en": ("owner", "approver", "requester", "manager", "consultant", "assistant"),
    "de": ("mit Inhaberrecht", "mit Freigaberecht", "mit Anfragerecht", "Manager", "Berater", "Assistenz"),
    "es": ("titular", "con derecho a aprobar", "solicitante", "gestor", "consultor", "asistente"),
    "fr": ("titulaire", "avec droit d'approbation", "demandeur", "responsable", "consultant", "assistance"),
    "pt": ("titular", "com direito de aprovar", "requerente", "gestor", "consultor", "assistente"),
}


@pytest.mark.parametrize("language", ROLES)
async def test_who_one_is_is_said_in_ones_own_language(desk: Desk, language: str) -> None:
    cast = Cast(desk, language=language)
    nils = desk.a_consultant("C-9", "Nils Holm", role="assistant")
    ava = desk.a_contact(cast.acme, "Ava", role="approver")
    rex = desk.a_contact(cast.acme, "Rex", role="requester")
    for person in (cast.maria, cast.tom, nils):
        await desk.do(person, f"language {language}")
    people = (cast.anna, ava, rex, cast.maria, cast.tom, nils)
    for person, role in zip(people, ROLES[language], strict=True):
        assert f"{person.name}, {role}" in (await desk.do(person, "whoami")).text
