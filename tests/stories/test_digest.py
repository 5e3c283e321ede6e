"""Each manager's own morning: how the day before went, with a chart, once per local date."""

from __future__ import annotations

import pytest

from bot.messages import CONSOLE, EMAIL, SLACK, TELEGRAM
from tests.desk import NIGHT, PICTURE, Desk, ny
from tests.stories.cast import HOURS, PRINTER, SERVER, Cast


async def test_digest_tells_how_the_day_before_went(desk: Desk) -> None:
    cast = Cast(desk, hold_minutes=30)
    desk.a_grant(cast.acme, "12h", units=13)
    await desk.say(cast.anna, PRINTER, subject="Printer")  # the lead lets it lapse
    await desk.advance(minutes=30)
    await desk.do(cast.ines, "claim 1")
    await desk.until(ny("2026-11-18 12:00"))
    await desk.do(cast.ines, "resolve 1 30m at 11:00 -- cleaned")
    await desk.say(cast.anna, HOURS, subject="Opening hours")
    await desk.do(cast.tom, "pass 2")
    await desk.until(NIGHT)
    await desk.say(cast.anna, SERVER, subject="Server down")
    await desk.do(cast.tom, "claim 3")
    await desk.until(ny("2026-11-19 07:30"))
    (digest,) = desk.told(cast.maria, "digest")
    for line in (
        "The desk on Wednesday 18 November 2026.",
        "Opened 3, claimed 2, resolved 1.",
        "Unclaimed (1):",
        "#2 P4, 19 hours 30 minutes: Opening hours",
        "Holds that lapsed, by lead:\n  Tom Becker: 1",
        "ACME: 30 minutes",
        "Off-hours contacts billed: 1 (5 units, $0.00 due)",
        "ACME: 0.25 h at P4 of 12h left",
    ):
        assert line in digest.body


@pytest.mark.parametrize("channel", [EMAIL, SLACK, TELEGRAM, CONSOLE])
async def test_chart_comes_with_it_on_every_channel(desk: Desk, channel: str) -> None:
    cast = Cast(desk, staff_on=(channel,))
    await desk.until(ny("2026-11-19 07:30"))
    (sent,) = desk.sent_to(cast.maria)
    assert sent.notice.kind == "digest"
    assert [(file.content_type, file.content) for file in sent.files] == [("image/png", PICTURE)]


async def test_digest_goes_over_all_of_a_managers_channels(desk: Desk) -> None:
    cast = Cast(desk, staff_on=(EMAIL, SLACK))
    await desk.until(ny("2026-11-19 07:30"))
    assert [one.to.channel for one in desk.sent_to(cast.maria)] == [EMAIL, SLACK]


async def test_each_manager_reads_it_in_their_own_morning(desk: Desk) -> None:
    berta = desk.a_consultant("M-2", "Berta Blau", role="manager", zone="Europe/Berlin")
    cast = Cast(desk)
    await desk.until(ny("2026-11-19 01:30"))  # 07:30 in Berlin
    assert len(desk.told(berta, "digest")) == 1 and not desk.told(cast.maria)
    await desk.until(ny("2026-11-19 07:30"))
    assert len(desk.told(cast.maria, "digest")) == 1 and len(desk.told(berta, "digest")) == 1
    assert not desk.told(cast.tom)


@pytest.mark.parametrize("before", ["2026-03-07 12:00", "2026-10-31 12:00"])
async def test_once_per_local_date_over_both_clock_changes(desk: Desk, before: str) -> None:
    desk.clock.move_to(ny(before))
    cast = Cast(desk)
    for _ in range(3 * 24 * 2):
        await desk.advance(minutes=30)
    subjects = [notice.subject for notice in desk.told(cast.maria, "digest")]
    assert len(subjects) == len(set(subjects)) == 3


async def test_restart_or_second_look_sends_nothing_twice(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(ny("2026-11-19 07:30"))
    for _ in range(3):
        for one in desk.stage.rounds:
            await one.run_once()
    await desk.advance(hours=1)
    assert len(desk.told(cast.maria, "digest")) == 1


async def test_after_days_of_standstill_one_digest_is_sent_not_three(desk: Desk) -> None:
    cast = Cast(desk)
    desk.sleep(days=3)
    await desk.settle()
    assert len(desk.told(cast.maria, "digest")) == 1
    await desk.until(ny("2026-11-22 07:30"))
    assert len(desk.told(cast.maria, "digest")) == 2


async def test_quiet_day_says_so(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.until(ny("2026-11-19 07:30"))
    body = desk.told(cast.maria, "digest")[0].body
    for line in ("Opened 0, claimed 0, resolved 0.", "Nothing waits to be claimed.", "No time was logged."):
        assert line in body


async def test_commission_that_is_due_stands_in_it(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_client("NORD", plan="subscription", brought_by=cast.ines, service_started_on=ny("2026-11-01").date())
    await desk.do(cast.maria, "received NORD 60 subscription 2026-11-01..2026-12-01 INV-7")
    await desk.until(ny("2026-11-19 07:30"))
    assert "Commissions due:\n  Ines Duarte: $6.00" in desk.told(cast.maria, "digest")[0].body


async def test_digest_on_demand(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.say(cast.anna, PRINTER)
    await desk.until(ny("2026-11-19 12:00"))
    answer = await desk.do(cast.maria, "digest")
    assert answer.is_ok and "Opened 1" in answer.text
    assert "Opened 0" in (await desk.do(cast.maria, "digest 2026-11-17")).text
    assert not (await desk.do(cast.tom, "digest")).is_ok
