"""Triage against messages as people write them, each labelled by the mission's rules before a rule was written."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.cases import answer, default_table
from bot.triage.priority import BY_SEVERITY, Priority
from bot.triage.signals import Circumstances

CASES = Path(__file__).parents[1] / "data" / "triage_cases.jsonl"
SHARE_MIN = 0.98
# Wednesday 23:10 in New York; the office opens on Thursday at nine.
NIGHT = {
    "received_at": "2026-11-18T23:10:00-05:00",
    "tz": "America/New_York",
    "hours": "Mon-Fri 09:00-17:00",
    "holidays": ["2026-11-26"],
}
NOON = {**NIGHT, "received_at": "2026-11-18T12:10:00-05:00"}


def graded(body: str, context: dict[str, object] | None = None, subject: str = "") -> str:
    return str(answer({"op": "triage", "subject": subject, "body": body, "context": context or {}})["priority"])


def test_messages_get_the_priority_that_the_rules_give_them() -> None:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 250
    wrong = []
    for row in rows:
        got = answer(row["case"])
        if got.get("priority") != row["want"]:
            wrong.append(f"want {row['want']}, got {got}: {row['case']}")
    assert len(rows) - len(wrong) >= SHARE_MIN * len(rows), "\n".join(wrong)


# ---------------------------------------------------------------- the words decide

CHANGES = [
    # text, its priority; the same with one thing changed, and the priority then
    ("The server is down.", "P1", "The server is not down.", "P4"),
    ("The server is down.", "P1", "The server is slow.", "P3"),
    ("The server is slow.", "P3", "The server is extremely slow.", "P2"),
    ("The server is down.", "P1", "The server was down yesterday, it is fine now.", "P4"),
    ("The server is down.", "P1", "What do we do if the server is down?", "P4"),
    ("The server is down.", "P1", "The search on the server is broken.", "P3"),
    ("Email is down.", "P1", "Email is down, but only for me.", "P3"),
    ("I can't log in.", "P3", "Nobody can log in.", "P1"),
    ("I can't print.", "P3", "Nobody can print.", "P2"),
    ("My printer won't turn on.", "P3", "My laptop won't turn on.", "P2"),
    ("One user can't log in to the CRM.", "P3", "Several users can't log in to the CRM.", "P2"),
    ("Please change the code on staging.", "P2", "Please change the code on the live site.", "P1"),
    ("Please add a user.", "P4", "Please add a user within the hour.", "P2"),
    ("Please come to our office next week.", "P2", "No need to come to our office next week.", "P4"),
    ("Seit heute geht im ganzen Büro das Internet nicht mehr.", "P1", "Bei mir geht das Internet nicht mehr.", "P3"),
    ("Unser CRM stürzt bei allen ständig ab.", "P2", "Unser CRM läuft bei allen wieder.", "P4"),
    ("She fixed the error in the form.", "P4", "You haven't fixed the error in the form.", "P3"),
    ("Eight of our ten tablets won't charge.", "P2", "One of our ten tablets won't charge.", "P3"),
    ("There is an outage.", "P1", "There is a planned outage on Sunday.", "P4"),
    ("Three out of five tills refuse to start.", "P2", "One out of five tills refuses to start.", "P3"),
    ("All of sales, the whole department, can't log in to the CRM.", "P2", "The others can log in to the CRM.", "P4"),
    ("I'm locked out of my computer and can't do anything.", "P2", "I can't print.", "P3"),
    ("Wir können im Shop nicht mehr bezahlen.", "P1", "Wir können im Shop wieder bezahlen.", "P4"),
    ("Tom called: nobody at the plant can log in.", "P1", "Tom can't log in.", "P3"),
    ("About 12 of them on the second floor have no network.", "P2", "Two of them have no network.", "P2"),
    ("The test server is down.", "P1", "The test server is down, as planned, until Monday.", "P4"),
    ("The provider's website is down.", "P1", "The provider's website is down. No action needed.", "P4"),
    ("Nobody can send emails.", "P1", "Nobody in sales can send emails.", "P2"),
    ("He introducido mi contraseña en una página falsa.", "P2", "¿Dónde cambio mi contraseña?", "P4"),
    ("Pourriez-vous venir mardi dans nos bureaux ?", "P2", "Pourriez-vous appeler mardi ?", "P4"),
    ("my laptp wont trun on", "P2", "my mouse dosnt work", "P3"),
    ("I can't log in to my computer.", "P2", "I can't log in to my mailbox.", "P3"),
    ("All phones are dead.", "P1", "All phones are fine.", "P4"),
    ("There is an e-mail problem.", "P3", "The e-mail problem has resolved itself in the meantime.", "P4"),
    ("Please take the old site offline in May.", "P4", "The site is offline.", "P1"),
    ("The site is down, everything still works slowly.", "P1", "The site is down. Now everything works again.", "P4"),
    ("I need a yes or no within the hour.", "P2", "I need a yes or no this week.", "P4"),
    ("My PC crashes every five minutes.", "P2", "My PC no longer crashes every five minutes.", "P4"),
    ("The form shows an error.", "P3", "The form no longer shows an error.", "P4"),
    ("The cookie notice on the site can't be closed on phones.", "P3", "The site is down on phones.", "P1"),
    ("My PC crashes constantly.", "P2", "My PC crashes constantly, I need it in half an hour.", "P1"),
    ("Sam, the server is down.", "P1", "Sam, the server is not down.", "P4"),
    ("In October the server was down for a day.", "P4", "Since October the server is down.", "P1"),
]


@pytest.mark.parametrize(("text", "priority", "changed", "then"), CHANGES)
def test_a_change_of_words_changes_priority_and_reasons(text: str, priority: str, changed: str, then: str) -> None:
    before, after = (answer({"op": "triage", "body": body}) for body in (text, changed))
    assert (before["priority"], after["priority"]) == (priority, then)
    assert before["why"] != after["why"]


SPELLINGS = [
    ("We can't access anything", "We cant access anything", "We can’t access anything", "WE CANNOT ACCESS ANYTHING"),
    ("The server is off-line", "the server is offline", "The sevrer is offline", "The server’s offline"),
    ("El servidor está caído", "El servidor esta caido", "EL SERVIDOR ESTÁ CAÍDO", "El servidor está caído"),
]


@pytest.mark.parametrize("texts", SPELLINGS)
def test_spelling_does_not_change_a_priority(texts: tuple[str, ...]) -> None:
    assert {graded(text) for text in texts} == {"P1"}


FRAMES = [
    "Hi team,\n\nI hope this email finds you well.\n\n{}\n\nPlease let me know if you need more.\n\nThanks,\nJane",
    "{}\n\nThis email is confidential. If you received it in error, delete it immediately.",
    "Hello everyone,\n{}\nThanks everyone, have a great day!",
    "{}\n\n-- \nJane\nUrgent? Our line is down on weekends: call 555-0100",
    "> The whole network is down!\n{}",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    ("text", "priority"), [(row[0], row[1]) for row in CHANGES] + [(row[2], row[3]) for row in CHANGES]
)
def test_what_stands_around_a_message_does_not_change_its_priority(frame: str, text: str, priority: str) -> None:
    assert graded(frame.format(text)) == priority


@pytest.mark.parametrize("subject", ["Fwd: a complaint", "FW: a complaint", "WG: Beschwerde", "TR: plainte"])
def test_what_is_forwarded_is_read_and_what_is_quoted_is_not(subject: str) -> None:
    body = "See below.\n\n> Your whole website is down since this morning."
    assert graded(body, subject=subject) == "P1"
    assert graded(body, subject="Re: a complaint") == "P4"


def test_a_newsletter_is_nobodys_fault() -> None:
    body = "In this issue: how one error took the internet down. {}"
    assert graded(body.format("Unsubscribe here.")) == "P4"
    assert graded("The unsubscribe link in our newsletter leads to an error page.") == "P3"


def test_shouting_is_no_impact() -> None:
    assert graded("Please update the team photo.") == graded("URGENT!!! PLEASE UPDATE THE TEAM PHOTO!!!") == "P4"


def test_what_a_lawyer_or_a_phone_adds_says_nothing() -> None:
    disclaimer = "If you are not the intended recipient or received this in error, delete it immediately."
    assert graded(f"Please add Eva to the list.\n\nSent from my iPhone\n\n{disclaimer}", NIGHT) == "P4"


def test_a_wrapped_line_is_one_sentence() -> None:
    wrapped = "I am writing to you because since this morning the whole office is\nwithout internet and we cannot work."
    assert graded(wrapped) == "P1"


# ---------------------------------------------------------------- time and place

CALM = [
    "Please change the price on the homepage.",
    "The printer on the second floor is jammed.",
    "My laptop won't boot.",
    "Could you tell me how to share a calendar?",
    "Please set up a new user, no rush.",
]


@given(st.sampled_from(CALM), st.integers(0, 2 * 365 * 24 * 60))
def test_the_hour_alone_never_sets_a_priority(text: str, minutes: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert graded(text, {**NIGHT, "received_at": at.isoformat()}) == graded(text)


@pytest.mark.parametrize(
    "wish", ["tonight", "asap", "right now", "before tomorrow morning", "by 7am", "within the hour"]
)
def test_work_wanted_before_the_next_opening_is_urgent_in_closed_time_only(wish: str) -> None:
    body = f"Please change the price on the homepage {wish}."
    night = answer({"op": "triage", "body": body, "context": NIGHT})
    assert (night["priority"], night["rule"]) == ("P1", "off-hours-unplanned")
    assert any("received Wed 2026-11-18 23:10, closed until Thu 09:00" in reason for reason in night["why"])
    assert any(wish in reason for reason in night["why"])
    assert graded(body, NOON) != "P1"


WISHES = [
    "The printer no longer prints, I need it tonight.",
    "Could you unlock my account now?",
    "My mailbox is locked and I need it now.",
    "The tender is due at 5am and I can't upload it.",
    "I'm giving a talk at 8 am and need my slides before then.",
    "Can you restore the folder? I need it before 8 tmrw.",
    "My flight leaves at 6 and I can't get my pass out of the mailbox.",
    "Please do not wait for opening time, add Eve to the list.",
    "Asks us to change the greeting tonight.",
    "Please renew the certificate tonight.",
    "I need remote access before nine.",
]


@pytest.mark.parametrize("body", WISHES)
def test_a_wish_for_now_is_found_wherever_it_stands(body: str) -> None:
    assert answer({"op": "triage", "body": body, "context": NIGHT})["rule"] == "off-hours-unplanned"


NO_WISHES = [
    "Please close the ticket, it works now.",
    "Tell me if the page is fine now, please.",
    "Who is in charge of our account now?",
    "Yesterday I needed this urgently. Please add Eve to the list sometime.",
    "What would it cost if I needed somebody right now?",
    "If I had asked you to fix it tonight, would you have come?",
]


@pytest.mark.parametrize("body", NO_WISHES)
def test_words_of_haste_that_ask_for_nothing_now_are_no_wish(body: str) -> None:
    assert graded(body, NIGHT) == "P4"


NO_DEADLINES = [
    "I do not need the file within the hour.",
    "I needed the file within the hour yesterday, but I found it.",
    "If we ever needed a file within the hour, would that cost more?",
    "Please suggest a hotel within an hour's drive of the office.",
]


@pytest.mark.parametrize("body", NO_DEADLINES)
def test_an_hour_that_is_denied_over_supposed_or_a_distance_is_no_deadline(body: str) -> None:
    assert graded(body) == "P4"


def test_what_is_quoted_as_a_title_tells_of_no_fault() -> None:
    assert graded('Please turn the banner "Server down? Call us!" blue.') == "P4"
    assert graded("We all read the article “The whole network is down” with joy.") == "P4"
    assert graded('You wrote "the server was down for everyone". When was that?') == "P4"
    assert graded('Customers write "your website is down".') == "P1"


def test_an_article_that_begins_a_sentence_asks_nothing() -> None:
    assert graded("A impressora puxa duas folhas de cada vez.") == "P3"
    assert graded("A-t-elle une imprimante ?") == "P4"


def test_the_path_of_an_address_tells_of_no_fault() -> None:
    assert graded("https://status.example.com/incidents/server-down") == "P4"
    assert graded("https://server.example.com is down") == "P1"


def test_a_heading_is_as_void_as_the_text_below_it() -> None:
    assert graded("No need to come to our office.", subject="On site") == "P4"
    assert graded("Please see to the cables.", subject="On site") == "P2"
    assert graded("I'll come to the office on Monday; please add Eve to the list.") == "P4"


def test_a_drill_is_no_fault() -> None:
    assert graded("This is only a drill: server down, everything offline.") == "P4"
    assert graded("This is not a drill: server down, everything offline.") == "P1"
    assert graded("This is a test server, and it is down.") == "P1"


def test_work_on_a_holiday_is_work_in_closed_time() -> None:
    thanksgiving = {**NIGHT, "received_at": "2026-11-26T11:00:00-05:00"}
    assert graded("Please install the update today.", thanksgiving) == "P1"
    assert graded("Please install the update today.", {**thanksgiving, "holidays": []}) == "P4"
    assert graded("Please install the update next week.", thanksgiving) == "P4"


def test_booked_work_is_not_unplanned() -> None:
    assert graded("Please be ready for the move tonight.", {**NIGHT, "booked": True}) == "P4"


def test_within_the_hour_needs_something_down_or_a_busy_manager_to_be_urgent() -> None:
    assert graded("Please send me the wifi password within the hour.") == "P2"
    for word in ("booked", "off", "off_duty", "on leave"):
        assert graded("Please send me the wifi password within the hour.", {"manager": word}) == "P1"
    assert graded("Please send me the wifi password.", {"manager": "booked"}) == "P4"
    assert graded("The invoice printer is broken, we need it within the hour.") == "P1"


@pytest.mark.parametrize(("received", "priority"), [("09:59", "P4"), ("10:00", "P2"), ("10:30", "P2"), ("11:01", "P4")])
def test_a_clock_time_within_sixty_minutes_is_within_the_hour(received: str, priority: str) -> None:
    context = {**NIGHT, "received_at": f"2026-11-18T{received}:00-05:00"}
    assert graded("Please send me the portal login by 11:00.", context) == priority


CHASERS = [
    # channel, messages within 24 hours, priority
    ("chat", 2, "P4"),
    ("chat", 3, "P1"),
    ("sms", 2, "P3"),  # a direct contact all the same
    ("sms", 3, "P1"),
    ("phone", 4, "P1"),
    ("email", 9, "P4"),  # mails in the thread are no chasers
    (None, 3, "P1"),
]


@pytest.mark.parametrize(("channel", "messages", "priority"), CHASERS)
def test_three_chasers_make_it_urgent(channel: str | None, messages: int, priority: str) -> None:
    assert graded("Any news on the logo?", {"channel": channel, "messages_24h": messages}) == priority


@pytest.mark.parametrize("channel", ["phone", "sms", "onsite", "Phone", "in_person", "on-site", "walk_in"])
def test_direct_contact_is_at_least_medium(channel: str) -> None:
    assert graded("How do I change the font?", {"channel": channel}) == "P3"
    assert graded("My laptop won't boot.", {"channel": channel}) == "P2"
    assert graded("The server is down.", {"channel": channel}) == "P1"


@pytest.mark.parametrize("channel", ["email", "chat", "slack", "telegram", "console"])
def test_a_message_to_the_desk_is_never_a_direct_contact(channel: str) -> None:
    assert graded("How do I change the font?", {"channel": channel}) == "P4"


# ---------------------------------------------------------------- reasons


def test_reasons_quote_the_message_word_for_word() -> None:
    body = "Hi,\nour File-Server  is\tDOWN — nobody can work.\nThanks"
    why = answer({"op": "triage", "subject": "Hmm", "body": body})["why"]
    quoted = [piece for reason in why for piece in re.findall(r'"([^"]+)"', reason)]
    assert quoted
    assert all(piece in body for piece in quoted)


def test_what_does_not_count_is_told_too() -> None:
    why = answer({"op": "triage", "body": "The server is not down."})["why"]
    assert 'not counted, denied: "not down"' in why


def test_an_empty_message_has_a_priority_and_a_reason() -> None:
    got = answer({"op": "triage", "subject": "", "body": " \n"})
    assert got == {"priority": "P4", "rule": "service-usable", "why": ["the message has no words"]}


# ---------------------------------------------------------------- any text


@given(st.text(max_size=600), st.text(max_size=60))
def test_any_text_gets_a_verdict_that_quotes_it(body: str, subject: str) -> None:
    verdict = default_table().judge(subject, body, Circumstances())
    assert verdict.why
    assert verdict.priority in BY_SEVERITY


TELLING = (
    *("not", "server", "down", "the", "can't", "if", "when", "is", "?", ".", ",", "but", "nobody", "print", "my"),
    *("within", "3", "hours", "by", "tomorrow", "asap", "'", "“", "\n", "é", "no", "rush"),
)


@given(st.lists(st.sampled_from(TELLING), max_size=120).map(" ".join))
def test_any_order_of_telling_words_gets_a_verdict(body: str) -> None:
    at = datetime(2026, 11, 19, 4, 10, tzinfo=UTC)
    table = default_table()
    assert table.judge("", body, Circumstances(at=at)) == table.judge("", body, Circumstances(at=at))


@pytest.mark.parametrize(
    "piece", ["down ", "not ", "can't ", "server is down, ", "write a ", ". ", "'", "a", "\n", "by 3 "]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = datetime.now(UTC)
    default_table().judge("", text, Circumstances())
    # A tenth of this is usual; the machine may be busy.
    assert datetime.now(UTC) - began < timedelta(seconds=2)


# ---------------------------------------------------------------- priorities


def test_priorities_sort_by_severity() -> None:
    assert sorted([Priority.P3, Priority.P1, Priority.P4, Priority.P2]) == list(BY_SEVERITY)


def test_what_is_sent_as_urgent_is_answered_within_the_hour_and_faster_where_that_disturbs() -> None:
    def verdict(circumstances: Circumstances) -> tuple[Priority, str]:
        found = default_table().judge("", "The printer hums since Monday.", circumstances)
        return found.priority, found.why[0]

    assert verdict(Circumstances())[0] == "P3"
    assert verdict(Circumstances(is_pressing=True)) == (
        "P2",
        "an answer is needed within the hour: sent as urgent",
    )
    assert verdict(Circumstances(is_pressing=True, manager_busy="away"))[0] == "P1"
