"""The desk writes far too much by itself: it stops, a manager hears, nothing is lost, and people still get through."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.outbox import Limits
from bot.store import Store
from tests.desk import Desk
from tests.stories.cast import HOURS, Cast


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path, limits=Limits(breaker_per_hour=6, coalesce_seconds=0))


async def test_breaker_opens_once_holds_what_is_automatic_and_lets_it_go_when_the_hour_is_calm(desk: Desk) -> None:
    cast = Cast(desk)
    for number in range(4):
        await desk.say(cast.anna, f"{HOURS} ({number})", opens_new=True, references=())
    await desk.settle()
    assert desk.kinds(cast.maria).count("breaker_opened") == 1
    sent = len(desk.everything_sent())
    receipt = await desk.say(cast.anna, f"{HOURS} (held)", opens_new=True, references=())
    await desk.settle()
    assert (receipt.outcome, len(desk.everything_sent())) == ("opened", sent)
    assert {row.state for row in desk.deliveries(ticket_id=receipt.ticket_id)} == {"held"}

    await desk.do(cast.tom, "claim 1")
    await desk.do(cast.tom, "reply 1 I am on it.")
    assert "replied" in desk.kinds(cast.anna)

    await desk.advance(minutes=61)
    assert desk.kinds(cast.maria).count("breaker_opened") == 1
    assert any(one.ticket_id == receipt.ticket_id and one.notice.kind == "received" for one in desk.sent_to(cast.anna))
