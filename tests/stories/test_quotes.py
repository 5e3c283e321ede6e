"""From an estimate to a quote, a yes, a ticket with a budget, warnings, and what it took against what was estimated."""

from __future__ import annotations

from pathlib import Path

from bot.pricelist import load
from bot.store import Store
from tests.desk import CONFIG, Desk, Person, ny
from tests.stories.cast import Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


async def test_quote_is_accepted_into_a_ticket_whose_budget_is_warned_of(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast = Cast(desk, plan="none")
    told = await said(desk, cast.tom, 'quote ACME website "Standard Pages" x4, "Minor Pages" -- New pages')
    # 4 × 1.88 h + 0.75 h = 8.27 h, 34 quarters of $20.00.
    assert "Together 8.27 h on average, billed as 34 quarters at P4:" in told
    assert "$680.00 per use" in told
    sent = desk.told(cast.anna, "quote_sent")[0]
    assert [action.command for action in sent.actions] == ["accept quote 1", "decline quote 1"]
    assert not (await desk.do(cast.ines, "quote ACME website Minor Pages")).is_ok
    accepted = await said(desk, cast.anna, "accept quote 1 -- go ahead")
    assert accepted == "Quote 1 is accepted: ticket 1 with a budget of 8.5 h."
    assert "accepted before" in (await desk.do(cast.anna, "decline quote 1")).text
    # The lead has the first right to it, and the yes was the agreement.
    assert desk.told(cast.tom, "offered") and desk.told(cast.tom, "quote_answered")
    await said(desk, cast.tom, "claim 1")
    await said(desk, cast.tom, "log 1 6h at 2026-11-17 09:00")
    assert not desk.told(cast.anna, "budget_reached")
    await said(desk, cast.tom, "log 1 1h at 2026-11-17 15:00")  # 7 of 8.5 h: 82 %
    assert "7 h of the 8.5 h" in desk.told(cast.anna, "budget_reached")[0].body
    await said(desk, cast.tom, "log 1 90m at 2026-11-18 08:00")
    await said(desk, cast.tom, "log 1 5m")
    assert [one.body.split(" are used")[0] for one in desk.told(cast.maria, "budget_reached")] == [
        "7 h of the 8.5 h that were quoted for ticket #1",
        "The 8.5 h that were quoted for ticket #1",
    ]
    assert await said(desk, cast.anna, "quotes") == "Quote 1, New pages: accepted, ticket 1: 8.58 h of 8.5 h used"
    await said(desk, cast.tom, "resolve 1 -- done")
    await desk.until(ny("2026-11-19 09:00"))
    digest = desk.told(cast.maria, "digest")[-1].body
    # 8 h 35 min, shared out as 7.52 : 0.75.
    assert "Standard Pages: 7.52 h estimated, 7.80 h taken (+4 %), 1 quote" in digest
    assert "Minor Pages: 0.75 h estimated, 0.78 h taken (+4 %), 1 quote" in digest


async def test_declined_quote_is_told_with_its_words_and_opens_nothing(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast = Cast(desk)
    await said(desk, cast.maria, "quote ACME website Minor Pages")
    assert await said(desk, cast.anna, "decline quote 1 -- too dear") == "Quote 1 is declined."
    assert "too dear" in desk.told(cast.maria, "quote_answered")[0].body
    assert await said(desk, cast.maria, "quotes ACME") == "Quote 1, Minor Pages: declined, 0.75 h"
    assert not (await desk.do(cast.anna, "accept quote 2")).is_ok


async def test_quote_tells_the_client_what_it_would_leave_of_its_credit(store: Store, tmp_path: Path) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))
    cast = Cast(desk)
    await said(desk, cast.maria, "grant ACME 12h gift 8 units -- welcome")
    answer = await said(desk, cast.maria, "quote ACME website Minor Pages")
    assert "Your credit" not in answer
    # 0.75 h are 3 quarters, 6 of 8 units.
    assert "Your credit of 1 h at P4 would be 0.25 h after it." in desk.told(cast.anna, "quote_sent")[0].body
