"""Somebody the desk does not know writes: a ticket all the same, a manager hears, and nobody is charged."""

from __future__ import annotations

import pytest

from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM, Trust
from bot.tickets import State
from tests.desk import NIGHT, Desk, Person, ny
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast


@pytest.mark.parametrize("channel", [EMAIL, SLACK, TELEGRAM])
async def test_stranger_gets_a_ticket_no_hold_no_charge_and_a_neutral_answer(desk: Desk, channel: str) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger("Sam Stone", channel)
    await desk.until(NIGHT)
    receipt = await desk.say(sam, SERVER)
    ticket = desk.ticket()
    assert (receipt.outcome, ticket.state) == ("opened", State.UNVERIFIED)
    assert (ticket.hold_until_at, ticket.client_id, ticket.priority) == (None, None, "P1")
    (answer,) = desk.told(sam)
    assert "We do not know this address yet" in answer.body and "server" not in answer.subject + answer.body
    assert not desk.told(cast.tom) and desk.charges() == []
    assert "price_told" not in desk.kinds(sam)


async def test_manager_hears_at_once_of_an_urgent_one_and_again_until_somebody_looks(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger()
    await desk.until(NIGHT)
    await desk.say(sam, SERVER)
    (told,) = desk.told(cast.maria)
    assert (told.kind, "sam@elsewhere.example" in told.body, SERVER in told.body) == ("unverified", True, True)
    assert [row.lane for row in desk.deliveries(kind="unverified")] == ["page"]
    await desk.advance(minutes=60)
    assert desk.kinds(cast.maria) == ["unverified", "unverified"], "and no promise was made to a stranger"
    assert "still from somebody" in desk.told(cast.maria)[1].body


async def test_each_manager_reads_it_in_their_own_language(desk: Desk) -> None:
    cast = Cast(desk)
    hans = desk.a_consultant("M-2", "Hans Maier", role="manager", on=(CONSOLE,), zone="Europe/Berlin", language="de")
    await desk.until(NIGHT)
    await desk.say(desk.a_stranger(), SERVER)
    (english,), (german,) = desk.told(cast.maria, "unverified"), desk.told(hans, "unverified")
    assert "A message from somebody we do not know opened ticket #1" in english.body
    assert "öffnete Ticket #1" in german.body
    assert SERVER in german.body


async def test_manager_hears_of_a_calm_one_within_a_business_hour(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger()
    await desk.until(NIGHT)
    await desk.say(sam, HOURS)
    await desk.until(ny("2026-11-19 09:59"))
    assert "unverified" not in desk.kinds(cast.maria)
    await desk.until(ny("2026-11-19 10:00"))
    (told,) = desk.told(cast.maria, "unverified")
    assert "A message from somebody we do not know opened ticket #1" in told.body
    await desk.advance(minutes=60)
    assert "still from somebody" in desk.told(cast.maria, "unverified")[1].body


async def test_message_that_makes_a_strangers_ticket_urgent_tells_the_manager_at_once(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger("Sam Stone", TELEGRAM)
    await desk.say(sam, HOURS)
    assert not desk.told(cast.maria)
    await desk.advance(minutes=5)
    await desk.say(sam, SERVER)
    assert desk.kinds(cast.maria) == ["unverified"]
    assert "priority_changed" not in desk.kinds(sam)


async def test_manager_adds_the_person_and_the_ticket_goes_on(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger()
    await desk.say(sam, PRINTER)
    await desk.advance(minutes=10)
    answer = await desk.do(cast.maria, f'contact add ACME "Sam Stone" {sam.email}')
    assert "1 of their tickets were waiting" in answer.text
    ticket = desk.ticket()
    assert (ticket.state, ticket.client_id, ticket.lead_id) == (State.HELD, cast.acme.id, cast.tom.id)
    (offer,) = desk.told(cast.tom)
    assert PRINTER in offer.body
    assert "Tom Becker, your consultant, is asked first" in desk.told(sam, "received")[1].body


async def test_ticket_that_a_manager_took_meanwhile_gets_its_client_too(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger()
    await desk.say(sam, PRINTER)
    assert not (await desk.do(cast.tom, "claim 1")).is_ok
    assert (await desk.do(cast.maria, "claim 1")).is_ok
    refused = await desk.do(cast.maria, "log 1 30m")
    assert not refused.is_ok and "no client yet" in refused.text
    await desk.do(cast.maria, f'contact add ACME "Sam Stone" {sam.email}')
    ticket = desk.ticket()
    assert (ticket.state, ticket.client_id, ticket.claimant_id) == (State.CLAIMED, cast.acme.id, cast.maria.id)
    await desk.until(ny("2026-11-18 12:00"))
    assert (await desk.do(cast.maria, "log 1 30m")).is_ok


async def test_closed_strangers_ticket_that_is_answered_goes_to_the_manager_not_to_the_ladder(desk: Desk) -> None:
    cast = Cast(desk)
    sam = desk.a_stranger("Sam Stone", TELEGRAM)
    await desk.say(sam, HOURS)
    await desk.do(cast.maria, "close 1 -- advertising")
    await desk.advance(hours=2)
    told = desk.sent_to(sam)[-1]
    await desk.say(sam, "But I am a client!", references=(desk.posts[TELEGRAM].ref_of(told).message_id,))
    assert desk.ticket().state is State.UNVERIFIED
    assert "unverified" in desk.kinds(cast.maria) and not desk.told(cast.ines)


# ---------------------------------------------------------------- from a client's own domain


async def test_proven_sender_of_a_clients_domain_runs_as_its_ticket_and_billing_waits(desk: Desk) -> None:
    cast = Cast(desk, domains=("acme.example",))
    new = Person("Nina New", {EMAIL: "nina@acme.example"})
    await desk.say(new, PRINTER)
    ticket = desk.ticket()
    assert (ticket.state, ticket.client_id, ticket.is_billing_on_hold) == (State.HELD, cast.acme.id, True)
    (asked,) = desk.told(cast.anna, "approval_needed")
    assert "Nina New" in asked.body and asked.actions[0].command == "accept 1"
    await desk.do(cast.tom, "claim 1")
    await desk.until(ny("2026-11-18 12:00"))
    assert "not billed yet" in (await desk.do(cast.tom, "log 1 30m")).text
    assert desk.charges() == []
    assert (await desk.do(cast.anna, "accept 1")).is_ok
    assert desk.charges() == [(6, 6_000)]


async def test_once_accepted_the_person_is_a_managed_contact(desk: Desk) -> None:
    cast = Cast(desk, domains=("acme.example",))
    new = Person("Nina New", {EMAIL: "nina@acme.example"})
    await desk.say(new, PRINTER)
    await desk.do(cast.anna, "accept 1")
    await desk.advance(minutes=10)
    await desk.say(new, HOURS, subject="Hours")
    assert not desk.ticket(2).is_billing_on_hold


@pytest.mark.parametrize(
    ("address", "trust"),
    [
        ("nina@acme.example", Trust.UNPROVEN),  # anybody can write that
        ("nina@acme.example", Trust.FAILED),
        ("nina@shared.example", Trust.PROVEN),  # the domain of two clients
        ("nina@gmail.com", Trust.PROVEN),  # nobody's own domain
        ("nina@evil-acme.example", Trust.PROVEN),
    ],
)
async def test_everybody_else_is_unverified(desk: Desk, address: str, trust: Trust) -> None:
    Cast(desk, domains=("acme.example", "shared.example", "gmail.com"))
    desk.a_client("NORD", domains=("shared.example",))
    await desk.say(Person("Nina", {EMAIL: address}), PRINTER, trust=trust)
    assert desk.ticket().state is State.UNVERIFIED


async def test_who_proves_the_domain_later_brings_the_first_ticket_along(desk: Desk) -> None:
    cast = Cast(desk, domains=("acme.example",))
    new = Person("Nina New", {EMAIL: "nina@acme.example"})
    await desk.say(new, PRINTER, trust=Trust.UNPROVEN)
    assert desk.ticket().state is State.UNVERIFIED
    await desk.advance(minutes=10)
    await desk.say(new, HOURS, subject="Hours")
    ticket = desk.ticket(1)
    assert (ticket.state, ticket.client_id, ticket.is_billing_on_hold) == (State.HELD, cast.acme.id, True)


async def test_unproven_mail_from_a_known_address_is_the_clients_ticket_and_billing_waits(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER, trust=Trust.UNPROVEN)
    ticket = desk.ticket()
    assert (ticket.client_id, ticket.is_billing_on_hold) == (cast.acme.id, True)


# ---------------------------------------------------------------- what strangers are sent is bounded


async def test_stranger_is_answered_once_a_thread_and_hour_and_twenty_times_a_day(desk: Desk) -> None:
    Cast(desk)
    sam = desk.a_stranger()
    for number in range(30):
        await desk.say(sam, f"Buy now! {number}", subject=f"Offer {number}")
        await desk.advance(minutes=1)
    assert len(desk.told(sam)) == 20
    held = desk.deliveries(state="held")
    assert len(held) == 10 and "20 automatic answers a day" in held[0].error


async def test_forged_mail_of_a_consultant_is_answered_no_more_than_a_strangers(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL,))
    for number in range(5):
        await desk.say(cast.tom, f"claim {number}", trust=Trust.UNPROVEN)
    assert len(desk.deliveries(address=cast.tom.email, state="sent")) <= 1


async def test_automatic_mail_opens_no_ticket_and_is_never_answered(desk: Desk) -> None:
    cast = Cast(desk)
    for automatic in ("auto-reply", "bounce", "list", "bulk", "mdn", "complaint"):
        receipt = await desk.say(cast.anna, "I am out of office.", automatic=automatic)
        assert (receipt.outcome, receipt.ticket_id) == ("recorded", None)
    assert desk.everything_sent() == []


async def test_automatic_answer_to_a_notice_is_kept_on_the_ticket_and_moves_nothing(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "resolve 1 -- done")
    await desk.advance(minutes=5)
    sent = len(desk.everything_sent())
    receipt = await desk.say(cast.anna, "I am out of office.", answers=1, automatic="auto-reply")
    assert (receipt.outcome, receipt.ticket_id) == ("recorded", 1)
    assert desk.ticket().state is State.RESOLVED and len(desk.everything_sent()) == sent
