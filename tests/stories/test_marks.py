"""A mark on an address is seen by a manager, and lifted by one."""

from __future__ import annotations

from tests.desk import Desk
from tests.stories.test_bounces import UNKNOWN, a_claimed_ticket, comes_back, handle


async def test_the_same_bounce_again_changes_nothing(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, UNKNOWN)
    await desk.do(cast.maria, f"handle lift {cast.anna.email}")
    await desk.advance(minutes=1)
    await comes_back(desk, sent, UNKNOWN)
    assert not handle(desk, cast.anna.email).is_dead, "what was lifted is not marked by an old report"
    assert desk.kinds(cast.tom).count("undeliverable") == 1
    assert desk.events(1).count("bounced") == 1 and "bounced again" in desk.events(1)


async def test_manager_sees_the_marks_and_lifts_them(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await comes_back(desk, sent, UNKNOWN)
    assert "anna@acme.example" in (await desk.do(cast.maria, "handle troubles")).text
    assert not (await desk.do(cast.tom, f"handle lift {cast.anna.email}")).is_ok
    assert (await desk.do(cast.maria, f"handle lift {cast.anna.email}")).is_ok
    assert (await desk.do(cast.tom, "reply 1 Good.")).is_ok
    assert "no address" in (await desk.do(cast.maria, "handle troubles")).text.lower()
    assert not (await desk.do(cast.maria, "handle lift nobody@acme.example")).is_ok


async def test_wish_of_a_person_is_not_lifted_by_a_manager(desk: Desk) -> None:
    cast, sent = await a_claimed_ticket(desk)
    await desk.do(cast.anna, "/stop")
    assert handle(desk, cast.anna.email).is_stopped
    assert not (await desk.do(cast.maria, f"handle lift {cast.anna.email}")).is_ok
    await comes_back(desk, sent, UNKNOWN)
    assert (await desk.do(cast.maria, f"handle lift {cast.anna.email}")).is_ok
    told = handle(desk, cast.anna.email)
    assert told.is_stopped and not told.is_dead
    await desk.do(cast.anna, "/start")
    assert not handle(desk, cast.anna.email).is_stopped
