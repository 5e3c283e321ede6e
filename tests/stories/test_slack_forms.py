"""The staff's whole work on Slack by buttons and forms, over both transports, at the real desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.doubles.slack.picture import modal, picture
from tests.stories.test_slack_channel import JAM, NOTES, Story, a_story
from tests.unit.slack_ground import SERVING, a_ground

LOG_FORM = """\
== Log time · #1 ==
? How long, or from when to when (needed): ____ 50m, 1h30 or 17:20-18:10
? Kind of work: Remote, agreed beforehand / Consultation / Remote, unscheduled / Bench work / On site / Travel / \
Planned coding / Coding in production / Maintenance check
? If it was in closed time: The client asked for it then / My own choice
? What was done: ____
[Log] [Close this]"""
RESOLVE_FORM = """\
== Resolve · #1 ==
? Time to log with it: ____ 50m, 1h30 or 17:20-18:10
? Kind of work: Remote, agreed beforehand / Consultation / Remote, unscheduled / Bench work / On site / Travel / \
Planned coding / Coding in production / Maintenance check
? If it was in closed time: The client asked for it then / My own choice
? What was done; the client reads it: ____
[Resolve] [Close this]"""


@pytest.fixture(params=sorted(SERVING))
async def story(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> AsyncIterator[Story]:
    async with a_ground() as ground, a_story(ground, store, tmp_path, request.param) as story:
        yield story


async def test_from_the_claim_to_the_bill_without_a_typed_command(story: Story) -> None:
    slack = story.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    await story.answers(story.tom, slack.posts("D0TOM")[0], "Claim")
    await story.deliver()

    await slack.presses(story.tom, story.card(), "Reply")
    reply = await slack.view(1)
    assert modal(reply) == "== Reply · #1 ==\n? To the person who asked (needed): ____ (lines)\n[Send] [Close this]"
    told = await slack.submits(story.tom, reply, text="Is it the tray?\nOr the fuser & its lamp?")
    assert told.body["response_action"] == "update"
    await story.deliver()
    assert any("Is it the tray?\nOr the fuser &amp; its lamp?" in text for text in story.thread())

    # A refusal stands in the form, which stays open; the answer takes its place.
    await slack.presses(story.tom, story.card(), "Log time")
    log = await slack.view(2)
    assert modal(log) == LOG_FORM
    refused = await slack.submits(story.tom, log, time="a while")
    assert "errors" in refused.body, refused.body
    assert "time" in refused.body["errors"]
    # Who fills a form in is not taught the grammar of the command.
    assert "NUMBER" not in refused.body["errors"]["time"] and "log 42" not in refused.body["errors"]["time"]
    logged = await slack.submits(story.tom, log, time="50m", kind="remote", note="rollers")
    assert "4 quarters at P3" in modal_text(logged.body)

    await slack.presses(story.tom, story.card(), "Priority")
    await slack.submits(story.tom, await slack.view(3), priority="P2", reason="they cannot print bills")
    await slack.presses(story.tom, story.card(), "Resolve")
    resolve = await slack.view(4)
    assert modal(resolve) == RESOLVE_FORM
    done = await slack.submits(story.tom, resolve, note="New rollers are in")
    assert "Ticket 1 is resolved" in modal_text(done.body)
    await story.deliver()
    assert "New rollers are in" in story.thread()[-1]
    assert "$120.00" in story.thread()[-1]


def modal_text(body: dict[str, object]) -> str:
    """The words that took the form's place."""
    view = body["view"]
    assert isinstance(view, dict)
    return "\n".join(block["text"]["text"] for block in view["blocks"])


async def test_a_form_gives_nobody_a_right(story: Story) -> None:
    await story.slack.says(story.anna, JAM)
    await story.deliver()
    await story.slack.commands(story.ines, "/ticket reply 1")
    refused = await story.slack.submits(story.ines, await story.slack.view(1), text="Hello Anna")
    assert "Claim ticket 1 first" in refused.body["errors"]["text"]
    await story.deliver()
    assert not any("Hello Anna" in text for text in story.thread())


async def test_a_form_sent_twice_counts_once(story: Story) -> None:
    await story.slack.says(story.anna, JAM)
    await story.deliver()
    await story.command(story.tom, "/claim 1")
    await story.slack.commands(story.tom, "/ticket note 1")
    sent = await story.slack.submits(story.tom, await story.slack.view(1), text="the key is with Jo")
    again = await story.slack.deliver("interaction", sent.payload)
    assert again.body == sent.body
    assert story.rows(NOTES) == ["the key is with Jo"]


async def test_a_form_that_somebody_else_made_is_refused(story: Story) -> None:
    await story.slack.says(story.anna, JAM)
    await story.deliver()
    await story.slack.commands(story.tom, "/ticket note 1")
    form = await story.slack.view(1)
    forged = {**form, "private_metadata": form["private_metadata"].replace("note", "reply")}
    refused = await story.slack.submits(story.tom, forged, text="x")
    assert "no longer valid" in modal_text(refused.body)
    assert story.rows(NOTES) == []


async def test_the_home_tab_shows_each_their_own(story: Story) -> None:
    slack = story.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    toms = picture((await slack.home(story.tom))["blocks"])
    assert toms == (
        "# You\n"
        "You are Tom Becker, consultant, member C-101. Times are shown in America/New_York.\n"
        "# My offers and tickets\n"
        "#1 P3 ACME (offered to you, due 10:30 EST): The printer in the front office jams on every page. Can you look"
        " at it?\n"
        "[#1]\n"
        "# My accounts\n"
        "ACME Acme Dental: 1 open, hold 30 minutes, nothing due\n"
        "# My balance\n"
        "ACME: nothing due\n"
        "# My settings\n"
        "Language: English (`language`)\n"
        "Channels, first one first: slack (`channels`)\n"
        "Quiet hours: none (`quiet`)\n"
        "Zone: America/New_York (`zone`)\n"
        "Working hours: Mon-Fri 09:00-17:00 (`hours`)\n"
        "<Language: English / Deutsch / Español / Français / Português>"
        " <Quiet hours: No quiet hours / 18:00 to 08:00 / 20:00 to 07:00 / 22:00 to 07:00>"
        " <Tell me first by: Slack / Telegram / Email>"
        " <I am: here / away until tomorrow 09:00 / away until Monday 09:00>\n"
        "? Other quiet hours: ____ 22:00-07:00\n"
        "? My time zone: ____ Europe/Berlin\n"
        "? My working hours: ____ Mon-Fri 09:00-17:00"
    )
    # A button there has nowhere to answer but a view of its own.
    await slack.presses_at_home(story.tom, "#1")
    assert "The printer in the front office jams" in picture((await slack.view(1))["blocks"])
    annas = picture((await slack.home(story.anna))["blocks"])
    assert "# My balance" in annas
    assert "# My accounts" not in annas


async def test_settings_are_changed_in_the_home_tab(story: Story) -> None:
    slack = story.slack
    await slack.home(story.tom)
    await slack.chooses_at_home(story.tom, "22:00 to 07:00")
    assert "Quiet hours: 22:00-07:00" in picture(slack.workspace.homes[story.tom]["blocks"])
    await slack.types_at_home(story.tom, "My time zone", "Europe/Berlin")
    assert "Zone: Europe/Berlin" in picture(slack.workspace.homes[story.tom]["blocks"])
    await slack.chooses_at_home(story.tom, "Deutsch")
    assert "Sprache: Deutsch" in picture(slack.workspace.homes[story.tom]["blocks"])
    # What cannot be done says why, in a view of its own.
    await slack.types_at_home(story.tom, "Meine Zeitzone", "Mars/Olympus")
    assert "Mars/Olympus" in picture((await slack.view(1))["blocks"])
    await slack.chooses_at_home(story.tom, "Telegram")
    assert "Auf telegram sind Sie nicht bekannt" in picture((await slack.view(2))["blocks"])


async def test_labels_are_in_the_language_that_the_person_chose(story: Story) -> None:
    slack = story.slack
    await slack.says(story.anna, JAM)
    await story.deliver()
    await slack.home(story.tom)
    await slack.chooses_at_home(story.tom, "Français")
    shown = picture(slack.workspace.homes[story.tom]["blocks"])
    assert "# Mes clients" in shown and "? Mon fuseau horaire: ____" in shown
    await slack.commands(story.tom, "/ticket note 1")
    form = await slack.view(1)
    assert (form["title"]["text"], form["submit"]["text"]) == ("Note · #1", "Garder")
    assert "Pour le desk seulement" in picture(form["blocks"])
    # Anna chose nothing: hers stay as they are.
    assert "# You" in picture((await slack.home(story.anna))["blocks"])


async def test_what_ends_on_slack_is_said_to_the_manager(story: Story) -> None:
    slack = story.slack
    gone = {"id": story.tom, "team_id": "T0TEAM", "real_name": "Tom Becker", "deleted": True}
    await slack.event({"type": "user_change", "user": gone, "event_ts": "1.000001"})
    await slack.event({"type": "channel_archive", "channel": story.triage, "user": story.maria})
    await slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    # A channel that is nothing to the desk is nobody's trouble.
    await slack.event({"type": "channel_archive", "channel": "C0LUNCH", "user": story.maria})
    await story.deliver()
    said = [post["text"] for post in slack.posts("D0MARIA")]
    assert sum("can no longer be reached on slack" in text for text in said) == 1
    assert sum("is closed to the desk" in text for text in said) == 1
    assert sum("The desk was cut off from slack" in text for text in said) == 1
    # Tom is told nothing here any more.
    await slack.says(story.anna, JAM)
    await story.deliver()
    assert slack.posts("D0TOM") == []
