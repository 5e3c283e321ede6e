"""A day on Slack, from a client's first words to the bill, over both transports and on both databases.

The desk, the outbox and the courier are the real ones; Slack is the strict double, which refuses what Slack refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.blobs import open_blobs
from bot.books import buy_credit
from bot.clock import HandClock
from bot.courier import Courier
from bot.escalation import load_ladder
from bot.importing.door import import_file
from bot.messages import Place
from bot.policy import Policy
from bot.reception import Reception
from bot.store import Query, Store
from tests.chat_people import people_of
from tests.desk import rules
from tests.doubles.slack import SlackDouble
from tests.doubles.slack.picture import picture
from tests.unit.slack_ground import NOW, SERVING, Ground, a_ground, a_signer

CONFIG = Path(__file__).parents[2] / "config"
PEOPLE = people_of("slack", maria="T0TEAM:U0MARIA", tom="T0TEAM:U0TOM", ines="T0TEAM:U0INES", anna="T0TEAM:U0ANNA")


@dataclass
class Story:
    """The people, the channel of the staff, and everything between."""

    slack: SlackDouble
    store: Store
    clock: HandClock
    courier: Courier
    anna: str
    tom: str
    ines: str
    maria: str
    triage: str

    async def deliver(self) -> None:
        """Let some minutes pass, in which the courier empties the outbox: what belongs together has come together."""
        for _ in range(20):
            self.clock.advance(timedelta(seconds=15))
            await self.courier.deliver_once()

    def thread(self) -> list[str]:
        """What stands in Anna's conversation."""
        return [post["text"] for post in self.slack.posts("D0ANNA")]

    def card(self) -> dict[str, Any]:
        """The ticket's card; there is only ever one, and what is said about it stands in its thread."""
        (card,) = [post for post in self.slack.posts(self.triage) if not post.get("thread_ts")]
        return card

    async def answers(self, person: str, message: dict[str, Any], label: str) -> str:
        """Press a button, and read what only the presser sees."""
        before = len(self.slack.responses)
        await self.slack.presses(person, message, label)
        return str((await self.slack.response(before + 1))["text"])

    def rows(self, query: Query) -> list[object]:
        """The first column of what a query finds."""
        return [row[0] for row in self.store.read_sync(lambda tx: tx.all(query))]

    async def command(self, person: str, line: str) -> str:
        """Type a slash command, and read its answer."""
        return str((await self.slack.commands(person, line)).body["text"])


@pytest.fixture(params=sorted(SERVING))
async def story(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> AsyncIterator[Story]:
    async with a_ground() as ground, a_story(ground, store, tmp_path, request.param) as story:
        yield story


@asynccontextmanager
async def a_story(ground: Ground, store: Store, folder: Path, transport: str) -> AsyncIterator[Story]:
    file = folder / "people.toml"
    file.write_text(PEOPLE)
    import_file(store, file, now=NOW, is_applied=True, buy_credit=buy_credit, digest_time=time(7, 30))
    slack = ground.slack
    people = [slack.person(name) for name in ("anna", "tom", "ines", "maria")]
    triage = slack.channel("triage", people[1:], is_private=True)
    policy = Policy(
        rules=rules(),
        ladder=load_ladder(CONFIG / "escalation.toml"),
        signer=a_signer(),
        zone="America/New_York",
        # As most people will write it into the settings: without the workspace.
        staff_places=(Place("slack", triage),),
    )
    blobs = open_blobs(store, folder / "blobs")
    desk = Reception(store, ground.clock, blobs, policy)
    courier = Courier(store, ground.clock, {"slack": ground.sender}, blobs, policy=policy)
    async with SERVING[transport](ground, desk):
        yield Story(slack, store, ground.clock, courier, *people, triage)


NOTES = Query("SELECT text_written FROM message WHERE direction = 'note' ORDER BY id", scans="tests")
JAM = "The printer in the front office jams on every page. Can you look at it?"


async def test_from_the_first_words_to_the_bill(story: Story) -> None:
    slack = story.slack
    asked = await slack.says(story.anna, JAM)
    await story.deliver()

    # Anna hears in the thread of her own message. The lead alone is asked. The staff see one card.
    (received,) = slack.posts("D0ANNA")
    assert received["thread_ts"] == asked.ts
    assert "It is ticket #1, P3 (medium)" in received["text"]
    (offer,) = slack.posts("D0TOM")
    assert "Yours until Mon 23 Nov, 10:30 EST (your time)." in offer["text"]
    assert slack.posts("D0INES") == []
    # How long Tom has it alone is no date of Anna's.
    assert "due Tue 24 Nov, 10:00 EST" in await story.command(story.anna, "/ticket status")
    assert "due 10:30 EST" in await story.command(story.tom, "/ticket mine")
    assert picture(story.card()["blocks"]).splitlines()[-2:] == [
        "~ Held for Tom Becker until Mon 23 Nov, 10:30 EST",
        "[*Claim] [Pass] [Why]",
    ]

    # Ines may not yet; Tom claims; Ines is told who was first, and the card says it to everybody.
    assert "held for the client's lead" in await story.answers(story.ines, story.card(), "Claim")
    assert "Ticket 1 is yours" in await story.answers(story.tom, offer, "Claim")
    assert "Tom Becker claimed ticket 1 first" in await story.answers(story.ines, story.card(), "Claim")
    await story.deliver()
    assert "~ Claimed by Tom Becker" in picture(story.card()["blocks"])

    # Words to Anna go by `reply` alone; hers come back to Tom.
    await story.command(story.tom, "/ticket reply 1 Is it the tray or the fuser?")
    await slack.says(story.anna, "The tray &amp; only the tray", thread=asked.ts)
    await story.deliver()
    assert any("Is it the tray or the fuser?" in text for text in story.thread())
    assert any("The tray &amp; only the tray" in post["text"] for post in slack.posts("D0TOM"))

    # 50 minutes of remote work on a P3 ticket: 4 quarters of 3 units at $10.00.
    logged = await story.command(story.tom, "/log 1 50m remote")
    assert "4 quarters at P3" in logged
    assert "$120.00" in logged
    await story.command(story.tom, "/ticket resolve 1 New rollers are in")
    await story.deliver()
    last = story.thread()[-1]
    assert "New rollers are in" in last
    assert "$120.00" in last
    assert {post["thread_ts"] for post in slack.posts("D0ANNA")} == {asked.ts}


async def test_what_the_staff_type_among_themselves_stays_there_and_is_kept(story: Story) -> None:
    slack = story.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    before, card = story.thread(), story.card()
    for words in ("This client never cleans it", "Rollers are in the van"):
        await slack.says(story.tom, words, in_channel=story.triage, thread=card["ts"])
        await story.deliver()
    # Said once, in the thread; beside it the staff talk as if the desk were not there.
    notes = [post["text"] for post in slack.posts(story.triage) if post.get("thread_ts") == card["ts"]]
    assert len(notes) == 1
    assert "Kept as a note on ticket 1; the client does not see it." in notes[0]
    await slack.says(story.ines, "Lunch?", in_channel=story.triage)
    await story.deliver()
    assert len(slack.posts(story.triage)) == 2
    assert story.rows(NOTES) == ["This client never cleans it", "Rollers are in the van"]
    assert story.thread() == before
    assert "This client never cleans it" in await story.command(story.tom, "/ticket show 1")


async def test_a_reply_takes_its_file_along(story: Story) -> None:
    slack = story.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    await slack.says(story.tom, "reply 1 Is it this tray?", files=[slack.file("tray.txt", b"a tray")])
    await story.deliver()
    (upload,) = slack.uploads
    assert (upload.channel, upload.content) == ("D0ANNA", b"a tray")
    assert any("Is it this tray?" in text for text in story.thread())


async def test_a_message_told_twice_is_one_ticket(story: Story) -> None:
    told = await story.slack.says(story.anna, JAM)
    again = await story.slack.deliver("event", told.payload)
    assert again.is_acknowledged
    await story.deliver()
    assert len(story.slack.posts("D0ANNA")) == 1
    assert len(story.slack.posts(story.triage)) == 1


async def test_a_stranger_on_slack_is_heard_and_may_nothing(story: Story) -> None:
    eve = story.slack.person("eve")
    await story.slack.says(eve, "My screen is black")
    assert "Ticket 1 is yours" not in await story.command(eve, "/claim 1")
    await story.deliver()
    assert story.slack.posts("D0TOM") == []
    assert "unknown sender" in picture(story.card()["blocks"])


async def test_a_message_that_is_a_ticket_already_becomes_no_second_one(story: Story) -> None:
    office = story.slack.channel("office", [story.anna, story.tom])
    asked, _ = await story.slack.mentions(story.anna, JAM, in_channel=office)
    await story.slack.reacts(story.tom, office, asked.ts, "ticket")
    await story.slack.points(story.anna, office, asked.ts, "make_ticket")
    assert (await story.slack.response(1))["text"] == "That is ticket 1 now."
    await story.deliver()
    assert "#1 The printer" in story.card()["text"]


async def test_in_the_clients_own_thread_the_desk_answers_in_sight_and_a_bystander_opens_no_ticket(
    story: Story,
) -> None:
    slack = story.slack
    eve = slack.person("eve")
    office = slack.channel("office", [story.anna, story.tom, story.maria, eve])
    await story.command(story.maria, f"/ticket place ACME slack {office}")
    asked = await slack.says(story.anna, JAM, in_channel=office)
    await story.deliver()
    await story.command(story.tom, "/claim 1")
    said = len(slack.posts(office))
    await slack.says(eve, "Everything is down, at my desk too!", in_channel=office, thread=asked.ts)
    await slack.says(story.tom, "I am on my way", in_channel=office, thread=asked.ts)
    await slack.says(story.maria, "Thank you, Tom", in_channel=office, thread=asked.ts)
    await story.deliver()
    # Nobody is told in public that the client does not see what the client reads, nor that a thread has a new number.
    assert not any("note" in post["text"] or "#2" in post["text"] for post in slack.posts(office)[said:])
    assert story.rows(TICKETS) == [1] and "P3" in picture(story.card()["blocks"])
    assert any("Eve (not known here) added to ticket #1" in post["text"] for post in slack.posts("D0TOM"))
    # Tom's words were the answer that was promised.
    assert "Respond by" not in picture(story.card()["blocks"])
    shown = await story.command(story.maria, "/ticket show 1")
    assert "Eve (not known here): Everything is down" in shown and "I am on my way" in shown


async def test_what_not_every_contact_may_read_is_answered_to_its_giver_alone(story: Story) -> None:
    slack = story.slack
    office = slack.channel("office", [story.anna, story.tom, story.maria])
    await story.command(story.maria, f"/ticket place ACME slack {office}")
    for person, line in ((story.anna, "balance"), (story.maria, "queue"), (story.anna, "status")):
        await slack.mentions(person, line, in_channel=office)
        await story.deliver()
    told = {place: "\n".join(post["text"] for post in slack.posts(place)) for place in ("D0ANNA", "D0MARIA", office)}
    # What a colleague may ask as well is answered where it was asked.
    assert told[office] == "Nothing is open. Just write what you need."
    assert "nothing due" in told["D0ANNA"] and "Nothing waits" in told["D0MARIA"]
    # Among the staff everybody reads along.
    await slack.mentions(story.maria, "queue", in_channel=story.triage)
    await story.deliver()
    assert any("Nothing waits" in post["text"] for post in slack.posts(story.triage))


async def test_a_thread_that_is_pointed_at_becomes_one_ticket_whoever_wrote_in_it(story: Story) -> None:
    slack = story.slack
    eve = slack.person("eve")
    hall = slack.channel("hall", [story.anna, story.tom, eve])
    first = await slack.says(story.anna, JAM, in_channel=hall)
    for person, text in ((eve, "same here"), (story.tom, "let us make a ticket of it")):
        await slack.says(person, text, in_channel=hall, thread=first.ts)
    assert story.rows(TICKETS) == []
    await slack.reacts(story.tom, hall, first.ts, "ticket")
    await story.deliver()
    assert story.rows(TICKETS) == [1]
    assert len(slack.posts(hall)) == 1 and "It is ticket #1" in slack.posts(hall)[0]["text"]
    # What was said before it was a ticket answers nothing.
    assert "Respond by" in picture(story.card()["blocks"])
    shown = await story.command(story.tom, "/ticket show 1")
    assert "Eve (not known here): same here" in shown and "let us make a ticket of it" in shown


TICKETS = Query("SELECT id FROM ticket ORDER BY id", scans="tests")
NAMES = Query("SELECT display_name FROM handle WHERE address = 'T0TEAM:U0EVE'", scans="tests")


async def test_a_stranger_is_known_by_name_and_thanked_in_the_language_of_their_account(story: Story) -> None:
    slack = story.slack
    eve = slack.person("eve")
    slack.workspace.people[eve]["locale"] = "de-DE"
    await slack.says(eve, "My screen is black")
    await slack.says(eve, "It is still black")
    await story.deliver()
    assert "Danke, Ihre Nachricht ist angekommen. Sie ist Ticket #1." in slack.posts("D0EVE")[0]["text"]
    assert story.rows(NAMES) == ["Eve"]
    assert [call.method for call in slack.calls].count("users.info") == 1


async def test_a_link_to_a_ticket_is_shown_among_the_staff_and_nowhere_else(ground_of_links: Story) -> None:
    story, slack = ground_of_links, ground_of_links.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    office = slack.channel("office", [story.tom, story.anna])
    link = "https://desk.example/t/1"
    for channel, person, url in (
        (story.triage, story.tom, link),
        (office, story.tom, link),
        ("D0EVE", slack.person("eve"), link),
        (story.triage, story.tom, "https://desk.example/t/1/../2"),
        (story.triage, story.tom, "https://elsewhere.example/t/1"),
    ):
        links = [{"url": url, "domain": "desk.example"}]
        await slack.event(
            {"type": "link_shared", "channel": channel, "user": person, "message_ts": "1.000009", "links": links}
        )
    async with asyncio.timeout(5):
        while not slack.workspace.unfurls:
            await asyncio.sleep(0.01)
    await story.deliver()
    ((where, unfurls),) = slack.workspace.unfurls
    assert where == {"channel": story.triage, "ts": "1.000009"}
    assert "The printer in the front office jams" in picture(unfurls[link]["blocks"])


@pytest.fixture
async def ground_of_links(store: Store, tmp_path: Path) -> AsyncIterator[Story]:
    async with a_ground() as ground:
        shown = replace(ground.config, ticket_url="https://desk.example/t/", desk_channel="G0TRIAGE")
        async with a_story(replace(ground, config=shown), store, tmp_path, "http") as story:
            yield story
