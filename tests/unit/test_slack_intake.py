"""Both transports, one behaviour: every fact here is proved over signed HTTP and over the socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.channels.slack.acks import OUR_FAULT, TRY_AGAIN
from bot.channels.slack.config import SHORTCUT
from bot.channels.slack.intake import Intake
from bot.channels.slack.payloads import raw_of
from bot.errors import UserError
from bot.messages import Action, Answer, Notice, Outgoing, Place, Trust
from bot.messages import Handle as Person
from tests.unit.slack_ground import NOW, SERVING, Busy, Ground, a_ground, a_signer, over


@pytest.fixture(params=sorted(SERVING))
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with over(request.param) as ground:
        yield ground


async def test_a_direct_message_reaches_the_desk_before_it_is_acknowledged(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    delivery = await ground.slack.says(ann, "Printer is on fire")
    assert delivery.is_acknowledged
    (message,) = ground.desk.messages.values()
    assert message.key.startswith(f"{delivery.payload['event_id']}:")
    assert message.text == "Printer is on fire"
    assert message.sender.address == f"T0TEAM:{ann}"
    assert message.place == Place("slack", "T0TEAM:D0ANN", delivery.ts)
    assert message.trust is Trust.PROVEN
    assert message.is_addressed


async def test_an_answer_in_a_thread_names_what_it_answers(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    first = await ground.slack.says(ann, "Printer is on fire")
    second = await ground.slack.says(ann, "It is out now", thread=first.ts)
    message = list(ground.desk.messages.values())[1]
    assert message.key.startswith(f"{second.payload['event_id']}:")
    assert message.references == (first.ts,)
    assert message.place.thread == first.ts


async def test_a_busy_desk_is_asked_again_under_the_same_event(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.desk.faults = [Busy(), Busy()]
    delivery = await ground.slack.says(ann, "Printer is on fire")
    assert delivery.is_acknowledged
    assert len(delivery.attempts) == 3
    assert ground.desk.texts == ["Printer is on fire"]


async def test_an_unknown_fault_is_not_acknowledged_either(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.desk.faults = [RuntimeError("a fault of ours")]
    delivery = await ground.slack.says(ann, "Printer is on fire")
    assert len(delivery.attempts) == 2
    assert ground.desk.texts == ["Printer is on fire"]


async def test_a_redelivered_event_is_the_same_message(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    delivery = await ground.slack.says(ann, "Printer is on fire")
    again = await ground.slack.deliver("event", delivery.payload)
    assert again.is_acknowledged
    assert ground.desk.texts == ["Printer is on fire"]


async def test_a_mention_told_twice_is_one_message_without_the_bots_name(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    acme = ground.slack.channel("acme", [ann])
    told = await ground.slack.mentions(ann, "our site is down", in_channel=acme)
    assert all(delivery.is_acknowledged for delivery in told)
    assert ground.desk.texts == ["our site is down"]
    assert next(iter(ground.desk.messages.values())).is_addressed


async def test_what_people_say_among_themselves_is_marked_so(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    acme = ground.slack.channel("acme", [ann], is_private=True)
    await ground.slack.says(ann, "lunch?", in_channel=acme)
    assert [message.is_addressed for message in ground.desk.messages.values()] == [False]


async def test_edits_and_deletions_say_so_and_answer_what_they_change(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    first = await ground.slack.says(ann, "Printer is on fire")
    await ground.slack.edits("D0ANN", first.ts, "Printer is &lt;wet&gt;")
    await ground.slack.deletes("D0ANN", first.ts)
    assert ground.desk.texts == [
        "Printer is on fire",
        "(edited) Printer is <wet>",
        "(deleted the message of 15:00 UTC in Slack)",
    ]
    assert [message.references for message in ground.desk.messages.values()] == [(), (first.ts,), (first.ts,)]
    assert len({message.message_id for message in ground.desk.messages.values()}) == 3


async def test_files_are_kept_with_the_message(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    await ground.slack.says(ann, "see log", files=[ground.slack.file("log.txt", b"error 42")])
    (message,) = ground.desk.messages.values()
    assert [(file.filename, file.content) for file in message.attachments] == [("log.txt", b"error 42")]
    assert message.text == "see log"


async def test_a_file_that_cannot_be_read_is_named_and_the_message_kept(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    lost = ground.slack.file("log.txt", b"error 42")
    lost.content = None
    delivery = await ground.slack.says(ann, "see log", files=[lost])
    assert delivery.is_acknowledged
    (message,) = ground.desk.messages.values()
    assert message.attachments == ()
    assert message.text == (
        f"see log\n[File not fetched: log.txt, 8 bytes, https://double.slack.com/files/{lost.file_id}]"
    )


async def test_a_slash_command_is_answered_in_the_acknowledgement(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.desk.answer = Answer("Ticket 42 is yours. <!channel> & more", ticket_id=42)
    answer = await ground.slack.commands(ann, "/claim 42")
    (order,) = ground.desk.orders.values()
    assert (order.text, order.sender.address) == ("claim 42", f"T0TEAM:{ann}")
    assert answer.body["response_type"] == "ephemeral"
    assert answer.body["text"] == "Ticket 42 is yours. &lt;!channel&gt; &amp; more"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/ticket claim 42", "claim 42"),
        ("/ticket", "help"),
        ("/pass 42", "pass 42"),
        ("/log 42 50m travel", "log 42 50m travel"),
        ("/log", "log"),
        ("/TICKET reply 42 a &lt; b", "reply 42 a < b"),
        ("/holdline queue", "queue"),
    ],
)
async def test_every_slash_command_becomes_one_line(ground: Ground, typed: str, line: str) -> None:
    await ground.slack.commands(ground.slack.person("ann"), typed)
    assert [order.text for order in ground.desk.orders.values()] == [line]


@pytest.mark.parametrize(("verb", "is_urgent"), [("new", False), ("urgent", True)])
async def test_a_ticket_is_opened_by_command(ground: Ground, verb: str, is_urgent: bool) -> None:
    ann = ground.slack.person("ann")
    answer = await ground.slack.commands(ann, f"/ticket {verb} the printer is on fire &amp; smokes")
    (message,) = ground.desk.messages.values()
    assert (message.text, message.opens_new, message.urgent_button) == (
        "the printer is on fire & smokes",
        True,
        is_urgent,
    )
    assert message.place.conversation in ("", "T0TEAM:D0ANN")
    assert answer.body["response_type"] == "ephemeral"
    again = await ground.slack.deliver("command", answer.payload)
    assert again.body == answer.body
    assert len(ground.desk.messages) == 1


async def test_new_alone_is_help_and_urgent_alone_is_a_ticket(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    await ground.slack.commands(ann, "/ticket new")
    answer = await ground.slack.commands(ann, "/ticket urgent")
    assert [order.text for order in ground.desk.orders.values()] == ["help"]
    (message,) = ground.desk.messages.values()
    assert (message.text, message.urgent_button) == ("urgent", True)
    assert "ticket 1" in answer.body["text"]


async def test_a_ticket_that_could_not_be_opened_for_now_is_said_to_who_typed_it(ground: Ground) -> None:
    ground.desk.faults = [Busy()]
    answer = await ground.slack.commands(ground.slack.person("ann"), "/ticket new the printer is on fire")
    assert answer.body["text"] == TRY_AGAIN


async def test_the_same_words_twice_are_two_commands_and_a_repeat_is_one(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    first = await ground.slack.commands(ann, "/ticket queue")
    await ground.slack.commands(ann, "/ticket queue")
    ground.desk.answer = Answer("something else")
    again = await ground.slack.deliver("command", first.payload)
    assert len(ground.desk.orders) == 2
    assert again.body == first.body


async def test_a_command_that_failed_for_now_asks_the_person_to_try_again(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.desk.faults = [Busy(), RuntimeError("a fault of ours")]
    assert (await ground.slack.commands(ann, "/claim 42")).body["text"] == TRY_AGAIN
    assert (await ground.slack.commands(ann, "/claim 42")).body["text"] == OUR_FAULT


async def test_a_long_answer_continues_after_the_acknowledgement(ground: Ground) -> None:
    ground.desk.answer = Answer("\n".join(f"{number} a line of the queue" for number in range(1_000)))
    answer = await ground.slack.commands(ground.slack.person("ann"), "/ticket queue")
    assert "0 a line" in answer.body["blocks"][0]["text"]["text"]
    last = await ground.slack.response(2)
    assert "999 a line" in last["blocks"][-1]["text"]["text"]


async def test_a_button_gives_its_command_and_answers_the_one_who_pressed(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    await ground.sender.send(
        Outgoing(
            1,
            "k",
            Person("slack", f"T0TEAM:{ann}"),
            Notice("offer", "Ticket 42", "Yours?", (Action("Claim", "claim 42"),)),
            ticket_id=42,
        )
    )
    (post,) = ground.slack.posts()
    ground.desk.answer = Answer("Ticket 42 is yours.")
    delivery = await ground.slack.presses(ann, post, "Claim")
    assert delivery.is_acknowledged
    (order,) = ground.desk.orders.values()
    assert (order.text, order.ticket_id, order.place.thread) == ("claim 42", 42, post["ts"])
    said = await ground.slack.response(1)
    assert (said["text"], said["response_type"]) == ("Ticket 42 is yours.", "ephemeral")
    assert said["replace_original"] is False


async def test_a_button_with_a_forged_line_is_refused(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    button = {"type": "button", "action_id": "x", "value": "42 waive 42.aaaa", "text": {"text": "Claim"}}
    message = {"ts": "1.000001", "channel": "D0ANN", "blocks": [{"elements": [button]}]}
    delivery = await ground.slack.presses(ann, message, "Claim")
    assert delivery.is_acknowledged
    assert ground.desk.orders == {}
    assert "no longer valid" in (await ground.slack.response(1))["text"]


async def test_a_shortcut_makes_one_ticket_of_a_message_and_its_thread(ground: Ground) -> None:
    ann, bob = ground.slack.person("ann"), ground.slack.person("bob")
    town = ground.slack.channel("town", [ann, bob])
    first = await ground.slack.says(ann, "Mail is slow", in_channel=town)
    second = await ground.slack.says(bob, "For me too", in_channel=town, thread=first.ts)
    ground.desk.messages.clear()
    await ground.slack.points(bob, town, second.ts, SHORTCUT)
    await ground.slack.points(ann, town, first.ts, SHORTCUT)
    assert ground.desk.texts == ["Mail is slow", "For me too"]
    assert [message.sender.address for message in ground.desk.messages.values()] == [f"T0TEAM:{ann}", f"T0TEAM:{bob}"]
    assert "That is ticket 1 now." in (await ground.slack.response(1))["text"]


async def test_a_shortcut_works_where_the_bot_cannot_look(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    away = ground.slack.channel("away", [ann], has_bot=False)
    first = await ground.slack.says(ann, "Mail is slow", in_channel=away)
    ground.desk.messages.clear()
    await ground.slack.points(ann, away, first.ts, SHORTCUT)
    assert ground.desk.texts == ["Mail is slow"]


async def test_the_ticket_emoji_makes_a_ticket_and_no_other_does(ground: Ground) -> None:
    ann, bob = ground.slack.person("ann"), ground.slack.person("bob")
    town = ground.slack.channel("town", [ann, bob])
    first = await ground.slack.says(ann, "Mail is slow", in_channel=town)
    ground.desk.messages.clear()
    await ground.slack.reacts(bob, town, first.ts, "eyes")
    assert ground.desk.messages == {}
    await ground.slack.reacts(bob, town, first.ts, "ticket")
    await ground.slack.reacts(ann, town, first.ts, "ticket::skin-tone-2")
    assert ground.desk.texts == ["Mail is slow"]
    assert ground.desk.messages[f"T0TEAM:{town}:{first.ts}"].is_addressed


async def test_slack_is_asked_again_while_the_thread_cannot_be_fetched(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    town = ground.slack.channel("town", [ann])
    first = await ground.slack.says(ann, "Mail is slow", in_channel=town)
    ground.desk.messages.clear()
    ground.slack.refuse("conversations.replies", "internal_error", status=500)
    delivery = await ground.slack.reacts(ann, town, first.ts, "ticket")
    assert len(delivery.attempts) == 2
    assert ground.desk.texts == ["Mail is slow"]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "channel": "C1", "ts": "1.000001", "text": "x"},
        {"type": "message", "user": "U0BOT", "channel": "D1", "ts": "1.000001", "text": "our own"},
        {"type": "message", "subtype": "channel_join", "user": "U1", "channel": "C1", "ts": "1.000001", "text": "x"},
        {"type": "member_joined_channel", "user": "U1", "channel": "C1"},
    ],
    ids=["another bot", "our own", "a join", "an event we do not follow"],
)
async def test_what_no_person_wrote_is_acknowledged_and_left(ground: Ground, event: dict[str, object]) -> None:
    delivery = await ground.slack.event(event)
    assert delivery.is_acknowledged
    assert ground.desk.messages == {}
    assert ground.desk.quarantined == []


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "event_callback"},
        {"type": "event_callback", "event": []},
        {
            "type": "event_callback",
            "team_id": "T1",
            "event": {"type": "message", "user": {"id": "U1"}, "channel": "C1"},
        },
        {"type": "event_callback", "team_id": ["T1"], "event": {"type": "message"}},
        {"type": "block_actions", "actions": "none"},
        {"command": "/claim", "channel_id": "C1"},
    ],
    ids=str,
)
async def test_poison_is_kept_acknowledged_and_blocks_nothing(ground: Ground, payload: dict[str, object]) -> None:
    delivery = await ground.slack.deliver("event", payload)
    assert delivery.is_acknowledged
    assert len(ground.desk.quarantined) == 1
    await ground.slack.says(ground.slack.person("ann"), "and on it goes")
    assert ground.desk.texts == ["and on it goes"]


async def test_characters_that_no_database_takes_are_replaced(ground: Ground) -> None:
    await ground.slack.says(ground.slack.person("ann"), "nul \x00 half \ud83d end")
    assert ground.desk.texts == ["nul \ufffd half \ufffd end"]


async def test_what_lay_in_quarantine_can_be_read_again_after_an_upgrade() -> None:
    async with a_ground() as ground:
        intake = Intake(ground.config, ground.desk, signer=a_signer(), clock=ground.clock, service=ground.service)
        event = {"type": "message", "user": "U1", "channel": "D1", "ts": "1.000001", "text": "hello"}
        raw = raw_of({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event})
        message = await intake.reread(raw, NOW)
        assert (message.key, message.text, message.received_at) == ("Ev1:d4117f521cd3", "hello", NOW)
        for poison in (b"{not json", b"", b'{"type": "event_callback"}', b"command=/claim&user_id=U1"):
            with pytest.raises(UserError, match="stays in quarantine"):
                await intake.reread(poison, NOW)
        order = b"command=/claim&text=42&team_id=T1&channel_id=C1&user_id=U1"
        with pytest.raises(UserError, match="no message"):
            await intake.reread(order, NOW)


async def test_what_fails_after_the_acknowledgement_stands_in_the_log(ground: Ground) -> None:
    ann = ground.slack.person("ann")
    ground.desk.faults = [RuntimeError("a fault of ours")]
    with capture_logs() as logs:
        told = {"type": "app_home_opened", "user": ann, "tab": "home", "channel": "D0ANN", "event_ts": "1.000001"}
        assert (await ground.slack.event(told)).is_acknowledged
        async with asyncio.timeout(10):
            while not any(line["event"] == "slack_work_beside_failed" for line in logs):
                await asyncio.sleep(0.01)
    assert isinstance(logs[-1]["exc_info"], RuntimeError)
