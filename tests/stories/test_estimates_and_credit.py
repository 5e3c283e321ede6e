"""What something would cost before it is asked for, and credit that runs low before it runs out."""

from __future__ import annotations

import pytest

from bot.messages import EMAIL
from bot.orders.about_estimates import read_wanted
from bot.pricelist import load
from bot.store import Store
from tests.desk import CONFIG, Desk, Person, on_day
from tests.stories.cast import HOURS, Cast


async def said(desk: Desk, person: Person, line: str) -> str:
    answer = await desk.do(person, line)
    assert answer.is_ok, answer.text
    return answer.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('website "Standard Pages" x4, "Secure Login"', ("website", [("Standard Pages", 4), ("Secure Login", 1)])),
        ("Standard Pages × 4", ("", [("Standard Pages", 4)])),
        ("helpdesk 3 x new laptop", ("helpdesk", [("new laptop", 3)])),
    ],
)
def test_components_are_read_with_their_counts(text: str, wanted: object) -> None:
    assert read_wanted(text) == wanted


async def test_estimate_shows_hours_as_printed_prices_and_the_balance_after(store: Store, tmp_path: object) -> None:
    desk = Desk(store, tmp_path, prices=load(CONFIG))  # type: ignore[arg-type]
    cast = Cast(desk, contact_on=(EMAIL,))
    desk.a_grant(cast.acme)
    told = (await said(desk, cast.anna, 'estimate website "standard page" x4, "ECommerce 1"')).splitlines()
    # 4 × 1.88 + 3.00 = 10.52 h → 43 quarters at P4 = 86 units of 96: 10 left, 1.25 h.
    assert told == [
        "Standard Pages × 4: 1.88 h each, 7.52 h",
        "ECommerce 1: 3.00 h",
        "Together 10.52 h on average, billed as 43 quarters at P4:",
        "$860.00 per use, $645.00 12-hour credit, $537.50 40-hour credit.",
        "Your credit of 12 h at P4 would be 1.25 h after it.",
        "Averages, and only an estimate.",
    ]
    free = next(one for one in desk.policy.prices.components if one.is_on_request)
    told = (await said(desk, cast.tom, f"estimate {free.name}")).splitlines()
    assert told[0] == f"{free.name}: on request" and "not free" in told[1]
    assert not (await desk.do(cast.tom, "estimate zzzzqqq")).is_ok


async def test_client_is_told_once_at_20_and_once_at_5_per_cent(desk: Desk) -> None:
    cast = Cast(desk)
    desk.a_grant(cast.acme, bought_on=on_day("2026-11-02"))  # 96 units; 20 % are 19.2, 5 % are 4.8
    await desk.say(cast.anna, HOURS)
    await said(desk, cast.tom, "claim 1")
    for spent, told in (("9h", 0), ("45m", 1), ("15m", 1), ("90m", 2), ("15m", 2)):
        await said(desk, cast.tom, f"log 1 {spent} at 2026-11-17 09:00")
        await desk.advance(minutes=3)
        assert len(desk.told(cast.anna, "credit_low")) == told, spent
    assert "0.5 h at P4" in desk.told(cast.anna, "credit_low")[1].body
    # New credit, and it may be told anew.
    await said(desk, cast.maria, "grant ACME 12h")
    await said(desk, cast.tom, "log 1 15m at 2026-11-18 09:00")
    assert desk.client(cast.acme).credit_told == 100
