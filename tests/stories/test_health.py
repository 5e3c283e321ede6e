"""Whether a flat plan pays: the fee by the day against hours, month by month, and the desk beside the measure."""

from __future__ import annotations

import asyncio
from datetime import date

from bot import books
from bot.pricelist import STANDARD
from bot.rendering import draw_health
from tests.desk import Desk, Person, ny
from tests.stories.cast import HOURS, Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


async def a_flat_client(desk: Desk) -> Cast:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME flat fee 450 from 2026-12-01")
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    await desk.until(ny("2027-01-10 12:00"))
    await said(desk, cast.tom, "log 1 2h remote at 2026-12-02 10:00")
    await said(desk, cast.tom, "log 1 1h check at 2026-12-03 10:00")
    await said(desk, cast.tom, "log 1 90m onsite at 2027-01-05 10:00")
    return cast


async def test_months_show_fee_hours_rate_and_what_was_proactive(desk: Desk) -> None:
    cast = await a_flat_client(desk)
    lines = (await said(desk, cast.maria, "health ACME")).splitlines()
    assert lines[2] == (
        "  2027-01  fee $145.16, 1.5 h (0.0 h remote, 1.5 h on site; 1.5 h reactive, 0.0 h proactive), $96.77 an hour"
    )  # 10 of January's 31 days of $450.00
    # Months before the plan are left out.
    assert lines[1] == (
        "  2026-12  fee $450.00, 3.0 h (3.0 h remote, 0.0 h on site; 2.0 h reactive, 1.0 h proactive), $150.00 an hour"
    )
    assert lines[3] == "  hours ▁▁▁▁▁▁▁▁▁▁█▄"
    # 4.5 h in 13 weeks; four clients in 10 to 12 hours make 2.5 to 3 for one.
    assert lines[4] == "Together 1 client in 0.3 h a week over three months; 4 small ones in 10 to 12 make 2.5 to 3."
    assert "Acme Ltd, flat plan, twelve months: fee $595.16, 4.5 h (" in await said(desk, cast.maria, "health")
    assert not (await desk.do(cast.tom, "health")).is_ok


async def test_client_without_such_a_plan_is_refused_with_a_remedy(desk: Desk) -> None:
    cast = Cast(desk)
    assert "has no flat plan" in (await desk.do(cast.maria, "health ACME")).text
    assert "No client has a flat plan" in (await desk.do(cast.maria, "health")).text


async def test_chart_is_a_picture(desk: Desk) -> None:
    cast = await a_flat_client(desk)

    def look(tx: object) -> books.Health:
        client = next(row for row in books.flat_clients(tx, STANDARD.plans) if row.id == cast.acme.id)  # type: ignore[arg-type]
        return books.health(tx, client, today=date(2027, 1, 10))  # type: ignore[arg-type]

    found = await asyncio.to_thread(desk.store.read_sync, look)
    assert (await draw_health(found, "USD")).startswith(b"\x89PNG")


async def test_chart_comes_where_it_was_asked_for_once(desk: Desk) -> None:
    cast = await a_flat_client(desk)
    receipt = await desk.say(cast.maria, "health ACME")
    assert receipt.answer is not None and "twelve months" in receipt.answer.text
    await desk.advance(minutes=1)
    (sent,) = [one for one in desk.sent_to(cast.maria) if one.notice.kind == "health_chart"]
    assert sent.notice.subject == "The plan of Acme Ltd"
    assert [(file.filename, file.content_type) for file in sent.files] == [("health-ACME.png", "image/png")]
    await desk.advance(minutes=5)
    assert len(desk.told(cast.maria, "health_chart")) == 1


async def test_months_before_the_first_fee_or_work_are_not_listed(desk: Desk) -> None:
    cast = Cast(desk, plan="flat")
    told = await said(desk, cast.maria, "health ACME")
    assert "2026-11" not in told and "Together 1 client" in told


async def test_plan_without_work_has_no_chart(desk: Desk) -> None:
    cast = Cast(desk)
    await said(desk, cast.maria, "plan start ACME flat fee 450")
    await desk.say(cast.maria, "health ACME")
    await desk.advance(minutes=5)
    assert desk.told(cast.maria, "health_chart") == []
