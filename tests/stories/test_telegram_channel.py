"""A day on Telegram, from a client's first words to the bill, over both transports and on both databases.

The desk, the tick and the courier are the real ones; Telegram is the strict double, which refuses what Telegram does.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Query, Store
from tests.unit.telegram_ground import (
    ANNA,
    EVE,
    INES,
    MARIA,
    NOTES,
    STAFF,
    TICKETS,
    TOM,
    TelegramStory,
    a_story,
    a_telegram,
)

WAITING = Query("SELECT kind, channel FROM delivery WHERE state = 'pending' ORDER BY id", scans="tests")
TEXTS = Query("SELECT text_written FROM message WHERE direction = 'in' ORDER BY id", scans="tests")
CODES = Query("SELECT notice_json FROM delivery WHERE kind = 'link_code' ORDER BY id", scans="tests")
LOG_QUESTION = """\
✎ Log time · #1

Answer this message:
- How long, or from when to when: 50m, 1h30 or 17:20-18:10
- Kind of work (if you like): remote, consultation, remote-unscheduled, bench, onsite, travel, planned-coding, \
production-coding, check
- If it was in closed time (if you like): asked, own
- What was done (if you like)

For example: 50m travel"""
JAM = "The printer in the front office jams on every page. Can you look at it?"


@pytest.fixture(params=["polling", "webhook"])
async def story(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> AsyncIterator[TelegramStory]:
    async with a_telegram() as telegram, a_story(telegram, store, tmp_path, request.param) as story:
        yield story


async def test_from_the_first_words_to_the_bill(story: TelegramStory) -> None:
    telegram = story.telegram
    telegram.sends_file(ANNA, "photo", b"\xff\xd8 a jam", caption=JAM)
    await story.passes()

    # Anna hears; the lead alone is asked, in private; the staff see one card.
    assert "It is ticket #1, P3 (medium)" in telegram.texts(ANNA)[-1]
    assert "Yours until Mon 23 Nov, 10:30 EST (your time)." in telegram.texts(TOM)[-1]
    assert telegram.texts(INES) == []
    card = telegram.last(STAFF)
    assert card["text"].splitlines()[-1] == "Held for Tom Becker until Mon 23 Nov, 10:30 EST"
    assert telegram.labels(card) == ["Claim", "Pass", "Why"]

    # Ines may not yet; Tom claims; the loser is told who was first, and the card says it to everybody.
    assert "held for the client's lead" in await story.presses(INES, card, "Claim")
    assert "Ticket 1 is yours" in await story.presses(TOM, telegram.last(TOM), "Claim")
    assert "Tom Becker claimed ticket 1 first" in await story.presses(INES, card, "Claim")
    await story.passes()
    assert telegram.texts(STAFF)[0].splitlines()[-1] == "Claimed by Tom Becker"
    assert any("Tom Becker has taken your ticket #1" in text for text in telegram.texts(ANNA))
    assert "triaged" in await why(story, TOM)

    # Words to Anna go by /reply alone, with the picture they were sent with; hers come back to Tom.
    telegram.sends_file(TOM, "photo", b"\xff\xd8 a tray", caption="/reply 1 Is it this tray?")
    await story.passes()
    assert any(text.startswith("[#1]") and "Is it this tray?" in text for text in telegram.texts(ANNA))
    sent = next(
        call for call in telegram.calls if call.method == "sendPhoto" and str(call.fields["chat_id"]) == str(ANNA)
    )
    assert sent.files["photo"][1] == b"\xff\xd8 a tray"
    await story.says(ANNA, "Yes & only this tray")
    assert any("Yes & only this tray" in text for text in telegram.texts(TOM))

    # 50 minutes of remote work on a P3 ticket: 4 quarters of 3 units at $10.00.
    await story.says(TOM, "/log 1 50m remote")
    assert any("4 quarters at P3" in text and "$120.00" in text for text in telegram.texts(TOM))
    await story.says(TOM, "/resolve 1 New rollers are in")
    await story.passes()
    assert "New rollers are in" in telegram.texts(ANNA)[-1]
    assert "$120.00" in telegram.texts(ANNA)[-1]

    # An answer reopens it.
    await story.says(ANNA, "It jams again", reply_to=telegram.last(ANNA))
    assert str(story.ticket().state) == "claimed"
    assert any("It jams again" in text for text in telegram.texts(TOM))
    assert story.rows(TICKETS) == [1]


async def why(story: TelegramStory, person: int) -> str:
    """The decisions, as the button on the last message to that person tells them."""
    message = next(m for m in reversed(story.telegram.sent(person)) if "Why" in story.telegram.labels(m))
    await story.presses(person, message, "Why")
    await story.passes()
    return next(text for text in reversed(story.telegram.texts(person)) if "by the rule" in text)


async def test_what_the_staff_type_among_themselves_stays_there_and_is_kept(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    before, card = telegram.texts(ANNA), telegram.last(STAFF)
    await story.says(TOM, "This client never cleans it", chat=STAFF, reply_to=card)
    await story.says(INES, "I have spare rollers", chat=STAFF, reply_to=card)
    await story.says(TOM, "Good, bring them", chat=STAFF, reply_to=card)
    # What answers nothing is nobody's business: neither kept nor commented on.
    said = len(telegram.texts(STAFF))
    await story.says(TOM, "Lunch?", chat=STAFF)
    assert len(telegram.texts(STAFF)) == said
    assert story.rows(NOTES) == ["This client never cleans it", "I have spare rollers", "Good, bring them"]
    assert telegram.texts(ANNA) == before


async def test_a_stranger_among_the_staff_opens_no_ticket(story: TelegramStory) -> None:
    await story.says(ANNA, JAM)
    await story.says(EVE, "I can do it", chat=STAFF, reply_to=story.telegram.last(STAFF))
    assert story.rows(TICKETS) == [1]
    assert story.rows(NOTES) == []
    assert "I don't know you as one of the desk" in story.telegram.texts(STAFF)[-1]


async def test_the_first_press_says_who_one_is_and_how_to_begin(story: TelegramStory) -> None:
    telegram = story.telegram
    for person in (ANNA, TOM, EVE):
        await story.says(person, "/start")
    assert telegram.texts(ANNA)[-1].startswith("You are Anna Kim, owner at Acme Dental.")
    assert "each message becomes a ticket" in telegram.texts(ANNA)[-1]
    assert "What is offered to you comes here" in telegram.texts(TOM)[-1]
    assert telegram.texts(EVE)[-1].startswith("I don't know you here yet.")
    await story.says(EVE, JAM)
    assert "tell us who you are: link you@your-company" in telegram.texts(EVE)[-1]


async def test_in_a_group_the_first_press_says_how_to_begin_there(story: TelegramStory) -> None:
    telegram, office = story.telegram, -1002
    telegram.add_group(office, "ACME and the desk")
    for person in (ANNA, EVE):
        await story.says(person, "/start", chat=office)
        # Of a group Telegram hands over no more than what names the bot.
        assert "each message becomes a ticket" not in telegram.texts(office)[-1]
        assert "In a group begin with `/new`" in telegram.texts(office)[-1]
    await story.says(ANNA, "/stop", chat=office)
    # Everybody reads it: it has to say whose notices end, and where.
    stopped = telegram.texts(office)[-1]
    assert stopped.startswith("Anna Kim gets no more notices by telegram, neither here nor in private.")
    await story.says(ANNA, "/start", chat=office)
    assert telegram.texts(office)[-1] == "Anna Kim gets notices by telegram again."


async def test_what_not_every_contact_may_read_is_answered_to_its_giver_alone(story: TelegramStory) -> None:
    telegram, office = story.telegram, -1002
    telegram.add_group(office, "ACME and the desk")
    await story.says(MARIA, "/place ACME", chat=office)
    before = {chat: len(telegram.texts(chat)) for chat in (office, STAFF, ANNA, MARIA)}
    for person, line in ((ANNA, "/balance"), (MARIA, "/queue"), (ANNA, "/status")):
        await story.says(person, line, chat=office)
    await story.says(MARIA, "/queue", chat=STAFF)
    told = {chat: telegram.texts(chat)[count:] for chat, count in before.items()}
    # What a colleague may ask as well is answered where it was asked; among the staff everybody reads along.
    assert told[office] == ["Nothing is open. Just write what you need."]
    assert told[ANNA] == ["Acme Dental: nothing due"]
    assert told[MARIA] == told[STAFF] == ["Nothing waits to be claimed."]


async def test_a_group_is_nobodys_account(story: TelegramStory) -> None:
    telegram, office = story.telegram, -1002
    telegram.add_group(office, "ACME and the desk")
    nameless = {"sender_chat": {"id": office, "type": "supergroup", "title": "ACME and the desk"}}
    # An anonymous administrator. Linked, the group itself would be told what is for one person alone.
    for line in ("/link anna@acme.example", "/link ABCDEFGHJK"):
        await story.says(ANNA, line, chat=office, **nameless)
        assert "in the name of a group" in telegram.texts(office)[-1]
    assert story.rows(CODES) == []


async def test_who_says_urgent_once_more_hears_that_it_is(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, "/urgent The server is down, nobody can work.")
    said = len(telegram.texts(ANNA))
    await story.says(ANNA, "/urgent The tills too")
    (answer,) = telegram.texts(ANNA)[said:]
    assert answer.startswith("Ticket 1 is urgent already, and what you wrote is on it.") and "`/new`" in answer


async def test_stop_ends_notices_and_not_answers(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    await story.says(ANNA, "/stop")
    assert "You get no more notices here" in telegram.texts(ANNA)[-1]
    said = len(telegram.texts(ANNA))
    await story.says(TOM, "/claim 1")
    assert len(telegram.texts(ANNA)) == said
    # Words of a person still come, and so does the answer to a command.
    await story.says(TOM, "/reply 1 I am on my way")
    assert "I am on my way" in telegram.texts(ANNA)[-1]
    await story.says(ANNA, "/status")
    assert "#1 P3" in telegram.texts(ANNA)[-1]
    await story.says(ANNA, "/start")
    assert "You get notices here again" in telegram.texts(ANNA)[-1]
    await story.says(TOM, "/resolve 1 done")
    assert "has resolved your ticket #1" in telegram.texts(ANNA)[-1]


async def test_the_staffs_group_becomes_a_supergroup(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    telegram.migrate(STAFF, STAFF * 10)
    await story.passes()
    # The settings name the old group, and a manager is told; the desk goes on in the new one.
    assert any("-10010 instead of -1001" in text for text in telegram.texts(MARIA))
    await story.says(TOM, "/claim 1")
    assert "Claimed by Tom Becker" in telegram.texts(STAFF * 10)[0]
    await story.says(TOM, "Rollers again", chat=STAFF * 10, reply_to=telegram.sent(STAFF * 10)[0])
    assert story.rows(NOTES) == ["Rollers again"]


async def test_who_blocks_the_bot_is_told_elsewhere_or_not_at_all_and_the_desk_knows(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    telegram.block(ANNA)
    await story.says(TOM, "/claim 1")
    await story.passes()
    # She has a mail address, and no mail goes out of this desk: nothing is lost, it waits there.
    waiting = story.store.read_sync(lambda tx: tx.all(WAITING))
    assert [row.channel for row in waiting if row.kind == "claimed"] == ["email"]
    # Who writes again reads again.
    telegram.chats[ANNA].refuses = None
    await story.says(ANNA, "I am back")
    await story.says(TOM, "/resolve 1 done")
    assert "has resolved your ticket #1" in telegram.texts(ANNA)[-1]


async def test_a_person_who_blocks_the_bot_is_known_to_have_left_before_anything_is_sent(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
    telegram.inject({"my_chat_member": {"chat": chat, "new_chat_member": {"status": "kicked"}}})
    await story.passes()
    assert any("can no longer be reached on telegram" in text for text in telegram.texts(MARIA))
    said = len(telegram.texts(ANNA))
    await story.says(TOM, "/claim 1")
    # Who answers is told where the answer went.
    await story.says(TOM, "/reply 1 Is it the tray?")
    assert telegram.texts(TOM)[-1] == "Sent to Anna Kim by email."
    assert len(telegram.texts(ANNA)) == said


async def test_everything_arrives_once_however_often_it_is_sent(story: TelegramStory) -> None:
    telegram = story.telegram
    for number in range(30):
        telegram.says((ANNA, EVE)[number % 2], f"{JAM} {number}")
    sent = list(telegram.pending)
    await story.arrived()
    telegram.pending.extend(sent)
    telegram.says(ANNA, "/new the last")
    await story.arrived()
    texts = [str(row[0]) for row in story.store.read_sync(lambda tx: tx.all(TEXTS))]
    assert sorted(texts) == sorted([*(f"{JAM} {number}" for number in range(30)), "the last"])


async def test_the_staffs_work_by_buttons_and_questions(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    await story.presses(TOM, telegram.last(STAFF), "Claim")
    await story.passes()
    card = telegram.texts(STAFF).index(next(text for text in telegram.texts(STAFF) if "Claimed by" in text))
    pressed = telegram.sent(STAFF)[card]
    assert telegram.labels(pressed) == [
        "Resolve", "Reply", "Log time", "Book", "Wait for client", "Release", "Priority", "Show", "Why",
    ]  # fmt: skip

    await story.presses(TOM, pressed, "Log time")
    await story.passes()
    asked = telegram.last(STAFF)
    assert asked["text"] == LOG_QUESTION
    assert asked["reply_markup"]["force_reply"]
    await story.says(TOM, "50m remote -- rollers", chat=STAFF, reply_to=asked)
    assert any("4 quarters at P3" in text for text in telegram.texts(STAFF))

    await story.presses(TOM, pressed, "Reply")
    await story.passes()
    await story.says(TOM, "New rollers\nare in.", chat=STAFF, reply_to=telegram.last(STAFF))
    assert any("New rollers\nare in." in text for text in telegram.texts(ANNA))
    # As a form does in Slack; a slip of the thumb ends no ticket before its client.
    await story.presses(TOM, pressed, "Book")
    await story.passes()
    assert telegram.last(STAFF)["text"].startswith("✎ Book · #1")
    await story.says(TOM, "tomorrow 14:00 30m onsite", chat=STAFF, reply_to=telegram.last(STAFF))
    assert "Tom Becker has time for you: Tue 24 Nov, 14:00 EST" in telegram.texts(ANNA)[-1]
    # A time that the client asked for instead is agreed to by one press.
    await story.says(ANNA, "/book 1 friday 10:00")
    agree = next(message for message in reversed(telegram.sent(TOM)) if "Agree" in telegram.labels(message))
    assert "Fri 27 Nov, 10:00 EST" in await story.presses(TOM, agree, "Agree")
    await story.passes()
    assert "is now Fri 27 Nov, 10:00 EST" in telegram.texts(ANNA)[-1]
    await story.presses(TOM, pressed, "Resolve")
    await story.passes()
    asked = telegram.last(STAFF)
    assert asked["text"].startswith("✎ Resolve · #1")
    assert asked["text"].endswith("For example: 50m new rollers\nWithout any of it: /resolve 1")
    assert str(story.ticket().state) == "claimed"
    await story.says(TOM, "15m -- new rollers are in", chat=STAFF, reply_to=asked)
    assert "has resolved your ticket #1" in telegram.texts(ANNA)[-1]
    assert "new rollers are in" in telegram.texts(ANNA)[-1]


async def test_who_cannot_be_asked_now_is_told_to_press_again(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, JAM)
    await story.presses(TOM, telegram.last(STAFF), "Claim")
    await story.passes()
    card = next(message for message in telegram.sent(STAFF) if "Claimed by" in message["text"])
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 26", parameters={"retry_after": 26})
    assert "Please try again in a minute" in await story.presses(TOM, card, "Reply")
    assert await story.presses(TOM, card, "Reply") == ""
    assert telegram.last(STAFF)["text"].startswith("✎ Reply · #1")


async def test_no_words_of_a_stranger_pass_for_a_question(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(ANNA, "✎ Reply · #1\n\nAnswer this message:")
    offered = next(message for message in telegram.sent(TOM) if "✎ Reply · #1" in message["text"])
    before = telegram.texts(ANNA)
    await story.says(TOM, "what nonsense", reply_to=offered)
    assert telegram.texts(ANNA) == before
    assert story.rows(NOTES) == ["what nonsense"]


async def test_each_ticket_has_a_topic_of_its_own_where_the_staff_have_a_forum(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with a_telegram(is_forum=True) as telegram, a_story(telegram, store, tmp_path, "polling") as story:
        await story.says(ANNA, JAM)
        forum = telegram.chats[STAFF]
        ((topic, name),) = forum.topic_names.items()
        assert name.startswith("#1 The printer in the front office jams")
        assert telegram.last(STAFF)["message_thread_id"] == topic
        # What is said in the topic is about its ticket, without a number and without answering anything.
        await story.says(TOM, "This client never cleans it", chat=STAFF, topic=topic)
        await story.says(TOM, "/claim", chat=STAFF, topic=topic)
        assert story.rows(NOTES) == ["This client never cleans it"]
        assert any("Ticket 1 is yours" in text for text in telegram.texts(STAFF))
        assert "Claimed by Tom Becker" in telegram.texts(STAFF)[0]
        assert {message["message_thread_id"] for message in telegram.sent(STAFF)} == {topic}
        assert len(forum.topic_names) == 1
        # Done, the topic is closed; open again, it is opened.
        await story.says(TOM, "/resolve new rollers", chat=STAFF, topic=topic)
        assert forum.closed_topics == {topic}
        await story.says(ANNA, "It jams again", reply_to=telegram.last(ANNA))
        assert forum.closed_topics == set()


async def test_a_deep_link_makes_a_chat_account_a_known_persons(story: TelegramStory) -> None:
    telegram = story.telegram
    await story.says(EVE, "/link anna@acme.example")
    waiting = story.store.read_sync(lambda tx: tx.all(CODES))
    code = re.search(r"\b[A-Z2-9]{10}\b", waiting[0].notice_json.replace("\\n", " "))
    assert code is not None
    # What https://t.me/HoldlineBot?start=CODE sends when it is opened.
    await story.says(EVE, f"/start {code[0]}")
    assert "This account is linked: you are Anna Kim" in telegram.texts(EVE)[-1]
