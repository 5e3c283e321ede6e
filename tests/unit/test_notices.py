"""What people are told, to the letter: every notice and card as text that a manager can read.

The snapshot is rewritten by `python -m tests.unit.test_notices`; read what changed before it is committed.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import notices
from bot.commands import parse
from bot.commands.forms import question_for
from bot.messages import Action, CardView, Notice, Place
from bot.notices import Reader, lasting, moment
from bot.notices.texts import ENGLISH, text_of
from bot.tickets import State, Ticket
from bot.triage.priority import Priority
from tests.builders import MORNING, NOW, a_ticket

SNAPSHOT = Path(__file__).parent / "snapshots" / "notices.txt"
MARIA, JO, ROSA = Reader("Europe/Berlin"), Reader("America/New_York"), Reader("America/Sao_Paulo")


HELD = a_ticket()
URGENT = a_ticket(priority=Priority.P1, priced_priority=Priority.P1, respond_by=NOW + timedelta(hours=1))
OFFERED = a_ticket(state=State.OFFERED, step=1, hold_until_at=None)
CLAIMED = a_ticket(state=State.CLAIMED, claimant_id=7, claimed_at=NOW, step_at=None, hold_until_at=None)
RESOLVED = replace(CLAIMED, state=State.RESOLVED, resolved_at=MORNING, promise_at=None)
STRANGE = a_ticket(state=State.UNVERIFIED, client_id=None, contact_id=None, lead_id=None, step_at=None)
CHASED = a_ticket(priority=Priority.P1, priced_priority=Priority.P3, chasers=3)
SLOT = (MORNING + timedelta(days=1, hours=5), MORNING + timedelta(days=1, hours=6, minutes=30))
TEXT = "Hello,\nthe printer on floor 2 does nothing.\n\nMaria"

NOTICES: tuple[tuple[str, Notice], ...] = (
    ("received, the lead holds it", notices.received(HELD, MARIA, lead_name="Jo Diaz", opens_at=None)),
    ("received in closed time", notices.received(HELD, MARIA, lead_name="Jo Diaz", opens_at=MORNING)),
    (
        "received without a lead, billing waits",
        notices.received(replace(OFFERED, is_billing_on_hold=True), MARIA, lead_name=None, opens_at=None),
    ),
    ("received from a stranger", notices.received(STRANGE, MARIA, lead_name=None, opens_at=None)),
    ("offered to the lead", notices.offered(HELD, JO, until_at=HELD.step_at, client_name="Acme Ltd", text=TEXT)),  # type: ignore[arg-type]
    (
        "offered to others: no contact data",
        notices.offered(OFFERED, ROSA, until_at=MORNING, client_name=None, text=None),
    ),
    ("hold lapsed, to the lead", notices.hold_lapsed(OFFERED, JO)),
    ("widened after a pass", notices.widened(OFFERED, MARIA, reason="passed", lead_name="Jo Diaz")),
    ("widened after the hold lapsed", notices.widened(OFFERED, MARIA, reason="hold lapsed")),
    ("widened after a release", notices.widened(OFFERED, MARIA, reason="released")),
    ("claimed, to the requester", notices.claimed(CLAIMED, MARIA, claimant_name="Jo Diaz")),
    ("message added", notices.message_added(CLAIMED, JO, sender_name="Maria Lopez", text=TEXT, files=("a.png",))),
    ("reply", notices.replied(CLAIMED, MARIA, author_name="Jo Diaz", text="We come at two.\nPlease keep it on.")),
    (
        "resolved",
        notices.resolved(
            RESOLVED,
            MARIA,
            claimant_name="Jo Diaz",
            note="Fixed the cable.",
            account="50 min → 4 quarters at P2 (travel) = 16 units from 12h credit ($120.00); 3.25 h left at P4",
        ),
    ),
    ("watched unread", notices.watched(CLAIMED, JO, told=None)),
    ("watched", notices.watched(CLAIMED, JO, told=notices.replied(CLAIMED, MARIA, author_name="Ines", text=TEXT))),
    ("reopened, to the claimant", notices.reopened(CLAIMED, JO, reason="Maria wrote: it is down again")),
    ("reopened, to the requester", notices.reopened_for_you(CLAIMED, MARIA)),
    ("closed", notices.closed(RESOLVED, MARIA, reason="It was resolved, and you did not write again.")),
    ("put back by a manager", notices.put_back(OFFERED, JO)),
    (
        "priority raised",
        notices.priority_changed(URGENT, MARIA, was=Priority.P3, reason="“nothing works”: the service is unusable"),
    ),
    ("priority raised by chasers", notices.priority_changed(CHASED, MARIA, was=None, reason="3 chasers in 24 hours")),
    ("price confirmed", notices.price_confirmed(URGENT, MARIA)),
    (
        "price of urgent work in closed time",
        notices.price_told(
            URGENT, MARIA, cents_per_quarter=5000, currency="USD", opens_at=MORNING, grace_minutes=10, needs_yes=False
        ),
    ),
    (
        "the same, without an agreement",
        notices.price_told(
            URGENT, MARIA, cents_per_quarter=5000, currency="EUR", opens_at=None, grace_minutes=10, needs_yes=True
        ),
    ),
    ("urgent contact charged", notices.contact_charged(URGENT, MARIA, cost="5 units from the 12-hour credit ($37.50)")),
    ("waived", notices.waived(URGENT, MARIA, cost="$50.00", reason="goodwill")),
    (
        "credit ran out",
        notices.credit_ran_out(CLAIMED, MARIA, client_name="Acme Ltd", cents_12h=72_000, cents_40h=200_000),
    ),
    (
        "credit wanted, to a manager",
        notices.credit_wanted(JO, client_name="Acme Ltd", client_code="ACME", tier="12h", by_name="Maria Lopez"),
    ),
    ("agreement needed", notices.agreement_needed(HELD, MARIA)),
    ("credit low", notices.credit_low(MARIA, client_name="Acme Ltd", left="2.25 h at P4")),
    ("credit is usable", notices.credit_usable(MARIA, client_name="Acme Ltd", left="12 h at P4")),
    ("credit lapses", notices.credit_lapses(MARIA, client_name="Acme Ltd", left="3 h at P4", lapse_at=MORNING)),
    ("approver's yes needed", notices.approval_needed(HELD, MARIA, sender_name="Tom New")),
    ("unverified, at once", notices.unverified(STRANGE, JO, sender="tom@new.example", text=TEXT, is_repeat=False)),
    ("unverified, again", notices.unverified(STRANGE, JO, sender="tom@new.example", text=TEXT, is_repeat=True)),
    ("nobody claims", notices.asked_again(OFFERED, JO, waited_minutes=215)),
    ("chased", notices.chased(CHASED, JO, chasers=3)),
    ("promise missed", notices.promise_missed(OFFERED, JO)),
    ("promise missed by a claimant", notices.promise_missed(CLAIMED, JO, claimant_name="Rosa Lima")),
    (
        "quarantine",
        notices.quarantined(JO, inbound_id=17, channel="email", error_id="3f2a", reason="ValueError (error 3f2a)"),
    ),
    (
        "delivery dead",
        notices.undeliverable(
            42, JO, kind="price_told", channel="email", name="Maria Lopez", reason="550 no such mailbox"
        ),
    ),
    (
        "delivery came back from a dead address",
        notices.undeliverable(
            42,
            JO,
            kind="claimed",
            channel="email",
            name="Maria Lopez",
            reason="550 5.1.1 unknown",
            dead_address="maria@acme.example",
            is_moved=True,
        ),
    ),
    (
        "a filter wants a person to vouch for our mail",
        notices.challenged(CLAIMED, JO, address="verify@arrest.example", text=TEXT),
    ),
    (
        "a fresh message while one is open",
        notices.wrote_anew(CLAIMED, JO, new_id=57, sender_name="Maria Lopez", text=TEXT),
    ),
    ("joined, to the requester", notices.joined_for_you(replace(CLAIMED, id=57), MARIA, into_id=42)),
    ("joined, to the claimant", notices.joined(replace(CLAIMED, id=57), JO, into_id=42, by_name="Rosa Lima")),
    ("split, to the requester", notices.split_for_you(replace(CLAIMED, id=57), MARIA, of_id=42)),
    (
        "complaint",
        notices.complained(42, JO, name="Maria Lopez", address="maria@acme.example", kind="abuse"),
    ),
    ("step failed", notices.step_failed(42, JO, what="step (KeyError)", failures=3)),
    ("step of no ticket failed", notices.step_failed(None, JO, what="digest (KeyError)", failures=3)),
    (
        "somebody left a channel",
        notices.channel_trouble(JO, what="gone", channel="slack", name="Anna Kim", reason="the account is deactivated"),
    ),
    ("cut off from a channel", notices.channel_trouble(JO, what="cut off", channel="slack", name="", reason="revoked")),
    ("the staff's group moved", notices.place_moved(JO, channel="telegram", old="-1001", new="-1009")),
    ("clock jumped", notices.clock_jumped(JO, hours=30)),
    ("breaker opened", notices.breaker_opened(JO, limit=1000)),
    ("link code", notices.link_code(MARIA, code="ABCDE23456")),
    ("lead proposed", notices.lead_proposed(JO, client_name="Acme Ltd", client_code="ACME")),
    (
        "lead says yes",
        notices.lead_answered(MARIA, client_name="Acme Ltd", consultant_name="Jo Diaz", is_yes=True),
    ),
    (
        "lead says no",
        notices.lead_answered(MARIA, client_name="Acme Ltd", consultant_name="Jo Diaz", is_yes=False),
    ),
    ("no longer lead", notices.lead_ended(JO, client_name="Acme Ltd")),
    (
        "assistant introduced",
        notices.introduced(MARIA, assistant_name="Ana Ruiz", manager_name="Sam Lee", by_name="Sam Lee"),
    ),
    (
        "request to join",
        notices.membership_asked(
            JO, request_id=3, name="Rosa Lima", address="rosa@work.example", expertise="network,backup"
        ),
    ),
    ("invited", notices.invited(JO, member_number="1044")),
    (
        "appointment booked, to the requester",
        notices.appointment_booked(CLAIMED, MARIA, SLOT, kind="onsite", name="Jo Diaz", words="the new shelf"),
    ),
    (
        "appointment moved",
        notices.appointment_booked(CLAIMED, MARIA, SLOT, kind="onsite", name="Jo Diaz", was=(NOW, MORNING)),
    ),
    (
        "appointment that a manager booked, to the consultant",
        notices.appointment_made(CLAIMED, JO, SLOT, kind="onsite", client_name="Acme Ltd"),
    ),
    (
        "appointment that the client asks for",
        notices.appointment_wished(
            CLAIMED,
            JO,
            SLOT,
            kind="onsite",
            name="Maria Lopez",
            client_name="Acme Ltd",
            line="book 42",
            words="A shelf",
        ),
    ),
    ("appointment called off", notices.appointment_cancelled(CLAIMED, JO, SLOT, reason="we are closed")),
    ("appointment of a ticket that was given back", notices.appointment_unsure(OFFERED, MARIA, SLOT)),
    ("appointment near", notices.appointment_near(CLAIMED, MARIA, SLOT, kind="onsite", name="Jo Diaz")),
    ("appointment over, nothing logged", notices.appointment_over(CLAIMED, JO, kind="onsite", minutes=90)),
    ("answer to a command", notices.answer("Ticket 42 is yours.", ticket_id=42, subject="Re: Printer")),
)


def a_card(ticket: Ticket, **names: str | None) -> CardView:
    place = Place("slack", "T1:C1")
    return notices.card(ticket, version=3, place=place, zone="Europe/Berlin", **names)  # type: ignore[arg-type]


CARDS: tuple[tuple[str, CardView], ...] = (
    ("held", a_card(HELD, client_name="Acme Ltd", lead_name="Jo Diaz", balance="3.25 h at P4")),
    ("offered", a_card(OFFERED, client_name="Acme Ltd", lead_name="Jo Diaz")),
    ("claimed", a_card(CLAIMED, client_name="Acme Ltd", lead_name="Jo Diaz", claimant_name="Jo Diaz")),
    ("waiting", a_card(replace(CLAIMED, state=State.WAITING), client_name="Acme Ltd", claimant_name="Jo Diaz")),
    ("resolved", a_card(RESOLVED, client_name="Acme Ltd", claimant_name="Jo Diaz")),
    ("closed", a_card(replace(RESOLVED, state=State.CLOSED), client_name="Acme Ltd", claimant_name=None)),
    ("unverified", a_card(STRANGE)),
)


def rendered() -> str:
    parts = []
    for name, notice in NOTICES:
        parts.append(
            f"═══ {name}  [{notice.kind}]\nSubject: {notice.subject}\n\n{notice.body}{buttons(notice.actions)}"
        )
    for name, card in CARDS:
        rows = "\n".join(f"{label}: {value}" for label, value in card.fields)
        parts.append(f"═══ card: {name}\n{card.title}\n{card.status}\n{rows}{buttons(card.actions)}")
    return "\n\n".join(parts) + "\n"


def buttons(actions: tuple[Action, ...]) -> str:
    return "\n\n" + "  ".join(f"[{action.label}: {action.command}]" for action in actions) if actions else ""


def test_every_notice_reads_as_it_was_agreed() -> None:
    assert rendered() == SNAPSHOT.read_text(encoding="utf-8")


# ---------------------------------------------------------------- what must hold of all of them

ALL = [*NOTICES]


@pytest.mark.parametrize(("name", "notice"), ALL, ids=[name for name, _ in ALL])
def test_every_button_is_a_command_that_is_understood(name: str, notice: Notice) -> None:
    for action in notice.actions:
        parse(action.command)


def test_every_card_button_is_a_command_or_asks_for_the_rest_of_one() -> None:
    for _, card in CARDS:
        for action in card.actions:
            if question_for(action.command) is None:
                parse(action.command)


def test_kind_is_the_name_of_the_function_that_made_it() -> None:
    for _, notice in NOTICES:
        assert callable(getattr(notices, notice.kind))


def test_every_notice_is_in_the_snapshot() -> None:
    made = {notice.kind for _, notice in NOTICES}
    makers = {name for name in notices.__all__ if name not in ("Reader", "card", "lasting", "moment", "span_text")}
    assert made == makers


def test_others_than_the_lead_learn_nothing_of_the_contact() -> None:
    notice = notices.offered(OFFERED, ROSA, until_at=MORNING, client_name=None, text=None)
    assert "Acme" not in notice.body and "Maria" not in notice.body
    assert "printing" in notice.body and "P2 (high)" in notice.body and "Printer is down" in notice.body


def test_stranger_is_told_nothing_of_what_was_written() -> None:
    notice = notices.received(STRANGE, MARIA, lead_name=None, opens_at=None)
    assert "Printer" not in notice.subject + notice.body and "printer" not in notice.body
    assert "42" in notice.body


def test_price_notice_names_price_choice_and_what_silence_means() -> None:
    told = dict(NOTICES)["price of urgent work in closed time"]
    assert "$50.00" in told.body and "10 minutes" in told.body and "Thu 19 Nov, 09:00 CET" in told.body
    assert [action.command for action in told.actions] == ["now 42", "later 42"]
    unasked = dict(NOTICES)["the same, without an agreement"]
    assert "Nothing is billed" in unasked.body and "10 minutes" not in unasked.body


# ---------------------------------------------------------------- times and lengths


@pytest.mark.parametrize(
    ("zone", "at", "reads"),
    [
        ("Europe/Berlin", NOW, "Wed 18 Nov, 23:10 CET"),
        ("America/New_York", NOW, "Wed 18 Nov, 17:10 EST"),
        ("America/Sao_Paulo", NOW, "Wed 18 Nov, 19:10 UTC-3"),
        ("Asia/Kathmandu", NOW, "Thu 19 Nov, 03:55 UTC+5:45"),
        ("UTC", NOW, "Wed 18 Nov, 22:10 UTC"),
        # Both readings of the hour that autumn repeats.
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Sun 25 Oct, 02:30 CEST"),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Sun 25 Oct, 02:30 CET"),
    ],
)
def test_moment_in_the_readers_zone(zone: str, at: datetime, reads: str) -> None:
    assert moment(at, Reader(zone)) == reads


def test_moment_of_the_readers_today_has_no_day() -> None:
    assert moment(NOW, Reader("Europe/Berlin", now=NOW - timedelta(hours=3))) == "23:10 CET"
    # For Kathmandu, 22:10 UTC is the next day already.
    assert moment(NOW, Reader("Asia/Kathmandu", now=NOW - timedelta(hours=5))) == "Thu 19 Nov, 03:55 UTC+5:45"


@pytest.mark.parametrize(
    ("minutes", "reads"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (65, "1 hour 5 minutes"),
        (120, "2 hours"),
        (1440, "1 day"),
        (3000, "2 days 2 hours"),  # 2 × 1440 + 2 × 60
    ],
)
def test_length_as_people_say_it(minutes: int, reads: str) -> None:
    assert lasting(minutes) == reads


# ---------------------------------------------------------------- texts


def test_unknown_language_reads_in_english() -> None:
    assert text_of("xx", "claimed") == ENGLISH["claimed"]
    assert text_of("", "claimed") == ENGLISH["claimed"]


def test_texts_name_only_values_that_exist() -> None:
    for key, text in ENGLISH.items():
        for _, name, spec, conversion in string.Formatter().parse(text):
            assert name is None or (name.isidentifier() and not spec and not conversion), key


# ---------------------------------------------------------------- outside text is quoted, never interpreted


@given(st.text(max_size=400), st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_outside_text_stays_on_its_line_and_within_bounds(subject: str, name: str) -> None:
    ticket = replace(CLAIMED, subject=subject, expertise=())
    makers: list[Callable[[], Notice]] = [
        lambda: notices.claimed(ticket, MARIA, claimant_name=name),
        lambda: notices.message_added(ticket, JO, sender_name=name, text=subject, files=(name,)),
        lambda: notices.offered(ticket, JO, until_at=NOW, client_name=name or "x", text=subject),
        lambda: notices.unverified(replace(STRANGE, subject=subject), JO, sender=name, text=subject, is_repeat=False),
    ]
    for make in makers:
        notice = make()
        assert "\n" not in notice.subject and len(notice.subject) < 140
        for harmful in "\x00\x1b\r\u202e\u2028\ufeff":
            assert harmful not in notice.subject + notice.body
        (notice.subject + notice.body).encode("utf-8")
    for line in notices.message_added(ticket, JO, sender_name="M", text=subject or "x").body.split("\n")[2:]:
        assert line.startswith(">")


def test_braces_from_outside_are_plain_text() -> None:
    ticket = replace(CLAIMED, subject="{id} {0} {client.__class__}")
    assert notices.claimed(ticket, MARIA, claimant_name="{name}").subject == "[#42] {id} {0} {client.__class__}"
    assert "{name}" in notices.claimed(ticket, MARIA, claimant_name="{name}").body


if __name__ == "__main__":
    SNAPSHOT.write_text(rendered(), encoding="utf-8")
